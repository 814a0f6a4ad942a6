"""What PostgreSQL reads when a queue has just filled and its statistics do not know yet."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from storage import outbox_queries as q
from storage.ahead import TAKE_IN
from storage.postgres_pool import PostgresDatabase
from storage.prepared import as_rows
from storage.unit import Unit

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
WAITING = 2_000
CHATS = (
    "insert into conversation (channel, peer, created_at) "
    f"select 'telegram', 'p' || n, '{NOW}' from generate_series(1, {WAITING}) n"
)
SAID = (
    "insert into outbox_message (conversation_id, dedupe_key, state, next_at, created_at) "
    f"select id, '%s' || id, '%s', '{NOW}', '{NOW}' from conversation"
)


@pytest.fixture
def database(on_postgres: str) -> Iterator[PostgresDatabase]:
    opened = PostgresDatabase(on_postgres, lambda: NOW)
    yield opened
    opened.close()


def read(plan: dict[str, Any]) -> float:
    """The most rows that one part of a plan read, those it threw away included."""
    per_loop: float = plan["Actual Rows"] + sum(
        plan.get(f"Rows Removed by {why}", 0) for why in ("Filter", "Join Filter")
    )
    return max(per_loop * float(plan["Actual Loops"]), *(read(part) for part in plan.get("Plans", ())), 0.0)


def test_a_fan_out_makes_no_claim_read_the_whole_queue_for_each_message(database: PostgresDatabase) -> None:
    def fill(unit: Unit) -> None:
        for statement in (CHATS, SAID % ("old", "sent"), "analyze", SAID % ("new", "queued")):
            unit.connection.execute(sa.text(statement))

    def explain(unit: Unit) -> dict[str, Any]:
        heads = q.HEADS_LOCKED.on("postgresql")
        values = heads.values({"now": NOW, "passing": NOW - timedelta(seconds=60), "most": 28})
        found = unit.connection.exec_driver_sql("explain (analyze, format json) " + heads.text, values).scalar()
        plans = found if isinstance(found, list) else json.loads(found)
        return dict(plans[0]["Plan"])

    database.submit(fill).result(30)
    assert read(database.submit(explain).result(30)) <= 2 * WAITING


def test_a_group_reads_its_own_chats_and_people_before_they_were_ever_counted(database: PostgresDatabase) -> None:
    """As after a restore, until PostgreSQL looks at its tables."""

    def fill(unit: Unit) -> None:
        many = f"generate_series(1, {20 * WAITING}) n"
        for statement in (
            "alter table person set (autovacuum_enabled = off)",
            "alter table conversation set (autovacuum_enabled = off)",
            f"insert into person (name, created_at) select 'Siti', '{NOW}' from {many}",
            "insert into conversation (channel, peer, person_id, created_at)"
            f" select 'telegram', 'p' || n, n, '{NOW}' from {many}",
        ):
            unit.connection.execute(sa.text(statement))

    def explain(unit: Unit) -> dict[str, Any]:
        taking = TAKE_IN.on("postgresql")
        rows = [
            {"channel": "telegram", "peer": f"p{n}", "key": f"k{n}", "kind": "message", "at": NOW, "place": n}
            for n in range(1, 25)
        ]
        values = taking.values({"rows": as_rows(rows), "now": NOW})
        found = unit.connection.exec_driver_sql("explain (analyze, format json) " + taking.text, values).scalar()
        plans = found if isinstance(found, list) else json.loads(found)
        return dict(plans[0]["Plan"])

    database.submit(fill).result(30)
    assert read(database.submit(explain).result(30)) <= 24 * 24
