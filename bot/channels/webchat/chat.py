"""The citizen's doors: open a session, send words, presses, places and files, and listen."""

from __future__ import annotations

from typing import Any

from aiohttp import web
from msgspec import Struct

from bot.channels.webchat import media, visitor
from bot.channels.webchat.body import Refused, answer, json_of
from bot.channels.webchat.door import Door, Who, guarded, upload_checked
from bot.channels.webchat.inbound import Speaker
from bot.channels.webchat.stream import stream
from bot.channels.webchat.tryout import CITIZEN


def routes(door: Door) -> list[web.RouteDef]:
    """Everything a citizen's page talks to."""
    doors = _Doors(door)
    return [
        web.post("/chat/session", guarded(doors.session)),
        web.post("/chat/messages", guarded(doors.message)),
        web.post("/chat/photos", guarded(doors.photos)),
        web.get("/chat/events", guarded(doors.events), allow_head=False),
        web.get("/media/{name}", guarded(doors.picture)),
    ]


class _Doors(Struct, frozen=True):
    door: Door

    async def session(self, request: web.Request) -> web.StreamResponse:
        """Give the browser a visitor's key; {"anew": true} asks for another one than it has."""
        data = await json_of(request)
        anew = isinstance(data, dict) and data.get("anew") is True
        if visitor.visitor(request, self.door.key) and not anew:
            response = answer({"fresh": False})
            visitor.remember(response, request.cookies[visitor.COOKIE], secure=self.door.secure)
            return response
        wait = self.door.purse.session(visitor.address(request))
        if wait:
            raise Refused(429, "slow", wait_s=wait)
        response = answer({"fresh": True})
        visitor.remember(response, visitor.issue(self.door.key)[1], secure=self.door.secure)
        return response

    async def message(self, request: web.Request) -> web.StreamResponse:
        peer = self.door.visitor(request)
        self.door.spend(request, peer)
        return await self.door.take_message(request, self._always(peer))

    async def photos(self, request: web.Request) -> web.StreamResponse:
        peer = upload_checked(request, self.door)
        return await self.door.take_files(request, self._always(peer))

    async def events(self, request: web.Request) -> web.StreamResponse:
        peer = self.door.visitor(request)
        with self.door.streaming(request, peer):
            return await stream(request, self.door, peer)

    async def picture(self, request: web.Request) -> web.StreamResponse:
        return await media.serve(request, self.door)

    def _always(self, peer: str) -> Who:
        name = CITIZEN if self.door.tryout is not None else ""

        async def who(_: Any) -> Speaker:
            return Speaker(peer, peer, name)

        return who
