"""The try-out's doors: the stand-in groups of officers, and the clock. Mounted only in try-out mode."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web
from msgspec import Struct

from bot.channels.webchat.body import Refused, answer, json_of, text_field
from bot.channels.webchat.door import Door, Who, guarded, upload_checked
from bot.channels.webchat.inbound import BadMessage, Speaker
from bot.channels.webchat.stream import event, stream
from usecases.ports import TryOut

CITIZEN = "Bu Wati"  # whom officers read about who reports by name
OFFICERS = {"budi": "Pak Budi", "sari": "Bu Sari"}  # who may hold the phone of a group
SEATS = {"head": "Kepala Dinas", "ops": "Pusat Operasi"}  # the other chats have one reader each
STEPS = frozenset({3_600, 21_600, 86_400})  # seconds the clock may be moved at once
BEAT_S = 2.0  # the overview is looked at this often


def routes(door: Door, tryout: TryOut) -> list[web.RouteDef]:
    """Everything the officers' phone and the clock of the page talk to."""
    doors = _Doors(door, tryout)
    return [
        web.post("/tryout/group/messages", guarded(doors.message)),
        web.post("/tryout/group/photos", guarded(doors.photos)),
        web.get("/tryout/events", guarded(doors.events), allow_head=False),
        web.post("/tryout/clock", guarded(doors.clock)),
    ]


class _Doors(Struct, frozen=True):
    door: Door
    tryout: TryOut

    async def message(self, request: web.Request) -> web.StreamResponse:
        peer = self.door.visitor(request)
        self.door.spend(request, peer)
        return await self.door.take_message(request, self._speaker(peer))

    async def photos(self, request: web.Request) -> web.StreamResponse:
        peer = upload_checked(request, self.door)
        return await self.door.take_files(request, self._speaker(peer))

    async def events(self, request: web.Request) -> web.StreamResponse:
        """The lines of one of the groups, and whenever it changes the overview of them all."""
        peer = self.door.visitor(request)
        chat = request.query.get("chat", "")
        if chat:
            await self._role(peer, chat)
        told = ""

        async def overview() -> str:
            nonlocal told
            seen = await self.tryout.overview(peer)
            news = json.dumps({name: seen[name] for name in ("tickets", "chats")}, default=str)
            if news == told:
                return ""
            told = news
            return event("overview", json.loads(news) | {"now": self.tryout.now().isoformat()})

        with self.door.streaming(request, peer):
            return await stream(request, self.door, chat or f"{peer}:none", extra=overview, beat_s=BEAT_S)

    async def clock(self, request: web.Request) -> web.StreamResponse:
        self.door.spend(request, self.door.visitor(request))
        data = await json_of(request)
        seconds = data.get("seconds") if isinstance(data, dict) else None
        if type(seconds) is not int or seconds not in STEPS:
            raise BadMessage("the clock is not moved like this")
        return answer({"now": (await self.tryout.forward(seconds)).isoformat()})

    def _speaker(self, peer: str) -> Who:
        async def who(data: Any) -> Speaker:
            chat, name = text_field(data, "chat"), text_field(data, "as")
            role = await self._role(peer, chat)
            if role != "group":
                return Speaker(chat, f"o-{role}", SEATS.get(role, ""), group=True)
            if name not in OFFICERS:
                raise BadMessage("nobody of this name")
            return Speaker(chat, f"o-{name}", OFFICERS[name], group=True)

        return who

    async def _role(self, peer: str, chat: str) -> str:
        """The role of a chat that this visitor may look into. raises: Refused (404)"""
        for known in (await self.tryout.overview(peer))["chats"]:
            if known["peer"] == chat:
                return str(known["role"])
        raise Refused(404, "gone")
