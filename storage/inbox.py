"""What arrived: natural keys recognise repeats; what could not be thought about yet waits as `new`."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy import bindparam, func, select

from storage.prepared import Prepared
from storage.tables import inbox_event, inbox_quarantine, word
from usecases.records import Event

if TYPE_CHECKING:
    from storage.unit import Unit

_VALUES: dict[str, sa.BindParameter[Any]] = {
    "channel": bindparam("channel"),
    "natural_key": bindparam("key"),
    "kind": bindparam("kind"),
    "conversation_id": bindparam("chat"),
    "platform_at": bindparam("at"),
    "received_at": bindparam("now"),
    "state": bindparam("state"),
    "payload_json": bindparam("payload"),
    "next_at": bindparam("next_at"),
    "attempts": bindparam("attempts"),
}
QUARANTINE_BYTES = 256 * 1024


class Arrival(Struct, frozen=True):
    """What a unit of work is going to take in, told before it begins.

    key:    "" when only the chat is known
    sender: whose private chat it is, "" for groups and where that is found out inside; name and locale are theirs
    """

    channel: str
    peer: str
    key: str = ""
    kind: str = ""
    at: datetime | None = None
    sender: str = ""
    name: str = ""
    locale: str = ""


_ADD = Prepared(lambda insert: insert(inbox_event).values(**_VALUES).on_conflict_do_nothing(), makes=inbox_event.c.id)


_WAIT = Prepared(
    sa.update(inbox_event)
    .where(inbox_event.c.id == bindparam("b_id"))
    .values(
        state="new",
        conversation_id=bindparam("b_chat"),
        payload_json=bindparam("b_payload"),
        next_at=bindparam("b_next", type_=inbox_event.c.next_at.type),
    )
)


_OLDEST = (
    select(inbox_event.c.conversation_id.label("chat"), func.min(inbox_event.c.id).label("first"))
    .where(inbox_event.c.state == word("new"))
    .group_by(inbox_event.c.conversation_id)
    .subquery()
)
_WAITING_CHATS = Prepared(  # looked for every second: building it anew cost as much as all other idle work
    select(_OLDEST.c.chat)
    .join(inbox_event, inbox_event.c.id == _OLDEST.c.first)
    .where(inbox_event.c.next_at <= bindparam("now"))
    .order_by(_OLDEST.c.first)
    .limit(bindparam("most"))
)


class Inbox:
    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self.taken: dict[tuple[str, str], int | None] = {}  # by those who looked ahead; None: a repeat

    def forget(self) -> None:
        """The transaction that looked ahead is gone."""
        self.taken = {}

    def add(
        self, channel: str, key: str, kind: str, chat: int, at: datetime, *, payload: str | None = None
    ) -> int | None:
        """Register an event; None when it was here before. With a payload it waits as `new`, else it is `done`."""
        now = self._unit.now
        if (channel, key) in self.taken:
            made, self.taken[channel, key] = self.taken[channel, key], None  # the same again is a repeat
            if made is not None and payload is not None:
                self._unit.run.do(_WAIT, b_id=made, b_chat=chat, b_payload=payload, b_next=now)
            return made
        return self._unit.run.made(
            _ADD,
            channel=channel,
            key=key,
            kind=str(kind),
            chat=chat,
            at=at,
            now=now,
            state="done" if payload is None else "new",
            payload=payload,
            next_at=None if payload is None else now,
            attempts=0,
        )

    def quarantine(self, channel: str, body: bytes, reason: str) -> None:
        self._unit.connection.execute(
            sa.insert(inbox_quarantine).values(
                channel=channel, received_at=self._unit.now, body=body[:QUARANTINE_BYTES], reason=reason[:200]
            )
        )

    def chats_to_think(self, most: int) -> list[int]:
        """Chats whose oldest waiting event is due, oldest first."""
        return [int(row.chat) for row in self._unit.run.rows(_WAITING_CHATS, now=self._unit.now, most=most)]

    def oldest(self, chat: int) -> Event | None:
        """The event of this chat to think about next, None when it is not due yet or nothing waits."""
        row = self._unit.connection.execute(
            select(inbox_event)
            .where(inbox_event.c.conversation_id == chat, inbox_event.c.state == word("new"))
            .order_by(inbox_event.c.id)
            .limit(1)
        ).first()
        if row is None or row.next_at > self._unit.now:
            return None
        return Event(row.id, row.channel, row.natural_key, chat, row.attempts, row.payload_json or "{}")

    def keep(self, event_id: int, payload: str, next_at: datetime, error: str) -> None:
        """Thinking about a `done` event failed: it waits as `new` with one attempt counted."""
        self._unit.connection.execute(
            sa.update(inbox_event)
            .where(inbox_event.c.id == event_id)
            .values(state="new", payload_json=payload, next_at=next_at, attempts=1, last_error=error[:200])
        )

    def settle(self, event_id: int, state: str) -> None:
        """`done` forgets the payload: what mattered is in the ticket; `dead` keeps it for a human."""
        values: dict[str, object] = {"state": state}
        if state == "done":
            values["payload_json"] = None
        self._unit.connection.execute(sa.update(inbox_event).where(inbox_event.c.id == event_id).values(**values))

    def postpone(self, event_id: int, next_at: datetime, error: str) -> None:
        self._unit.connection.execute(
            sa.update(inbox_event)
            .where(inbox_event.c.id == event_id)
            .values(attempts=inbox_event.c.attempts + 1, next_at=next_at, last_error=error[:200])
        )
