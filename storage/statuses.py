"""What platforms tell about messages we sent: kept once each, applied to the outbox as far as it is known there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import bindparam, select

from storage.prepared import Prepared
from storage.tables import conversation, delivery_status, outbox_message, word
from usecases.ports import Failure, Reach, Report
from usecases.records import Told

if TYPE_CHECKING:
    from storage.unit import Unit

_s = delivery_status.c
_o = outbox_message.c

PARKED = timedelta(minutes=15)  # how long a report without a message is tried again
KEPT = timedelta(days=30)
EARLY = timedelta(minutes=5)  # a report older than the message by more is about another message with its id
_ADD = Prepared(
    lambda insert: (
        insert(delivery_status)
        .values(
            channel=bindparam("channel"),
            message_id=bindparam("message_id"),
            status=bindparam("status"),
            outbox_id=bindparam("outbox"),
            failure=bindparam("failure"),
            detail=bindparam("detail"),
            platform_at=bindparam("at"),
            received_at=bindparam("now"),
        )
        .on_conflict_do_nothing()
    ),
    makes=_s.id,
)
_APPLIED = Prepared(sa.update(delivery_status).where(_s.id == bindparam("b_id")).values(applied=True))
_WANTED = (
    _o.id,
    _o.conversation_id,
    _o.state,
    _o.reach,
    _o.platform_message_id,
    _o.created_at,
    _o.sent_at,
)
_OF_CHANNEL = conversation.c.id == _o.conversation_id, conversation.c.channel == bindparam("channel")
_BY_OUTBOX = Prepared(select(*_WANTED).where(_o.id == bindparam("id"), *_OF_CHANNEL))
_BY_MESSAGE = Prepared(
    select(*_WANTED)
    .where(_o.platform_message_id == bindparam("message_id"), _o.platform_message_id != word(""), *_OF_CHANNEL)
    .order_by(_o.id.desc())
    .limit(1)
)


class Statuses:
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    def add(self, report: Report) -> int:
        """Keep a report; its id, 0 when it was here before."""
        made = self._unit.run.made(
            _ADD,
            channel=report.channel,
            message_id=report.message_id,
            status=str(report.reach),
            outbox=report.outbox,
            failure=str(report.failure or ""),
            detail=report.detail[:200],
            at=report.at,
            now=self._unit.now,
        )
        return made or 0

    def message(self, report: Report) -> Told | None:
        """Our message a report speaks of, by our own id as it came back, else by the platform's."""
        run = self._unit.run
        row = run.row(_BY_OUTBOX, id=report.outbox, channel=report.channel) if report.outbox else None
        if row is not None and row.created_at > report.at + EARLY:
            row = None  # this number was another message's before a backup was brought back
        if row is None:
            row = run.row(_BY_MESSAGE, message_id=report.message_id, channel=report.channel)
        return _told(row) if row else None

    def applied(self, ids: Sequence[int]) -> None:
        if ids:
            self._unit.run.do_many(_APPLIED, [{"b_id": one} for one in ids])

    def parked(self, most: int) -> list[tuple[int, Report]]:
        """Reports whose message was not known yet, or was just being sent."""
        rows = self._unit.connection.execute(
            select(delivery_status)
            .where(sa.text("not applied"), _s.received_at > self._unit.now - PARKED)
            .order_by(_s.received_at.desc())  # strangers that never find theirs do not hold up newer ones
            .limit(most)
        )
        return [(row.id, _report(row)) for row in rows]

    def forget(self, most: int) -> int:
        """Remove reports that are a month old: the messages themselves know how far they came."""
        first = select(_s.id, _s.received_at).order_by(_s.id).limit(most).subquery()  # by age, near enough
        old = select(first.c.id).where(first.c.received_at < self._unit.now - KEPT)
        return self._unit.connection.execute(sa.delete(delivery_status).where(_s.id.in_(old))).rowcount


def _told(row: Any) -> Told:
    return Told(row.id, row.conversation_id, row.state, row.reach, row.platform_message_id, row.sent_at)


def _report(row: Any) -> Report:
    return Report(
        channel=row.channel,
        message_id=row.message_id,
        reach=Reach(row.status),
        at=row.platform_at,
        outbox=row.outbox_id,
        failure=Failure(row.failure) if row.failure else None,
        detail=row.detail,
    )
