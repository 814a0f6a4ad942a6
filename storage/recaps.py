"""What a recap counts, counted by the database: an office of ten thousand reports costs one row for each period."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import and_, case, func, or_, select

from storage.tables import ticket
from tickets.figures import Period, Recap
from tickets.guards import WITHOUT_WORK
from tickets.ticket import BEFORE_DONE, OPEN, UNTAKEN, Status

if TYPE_CHECKING:
    from storage.unit import Unit

SECOND = 1_000_000
MICROSECOND = timedelta(microseconds=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
RUNNING = BEFORE_DONE - {Status.WAITING_CITIZEN}

_t = ticket.c


def count(unit: Unit, agencies: Sequence[str], starts: Sequence[datetime], patience: timedelta) -> Recap:
    """The recap of these agencies' tickets at `unit.now`, with a period from each start.

    patience: the longest that a wait for a citizen counts as one
    """
    now = unit.now
    mine = _mine(unit, agencies, min(starts), _used(unit.kind, now, patience))
    periods = [_period(place, mine, since, now) for place, since in enumerate(starts)]
    rows = sorted(unit.connection.execute(sa.union_all(*periods)), key=lambda row: int(row.place))
    return Recap(rows[0].open, rows[0].late, rows[0].overdue, tuple(_as_period(row) for row in rows))


def _as_period(row: Any) -> Period:
    counts = {name: getattr(row, name) for name in Period.__struct_fields__ if name != "median_s"}
    middle = None if row.lower is None else (row.lower / SECOND + row.upper / SECOND) / 2
    return Period(**counts, median_s=middle)


def _mine(unit: Unit, agencies: Sequence[str], earliest: datetime, used: sa.ColumnElement[int]) -> sa.CTE:
    """Opened since then, or still open, or finished since then; read once, however often it is counted."""
    names = "status outcome opened_at acknowledge_due acknowledged_at resolve_due resolved_at closed_at reopenings"
    of_resolved = case((_t.resolved_at >= earliest, used))  # of the others nobody asks, and it is reckoned row by row
    return (
        select(*(_t[name] for name in names.split()), of_resolved.label("used"))
        .where(
            _t.agency.in_(agencies),
            or_(
                _t.opened_at >= earliest,
                _t.status != Status.CLOSED,
                _t.resolved_at >= earliest,
                _t.closed_at >= earliest,
            ),
        )
        .cte("mine")
    )


def _period(place: int, mine: sa.CTE, since: datetime, now: datetime) -> sa.Select[Any]:
    """One row: what was counted since then, and the two middle ones (or twice the one) of the times that were used."""
    c = mine.c
    received, resolved = c.opened_at >= since, c.resolved_at >= since
    overdue = and_(c.status.in_(RUNNING), c.resolve_due < now)
    counted = {
        "open": c.status.in_(OPEN),
        "late": or_(and_(c.status.in_(UNTAKEN), c.acknowledge_due < now), overdue),
        "overdue": overdue,
        "received": received,
        "answerable": and_(received, or_(c.acknowledged_at.is_not(None), c.acknowledge_due <= now)),
        "taken": and_(received, c.acknowledged_at <= c.acknowledge_due),
        "resolved": resolved,
        "in_time": and_(resolved, c.resolved_at <= c.resolve_due),
        "reopened": and_(received, c.reopenings > 0),
        "without": and_(c.outcome.in_(WITHOUT_WORK), c.closed_at >= since),
    }
    counts = select(*(func.count().filter(which).label(name) for name, which in counted.items())).subquery()
    several = select(func.count()).select_from(mine).where(resolved).scalar_subquery()
    middle = select(c.used).where(resolved).order_by(c.used).limit(2 - several % 2).offset((several - 1) // 2)
    half = middle.subquery()
    ends = select(func.min(half.c.used).label("lower"), func.max(half.c.used).label("upper")).subquery()
    return select(sa.literal(place).label("place"), counts, ends).select_from(counts.join(ends, sa.true()))


def _used(kind: str, now: datetime, patience: timedelta) -> sa.ColumnElement[int]:
    """`tickets.sla.used` of a ticket that was resolved, in microseconds."""
    this_moment = _number((now - EPOCH) // MICROSECOND)
    resolved, waits = _micros(_t.resolved_at, kind), _micros(_t.waiting_since, kind)
    begin = _micros(func.coalesce(_t.cycle_started_at, _t.opened_at), kind)
    waited = sa.cast(_t.waited_s, sa.BigInteger) * _number(SECOND) + case(
        (_t.waiting_since.is_(None), _number(0)), else_=_within(this_moment - waits, patience // MICROSECOND)
    )
    end = case((_t.resolved_at < now, resolved), else_=this_moment)
    return _within(end - begin - waited, None)


def _within(span: sa.ColumnElement[int], most: int | None) -> sa.ColumnElement[int]:
    """At least nothing, at most so much."""
    bounds = [(span < _number(0), _number(0))]
    if most is not None:
        bounds.append((span > _number(most), _number(most)))
    return case(*bounds, else_=span)


def _micros(moment: Any, kind: str) -> sa.ColumnElement[int]:
    """A moment as microseconds since 1970: the two databases reckon differently with times, and alike with numbers."""
    if kind == "sqlite":  # which rounds to milliseconds where it takes a time as a whole
        seconds = sa.cast(func.strftime("%s", func.substr(moment, 1, 19)), sa.BigInteger)
        return seconds * _number(SECOND) + sa.cast(func.substr(moment, 21), sa.BigInteger)
    return sa.cast(sa.extract("epoch", moment) * _number(SECOND), sa.BigInteger)


def _number(value: int) -> sa.ColumnElement[int]:
    return sa.literal(value, sa.BigInteger)
