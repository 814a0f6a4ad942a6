"""The door of the house for all channels: when a call returns, everything it took in is committed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from conversations.inbound import Inbound
from storage.database import AnyDatabase, run
from usecases import receive
from usecases.house import House
from usecases.ports import Receipt


class HouseIntake:
    """Implements usecases.ports.Intake on a database. `woken` is called after each commit."""

    def __init__(self, database: AnyDatabase, house: House, woken: Callable[[tuple[Inbound, ...]], None]) -> None:
        self._database = database
        self._house = house
        self._woken = woken

    async def take(self, events: Sequence[Inbound], *, cursor: int | None = None) -> list[Receipt]:
        if not events and cursor is None:
            return []
        channel = events[0].channel if events else "telegram"
        receipts = await run(
            self._database, lambda unit: receive.take(unit, self._house, events, channel, cursor)
        )
        self._woken(tuple(events))
        return receipts

    async def quarantine(self, channel: str, body: bytes, reason: str) -> None:
        await run(self._database, lambda unit: unit.inbox.quarantine(channel, body, reason))

    async def cursor(self, channel: str) -> int:
        return await run(self._database, lambda unit: unit.system.cursor(channel))
