"""A Telegram token that is refused, from the start or later: what ends, what goes on, and what the log says."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot import settings, wiring
from bot.channels.telegram import WrongToken
from bot.program import Sahut
from storage.database import run
from tests.bench.fake_telegram import FakeTelegram
from tests.usecases.fixtures import on_postgres  # noqa: F401
from tests.walks.town import GivenClock, fresh_database, town

WHATSAPP = {
    "whatsapp_phone_number_id": "100200300",
    "whatsapp_token": "EAAuji-token-palsu",
    "whatsapp_app_secret": "rahasia-aplikasi-uji",
    "whatsapp_verify_token": "kata-uji",
    "whatsapp_api_url": "http://127.0.0.1:9",
}


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr("bot.program.TOKEN_AGAIN_S", 0.05)
    caplog.set_level(logging.CRITICAL, "sahut")


@asynccontextmanager
async def with_a_wrong_token(folder: Path, url: str = "", **given: Any) -> AsyncIterator[tuple[FakeTelegram, Sahut]]:
    async with FakeTelegram() as server:
        wrong = {"telegram_bot_token": "7000000001:AAsalah", "telegram_api_url": server.url}
        stored = {"data_dir": folder / "data", "database_url": url or fresh_database(folder)}
        sahut = wiring.build(settings.load(None, **stored, **wrong, **given), GivenClock())  # type: ignore[arg-type]
        try:
            yield server, sahut
        finally:
            await sahut.stop()


async def test_from_the_start_it_ends_a_program_without_another_channel(tmp_path: Path):
    async with with_a_wrong_token(tmp_path) as (_, sahut):
        await sahut.start()
        done, _ = await asyncio.wait(sahut.tasks, timeout=10, return_when=asyncio.FIRST_COMPLETED)
        assert [type(task.exception()) for task in done] == [WrongToken]


async def test_from_the_start_it_stops_nothing_where_whatsapp_is_served(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    async with with_a_wrong_token(tmp_path, **WHATSAPP) as (server, sahut):
        await sahut.start()
        await server.until(lambda: len(caplog.records) >= 2, 5)
        assert not any(task.done() for task in sahut.tasks)
        assert await wiring.can_commit(sahut.database)
        said = caplog.records[0]
    assert said.levelno == logging.CRITICAL
    assert all(words in said.getMessage() for words in ("TELEGRAM_BOT_TOKEN", ".env", "restart"))
    assert "AAsalah" not in caplog.text


async def test_a_worker_that_takes_over_later_stays(
    tmp_path: Path,
    on_postgres: str,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
):
    """It has served the web chat for as long as the other one asked for updates."""
    monkeypatch.setattr("bot.workers.BEAT_S", 0.1)
    async with with_a_wrong_token(tmp_path, on_postgres) as (server, sahut):
        await run(sahut.database, lambda unit: unit.system.take_lease("poll:telegram", "another", 30))
        await sahut.start()
        await asyncio.sleep(0.2)
        await run(sahut.database, lambda unit: unit.system.drop_leases("another"))
        await server.until(lambda: len(caplog.records) >= 2, 5)
        assert not any(task.done() for task in sahut.tasks)


async def test_a_token_that_is_revoked_later_takes_only_telegram_away_and_only_until_it_works(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("bot.sender.PAUSE_S", 0.05)
    async with town(tmp_path) as made:
        made.server.token_revoked = True
        made.server.user(5001, "Siti").writes("halo")  # ends the question for updates that is under way
        await made.server.until(lambda: "TELEGRAM_BOT_TOKEN" in caplog.text)
        assert not any(task.done() for task in made.sahut.tasks)
        made.server.token_revoked = False
        made.clock.forward(minutes=2)
        budi = made.server.user(5002, "Budi")
        budi.writes("halo")
        await budi.gets(timeout=10)
