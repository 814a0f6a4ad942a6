"""Pages that listen to web chats: woken at once, and forgotten when they are gone."""

from __future__ import annotations

import asyncio
from typing import Any

from bot.mailbox import DatabaseMailbox


class NoDatabase:
    """Nothing was ever written."""

    kind = "sqlite"

    async def run(self, _: object) -> list[object]:
        return []


def mailbox() -> DatabaseMailbox:
    nothing: Any = NoDatabase()
    return DatabaseMailbox(nothing)


async def test_everybody_who_listens_to_a_chat_is_woken():
    box = mailbox()
    pages = [asyncio.ensure_future(box.wait("v-1", 0, 30)) for _ in range(3)]
    other = asyncio.ensure_future(box.wait("v-2", 0, 30))
    await asyncio.sleep(0.01)
    box.wake("v-1")
    await asyncio.wait_for(asyncio.gather(*pages), 0.5)
    assert not other.done()
    other.cancel()


async def test_a_page_that_went_away_leaves_nothing_behind():
    """Each visitor has a chat of their own: whoever only looks must not stay in memory for ever."""
    box = mailbox()
    await box.wait("v-1", 0, 0.001)
    gone = asyncio.ensure_future(box.wait("v-2", 0, 30))
    await asyncio.sleep(0.01)
    gone.cancel()
    await asyncio.gather(gone, return_exceptions=True)
    assert box._news == {}
