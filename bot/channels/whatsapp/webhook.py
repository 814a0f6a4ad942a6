"""The webhook: answers Meta's one question, checks every signature over the raw bytes, says "ok" after the commit."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.channels.whatsapp.door import Door
from usecases.ports import Unavailable

log = logging.getLogger(__name__)

PATH = "/whatsapp/webhook"
HEADER = "X-Hub-Signature-256"
LIMIT = 3 * 2**20 + 2**18  # Meta sends up to 3 MB
READ_S = 20.0
RETRY_AFTER_S = "5"
LONGEST_CHALLENGE = 256

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Refused(Exception):
    """The body is not read further; `status` says why."""

    def __init__(self, status: int) -> None:
        super().__init__(str(status))
        self.status = status


def sign(secret: str, body: bytes) -> str:
    """The header's value for a body."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def question(verify_token: str) -> Handler:
    """The handler of `GET /whatsapp/webhook`: whoever knows our word gets the challenge back."""
    expected = verify_token.encode()

    async def verify(request: web.Request) -> web.StreamResponse:
        asked = request.query
        given = asked.get("hub.verify_token", "").encode("utf-8", "surrogateescape")
        challenge = asked.get("hub.challenge", "")
        known = hmac.compare_digest(given, expected)
        plain = challenge.isascii() and challenge.isprintable() and 0 < len(challenge) <= LONGEST_CHALLENGE
        if not known or not plain or asked.get("hub.mode") != "subscribe":
            return web.Response(status=403)
        return web.Response(text=challenge, content_type="text/plain")

    return verify


def handler(door: Door, secret: str, *, read_s: float = READ_S) -> Handler:
    """The handler of `POST /whatsapp/webhook`."""

    async def webhook(request: web.Request) -> web.StreamResponse:
        try:
            body = await _read(request, read_s)
        except Refused as refused:
            return _refusal(refused.status)
        given = request.headers.get(HEADER, "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, sign(secret, body).encode()):
            return _refusal(403)
        try:
            await door.take(body)
        except Unavailable:
            return web.Response(status=503, headers={"Retry-After": RETRY_AFTER_S})
        return web.Response(body=b"ok", content_type="text/plain")

    return webhook


async def _read(request: web.Request, read_s: float) -> bytes:
    """The whole body within the limit and the deadline. raises: Refused."""
    if not request.headers.get(HEADER, "").startswith("sha256="):
        raise Refused(403)  # not worth reading
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Refused(415)  # a few kB of gzip may unfold to gigabytes
    if (request.content_length or 0) > LIMIT:
        raise Refused(413)
    parts, size = [], 0
    try:
        async with asyncio.timeout(read_s):
            while part := await request.content.readany():
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
