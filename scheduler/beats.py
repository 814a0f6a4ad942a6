"""What happens at each beat: due reminders, dialogues to wake, events to think about again, lost leases.

Every beat may be missed or doubled: the work is rows, and each row is done once.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from msgspec import Struct

from usecases import reports, run_due, think_again
from usecases.house import House
from usecases.ports import Unavailable
from usecases.trouble import why
from usecases.unit import Unit

log = logging.getLogger("sahut.beats")

Run = Callable[[Callable[[Unit], Any]], Awaitable[Any]]

LOOK_S = 5.0
RETRY_S = 0.5
RECOVER_S = 5.0
TIDY_S = 3600.0
MANY = 500  # rows tidied in one transaction
BATCH = 20  # reminders in one transaction: others write between two of them


class Beats(Struct, frozen=True):
    """run: carries out a unit of work. woken: something may have to be sent now."""

    run: Run
    house: House
    woken: Callable[[], None]

    async def look_at_due(self) -> int:
        """Fire everything due: reminders in batches, then dialogues that asked to be woken."""
        looked = 0
        try:
            while (count := await self.run(lambda unit: run_due.fire_due(unit, self.house, BATCH))) > 0:
                looked += count
            while (count := await self.run(lambda unit: run_due.wake_due(unit, self.house))) > 0:
                looked += count
        except Unavailable as away:
            log.error("the database cannot be written; due work waits", extra={"why": why(away)})
        if looked:
            log.info("due work looked at", extra={"count": looked})
            self.woken()
        return looked

    async def think_again(self) -> int:
        """Events that were kept for later, one chat after the other."""
        settled = 0
        try:
            for chat in await self.run(think_again.chats_to_think):
                settled += await self.run(partial(think_again.think_again, house=self.house, chat_id=chat))
        except Unavailable as away:
            log.error("the database cannot be written; kept events wait", extra={"why": why(away)})
        if settled:
            self.woken()
        return settled

    async def recover(self) -> None:
        """Messages whose sender died, and news of messages that were not known yet."""
        try:
            await self.run(lambda unit: reports.again(unit, self.house))
            if await self.run(lambda unit: unit.outbox.recover(self.house.reporting)):
                self.woken()
        except Unavailable as away:
            log.error("the database cannot be written; recovery waits", extra={"why": why(away)})

    async def tidy(self) -> None:
        """What nobody asks about any more."""
        over = self.house.city.policy.similar_closed
        try:
            await self.run(lambda unit: unit.links.forget())
            while await self.run(lambda unit: unit.tickets.withdraw(unit.now - over, MANY)) == MANY:
                pass
        except Unavailable as away:
            log.error("the database cannot be written; tidying waits", extra={"why": why(away)})
