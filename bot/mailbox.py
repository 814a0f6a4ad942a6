"""Web chats' lines in the database, with listeners that are woken when something new stands there."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

from msgspec import Struct, field

from storage.database import AnyDatabase, run
from usecases.ports import Mail, Outgoing

# another worker may have written, which wakes nobody here; a cleaned picture wakes nobody either
LOOK_AGAIN_S = {"postgresql": 1.0, "sqlite": 4.0}


class _Listening(Struct):
    """The open pages of one chat that wait for something new."""

    news: asyncio.Event = field(default_factory=asyncio.Event)
    pages: int = 0


class DatabaseMailbox:
    """Implements usecases.ports.Mailbox."""

    def __init__(self, database: AnyDatabase) -> None:
        self._database = database
        self._news: dict[str, _Listening] = {}

    async def put(self, message: Outgoing) -> str:
        body = _body(message)
        line = await run(self._database, lambda unit: _write(unit, message, body))
        self.wake(message.peer)
        return str(line)

    async def since(self, peer: str, rev: int, limit: int = 200) -> list[Mail]:
        return await run(self._database, lambda unit: unit.mailbox.since(peer, rev, limit))

    async def wait(self, peer: str, rev: int, timeout_s: float) -> None:
        listening = self._news.setdefault(peer, _Listening())
        listening.pages += 1
        try:
            if await self.since(peer, rev, 1):  # written after the caller last looked, before we listened
                return
            longest = LOOK_AGAIN_S[self._database.kind]
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(listening.news.wait(), min(timeout_s, longest))
        finally:
            listening.pages -= 1
            if not listening.pages and self._news.get(peer) is listening:
                del self._news[peer]  # a page that was closed leaves nothing behind

    def wake(self, peer: str) -> None:
        """Somebody wrote into this chat."""
        listening = self._news.pop(peer, None)
        if listening is not None:
            listening.news.set()


def _body(message: Outgoing) -> dict[str, Any]:
    return {
        "text": message.text,
        "buttons": [[[b.label, b.data, b.kind] for b in row] for row in message.rows],
        "photos": [{"sha256": p.sha256, "mime": p.mime, "kind": p.kind} for p in message.photos],
        "reply_to": message.reply_to,
        "ask_reply": message.ask_reply,
    }


def _write(unit: Any, message: Outgoing, body: dict[str, Any]) -> int:
    if message.edit_of.isdigit() and unit.mailbox.rewrite(message.peer, int(message.edit_of), body):
        return int(message.edit_of)
    return int(unit.mailbox.write(message.peer, body, author="sahut", outbox=message.id))
