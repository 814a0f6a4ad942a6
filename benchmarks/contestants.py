"""Who is measured: each bot's command, surroundings, dialogue and how one knows that it is ready."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from benchmarks import scripts
from benchmarks.fast_bot_api import TOKEN
from benchmarks.wire import can_connect, get_status

ROOT = Path(__file__).parents[1]
SECRET = "rahasia-uji-beban"
HOOK = "/telegram/webhook"
READY_WITHIN, STOP_WITHIN = 60.0, 15.0


@dataclass(frozen=True, slots=True)
class Scene:
    """Where one run of a contestant takes place, and with the program of which folder."""

    folder: Path
    port: int
    api_port: int
    postgres_url: str = ""
    root: Path = ROOT

    def common(self) -> dict[str, str]:
        return {
            "PATH": os.environ.get("PATH", os.defpath), "HOME": str(self.folder), "PYTHONPATH": str(self.root),
            "LANG": "C.UTF-8", "TZ": "UTC", "PORT": str(self.port), "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_URL": f"http://127.0.0.1:{self.api_port}", "TELEGRAM_WEBHOOK_SECRET": SECRET,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Contestant:
    name: str
    state: str
    command: tuple[str, ...]
    script: scripts.Script
    ready: Callable[[int], Awaitable[bool]] = can_connect
    surroundings: Callable[[Scene], Mapping[str, str]] = lambda scene: {}
    needs_postgres: bool = False
    workers: int = 1  # identical processes, each with a port of its own, that take the updates in turns


@dataclass(slots=True)
class Running:
    """A started contestant; ended by its own pid only."""

    contestant: Contestant
    scene: Scene
    process: subprocess.Popen[bytes] = field(init=False)
    ready_after: float = 0.0

    async def start(self) -> Running:
        began = time.perf_counter()
        environment = self.scene.common() | dict(self.contestant.surroundings(self.scene))
        with (self.scene.folder / f"{self.contestant.name}.log").open("ab") as log:
            self.process = subprocess.Popen(  # noqa: ASYNC220 - nothing else runs yet
                [sys.executable, *self.contestant.command],
                cwd=self.scene.root,
                env=environment,
                stdout=log,
                stderr=log,
            )
        while not await self.contestant.ready(self.scene.port):
            if self.process.poll() is not None or time.perf_counter() - began > READY_WITHIN:
                await self.stop()
                raise RuntimeError(f"{self.contestant.name} did not start:\n{self.log()[-2000:]}")
            await asyncio.sleep(0.005)
        self.ready_after = time.perf_counter() - began
        return self

    def log(self) -> str:
        return (self.scene.folder / f"{self.contestant.name}.log").read_text(errors="replace")

    async def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        if self.process.poll() is None:
            self.process.send_signal(how)
        until = time.perf_counter() + STOP_WITHIN
        while self.process.poll() is None:
            if time.perf_counter() > until:
                self.process.kill()
            await asyncio.sleep(0.02)


async def answers_ready(port: int) -> bool:
    return await get_status(port, "/ready") == 200


def sahut_surroundings(scene: Scene, database_url: str) -> dict[str, str]:
    return {
        "SAHUT_CITY": "kota-bekasi", "DATABASE_URL": database_url, "TELEGRAM_PACE": "0",
        "TELEGRAM_WEBHOOK_URL": f"http://127.0.0.1:{scene.port}{HOOK}", "SAHUT_DATA": str(scene.folder),
    }  # fmt: skip


def on_sqlite(scene: Scene) -> dict[str, str]:
    return sahut_surroundings(scene, f"sqlite:///{scene.folder / 'sahut.db'}")


def on_postgres(scene: Scene) -> dict[str, str]:
    return sahut_surroundings(scene, scene.postgres_url)


PTB = Contestant("ptb", "memory", ("-m", "benchmarks.yardsticks.ptb_memory"), scripts.yardstick)
PTB_INLINE = Contestant(
    "ptb-inline",
    "memory, inline buttons",
    ("-m", "benchmarks.yardsticks.ptb_memory"),
    scripts.yardstick,
    surroundings=lambda scene: {"BUTTONS": "inline"},
)
PTB_PICKLE = Contestant(
    "ptb-pickle", "pickle, every 60 s", ("-m", "benchmarks.yardsticks.ptb_pickle"), scripts.yardstick,
    surroundings=lambda scene: {"PICKLE_FILE": str(scene.folder / "state.pickle")},
)  # fmt: skip
AIOGRAM = Contestant("aiogram", "memory", ("-m", "benchmarks.yardsticks.aiogram_fsm"), scripts.yardstick)
SAHUT_SQLITE = Contestant(
    "sahut-sqlite", "durable, SQLite", ("-m", "bot", "run"), scripts.sahut, answers_ready, on_sqlite
)
SAHUT_POSTGRES = Contestant(
    "sahut-postgres", "durable, PostgreSQL", ("-m", "bot", "run"), scripts.sahut, answers_ready, on_postgres,
    needs_postgres=True,
)  # fmt: skip
SAHUT_WORKERS = replace(SAHUT_POSTGRES, name="sahut-2-workers", state="durable, PostgreSQL", workers=2)
ALL = (PTB, PTB_INLINE, PTB_PICKLE, AIOGRAM, SAHUT_SQLITE, SAHUT_POSTGRES, SAHUT_WORKERS)
