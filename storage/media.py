"""Rows of received files: fetched and cleaned after the commit, tied to a ticket once there is one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import bindparam, select

from conversations.inbound import Attachment
from storage.prepared import Prepared
from storage.tables import media, word
from usecases.records import Chat, MediaRow, Stored

if TYPE_CHECKING:
    from storage.unit import Unit

CLAIM = timedelta(minutes=2)  # longer than fetching and cleaning may take


_OF_TICKET = Prepared(
    select(media)
    .where(media.c.ticket_id == bindparam("ticket"), media.c.state == bindparam("state"))
    .order_by(media.c.id)
)
_COUNT = Prepared(
    select(sa.func.count().label("files"))
    .select_from(media)
    .where(media.c.ticket_id == bindparam("ticket"), media.c.state.in_((word("pending"), word("stored"))))
)


class Media:
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    def add(
        self,
        chat: Chat,
        event_key: str,
        position: int,
        attachment: Attachment,
        *,
        purpose: str,
        ticket: int,
    ) -> None:
        unit = self._unit
        unit.connection.execute(
            unit.insert(media)
            .values(
                conversation_id=chat.id,
                channel=chat.channel,
                event_key=event_key,
                position=position,
                ref=attachment.ref,
                kind=attachment.kind,
                purpose=purpose,
                ticket_id=ticket or None,
                next_at=unit.now,
                created_at=unit.now,
            )
            .on_conflict_do_nothing()
        )

    def attach(self, chat: int, refs: Sequence[str], ticket: int) -> None:
        """The draft's files now belong to its ticket."""
        if refs:
            self._unit.connection.execute(
                sa.update(media)
                .where(media.c.conversation_id == chat, media.c.ticket_id.is_(None), media.c.ref.in_(list(refs)))
                .values(ticket_id=ticket)
            )

    def claim(self, limit: int) -> list[MediaRow]:
        """Files to fetch now; nobody else takes them for two minutes."""
        rows = self._unit.connection.execute(
            select(media)
            .where(media.c.state == word("pending"), media.c.next_at <= self._unit.now)
            .order_by(media.c.next_at, media.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        ).all()
        if rows:
            self._unit.connection.execute(
                sa.update(media)
                .where(media.c.id.in_([r.id for r in rows]))
                .values(next_at=self._unit.now + CLAIM, attempts=media.c.attempts + 1)
            )
        return [_row(row) for row in rows]

    def stored(self, media_id: int, file: Stored) -> MediaRow:
        self._set(
            media_id,
            state="stored",
            sha256=file.sha256,
            mime=file.mime,
            bytes=file.bytes,
            width=file.width,
            height=file.height,
            next_at=None,
        )
        found = self.get(media_id)
        assert found is not None
        return found

    def settle(self, media_id: int, state: str, error: str) -> None:
        """state: rejected (not a picture), failed (could not be fetched)."""
        self._set(media_id, state=state, error=error[:200], next_at=None)

    def retry(self, media_id: int, at: datetime, error: str) -> None:
        self._set(media_id, next_at=at, error=error[:200])

    def _set(self, media_id: int, **values: Any) -> None:
        self._unit.connection.execute(sa.update(media).where(media.c.id == media_id).values(**values))

    def get(self, media_id: int) -> MediaRow | None:
        row = self._unit.connection.execute(select(media).where(media.c.id == media_id)).first()
        return _row(row) if row else None

    def of_ticket(self, ticket: int, *, state: str = "stored") -> list[MediaRow]:
        rows = self._unit.run.rows(_OF_TICKET, ticket=ticket, state=state)
        return [_row(row) for row in rows]

    def count(self, ticket: int) -> int:
        """Files of a ticket that are there or still on their way."""
        return int(self._unit.run.value(_COUNT, ticket=ticket) or 0)

    def by_hash(self, sha256: str) -> MediaRow | None:
        row = self._unit.connection.execute(
            select(media).where(media.c.sha256 == sha256, media.c.state == "stored").limit(1)
        ).first()
        return _row(row) if row else None

    def next_due(self) -> datetime | None:
        return self._unit.connection.scalar(
            select(sa.func.min(media.c.next_at)).where(media.c.state == word("pending"))
        )


def _row(row: Any) -> MediaRow:
    return MediaRow(
        row.id,
        row.conversation_id,
        row.channel,
        row.ref,
        row.kind,
        row.purpose,
        row.state,
        row.sha256,
        row.mime,
        row.attempts,
        row.ticket_id or 0,
        row.event_key,
    )
