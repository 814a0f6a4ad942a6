"""A bot on the strict server, and an intake that remembers what it was given."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.channels.telegram import Config, Telegram
from conversations.inbound import Inbound
from tests.bench.fake_telegram import FakeTelegram
from tests.bench.second_opinion import check_all
from usecases.ports import Outgoing, Receipt, Unavailable

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)


@dataclass
class RecordingIntake:
    """Stores like the real one (a repeat is not fresh) and can be told to fail or to dawdle."""

    events: list[Inbound] = field(default_factory=list)
    cursors: list[int] = field(default_factory=list)
    quarantined: list[tuple[bytes, str]] = field(default_factory=list)
    failures: int = 0  # how many of the next calls find storage unavailable
    gate: asyncio.Event | None = None
    poison: str = ""  # words that a bug of ours cannot digest
    toast: str = ""
    alert: bool = False
    stored_cursor: int = 0
    _keys: set[str] = field(default_factory=set)

    async def take(self, events: Sequence[Inbound], *, cursor: tuple[str, int] | None = None) -> list[Receipt]:
        """As the port promises: what is begun ends, also when the caller is cancelled."""
        return await asyncio.shield(asyncio.ensure_future(self._take(events, cursor)))

    async def _take(self, events: Sequence[Inbound], cursor: tuple[str, int] | None) -> list[Receipt]:
        if self.gate is not None:
            await self.gate.wait()
        if self.failures:
            self.failures -= 1
            raise Unavailable
        if self.poison and any(event.text == self.poison for event in events):
            raise LookupError("a bug")
        receipts = []
        for event in events:
            fresh = event.key not in self._keys
            self._keys.add(event.key)
            if fresh:
                self.events.append(event)
            receipts.append(Receipt(event.key, fresh, self.toast, self.alert))
        if cursor is not None:
            channel, offset = cursor
            assert channel == "telegram"
            self.cursors.append(offset)
            self.stored_cursor = offset
        return receipts

    async def quarantine(self, channel: str, body: bytes, reason: str) -> None:
        assert channel == "telegram"
        if self.failures:
            self.failures -= 1
            raise Unavailable
        self.quarantined.append((body, reason))

    async def cursor(self, channel: str) -> int:
        return self.stored_cursor


@dataclass
class Sleeps:
    """Sleeping without waiting: remembers how long somebody wanted to sleep."""

    asked: list[float] = field(default_factory=list)

    async def __call__(self, seconds: float) -> None:
        self.asked.append(seconds)
        await asyncio.sleep(0)


class Ticks:
    """A clock that stands still until it is told otherwise."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
async def server() -> AsyncIterator[FakeTelegram]:
    """The strict server; whatever the bot called is read by a second library at the end."""
    async with FakeTelegram() as fake:
        fake.pace.on = False
        yield fake
        check_all(fake.calls)


@pytest.fixture
def intake() -> RecordingIntake:
    return RecordingIntake()


@pytest.fixture
def ticks() -> Ticks:
    return Ticks()


@pytest.fixture
def sleeps() -> Sleeps:
    return Sleeps()


@pytest.fixture
async def channel(
    server: FakeTelegram, intake: RecordingIntake, ticks: Ticks, sleeps: Sleeps
) -> AsyncIterator[Telegram]:
    made = Telegram(config(server), intake, now=lambda: NOW, ticks=ticks, sleep=sleeps)
    yield made
    await made.close()


def config(server: FakeTelegram, **given: Any) -> Config:
    return Config(**({"token": server.token, "api_url": server.url, "poll_wait_s": 0} | given))


_numbers = iter(range(1, 10**9))


def a_message(peer: str | int = 5001, text: str = "Halo", **given: Any) -> Outgoing:
    peer = str(peer)
    given.setdefault("group", peer.startswith("-"))
    return Outgoing(given.pop("id", next(_numbers)), "telegram", peer, text, **given)
