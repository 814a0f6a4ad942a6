"""The database's door: one writer with group commit on SQLite, a pool of connections on PostgreSQL.

A unit of work is a plain synchronous function that gets a `Unit`. It must not wait, send or fetch. When
`run` returns, its transaction is committed; when it raises, nothing of it is there.
"""

from __future__ import annotations

import asyncio
import logging
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from storage.unit import Unit
from usecases.ports import Unavailable

log = logging.getLogger("sahut.storage")

GROUP_UNITS = 20  # at most so many units share one durable commit
GROUP_SECONDS = 0.005  # ... and a group is closed after so long
ATTEMPTS = 5  # PostgreSQL: tries of a unit that lost a race or its connection
POOL = 12

Now = Callable[[], datetime]


T = TypeVar("T")
Work = Callable[[Unit], T]


@dataclass(slots=True)
class _Job:
    work: Work[Any]
    done: Future[Any]


class SqliteDatabase:
    """One thread owns the one writing connection; whatever waits shares a commit (docs/decisions/0002)."""

    kind = "sqlite"

    def __init__(self, url: str, now: Now) -> None:
        self._now = now
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self.engine = sa.create_engine(
            url, isolation_level="AUTOCOMMIT", connect_args={"check_same_thread": False, "timeout": 10.0}
        )
        sa.event.listen(self.engine, "connect", _sqlite_pragmas)
        self._connection = self.engine.connect()
        self._unit = Unit(self._connection, "sqlite")
        self._thread = threading.Thread(target=self._serve, name="sahut-writer", daemon=True)
        self._thread.start()
        self._closed = False

    def submit(self, work: Work[T]) -> Future[T]:
        future: Future[T] = Future()
        if self._closed:
            future.set_exception(Unavailable("the database is closed"))
            return future
        self._jobs.put(_Job(work, future))
        return future

    def close(self) -> None:
        """Finish what is queued, fold the write-ahead log into the file and let go."""
        if self._closed:
            return
        self._closed = True
        self._jobs.put(None)
        self._thread.join(timeout=10)
        self._connection.close()
        self.engine.dispose()

    def _serve(self) -> None:
        while (job := self._jobs.get()) is not None:
            self._group(job)
        try:
            self._connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        except DBAPIError:
            log.warning("checkpoint at closing failed")

    def _group(self, first: _Job) -> None:
        """One transaction for `first` and whatever waits behind it; nobody is answered before the commit."""
        run = self._connection.exec_driver_sql
        try:
            run("BEGIN IMMEDIATE")
        except Exception as error:
            self._fail([first], error)
            return
        answers: list[tuple[_Job, Any, BaseException | None]] = []
        deadline = time.monotonic() + GROUP_SECONDS
        job: _Job | None = first
        stop = False
        while job is not None:
            answers.append(self._one(job))
            job = None
            if len(answers) < GROUP_UNITS and time.monotonic() < deadline:
                try:
                    job = self._jobs.get_nowait()
                    stop = job is None
                except queue.Empty:
                    pass
        try:
            run("COMMIT")
        except Exception as error:
            self._rollback()
            self._fail([job for job, _, _ in answers], error)
        else:
            for answered, value, failed in answers:
                _answer(answered.done, value, failed)
        if stop:
            self._jobs.put(None)

    def _one(self, job: _Job) -> tuple[_Job, Any, BaseException | None]:
        """Run one unit inside its own savepoint, so that its failure is its own."""
        run = self._connection.exec_driver_sql
        try:
            run("SAVEPOINT unit")
            self._unit.begin(self._now())
            value = job.work(self._unit)
            run("RELEASE unit")
        except BaseException as error:
            try:
                run("ROLLBACK TO unit")
                run("RELEASE unit")
            except DBAPIError:  # the whole transaction is gone (disk full): the commit will say so
                log.warning("savepoint lost")
            return job, None, error
        return job, value, None

    def _rollback(self) -> None:
        try:
            self._connection.exec_driver_sql("ROLLBACK")
        except DBAPIError:
            log.debug("nothing to roll back")

    def _fail(self, jobs: list[_Job], error: BaseException) -> None:
        self._rollback()
        log.error("commit failed", extra={"error": type(error).__name__, "units": len(jobs)})
        for job in jobs:
            _answer(job.done, None, Unavailable(str(error)))


def _answer(future: Future[Any], value: Any, error: BaseException | None) -> None:
    if error is None:
        future.set_result(value)
    elif isinstance(error, DBAPIError):
        unavailable = Unavailable(type(error).__name__)
        unavailable.__cause__ = error
        future.set_exception(unavailable)
    else:
        future.set_exception(error)


def _sqlite_pragmas(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN IMMEDIATE ourselves; the driver's own way loses updates
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "busy_timeout=10000",
        "foreign_keys=ON",
        "wal_autocheckpoint=2000",
        "cache_size=-16000",
        "temp_store=MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")


class PostgresDatabase:
    """A small pool of threads, each unit in a transaction of its own on a pooled connection."""

    kind = "postgresql"

    def __init__(self, url: str, now: Now) -> None:
        self._now = now
        self.engine = sa.create_engine(
            url,
            pool_size=POOL,
            max_overflow=0,
            pool_pre_ping=True,
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
            except (DBAPIError, OSError) as error:
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
        state = getattr(error.orig, "sqlstate", None)
        if state is not None:
            return state in _RACES
        return error.connection_invalidated or isinstance(error, OperationalError | InterfaceError)
    return isinstance(error, OSError)


AnyDatabase = SqliteDatabase | PostgresDatabase


def open_database(url: str, now: Now) -> AnyDatabase:
    """The database behind a SQLAlchemy URL (sqlite:// or postgresql+psycopg://)."""
    if url.startswith("sqlite"):
        return SqliteDatabase(url, now)
    return PostgresDatabase(url, now)


async def run(database: AnyDatabase, work: Work[T]) -> T:
    """Await a unit of work from the event loop; a cancelled caller does not interrupt the transaction."""
    return await asyncio.shield(asyncio.wrap_future(database.submit(work)))
