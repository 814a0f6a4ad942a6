"""Tickets: numbers, conditional updates with a version, and a history chained by hashes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import bindparam, or_, select

from storage.prepared import Prepared
from storage.tables import card, number_seq, rating, ticket, ticket_event, ticket_follower, word
from tickets.ticket import Outcome, Status, Ticket
from usecases.records import Card, HistoryLine

if TYPE_CHECKING:
    from storage.unit import Unit

_FIELDS = tuple(field.name for field in fields(Ticket))
_TICKET = select(*(ticket.c[name] for name in _FIELDS))
_FOLLOWED = select(ticket_follower.c.ticket_id).where(ticket_follower.c.person_id == bindparam("person"))
_IS_OPEN = ticket.c.status != word("closed")

_GET = Prepared(_TICKET.where(ticket.c.id == bindparam("id")))
_BY_NUMBER = Prepared(_TICKET.where(ticket.c.number == bindparam("number")))
_OF_PERSON = Prepared(
    _TICKET.where(
        or_(ticket.c.reporter == bindparam("person"), ticket.c.id.in_(_FOLLOWED)),
        or_(ticket.c.status != Status.CLOSED, ticket.c.closed_at > bindparam("closed_after")),
    )
    .order_by(ticket.c.id.desc())
    .limit(bindparam("most"))
)
_IS_OF_PERSON = Prepared(
    select(ticket.c.id).where(
        ticket.c.id == bindparam("id"), or_(ticket.c.reporter == bindparam("person"), ticket.c.id.in_(_FOLLOWED))
    )
)
_NEW_SCOPE = Prepared(
    lambda insert: insert(number_seq).values(scope=bindparam("scope"), next_no=1).on_conflict_do_nothing()
)
_NEXT_NUMBER = Prepared(
    sa.update(number_seq)
    .where(number_seq.c.scope == bindparam("b_scope"))
    .values(next_no=number_seq.c.next_no + 1)
    .returning(number_seq.c.next_no)
)
_EXTRA = ("source_event_id", "cell", "place_source")
_INSERT = Prepared(
    lambda insert: (
        insert(ticket)
        .values({name: bindparam(name) for name in (*_FIELDS, *_EXTRA) if name != "id"})
        .returning(ticket.c.id)
    )
)
_LAST_LINE = Prepared(
    select(ticket_event.c.seq, ticket_event.c.hash)
    .where(ticket_event.c.ticket_id == bindparam("ticket"))
    .order_by(ticket_event.c.seq.desc())
    .limit(1)
)
_LINE = {
    "ticket_id": 0, "seq": 0, "action": "", "from_status": "", "to_status": "", "actor_role": "", "actor_id": 0,
    "actor_name": "", "agency": "", "note": "", "data_json": "{}", "at": None, "prev_hash": "", "hash": "",
}  # fmt: skip
_APPEND = Prepared(lambda insert: insert(ticket_event).values({name: bindparam(name) for name in _LINE}))
_FOLLOWERS = Prepared(
    select(ticket_follower.c.conversation_id)
    .where(ticket_follower.c.ticket_id == bindparam("ticket"))
    .order_by(ticket_follower.c.person_id)
)
_CARD = Prepared(
    select(card).where(card.c.ticket_id == bindparam("ticket"), card.c.conversation_id == bindparam("chat"))
)
_CARD_BY_ID = Prepared(select(card).where(card.c.id == bindparam("id")))
_NEW_CARD = Prepared(
    lambda insert: (
        insert(card)
        .values(ticket_id=bindparam("ticket"), conversation_id=bindparam("chat"), created_at=bindparam("now"))
        .on_conflict_do_nothing()
    )
)


@cache
def _nearby(cells: int) -> Prepared:
    """The query for so many grid cells."""
    places: list[sa.BindParameter[Any]] = [bindparam(f"cell_{n}") for n in range(cells)]
    return Prepared(
        _TICKET.where(
            ticket.c.category == bindparam("category"),
            ticket.c.cell.in_(places),
            _IS_OPEN,
            ticket.c.confidential.is_(False),
        ).limit(200)
    )


class Tickets:
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    # -- one ticket ---------------------------------------------------------------------------------

    def next_number(self, scope: str) -> int:
        """The next running number of a city and year; the row stays locked until the commit."""
        run = self._unit.run
        taken = run.value(_NEXT_NUMBER, b_scope=scope)
        if taken is None:
            run.do(_NEW_SCOPE, scope=scope)
            taken = run.value(_NEXT_NUMBER, b_scope=scope)
        assert taken is not None
        return int(taken) - 1

    def insert(self, new: Ticket, *, source_event: int, cell: int | None, place_source: str) -> Ticket:
        """Store a new ticket (its id is ignored) and return it with its id."""
        values = {name: getattr(new, name) for name in _FIELDS if name != "id"}
        values["status"], values["outcome"] = str(new.status), new.outcome and str(new.outcome)
        made = self._unit.run.value(
            _INSERT, **values, source_event_id=source_event, cell=cell, place_source=place_source
        )
        assert made is not None
        return replace(new, id=int(made))

    def get(self, ticket_id: int) -> Ticket | None:
        row = self._unit.run.row(_GET, id=ticket_id)
        return _ticket(row) if row else None

    def by_number(self, number: str) -> Ticket | None:
        row = self._unit.run.row(_BY_NUMBER, number=number)
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
        rows = self._unit.run.rows(_OF_PERSON, person=person, closed_after=closed_after, most=limit)
        return [_ticket(row) for row in rows]

    def is_of_person(self, ticket_id: int, person: int) -> bool:
        return self._unit.run.value(_IS_OF_PERSON, id=ticket_id, person=person) is not None

    def nearby(self, category: str, cells: Sequence[int]) -> list[Ticket]:
        """Open, public tickets of a category in these grid cells."""
        values = {f"cell_{n}": cell for n, cell in enumerate(cells)}
        return [_ticket(row) for row in self._unit.run.rows(_nearby(len(cells)), category=category, **values)]

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

    def without_point(self, limit: int) -> list[Ticket]:
        """Open tickets whose place is only words that nobody has looked up yet, oldest first."""
        rows = self._unit.connection.execute(
            _TICKET.where(
                _IS_OPEN, ticket.c.lat.is_(None), ticket.c.place_words != "", ticket.c.place_source != "words-tried"
            )
            .order_by(ticket.c.id)
            .limit(limit)
        )
        return [_ticket(row) for row in rows]

    def set_point(self, ticket_id: int, point: tuple[float, float, int] | None, source: str) -> None:
        """point: (lat, lon, grid cell); None only notes that it was looked up."""
        values: dict[str, Any] = {"place_source": source}
        if point is not None:
            lat, lon, grid = point
            values.update(lat=lat, lon=lon, cell=grid, version=ticket.c.version + 1)
        self._unit.connection.execute(sa.update(ticket).where(ticket.c.id == ticket_id).values(**values))

    # -- history ------------------------------------------------------------------------------------

    def append(self, ticket_id: int, line: dict[str, Any]) -> int:
        """Add a line to the history; each line's hash covers the one before. Returns its number."""
        unit = self._unit
        last = unit.run.row(_LAST_LINE, ticket=ticket_id)
        seq, previous = (last.seq + 1, last.hash) if last else (1, "")
        values = {**_LINE, **line, "ticket_id": ticket_id, "seq": seq, "at": unit.now, "prev_hash": previous}
        unit.run.do(_APPEND, **{**values, "hash": event_hash(values)})
        return int(seq)

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
        return [int(row[0]) for row in self._unit.run.rows(_FOLLOWERS, ticket=ticket_id)]

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
        row = unit.run.row(_CARD, ticket=ticket_id, chat=chat)
        if row is None:
            unit.run.do(_NEW_CARD, ticket=ticket_id, chat=chat, now=unit.now)
            row = unit.run.row(_CARD, ticket=ticket_id, chat=chat)
        assert row is not None
        return _card(row)

    def card_by_id(self, card_id: int) -> Card | None:
        row = self._unit.run.row(_CARD_BY_ID, id=card_id)
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


def _ticket(row: Any) -> Ticket:
    values = dict(zip(_FIELDS, row, strict=True))
    values["status"] = Status(values["status"])
    values["outcome"] = Outcome(values["outcome"]) if values["outcome"] else None
    return Ticket(**values)


def _card(row: Any) -> Card:
    return Card(row.id, row.ticket_id, row.conversation_id, row.platform_message_id, row.shown_version)
