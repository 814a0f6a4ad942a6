"""From start to ready after a kill, with 10,000 unsent messages: python -m benchmarks.start [--rounds 5] [--sqlite]."""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import shutil
import signal
import tempfile
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

import sqlalchemy as sa

from benchmarks import contestants as c
from benchmarks import postgres
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


async def sahut(contestant: c.Contestant, scene: c.Scene, api: FastBotApi) -> float:
    """Seconds of the second start; the first one made the database and was killed."""
    first = await c.Running(contestant, scene).start()
    poster = Poster([scene.port], c.HOOK, c.SECRET)
    crowd = Crowd(api, poster, contestant.script)
    await crowd.take(crowd.newcomer(), HELLO)
    await first.stop(signal.SIGKILL)
    poster.close()
    assert fill(contestant.surroundings(scene)["DATABASE_URL"]) >= UNSENT
    second = await c.Running(contestant, scene).start()
    await second.stop(signal.SIGKILL)
    return second.ready_after


async def yardstick(contestant: c.Contestant, scene: c.Scene, api: FastBotApi) -> float:
    running = await c.Running(contestant, scene).start()
    await running.stop(signal.SIGKILL)
    return running.ready_after


async def measure(contestant: c.Contestant, server: postgres.Measured | None) -> float:
    """In a folder, and on PostgreSQL a database, of its own."""
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="sahut-bench-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        url = stack.enter_context(server.server.database()) if server and contestant.needs_postgres else ""
        api = FastBotApi()
        await api.start()
        started = yardstick if contestant is c.PTB else sahut
        seconds = await started(contestant, c.Scene(folder, free_port(), api.port, url), api)
        await api.stop()
    return seconds


async def compare(rounds: int, chosen: tuple[c.Contestant, ...]) -> dict[str, list[float]]:
    seconds: dict[str, list[float]] = {one.name: [] for one in chosen}
    with ExitStack() as stack:
        server = stack.enter_context(postgres.durable()) if any(one.needs_postgres for one in chosen) else None
        for _ in range(rounds):
            for one in chosen:
                seconds[one.name].append(await measure(one, server))
    return seconds


def main() -> None:
    parser = argparse.ArgumentParser(description="From start to ready after a kill, with 10,000 unsent messages.")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--sqlite", action="store_true", help="without PostgreSQL")
    parser.add_argument("--json", type=Path, help="where to write every figure")
    asked = parser.parse_args()
    chosen = (c.PTB, c.SAHUT_SQLITE) if asked.sqlite else (c.PTB, c.SAHUT_SQLITE, c.SAHUT_POSTGRES)
    seconds = asyncio.run(compare(asked.rounds, chosen))
    base = median(seconds["ptb"])
    rows = [[name, f"{median(all_) * 1000:.0f}", f"{median(all_) / base:.2f}"] for name, all_ in seconds.items()]
    print(table(["bot", "start to ready, ms", "÷"], rows))
    if asked.json:
        asked.json.write_text(json.dumps(seconds, indent=1) + "\n")


if __name__ == "__main__":
    main()
