"""Cleaned pictures and kept voice notes, shown only to who holds a link that we signed."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping

from aiohttp import web

from bot.channels.webchat.body import Refused
from bot.channels.webchat.door import Door
from bot.channels.webchat.visitor import link_holds, sign_link

TYPES = {  # the only types that are ever served, by the ending inside the signed name
    "jpg": "image/jpeg",
    "ogg": "audio/ogg",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "wav": "audio/wav",
    "weba": "audio/webm",
    "mp4": "video/mp4",
    "webm": "video/webm",
}
ENDINGS = {mime: ending for ending, mime in TYPES.items()}
_NAME = re.compile(r"([0-9a-f]{64})\.([a-z0-9]{3,4})")


def link(photo: Mapping[str, str], key: bytes, now: float) -> dict[str, str] | None:
    """What the page needs to show a kept file, None for a type that is not shown."""
    ending = ENDINGS.get(photo.get("mime", "image/jpeg"))
    name = f"{photo.get('sha256', '')}.{ending}"
    if ending is None or not _NAME.fullmatch(name):
        return None
    return {"src": sign_link(key, name, now), "kind": TYPES[ending].partition("/")[0]}


async def serve(request: web.Request, door: Door) -> web.StreamResponse:
    """A kept file by its signed link; wrong, expired and missing look the same. raises: Refused (404)"""
    name = request.match_info["name"]
    found = _NAME.fullmatch(name)
    until, signature = request.query.get("e", ""), request.query.get("s", "")
    if not found or found[2] not in TYPES or not link_holds(door.key, name, until, signature, door.wall()):
        raise Refused(404, "gone")
    path = await asyncio.to_thread(door.media, found[1])
    if path is None or not await asyncio.to_thread(path.is_file):
        raise Refused(404, "gone")
    return web.FileResponse(
        path,
        headers={
            "Content-Type": TYPES[found[2]],
            "Content-Disposition": f'inline; filename="sahut.{found[2]}"',
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Cache-Control": "private, max-age=86400",
        },
    )
