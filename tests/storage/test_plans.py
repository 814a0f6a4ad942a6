"""What PostgreSQL reads when a queue has just filled and its statistics do not know yet."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from storage import outbox_queries as q
from storage.postgres_pool import PostgresDatabase
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
        found = unit.run.raw.execute("explain (analyze, format json) " + heads.text, values).fetchone()[0]
        plans = found if isinstance(found, list) else json.loads(found)
        return dict(plans[0]["Plan"])

    database.submit(fill).result(30)
    assert read(database.submit(explain).result(30)) <= 2 * WAITING
