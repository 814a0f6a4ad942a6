"""Due work as rows: planned by the transaction that changes a ticket, fired once by whichever worker looks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy import select

from storage.tables import reminder
from usecases.records import DueReminder

if TYPE_CHECKING:
    from storage.unit import Unit


class Reminders:
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    def plan(self, ticket_id: int, wanted: Mapping[tuple[str, str], datetime]) -> None:
        """Make the pending reminders of a ticket exactly these; one that fired before does not come again."""
        unit = self._unit
        pending = {
            (row.kind, row.occurrence): row
            for row in unit.connection.execute(
                select(reminder).where(reminder.c.ticket_id == ticket_id, reminder.c.state == "pending")
            )
        }
        stale = [row.id for key, row in pending.items() if key not in wanted]
        if stale:
            unit.connection.execute(sa.update(reminder).where(reminder.c.id.in_(stale)).values(state="cancelled"))
        moved = [row.id for key, row in pending.items() if key in wanted and row.due_at != wanted[key]]
        for row_id in moved:
            key = next(k for k, r in pending.items() if r.id == row_id)
            unit.connection.execute(sa.update(reminder).where(reminder.c.id == row_id).values(due_at=wanted[key]))
        new = [
            {"ticket_id": ticket_id, "kind": kind, "occurrence": occurrence, "due_at": at}
            for (kind, occurrence), at in wanted.items()
            if (kind, occurrence) not in pending
        ]
        if new:
            # one that was cancelled before and is wanted again comes back; one that fired stays fired
            row = unit.insert(reminder)
            unit.connection.execute(
                row.on_conflict_do_update(
                    index_elements=["ticket_id", "kind", "occurrence"],
                    set_={"state": "pending", "due_at": row.excluded.due_at},
                    where=reminder.c.state == "cancelled",
                ),
                new,
            )

    def due(self, limit: int) -> list[DueReminder]:
        """Pending and due, oldest first; PostgreSQL skips what another worker holds."""
        rows = self._unit.connection.execute(
            select(reminder)
            .where(reminder.c.state == "pending", reminder.c.due_at <= self._unit.now)
            .order_by(reminder.c.due_at, reminder.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        return [DueReminder(r.id, r.ticket_id, r.kind, r.occurrence, r.due_at) for r in rows]

    def fire(self, reminder_id: int) -> bool:
        """True for the one caller that may speak."""
        done = self._unit.connection.execute(
            sa.update(reminder)
            .where(reminder.c.id == reminder_id, reminder.c.state == "pending")
            .values(state="fired", fired_at=self._unit.now)
        )
        return done.rowcount == 1

    def postpone(self, reminder_id: int, to: datetime) -> None:
        self._unit.connection.execute(sa.update(reminder).where(reminder.c.id == reminder_id).values(due_at=to))
