"""The door of the house for all channels: when a call returns, everything it took in is committed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from conversations.inbound import Inbound
from storage.database import AnyDatabase, run
from storage.inbox import Arrival
from usecases import deliver, receive
from usecases import reports as reports_
from usecases.deliver import Job, Sent
from usecases.house import House
from usecases.ports import AccountEvent, Receipt, Report, Unavailable
from usecases.receive import Taken
from usecases.records import Leave
from usecases.unit import Unit


class Leaves(Protocol):
    """The sender, as far as the intake knows it."""

    def leave(self, channel: str, peer: str) -> Leave | None: ...

    def launch(self, job: Job) -> None: ...

    def carry(self) -> list[Sent]: ...

    def written(self, carried: Sequence[Sent]) -> None: ...

    def put_back(self, carried: Sequence[Sent]) -> None: ...


class HouseIntake:
    """Implements usecases.ports.Intake on a database. A caller that is cancelled leaves nothing half done: what follows
    the commit happens without it.

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

    async def take(self, events: Sequence[Inbound], *, cursor: tuple[str, int] | None = None) -> list[Receipt]:
        if not events and cursor is None:
            return []
        sender = self._sender
        leaves = [sender.leave(e.channel, e.peer) if sender and not e.group else None for e in events]

        def work(unit: Unit) -> Taken:
            return receive.take(unit, self._house, events, cursor=cursor, leaves=leaves)

        def committed(taken: Taken) -> None:
            if sender is not None:
                for job in taken.jobs:
                    sender.launch(job)
            self._woken(tuple(events), taken.queued)

        return (await self._carrying(work, [self._arrival(e) for e in events], committed)).receipts

    def _arrival(self, e: Inbound) -> Arrival:
        if self._house.like(e.channel).numbers:  # a person may have another id by now: their chat is found out inside
            return Arrival(e.channel, e.peer)
        locale = self._house.locale(e.language)
        return Arrival(e.channel, e.peer, e.key, str(e.kind), e.at, "" if e.group else e.sender, e.sender_name, locale)

    async def _carrying(
        self, work: Callable[[Unit], Taken], arrivals: Sequence[Arrival], committed: Callable[[Taken], None]
    ) -> Taken:
        """Run the unit; what the sender has to write down goes along, because it is often what stands in the way of
        the next answer to the same chat. It must not cost the unit anything: should it fail, the unit runs alone."""
        sender = self._sender
        carried = sender.carry() if sender is not None else []
        if sender is None or not carried:
            return await self._database.run(work, arrivals, committed)

        def both(unit: Unit) -> Taken:
            deliver.settle(unit, self._house, carried)
            return work(unit)

        def both_committed(taken: Taken) -> None:
            sender.written(carried)
            committed(taken)

        try:
            return await self._database.run(both, arrivals, both_committed)
        except BaseException as error:  # a cancelled one may be committed yet: writing it down twice changes nothing
            sender.put_back(carried)
            if isinstance(error, Unavailable) or not isinstance(error, Exception):
                raise
        return await self._database.run(work, arrivals, committed)

    async def report(self, reports: Sequence[Report], events: Sequence[AccountEvent] = ()) -> None:
        queued = await run(self._database, lambda unit: reports_.taken(unit, self._house, reports, events))
        if queued:
            self._woken((), queued)

    async def quarantine(self, channel: str, body: bytes, reason: str) -> None:
        await run(self._database, lambda unit: unit.inbox.quarantine(channel, body, reason))

    async def cursor(self, channel: str) -> int:
        return await run(self._database, lambda unit: unit.system.cursor(channel))
