"""The control door: the tests' small language over HTTP, for servers in a process of their own."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.bench.telegram_world import Query

if TYPE_CHECKING:
    from tests.bench.fake_telegram import FakeTelegram


def add_control(app: web.Application, server: FakeTelegram) -> None:
    control = Control(server)
    app.router.add_get("/control/health", control.health)
    app.router.add_get("/control/calls", control.calls)
    app.router.add_get("/control/deliveries", control.deliveries)
    app.router.add_get("/control/screen", control.screen)
    app.router.add_post("/control/do", control.do)
    app.router.add_post("/control/group", control.group)
    app.router.add_post("/control/faults", control.faults)
    app.router.add_post("/control/update", control.update)
    app.router.add_post("/control/settings", control.settings)


class Control:
    """One handler per path; every answer is JSON."""

    def __init__(self, server: FakeTelegram) -> None:
        self.server = server

    async def health(self, request: web.Request) -> web.Response:
        facts = {
            "calls": len(self.server.calls),
            "refused": len(self.server.refused),
            "pending": self.server.updates.pending,
        }
        return web.json_response({"ok": True, "webhook": self.server.updates.info()["url"]} | facts)

    async def calls(self, request: web.Request) -> web.Response:
        """Accepted and refused calls; `?since=n` skips the first n accepted ones."""
        since = int(request.query.get("since", 0))
        accepted = [dataclasses.asdict(c) for c in self.server.calls[since:]]
        return web.json_response({"calls": accepted, "refused": [dataclasses.asdict(c) for c in self.server.refused]})

    async def deliveries(self, request: web.Request) -> web.Response:
        return web.json_response([dataclasses.asdict(d) for d in self.server.sender.deliveries])

    async def screen(self, request: web.Request) -> web.Response:
        """What the bot's messages in one chat look like now: `?chat=5001`."""
        chat = self.server.world.chats[int(request.query["chat"])]
        shown = [m | {"keyboard": chat.keyboards.get(m["message_id"])} for m in chat.from_bot]
        return web.json_response(shown)

    async def do(self, request: web.Request) -> web.Response:
        """`{"user": 5001, "name": "Siti", "do": "writes", "args": ["halo"], "group": -5, "topic": "Umum"}`"""
        wish = await request.json()
        user = self.server.user(wish["user"], wish.get("name", "Siti"), wish.get("lang", "id"))
        who: Any = user
        if "group" in wish:
            from tests.bench.telegram_people import Group

            who = user.in_group(Group(self.server, self.server.world.chats[wish["group"]]), wish.get("topic"))
        result = getattr(who, wish["do"])(*wish.get("args", ()), **wish.get("with", {}))
        return web.json_response(dataclasses.asdict(result) if isinstance(result, Query) else result)

    async def group(self, request: web.Request) -> web.Response:
        """`{"id": -1001, "title": "Dishub", "forum": true, "topics": ["Umum"], "bot": "member"}`"""
        wish = await request.json()
        group = self.server.group(
            wish["id"], wish["title"], forum=wish.get("forum", False), topics=tuple(wish.get("topics", ())),
            bot=wish.get("bot", "member"),
        )  # fmt: skip
        return web.json_response(
            group.chat.as_json() | {"topics": {t["name"]: i for i, t in group.chat.topics.items()}}
        )

    async def faults(self, request: web.Request) -> web.Response:
        """A list of rows replaces the scenario table; see Fault for the fields."""
        self.server.faults.clear()
        self.server.faults.add(await request.json())
        return web.json_response({"ok": True})

    async def update(self, request: web.Request) -> web.Response:
        self.server.updates.push_raw(json.loads(await request.text()))
        return web.json_response({"ok": True})

    async def settings(self, request: web.Request) -> web.Response:
        """`{"pace": false, "privacy": true, "duplicate_every": 5, "retry_first": 0.05, "jump": 1000}`"""
        wish = await request.json()
        self.server.pace.on = wish.get("pace", self.server.pace.on)
        self.server.privacy = wish.get("privacy", self.server.privacy)
        self.server.updates.duplicate_every = wish.get("duplicate_every", self.server.updates.duplicate_every)
        self.server.sender.retry_first = wish.get("retry_first", self.server.sender.retry_first)
        self.server.sender.retry_cap = wish.get("retry_cap", self.server.sender.retry_cap)
        if "jump" in wish:
            self.server.updates.jump(wish["jump"])
        return web.json_response({"ok": True})
