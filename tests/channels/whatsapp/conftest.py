"""A number on the strict server, its door on a port of its own, and an intake that remembers what it was given."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import web

from bot.channels.whatsapp import Config, WhatsApp
from conversations.inbound import Inbound
from tests.bench.fake_whatsapp import NUMBER, SECRET, VERIFY, FakeWhatsApp
from usecases.ports import AccountEvent, Outgoing, Receipt, Report, Unavailable

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
WORDS = {"choose": "Silakan pilih:", "more": "Pilihan lainnya:", "open": "Lihat pilihan", "number": "Atau angka:"}


@dataclass
class RecordingIntake:
    """Stores like the real one (a repeat is not fresh) and can be told to fail or to dawdle."""

    events: list[Inbound] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)
    account: list[AccountEvent] = field(default_factory=list)
    quarantined: list[tuple[bytes, str]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    failures: int = 0  # how many of the next calls find storage unavailable
    poison: str = ""  # words that a bug of ours cannot digest
    reports_fail: int = 0
    gate: asyncio.Event | None = None
    reports_gate: asyncio.Event | None = None
    _keys: set[str] = field(default_factory=set)

    async def take(self, events: Sequence[Inbound], *, cursor: tuple[str, int] | None = None) -> list[Receipt]:
        if self.gate is not None:
            await self.gate.wait()
        if self.failures:
            self.failures -= 1
            raise Unavailable
        if self.poison and any(event.text == self.poison for event in events):
            raise LookupError("a bug")
        self.calls.append(f"take {len(events)}")
        receipts = []
        for event in events:
            fresh = event.key not in self._keys
            self._keys.add(event.key)
            if fresh:
                self.events.append(event)
            receipts.append(Receipt(event.key, fresh))
        return receipts

    async def report(self, reports: Sequence[Report], events: Sequence[AccountEvent] = ()) -> None:
        if self.reports_gate is not None:
            await self.reports_gate.wait()
        if self.reports_fail:
            self.reports_fail -= 1
            raise Unavailable
        self.calls.append(f"report {len(reports)}")
        self.reports += reports
        self.account += events

    async def quarantine(self, channel: str, body: bytes, reason: str) -> None:
        assert channel == "whatsapp"
        if self.failures:
            self.failures -= 1
            raise Unavailable
        self.quarantined.append((body, reason))

    async def cursor(self, channel: str) -> int:
        return 0


class Ticks:
    """A clock that stands still until it is told otherwise."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def intake() -> RecordingIntake:
    return RecordingIntake()


@pytest.fixture
def ticks() -> Ticks:
    return Ticks()


@pytest.fixture
async def server(ticks: Ticks) -> AsyncIterator[FakeWhatsApp]:
    async with FakeWhatsApp(wall=lambda: NOW.timestamp() + ticks.now - 1000) as fake:
        fake.statuses = []
        yield fake


@pytest.fixture
async def channel(server: FakeWhatsApp, intake: RecordingIntake, ticks: Ticks) -> AsyncIterator[WhatsApp]:
    made = WhatsApp(config(server), intake, now=lambda: NOW, ticks=ticks)
    yield made
    await made.close()


@pytest.fixture
async def door(channel: WhatsApp, server: FakeWhatsApp) -> AsyncIterator[str]:
    """The address of the channel's webhook."""
    app = web.Application()
    app.add_routes(channel.routes())
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1, auto_decompress=False)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.hook = f"http://127.0.0.1:{runner.addresses[0][1]}/whatsapp/webhook"
    yield server.hook
    await runner.cleanup()


def config(server: FakeWhatsApp, **given: Any) -> Config:
    usual: dict[str, Any] = {
        "phone_number_id": NUMBER,
        "token": server.token,
        "app_secret": SECRET,
        "verify_token": VERIFY,
        "words": lambda name, locale: WORDS[name],
        "api_url": server.url,
    }
    return Config(**(usual | given))


_numbers = iter(range(1, 10**9))
Say = Callable[..., Outgoing]


def a_message(text: str = "Halo", peer: str = "6281200001111", **given: Any) -> Outgoing:
    return Outgoing(given.pop("id", next(_numbers)), "whatsapp", peer, text, **given)
