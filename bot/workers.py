"""Several identical workers on one database: how many there are, whether they share what they must, and which of them
asks Telegram for updates."""

from __future__ import annotations

import asyncio
import hmac
import logging
import uuid
from collections.abc import Awaitable, Callable, Iterable
from typing import NamedTuple, Self

from storage.database import AnyDatabase, run
from usecases.ports import Unavailable
from usecases.trouble import why

log = logging.getLogger("sahut.workers")

LEASE_S = 30
BEAT_S = 10.0
POLL_LEASE = "poll:telegram"


class NotAlike(Exception):
    """Another worker does not share what workers must share; the message says what to set."""


class Owner(NamedTuple):
    """A worker as its leases name it, with what it must have in common with all others; never the key itself."""

    key: str
    folder: str
    worker: str

    @classmethod
    def of(cls, key: bytes, folder: str) -> Self:
        return cls(hmac.digest(key, b"workers", "sha256").hex()[:16], folder[:16], uuid.uuid4().hex)

    def __str__(self) -> str:
        return ".".join(self)

    def unlike(self, alive: Iterable[str]) -> str:
        """What to do about one of those that live; "" when all fit, or are of a version that did not say."""
        others = [Owner(*parts) for one in alive if len(parts := one.split(".")) == len(self._fields)]
        if any(other.key != self.key for other in others):
            return _OTHER_KEY
        if any(other.folder != self.folder for other in others):
            return _OTHER_FOLDER
        return ""


_SOON = f"If that one has just been ended, wait {LEASE_S} seconds."
_OTHER_KEY = (
    "another worker on this database has another key, so each would refuse the buttons that the other one makes. "
    f"Give all of them the same SECRET_KEY, or the same DATA_DIR. {_SOON}"
)
_OTHER_FOLDER = (
    "another worker on this database keeps its pictures in another folder, where this one does not find them. "
    f"Give all of them the same DATA_DIR, on a disk that they share. {_SOON}"
)


class Workers:
    """This process among its likes. `count` divides what the platform allows the whole bot. took_over: the lease
    for `alone` was not ours from the start."""

    def __init__(self, database: AnyDatabase, owner: Owner) -> None:
        self._database = database
        self._named = owner
        self._owner = str(owner)
        self.count = 1
        self.took_over = False

    async def join(self) -> None:
        """Before anything is taken in or sent. raises: NotAlike, Unavailable"""
        if self._database.kind == "sqlite":
            return
        if unlike := await self._look_around():
            await self.leave()
            raise NotAlike(unlike)

    async def beat(self) -> None:
        """Say that we live, and count who else does."""
        try:
            unlike = await self._look_around()
        except Unavailable as away:
            log.error("the database cannot be written; the count of workers waits", extra={"why": why(away)})
            return
        if unlike:  # both came at the same moment
            log.critical(unlike)

    async def _look_around(self) -> str:
        alive = await run(self._database, lambda unit: unit.system.worker_alive(self._owner, LEASE_S))
        self.count = max(1, len(alive))
        return self._named.unlike(alive)

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
            if not await self._why_not():
                await self._serve_while_holding(serve)
            self.took_over = True
            await asyncio.sleep(BEAT_S / 2)

    async def _serve_while_holding(self, serve: Callable[[], Awaitable[None]]) -> None:
        serving = asyncio.ensure_future(serve())
        try:
            while not serving.done():
                await asyncio.wait([serving], timeout=BEAT_S)
                if reason := await self._why_not():
                    log.warning("updates are not asked for here any more", extra={"why": reason})
                    break
            if serving.done():
                serving.result()  # an error that ends the channel ends the program, as without workers
        finally:
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)

    async def _why_not(self) -> str:
        """Takes or keeps the lease; "" while it is ours, else what speaks against it."""
        try:
            ours = await run(self._database, lambda unit: unit.system.take_lease(POLL_LEASE, self._owner, LEASE_S))
        except Unavailable as away:
            return f"the database is away: {why(away)}"
        return "" if ours else "another worker asks"
