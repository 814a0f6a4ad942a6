"""One person in several apps: one-time codes that prove it, and the way back; wrong codes are counted."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy import func, select

from storage import followers
from storage.tables import (
    account_link,
    code_try,
    conversation,
    link_code,
    officer,
    person_identity,
    rating,
    ticket,
    ticket_follower,
)
from usecases.records import Chat

if TYPE_CHECKING:
    from storage.unit import Unit

HOUR = timedelta(hours=1)
KEPT = timedelta(days=1)  # codes and wrong tries
MOST_TRIES = 5  # wrong codes of one chat in an hour, whatever they were for
_c = conversation.c


class Links:
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    # -- codes ---------------------------------------------------------------------------------------

    def tried(self, chat_id: int) -> None:
        """A wrong code was given in this chat."""
        self._unit.connection.execute(sa.insert(code_try).values(conversation_id=chat_id, at=self._unit.now))

    def locked_out(self, chat_id: int) -> bool:
        """Did this chat give so many wrong codes within the last hour that none is looked at now?"""
        since = self._unit.now - HOUR
        query = select(func.count()).where(code_try.c.conversation_id == chat_id, code_try.c.at > since)
        return int(self._unit.connection.scalar(query) or 0) >= MOST_TRIES

    def offer(self, code_hash: str, chat: Chat, until: datetime) -> None:
        """Remember a code (only its hash) that lets another chat join this one's person."""
        unit = self._unit
        unit.connection.execute(
            sa.insert(link_code).values(
                code_hash=code_hash,
                person_id=chat.person,
                conversation_id=chat.id,
                created_at=unit.now,
                expires_at=until,
            )
        )

    def offered(self, chat_id: int) -> int:
        """Codes made in this chat within the last hour."""
        since = self._unit.now - HOUR
        query = select(func.count()).where(link_code.c.conversation_id == chat_id, link_code.c.created_at > since)
        return int(self._unit.connection.scalar(query) or 0)

    def find(self, code_hash: str) -> Chat | None:
        """The chat that made this code, while the code lives and was not used."""
        _k = link_code.c
        query = select(_k.conversation_id).where(
            _k.code_hash == code_hash, _k.used_at.is_(None), _k.expires_at > self._unit.now
        )
        found = self._unit.connection.scalar(query)
        return self._unit.chats.get(int(found)) if found else None

    def use(self, code_hash: str) -> bool:
        """Use up a living code; False when somebody was faster."""
        _k, now = link_code.c, self._unit.now
        done = sa.update(link_code).where(_k.code_hash == code_hash, _k.used_at.is_(None), _k.expires_at > now)
        return self._unit.connection.execute(done.values(used_at=now)).rowcount == 1

    def forget(self) -> int:
        """Remove what no limit and no answer asks about any more; how many lines."""
        before, run = self._unit.now - KEPT, self._unit.connection.execute
        tried = run(sa.delete(code_try).where(code_try.c.at < before)).rowcount
        return tried + run(sa.delete(link_code).where(link_code.c.expires_at < before)).rowcount

    # -- linking -------------------------------------------------------------------------------------

    def join(self, source: int, target: int) -> int:
        """Everything of one person belongs to the other from now on; each chat remembers whose it was."""
        unit, run = self._unit, self._unit.connection.execute
        chats = [int(one) for one in unit.connection.scalars(select(_c.id).where(_c.person_id == source))]
        home = select(account_link.c.own_person_id).where(account_link.c.conversation_id == _c.id).scalar_subquery()
        owners = run(select(_c.id, func.coalesce(home, _c.person_id).label("own")).where(_c.id.in_(chats))).all()
        for chat, own in owners:
            values = {"person_id": target, "linked_at": unit.now}
            row = unit.insert(account_link).values(conversation_id=chat, own_person_id=own, **values)
            run(row.on_conflict_do_update(index_elements=["conversation_id"], set_=values))
        self._move(source, target, chats)
        return len(chats)

    def leave(self, chat: Chat) -> bool:
        """This chat is its own person's again, with the reports that were made in it; False when it was not linked."""
        run = self._unit.connection.execute
        own = self._unit.connection.scalar(
            select(account_link.c.own_person_id).where(account_link.c.conversation_id == chat.id)
        )
        if own is not None:
            run(sa.delete(account_link).where(account_link.c.conversation_id == chat.id))
            self._move(chat.person, int(own), [chat.id])
            return True
        return self._free_others(chat)

    def _free_others(self, chat: Chat) -> bool:
        """The chat that made the code keeps its person; those that joined it go."""
        _k = account_link.c
        rows = self._unit.connection.execute(
            select(_k.conversation_id, _k.own_person_id).where(_k.person_id == chat.person)
        ).all()
        for other, own in rows:
            self._unit.connection.execute(sa.delete(account_link).where(_k.conversation_id == other))
            self._move(chat.person, int(own), [int(other)])
        return bool(rows)

    def is_officer(self, person: int) -> bool:
        query = select(officer.c.id).where(officer.c.person_id == person, officer.c.state == "active").limit(1)
        return self._unit.connection.scalar(query) is not None

    def _move(self, source: int, target: int, chats: list[int]) -> None:
        """What these chats brought goes from one person to the other: ids, reports, what is followed, ratings."""
        run = self._unit.connection.execute
        touched = followers.touched(self._unit, chats)
        peers = select(_c.peer).where(_c.id.in_(chats))
        ids, t, f, r = person_identity.c, ticket.c, ticket_follower.c, rating.c
        channels = select(_c.channel).where(_c.id.in_(chats))
        mine = sa.update(person_identity).where(
            ids.person_id == source, ids.value.in_(peers), ids.channel.in_(channels)
        )
        run(mine.values(person_id=target))
        run(sa.update(conversation).where(_c.id.in_(chats)).values(person_id=target))
        reported = select(t.id).where(t.conversation.in_(chats))
        known = select(f.ticket_id).where(f.person_id == target)
        twice = sa.delete(ticket_follower).where(
            f.person_id == source, f.conversation_id.in_(chats), f.ticket_id.in_(known)
        )
        run(twice)
        followed = sa.update(ticket_follower).where(f.person_id == source, f.conversation_id.in_(chats))
        run(followed.values(person_id=target))
        rated = select(r.ticket_id).where(r.person_id == target)
        run(
            sa.update(rating)
            .where(r.person_id == source, r.ticket_id.in_(reported), r.ticket_id.not_in(rated))
            .values(person_id=target)
        )
        moved = sa.update(ticket).where(t.conversation.in_(chats), t.reporter == source)
        run(moved.values(reporter=target, version=t.version + 1))
        followers.settle(self._unit, touched)
