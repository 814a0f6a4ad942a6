"""What happens to updates, whichever way they came: parsed, taken in, and only then acknowledged."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime
from typing import Any

from bot.channels.body import Unreadable
from bot.channels.telegram.inbound import CHANNEL, BotSelf, parse
from bot.channels.telegram.keyboards import ReplyKeyboards
from conversations.inbound import Inbound, Kind
from usecases.ports import Intake, Receipt

log = logging.getLogger(__name__)

Toast = Callable[[str, str, bool], Coroutine[Any, Any, None]]


class Door:
    """Between Telegram's updates and the house.

    A toast is sent after the commit and after the answer to the platform; nobody waits for it, and when it is
    lost only a small line on a button is lost.
    """

    def __init__(
        self,
        intake: Intake,
        me: BotSelf,
        *,
        now: Callable[[], datetime],
        toast: Toast,
        keyboards: ReplyKeyboards,
    ) -> None:
        self.intake = intake
        self.me = me
        self._now = now
        self._toast = toast
        self._keyboards = keyboards
        self._tasks: set[asyncio.Task[Any]] = set()

    def read(self, update: object) -> list[Inbound]:
        """The events of an update. raises: Unreadable."""
        return parse(update, bot=self.me, now=self._now())

    async def take(self, events: Sequence[Inbound], *, cursor: int | None = None) -> None:
        """Hand the events in; returns when they are committed. raises: Unavailable.

        A caller that is cancelled meanwhile (a client that hung up, a stop) does not tear the commit in two.
        """
        work = self._keep(self._take(events, cursor))
        await asyncio.shield(work)

    async def quarantine(self, body: bytes, reason: str) -> None:
        """Keep a body nobody could read. raises: Unavailable."""
        log.error("an update could not be read and was put into quarantine: %s", reason)
        await asyncio.shield(self._keep(self.intake.quarantine(CHANNEL, body, reason)))

    async def sort(self, updates: Sequence[object]) -> list[Inbound]:
        """The events of several updates; those that cannot be read go to quarantine. raises: Unavailable."""
        events: list[Inbound] = []
        for update in updates:
            try:
                events += self.read(update)
            except Unreadable as why:
                body = json.dumps(update, ensure_ascii=False).encode("utf-8", "replace")
                await self.quarantine(body, str(why))
        return events

    async def close(self) -> None:
        """Let commits and toasts under way end."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=5)

    async def _take(self, events: Sequence[Inbound], cursor: int | None) -> None:
        for event in events:
            if event.kind is Kind.MESSAGE and not event.group:
                self._keyboards.heard(event.peer, event.text, pin=event.pin is not None)
        receipts = await self.intake.take(events, cursor=cursor)
        presses = {event.key: event.press_id for event in events if event.kind is Kind.PRESS}
        for receipt in receipts:
            if (press_id := presses.pop(receipt.key, None)) is not None:
                self._keep(self._answer(press_id, receipt))

    async def _answer(self, press_id: str, receipt: Receipt) -> None:
        await self._toast(press_id, receipt.toast, receipt.alert)

    def _keep(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """A task that is not lost and whose failure is not silent even when nobody waits for it any more."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()  # told to whoever waits; for one who was cancelled it counts as seen
