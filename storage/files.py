"""The media folder: cleaned files under the hash of their content, written so that a crash leaves no half file."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import sys
from pathlib import Path

from storage.clean_photo import NOT_A_PICTURE
from usecases.records import Stored

SECONDS = 20.0
_SIGNS = (  # (offset, bytes, mime): what we keep as it is
    (0, b"OggS", "audio/ogg"), (4, b"ftyp", "video/mp4"), (0, b"ID3", "audio/mpeg"), (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"\x1aE\xdf\xa3", "video/webm"), (8, b"WAVE", "audio/wav"), (0, b"\xff\xf1", "audio/aac"),
)


class NotAccepted(Exception):
    """The file is neither a picture nor a recording we can keep."""


class Files:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._one_at_a_time = asyncio.Semaphore(2)

    def path(self, sha256: str) -> Path:
        return self.folder / sha256[:2] / sha256

    async def keep(self, kind: str, data: bytes) -> Stored:
        """Clean a picture, or keep a recording as it is. raises: NotAccepted."""
        if kind in ("voice", "video", "audio"):
            mime = next((m for at, sign, m in _SIGNS if data[at : at + len(sign)] == sign), "")
            if not mime:
                raise NotAccepted("unknown recording")
            return await asyncio.to_thread(self._write, data, mime, 0, 0)
        jpeg, width, height = await self._clean(data)
        return await asyncio.to_thread(self._write, jpeg, "image/jpeg", width, height)

    async def _clean(self, data: bytes) -> tuple[bytes, int, int]:
        async with self._one_at_a_time:
            child = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "storage.clean_photo", stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, cwd=Path(__file__).parent.parent,
            )
            try:
                out, err = await asyncio.wait_for(child.communicate(data), SECONDS)
            except TimeoutError:
                child.kill()
                await child.wait()
                raise NotAccepted("took too long") from None
        if child.returncode == 0:
            size = json.loads(err)
            return out, int(size["width"]), int(size["height"])
        if child.returncode == NOT_A_PICTURE:
            raise NotAccepted(json.loads(err).get("error", ""))
        raise NotAccepted(f"cleaner ended with {child.returncode}")  # killed by its limits: a hostile file

    def _write(self, data: bytes, mime: str, width: int, height: int) -> Stored:
        sha256 = hashlib.sha256(data).hexdigest()
        target = self.path(sha256)
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            unfinished = target.with_name(f".{sha256}.{os.getpid()}")
            with unfinished.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(target)
            handle = os.open(target.parent, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
        return Stored(sha256, mime, len(data), width, height)
