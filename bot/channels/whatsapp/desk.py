"""Where reports about our own messages queue: many at a time in one transaction, one transaction at a time, so that
a flood of them never stands before a citizen's message."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from msgspec import Struct

from usecases.ports import AccountEvent, Intake, Report, Unavailable

log = logging.getLogger(__name__)

BATCH = 100  # a transaction of a few milliseconds


class _Waiting(Struct):
    reports: Sequence[Report]
    events: Sequence[AccountEvent]
    done: asyncio.Future[None]


class Desk:
    def __init__(self, intake: Intake) -> None:
        self._intake = intake
        self._queue: list[_Waiting] = []
        self._work: asyncio.Task[None] | None = None

    async def take(self, reports: Sequence[Report], events: Sequence[AccountEvent]) -> None:
        """Returns when they are committed. raises: Unavailable."""
        waiting = _Waiting(reports, events, asyncio.get_running_loop().create_future())
        self._queue.append(waiting)
        if self._work is None or self._work.done():
            self._work = asyncio.create_task(self._serve())
        await asyncio.shield(waiting.done)

    async def _serve(self) -> None:
        while self._queue:
            batch = [self._queue.pop(0)]
            count = len(batch[0].reports)
            while self._queue and count + len(self._queue[0].reports) <= BATCH:
                count += len(self._queue[0].reports)
                batch.append(self._queue.pop(0))
            await self._commit(batch)

    async def _commit(self, batch: list[_Waiting]) -> None:
        reports = [report for one in batch for report in one.reports]
        events = [event for one in batch for event in one.events]
        problem: BaseException | None = None
        try:
            for at in range(0, max(1, len(reports)), BATCH):
                await self._intake.report(reports[at : at + BATCH], events if at == 0 else ())
        except Exception as error:
            problem = error if isinstance(error, Unavailable) else Unavailable(type(error).__name__)
            if not isinstance(error, Unavailable):
                log.error("reports could not be taken in", exc_info=error)
        for one in batch:
            if one.done.done():
                continue
            if problem is None:
                one.done.set_result(None)
            else:
                one.done.set_exception(problem)
                one.done.exception()  # its webhook may be gone: then nobody else looks
