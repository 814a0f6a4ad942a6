"""Units of work awaited from the event loop on SQLite: shared commits, failures of their own, nothing half told."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from storage.sqlite_writer import SqliteDatabase
from storage.unit import Unit
from usecases.ports import Unavailable


@pytest.fixture
def database(on_sqlite: str) -> Iterator[SqliteDatabase]:
    opened = SqliteDatabase(on_sqlite, lambda: datetime(2026, 11, 23, 2, tzinfo=UTC))
    yield opened
    opened.close()


def count_up(unit: Unit) -> int:
    """Reads, then writes what it read plus one: a lost update would show."""
    before = unit.system.cursor("counter")
    unit.system.set_cursor("counter", before + 1)
    return before + 1


def counted(database: SqliteDatabase) -> int:
    return database.submit(lambda unit: unit.system.cursor("counter")).result(10)


def failing(unit: Unit) -> int:
    count_up(unit)
    raise ValueError("a bug of ours")


async def test_units_share_commits_and_lose_nothing(database):
    answers = await asyncio.gather(*(database.run(count_up) for _ in range(100)))
    assert answers == list(range(1, 101))
    assert counted(database) == 100


async def test_a_unit_that_fails_takes_nobody_with_it(database):
    works: list[Callable[[Unit], int]] = [count_up, failing, count_up, failing, count_up]
    answers = await asyncio.gather(*(database.run(work) for work in works), return_exceptions=True)
    assert [type(answer) for answer in answers] == [int, ValueError, int, ValueError, int]
    assert counted(database) == 3


async def test_a_unit_that_fails_is_run_once_more_alone_and_leaves_nothing(database):
    seen: list[bool] = []

    def thinking(unit: Unit) -> int:
        seen.append(unit.shared)
        count_up(unit)
        with contextlib.suppress(ValueError), unit.savepoint():
            count_up(unit)
            raise ValueError("a bug of ours")
        return 7

    assert await asyncio.gather(database.run(count_up), database.run(thinking)) == [1, 7]
    assert seen == [True, False]
    assert counted(database) == 2


async def test_whatever_a_unit_raises_is_its_own_and_the_next_ones_go_on(database):
    class Panic(BaseException):
        pass

    def panicking(unit: Unit) -> int:
        raise Panic

    answers = await asyncio.gather(database.run(count_up), database.run(panicking), return_exceptions=True)
    assert answers[0] == 1
    assert isinstance(answers[1], Panic)
    assert await database.run(count_up) == 2


async def test_the_loop_and_threads_take_turns(database):
    def from_threads() -> None:
        for future in [database.submit(count_up) for _ in range(100)]:
            future.result(10)

    await asyncio.gather(asyncio.to_thread(from_threads), *(database.run(count_up) for _ in range(100)))
    assert counted(database) == 200


class FullDisk:
    """The driver's connection, whose next commit finds no room."""

    def __init__(self, real: Any) -> None:
        self._real = real
        self.full = True

    def execute(self, text: str, *values: Any) -> Any:
        if text == "COMMIT" and self.full:
            self.full = False
            raise sqlite3.OperationalError("database or disk is full")
        return self._real.execute(text, *values)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


async def test_a_commit_that_fails_acknowledges_nobody_and_the_next_one_works(database):
    disk = database._unit.run.raw = FullDisk(database._unit.run.raw)
    answers = await asyncio.gather(*(database.run(count_up) for _ in range(5)), return_exceptions=True)
    assert not disk.full
    refused = [answer for answer in answers if isinstance(answer, Unavailable)]
    assert refused  # on a slow machine the five may share two commits, of which the second one succeeds
    assert counted(database) == len(answers) - len(refused)
    assert await database.run(count_up) == len(answers) - len(refused) + 1


async def test_a_caller_that_goes_away_does_not_interrupt_its_transaction(database):
    gone = asyncio.ensure_future(database.run(count_up))
    await asyncio.sleep(0)
    gone.cancel()
    assert await database.run(count_up) == 2


async def test_what_follows_a_commit_happens_though_the_caller_went_away(database):
    followed: list[int] = []
    gone = asyncio.ensure_future(database.run(count_up, (), followed.append))
    await asyncio.sleep(0)
    gone.cancel()
    assert await database.run(count_up, (), followed.append) == 2
    assert followed == [1, 2]


async def test_nothing_follows_what_was_not_committed_and_a_bug_in_it_is_its_own(database, caplog):
    followed: list[int] = []

    def clumsy(value: int) -> None:
        followed.append(value)
        raise ValueError("a bug of ours")

    units = [database.run(failing, (), followed.append), database.run(count_up, (), clumsy), database.run(count_up)]
    answers = await asyncio.gather(*units, return_exceptions=True)
    assert [type(answer) for answer in answers] == [ValueError, int, int]
    assert followed == [1]
    assert "what follows a commit failed" in caplog.text


async def test_a_closed_database_says_so(on_sqlite):
    database = SqliteDatabase(on_sqlite, lambda: datetime(2026, 11, 23, 2, tzinfo=UTC))
    waiting = asyncio.ensure_future(database.run(count_up))
    await asyncio.sleep(0)  # asked for, not begun
    database.close()
    with pytest.raises(Unavailable):
        await waiting
    with pytest.raises(Unavailable):
        await database.run(count_up)


def test_a_second_loop_is_served_like_the_first(database):
    """The first one may end between two groups."""
    assert [asyncio.run(database.run(count_up)) for _ in range(3)] == [1, 2, 3]


async def test_a_stranger_s_lock_holds_up_the_loop_only_shortly(database, on_sqlite):
    """Another program that writes the file is a mistake, but pages and the sender must not stand still with it."""
    stranger = sqlite3.connect(on_sqlite.removeprefix("sqlite:///"), isolation_level=None)
    stranger.execute("BEGIN IMMEDIATE")
    loop = asyncio.get_running_loop()
    began = loop.time()
    with pytest.raises(Unavailable):
        await database.run(count_up)
    assert loop.time() - began < 2
    stranger.execute("ROLLBACK")
    stranger.close()
    assert await database.run(count_up) == 1
