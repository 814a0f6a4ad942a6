"""PostgreSQL: a small pool of threads, each unit in a transaction of its own on a pooled connection."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from typing import TypeVar

import psycopg
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from storage.unit import Unit
from usecases.ports import Unavailable

log = logging.getLogger("sahut.storage")

ATTEMPTS = 5  # tries of a unit that lost a race or its connection
POOL = 8

T = TypeVar("T")
Work = Callable[[Unit], T]


class PostgresDatabase:
    """A small pool of threads, each unit in a transaction of its own on a pooled connection."""

    kind = "postgresql"

    def __init__(self, url: str, now: Callable[[], datetime]) -> None:
        self._now = now
        self.engine = sa.create_engine(
            url,
            pool_size=POOL,
            max_overflow=0,
            pool_timeout=5,
            connect_args={
                "connect_timeout": 5,
                "options": "-c statement_timeout=5000 -c lock_timeout=2000"
                " -c idle_in_transaction_session_timeout=10000 -c timezone=UTC",
            },
        )
        self._pool = ThreadPoolExecutor(POOL, thread_name_prefix="sahut-db")

    def submit(self, work: Work[T]) -> Future[T]:
        try:
            return self._pool.submit(self._run, work)
        except RuntimeError as error:  # shut down
            future: Future[T] = Future()
            future.set_exception(Unavailable(str(error)))
            return future

    async def run(self, work: Work[T]) -> T:
        """Await a unit of work; a cancelled caller does not interrupt its transaction."""
        return await asyncio.shield(asyncio.wrap_future(self.submit(work)))

    def close(self) -> None:
        self._pool.shutdown(wait=True)
        self.engine.dispose()

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
                    log.error("unit failed", extra={"error": type(error).__name__, "attempt": attempt})
                    raise Unavailable(type(error).__name__) from error
                time.sleep(0.02 * attempt**2)
            except sa.exc.TimeoutError as error:  # no free connection
                raise Unavailable("no free connection") from error
        raise AssertionError("unreachable")


# serialization failure, deadlock, lock timeout, connection trouble, starting up or shutting down
_RACES = {"40001", "40P01", "55P03", "57P01", "57P02", "57P03", "08000", "08003", "08006", "08001", "08004"}


def _worth_repeating(error: BaseException) -> bool:
    if isinstance(error, DBAPIError):
        return error.connection_invalidated or _worth_repeating(error.orig or OSError())
    if isinstance(error, psycopg.Error):
        if error.sqlstate is not None:
            return error.sqlstate in _RACES
        return isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)
    return isinstance(error, OSError)
