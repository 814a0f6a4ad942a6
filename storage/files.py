"""The media folder: cleaned files under the hash of their content, written so that a crash leaves no half file."""

from __future__ import annotations

import asyncio
import hashlib
import os
from pathlib import Path
from uuid import uuid4

from storage.cleaner import Cleaner, NotAccepted, NotCleaned
from usecases.records import Stored

_SIGNS = (  # (offset, bytes, mime): what we keep as it is
    (0, b"OggS", "audio/ogg"),
    (4, b"ftyp", "video/mp4"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"\x1aE\xdf\xa3", "video/webm"),
    (8, b"WAVE", "audio/wav"),
    (0, b"\xff\xf1", "audio/aac"),
)


__all__ = ["Files", "NotAccepted", "NotCleaned"]


class Files:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._cleaner = Cleaner()

    async def close(self) -> None:
        await self._cleaner.close()

    def path(self, sha256: str) -> Path:
        return self.folder / sha256[:2] / sha256

    async def keep(self, kind: str, data: bytes) -> Stored:
        """Clean a picture, or keep a recording as it is. raises: NotAccepted, NotCleaned."""
        if kind in ("voice", "video", "audio"):
            mime = next((m for at, sign, m in _SIGNS if data[at : at + len(sign)] == sign), "")
            if not mime:
                raise NotAccepted("unknown recording")
            return await asyncio.to_thread(self._write, data, mime, 0, 0)
        jpeg, width, height = await self._cleaner.clean(data)
        return await asyncio.to_thread(self._write, jpeg, "image/jpeg", width, height)

    def _write(self, data: bytes, mime: str, width: int, height: int) -> Stored:
        sha256 = hashlib.sha256(data).hexdigest()
        target = self.path(sha256)
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            unfinished = target.with_name(f".{sha256}.{uuid4().hex}")  # others may be writing the same one
            try:
                with unfinished.open("xb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                unfinished.replace(target)
            finally:
                unfinished.unlink(missing_ok=True)
            handle = os.open(target.parent, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
        return Stored(sha256, mime, len(data), width, height)
