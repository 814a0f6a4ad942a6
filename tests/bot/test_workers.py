"""Workers on one database must share the key and the data folder: one that does not is told so and does not start."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot import settings, wiring
from bot.program import Sahut
from bot.workers import LEASE_S, POLL_LEASE, NotAlike, Owner, Workers
from tests.halls import with_kept_city
from tests.usecases.fixtures import leased, on_postgres, towns, workers  # noqa: F401
from tests.usecases.town import Town
from tests.walks.town import GivenClock
from usecases.ports import Unavailable

KEY, OTHER = b"k" * 40, b"o" * 40


@pytest.fixture
def worker(workers: tuple[Town, Town]) -> Callable[..., Workers]:  # noqa: F811
    """One more process on a database of several."""
    return lambda key=KEY, folder="one": Workers(workers[0].database, Owner.of(key, folder))


async def test_who_shares_key_and_folder_comes_in_and_is_counted(worker: Callable[..., Workers]):
    first, second = worker(), worker()
    await first.join()
    await second.join()
    await first.beat()
    assert (first.count, second.count) == (2, 2)


@pytest.mark.parametrize(
    ("other", "remedy"), [({"key": OTHER}, "SECRET_KEY"), ({"folder": "two"}, "pictures in another folder")]
)
async def test_who_does_not_is_told_and_leaves_nothing_behind(
    worker: Callable[..., Workers], other: dict[str, str], remedy: str
):
    first, second = worker(), worker(**other)
    await first.join()
    with pytest.raises(NotAlike, match=remedy):
        await second.join()
    await first.beat()
    assert first.count == 1


async def test_who_has_gone_is_no_hindrance(worker: Callable[..., Workers], workers: tuple[Town, Town]):  # noqa: F811
    left, killed = worker(), worker()
    await left.join()
    await left.leave()
    await worker(OTHER).join()
    workers[0].clock.forward(seconds=LEASE_S + 1)
    await killed.join()
    assert killed.count == 1


async def test_two_that_came_at_the_same_moment_say_so_as_long_as_both_live(
    worker: Callable[..., Workers], caplog: pytest.LogCaptureFixture
):
    await worker().beat()
    caplog.set_level(logging.CRITICAL, "sahut")
    await worker(OTHER).beat()
    assert "another key" in caplog.text
    assert KEY.decode() not in caplog.text


async def test_a_worker_of_a_version_that_did_not_say_is_let_be(
    worker: Callable[..., Workers],
    workers: tuple[Town, Town],  # noqa: F811
):
    workers[0].do(lambda unit: unit.system.worker_alive("8f14e45fceea167a5a36dedd4bea2543", LEASE_S))
    new = worker()
    await new.join()
    assert new.count == 2


async def test_a_program_with_a_folder_of_its_own_does_not_start(on_postgres: str, tmp_path: Path):  # noqa: F811
    def program(folder: str) -> Sahut:
        given = {"data_dir": with_kept_city(tmp_path / folder), "database_url": on_postgres, "secret_key": "g" * 40}
        token = {"telegram_bot_token": "7000000001:AAsalah", "telegram_api_url": "http://127.0.0.1:9"}
        return wiring.build(settings.load(None, **given, **token), GivenClock())  # type: ignore[arg-type]

    first, second = program("one"), program("two")
    try:
        await first.start()
        with pytest.raises(NotAlike, match="DATA_DIR"):
            await second.start()
        assert not second.tasks, "nothing was begun"
    finally:
        await first.stop()
        await second.stop()


class Shaky:
    """A database that can be away for a while."""

    def __init__(self, database: Any) -> None:
        self._database, self.kind, self.down = database, database.kind, False

    async def run(self, work: Callable[[Any], Any]) -> Any:
        if self.down:
            raise Unavailable("away")
        return await self._database.run(work)


@pytest.mark.parametrize(
    ("what", "said"), [("away", "the database is away: Unavailable"), ("taken", "another worker asks")]
)
async def test_who_stops_asking_for_updates_says_why(
    what: str,
    said: str,
    workers: tuple[Town, Town],  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
):
    monkeypatch.setattr("bot.workers.BEAT_S", 0.01)
    caplog.set_level(logging.WARNING, "sahut.workers")
    database = Shaky(workers[0].database)
    rounds: list[None] = []

    async def serve() -> None:
        rounds.append(None)
        await asyncio.Event().wait()

    async with asyncio.timeout(20):
        asking = asyncio.create_task(Workers(database, Owner.of(KEY, "one")).alone(serve))  # type: ignore[arg-type]
        await until(lambda: len(rounds) == 1)
        database.down = what == "away"
        taken = what == "away"
        while not taken:  # its own beat may have come first
            workers[0].clock.forward(seconds=LEASE_S + 1)
            taken = await database.run(lambda unit: unit.system.take_lease(POLL_LEASE, "the other", LEASE_S))
        await until(lambda: bool(caplog.messages))
        database.down = False
        workers[0].clock.forward(seconds=LEASE_S + 1)
        await until(lambda: len(rounds) == 2)
    asking.cancel()
    assert [vars(record)["why"] for record in caplog.records] == [said]


async def until(so: Callable[[], bool]) -> None:
    while not so():
        await asyncio.sleep(0.005)
