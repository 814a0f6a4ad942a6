"""The database's door: one writer with group commit on SQLite, a pool of connections on PostgreSQL.

A unit of work is a plain synchronous function that gets a `Unit`. It must not wait, send or fetch. When
`run` returns, its transaction is committed; when it raises, nothing of it is there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import datetime
from typing import Protocol, TypeVar

import sqlalchemy as sa

from storage.inbox import Arrival
from storage.unit import Unit
from storage.waiting import After

T = TypeVar("T")
Work = Callable[[Unit], T]


class AnyDatabase(Protocol):
    """What the rest of the house needs from a database."""

    kind: str
    engine: sa.Engine

    def submit(self, work: Work[T]) -> Future[T]:
        """Queue a unit of work; the future is done after the commit. raises: Unavailable inside the future."""

    async def run(self, work: Work[T], arrivals: Sequence[Arrival] = (), after: After | None = None) -> T:
        """The same from the event loop; a cancelled caller does not interrupt the transaction.

        arrivals: what the unit is going to take in, as a hint
        after: called in the loop with the unit's value once it is committed, also when the caller is gone by then
        """

    def close(self) -> None:
        """Finish what is queued and let go."""


def open_database(url: str, now: Callable[[], datetime]) -> AnyDatabase:
    """The database behind a SQLAlchemy URL (sqlite:// or postgresql+psycopg://)."""
    if url.startswith("sqlite"):
        from storage.sqlite_writer import SqliteDatabase

        return SqliteDatabase(url, now)
    from storage.postgres_pool import PostgresDatabase  # loads the driver only where it is used

    return PostgresDatabase(url, now)


async def run(database: AnyDatabase, work: Work[T]) -> T:
    """Await a unit of work. raises: Unavailable, and what the unit itself raises."""
    return await database.run(work)
