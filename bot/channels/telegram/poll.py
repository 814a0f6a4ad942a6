"""Asks Telegram for updates; the offset is stored with the events, so a crash between them loses nothing."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from bot.channels.telegram.client import Client
from bot.channels.telegram.door import Door
from bot.channels.telegram.inbound import CHANNEL
from bot.channels.telegram.problems import ApiError, Conflict, EndPointNotFound, InvalidToken, TooMany
from usecases.ports import Unavailable
from usecases.trouble import why

log = logging.getLogger(__name__)

CHUNK = 20
WAIT_S = 30  # how long the platform may hold an empty answer back
BACK_OFF_S = (1, 2, 5, 10, 30, 60)
STORAGE_S = 5.0
ALARM_AFTER = 3  # failures in a row

Sleep = Callable[[float], Awaitable[None]]


class Poller:
    """One loop per bot; a second one somewhere else is told by the platform (409) and by our log."""

    def __init__(
        self,
        client: Client,
        door: Door,
        allowed: Sequence[str],
        *,
        wait_s: int = WAIT_S,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._client = client
        self._door = door
        self._allowed = list(allowed)
        self._wait_s = wait_s
        self._sleep = sleep
        self._failures = 0

    async def run(self) -> None:
        """Until cancelled. raises: InvalidToken when the token does not work any more."""
        offset = await self._stored_offset()
        while True:
            try:
                updates = await self._ask(offset)
            except (InvalidToken, EndPointNotFound):
                raise
            except ApiError as error:
                await self._wait_after(error)
                continue
            self._failures = 0
            offset = await self._take_all(updates, offset)

    async def _stored_offset(self) -> int:
        while True:
            try:
                return await self._door.intake.cursor(CHANNEL)
            except Unavailable:
                await self._sleep(STORAGE_S)

    async def _ask(self, offset: int) -> list[Any]:
        params = {"limit": 100, "timeout": self._wait_s, "allowed_updates": self._allowed}
        if offset:
            params["offset"] = offset
        updates = await self._client.call("getUpdates", params, deadline_s=self._wait_s + 15)
        return updates if isinstance(updates, list) else []

    async def _take_all(self, updates: list[Any], offset: int) -> int:
        """Chunk after chunk, each with its offset in one commit; what storage refuses is tried again."""
        for at in range(0, len(updates), CHUNK):
            offset = await self._take_chunk(updates[at : at + CHUNK], offset)
        return offset

    async def _take_chunk(self, chunk: list[Any], offset: int) -> int:
        """Take updates in with their offset. An error of our own in one of them must not hold up all others."""
        cursor = _after(chunk, offset)
        try:
            await self._patiently(lambda: self._take(chunk, cursor))
        except Exception as error:
            log.exception("updates could not be taken in", extra={"count": len(chunk)})
            reason = type(error).__name__
            if len(chunk) == 1:
                await self._patiently(lambda: self._set_aside(chunk[0], cursor, reason))
            else:
                for update in chunk:
                    offset = await self._take_chunk([update], offset)
        return cursor

    async def _take(self, chunk: list[Any], cursor: int) -> None:
        await self._door.begun.finish(self._door.take(await self._door.sort(chunk), cursor=cursor))

    async def _set_aside(self, update: Any, cursor: int, reason: str) -> None:
        """Keep what could not be taken in for a person to look at, and go on behind it."""
        await self._door.quarantine(json.dumps(update, ensure_ascii=False).encode("utf-8", "replace"), reason)
        await self._door.take([], cursor=cursor)

    async def _patiently(self, work: Callable[[], Awaitable[None]]) -> None:
        """What storage refuses is tried again: until then the updates stay with Telegram."""
        while True:
            try:
                await work()
                return
            except Unavailable as away:
                log.error("storage cannot take updates now; they stay with Telegram", extra={"why": why(away)})
                await self._sleep(STORAGE_S)

    async def _wait_after(self, error: ApiError) -> None:
        if isinstance(error, TooMany):
            await self._sleep(error.seconds)
            return
        pause = BACK_OFF_S[min(self._failures, len(BACK_OFF_S) - 1)]
        self._failures += 1
        if isinstance(error, Conflict):
            await self._settle_conflict()
        elif self._failures == ALARM_AFTER:
            log.error("Telegram has not been reachable %d times in a row (%s)", self._failures, type(error).__name__)
        else:
            log.warning("Telegram could not be asked for updates (%s)", type(error).__name__)
        await self._sleep(pause)

    async def _settle_conflict(self) -> None:
        """A webhook somebody set is taken away; a second poller can only be reported."""
        try:
            info = await self._client.call("getWebhookInfo", {})
            if info.get("url"):
                log.error("a webhook is set for this bot while Sahut polls; it is taken away, nothing is dropped")
                await self._client.call("deleteWebhook", {"drop_pending_updates": False})
                return
        except ApiError as error:
            log.warning("the webhook could not be looked at (%s)", type(error).__name__)
            return
        if self._failures < ALARM_AFTER:  # our own run before a crash may still be asking
            log.warning("somebody else asks for this bot's updates (409)")
        else:
            log.error("a second program asks for this bot's updates (409). Stop it, or give it a bot of its own")


def _after(chunk: list[Any], offset: int) -> int:
    """The offset that confirms this chunk."""
    ids = [u["update_id"] for u in chunk if isinstance(u, dict) and type(u.get("update_id")) is int]
    return ids[-1] + 1 if ids else offset
