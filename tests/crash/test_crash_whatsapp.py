"""Kill -9 while citizens write on WhatsApp: nothing acknowledged is lost, nothing is said twice that was reported."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import socket
import sqlite3
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.bench.fake_whatsapp import NUMBER, SECRET, VERIFY, FakeWhatsApp, signed
from tests.channels.whatsapp.bodies import body, contact, message, said
from tests.halls import with_kept_city

pytestmark = [pytest.mark.crash, pytest.mark.slow]

ROOT = Path(__file__).parents[2]
KILLS = 2


async def started(folder: Path, server: FakeWhatsApp, port: int) -> asyncio.subprocess.Process:
    """The real program as its own process, ready to serve."""
    given = {
        "DATA_DIR": str(with_kept_city(folder)),
        "PORT": str(port),
        "WHATSAPP_PHONE_NUMBER_ID": NUMBER,
        "WHATSAPP_TOKEN": server.token,
        "WHATSAPP_APP_SECRET": SECRET,
        "WHATSAPP_VERIFY_TOKEN": VERIFY,
        "WHATSAPP_API_URL": server.url,
        "WHATSAPP_PACE": "1000",
        "WHATSAPP_BURST": "40",
    }
    quiet = asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", cwd=ROOT, env={**os.environ, **given}, stdout=quiet, stderr=quiet
    )
    async with aiohttp.ClientSession() as session:
        for _ in range(600):
            assert process.returncode is None, "it ended by itself"
            try:
                async with session.get(f"http://127.0.0.1:{port}/ready") as got:
                    if got.status == 200:
                        return process
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.05)
    raise AssertionError("it does not come up")


@pytest.mark.timeout(240)
@pytest.mark.filterwarnings("ignore::ResourceWarning")
async def test_kills_lose_nothing_and_say_nothing_twice(tmp_path: Path):
    dice, acknowledged = random.Random(7), set()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    async with FakeWhatsApp() as server:
        server.hook = f"http://127.0.0.1:{port}/whatsapp/webhook"
        for n in range(40):
            server.person(f"62812000{n:05d}", f"Warga {n}").wrote_at = server.wall()

        async def writes(number: int) -> None:
            """Meta's way: the same body again until it is acknowledged."""
            who = f"62812000{number % 40:05d}"
            wire = message(id=f"wamid.in{number}", **{"from": who}, timestamp=str(int(server.wall())))
            raw = json.dumps(body(said(wire, contacts=[contact(who)]))).encode()
            while True:
                try:
                    if await server.once(raw, signature=signed(raw)) == 200:
                        acknowledged.add(f"m:wamid.in{number}")
                        return
                except aiohttp.ClientError:
                    pass
                await asyncio.sleep(0.1)

        writers: list[asyncio.Task[Any]] = []
        for kill in range(KILLS):
            process = await started(tmp_path, server, port)
            writers += [asyncio.create_task(writes(kill * 30 + n)) for n in range(30)]
            await asyncio.sleep(dice.uniform(0.02, 0.4))
            process.send_signal(signal.SIGKILL)
            await process.wait()
        process = await started(tmp_path, server, port)
        await asyncio.wait_for(asyncio.gather(*writers), 60)
        await server.settled()
        process.terminate()
        await process.wait()
    copies = Counter(sent.payload["biz_opaque_callback_data"] for sent in server.sent)
    database = sqlite3.connect(tmp_path / "sahut.db")
    events = Counter(row[0] for row in database.execute("select natural_key from inbox_event"))
    lost = database.execute("select id from outbox_message where state in ('dead', 'failed')").fetchall()
    reported = database.execute("select count(*) from outbox_message where reach = 'delivered'").fetchone()[0]
    database.close()
    assert len(acknowledged) == KILLS * 30
    assert acknowledged <= set(events)
    assert set(events.values()) == {1}
    assert not lost
    assert reported > 0
    assert set(copies.values()) == {1}, "the report came, so nobody reads a sentence twice"
