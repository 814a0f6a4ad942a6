"""The webhook: checks who knocks and how much they bring; says "ok" only after the commit."""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from bot.channels.body import Unreadable, parse_json
from bot.channels.telegram.door import Door
from usecases.ports import Unavailable

log = logging.getLogger(__name__)

PATH = "/telegram/webhook"
HEADER = "X-Telegram-Bot-Api-Secret-Token"
LIMIT = 4 * 2**20
READ_S = 20.0
RETRY_AFTER_S = "5"

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Refused(Exception):
    """The body is not read further; `status` says why."""

    def __init__(self, status: int) -> None:
        super().__init__(str(status))
        self.status = status


def handler(door: Door, secret: str, *, read_s: float = READ_S) -> Handler:
    """The handler of `POST /telegram/webhook`.

    A 2xx answer is the constant `ok` as plain text, or the one call that ends the waiting sign of a pressed button:
    Telegram carries out an answer that is a JSON call, which saves a request. Nothing else is ever answered.
    """
    expected = secret.encode()

    async def webhook(request: web.Request) -> web.StreamResponse:
        if not hmac.compare_digest(request.headers.get(HEADER, "").encode("utf-8", "surrogateescape"), expected):
            return _refusal(403)
        try:
            body = await _read(request, read_s)
        except Refused as refused:
            return _refusal(refused.status)
        try:
            call = await _take(door, body)
        except Unavailable:
            return web.Response(status=503, headers={"Retry-After": RETRY_AFTER_S})
        if call is None:
            return web.Response(body=b"ok", content_type="text/plain")
        return web.Response(body=json.dumps(call).encode(), content_type="application/json")

    return webhook


async def _take(door: Door, body: bytes) -> dict[str, Any] | None:
    """Take in what can be read, keep what cannot: a body that is refused would come again for a day."""
    try:
        events = door.read(parse_json(body))
    except Unreadable as why:
        await door.quarantine(body, str(why))
        return None
    return await door.take(events, replying=True) if events else None


async def _read(request: web.Request, read_s: float) -> bytes:
    """The whole body, at most 4 MB, within the deadline. raises: Refused."""
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Refused(415)  # a few kB of gzip may unfold to gigabytes
    if (request.content_length or 0) > LIMIT:
        raise Refused(413)
    content = request.content
    if content.is_eof():  # it came with the headers, as most do: nothing to wait for
        body = content.read_nowait()
        if len(body) > LIMIT:
            raise Refused(413)
        return body
    parts, size = [], 0
    try:
        async with asyncio.timeout(read_s):
            while part := await content.readany():
                size += len(part)
                if size > LIMIT:
                    raise Refused(413)
                parts.append(part)
    except TimeoutError:
        raise Refused(408) from None
    return b"".join(parts)


def _refusal(status: int) -> web.Response:
    """An empty answer; the connection ends, because the rest of the body was not read."""
    response = web.Response(status=status)
    response.force_close()
    return response
