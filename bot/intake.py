"""The door of the house for all channels: when a call returns, everything it took in is committed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from bot.fences import fence
from conversations.inbound import Inbound
from storage.database import AnyDatabase, run
from usecases import receive
from usecases import reports as reports_
from usecases.deliver import Job
from usecases.house import House
from usecases.ports import AccountEvent, Receipt, Report


class Leaves(Protocol):
    """The sender, as far as the intake knows it."""

    def may_leave(self, channel: str, peer: str) -> bool: ...

    def launch(self, job: Job) -> None: ...


class HouseIntake:
    """Implements usecases.ports.Intake on a database.

    woken:  called after each commit with what came in and how many messages wait to leave
    sender: sends answers that were claimed in the same transaction; None leaves all to the outbox's own pace
    """

    def __init__(
        self,
        database: AnyDatabase,
        house: House,
        woken: Callable[[tuple[Inbound, ...], int], None],
        sender: Leaves | None = None,
    ) -> None:
        self._database = database
        self._house = house
        self._woken = woken
        self._sender = sender

    async def take(self, events: Sequence[Inbound], *, cursor: int | None = None) -> list[Receipt]:
        if not events and cursor is None:
            return []
        channel = events[0].channel if events else "telegram"
        sender = self._sender
        fences = [fence() if sender and not e.group and sender.may_leave(e.channel, e.peer) else "" for e in events]
        taken = await run(
            self._database,
            lambda unit: receive.take(unit, self._house, events, channel=channel, cursor=cursor, fences=fences),
            [(event.channel, event.peer) for event in events],
        )
        if sender is not None:
            for job in taken.jobs:
                sender.launch(job)
        self._woken(tuple(events), taken.queued)
        return taken.receipts

    async def report(self, reports: Sequence[Report], events: Sequence[AccountEvent] = ()) -> None:
        queued = await run(self._database, lambda unit: reports_.taken(unit, self._house, reports, events))
        if queued:
            self._woken((), queued)

    async def quarantine(self, channel: str, body: bytes, reason: str) -> None:
        await run(self._database, lambda unit: unit.inbox.quarantine(channel, body, reason))

    async def cursor(self, channel: str) -> int:
        return await run(self._database, lambda unit: unit.system.cursor(channel))
