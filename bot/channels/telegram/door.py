"""What happens to updates, whichever way they came: parsed, taken in, and only then acknowledged."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime
from typing import Any

from bot.channels.begun import Begun
from bot.channels.body import Unreadable
from bot.channels.telegram.inbound import CHANNEL, BotSelf, parse
from bot.channels.telegram.keyboards import ReplyKeyboards
from bot.channels.telegram.wording import TOAST_LIMIT, shorten
from conversations.inbound import Inbound, Kind
from usecases.ports import Intake, Receipt

log = logging.getLogger(__name__)

ANSWER = "answerCallbackQuery"
Toast = Callable[[str, str, bool], Coroutine[Any, Any, None]]


def shown(press_id: str, words: str, *, alert: bool) -> dict[str, Any]:
    """The parameters that end the waiting sign of a pressed button, with words or without."""
    params: dict[str, Any] = {"callback_query_id": press_id}
    if words:
        params["text"] = shorten(words, TOAST_LIMIT)
    return params | {"show_alert": True} if alert else params


class Door:
    """Between Telegram's updates and the house.

    A toast leaves after the commit: in the answer to the webhook where there is one, else as a call of its own that
    nobody waits for. When it is lost only a small line on a button is lost.
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
        self.begun = Begun()

    def read(self, update: object) -> list[Inbound]:
        """The events of an update. raises: Unreadable."""
        return parse(update, bot=self.me, now=self._now())

    async def take(
        self, events: Sequence[Inbound], *, cursor: int | None = None, replying: bool = False
    ) -> dict[str, Any] | None:
        """Hand the events in; returns when they are committed. raises: Unavailable.

        replying: the caller can carry one call back to the platform, the one that is returned

        A caller that is cancelled meanwhile (a client that hung up, a stop) does not tear the commit in two; only the
        toasts are lost with it.
        """
        for event in events:
            if event.kind is Kind.MESSAGE and not event.group:
                self._keyboards.heard(event.peer, event.text, pin=event.pin is not None)
        receipts = await self.intake.take(events, cursor=None if cursor is None else (CHANNEL, cursor))
        presses = {event.key: event.press_id for event in events if event.kind is Kind.PRESS}
        answers = [(presses.pop(one.key), one) for one in receipts if one.key in presses]
        if replying and len(answers) == 1:
            [(press_id, receipt)] = answers
            return {"method": ANSWER, **shown(press_id, receipt.toast, alert=receipt.alert)}
        for press_id, receipt in answers:
            self.begun.start(self._answer(press_id, receipt))
        return None

    async def quarantine(self, body: bytes, reason: str) -> None:
        """Keep a body nobody could read. raises: Unavailable."""
        log.error("an update could not be read and was put into quarantine: %s", reason)
        await self.begun.finish(self.intake.quarantine(CHANNEL, body, reason))

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

    async def _answer(self, press_id: str, receipt: Receipt) -> None:
        await self._toast(press_id, receipt.toast, receipt.alert)
