"""Fetches received files from their channels, has them cleaned and stored, and says what became of them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping

from storage.database import AnyDatabase, run
from storage.files import Files, NotAccepted, NotCleaned
from usecases import collect
from usecases.house import House
from usecases.ports import Channel, FetchFailed, Unavailable
from usecases.records import MediaRow
from usecases.unit import Unit

log = logging.getLogger("sahut.collector")

LOOK_S = 5.0
FETCH_S = 30.0


class Collector:
    def __init__(
        self,
        database: AnyDatabase,
        house: House,
        channels: Mapping[str, Channel],
        files: Files,
        done: Callable[[int], None],
    ) -> None:
        self._database = database
        self._house = house
        self._channels = channels
        self.files = files
        self._done = done  # so many messages wait to be sent now
        self._queued = 0
        self._wake = asyncio.Event()

    def wake(self) -> None:
        self._wake.set()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            self._wake.clear()
            try:
                rows = await run(self._database, collect.claim)
            except Unavailable:
                await asyncio.sleep(1.0)
                continue
            if rows:
                await asyncio.gather(*(self._one(row) for row in rows))
                if self._queued:
                    self._done(self._queued)
                    self._queued = 0
                continue
            try:
                await asyncio.wait_for(self._wake.wait(), LOOK_S)
            except TimeoutError:
                continue

    async def _one(self, row: MediaRow) -> None:
        try:
            await self._keep(row)
        except Unavailable:
            log.error("a file could not be noted; it is tried again", extra={"media_id": row.id})
        except Exception as error:
            log.exception("a file could not be kept", extra={"media_id": row.id})
            await self._failed(row, type(error).__name__, permanent=False)

    async def _keep(self, row: MediaRow) -> None:
        channel = self._channels.get(row.channel)
        if channel is None:
            await self._failed(row, "channel not configured", permanent=False)
            return
        try:
            async with asyncio.timeout(FETCH_S):
                data = await channel.fetch(row.ref)
            stored = await self.files.keep(row.kind, data)
        except NotAccepted as why:
            reason = str(why)
            await self._write(lambda unit: collect.rejected(unit, row.id, reason))
        except FetchFailed as failed:
            await self._failed(row, str(failed), permanent=failed.permanent)
        except NotCleaned as why:
            await self._failed(row, str(why), permanent=False)
        except TimeoutError:
            await self._failed(row, "too slow", permanent=False)
        else:
            await self._write(lambda unit: collect.stored(unit, self._house, row.id, stored))

    async def _failed(self, row: MediaRow, why: str, *, permanent: bool) -> None:
        log.warning("a file could not be fetched", extra={"media_id": row.id, "why": why})
        try:
            await self._write(lambda unit: collect.failed(unit, row, why, permanent=permanent))
        except Unavailable:
            log.error("a file could not be noted; it is tried again", extra={"media_id": row.id})

    async def _write(self, work: Callable[[Unit], None]) -> None:
        """Note what became of a file, and how many messages that queued."""

        def counted(unit: Unit) -> int:
            work(unit)
            return unit.outbox.queued

        self._queued += await run(self._database, counted)
