"""Conversations and the people behind them: find or create, lock, load and save the dialogue."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from msgspec.structs import replace
from sqlalchemy import select

from storage import chat_queries as q
from storage.prepared import NotThere, as_rows
from storage.tables import UNFINISHED, agency_chat, card, conversation, outbox_message, person, word
from usecases.records import Chat

if TYPE_CHECKING:
    from storage.unit import Unit


class Chats:
    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self._held: list[dict[str, Any]] = []  # dialogues of several units, to be saved together

    def forget(self) -> None:
        """The last transaction, and what it held back, is gone."""
        self._held = []

    def find(self, channel: str, peer: str) -> Chat | None:
        row = self._unit.run.row(q.FIND, channel=channel, peer=peer)
        return _chat(row) if row else None

    def get(self, chat_id: int) -> Chat:
        row = self._unit.run.row(q.BY_ID, id=chat_id)
        if row is None:
            raise LookupError(f"no chat {chat_id}")
        return _chat(row)

    def open(self, channel: str, peer: str, *, group: bool, sender: str, name: str, locale: str) -> Chat:
        """The chat with this peer, locked for us (`mine`), made on its first message.

        Never waits for somebody who thinks about the same chat: then `mine` is False.
        A person's profile name is kept for reports under their name.
        """
        unit = self._unit
        if (channel, peer) not in unit.run.missing:  # it was not seen: it is new, or somebody else thinks about it
            if unit.kind == "postgresql" and (row := self._locked(channel, peer)) is not None:
                return _chat(row)
            if (found := self.find(channel, peer)) is not None:
                return found if unit.kind == "sqlite" else replace(found, mine=False)
        person, fresh = (0, True) if group else self._person(channel, sender, name, locale)
        made = unit.run.made(q.NEW_CHAT, channel=channel, peer=peer, person=person or None, group=group, now=unit.now)
        unit.run.missing.discard((channel, peer))
        if made is not None and not fresh:  # locked, as any row that was just made
            return _chat(unit.run.rows(q.BY_ID_ALONE, id=made)[0])
        if made is not None:
            return Chat(
                id=made,
                channel=channel,
                peer=peer,
                group=group,
                person=person,
                name="" if group else name[: q.LONGEST_NAME],
                locale="id" if group else locale or "id",
                reachable="ok",
                state=q.EMPTY,
                version=q.FIRST,
                waiting=False,
            )
        if unit.kind == "postgresql":  # another worker may have made it while our insert waited: lock it all the same
            if (row := unit.run.row(q.FIND_LOCKED, channel=channel, peer=peer)) is not None:
                return _chat(row)
        if (found := self.find(channel, peer)) is None:
            raise LookupError("conversation vanished")
        return found if unit.kind == "sqlite" else replace(found, mine=False)

    def _locked(self, channel: str, peer: str) -> Any | None:
        run = self._unit.run
        row = run.ahead.pop((channel, peer), None)
        if row is None:
            row = run.row(q.FIND_LOCKED, channel=channel, peer=peer)
            group = self._unit.group
            if row is not None and group and any(kept["id"] == row.id for kept in self._held):  # by an earlier unit
                group.pay("chats")
                row = run.row(q.FIND_LOCKED, channel=channel, peer=peer)
        return row

    def person(self, channel: str, value: str, name: str, locale: str) -> int:
        """The id of the person with this identity, made when unknown."""
        return self._person(channel, value, name, locale)[0]

    def _person(self, channel: str, value: str, name: str, locale: str) -> tuple[int, bool]:
        """(id, whether it was made now)."""
        unit = self._unit
        run = unit.run
        found = run.value(q.IDENTITY, channel=channel, value=value)
        if found is not None:
            return int(found), False
        made = run.made(q.NEW_PERSON, name=name[: q.LONGEST_NAME], locale=locale, now=unit.now) or 0
        if run.do(q.NEW_IDENTITY, channel=channel, value=value, person=made):
            return made, True
        run.do(q.NO_PERSON, id=made)  # another worker was faster: theirs is the one
        return int(run.value(q.IDENTITY, channel=channel, value=value) or 0), False

    def person_name(self, person_id: int) -> str:
        return str(self._unit.run.value(q.NAME, id=person_id) or "")

    def lock(self, chat_id: int) -> bool:
        """True when nobody else thinks about this chat now; never waits. SQLite has one writer anyway."""
        if self._unit.kind == "sqlite":
            return True
        run = self._unit.run  # whoever locks it changes what waits there
        run.ahead = {chat: row for chat, row in run.ahead.items() if row.id != chat_id}
        return self._unit.connection.scalar(q.LOCK, {"id": chat_id}) is not None

    def save(self, chat: Chat, state: str, wake_at: datetime | None, *, heard: bool = True) -> None:
        """Store the dialogue after a turn. heard: the person did something, rather than our clock.

        raises: LookupError when somebody else changed it meanwhile.
        """
        run, now = self._unit.run, self._unit.now if heard else None
        if (group := self._unit.group) is not None:
            kept = {"id": chat.id, "version": chat.version, "state": state, "now": now, "wake": wake_at}
            self._held.append(kept)
            run.ahead.pop((chat.channel, chat.peer), None)  # older than this by now
            group.owes("chats", self._save_held)
            return
        version = {"b_version": chat.version, "b_next": chat.version + 1}
        if run.do(q.SAVE, b_id=chat.id, **version, b_state=state, b_now=now, b_wake=wake_at) != 1:
            raise NotThere

    def _save_held(self) -> None:
        held, self._held = self._held, []
        assert self._unit.group is not None
        self._unit.group.send(q.SAVE_SEVERAL, rows=as_rows(held), wanted=len(held))

    def set_wake(self, chat_id: int, at: datetime | None) -> None:
        self._update(chat_id, wake_at=at)

    def set_reachable(self, chat_id: int, value: str) -> None:
        self._update(chat_id, reachable=value)

    def _update(self, chat_id: int, **values: Any) -> None:
        self._unit.connection.execute(sa.update(conversation).where(conversation.c.id == chat_id).values(**values))

    def set_locale(self, person_id: int, locale: str) -> None:
        self._unit.connection.execute(sa.update(person).where(person.c.id == person_id).values(locale=locale))

    def due_wakes(self, most: int) -> list[int]:
        """Chats whose asked-for moment has come, oldest first."""
        rows = self._unit.connection.scalars(q.WAKES, {"now": self._unit.now, "most": most})
        return [int(row) for row in rows]

    def topics(self, channel: str, peer: str) -> list[int]:
        """The group's own chat and those of its forum topics."""
        rows = self._unit.connection.scalars(
            select(conversation.c.id).where(
                conversation.c.channel == channel,
                sa.or_(conversation.c.peer == peer, conversation.c.peer.startswith(peer + "/", autoescape=True)),
            )
        )
        return [int(row) for row in rows]

    def move(self, channel: str, old: str, new: str) -> None:
        """A group got a new id: its chats (all topics) follow. Of two chats the one with an office stays, of two
        with offices the one that is there: it takes over the other's office, cards and messages."""
        for row in self._unit.connection.execute(
            select(conversation.c.id, conversation.c.peer).where(
                conversation.c.channel == channel,
                sa.or_(conversation.c.peer == old, conversation.c.peer.startswith(old + "/", autoescape=True)),
            )
        ).all():
            target = new + row.peer[len(old) :]
            other = self.find(channel, target)
            if other is not None:  # a word from the new id, or a late one from the old, made an empty chat
                bound = self._unit.agencies.bound_to
                if bound(other.id):
                    self._hand_over(row.id, other.id)
                    self._update(row.id, peer=f"{row.peer}#merged-{row.id}")
                    continue
                self._update(other.id, peer=f"{target}#merged-{other.id}")
            self._update(row.id, peer=target)

    def _hand_over(self, source: int, target: int) -> None:
        run = self._unit.connection.execute
        run(sa.update(agency_chat).where(agency_chat.c.conversation_id == source).values(conversation_id=target))
        shown = select(card.c.ticket_id).where(card.c.conversation_id == target)
        mine = sa.update(card).where(card.c.conversation_id == source, card.c.ticket_id.not_in(shown))
        run(mine.values(conversation_id=target))
        waiting = outbox_message.c.state.in_([word(state) for state in UNFINISHED])
        rows = sa.update(outbox_message).where(outbox_message.c.conversation_id == source, waiting)
        run(rows.values(conversation_id=target))


def _chat(row: sa.Row[Any]) -> Chat:
    return Chat(
        id=row.id,
        channel=row.channel,
        peer=row.peer,
        group=row.is_group,
        person=row.person_id or 0,
        name=row.name or "",
        locale=row.locale or "id",
        reachable=row.reachable,
        state=row.state_json,
        version=row.version,
        waiting=row.backlog,
        wake_at=row.wake_at,
    )
