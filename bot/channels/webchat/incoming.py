"""Files that visitors sent, kept until they are fetched, checked and cleaned."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import os  # for fsync alone
import re
import secrets
import time
from pathlib import Path

from conversations.inbound import MediaKind
from usecases.ports import FetchFailed

PREFIX = "web:"
MAX_FILE = 10 * 1024 * 1024
_NAME = re.compile(r"[A-Za-z0-9_-]{32}")


def sniff(head: bytes, declared: str = "") -> tuple[MediaKind, str] | None:
    """What a file is by its first bytes (16 are enough), None when it is nothing we keep.

    The browser's word decides only between sound and moving picture, which share their containers.
    """
    for start, mime in ((b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png")):
        if head.startswith(start):
            return MediaKind.PHOTO, mime
    if head[:4] == b"RIFF":
        form = {b"WEBP": (MediaKind.PHOTO, "image/webp"), b"WAVE": (MediaKind.VOICE, "audio/wav")}
        return form.get(head[8:12])
    if head[4:8] == b"ftyp":
        return _iso(head[8:12], declared)
    if head.startswith(b"\x1aE\xdf\xa3"):
        return _moving("webm", declared)
    for start, mime in ((b"OggS", "audio/ogg"), (b"ID3", "audio/mpeg"), (b"#!AMR", "audio/amr")):
        if head.startswith(start):
            return MediaKind.VOICE, mime
    if head[:1] == b"\xff" and head[1:2] in (b"\xfb", b"\xf3", b"\xf2"):
        return MediaKind.VOICE, "audio/mpeg"
    return None


def _iso(brand: bytes, declared: str) -> tuple[MediaKind, str]:
    if brand in (b"heic", b"heix", b"mif1", b"msf1", b"hevc", b"avif"):
        return MediaKind.PHOTO, "image/avif" if brand == b"avif" else "image/heic"
    if brand == b"M4A ":
        return MediaKind.VOICE, "audio/mp4"
    return _moving("mp4", declared)


def _moving(form: str, declared: str) -> tuple[MediaKind, str]:
    if declared.startswith("audio/"):
        return MediaKind.VOICE, f"audio/{form}"
    return MediaKind.VIDEO, f"video/{form}"


class Incoming:
    """The folder of files that were received but not yet cleaned. Nothing in it is ever served."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def keep(self, content: bytes, of: str) -> str:
        """Write a file durably; returns the reference by which `fetch` finds it.

        of: the key of the message it came with. The same file of the same message has one name: a page that sends again
        what may have been kept already leaves no second copy, and nothing has to be removed that may be needed.
        """
        name = base64.urlsafe_b64encode(hashlib.sha256(of.encode() + b"\0" + content).digest()[:24]).decode()
        await asyncio.to_thread(self._write, name, content)
        return PREFIX + name

    def _write(self, name: str, content: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        if not (self._folder / name).exists():
            self._write_new(name, content)
        handle = os.open(self._folder, os.O_RDONLY)  # the new name must survive a power cut too
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    def _write_new(self, name: str, content: bytes) -> None:
        draft = self._folder / f".{name}.{secrets.token_hex(4)}"  # the same one may be on its way twice
        try:
            with draft.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(self._folder / name)
        except OSError:
            draft.unlink(missing_ok=True)  # a full disk must not be filled with halves
            raise

    async def fetch(self, ref: str) -> bytes:
        """The bytes of a kept file. raises: FetchFailed"""
        path = self._path(ref)
        try:
            return await asyncio.to_thread(path.read_bytes)
        except FileNotFoundError:
            raise FetchFailed("the file is not there any more", permanent=True) from None
        except OSError as broken:
            raise FetchFailed(f"the file cannot be read ({type(broken).__name__})") from None

    def tidy(self, older_than_s: float) -> int:
        """Remove files that have lain here too long (they were cleaned, or refused for good); how many."""
        gone = 0
        if not self._folder.is_dir():
            return gone
        limit = time.time() - older_than_s
        for path in self._folder.iterdir():
            if path.stat().st_mtime < limit:
                path.unlink(missing_ok=True)
                gone += 1
        return gone

    def _path(self, ref: str) -> Path:
        name = ref.removeprefix(PREFIX)
        if not ref.startswith(PREFIX) or not _NAME.fullmatch(name):
            raise FetchFailed("not a file of the web chat", permanent=True)
        return self._folder / name
