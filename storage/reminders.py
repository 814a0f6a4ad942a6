"""Due work as rows: planned by the transaction that changes a ticket, fired once by whichever worker looks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import bindparam, select

from storage.prepared import Prepared, as_rows, listed
from storage.tables import reminder, word
from usecases.records import DueReminder

if TYPE_CHECKING:
    from storage.unit import Unit


_IS_PENDING = reminder.c.state == word("pending")
_PENDING = Prepared(select(reminder).where(reminder.c.ticket_id == bindparam("ticket"), _IS_PENDING))


@cache
def _plan(several: int) -> Prepared:
    """So many reminders of one ticket in one statement; a new ticket has a dozen."""

    def build(insert: Any) -> Any:
        rows = [
            {
                "ticket_id": bindparam("ticket"),
                "kind": bindparam(f"kind_{n}"),
                "occurrence": bindparam(f"occurrence_{n}"),
                "due_at": bindparam(f"at_{n}", type_=reminder.c.due_at.type),
            }
            for n in range(several)
        ]
        return _pending_again(insert(reminder).values(rows))

    return Prepared(build)


_WANTED = listed("wanted", kind=sa.Text(), occurrence=sa.Text(), due_at=reminder.c.due_at.type)
_PLAN = Prepared(  # the same with three parameters instead of forty; only on PostgreSQL
    lambda insert: _pending_again(
        insert(reminder).from_select(
            ["ticket_id", *_WANTED.c.keys()],
            select(bindparam("ticket", type_=reminder.c.ticket_id.type), *_WANTED.c),
            include_defaults=False,
        )
    )
)


def _pending_again(rows: Any) -> Any:
    """One that was cancelled before and is wanted again comes back; one that fired stays fired."""
    return rows.on_conflict_do_update(
        index_elements=["ticket_id", "kind", "occurrence"],
        set_={"state": "pending", "due_at": rows.excluded.due_at},
        where=reminder.c.state == "cancelled",
    )


_DUE = Prepared(
    select(reminder)
    .where(_IS_PENDING, reminder.c.due_at <= bindparam("now"))
    .order_by(reminder.c.due_at, reminder.c.id)
    .limit(bindparam("most"))
)
_FIRE = Prepared(
    sa.update(reminder)
    .where(reminder.c.id == bindparam("b_id"), _IS_PENDING)
    .values(state="fired", fired_at=bindparam("b_now"))
)


class Reminders:
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    def plan(self, ticket_id: int, wanted: Mapping[tuple[str, str], datetime]) -> None:
        """Make the pending reminders of a ticket exactly these; one that fired before does not come again."""
        unit = self._unit
        rows = () if unit.tickets.first(ticket_id, "reminders") else unit.run.rows(_PENDING, ticket=ticket_id)
        pending = {(row.kind, row.occurrence): row for row in rows}
        stale = [row.id for key, row in pending.items() if key not in wanted]
        if stale:
            # still pending: another worker may have fired it while we waited for the row
            withdrawn = sa.update(reminder).where(reminder.c.id.in_(stale), _IS_PENDING)
            unit.connection.execute(withdrawn.values(state="cancelled"))
        moved = [row.id for key, row in pending.items() if key in wanted and row.due_at != wanted[key]]
        for row_id in moved:
            key = next(k for k, r in pending.items() if r.id == row_id)
            unit.connection.execute(sa.update(reminder).where(reminder.c.id == row_id).values(due_at=wanted[key]))
        new = [(kind, occurrence, at) for (kind, occurrence), at in wanted.items() if (kind, occurrence) not in pending]
        if new and unit.kind == "postgresql":
            listing = [{"kind": kind, "occurrence": occurrence, "due_at": at} for kind, occurrence, at in new]
            unit.run.send(_PLAN, ticket=ticket_id, rows=as_rows(listing))
        elif new:
            values = {
                f"{name}_{n}": value
                for n, row in enumerate(new)
                for name, value in zip(("kind", "occurrence", "at"), row, strict=True)
            }
            unit.run.send(_plan(len(new)), ticket=ticket_id, **values)

    def due(self, limit: int) -> list[DueReminder]:
        """Pending and due, oldest first. Who acts on one locks its ticket before and fires it afterwards."""
        rows = self._unit.run.rows(_DUE, now=self._unit.now, most=limit)
        return [DueReminder(r.id, r.ticket_id, r.kind, r.occurrence, r.due_at) for r in rows]

    def fire(self, reminder_id: int) -> bool:
        """True for the one caller that may speak."""
        return self._unit.run.do(_FIRE, b_id=reminder_id, b_now=self._unit.now) == 1

    def comes(self, ticket_id: int, kind: str, occurrence: str) -> datetime | None:
        """When this one fired, or, still pending, will at the earliest; None for one that is not wanted."""
        row = self._unit.connection.execute(
            select(reminder.c.state, reminder.c.due_at, reminder.c.fired_at).where(
                reminder.c.ticket_id == ticket_id, reminder.c.kind == kind, reminder.c.occurrence == occurrence
            )
        ).first()
        if row is None or row.state == "cancelled":
            return None
        return row.fired_at or max(row.due_at, self._unit.now)

    def postpone(self, reminder_id: int, to: datetime) -> None:
        self._unit.connection.execute(sa.update(reminder).where(reminder.c.id == reminder_id).values(due_at=to))
