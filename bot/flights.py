"""Sends under way, or ended and not yet written down. Behind one to a private chat a further message may queue."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from msgspec import Struct

from usecases.deliver import Job

REMEMBERED = 1_000


class Flight(Struct):
    """until: the tick at which it is called off. late: it was. behind: leaves after it. ended: not written down"""

    job: Job
    task: asyncio.Task[None]
    until: float
    late: bool = False
    behind: Job | None = None
    ended: bool = False


class Flights:
    def __init__(self) -> None:
        self._all: dict[str, Flight] = {}  # by the mark of the claim
        self._ahead: dict[tuple[str, str], Flight] = {}  # by channel and peer: those that others may wait behind
        self._failed: dict[str, None] = {}  # the marks of the last ones that did not arrive
        self.under_way = 0  # of those, without the ones that have ended

    def __len__(self) -> int:
        return len(self._all)

    def __iter__(self) -> Iterator[Flight]:
        return iter(self._all.values())

    def marks(self) -> list[str]:
        """Of all that is claimed: the sends, and what waits behind them."""
        return [*self._all, *(flight.behind.row.fence for flight in self if flight.behind is not None)]

    def begin(self, flight: Flight) -> None:
        row = flight.job.row
        self._all[row.fence] = flight
        self.under_way += 1
        if not row.group and not flight.job.message.photos:  # an upload may take longer than a lease lasts for two
            self._ahead[row.channel, row.peer] = flight

    def get(self, mark: str) -> Flight | None:
        return self._all.get(mark)

    def ahead_of(self, channel: str, peer: str) -> Flight | None:
        return self._ahead.get((channel, peer))

    def end(self, mark: str, *, failed: bool) -> Job | None:
        """The send has ended; returns what waits behind it."""
        flight = self._all.get(mark)
        if flight is None:
            return None
        self._ends(flight)
        if failed:
            self._failed[mark] = None
            if len(self._failed) > REMEMBERED:
                del self._failed[next(iter(self._failed))]
        self._leave_way(flight)
        behind, flight.behind = flight.behind, None
        return behind

    def wait_behind(self, job: Job) -> bool:
        """Let it wait for the end of the send it was decided behind, when that is under way and nothing else waits."""
        ahead = self._all.get(job.behind)
        if ahead is None or ahead.ended or ahead.behind is not None:
            return False
        ahead.behind = job
        return True

    def overtakes(self, job: Job) -> bool:
        """Would it leave before the message it was decided behind, which did not arrive or is still under way?"""
        ahead = self._all.get(job.behind)
        return job.behind in self._failed or (ahead is not None and not ahead.ended)

    def forget(self, mark: str) -> None:
        """Its end is written down."""
        flight = self._all.pop(mark, None)
        if flight is not None:
            self._ends(flight)
            self._leave_way(flight)

    def _ends(self, flight: Flight) -> None:
        if not flight.ended:
            flight.ended = True
            self.under_way -= 1

    def _leave_way(self, flight: Flight) -> None:
        way = flight.job.row.channel, flight.job.row.peer
        if self._ahead.get(way) is flight:
            del self._ahead[way]
