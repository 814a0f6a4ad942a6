"""Kept files on their way to Telegram: which go together, and how each kind is called there."""

from __future__ import annotations

import asyncio
import logging
import mimetypes
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from bot.channels.telegram.late import loaded
from usecases.ports import Photo

if TYPE_CHECKING:
    from telegram import InputFile

log = logging.getLogger(__name__)

Batch = tuple[Photo, ...]
ALBUM = 10
TOGETHER = ("photo", "video")  # kinds that may share an album
METHODS = {
    "photo": ("sendPhoto", "photo"),
    "video": ("sendVideo", "video"),
    "voice": ("sendVoice", "voice"),
    "audio": ("sendAudio", "audio"),
}


def fits_one_picture(photos: Sequence[Photo]) -> bool:
    return len(photos) == 1 and photos[0].kind == "photo"


def batches(photos: Sequence[Photo]) -> list[Batch]:
    """Pictures and videos in albums of at most ten, everything else one by one."""
    together = [photo for photo in photos if photo.kind in TOGETHER]
    alone = [photo for photo in photos if photo.kind not in TOGETHER]
    albums = [tuple(together[at : at + ALBUM]) for at in range(0, len(together), ALBUM)]
    return albums + [(photo,) for photo in alone]


async def call(batch: Batch) -> tuple[str, dict[str, Any]]:
    """Method and parameters for a batch; ("", {}) when none of its files exists any more."""
    loaded = [(photo, file) for photo in batch if (file := await load(photo, attach=len(batch) > 1))]
    if not loaded:
        return "", {}
    if len(loaded) == 1:
        photo, file = loaded[0]
        method, name = METHODS.get(photo.kind, ("sendDocument", "document"))
        return method, {name: file if len(batch) == 1 else await load(photo)}
    from telegram import InputMediaPhoto, InputMediaVideo  # there since the files were loaded

    media = [(InputMediaPhoto if photo.kind == "photo" else InputMediaVideo)(file) for photo, file in loaded]
    return "sendMediaGroup", {"media": media}


async def load(photo: Photo, *, attach: bool = False) -> InputFile | None:
    """The file's bytes under a neutral name; None when it was erased meanwhile."""
    try:
        return await asyncio.to_thread(_read, photo, attach)
    except FileNotFoundError:
        log.warning("a kept file is gone and was left out of a message", extra={"sha256": photo.sha256})
        return None


def _read(photo: Photo, attach: bool) -> InputFile:
    kind = loaded("telegram").InputFile  # not with the start, see bot.channels.telegram.library
    ending = mimetypes.guess_extension(photo.mime) or ""
    file: InputFile = kind(photo.path.read_bytes(), filename=f"{photo.kind}-{photo.sha256[:12]}{ending}", attach=attach)
    return file
