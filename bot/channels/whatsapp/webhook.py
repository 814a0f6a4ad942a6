"""The webhook: answers Meta's one question, checks every signature over the raw bytes, says "ok" after the commit."""

from __future__ import annotations

import hashlib
import hmac
import logging
from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.channels import posted
from bot.channels.refused import Turned
from bot.channels.whatsapp.door import Door
from usecases.ports import Unavailable

log = logging.getLogger(__name__)

PATH = "/whatsapp/webhook"
HEADER = "X-Hub-Signature-256"
LIMIT = 3 * 2**20 + 2**18  # Meta sends up to 3 MB
READ_S = 20.0
RETRY_AFTER_S = "5"
ADVICE = (
    "If messages of WhatsApp are missing: is WHATSAPP_APP_SECRET this app's, and does the web server in front pass the"
    f" body and the header {HEADER} on unchanged? Strangers may be ignored"
)
ASKED = "Is WHATSAPP_VERIFY_TOKEN the word that was typed at Meta? Strangers may be ignored"
LONGEST_CHALLENGE = 256

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def sign(secret: str, body: bytes) -> str:
    """The header's value for a body."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def question(verify_token: str) -> Handler:
    """The handler of `GET /whatsapp/webhook`: whoever knows our word gets the challenge back."""
    expected = verify_token.encode()
    turned = Turned(f"GET {PATH}", ASKED)

    async def verify(request: web.Request) -> web.StreamResponse:
        asked = request.query
        given = asked.get("hub.verify_token", "").encode("utf-8", "surrogateescape")
        challenge = asked.get("hub.challenge", "")
        known = hmac.compare_digest(given, expected)
        plain = challenge.isascii() and challenge.isprintable() and 0 < len(challenge) <= LONGEST_CHALLENGE
        if not known or not plain or asked.get("hub.mode") != "subscribe":
            turned.away("a question without the right word" if not known else "a malformed question")
            return web.Response(status=403)
        return web.Response(text=challenge, content_type="text/plain")

    return verify


def handler(door: Door, secret: str, *, read_s: float = READ_S) -> Handler:
    """The handler of `POST /whatsapp/webhook`."""
    turned = Turned(PATH, ADVICE)

    async def webhook(request: web.Request) -> web.StreamResponse:
        if not request.headers.get(HEADER, "").startswith("sha256="):
            turned.away("no signature")
            return posted.refusal(403)  # not worth reading
        try:
            body = await posted.read(request, LIMIT, read_s)
        except posted.Refused as refused:
            return posted.refusal(refused.status)
        given = request.headers.get(HEADER, "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, sign(secret, body).encode()):
            turned.away("wrong signature")
            return posted.refusal(403)
        try:
            await door.take(body)
        except Unavailable:
            return web.Response(status=503, headers={"Retry-After": RETRY_AFTER_S})
        return web.Response(body=b"ok", content_type="text/plain")

    return webhook
