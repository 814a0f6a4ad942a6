"""Reports with what is known about their category, for learning; read only."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from storage.tables import person, ticket
from usecases.confirmed import Filed

ROWS = 2000  # read at a time


def filed(connection: sa.Connection, zone: ZoneInfo) -> Iterator[Filed]:
    """Every report of a person whose data were not erased, the oldest first."""
    t = ticket.c
    asked = (
        sa.select(t.text, t.category, t.agency, t.reporter, t.opened_at, t.outcome, t.acknowledged_at, t.confidential)
        .join(person, person.c.id == t.reporter)
        .where(person.c.erased_at.is_(None))
        .order_by(t.id)
    )
    for row in connection.execution_options(yield_per=ROWS).execute(asked):
        yield Filed(
            text=row.text,
            category=row.category,
            agency=row.agency,
            person=row.reporter,
            opened=row.opened_at.astimezone(zone).date(),
            outcome=row.outcome,
            taken_up=row.acknowledged_at is not None,
            confidential=row.confidential,
        )
