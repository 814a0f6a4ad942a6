"""The parent's side of cleaning pictures: one child process, reused, watched, and replaced when it misbehaves."""

from __future__ import annotations

import asyncio
import contextlib
import struct
import sys
from pathlib import Path

SECONDS = 10.0  # for one picture
IDLE_S = 30.0  # without work the child goes, and its memory with it
PICTURES = 2_000  # one child cleans at most so many; starting one costs as much CPU as a hundred steps of dialogue

_HEAD = struct.Struct(">I")
_ANSWER = struct.Struct(">BIII")


class NotAccepted(Exception):
    """The file is neither a picture nor a recording we can keep."""


class NotCleaned(Exception):
    """Nobody could look at the file: the child died or was too slow, twice. Another time it may go well."""


class Cleaner:
    def __init__(self) -> None:
        self._turn = asyncio.Lock()
        self._child: asyncio.subprocess.Process | None = None
        self._cleaned = 0
        self._leave: asyncio.TimerHandle | None = None

    async def clean(self, data: bytes) -> tuple[bytes, int, int]:
        """(JPEG, width, height) without metadata. raises: NotAccepted, NotCleaned."""
        async with self._turn:
            if self._leave is not None:
                self._leave.cancel()
            try:
                status, width, height, answer = await self._asked(data)
            except NotCleaned:  # a machine short of memory kills a child that did nothing wrong
                status, width, height, answer = await self._asked(data)
            self._leave = asyncio.get_running_loop().call_later(IDLE_S, self._dismiss)
        if status:
            raise NotAccepted(answer.decode("utf-8", "replace"))
        return answer, width, height

    async def _asked(self, data: bytes) -> tuple[int, int, int, bytes]:
        """The child's answer to one picture. raises: NotCleaned, and the child is gone."""
        child = await self._ready()
        try:
            async with asyncio.timeout(SECONDS):
                return await _ask(child, data)
        except (TimeoutError, asyncio.IncompleteReadError, ConnectionError) as error:
            await self.close()
            raise NotCleaned(f"the cleaner ended or was too slow ({type(error).__name__})") from None
        except asyncio.CancelledError:
            await self.close()  # its answer would be taken for the next picture's
            raise

    async def close(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            with contextlib.suppress(ProcessLookupError):
                child.kill()
            await child.wait()

    def _dismiss(self) -> None:
        """Closing its standard input lets the child end by itself."""
        child, self._child = self._child, None
        if child is not None and child.stdin is not None:
            child.stdin.close()

    async def _ready(self) -> asyncio.subprocess.Process:
        if self._child is not None and (self._child.returncode is not None or self._cleaned >= PICTURES):
            await self.close()
        if self._child is None:
            self._cleaned = 0
            self._child = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "storage.clean_photo",
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                cwd=Path(__file__).parent.parent,
            )
        self._cleaned += 1
        return self._child


async def _ask(child: asyncio.subprocess.Process, data: bytes) -> tuple[int, int, int, bytes]:
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.write(_HEAD.pack(len(data)) + data)
    await child.stdin.drain()
    status, width, height, length = _ANSWER.unpack(await child.stdout.readexactly(_ANSWER.size))
    return status, width, height, await child.stdout.readexactly(length)
