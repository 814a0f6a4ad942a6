"""Units of work that share one transaction on PostgreSQL (docs/decisions/0011, 0016)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import psycopg
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from storage.ahead import Ahead, Known
from storage.gathered import Gathered
from storage.unit import Unit
from storage.waiting import Done, Job

_FORGOTTEN = ("26000", "0A000")  # the server knows a statement no more, or the tables are not what they were
LOCK_MS = 250  # a group that waits longer for somebody's lock is run unit by unit instead


class PostgresGroup:
    """A connection on which one group after the other is run."""

    def __init__(self, engine: sa.Engine, now: Callable[[], datetime]) -> None:
        self._engine = engine
        self._now = now
        self._unit: Unit | None = None
        self._ahead: Ahead | None = None  # of a transaction that has begun
        self._known = Known()

    @property
    def connected(self) -> bool:
        return self._unit is not None

    def begin(self, jobs: list[Job]) -> None:
        """Ask what these units are about to take in, so that `run` does not wait for it. raises: psycopg.Error"""
        unit, group = self._connected()
        unit.forget()
        group.begin()
        self._ahead = Ahead(unit)
        self._ahead.ask([arrival for job in jobs for arrival in job.arrivals], self._known, self._now())

    def run(self, jobs: list[Job]) -> list[Done]:
        """All in one transaction, or nothing of it: then `undo`. raises: whatever a unit raises, StartOver"""
        if self._ahead is None:
            self.begin(jobs)
        unit, group = self._connected()
        assert self._ahead is not None
        self._ahead.read(self._known)
        done: list[Done] = []
        for job in jobs:
            unit.begin(self._now())
            done.append((job, job.work(unit), None))
        group.commit()
        self._ahead = None
        return done

    def _connected(self) -> tuple[Unit, Gathered]:
        if self._unit is None:
            connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            connection.begin()  # for SQLAlchemy only: without one it would roll ours back after an error of its own
            self._unit = Unit(connection, "postgresql", shared=True)
            self._unit.run.raw.execute(f"SET lock_timeout = {LOCK_MS}")
        assert self._unit.group is not None
        return self._unit, self._unit.group

    def undo(self, error: BaseException) -> None:
        self._ahead = None
        cause = error.orig if isinstance(error, DBAPIError) else error
        if isinstance(cause, psycopg.Error) and cause.sqlstate in _FORGOTTEN:
            self.let_go()
        elif self._unit is not None and self._unit.group is not None:
            try:
                self._unit.group.roll_back()
            except psycopg.Error:
                self.let_go()

    def let_go(self) -> None:
        """The connection is not used again; it does not go back to the pool with our settings."""
        unit, self._unit = self._unit, None
        if unit is not None:
            unit.connection.invalidate()
            unit.connection.close()
