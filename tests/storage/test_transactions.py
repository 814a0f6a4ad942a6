"""F10, F14, group commit: no update is lost, a failing unit harms no other, a failing commit answers nobody."""

import os
import shutil
import sqlite3
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from storage import sqlite_writer
from storage.database import run
from storage.unit import Unit
from tests.usecases.town import Town, last_step
from usecases.ports import Unavailable

COUNT = sa.text("select next_no from number_seq where scope = 'test'")


def add_one(unit: Unit) -> None:
    """Read, then write: the shape in which updates get lost."""
    seen = unit.connection.scalar(COUNT)
    unit.connection.execute(sa.text("update number_seq set next_no = :n where scope = 'test'"), {"n": (seen or 0) + 1})


def start_at_zero(unit: Unit) -> None:
    unit.connection.execute(sa.text("insert into number_seq (scope, next_no) values ('test', 0)"))


async def test_no_update_is_lost_on_sqlite(on_sqlite: str, towns: Callable[..., Town]):
    import asyncio

    town = towns(on_sqlite)
    town.do(start_at_zero)

    async def forty() -> None:
        for _ in range(40):
            await run(town.database, add_one)

    await asyncio.gather(*(forty() for _ in range(8)))
    assert town.do(lambda unit: unit.connection.scalar(COUNT)) == 320


async def test_no_ticket_number_is_given_twice_by_two_workers(workers: tuple[Town, Town]):
    import asyncio

    async def some(town: Town) -> list[int]:
        return [await run(town.database, lambda unit: unit.tickets.next_number("BKS:2026")) for _ in range(20)]

    parts = await asyncio.gather(*(some(town) for town in workers * 3))
    assert sorted(number for part in parts for number in part) == list(range(1, 121))


async def test_a_cancelled_caller_does_not_tear_its_transaction(town: Town):
    import asyncio

    began, goes_on = threading.Event(), threading.Event()

    def slow(unit: Unit) -> None:
        start_at_zero(unit)
        if town.database.kind == "sqlite":  # it runs in the loop's own thread, which waits for nobody
            task.cancel()
        began.set()
        if town.database.kind == "postgresql":
            goes_on.wait(10)
        add_one(unit)

    task = asyncio.create_task(run(town.database, slow))
    await asyncio.to_thread(began.wait, 10)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    goes_on.set()
    for _ in range(200):
        if await run(town.database, lambda unit: unit.connection.scalar(COUNT)) == 1:
            return
        await asyncio.sleep(0.02)
    raise AssertionError("the transaction of the cancelled caller is gone")


# -- group commit -------------------------------------------------------------------------------------


def held(town: Town) -> tuple[threading.Event, Any]:
    """Keep the writer busy, so that what is submitted now shares the next commit."""
    began, goes_on = threading.Event(), threading.Event()

    def wait_here(_: Unit) -> None:
        began.set()
        goes_on.wait(10)

    future = town.database.submit(wait_here)
    assert began.wait(10)
    return goes_on, future


def named(name: str) -> Callable[[Unit], str]:
    def work(unit: Unit) -> str:
        unit.connection.execute(sa.text("insert into number_seq (scope, next_no) values (:s, 1)"), {"s": name})
        return name

    return work


def failing(name: str, error: Exception) -> Callable[[Unit], None]:
    def work(unit: Unit) -> None:
        named(name)(unit)
        raise error

    return work


def scopes(town: Town) -> set[str]:
    return {row[0] for row in town.rows("select scope from number_seq")}


@pytest.fixture
def one_group(on_sqlite: str, towns: Callable[..., Town], monkeypatch: pytest.MonkeyPatch) -> Town:
    """A town where whatever waits shares one commit, however slow this machine is just now."""
    monkeypatch.setattr(sqlite_writer, "GROUP_SECONDS", 30.0)
    return towns(on_sqlite)


def test_a_failing_unit_harms_nobody_else_in_its_group(one_group: Town):
    town = one_group
    goes_on, _ = held(town)
    fine = [town.database.submit(named("a")), town.database.submit(named("b"))]
    wrong = town.database.submit(failing("x", ValueError("ours")))
    twice = town.database.submit(named("a"))
    fine.append(town.database.submit(named("c")))
    goes_on.set()
    assert [future.result(10) for future in fine] == ["a", "b", "c"]
    with pytest.raises(ValueError, match="ours"):
        wrong.result(10)
    with pytest.raises(sa.exc.IntegrityError):
        twice.result(10)
    assert scopes(town) == {"a", "b", "c"}


def test_a_failing_commit_answers_nobody_and_keeps_nothing(one_group: Town):
    """A deferred foreign key makes the commit itself fail, as a full disk would."""
    town = one_group
    town.execute("create table child (ref integer references person(id) deferrable initially deferred)")
    goes_on, holder = held(town)
    inside = [town.database.submit(named("a"))]
    inside.append(
        town.database.submit(lambda unit: str(unit.connection.execute(sa.text("insert into child values (999)"))))
    )
    inside.append(town.database.submit(named("b")))
    goes_on.set()
    for future in [holder, *inside]:
        with pytest.raises(Unavailable):
            future.result(10)
    assert scopes(town) == set()
    assert town.do(named("afterwards")) == "afterwards"


def test_a_failing_unit_leaves_nothing(town: Town):
    with pytest.raises(ValueError, match="ours"):
        town.do(failing("x", ValueError("ours")))
    with pytest.raises(sa.exc.IntegrityError):
        town.do(lambda unit: [named("a")(unit), named("a")(unit)])
    assert scopes(town) == set()


def test_a_locked_database_is_not_a_lost_one(on_sqlite: str, towns: Callable[..., Town]):
    town = towns(on_sqlite)
    town.do(lambda unit: unit.run.raw.execute("PRAGMA busy_timeout=50") and None)
    stranger = sqlite3.connect(on_sqlite.removeprefix("sqlite:///"), isolation_level=None)
    stranger.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable):
        town.take(town.message("1001", "halo"))
    stranger.execute("ROLLBACK")
    stranger.close()
    assert town.value("select count(*) from inbox_event") == 0
    assert town.take(town.message("1001", "halo"))[0].fresh


def test_after_the_end_nothing_is_accepted(town: Town):
    town.close()
    with pytest.raises(Unavailable):
        town.do(named("late"))


# -- trouble of the database is not an error of ours ---------------------------------------------------


def test_storage_trouble_while_thinking_acknowledges_nothing(town: Town, monkeypatch: pytest.MonkeyPatch):
    from usecases import citizen

    def broken(*_: object, **__: object) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    press = last_step(town, "1001")
    before = town.value("select count(*) from inbox_event")
    with monkeypatch.context() as patch:
        patch.setattr(citizen, "advance", broken)
        with pytest.raises((Unavailable, sqlite3.OperationalError)):
            town.take(press)
    assert town.value("select count(*) from inbox_event") == before, "the platform must send it again"
    assert town.take(press)[0].fresh
    assert town.value("select count(*) from ticket") == 1


def test_what_cannot_be_kept_is_not_the_database_s_trouble(town: Town):
    """It would be refused today and tomorrow: "come again" would hold up all that come behind it."""

    def nameless(unit: Unit) -> None:
        unit.connection.execute(sa.text("insert into number_seq (scope, next_no) values (null, 1)"))

    with pytest.raises(sa.exc.IntegrityError):
        town.do(nameless)
    assert town.do(named("afterwards")) == "afterwards"


# -- a full disk ---------------------------------------------------------------------------------------


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 3 MB."""
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("NOT PROVEN HERE: a full disk needs root to mount a small tmpfs")
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(disk)], capture_output=True)
    if mounted.returncode:
        pytest.skip(f"NOT PROVEN HERE: no tmpfs may be mounted ({mounted.stderr.decode().strip()})")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


def test_a_full_disk_takes_nothing_loses_nothing_and_heals(
    small_disk: Path, sqlite_template: Path, towns: Callable[..., Town]
):
    shutil.copy(sqlite_template, small_disk / "sahut.db")
    town = towns(f"sqlite:///{small_disk / 'sahut.db'}")
    ballast = small_disk / "ballast"
    taken = []
    with pytest.raises(Unavailable):  # noqa: PT012 (it fails when the disk is full, whenever that is)
        for number in range(400):
            if number == 20:
                ballast.write_bytes(b"x" * 1_500_000)
            event = town.message("1001", "lampu mati " * 100)
            town.take(event)
            taken.append(event.key)
    assert len(taken) > 20
    with pytest.raises(Unavailable):
        town.do(lambda unit: [unit.inbox.quarantine("telegram", b"x" * 200_000, "full") for _ in range(20)])
    keys = {row[0] for row in town.rows("select natural_key from inbox_event")}
    assert keys >= set(taken), "acknowledged and lost"
    ballast.unlink()
    late = town.message("1001", "halo lagi")
    assert town.take(late)[0].fresh
    town.close()
    with sqlite3.connect(small_disk / "sahut.db") as check:
        assert check.execute("pragma integrity_check").fetchone() == ("ok",)
        found = {row[0] for row in check.execute("select natural_key from inbox_event")}
    check.close()
    assert found >= {*taken, late.key}
