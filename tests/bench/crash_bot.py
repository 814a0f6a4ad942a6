"""One bot process of the crash test: started, watched until it is ready, and killed by its own pid only."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from tests.halls import with_kept_city

ROOT = Path(__file__).parents[2]
SECRET = "rahasia-uji-kill"
START_WITHIN = 60.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(slots=True)
class Bot:
    """How the program is started, and the process that runs now."""

    folder: Path
    token: str
    api_url: str
    database_url: str
    command: tuple[str, ...] = ("-m", "bot", "run")
    extra: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None
    sessions: list[int] = field(default_factory=list)

    def environment(self) -> dict[str, str]:
        return {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(self.folder),
            "PYTHONPATH": str(ROOT),
            "LANG": "C.UTF-8",
            "SAHUT_CITY": "kota-bekasi",
            "DATA_DIR": str(with_kept_city(self.folder / "data")),
            "DATABASE_URL": self.database_url,
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "TELEGRAM_BOT_TOKEN": self.token,
            "TELEGRAM_API_URL": self.api_url,
            "TELEGRAM_WEBHOOK_URL": f"http://127.0.0.1:{self.port}/telegram/webhook",
            "TELEGRAM_WEBHOOK_SECRET": SECRET,
            "TELEGRAM_PACE": "0",
        } | self.extra

    def start(self) -> None:
        with (self.folder / "bot.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, *self.command],
                cwd=ROOT,
                env=self.environment(),
                stdout=log,
                stderr=log,
                start_new_session=True,  # so that what it leaves behind can be found
            )
        self.sessions.append(self.process.pid)

    async def ready(self, session: aiohttp.ClientSession) -> bool:
        try:
            async with session.get(f"http://127.0.0.1:{self.port}/ready") as answer:
                return answer.status == 200
        except (aiohttp.ClientError, OSError):
            return False

    async def until_ready(self) -> float:
        """Seconds it took; raises with the log when it does not come up."""
        assert self.process is not None
        began = time.monotonic()
        async with aiohttp.ClientSession() as session:
            while not await self.ready(session):
                if self.process.poll() is not None or time.monotonic() - began > START_WITHIN:
                    raise RuntimeError(f"the bot did not start:\n{self.log()[-3000:]}")
                await asyncio.sleep(0.03)  # asked more often, it would start more slowly
        return time.monotonic() - began

    def log(self) -> str:
        return (self.folder / "bot.log").read_text(errors="replace")

    async def end(self, how: signal.Signals) -> int:
        """SIGKILL is the crash, SIGTERM the ordinary end; returns the exit code."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(how)
        until = time.monotonic() + 20
        while self.process.poll() is None:
            if time.monotonic() > until:
                self.process.kill()
            await asyncio.sleep(0.005)
        return int(self.process.returncode)

    def left_behind(self) -> list[int]:
        """Processes of ours that outlived their parent."""
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                fields = (entry / "stat").read_text().rsplit(") ", 1)[1].split()
            except OSError:
                continue
            if int(fields[3]) in self.sessions and fields[0] != "Z":
                found.append(int(entry.name))
        return found

    def sweep(self) -> None:
        """End what the bot left behind; these are children of processes started here."""
        for pid in self.left_behind():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    async def command_line(self, *arguments: str) -> tuple[int, str]:
        """Run one command of the program on the same settings; exit code and everything it printed."""
        done = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", *arguments,
            cwd=ROOT, env=self.environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        out, _ = await asyncio.wait_for(done.communicate(), 120)
        return int(done.returncode or 0), out.decode(errors="replace")
