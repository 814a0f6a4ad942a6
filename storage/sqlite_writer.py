"""SQLite: one writing connection, one group of units at a time; whatever waits shares a durable commit."""

from __future__ import annotations

import asyncio
import logging
import queue
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import datetime
from typing import Any, TypeVar

import sqlalchemy as sa
from msgspec import Struct, field
from sqlalchemy.exc import DBAPIError

from storage import sole
from storage.inbox import Arrival
from storage.unit import Unit
from storage.waiting import After, Job, Work, answer, tell
from usecases.ports import Unavailable
from usecases.trouble import is_storage_trouble, why

log = logging.getLogger("sahut.storage")

GROUP_UNITS = 20  # at most so many units share one durable commit
GROUP_SECONDS = 0.02  # ... and a group is closed after so long, in which the loop neither reads nor sends
LOOP_TURNS = 8  # of the loop between two groups: a message that was sent to us needs several to become a unit
PATIENCE_S = 0.5  # with a stranger who holds the write lock: the loop stands still meanwhile, and 503 brings it again

T = TypeVar("T")


class _Group(Struct):
    """Units of the event loop that share one commit."""

    loop: asyncio.AbstractEventLoop
    answers: list[tuple[Job, Any, BaseException | None]] = field(default_factory=list)
    lost: bool = False  # there is no transaction to commit


class SqliteDatabase:
    """Units of the event loop run in its own thread and are flushed in another (docs/decisions/0002); units of other
    threads, as the commands submit them, run in a writer thread. A lock keeps the groups apart."""

    kind = "sqlite"

    def __init__(self, url: str, now: Callable[[], datetime]) -> None:
        self._sole = sole.take(url)
        self._now = now
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self.engine = sa.create_engine(
            url, isolation_level="AUTOCOMMIT", connect_args={"check_same_thread": False, "timeout": PATIENCE_S}
        )
        sa.event.listen(self.engine, "connect", _sqlite_pragmas)
        try:
            self._connection = self.engine.connect()
            self._connection.begin()  # for SQLAlchemy only: without one it rolls ours back after an error of its own
        except BaseException:
            self._let_go()
            raise
        self._unit = Unit(self._connection, "sqlite")
        self._closed = False
        self._turn = threading.Lock()  # held from BEGIN to the end of COMMIT, by whichever side works
        self._waiting: deque[Job] = deque()  # units of the event loop
        self._working: asyncio.AbstractEventLoop | None = None  # the loop that works through them
        self._commits: queue.SimpleQueue[_Group | None] = queue.SimpleQueue()
        self._threads = [
            threading.Thread(target=self._serve, name="sahut-writer", daemon=True),
            threading.Thread(target=self._flush, name="sahut-commit", daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    def submit(self, work: Work[T]) -> Future[T]:
        future: Future[T] = Future()
        if self._closed:
            future.set_exception(Unavailable("the database is closed"))
            return future
        self._jobs.put(Job(work, future))
        return future

    async def run(self, work: Work[T], arrivals: Sequence[Arrival] = (), after: After | None = None) -> T:
        """Await a unit of work; a cancelled caller does not interrupt its transaction."""
        if self._closed:
            raise Unavailable("the database is closed")
        loop = asyncio.get_running_loop()
        done: asyncio.Future[T] = loop.create_future()
        self._waiting.append(Job(work, done, loop, (), after))
        if self._working is not loop:
            self._working = loop
            loop.call_soon(self._work, loop)
        return await done

    def _work(self, loop: asyncio.AbstractEventLoop) -> None:
        """One group in the event loop's own thread: its units are short, and two threads that compute at the same
        time only wait for each other. The flush to disk happens elsewhere, so the loop never waits for it."""
        if self._closed:  # too late to begin anything
            answer([(job, None, Unavailable("the database is closed")) for job in self._waiting])
            self._waiting.clear()
        if not self._waiting:
            self._working = None
            return
        if not self._turn.acquire(blocking=False):  # a thread's unit is at work: it will not take long
            loop.call_later(0.001, self._work, loop)
            return
        group = _Group(loop)
        raw = self._unit.run.raw
        try:
            raw.execute("BEGIN IMMEDIATE")
        except Exception as error:
            self._turn.release()
            log.error("no transaction could begin", extra={"why": why(error), "units": 1})
            group.answers = [(self._waiting.popleft(), None, _refused(error))]
            self._committed(group)
            return
        before = raw.total_changes
        self._together(group)
        if group.lost:
            self._turn.release()
            self._committed(group)
        elif raw.total_changes == before:  # nothing to keep, nothing to flush
            self._commit(group)
            self._committed(group)
        else:
            self._commits.put(group)

    def _together(self, group: _Group) -> None:
        """Whatever waits, without a mark to go back to around each unit: marks cost a copy of every page that is
        touched. Should one fail, nothing of the group happened, and each is run once more inside a mark of its own."""
        unit = self._unit
        jobs: list[Job] = []
        deadline = time.monotonic() + GROUP_SECONDS
        unit.shared = True
        try:
            while self._waiting and len(jobs) < GROUP_UNITS and (not jobs or time.monotonic() < deadline):
                jobs.append(job := self._waiting.popleft())
                unit.begin(self._now())
                group.answers.append((job, job.work(unit), None))
        except BaseException as error:  # whatever it is belongs to its unit: the next ones must not wait for ever
            log.debug("a group is run unit by unit", extra={"error": type(error).__name__, "units": len(jobs)})
            unit.shared = False
            try:
                unit.run.raw.execute("ROLLBACK")
                unit.run.raw.execute("BEGIN IMMEDIATE")
            except Exception as again:
                self._rollback()  # a full disk ends the transaction by itself: then the first error is the reason
                lost = error if is_storage_trouble(error) else again
                log.error("a group was lost", extra={"why": why(lost), "units": len(jobs)})
                group.answers = [(job, None, _refused(lost)) for job in jobs]
                group.lost = True
            else:
                group.answers = [self._one(job) for job in jobs]
        finally:
            unit.shared = False

    def _flush(self) -> None:
        while (group := self._commits.get()) is not None:
            self._commit(group)
            try:
                group.loop.call_soon_threadsafe(self._committed, group)
            except RuntimeError:  # the loop was closed: nobody waits any more
                log.debug("nobody waits for a finished group")

    def _commit(self, group: _Group) -> None:
        try:
            self._unit.run.raw.execute("COMMIT")
        except Exception as error:
            self._rollback()
            log.error("commit failed", extra={"why": why(error), "units": len(group.answers)})
            group.answers = [(job, None, _refused(error)) for job, _, _ in group.answers]
        finally:
            self._turn.release()

    def _committed(self, group: _Group) -> None:
        """Back in the loop, after the commit: tell everybody. What they do then, sending above all, comes before the
        next group, which may take a while; and so do the messages that wait at our doors, to be part of it."""
        answer(group.answers)
        self._work_after(LOOP_TURNS, group.loop)

    def _work_after(self, turns: int, loop: asyncio.AbstractEventLoop) -> None:
        if turns:
            loop.call_soon(self._work_after, turns - 1, loop)
        else:
            self._work(loop)

    def close(self) -> None:
        """Finish what is queued, fold the write-ahead log into the file and let go."""
        if self._closed:
            return
        self._closed = True
        self._jobs.put(None)
        with self._turn:  # the loop may be inside a group, whose commit comes first
            self._commits.put(None)
        for thread in self._threads:
            thread.join(timeout=10)
        self._connection.close()
        self._let_go()

    def _let_go(self) -> None:
        self.engine.dispose()
        if self._sole is not None:
            self._sole.release()

    def _serve(self) -> None:
        while (job := self._jobs.get()) is not None:
            self._group(job)
        try:
            self._connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        except DBAPIError as error:
            log.warning("checkpoint at closing failed", extra={"why": why(error)})

    def _group(self, first: Job) -> None:
        """One transaction for `first` and whatever waits behind it; nobody is answered before the commit."""
        with self._turn:
            self._group_in_turn(first)

    def _group_in_turn(self, first: Job) -> None:
        run = self._unit.run.raw.execute
        try:
            run("BEGIN IMMEDIATE")
        except Exception as error:
            self._fail([first], error)
            return
        answers: list[tuple[Job, Any, BaseException | None]] = []
        deadline = time.monotonic() + GROUP_SECONDS
        job: Job | None = first
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
            tell(answers)
        if stop:
            self._jobs.put(None)

    def _one(self, job: Job) -> tuple[Job, Any, BaseException | None]:
        """Run one unit inside its own savepoint, so that its failure is its own."""
        run = self._unit.run.raw.execute
        try:
            run("SAVEPOINT unit")
            self._unit.begin(self._now())
            value = job.work(self._unit)
            run("RELEASE unit")
        except BaseException as error:
            try:
                run("ROLLBACK TO unit")
                run("RELEASE unit")
            except sqlite3.Error:  # the whole transaction is gone (disk full): the commit will say so
                log.warning("savepoint lost", extra={"why": why(error)})
            return job, None, error
        return job, value, None

    def _rollback(self) -> None:
        try:
            self._unit.run.raw.execute("ROLLBACK")
        except sqlite3.Error:
            log.debug("nothing to roll back")

    def _fail(self, jobs: list[Job], error: BaseException) -> None:
        self._rollback()
        log.error("commit failed", extra={"why": why(error), "units": len(jobs)})
        tell([(job, None, _refused(error)) for job in jobs])


def _refused(error: BaseException) -> Unavailable:
    unavailable = Unavailable(type(error).__name__)
    unavailable.__cause__ = error
    return unavailable


def _sqlite_pragmas(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN IMMEDIATE ourselves; the driver's own way loses updates
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        f"busy_timeout={PATIENCE_S * 1000:.0f}",
        "foreign_keys=ON",
        "wal_autocheckpoint=2000",
        "cache_size=-16000",
        "temp_store=MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")
