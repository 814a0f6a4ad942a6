"""The program itself: started as a process, killed, started again, stopped politely, given a wrong token."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.bench import fake_whatsapp as meta
from tests.bench.fake_telegram import FakeTelegram
from tests.bench.second_opinion import check_all
from tests.halls import with_kept_city
from tests.walks.town import numbers, reports, transcript

ROOT = Path(__file__).parents[2]
HOLE = "Jalan berlubang besar di depan SDN 3 Jatiasih, banyak motor jatuh"


class Program:
    """`python -m bot run` against a server, with an empty folder of its own."""

    def __init__(self, server: FakeTelegram, folder: Path, **settings: str) -> None:
        self.folder = folder
        self.environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "DATA_DIR": str(with_kept_city(folder / "data")),
            "PORT": "0",
            "TELEGRAM_BOT_TOKEN": server.token,
            "TELEGRAM_API_URL": server.url,
            "TELEGRAM_PACE": "0",
            "LOG_LEVEL": "DEBUG",
        } | settings
        self.process: asyncio.subprocess.Process | None = None
        self.said: list[str] = []
        self._readers: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        self.process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "run"),
            cwd=self.folder,
            env=self.environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        streams = (self.process.stdout, self.process.stderr)
        self._readers = [asyncio.ensure_future(self._listen(stream)) for stream in streams if stream is not None]

    async def _listen(self, stream: asyncio.StreamReader) -> None:
        while line := await stream.readline():
            self.said.append(line.decode())

    async def ends(self, by: signal.Signals | None = None) -> int:
        assert self.process is not None
        if by is not None and self.process.returncode is None:
            self.process.send_signal(by)
        code = await asyncio.wait_for(self.process.wait(), 45)  # it may still be starting, on a busy machine
        await asyncio.gather(*self._readers)
        return code


@asynccontextmanager
async def program(server: FakeTelegram, folder: Path, **settings: str) -> AsyncIterator[Program]:
    made = Program(server, folder, **settings)
    await made.start()
    try:
        yield made
    finally:
        with contextlib.suppress(ProcessLookupError):
            await made.ends(signal.SIGKILL)


@pytest.fixture
async def server() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as fake:
        fake.pace.on = False
        yield fake
        check_all(fake.calls)


@pytest.mark.slow
async def test_a_report_survives_kills_between_its_answers(server: FakeTelegram, tmp_path: Path):
    """SIGKILL after each answer: nothing told is asked again, one ticket comes out, no line holds a secret."""
    siti = server.user(5001, "Siti Rahma")
    said: list[str] = []

    async def with_program(act) -> None:  # type: ignore[no-untyped-def]
        async with program(server, tmp_path) as running:
            before = len(siti.screen)
            act()
            await server.until(lambda: len(siti.screen) > before, 20, f"silence\n{transcript(siti)}{running.said[-5:]}")
            await asyncio.sleep(0.2)
            said.extend(running.said)

    await with_program(lambda: siti.writes(HOLE))
    await with_program(lambda: siti.sends_location(-6.2935, 106.9568))
    for label in ("✅", "Lewati", "Rahasiakan", "Kirim laporan"):
        await with_program(lambda label=label: siti.presses(siti.last, label))  # type: ignore[misc]
    assert len(numbers(siti)) == 1, transcript(siti)
    lines = "".join(said)
    assert lines
    for secret in (server.token, server.token.split(":")[1], "berlubang", "Siti"):
        assert secret not in lines
    logged = [json.loads(line) for line in said if line.startswith("{")]
    assert logged


@pytest.mark.slow
async def test_sigterm_ends_in_order(server: FakeTelegram, tmp_path: Path):
    siti = server.user(5001, "Siti")
    async with program(server, tmp_path) as running:
        await reports(siti, HOLE)
        assert await running.ends(signal.SIGTERM) == 0, running.said[-5:]


@pytest.mark.slow
async def test_a_wrong_token_ends_with_a_sentence(server: FakeTelegram, tmp_path: Path):
    async with program(server, tmp_path, TELEGRAM_BOT_TOKEN="7000000001:AAsalah") as running:
        assert await running.ends() != 0
        told = [line for line in running.said if line.startswith("sahut:")]
        assert any("TELEGRAM_BOT_TOKEN" in line for line in told), running.said[-8:]
        assert "AAsalah" not in "".join(running.said)


@pytest.mark.slow
async def test_a_program_without_telegram_in_reach_serves_and_waits(server: FakeTelegram, tmp_path: Path):
    server.faults.on("getMe", times=2).answers(502)
    siti = server.user(5001, "Siti")
    siti.writes("halo")
    async with program(server, tmp_path):
        await siti.gets(timeout=30)


@pytest.mark.slow
async def test_every_setting_of_the_whatsapp_document_at_once(server: FakeTelegram, tmp_path: Path):
    """Without Telegram, with the account's id: the program stays, answers, and tells nobody's number to the log."""
    async with meta.FakeWhatsApp() as platform:
        given = {
            "TELEGRAM_BOT_TOKEN": "",
            "WHATSAPP_PHONE_NUMBER_ID": meta.NUMBER,
            "WHATSAPP_TOKEN": platform.token,
            "WHATSAPP_APP_SECRET": meta.SECRET,
            "WHATSAPP_VERIFY_TOKEN": meta.VERIFY,
            "WHATSAPP_BUSINESS_ID": meta.BUSINESS,
            "WHATSAPP_API_URL": platform.url,
        }
        async with program(server, tmp_path, **given) as running:
            await server.until(lambda: "templates that may not be sent" in "".join(running.said), 20, "no look at Meta")
            found = re.search(r"http://127\.0\.0\.1:\d+", "".join(running.said))
            assert found, running.said
            platform.hook = f"{found[0]}/whatsapp/webhook"
            siti = platform.person()
            siti.writes("halo")
            await siti.gets("Halo", timeout=30)
            assert await running.ends(signal.SIGTERM) == 0
            said = "".join(running.said)
            assert not [
                word for word in (siti.phone, siti.name, platform.token, meta.SECRET, meta.VERIFY) if word in said
            ]
