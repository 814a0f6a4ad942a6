"""From start to ready after a kill, with 10,000 unsent messages: python -m benchmarks.start [--rounds 5]."""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import shutil
import signal
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

import sqlalchemy as sa

from benchmarks import contestants as c
from benchmarks.fast_bot_api import FastBotApi
from benchmarks.load import Crowd
from benchmarks.report import table
from benchmarks.scripts import step
from benchmarks.steps import free_port
from benchmarks.wire import Poster
from storage import tables as t

UNSENT = 10_000
HELLO = step("start", lambda p: p.writes("/start"), re.escape(""))


def fill(url: str) -> int:
    """Queue the messages in the database of a killed bot, all due; returns how many now wait."""
    now = datetime.now(UTC)
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        chat = connection.scalar(sa.select(sa.func.min(t.conversation.c.id)))
        body = connection.scalar(sa.select(t.outbox_message.c.body_json).limit(1))
        row = {"conversation_id": chat, "body_json": body, "created_at": now, "next_at": now - timedelta(seconds=1)}
        rows = [row | {"dedupe_key": f"bench:{n}"} for n in range(UNSENT)]
        connection.execute(sa.insert(t.outbox_message), rows)
        waiting = connection.scalar(sa.select(sa.func.count()).where(t.outbox_message.c.state == "queued"))
    engine.dispose()
    return int(waiting or 0)


async def sahut(folder: Path) -> float:
    """Seconds of the second start; the first one made the database and was killed."""
    api = FastBotApi()
    await api.start()
    scene = c.Scene(folder, free_port(), api.port)
    first = await c.Running(c.SAHUT_SQLITE, scene).start()
    poster = Poster([scene.port], c.HOOK, c.SECRET)
    crowd = Crowd(api, poster, c.SAHUT_SQLITE.script)
    await crowd.take(crowd.newcomer(), HELLO)
    await first.stop(signal.SIGKILL)
    poster.close()
    assert fill(c.on_sqlite(scene)["DATABASE_URL"]) >= UNSENT
    second = await c.Running(c.SAHUT_SQLITE, scene).start()
    await second.stop(signal.SIGKILL)
    await api.stop()
    return second.ready_after


async def yardstick(folder: Path) -> float:
    api = FastBotApi()
    await api.start()
    running = await c.Running(c.PTB, c.Scene(folder, free_port(), api.port)).start()
    await running.stop(signal.SIGKILL)
    await api.stop()
    return running.ready_after


async def compare(rounds: int) -> dict[str, list[float]]:
    seconds: dict[str, list[float]] = {"ptb": [], "sahut-sqlite": []}
    for _ in range(rounds):
        for name, measure in (("ptb", yardstick), ("sahut-sqlite", sahut)):
            folder = Path(tempfile.mkdtemp(prefix="sahut-bench-"))
            try:
                seconds[name].append(await measure(folder))
            finally:
                shutil.rmtree(folder, ignore_errors=True)
    return seconds


def main() -> None:
    parser = argparse.ArgumentParser(description="From start to ready after a kill, with 10,000 unsent messages.")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path, help="where to write every figure")
    asked = parser.parse_args()
    seconds = asyncio.run(compare(asked.rounds))
    base = median(seconds["ptb"])
    rows = [[name, f"{median(all_) * 1000:.0f}", f"{median(all_) / base:.2f}"] for name, all_ in seconds.items()]
    print(table(["bot", "start to ready, ms", "÷"], rows))
    if asked.json:
        asked.json.write_text(json.dumps(seconds, indent=1) + "\n")


if __name__ == "__main__":
    main()
