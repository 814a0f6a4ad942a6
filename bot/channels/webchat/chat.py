"""The citizen's doors: open a session, send words, presses, places and files, and listen."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from bot.channels.webchat import media, visitor
from bot.channels.webchat.body import Refused, answer, json_of
from bot.channels.webchat.door import Door, Who, guarded, upload_checked
from bot.channels.webchat.inbound import Speaker
from bot.channels.webchat.stream import stream


def routes(door: Door) -> list[web.RouteDef]:
    """Everything a citizen's page talks to."""

    async def session(request: web.Request) -> web.StreamResponse:
        data = await json_of(request)
        anew = isinstance(data, dict) and data.get("anew") is True
        known = visitor.visitor(request, door.key)
        if known and not anew:
            response = answer({"fresh": False})
            visitor.remember(response, request.cookies[visitor.COOKIE], secure=door.secure)
            return response
        wait = door.purse.session(visitor.address(request))
        if wait:
            raise Refused(429, "slow", wait_s=wait)
        response = answer({"fresh": True})
        visitor.remember(response, visitor.issue(door.key)[1], secure=door.secure)
        return response

    async def message(request: web.Request) -> web.StreamResponse:
        peer = door.visitor(request)
        door.spend(request, peer)
        return await door.take_message(request, _always(peer))

    async def photos(request: web.Request) -> web.StreamResponse:
        peer = upload_checked(request, door)
        return await door.take_files(request, _always(peer))

    async def events(request: web.Request) -> web.StreamResponse:
        peer = door.visitor(request)
        with door.streaming(peer):
            return await stream(request, door, peer)

    async def picture(request: web.Request) -> web.StreamResponse:
        return await media.serve(request, door)

    return [
        web.post("/chat/session", guarded(session)),
        web.post("/chat/messages", guarded(message)),
        web.post("/chat/photos", guarded(photos)),
        web.get("/chat/events", guarded(events), allow_head=False),
        web.get("/media/{name}", guarded(picture)),
    ]


def _always(peer: str) -> Who:
    async def who(_: Any) -> Speaker:
        return Speaker(peer, peer)

    return who
