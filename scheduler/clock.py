"""The only door to APScheduler: calls plain async functions at an interval, remembers nothing."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

log = logging.getLogger("sahut.clock")

Beat = Callable[[], Awaitable[object]]


class BeatClock:
    """Beats missed while the process was busy come once, not many times; a beat never overlaps itself."""

    def __init__(self) -> None:
        self._scheduler = AsyncIOScheduler(
            timezone="UTC", job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 2}
        )

    def every(self, seconds: float, beat: Beat, name: str) -> None:
        working = told = False

        async def once() -> None:
            nonlocal working, told
            if working:  # it hangs, as while the database does; a warning at every beat would bury the log
                if not told:
                    log.warning("a beat takes longer than its interval; it is not begun again", extra={"beat": name})
                told = True
                return
            working, told = True, False
            try:
                with suppress(asyncio.CancelledError):  # to be stopped is no error of the beat
                    await beat()
            finally:
                working = False

        jitter = seconds / 10 if seconds >= 10 else None  # several workers need not look in the same moment
        self._scheduler.add_job(once, IntervalTrigger(seconds=seconds, jitter=jitter), id=name, name=name)

    def start(self) -> None:
        self._scheduler.start()

    def stop(self) -> None:
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
