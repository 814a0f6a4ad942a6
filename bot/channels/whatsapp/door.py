"""What happens to a webhook's body: taken apart, taken in, and only then acknowledged."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
from datetime import datetime

from bot.channels.begun import Begun
from bot.channels.body import Unreadable, parse_json
from bot.channels.whatsapp.desk import Desk
from bot.channels.whatsapp.inbound import CHANNEL, Parsed, parse
from conversations.inbound import Inbound
from usecases.ports import Intake, Unavailable

log = logging.getLogger(__name__)

MANY = 10  # parts that cannot be read, of one body
CHUNK = 20  # messages in one transaction


class Door:
    """Between WhatsApp's webhooks and the house. number: our phone number id."""

    def __init__(self, intake: Intake, number: str, *, now: Callable[[], datetime]) -> None:
        self._intake = intake
        self._number = number
        self._now = now
        self._desk = Desk(intake)
        self._begun = Begun()

    async def take(self, body: bytes) -> None:
        """Returns when everything in the body is committed. raises: Unavailable.

        A caller that is cancelled meanwhile (a client that hung up, a stop) does not tear the commit in two.
        """
        await self._begun.finish(self._take(body))

    async def close(self) -> None:
        """Let commits under way end."""
        await self._begun.close()

    async def _take(self, body: bytes) -> None:
        """Messages first, because somebody waits for an answer; then what could not be read; statuses last."""
        try:
            parsed = parse(parse_json(body), number=self._number, now=self._now())
        except Unreadable as why:
            log.error("a webhook could not be read and was put into quarantine: %s", why)
            await self._intake.quarantine(CHANNEL, body, str(why))
            return
        for at in range(0, len(parsed.messages), CHUNK):
            await self._messages(parsed.messages[at : at + CHUNK], body)
        await self._set_aside(parsed, body)
        if parsed.reports or parsed.events:
            await self._desk.take(parsed.reports, parsed.events)

    async def _messages(self, some: Sequence[Inbound], whole: bytes) -> None:
        """Take messages in. An error of our own in one of them must not hold up the others, nor come again for days:
        the body is kept for a person to look at."""
        try:
            await self._intake.take(some)
        except Unavailable:
            raise
        except Exception as error:
            log.exception("messages could not be taken in", extra={"count": len(some)})
            if len(some) == 1:
                await self._intake.quarantine(CHANNEL, whole, type(error).__name__)
                return
            for one in some:
                await self._messages([one], whole)

    async def _set_aside(self, parsed: Parsed, whole: bytes) -> None:
        """Each part by itself; of a body full of them, the whole."""
        if parsed.passed_over:
            log.info("parts of a webhook that call for no answer", extra={"count": parsed.passed_over})
        if not parsed.odd:
            return
        reason = parsed.odd[0][1]
        log.error("parts of a webhook were put into quarantine: %s", reason, extra={"count": len(parsed.odd)})
        if len(parsed.odd) > MANY:
            await self._intake.quarantine(CHANNEL, whole, f"{len(parsed.odd)} parts, the first: {reason}")
            return
        for part, why in parsed.odd:
            body = json.dumps(part, ensure_ascii=False).encode("utf-8", "replace")
            await self._intake.quarantine(CHANNEL, body, why)
