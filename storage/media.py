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
    .where(media.c.purpose != word("undone"))
)


_ADD = Prepared(
    lambda insert: (
        insert(media)
        .values(
            conversation_id=bindparam("chat"),
            channel=bindparam("channel"),
            event_key=bindparam("event_key"),
            position=bindparam("position"),
            ref=bindparam("ref"),
            kind=bindparam("kind"),
            purpose=bindparam("purpose"),
            ticket_id=bindparam("ticket"),
            next_at=bindparam("now"),
            created_at=bindparam("now"),
        )
        .on_conflict_do_nothing()
    )
)
_ATTACH = Prepared(
    sa.update(media)
    .where(
        media.c.conversation_id == bindparam("b_chat"),
        media.c.ticket_id.is_(None),
        media.c.ref == bindparam("b_ref"),
    )
    .values(ticket_id=bindparam("b_ticket"))
)
_GET = Prepared(select(media).where(media.c.id == bindparam("id")))
_WAITING = Prepared(
    select(media)
    .where(media.c.state == word("pending"), media.c.next_at <= bindparam("now"))
    .order_by(media.c.next_at, media.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_TAKE = Prepared(
    sa.update(media)
    .where(media.c.id == bindparam("b_id"))
    .values(next_at=bindparam("b_next"), attempts=media.c.attempts + 1)
)
_STORED = Prepared(
    sa.update(media)
    .where(media.c.id == bindparam("b_id"))
    .values(
        state=bindparam("b_state"),
        sha256=bindparam("b_sha256"),
        mime=bindparam("b_mime"),
        bytes=bindparam("b_bytes"),
        width=bindparam("b_width"),
        height=bindparam("b_height"),
        next_at=None,
    )
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
        self._unit.run.send(
            _ADD,
            chat=chat.id,
            channel=chat.channel,
            event_key=event_key,
            position=position,
            ref=attachment.ref,
            kind=str(attachment.kind),
            purpose=purpose,
            ticket=ticket or None,
            now=self._unit.now,
        )

    def attach(self, chat: int, refs: Sequence[str], ticket: int) -> None:
        """The draft's files now belong to its ticket."""
        self._unit.run.do_many(_ATTACH, [{"b_chat": chat, "b_ref": ref, "b_ticket": ticket} for ref in refs])

    def claim(self, limit: int) -> list[MediaRow]:
        """Files to fetch now; nobody else takes them for two minutes."""
        unit = self._unit
        rows = unit.run.rows(_WAITING, now=unit.now, most=limit)
        unit.run.do_many(_TAKE, [{"b_id": row.id, "b_next": unit.now + CLAIM} for row in rows])
        return [_row(row) for row in rows]

    def stored(self, media_id: int, file: Stored) -> MediaRow:
        self._unit.run.send(
            _STORED,
            b_id=media_id,
            b_state="stored",
            b_sha256=file.sha256,
            b_mime=file.mime,
            b_bytes=file.bytes,
            b_width=file.width,
            b_height=file.height,
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
        row = self._unit.run.row(_GET, id=media_id)
        return _row(row) if row else None

    def of_ticket(self, ticket: int, *, state: str = "stored") -> list[MediaRow]:
        rows = self._unit.run.rows(_OF_TICKET, ticket=ticket, state=state)
        return [_row(row) for row in rows]

    def count(self, ticket: int) -> int:
        """Files of a ticket that are there or still on their way."""
        return int(self._unit.run.value(_COUNT, ticket=ticket) or 0)

    def take_back(self, ticket: int, since: datetime) -> None:
        """Proof that came since then proved something else: it is shown to nobody any more."""
        wrong = (media.c.ticket_id == ticket, media.c.purpose == "proof", media.c.created_at >= since)
        self._unit.connection.execute(sa.update(media).where(*wrong).values(purpose="undone"))

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
