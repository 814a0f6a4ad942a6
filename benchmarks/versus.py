"""Two states of the program side by side: python -m benchmarks.versus ../another-checkout [--contestant sahut-postgres]

Both run all the time and are loaded by turns, so that what else the machine does meets them alike: a change of a few
per cent is seen that runs one after the other would hide. The first state is the one this is started from, and it runs
a second time as the last: what those two differ by is no difference of the programs.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, pstdev

from benchmarks import contestants as c
from benchmarks import postgres
from benchmarks.fast_bot_api import FastBotApi
from benchmarks.load import Crowd
from benchmarks.proc import cpu_seconds
from benchmarks.steps import REST_S, SLOW_API, free_port, quick_loop
from benchmarks.wire import Poster

CHATS, PACE = 32, 60.0
SETTLES_S = 0.2
FIGURES = ("steps/s", "CPU ms", "p50 ms at 60/s", "steps/s, 50 ms API")


@dataclass(slots=True)
class State:
    """One of the programs that run, with everything measured of it."""

    root: Path
    running: c.Running
    crowd: Crowd
    pids: list[int]
    seen: dict[str, list[float]] = field(default_factory=lambda: {name: [] for name in FIGURES})

    async def turn(self, seconds: float) -> None:
        """One of each load."""
        api = self.crowd.api
        before = cpu_seconds(self.pids)
        steps, took = await self.crowd.busy(CHATS, seconds)
        await asyncio.sleep(SETTLES_S)
        self.seen["steps/s"].append(steps / took)
        self.seen["CPU ms"].append((cpu_seconds(self.pids) - before) / self.crowd.tally.steps * 1000)
        self.seen["p50 ms at 60/s"].append(median((await self.crowd.paced(PACE, seconds)).latencies) * 1000)
        api.delay = SLOW_API
        await asyncio.sleep(SETTLES_S)
        steps, took = await self.crowd.busy(CHATS, seconds)
        self.seen["steps/s, 50 ms API"].append(steps / took)
        api.delay = 0.0
        await asyncio.sleep(SETTLES_S)


async def compare(contestant: c.Contestant, roots: list[Path], rounds: int, seconds: float) -> list[State]:
    states: list[State] = []
    async with contextlib.AsyncExitStack() as stack:
        server = stack.enter_context(postgres.durable()) if contestant.needs_postgres else None
        for root in roots:
            folder = Path(tempfile.mkdtemp(prefix="sahut-versus-"))
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
            api = FastBotApi()
            await api.start()
            stack.push_async_callback(api.stop)
            url = stack.enter_context(server.server.database()) if server else ""
            scene = c.Scene(folder, free_port(), api.port, url, root)
            running = await c.Running(contestant, scene).start()
            stack.push_async_callback(running.stop)
            poster = Poster([scene.port], c.HOOK, c.SECRET)
            stack.callback(poster.close)
            pids = [running.process.pid, *([server.pid] if server else [])]
            states.append(State(root, running, Crowd(api, poster, contestant.script), pids))
        await asyncio.sleep(REST_S)
        for state in states:
            await state.crowd.busy(8, seconds)  # warm up
        for number in range(rounds):
            for state in states if number % 2 == 0 else reversed(states):
                await state.turn(seconds)
    return states


def table(states: list[State]) -> str:
    """Medians, and in brackets how they differ from the first state: the median of the ratios of each round, with the
    standard error of their mean."""
    lines = ["| program | " + " | ".join(FIGURES) + " |", "|---" * (len(FIGURES) + 1) + "|"]
    for state in states:
        cells = [str(state.root)]
        for name in FIGURES:
            mine, theirs = state.seen[name], states[0].seen[name]
            ratios = [one / other for one, other in zip(mine, theirs, strict=True)]
            error = pstdev(ratios) / len(ratios) ** 0.5
            against = "" if state is states[0] else f" ({median(ratios) - 1:+.1%} ± {error:.1%})"
            cells.append(f"{median(mine):.2f}{against}")
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description="Two states of the program side by side, loaded by turns.")
    parser.add_argument("others", nargs="+", type=Path, help="folders with another state of the program")
    parser.add_argument("--contestant", choices=[one.name for one in c.ALL], default=c.SAHUT_SQLITE.name)
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=2.0)
    asked = parser.parse_args()
    for folder in asked.others:
        if not (folder / "bot" / "__main__.py").is_file():
            parser.error(
                f"{folder} holds no Sahut: name the folder of a checkout, for example one of `git worktree add`"
            )
    chosen = next(one for one in c.ALL if one.name == asked.contestant)
    roots = [c.ROOT, *(folder.resolve() for folder in asked.others), c.ROOT]
    with asyncio.Runner(loop_factory=quick_loop) as runner:
        print(table(runner.run(compare(chosen, roots, asked.rounds, asked.seconds))))


if __name__ == "__main__":
    main()
