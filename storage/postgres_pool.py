"""PostgreSQL: units that wait share a transaction on one connection; one that fails there has one of its own."""

from __future__ import annotations

import asyncio
import logging
import queue
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import datetime
from typing import Any, TypeVar

import psycopg
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from storage import encoding
from storage.inbox import Arrival
from storage.postgres_group import PostgresGroup
from storage.unit import StartOver, Unit
from storage.waiting import After, Done, Job, Work, tell
from usecases.ports import Unavailable
from usecases.trouble import is_storage_trouble, why

log = logging.getLogger("sahut.storage")

ATTEMPTS = 5  # tries of a unit that lost a race or its connection
CONNECTIONS = 2  # the groups', and one for units that are run alone
GROUP_UNITS = 24  # at most so many units share one transaction
STATEMENTS = 400  # prepared ones kept per connection

T = TypeVar("T")


class PostgresDatabase:
    """Units wait for one thread that runs what is there in one transaction (docs/decisions/0011). If anything in it
    fails, nothing of it happened, and each unit is run alone."""

    kind = "postgresql"

    def __init__(self, url: str, now: Callable[[], datetime]) -> None:
        self._now = now
        self.engine = sa.create_engine(
            url, pool_size=CONNECTIONS, max_overflow=0, pool_timeout=5, connect_args=_settings()
        )
        sa.event.listen(self.engine, "connect", _keep_statements)
        encoding.watch(self.engine)
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._closed = False
        self._thread = threading.Thread(target=self._serve, name="sahut-groups", daemon=True)
        self._thread.start()

    def submit(self, work: Work[T]) -> Future[T]:
        future: Future[T] = Future()
        if self._closed:
            future.set_exception(Unavailable("the database is closed"))
        else:
            self._jobs.put(Job(work, future))
        return future

    async def run(self, work: Work[T], arrivals: Sequence[Arrival] = (), after: After | None = None) -> T:
        """Await a unit of work; a cancelled caller does not interrupt its transaction."""
        if self._closed:
            raise Unavailable("the database is closed")
        loop = asyncio.get_running_loop()
        done: asyncio.Future[T] = loop.create_future()
        self._jobs.put(Job(work, done, loop, arrivals, after))
        return await done

    def close(self) -> None:
        if not self._closed:
            self._closed = True
            self._jobs.put(None)
            self._thread.join(timeout=10)
            self.engine.dispose()

    # ── units that share a transaction ──
    def _serve(self) -> None:
        group, jobs = PostgresGroup(self.engine, self._now), self._take(self._jobs.get())
        while jobs:
            try:
                done = group.run(jobs)
            except (Exception, StartOver) as error:
                log.info("a group is run unit by unit", extra={"why": why(error), "units": len(jobs)})
                group.undo(error)
                done = self._one_by_one(jobs)
            jobs = self._waiting()
            if jobs and group.connected:  # the server looks for their chats while the answers of the last ones leave
                self._begin(group, jobs)
            tell(done)
            jobs = jobs or self._take(self._jobs.get())
        group.let_go()

    def _begin(self, group: PostgresGroup, jobs: list[Job]) -> None:
        try:
            group.begin(jobs)
        except Exception as error:
            group.undo(error)  # `run` begins anew, and meets what still is wrong

    def _take(self, first: Job | None) -> list[Job]:
        """With those that wait behind it; none: the end."""
        jobs: list[Job] = []
        while first is not None:
            jobs.append(first)
            if len(jobs) == GROUP_UNITS:
                return jobs
            try:
                first = self._jobs.get_nowait()
            except queue.Empty:
                return jobs
        if jobs:
            self._jobs.put(None)  # the end comes after these
        return jobs

    def _waiting(self) -> list[Job]:
        try:
            first = self._jobs.get_nowait()
        except queue.Empty:
            return []
        if first is None:
            self._jobs.put(None)  # the end is for whoever waits for it
        return self._take(first)

    def _one_by_one(self, jobs: list[Job]) -> list[Done]:
        done: list[Done] = []
        away: BaseException | None = None  # the database itself: no need to find that out for every unit
        for job in jobs:
            if away is not None:
                done.append((job, None, away))
                continue
            try:
                done.append((job, self._run(job.work), None))
            except Exception as error:
                done.append((job, None, error))
                if isinstance(error, Unavailable) and _away(error.__cause__):
                    away = error
        return done

    # ── a transaction of one's own ──
    def _run(self, work: Work[T]) -> T:
        """The whole unit again after a lost race or connection: unique keys make that harmless."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with self.engine.begin() as connection:
                    unit = Unit(connection, "postgresql")
                    unit.begin(self._now())
                    return work(unit)
            except (DBAPIError, psycopg.Error, OSError) as error:
                if not _worth_repeating(error) or attempt == ATTEMPTS:
                    log.error("unit failed", extra={"why": why(error), "attempt": attempt})
                    if not isinstance(error, OSError) and not is_storage_trouble(error):
                        raise  # what was given cannot be kept, today or tomorrow
                    raise Unavailable(type(error).__name__) from error
                time.sleep(0.02 * attempt**2)
            except sa.exc.TimeoutError as error:  # no free connection
                raise Unavailable("no free connection") from error
        raise AssertionError("unreachable")


def _settings() -> dict[str, Any]:
    return {
        "connect_timeout": 5,
        # a server that vanished without a word must not hold up the groups for minutes
        "tcp_user_timeout": 10_000,
        "keepalives_idle": 10,
        "keepalives_interval": 3,
        "keepalives_count": 3,
        "options": "-c statement_timeout=5000 -c lock_timeout=2000"
        " -c idle_in_transaction_session_timeout=10000 -c timezone=UTC",
    }


def _keep_statements(connection: Any, _record: Any) -> None:
    connection.prepared_max = STATEMENTS


# serialization failure, deadlock, lock timeout, a key that another worker had first (the next try finds its row),
# connection trouble, starting up or shutting down
_RACES = {"40001", "40P01", "55P03", "23505", "57P01", "57P02", "57P03", "08000", "08003", "08006", "08001", "08004"}


def _worth_repeating(error: BaseException) -> bool:
    if isinstance(error, DBAPIError):
        return error.connection_invalidated or _worth_repeating(error.orig or OSError())
    if isinstance(error, psycopg.Error):
        if error.sqlstate is not None:
            return error.sqlstate in _RACES
        return isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)
    return isinstance(error, OSError)


def _away(error: BaseException | None) -> bool:
    """Whether nobody can reach the database at present, rather than this unit having lost a race."""
    if isinstance(error, DBAPIError):
        return error.connection_invalidated or _away(error.orig)
    if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
        return error.sqlstate is None or error.sqlstate[:2] in ("08", "57")
    return isinstance(error, OSError | sa.exc.TimeoutError)
