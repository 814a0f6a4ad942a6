"""Web chats' lines in the database, with listeners that are woken when something new stands there."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from storage.database import AnyDatabase, run
from usecases.ports import Mail, Outgoing, Unavailable

log = logging.getLogger("sahut.mailbox")

# another worker may have written, which wakes nobody here; a cleaned picture wakes nobody either
LOOK_AGAIN_S = {"postgresql": 1.0, "sqlite": 4.0}


class _Page:
    """Implements usecases.ports.Listener. rev: what its page has read."""

    def __init__(self) -> None:
        self.rev = 0
        self.news = asyncio.Event()

    async def wait(self, rev: int, timeout_s: float) -> bool:
        self.rev = rev
        with suppress(TimeoutError):
            await asyncio.wait_for(self.news.wait(), timeout_s)
        known = self.news.is_set()
        self.news.clear()  # before the page reads: what is written while it reads wakes it once more
        return known


class DatabaseMailbox:
    """Implements usecases.ports.Mailbox. One look at the database is for all pages that listen here."""

    def __init__(self, database: AnyDatabase) -> None:
        self._database = database
        self._pages: dict[str, set[_Page]] = {}
        self._looking: asyncio.Task[None] | None = None

    async def put(self, message: Outgoing) -> str:
        body = _body(message)
        line = await run(self._database, lambda unit: _write(unit, message, body))
        self.wake(message.peer)
        return str(line)

    async def since(self, peer: str, rev: int, limit: int = 200) -> list[Mail]:
        return await run(self._database, lambda unit: unit.mailbox.since(peer, rev, limit))

    @contextmanager
    def listen(self, peer: str) -> Iterator[_Page]:
        page = _Page()
        self._pages.setdefault(peer, set()).add(page)
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look_again())
        looking = self._looking
        try:
            yield page
        finally:
            pages = self._pages[peer]
            pages.discard(page)
            if not pages:
                del self._pages[peer]  # a page that was closed leaves nothing behind
            if not self._pages:
                looking.cancel()
                self._looking = None

    def wake(self, peer: str) -> None:
        """Somebody wrote into this chat."""
        for page in self._pages.get(peer, ()):
            page.news.set()

    async def _look_again(self) -> None:
        """What nobody here was told about: one look for all chats that are listened to."""
        while True:
            await asyncio.sleep(LOOK_AGAIN_S[self._database.kind])
            try:
                newest = await self._newest()
            except Unavailable:
                continue  # then nothing new was written either
            except Exception:  # ours; the pages go on waiting all the same
                log.exception("what is new in web chats cannot be looked up")
                continue
            for peer, rev in newest.items():
                if any(page.rev < rev for page in self._pages.get(peer, ())):
                    self.wake(peer)

    async def _newest(self) -> dict[str, int]:
        peers = list(self._pages)
        return await run(self._database, lambda unit: unit.mailbox.newest(peers))


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
