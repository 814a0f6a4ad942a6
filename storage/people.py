"""Who is behind a chat where ids change hands: numbers, windows, new numbers, and what is held for them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from msgspec import json
from sqlalchemy import bindparam, select

from storage import followers
from storage.outbox_queries import body_of
from storage.prepared import Prepared
from storage.tables import (
    conversation,
    identity_break,
    outbox_message,
    person_identity,
    ticket,
    ticket_follower,
    word,
)
from usecases.records import Broken, Held, Holder, News

if TYPE_CHECKING:
    from storage.unit import Unit

MINUTE = timedelta(minutes=1)
LATELY = timedelta(days=60)  # what nobody heard of for longer is no news any more

_c = conversation.c
_o = outbox_message.c
_HOLDER = Prepared(
    select(_c.id, _c.peer, _c.person_id, sa.func.coalesce(_c.last_inbound_at, _c.created_at).label("seen")).where(
        _c.channel == bindparam("channel"), _c.phone == bindparam("phone"), _c.phone != word("")
    )
)
_other = conversation.alias("other")
_FREE = ~sa.exists(  # an event that was thought about late must not take a number back from its new owner
    select(_other.c.id).where(
        _other.c.channel == _c.channel, _other.c.phone == bindparam("b_phone"), _other.c.id != bindparam("b_id")
    )
)
_HEARD = Prepared(
    sa.update(conversation)
    .where(_c.id == bindparam("b_id"))
    .values(
        window_until=sa.case(
            (_c.window_until > bindparam("b_until"), _c.window_until),
            else_=bindparam("b_until", type_=_c.window_until.type),
        ),
        last_inbound_at=bindparam("b_now", type_=_c.window_until.type),
        phone=sa.case((sa.and_(bindparam("b_phone") != word(""), _FREE), bindparam("b_phone")), else_=_c.phone),
    )
)
_WINDOW = Prepared(select(_c.channel, _c.window_until, _c.phone).where(_c.id == bindparam("id")))
_BREAKS = Prepared(
    select(identity_break.c.id, identity_break.c.conversation_id, identity_break.c.reason).where(
        identity_break.c.channel == bindparam("channel"),
        identity_break.c.new_id.in_([bindparam("one"), bindparam("other")]),
        identity_break.c.settled_at.is_(None),
    )
)
_NEWS = (_c.channel, _o.state, _o.reach, _o.error)
_IS_NEWS = (_o.kind == word("text"), _o.cls == word("must"), _o.state != word("superseded"))
_LAST_NEWS = Prepared(
    select(*_NEWS)
    .join(conversation, _c.id == _o.conversation_id)
    .where(_o.ticket_id == bindparam("ticket"), _o.conversation_id == bindparam("chat"), *_IS_NEWS)
    .order_by(_o.id.desc())
    .limit(1)
)
_HELD = Prepared(
    select(_o.id, _o.kind, _o.cls, _o.body_json, _o.ticket_id, _o.purpose, _o.guard)
    .where(_o.conversation_id == bindparam("chat"), _o.state == word("held"))
    .order_by(_o.id)
)


class People:
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    # -- ids that change hands ----------------------------------------------------------------------

    def holder(self, channel: str, phone: str) -> Holder | None:
        """The chat that uses this number now."""
        row = self._unit.run.row(_HOLDER, channel=channel, phone=phone)
        return Holder(row.id, row.peer, row.person_id or 0, row.seen) if row else None

    def heard(self, chat_id: int, until: datetime, phone: str) -> None:
        """Somebody wrote: free words may be sent until then, and this is their number now."""
        self._unit.run.do(_HEARD, b_id=chat_id, b_until=until, b_phone=phone, b_now=self._unit.now)

    def phone_and_window(self, chat_id: int) -> tuple[str, datetime | None]:
        """(the number now used with this chat, "" when it is not known; until when free words may be sent there)."""
        row = self._unit.run.row(_WINDOW, id=chat_id)
        return (row.phone, row.window_until) if row else ("", None)

    def window(self, chat_id: int) -> tuple[str, datetime | None]:
        """(channel, until when free words may be sent there)."""
        row = self._unit.run.row(_WINDOW, id=chat_id)
        return (row.channel, row.window_until) if row else ("", None)

    def shut(self, chat_id: int) -> None:
        """The platform says that the window is shut."""
        self._update(chat_id, window_until=self._unit.now)

    def rename(self, holder: Holder, channel: str, peer: str) -> None:
        """The same person is known by a stronger id from now on."""
        self._update(holder.chat, peer=peer)
        self._identity(channel, peer, holder.person)

    def retire(self, chat_id: int, channel: str, *, whole: bool) -> None:
        """This chat does not have the number any more. whole: whoever has its ids now is somebody else."""
        unit = self._unit
        row = unit.connection.execute(select(_c.peer, _c.phone).where(_c.id == chat_id)).one()
        gone = {row.phone, row.peer} if whole or row.peer == row.phone else {row.phone}
        values: dict[str, Any] = {"phone": ""}
        if row.peer in gone:
            values |= {"peer": f"{row.peer}#moved-{chat_id}", "reachable": "moved"}
        self._update(chat_id, **values)
        ids = person_identity.c
        unit.connection.execute(
            sa.delete(person_identity).where(ids.channel == channel, ids.value.in_(sorted(gone - {""})))
        )

    def _identity(self, channel: str, value: str, person: int) -> None:
        unit = self._unit
        row = unit.insert(person_identity).values(channel=channel, value=value, person_id=person)
        unit.connection.execute(
            row.on_conflict_do_update(index_elements=["channel", "value"], set_={"person_id": person})
        )

    def _update(self, chat_id: int, **values: Any) -> None:
        self._unit.connection.execute(sa.update(conversation).where(_c.id == chat_id).values(**values))

    # -- what a new id has to confirm ----------------------------------------------------------------

    def note_break(self, channel: str, new_id: str, chat_id: int, reason: str) -> None:
        """Whoever writes with this id may be the person of that chat; the tracking code tells."""
        unit = self._unit
        row = unit.insert(identity_break).values(
            channel=channel, new_id=new_id, conversation_id=chat_id, reason=reason, at=unit.now
        )
        unit.connection.execute(row.on_conflict_do_nothing())

    def breaks(self, channel: str, one: str, other: str = "") -> list[Broken]:
        """Chats that may have been this person's, as far as that is not settled."""
        rows = self._unit.run.rows(_BREAKS, channel=channel, one=one, other=other or one)
        return [Broken(row.id, row.conversation_id, row.reason) for row in rows]

    def mark_break(self, break_id: int, *, reason: str = "", settled: bool = False) -> None:
        values: dict[str, Any] = {"settled_at": self._unit.now} if settled else {"reason": reason}
        self._unit.connection.execute(sa.update(identity_break).where(identity_break.c.id == break_id).values(**values))

    def reported(self, chat_id: int, *, ever: bool = False) -> bool:
        """Is there a report of this chat that still runs? ever: or was there ever one?"""
        person = select(_c.person_id).where(_c.id == chat_id).scalar_subquery()
        mine = select(ticket.c.id).where(ticket.c.reporter == person, ticket.c.conversation == chat_id)
        if not ever:
            mine = mine.where(ticket.c.status != "closed")
        return self._unit.connection.scalar(mine.limit(1)) is not None

    def hand_over(self, old_chat: int, new_chat: int, person: int) -> int:
        """Reports of a chat, what they follow and what was or is to be said there go to another; how many reports."""
        run = self._unit.connection.execute
        touched = followers.touched(self._unit, [old_chat])
        moved = run(
            sa.update(ticket)
            .where(ticket.c.conversation == old_chat)
            .values(conversation=new_chat, reporter=person, version=ticket.c.version + 1)
        ).rowcount
        f = ticket_follower.c
        known = select(f.ticket_id).where(f.person_id == person)
        run(
            sa.update(ticket_follower)
            .where(f.conversation_id == old_chat, f.ticket_id.not_in(known))
            .values(conversation_id=new_chat, person_id=person)
        )
        run(sa.delete(ticket_follower).where(f.conversation_id == old_chat))  # followed from the new chat too
        followers.settle(self._unit, touched)
        run(sa.update(outbox_message).where(_o.conversation_id == old_chat).values(conversation_id=new_chat))
        return int(moved)

    # -- what was told -----------------------------------------------------------------------------------

    def last_news(self, ticket_id: int, chat_id: int) -> News | None:
        """What became of the newest message that this chat must get about a report."""
        row = self._unit.run.row(_LAST_NEWS, ticket=ticket_id, chat=chat_id)
        return News(*row) if row else None

    def nudged_at(self, ticket_id: int, chat_id: int) -> datetime | None:
        """When a nudge about this report last left for this chat, by itself or with others."""
        return self._unit.connection.scalar(
            select(sa.func.max(_o.sent_at)).where(
                _o.ticket_id == ticket_id,
                _o.conversation_id == chat_id,
                _o.cls == word("nudge"),
                _o.state.in_((word("sent"), word("superseded"))),
            )
        )

    def just_reminded(self, ticket_id: int, chats: Sequence[int], within: timedelta = MINUTE) -> bool:
        """Has the clock spoken to one of these chats about a report within this minute, or this span?"""
        by_clock = sa.or_(_o.cls == word("nudge"), _o.dedupe_key.startswith("rem:"))
        said = sa.and_(_o.ticket_id == ticket_id, _o.conversation_id.in_(chats), _o.kind == word("text"), by_clock)
        since = self._unit.now - within
        return bool(self._unit.connection.scalar(select(sa.exists().where(said, _o.created_at > since))))

    def unheard(self, before: datetime, agencies: Collection[str] | None = None) -> list[tuple[int, News]]:
        """Reports that were finished lately, with news that wait, failed, are under way since before then, or go to
        a chat that cannot be reached: each with what became of its newest news, newest first. agencies: None for all.
        """
        since = self._unit.now - LATELY
        finished = sa.and_(ticket.c.status.in_(("resolved", "closed")), ticket.c.resolved_at > since)
        closed = sa.and_(ticket.c.status == "closed", ticket.c.closed_at > since)
        mine = select(ticket.c.id, ticket.c.conversation).where(sa.or_(finished, closed))
        if agencies is not None:
            mine = mine.where(ticket.c.agency.in_(sorted(agencies)))
        query = mine.join(outbox_message, (_o.ticket_id == ticket.c.id) & (_o.conversation_id == ticket.c.conversation))
        lost = mine.join(conversation, (_c.id == ticket.c.conversation) & (_c.person_id == ticket.c.reporter)).where(
            _c.reachable != word("ok")
        )
        lists = (
            query.where(_o.state == word("held")),
            query.where(_o.state == word("failed")),
            query.where(_o.reach == word("sent"), _o.sent_at < before),
            lost,
        )
        found = sa.union(*lists).subquery()
        newest = (
            select(found.c.id, sa.func.max(_o.id).label("news"))
            .join(outbox_message, (_o.ticket_id == found.c.id) & (_o.conversation_id == found.c.conversation))
            .where(*_IS_NEWS)
            .group_by(found.c.id)
            .subquery()
        )
        rows = self._unit.connection.execute(
            select(newest.c.id, *_NEWS)
            .join(outbox_message, _o.id == newest.c.news)
            .join(conversation, _c.id == _o.conversation_id)
            .order_by(newest.c.id.desc())
        )
        return [(int(row[0]), News(*row[1:])) for row in rows]

    # -- what is held ---------------------------------------------------------------------------------

    def held(self, chat_id: int) -> list[Held]:
        """What could not be said since the window shut, oldest first."""
        return [
            Held(r.id, r.kind, r.cls, body_of(r), r.ticket_id or 0, r.purpose, r.guard)
            for r in self._unit.run.rows(_HELD, chat=chat_id)
        ]

    def let_go(self, row_id: int, state: str, *, body: dict[str, Any] | None = None, error: str = "") -> None:
        """A held message leaves (queued, perhaps with more words), or need not any more."""
        unit = self._unit
        values: dict[str, Any] = {"state": state, "error": error, "next_at": unit.now}
        if body is not None:
            values["body_json"] = json.encode(body).decode()
        if state == "queued":
            unit.outbox.queued += 1
        unit.connection.execute(
            sa.update(outbox_message).where(_o.id == row_id, _o.state == word("held")).values(**values)
        )
