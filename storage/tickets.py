"""Tickets: numbers, conditional updates with a version, and a history chained by hashes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import or_, select

from storage.tables import card, number_seq, rating, ticket, ticket_event, ticket_follower
from tickets.ticket import Outcome, Status, Ticket
from usecases.records import Card, HistoryLine

if TYPE_CHECKING:
    from storage.unit import Unit

_FIELDS = tuple(field.name for field in fields(Ticket))
_TICKET = select(*(ticket.c[name] for name in _FIELDS))


class Tickets:
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    # -- one ticket ---------------------------------------------------------------------------------

    def next_number(self, scope: str) -> int:
        """The next running number of a city and year; the row stays locked until the commit."""
        unit = self._unit
        unit.connection.execute(unit.insert(number_seq).values(scope=scope, next_no=1).on_conflict_do_nothing())
        taken = unit.connection.scalar(
            sa.update(number_seq)
            .where(number_seq.c.scope == scope)
            .values(next_no=number_seq.c.next_no + 1)
            .returning(number_seq.c.next_no)
        )
        assert taken is not None
        return int(taken) - 1

    def insert(self, new: Ticket, *, source_event: int, cell: int | None, place_source: str) -> Ticket:
        """Store a new ticket (its id is ignored) and return it with its id."""
        values = {name: getattr(new, name) for name in _FIELDS if name != "id"}
        made = self._unit.connection.execute(
            sa.insert(ticket).values(**values, source_event_id=source_event, cell=cell, place_source=place_source)
        ).inserted_primary_key
        assert made is not None
        return _with_id(new, int(made[0]))

    def get(self, ticket_id: int) -> Ticket | None:
        row = self._unit.connection.execute(_TICKET.where(ticket.c.id == ticket_id)).first()
        return _ticket(row) if row else None

    def by_number(self, number: str) -> Ticket | None:
        row = self._unit.connection.execute(_TICKET.where(ticket.c.number == number)).first()
        return _ticket(row) if row else None

    def change(self, before: Ticket, after: Ticket) -> bool:
        """Write `after` if the ticket still is as `before` was read; False when somebody was faster."""
        changed = {
            name: getattr(after, name)
            for name in _FIELDS
            if name not in ("id", "version") and getattr(after, name) != getattr(before, name)
        }
        done = self._unit.connection.execute(
            sa.update(ticket)
            .where(ticket.c.id == before.id, ticket.c.version == before.version)
            .values(**changed, version=before.version + 1)
        )
        return done.rowcount == 1

    # -- lists --------------------------------------------------------------------------------------

    def of_person(self, person: int, closed_after: datetime, limit: int = 20) -> list[Ticket]:
        """Reported or followed by this person, open or closed after the given time, newest first."""
        followed = select(ticket_follower.c.ticket_id).where(ticket_follower.c.person_id == person)
        rows = self._unit.connection.execute(
            _TICKET.where(
                or_(ticket.c.reporter == person, ticket.c.id.in_(followed)),
                or_(ticket.c.status != Status.CLOSED, ticket.c.closed_at > closed_after),
            )
            .order_by(ticket.c.id.desc())
            .limit(limit)
        )
        return [_ticket(row) for row in rows]

    def is_of_person(self, ticket_id: int, person: int) -> bool:
        followed = select(ticket_follower.c.ticket_id).where(
            ticket_follower.c.person_id == person, ticket_follower.c.ticket_id == ticket_id
        )
        return (
            self._unit.connection.scalar(
                select(ticket.c.id).where(
                    ticket.c.id == ticket_id, or_(ticket.c.reporter == person, ticket.c.id.in_(followed))
                )
            )
            is not None
        )

    def nearby(self, category: str, cells: Sequence[int]) -> list[Ticket]:
        """Open, public tickets of a category in these grid cells."""
        rows = self._unit.connection.execute(
            _TICKET.where(
                ticket.c.category == category,
                ticket.c.cell.in_(list(cells)),
                ticket.c.status != Status.CLOSED,
                ticket.c.confidential.is_(False),
            ).limit(200)
        )
        return [_ticket(row) for row in rows]

    def open_of_agency(self, agency: str, limit: int = 500) -> list[Ticket]:
        """Everything not closed, first due first."""
        rows = self._unit.connection.execute(
            _TICKET.where(ticket.c.agency == agency, ticket.c.status != Status.CLOSED)
            .order_by(ticket.c.resolve_due)
            .limit(limit)
        )
        return [_ticket(row) for row in rows]

    def of_agency_since(self, agency: str, since: datetime) -> list[Ticket]:
        """Opened since then, or still open, or closed since then: what a recap counts."""
        rows = self._unit.connection.execute(
            _TICKET.where(
                ticket.c.agency == agency,
                or_(ticket.c.opened_at >= since, ticket.c.status != Status.CLOSED, ticket.c.resolved_at >= since),
            )
        )
        return [_ticket(row) for row in rows]

    # -- history ------------------------------------------------------------------------------------

    def append(self, ticket_id: int, line: dict[str, Any]) -> int:
        """Add a line to the history; each line's hash covers the one before. Returns its number."""
        unit = self._unit
        last = unit.connection.execute(
            select(ticket_event.c.seq, ticket_event.c.hash)
            .where(ticket_event.c.ticket_id == ticket_id)
            .order_by(ticket_event.c.seq.desc())
            .limit(1)
        ).first()
        seq, previous = (last.seq + 1, last.hash) if last else (1, "")
        values = {"ticket_id": ticket_id, "seq": seq, **line, "at": unit.now, "prev_hash": previous}
        unit.connection.execute(sa.insert(ticket_event).values(**values, hash=event_hash(values)))
        return seq

    def history(self, ticket_id: int) -> list[HistoryLine]:
        rows = self._unit.connection.execute(
            select(ticket_event).where(ticket_event.c.ticket_id == ticket_id).order_by(ticket_event.c.seq)
        )
        return [
            HistoryLine(r.seq, r.action, r.from_status, r.to_status, r.actor_role, r.actor_name, r.agency, r.note, r.at)
            for r in rows
        ]

    # -- people around a ticket ---------------------------------------------------------------------

    def follow(self, ticket_id: int, person: int, chat: int) -> bool:
        """True when the person did not follow it before."""
        unit = self._unit
        done = unit.connection.execute(
            unit.insert(ticket_follower)
            .values(ticket_id=ticket_id, person_id=person, conversation_id=chat, since=unit.now)
            .on_conflict_do_nothing()
        )
        if done.rowcount == 1:
            unit.connection.execute(
                sa.update(ticket).where(ticket.c.id == ticket_id).values(followers=ticket.c.followers + 1)
            )
        return done.rowcount == 1

    def follower_chats(self, ticket_id: int) -> list[int]:
        rows = self._unit.connection.scalars(
            select(ticket_follower.c.conversation_id)
            .where(ticket_follower.c.ticket_id == ticket_id)
            .order_by(ticket_follower.c.person_id)
        )
        return [int(row) for row in rows]

    def rate(self, ticket_id: int, cycle: int, person: int, *, stars: int = 0, remark: str = "") -> None:
        """Stars and remark may come one after the other; the newest of each stands."""
        unit = self._unit
        row = unit.insert(rating).values(
            ticket_id=ticket_id, cycle=cycle, person_id=person, stars=stars, remark=remark, at=unit.now
        )
        newer: dict[str, Any] = {"at": unit.now}
        if stars:
            newer["stars"] = stars
        if remark:
            newer["remark"] = remark
        unit.connection.execute(
            row.on_conflict_do_update(index_elements=["ticket_id", "cycle", "person_id"], set_=newer)
        )

    # -- cards --------------------------------------------------------------------------------------

    def card(self, ticket_id: int, chat: int) -> Card:
        """The card of this ticket in this chat, made when there is none."""
        unit = self._unit
        query = select(card).where(card.c.ticket_id == ticket_id, card.c.conversation_id == chat)
        row = unit.connection.execute(query).first()
        if row is None:
            unit.connection.execute(
                unit.insert(card)
                .values(ticket_id=ticket_id, conversation_id=chat, created_at=unit.now)
                .on_conflict_do_nothing()
            )
            row = unit.connection.execute(query).one()
        return _card(row)

    def card_by_id(self, card_id: int) -> Card | None:
        row = self._unit.connection.execute(select(card).where(card.c.id == card_id)).first()
        return _card(row) if row else None

    def cards(self, ticket_id: int) -> list[Card]:
        rows = self._unit.connection.execute(select(card).where(card.c.ticket_id == ticket_id).order_by(card.c.id))
        return [_card(row) for row in rows]

    def card_shown(self, card_id: int, message_id: str, version: int) -> None:
        self._unit.connection.execute(
            sa.update(card).where(card.c.id == card_id).values(platform_message_id=message_id, shown_version=version)
        )


def event_hash(values: dict[str, Any]) -> str:
    """SHA-256 over the line and the hash before it; `verify` recomputes it."""
    at = values["at"]
    parts = [
        values["prev_hash"],
        str(values["ticket_id"]),
        str(values["seq"]),
        values["action"],
        values.get("from_status", ""),
        values.get("to_status", ""),
        values.get("actor_role", ""),
        str(values.get("actor_id", 0)),
        values.get("note", ""),
        at.isoformat(timespec="microseconds"),
    ]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()


def _ticket(row: sa.Row[Any]) -> Ticket:
    values = dict(zip(_FIELDS, row, strict=True))
    values["status"] = Status(values["status"])
    values["outcome"] = Outcome(values["outcome"]) if values["outcome"] else None
    return Ticket(**values)


def _card(row: sa.Row[Any]) -> Card:
    return Card(row.id, row.ticket_id, row.conversation_id, row.platform_message_id, row.shown_version)


def _with_id(new: Ticket, ticket_id: int) -> Ticket:
    values = {name: getattr(new, name) for name in _FIELDS}
    values["id"] = ticket_id
    return Ticket(**values)
