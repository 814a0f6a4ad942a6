"""A fake city hall behind the real doors, on a real port."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer

from bot.channels.webchat.budget import Budgets
from tests.web.fakes import Town, town


@dataclass
class Visitor:
    """A browser: one cookie jar, one address."""

    town: Town
    http: TestClient[Any, Any]

    async def begin(self, **data: Any) -> ClientResponse:
        return await self.http.post("/chat/session", json=data)

    async def say(self, text: str, name: str = "message-1", **more: Any) -> ClientResponse:
        return await self.http.post("/chat/messages", json={"id": name, "text": text, **more})

    async def peer(self) -> str:
        """The peer that this visitor's messages carry."""
        await self.say("siapa saya", "who-am-i-1")
        return self.town.hall.taken[-1].peer


def serve(made: Town) -> TestClient[Any, Any]:
    return TestClient(TestServer(made.app))


@pytest.fixture
async def visitor(tmp_path: Path) -> AsyncIterator[Visitor]:
    """A visitor who has a session with a try-out."""
    made = town(tmp_path, budgets=Budgets())
    async with serve(made) as client:
        one = Visitor(made, client)
        await one.begin()
        yield one


JPEG = b"\xff\xd8\xff\xe0" + b"\x00" * 400
