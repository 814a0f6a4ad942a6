"""A running fake platform and three ways to talk to it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
import telegram

from tests.bench.fake_telegram import TOKEN, FakeTelegram

if TYPE_CHECKING:  # loading it takes five seconds, which not every worker has to spend
    import aiogram


@pytest.fixture(autouse=True)
def _pauses_are_timedeltas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


@pytest.fixture
async def server() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as running:
        yield running


@pytest.fixture
async def bot(server: FakeTelegram) -> AsyncIterator[telegram.Bot]:
    files = f"{server.url}/file/bot"
    async with telegram.Bot(TOKEN, base_url=f"{server.url}/bot", base_file_url=files) as client:
        yield client


@pytest.fixture
async def other(server: FakeTelegram) -> AsyncIterator[aiogram.Bot]:
    import aiogram
    from aiogram.client.session.aiohttp import AiohttpSession
    from aiogram.client.telegram import TelegramAPIServer

    api = TelegramAPIServer.from_base(server.url)
    async with aiogram.Bot(TOKEN, session=AiohttpSession(api=api)) as client:
        yield client


@pytest.fixture
async def raw(server: FakeTelegram) -> AsyncIterator[Any]:
    async with aiohttp.ClientSession() as session:

        async def call(method: str, token: str = TOKEN, **params: Any) -> tuple[int, dict[str, Any]]:
            async with session.post(f"{server.url}/bot{token}/{method}", json=params) as answer:
                return answer.status, await answer.json()

        yield call
