"""Guided steps through the webhook, side by side: python -m benchmarks.steps [--rounds 3] [--json FILE]

Each round starts every contestant anew, in turn, on the same machine: trust the ratios, not the seconds.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import importlib.metadata
import json
import os
import platform
import shutil
import socket
import sqlite3
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import contestants as c
from benchmarks import postgres
from benchmarks.fast_bot_api import FastBotApi
from benchmarks.load import Broken, Crowd
from benchmarks.proc import cpu_seconds, memory_mb
from benchmarks.report import comparison
from benchmarks.wire import Poster

REST_S = 3.0  # after the start: what a bot loads late is there by then
SLOW_API = 0.05
Figures = dict[str, float]


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how hard."""

    rounds: int = 3
    seconds: float = 6.0
    chats: int = 32
    pace: float = 60.0


async def measure(contestant: c.Contestant, plan: Plan, server: postgres.Measured | None) -> Figures:
    """All figures of one contestant in one round."""
    folder = Path(tempfile.mkdtemp(prefix="sahut-bench-"))
    api = FastBotApi()
    await api.start()
    async with contextlib.AsyncExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        stack.push_async_callback(api.stop)
        database = server if contestant.needs_postgres else None
        url = stack.enter_context(database.server.database()) if database else ""
        workers: list[c.Running] = []
        for _ in range(contestant.workers):
            workers.append(await c.Running(contestant, c.Scene(folder, free_port(), api.port, url)).start())
            stack.push_async_callback(workers[-1].stop)
        try:
            return await _figures(workers, api, plan, database.pid if database else None)
        except* Broken as broken:
            raise RuntimeError(f"{contestant.name}: {broken.exceptions[0]}\n{workers[0].log()[-1500:]}") from None


async def _figures(workers: list[c.Running], api: FastBotApi, plan: Plan, database: int | None) -> Figures:
    """CPU is of all workers together, the start and the memory of the first."""
    running = workers[0]
    poster = Poster([one.scene.port for one in workers], c.HOOK, c.SECRET)
    crowd = Crowd(api, poster, running.contestant.script)
    bot = [one.process.pid for one in workers]
    everything = [*bot, *([database] if database else [])]
    await asyncio.sleep(REST_S)
    figures: Figures = {"start_ms": running.ready_after * 1000, "rest_mb": memory_mb(bot[0])}
    await crowd.busy(8, min(2.0, plan.seconds))  # warm up
    await asyncio.sleep(0.3)
    before, calls = (cpu_seconds(bot), cpu_seconds(everything)), api.calls
    steps, took = await crowd.busy(plan.chats, plan.seconds)
    await asyncio.sleep(0.3)  # what the last steps still cause belongs to them
    after, done = (cpu_seconds(bot), cpu_seconds(everything)), crowd.tally.steps
    figures |= {
        "steps_per_s": steps / took,
        "cpu_bot_ms": (after[0] - before[0]) / done * 1000,
        "cpu_ms": (after[1] - before[1]) / done * 1000,
        "cpu_per_report_ms": (after[1] - before[1]) / max(1, crowd.tally.dialogues) * 1000,
        "reports_per_s": crowd.tally.in_time / took,
        "calls_per_step": (api.calls - calls) / done,
    }
    paced = sorted((await crowd.paced(plan.pace, plan.seconds)).latencies)
    figures |= {f"p{p}_ms": paced[min(len(paced) - 1, len(paced) * p // 100)] * 1000 for p in (50, 95, 99)}
    figures["late"] = crowd.tally.late
    api.delay = SLOW_API
    await asyncio.sleep(0.2)
    steps, took = await crowd.busy(plan.chats, plan.seconds)
    figures["slow_steps_per_s"] = steps / took
    figures["busy_mb"] = memory_mb(bot[0])
    poster.close()
    return figures


async def compare(chosen: list[c.Contestant], plan: Plan) -> dict[str, list[Figures]]:
    results: dict[str, list[Figures]] = {one.name: [] for one in chosen}
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(postgres.durable()) if any(one.needs_postgres for one in chosen) else None
        for number in range(plan.rounds):
            turn = number % len(chosen)
            for one in chosen[turn:] + chosen[:turn]:
                results[one.name].append(await measure(one, plan, server))
                print(f"round {number + 1}: {one.name} {results[one.name][-1]['steps_per_s']:.0f} steps/s", flush=True)
    return results


def medians(rounds: list[Figures]) -> Figures:
    return {name: median(one[name] for one in rounds) for name in rounds[0]}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def quick_loop() -> asyncio.AbstractEventLoop:
    """The driver shares the machine with what it measures: it takes the cheaper loop where there is one."""
    try:
        import uvloop
    except ImportError:
        return asyncio.new_event_loop()
    return uvloop.new_event_loop()


def machine() -> dict[str, Any]:
    libraries = ("python-telegram-bot", "aiogram", "aiohttp", "rapidfuzz", "SQLAlchemy", "sniffio")
    return {
        "cores": os.cpu_count(), "python": platform.python_version(), "sqlite": sqlite3.sqlite_version,
        "system": f"{platform.system()} {platform.machine()}", "load_before": os.getloadavg()[0],
        "libraries": {name: importlib.metadata.version(name) for name in libraries},
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description="Guided steps through the webhook, side by side.")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=6.0, help="length of each of the three loads")
    parser.add_argument("--only", nargs="*", default=[], help=f"of: {', '.join(one.name for one in c.ALL)}")
    parser.add_argument("--json", type=Path, help="where to write every figure")
    asked = parser.parse_args()
    chosen = [one for one in c.ALL if not asked.only or one.name in asked.only]
    plan, facts = Plan(rounds=asked.rounds, seconds=asked.seconds), machine()
    with asyncio.Runner(loop_factory=quick_loop) as runner:
        results = runner.run(compare(chosen, plan))
    summary = {name: medians(rounds) for name, rounds in results.items()}
    print(comparison(summary, {one.name: one.state for one in chosen}, c.PTB.name))
    if asked.json:
        record = {"machine": facts, "medians": summary, "rounds": results}
        asked.json.write_text(json.dumps(record, indent=1) + "\n")


if __name__ == "__main__":
    main()
