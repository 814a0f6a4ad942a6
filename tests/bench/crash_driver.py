"""Kills the bot again and again while citizens talk to it: python -m tests.bench.crash_driver --rounds 100

Updates that were not acknowledged come again, as from the platform; some come twice anyway. At the end everything
may settle, and then nothing acknowledged may be lost, no ticket double, and `sahut verify` must be content.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import dataclasses
import json
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.bench import crash_checks
from tests.bench.crash_bot import Bot
from tests.bench.crash_checks import Verdict
from tests.bench.crash_citizens import Crowd
from tests.bench.fake_telegram import FakeTelegram
from tests.bench.telegram_world import Json

KILL_WITHIN = 0.4
TAKEN_WITHIN = 10.0
SETTLE_WITHIN = 240.0
QUIET = 8.0  # seconds without any call: whoever still waits, waits for a parked message
MUTANT = ("-m", "tests.bench.mutant_answer_first")


@dataclass(frozen=True, slots=True)
class Plan:
    rounds: int = 100
    citizens: int = 16
    seed: int = 1
    mutant: bool = False
    early: int = 10  # every so many rounds the kill falls into the start itself


async def run(plan: Plan, folder: Path, database_url: str) -> Verdict:
    """All rounds, the settling and the judgement."""
    dice, began = random.Random(plan.seed), time.monotonic()
    async with FakeTelegram() as server:
        server.pace.on = False
        server.updates.duplicate_every = 7
        pushed = _remember_updates(server)
        bot = Bot(folder, server.token, server.url, database_url)
        bot.command = MUTANT if plan.mutant else bot.command
        crowd = Crowd(server, plan.citizens, plan.seed)
        try:
            for number in range(plan.rounds):
                await _round(server, bot, crowd, dice, early=number % plan.early == plan.early - 1)
                if plan.mutant and (lost := crash_checks.lost_keys(server, database_url, pushed)):
                    return _caught(number + 1, lost)
            verdict = await _settled(server, bot, crowd, pushed)
        finally:
            for task in crowd.tasks:
                task.cancel()
            await asyncio.gather(*crowd.tasks, return_exceptions=True)
            if bot.process is not None:
                await bot.end(signal.SIGKILL)
    verdict.rounds, verdict.seconds = plan.rounds, time.monotonic() - began
    return verdict


def _caught(rounds: int, lost: list[str]) -> Verdict:
    """A mutant is caught as soon as one acknowledged update is gone."""
    return Verdict(rounds=rounds, lost=len(lost), faults=[f"acknowledged, but gone after kill {rounds}: {lost[:5]}"])


def _remember_updates(server: FakeTelegram) -> dict[int, Json]:
    """Every update by its id, as it was queued."""
    pushed: dict[int, Json] = {}
    line_up = server.sender.line_up

    def remember(update: Json) -> None:
        pushed[update["update_id"]] = update
        line_up(update)

    server.sender.line_up = remember  # type: ignore[method-assign]
    return pushed


async def _round(server: FakeTelegram, bot: Bot, crowd: Crowd, dice: random.Random, *, early: bool) -> None:
    """One life of the bot: ended while it starts, with an update just acknowledged, or some time after."""
    bot.start()
    crowd.fill_up()
    if early:
        await asyncio.sleep(dice.uniform(0, 1.0))
    else:
        await bot.until_ready()
        crowd.fill_up()
        await _one_is_taken(server)
        await asyncio.sleep(dice.choice((0.0, dice.uniform(0, KILL_WITHIN))))
    await bot.end(signal.SIGKILL)


async def _one_is_taken(server: FakeTelegram) -> None:
    """On a busy machine nothing might have happened yet when the kill comes, and then it proves nothing."""
    before, until = len(server.sender.deliveries), time.monotonic() + TAKEN_WITHIN
    while time.monotonic() < until and not any(200 <= d.status < 300 for d in server.sender.deliveries[before:]):
        await asyncio.sleep(0.002)


async def _settled(server: FakeTelegram, bot: Bot, crowd: Crowd, pushed: dict[int, Json]) -> Verdict:
    """Let the bot run undisturbed until nothing moves any more, then judge."""
    bot.start()
    await bot.until_ready()
    complaints = await _calm(server, bot, crowd)
    ended = await bot.end(signal.SIGTERM)
    code, said = await bot.command_line("verify")
    verdict = crash_checks.judge(server, bot, crowd, pushed)
    verdict.left_behind = len(bot.left_behind())
    bot.sweep()
    verdict.faults += complaints[:5]
    verdict.faults += [f"the bot ended with {ended} after SIGTERM"] if ended else []
    verdict.faults += [f"sahut verify: exit {code}\n{said[-1500:]}"] if code else []
    verdict.faults += [f"{verdict.left_behind} processes outlived the bot"] if verdict.left_behind else []
    return verdict


async def _calm(server: FakeTelegram, bot: Bot, crowd: Crowd) -> list[str]:
    """Wait until everybody has a number, or nothing has moved for a while; complaints when it never calms down."""
    with crash_checks.watched(bot.database_url) as waiting_rows:
        return await _calmed(server, crowd, waiting_rows)


async def _calmed(server: FakeTelegram, crowd: Crowd, waiting_rows: Callable[[], int]) -> list[str]:
    until, quiet_since, seen = time.monotonic() + SETTLE_WITHIN, time.monotonic(), -1
    while time.monotonic() < until:
        waiting = server.updates.pending + waiting_rows()
        if waiting or seen != len(server.calls):
            quiet_since, seen = time.monotonic(), len(server.calls)
        everybody = all(task.done() for task in crowd.tasks)
        if time.monotonic() - quiet_since > (1.0 if everybody else QUIET):
            return crowd.complaints()
        await asyncio.sleep(0.1)
    rows = waiting_rows()
    return [f"not settled: {server.updates.pending} updates and {rows} rows still wait", *crowd.complaints()]


@contextlib.contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """The URL of an empty database: a file in the folder, or one in a PostgreSQL of our own."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'sahut.db'}"
        return
    from tests import pg

    with pg.running() as server, server.database() as url:
        yield url


def main() -> int:
    parser = argparse.ArgumentParser(description="Kill the bot again and again while citizens talk to it.")
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--citizens", type=int, default=16, help="how many talk at the same time")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--mutant", action="store_true", help="answer before the commit; this must be caught")
    parser.add_argument("--json", type=Path, help="where to write the figures")
    asked = parser.parse_args()
    plan = Plan(asked.rounds, asked.citizens, asked.seed, asked.mutant)
    with tempfile.TemporaryDirectory(prefix="sahut-crash-") as name, database(asked.database, Path(name)) as url:
        verdict = asyncio.run(run(plan, Path(name), url))
    print(f"{asked.database}: {verdict.line()}")
    for fault in verdict.faults:
        print(f"FAULT: {fault}")
    if asked.json:
        asked.json.write_text(json.dumps(dataclasses.asdict(verdict), indent=1) + "\n")
    return 1 if verdict.faults else 0


if __name__ == "__main__":
    sys.exit(main())
