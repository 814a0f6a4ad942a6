"""Several identical workers on one database: how many there are, and which of them asks Telegram for updates."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from storage.database import AnyDatabase, run
from usecases.ports import Unavailable

log = logging.getLogger("sahut.workers")

LEASE_S = 30
BEAT_S = 10.0
POLL_LEASE = "poll:telegram"


class Workers:
    """This process among its likes. `count` divides what the platform allows the whole bot. took_over: the lease
    for `alone` was not ours from the start."""

    def __init__(self, database: AnyDatabase, owner: str) -> None:
        self._database = database
        self._owner = owner
        self.count = 1
        self.took_over = False

    async def beat(self) -> None:
        """Say that we live, and count who else does."""
        try:
            self.count = await run(self._database, lambda unit: unit.system.worker_alive(self._owner, LEASE_S))
        except Unavailable:
            log.error("the database cannot be written; the count of workers waits")

    async def leave(self) -> None:
        await run(self._database, lambda unit: unit.system.drop_leases(self._owner))

    async def alone(self, serve: Callable[[], Awaitable[None]]) -> None:
        """Run `serve` in whichever worker holds the lease for it; the next one takes over within half a minute.

        SQLite has one process only (its lock file sees to that), and must not wait for a dead one's lease.
        """
        if self._database.kind == "sqlite":
            await serve()
            return
        while True:
            if await self._hold():
                await self._serve_while_holding(serve)
            self.took_over = True
            await asyncio.sleep(BEAT_S / 2)

    async def _serve_while_holding(self, serve: Callable[[], Awaitable[None]]) -> None:
        serving = asyncio.ensure_future(serve())
        try:
            while not serving.done():
                await asyncio.wait([serving], timeout=BEAT_S)
                if not await self._hold():
                    log.warning("another worker asks for updates now")
                    break
            if serving.done():
                serving.result()  # an error that ends the channel ends the program, as without workers
        finally:
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)

    async def _hold(self) -> bool:
        try:
            return await run(self._database, lambda unit: unit.system.take_lease(POLL_LEASE, self._owner, LEASE_S))
        except Unavailable:
            return False
