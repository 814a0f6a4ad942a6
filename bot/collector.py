"""Fetches received files from their channels, has them cleaned and stored, and says what became of them."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Mapping

from storage.database import AnyDatabase, run
from storage.files import Files, NotAccepted, NotCleaned
from usecases import collect
from usecases.house import House
from usecases.ports import Channel, FetchFailed, Unavailable
from usecases.records import MediaRow
from usecases.trouble import why
from usecases.unit import Unit

log = logging.getLogger("sahut.collector")

AT_ONCE = 4
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
        self._wake = asyncio.Event()

    def wake(self) -> None:
        self._wake.set()

    async def run(self) -> None:
        """Until cancelled. Four files at a time: each that is done makes room for the next."""
        busy: set[asyncio.Task[None]] = set()
        try:
            while True:
                self._wake.clear()
                room = AT_ONCE - len(busy)
                rows = await self._claim(room)
                for row in rows:
                    task = asyncio.create_task(self._one(row))
                    busy.add(task)
                    task.add_done_callback(busy.discard)
                if len(rows) < room:  # no more wait
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(self._wake.wait(), LOOK_S)
                elif len(busy) == AT_ONCE:
                    await asyncio.wait(busy, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in busy:
                task.cancel()
            await asyncio.gather(*busy, return_exceptions=True)

    async def _claim(self, most: int) -> list[MediaRow]:
        while True:
            try:
                return await run(self._database, lambda unit: collect.claim(unit, most))
            except Unavailable:
                await asyncio.sleep(1.0)
            except Exception:  # ours; those who write are heard all the same
                log.exception("files cannot be claimed; they wait")
                await asyncio.sleep(1.0)

    async def _one(self, row: MediaRow) -> None:
        try:
            await self._keep(row)
        except Unavailable as away:
            log.error("a file could not be noted; it is tried again", extra={"media_id": row.id, "why": why(away)})
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
        except NotAccepted as refused:
            reason = str(refused)
            await self._write(lambda unit: collect.rejected(unit, row.id, reason))
        except FetchFailed as failed:
            await self._failed(row, str(failed), permanent=failed.permanent)
        except NotCleaned as failed:
            await self._failed(row, str(failed), permanent=False)
        except TimeoutError:
            await self._failed(row, "too slow", permanent=False)
        else:
            await self._write(lambda unit: collect.stored(unit, self._house, row.id, stored))

    async def _failed(self, row: MediaRow, reason: str, *, permanent: bool) -> None:
        log.warning("a file could not be fetched", extra={"media_id": row.id, "why": reason})
        try:
            await self._write(lambda unit: collect.failed(unit, row, reason, permanent=permanent))
        except Unavailable as away:
            log.error("a file could not be noted; it is tried again", extra={"media_id": row.id, "why": why(away)})

    async def _write(self, work: Callable[[Unit], None]) -> None:
        """Note what became of a file, and tell how many messages that queued."""

        def counted(unit: Unit) -> int:
            work(unit)
            return unit.outbox.queued

        if queued := await run(self._database, counted):
            self._done(queued)
