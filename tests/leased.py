"""Databases on PostgreSQL that go from test to test, wiped in between, with the connections to them still open.

Making a database is 300 files, and a new connection knows no table and no plan: together they took more than most tests
themselves. A database whose tables, statistics or connections are not what they were is thrown away.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import psycopg

from storage.database import AnyDatabase, open_database
from storage.postgres_pool import PostgresDatabase
from tests import pg

USES = 60  # what is deleted still lies in the files, and nobody tidies them up
LOOKS_FOR_LEAVING = 20  # a connection that was closed is gone a moment later
LARGE = 512 * 1024  # bytes of one table, from which plans might differ
EMPTY = """
DO $$
DECLARE
    one record;
BEGIN
    SET LOCAL lock_timeout = '1s';
    SET LOCAL session_replication_role = replica; -- in whatever order
    FOR one IN SELECT oid::regclass AS name FROM pg_class
            WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'alembic_version' LOOP
        EXECUTE format('DELETE FROM %s', one.name);
    END LOOP;
    PERFORM setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
        FROM pg_sequences WHERE last_value IS NOT NULL;
END
$$
"""
LOOKS = "SELECT {} ".format(
    ", ".join(
        f"(SELECT (count(*), max(xmin::text::bigint))::text FROM {table})"
        for table in ("pg_class", "pg_attribute", "pg_constraint", "pg_trigger", "pg_statistic")
    )
)
LARGEST = "SELECT max(pg_relation_size(oid)) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
CONNECTIONS = (
    "SELECT count(*), count(*) FILTER (WHERE state <> 'idle') FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


class Leased:
    """One database, a hand of ours in it, and the door that a test left open."""

    def __init__(self, server: pg.Server, template: str) -> None:
        self._server = server
        self._name = server.create(template)
        self.url = server.url(self._name)
        self._hand = psycopg.connect(self.url.replace("+psycopg", ""), autocommit=True)
        self._looked = self._look()
        self._uses = 0
        self._now: Callable[[], datetime] = lambda: datetime.now(UTC)
        self.door: PostgresDatabase | None = None
        self._in_use = False

    def opens(self, now: Callable[[], datetime]) -> PostgresDatabase | None:
        """The door for a test, which closes it or does not; None: somebody has it."""
        if self._in_use:
            return None
        self._in_use, self._now = True, now
        if self.door is None:
            self.door = PostgresDatabase(self.url, lambda: self._now())
        return self.door

    def wiped(self) -> bool:
        """Whether the next test may have it."""
        self._uses += 1
        self._in_use = False
        try:
            return self._uses < USES and self._quiet() and self._emptied()
        except psycopg.Error:
            return False

    def _quiet(self) -> bool:
        """All connections are the door's, are there, and have nothing to do."""
        mine = 0
        if self.door is not None:
            if self.door.submit(lambda unit: None).exception(5) is not None:
                return False
            pool: Any = self.door.engine.pool
            mine = pool.checkedin() + pool.checkedout()
        for _ in range(LOOKS_FOR_LEAVING):
            if self._hand.execute(CONNECTIONS).fetchone() == (mine, 0):
                return True
            time.sleep(0.005)
        return False

    def _emptied(self) -> bool:
        if self._look() != self._looked or self._hand.execute(LARGEST).fetchone()[0] > LARGE:  # type: ignore[index]
            return False
        self._hand.execute(EMPTY)
        return True

    def _look(self) -> Any:
        return self._hand.execute(LOOKS).fetchone()

    def end(self) -> None:
        if self.door is not None:
            self.door.close()
        self._hand.close()
        self._server.drop(self._name)


class Leases:
    """The databases of one worker."""

    def __init__(self, server: pg.Server, template: str) -> None:
        self._server, self._template = server, template
        self._free: list[Leased] = []
        self._given: dict[str, Leased] = {}

    @contextlib.contextmanager
    def one(self) -> Iterator[str]:
        """The URL of a database with our schema and nothing in it."""
        lease = self._free.pop() if self._free else Leased(self._server, self._template)
        self._given[lease.url] = lease
        try:
            yield lease.url
        finally:
            del self._given[lease.url]
            if lease.wiped():
                self._free.append(lease)
            else:
                lease.end()

    def open(self, url: str, now: Callable[[], datetime]) -> AnyDatabase:
        """The database behind the URL; the first who asks finds the door open."""
        lease = self._given.get(url)
        return (lease and lease.opens(now)) or open_database(url, now)

    def keep(self, database: AnyDatabase) -> bool:
        """Whether the door stays open for the next test."""
        return any(lease.door is database for lease in (*self._given.values(), *self._free))

    def close(self) -> None:
        for lease in self._free:
            lease.end()
