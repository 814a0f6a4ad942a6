"""The webhook: checks who knocks and how much they bring; says "ok" only after the commit."""

from __future__ import annotations

import hmac
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web
from msgspec import json

from bot.channels import posted
from bot.channels.body import Unreadable, parse_json
from bot.channels.refused import Turned
from bot.channels.telegram.door import Door
from usecases.ports import Unavailable

log = logging.getLogger(__name__)

PATH = "/telegram/webhook"
HEADER = "X-Telegram-Bot-Api-Secret-Token"
LIMIT = 4 * 2**20
READ_S = 20.0
RETRY_AFTER_S = "5"
ADVICE = (
    "If messages of Telegram are missing: does another Sahut or program use this bot, and does the web server in front"
    f" pass the header {HEADER} on? Strangers may be ignored"
)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def handler(door: Door, secret: str, *, read_s: float = READ_S) -> Handler:
    """The handler of `POST /telegram/webhook`.

    A 2xx answer is the constant `ok` as plain text, or the one call that ends the waiting sign of a pressed button:
    Telegram carries out an answer that is a JSON call, which saves a request. Nothing else is ever answered.
    """
    expected = secret.encode()
    turned = Turned(PATH, ADVICE)

    async def webhook(request: web.Request) -> web.StreamResponse:
        given = request.headers.get(HEADER, "")
        if not hmac.compare_digest(given.encode("utf-8", "surrogateescape"), expected):
            turned.away("wrong secret" if given else "no secret")
            return posted.refusal(403)
        try:
            body = await posted.read(request, LIMIT, read_s)
        except posted.Refused as refused:
            return posted.refusal(refused.status)
        try:
            call = await _take(door, body)
        except Unavailable:
            return web.Response(status=503, headers={"Retry-After": RETRY_AFTER_S})
        if call is None:
            return web.Response(body=b"ok", content_type="text/plain")
        return web.Response(body=json.encode(call), content_type="application/json")

    return webhook


async def _take(door: Door, body: bytes) -> dict[str, Any] | None:
    """Take in what can be taken in, keep the rest for a person to look at: what is refused would come again for a day.

    raises: Unavailable
    """
    try:
        events = door.read(parse_json(body))
        return await door.take(events, replying=True) if events else None
    except Unreadable as why:
        await door.quarantine(body, str(why))
    except Unavailable:
        raise
    except Exception as error:
        log.exception("an update could not be taken in")
        await door.quarantine(body, type(error).__name__)
    return None
