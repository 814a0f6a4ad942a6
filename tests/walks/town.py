"""The whole program against the strict server: one town with its clock, started and stopped like the real one."""

from __future__ import annotations

import asyncio
import functools
import re
import shutil
import socket
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aiohttp import web

from bot import settings, wiring
from bot.program import Sahut
from storage.database import run
from storage.schema import migrate
from tests.bench.fake_telegram import FakeTelegram
from tests.bench.second_opinion import check_all
from tests.bench.telegram_people import Group, Speaker
from usecases import binding

MONDAY_NINE = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # 09.00 in Bekasi
SECRET = "rahasia-uji_123"


class GivenClock:
    """Starts where the walk says and is moved by it; seconds pass as on the wall."""

    def __init__(self, start: datetime = MONDAY_NINE) -> None:
        self._start, self._began, self._ahead = start, time.monotonic(), timedelta()

    def now(self) -> datetime:
        return self._start + timedelta(seconds=time.monotonic() - self._began) + self._ahead

    def forward(self, **span: float) -> None:
        self._ahead += timedelta(**span)


@functools.cache
def _migrated() -> tempfile.TemporaryDirectory[str]:
    """A database with the newest schema, for copies: how it comes about is proved elsewhere."""
    folder = tempfile.TemporaryDirectory(prefix="sahut-walks-")
    migrate(f"sqlite:///{folder.name}/walk.db")
    return folder


def fresh_database(folder: Path) -> str:
    """The URL of an empty database of its own; one that is there already is found again."""
    file = folder / "walk.db"
    if not file.exists():
        shutil.copy(Path(_migrated().name) / "walk.db", file)
    return f"sqlite:///{file}"


@dataclass
class Town:
    """A running Sahut, the platform, and the clock both live by."""

    server: FakeTelegram
    sahut: Sahut
    clock: GivenClock

    async def passes(self, **span: float) -> None:
        """Time passes and everything due happens."""
        self.clock.forward(**span)
        await self.sahut.beats.look_at_due()
        await self.sahut.settle()

    async def invites(self, agency: str, role: str = "group") -> str:
        """A one-time code, as `sahut invite` makes it."""
        code = f"UJI{len(agency)}{agency[:2]}{role[0]}".upper().ljust(binding.CODE_LENGTH, "7")[: binding.CODE_LENGTH]
        code = "".join(sign if sign in binding.ALPHABET else "7" for sign in code)
        await run(self.sahut.database, lambda unit: binding.invite(unit, agency, role, code))
        return code

    async def connects(self, officer: Speaker, agency: str, role: str = "group") -> None:
        officer.writes(f"/hubungkan {await self.invites(agency, role)}")
        await officer.place.gets("sekarang")

    async def ask(self, work: Any) -> Any:
        """A unit of work on the database, to look at what is stored."""
        return await run(self.sahut.database, work)


@asynccontextmanager
async def town(
    folder: Path, *, webhook: bool = False, database_url: str | None = None, pace: float = 0, **given: Any
) -> AsyncIterator[Town]:
    """A town for one walk. pace 0: nobody counts messages, neither the bot nor the platform."""
    clock = GivenClock()
    async with FakeTelegram(wall=lambda: clock.now().timestamp()) as server:
        server.pace.on = bool(pace)
        door = socket.create_server(("127.0.0.1", 0))
        if webhook:
            given |= {
                "telegram_webhook_url": f"http://127.0.0.1:{door.getsockname()[1]}",
                "telegram_webhook_secret": SECRET,
            }
        made = settings.load(
            None,
            data_dir=folder / "data",
            database_url=database_url or fresh_database(folder),
            telegram_bot_token=server.token,
            telegram_api_url=server.url,
            telegram_pace=pace,
            **given,
        )
        async with running(server, made, clock, door) as sahut:
            yield Town(server, sahut, clock)
        check_all(server.calls)


@asynccontextmanager
async def running(
    server: FakeTelegram, made: settings.Settings, clock: GivenClock, door: socket.socket
) -> AsyncIterator[Sahut]:
    """The program from start to stop, as `sahut run` does it."""
    sahut = wiring.build(made, clock)  # type: ignore[arg-type]
    runner = web.AppRunner(sahut.app, access_log=None, shutdown_timeout=1.0, auto_decompress=False)
    await runner.setup()
    await web.SockSite(runner, door).start()
    await sahut.start()
    assert sahut.telegram is not None
    await asyncio.wait_for(sahut.telegram.ready.wait(), 10)
    if made.telegram_webhook_url:
        await server.until(lambda: server.updates.webhook is not None)
    try:
        yield sahut
    finally:
        await runner.cleanup()
        await sahut.stop()


def transcript(place: Group | Any) -> str:
    """What stands in a chat, for a look at it when a walk fails."""
    lines = []
    for message in place.chat.messages.values():
        who = message["from"]["first_name"]
        what = message.get("text") or message.get("caption") or list(message)[-1]
        lines.append(f"{who}: {what}  {place.buttons(message)}")
    return "\n".join(lines)


async def reports(siti: Any, words: str, *, at: tuple[float, float] | None = None, named: bool = False) -> str:
    """A report from the first sentence to its number, taking the shortest way through the questions."""
    siti.writes(words)
    wanted = ("✅", "Lewati", "Tetap lapor baru", "Sebut nama saya" if named else "Rahasiakan")
    for _ in range(12):
        said = await siti.gets(timeout=30)  # a program may be starting on a busy machine
        words_said = said.get("text", "")
        if found := re.search(r"[A-Z]{3}-\d{2}-\d{6}-\w", words_said):
            return found[0]
        labels = siti.buttons(said)
        if any("Kirim lokasi" in label for label in labels):
            siti.sends_location(*(at or (-6.2935, 106.9568)))
        elif pick := next((label for label in labels if any(want in label for want in wanted)), None):
            siti.presses(said, pick)
    raise AssertionError(f"no number came:\n{transcript(siti)}")


def numbers(place: Any) -> list[str]:
    """Ticket numbers seen in a chat, each once, oldest first."""
    said = "\n".join(str(m.get("text") or m.get("caption") or "") for m in place.screen)
    return list(dict.fromkeys(re.findall(r"[A-Z]{3}-\d{2}-\d{6}-\w", said)))
