"""A broken Sahut for the crash test: it says "ok" to Telegram first and stores afterwards. Never shipped."""

from __future__ import annotations

import asyncio
import sys

from bot.__main__ import main
from bot.channels.telegram import webhook
from bot.channels.telegram.door import Door

_take = webhook._take
_later: set[asyncio.Task[None]] = set()


async def _answer_first(door: Door, body: bytes) -> None:
    """What a bot with an in-memory queue does: the update is safe nowhere when the 200 leaves."""
    task = asyncio.get_running_loop().create_task(_take(door, body))
    _later.add(task)
    task.add_done_callback(_later.discard)


if __name__ == "__main__":
    webhook._take = _answer_first
    sys.argv = ["sahut", "run"]
    sys.exit(main())
