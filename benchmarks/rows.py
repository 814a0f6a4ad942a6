"""Looking into a big city's tables: python -m benchmarks.rows [--rows 1000000] [--postgres] [--json FILE]

Fills a fresh database with so many tickets, reminders and sent messages, then times what runs all day: similar
open tickets near by, a look for due reminders when nothing is due, taking up 1,000 that are, and claiming from
an outbox with 10,000 waiting messages. Every figure is a median.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import sqlalchemy as sa

from benchmarks import postgres
from cities.loader import load_city
from routing.place import cell, surroundings
from storage import tables as t
from storage.database import AnyDatabase, open_database
from storage.schema import migrate
from storage.unit import Unit

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
BOX = (-6.399, -6.172, 106.898, 107.042)
CHUNK = 20_000
WAITING = 10_000
DUE = 1_000
LOOKS = 200
KINDS = ("DRAINASE", "BANJIR", "KALI", "SAMPAH", "SAMPAH-LIAR")  # the largest group of one problem's categories
LATELY = timedelta(days=14)


def fill(url: str, rows: int) -> None:
    """Tickets of a whole city over years: nine in ten are closed, few of them lately; each has had its reminder and its
    message."""

    engine = sa.create_engine(url)
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _in_a_hurry)
    dice = random.Random(7)
    categories = list(load_city("kota-bekasi").catalogue.categories)
    with engine.begin() as connection:
        connection.execute(sa.insert(t.person).values(id=1, name="", created_at=NOW))
        connection.execute(
            sa.insert(t.conversation).values(id=1, channel="telegram", peer="1", person_id=1, created_at=NOW)
        )
    for first in range(1, rows + 1, CHUNK):
        ids = range(first, min(first + CHUNK, rows + 1))
        with engine.begin() as connection:
            load(connection, t.inbox_event, [_event(n) for n in ids])
            load(connection, t.ticket, [_ticket(n, dice, categories) for n in ids])
            load(connection, t.reminder, [_reminder(n) for n in ids])
            load(connection, t.outbox_message, [_message(n, "sent") for n in ids])
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("analyze"))
    engine.dispose()


def _in_a_hurry(connection: Any, _record: Any) -> None:
    """A database that is only being filled may break: whoever pulls the plug starts again."""
    for pragma in ("journal_mode=MEMORY", "synchronous=OFF", "cache_size=-400000"):
        connection.execute(f"PRAGMA {pragma}")


def load(connection: sa.Connection, table: sa.Table, rows: list[dict[str, Any]]) -> None:
    """Many rows on the driver's own cursor: this is not what is measured."""
    names = list(rows[0])
    raw: Any = connection.connection.driver_connection
    cells = [[_cell(row[name], connection.dialect.name) for name in names] for row in rows]
    if connection.dialect.name == "postgresql":
        with raw.cursor() as cursor, cursor.copy(f"copy {table.name} ({', '.join(names)}) from stdin") as copy:
            for row in cells:
                copy.write_row(row)
        return
    marks = ", ".join("?" for _ in names)
    raw.executemany(f"insert into {table.name} ({', '.join(names)}) values ({marks})", cells)


def _cell(value: Any, dialect: str) -> Any:
    if isinstance(value, datetime) and dialect == "sqlite":
        return value.strftime("%Y-%m-%d %H:%M:%S.%f")
    return value


def _event(n: int) -> dict[str, Any]:
    return {
        "id": n, "channel": "telegram", "natural_key": f"m:1:{n}", "kind": "message", "conversation_id": 1,
        "platform_at": NOW, "received_at": NOW,
    }  # fmt: skip


def _ticket(n: int, dice: random.Random, categories: list[str]) -> dict[str, Any]:
    lat, lon = dice.uniform(BOX[0], BOX[1]), dice.uniform(BOX[2], BOX[3])
    closed = NOW - timedelta(days=n % 1000) if n % 10 else None
    return {
        "id": n, "number": f"BKS-26-{n:06d}-0", "source_event_id": n, "status": "closed" if closed else "assigned",
        "outcome": "confirmed" if closed else None, "offered": closed is None or closed > NOW - LATELY,
        "category": dice.choice(categories), "agency": "DISHUB", "text": "", "lat": lat, "lon": lon,
        "cell": cell(lat, lon), "reporter": 1, "conversation": 1, "opened_at": NOW, "acknowledge_due": NOW,
        "resolve_due": NOW, "closed_at": closed,
    }  # fmt: skip


def _reminder(n: int) -> dict[str, Any]:
    waiting = n % 10 == 0
    return {
        "ticket_id": n, "kind": "resolve_late", "occurrence": "1", "due_at": NOW + timedelta(days=1),
        "state": "pending" if waiting else "fired",
    }  # fmt: skip


def _message(n: int, state: str) -> dict[str, Any]:
    return {
        "conversation_id": 1, "dedupe_key": f"{state}:{n}", "body_json": '{"text": {"key": "x", "params": {}}}',
        "state": state, "next_at": NOW, "created_at": NOW,
    }  # fmt: skip


def timed(work: Callable[[], Any], times: int) -> float:
    """Median milliseconds."""
    spent = []
    for _ in range(times):
        begun = time.perf_counter()
        work()
        spent.append(time.perf_counter() - begun)
    return median(spent) * 1000


def measure(database: AnyDatabase) -> dict[str, float]:
    dice = random.Random(8)
    found: dict[str, float] = {}
    spent: list[float] = []

    def inside(work: Callable[[Unit], Any]) -> None:
        """Time inside the transaction: what one turn of a dialogue or one beat pays for the question."""

        def unit(unit: Unit) -> None:
            begun = time.perf_counter()
            work(unit)
            spent.append(time.perf_counter() - begun)

        database.submit(unit).result()

    def result() -> float:
        value = median(spent) * 1000
        spent.clear()
        return value

    for _ in range(LOOKS):
        lat, lon = dice.uniform(BOX[0], BOX[1]), dice.uniform(BOX[2], BOX[3])
        near = surroundings(lat, lon, 250)
        inside(lambda unit, near=near: unit.tickets.nearby(KINDS, near, NOW - LATELY))  # type: ignore[misc]
    found["similar tickets near by"] = result()
    for _ in range(LOOKS):
        inside(lambda unit: unit.reminders.due(100))
    found["reminders, nothing due"] = result()
    with database.engine.begin() as connection:
        ids = list(connection.scalars(sa.select(t.reminder.c.id).where(t.reminder.c.state == "pending").limit(DUE)))
        for begin in range(0, len(ids), 500):
            part = ids[begin : begin + 500]
            connection.execute(
                sa.update(t.reminder).where(t.reminder.c.id.in_(part)).values(due_at=NOW - timedelta(hours=1))
            )
    for _ in range(5):
        inside(lambda unit: unit.reminders.due(DUE))
    found[f"reminders, {DUE} due, taken up"] = result()
    return found | claims(database, inside, result)


def claims(
    database: AnyDatabase, inside: Callable[[Callable[[Unit], Any]], None], result: Callable[[], float]
) -> dict[str, float]:
    """A fan-out stands in the outbox: how long does the next claim take?"""
    with database.engine.begin() as connection:
        people = [{"id": n + 10, "channel": "telegram", "peer": f"p{n}", "created_at": NOW} for n in range(WAITING)]
        load(connection, t.conversation, people)
        load(
            connection, t.outbox_message, [{**_message(n, "queued"), "conversation_id": n + 10} for n in range(WAITING)]
        )
    for turn in range(20):
        fences = [f"{turn}-{n}" for n in range(28)]
        inside(lambda unit, fences=fences: unit.outbox.claim(fences, [], {}))  # type: ignore[misc]
    return {f"claim 28 of {WAITING} waiting": result()}


@contextmanager
def on_sqlite() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="sahut-rows-") as folder:
        yield f"sqlite:///{Path(folder) / 'sahut.db'}"


@contextmanager
def on_postgres() -> Iterator[str]:
    with postgres.durable() as measured, measured.server.database() as url:
        yield url


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--postgres", action="store_true", help="on PostgreSQL instead of SQLite")
    parser.add_argument("--json", type=Path, help="where to write the figures")
    asked = parser.parse_args()
    with (on_postgres if asked.postgres else on_sqlite)() as url:
        migrate(url)
        fill(url, asked.rows)
        database = open_database(url, lambda: NOW)
        figures = measure(database)
        database.close()
    print(f"| {asked.rows:,} tickets | ms (median) |\n|---|---|")
    for name, value in figures.items():
        print(f"| {name} | {value:.3f} |")
    if asked.json:
        asked.json.write_text(json.dumps({"rows": asked.rows, **figures}, indent=1))


if __name__ == "__main__":
    main()
