"""Tickets: numbers, conditional updates with a version, and a history chained by hashes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from msgspec.structs import replace
from sqlalchemy import select

from routing.place import Around
from storage import recaps
from storage import ticket_queries as q
from storage.chain import event_hash
from storage.numbers import Numbers
from storage.tables import card, rating, ticket, ticket_event
from tickets.figures import Recap
from tickets.similar import offered
from tickets.ticket import Outcome, Outline, Status, Ticket
from usecases.records import Card, HistoryLine

if TYPE_CHECKING:
    from storage.unit import Unit


class Tickets:
    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self._numbers = Numbers(unit)
        self._next_id = 0  # drawn with the last number
        self._made: dict[int, set[str]] = {}  # tickets of this transaction: what was not done to them yet

    def forget(self) -> None:
        """The last transaction is gone."""
        self._numbers.forget()

    # -- one ticket ---------------------------------------------------------------------------------

    def next_number(self, scope: str) -> int:
        """The next running number of a city and year; the row stays locked until the commit."""
        drawn = self._numbers.next(scope)
        self._next_id = drawn.id
        return drawn.number

    def insert(self, new: Ticket, *, source_event: int, cell: int | None, place_source: str) -> Ticket:
        """Store a new ticket (its id is ignored) and return it with its id."""
        values = {name: getattr(new, name) for name in q.FIELDS if name != "id"}
        values["status"], values["outcome"] = str(new.status), new.outcome and str(new.outcome)
        values |= {"source_event_id": source_event, "cell": cell, "place_source": place_source}
        values["offered"] = offered(new)
        run, made, self._next_id = self._unit.run, self._next_id or None, 0
        if made:
            run.send(q.INSERT_AS, **values, id=made)
        else:
            made = run.made(q.INSERT, **values)
        assert made is not None
        self._made[made] = {"history", "reminders"}
        return replace(new, id=made)

    def first(self, ticket_id: int, what: str) -> bool:
        """Whether this transaction made the ticket and now does this to it for the first time: nothing to look up."""
        left = self._made.get(ticket_id, set())
        found = what in left
        left.discard(what)
        return found

    def begin(self) -> None:
        """What an earlier transaction made is nothing special any more."""
        self._made.clear()
        self._next_id = 0

    def get(self, ticket_id: int) -> Ticket | None:
        row = self._unit.run.row(q.GET, id=ticket_id)
        return _ticket(row) if row else None

    def lock(self, ticket_id: int) -> bool:
        """True when nobody else moves this ticket now; never waits. SQLite has one writer anyway."""
        if self._unit.kind == "sqlite":
            return True
        return self._unit.run.row(q.LOCK_FREE, id=ticket_id) is not None

    def by_number(self, number: str) -> Ticket | None:
        row = self._unit.run.row(q.BY_NUMBER, number=number)
        return _ticket(row) if row else None

    def change(self, before: Ticket, after: Ticket) -> bool:
        """Write `after` if the ticket still is as `before` was read; False when somebody was faster."""
        changed = {
            name: getattr(after, name)
            for name in q.FIELDS
            if name not in ("id", "version") and getattr(after, name) != getattr(before, name)
        }
        if after.status != before.status:
            changed["offered"] = offered(after)
        done = self._unit.connection.execute(
            sa.update(ticket)
            .where(ticket.c.id == before.id, ticket.c.version == before.version)
            .values(**changed, version=before.version + 1)
        )
        return done.rowcount == 1

    # -- lists --------------------------------------------------------------------------------------

    def of_person(self, person: int, closed_after: datetime, limit: int = 20) -> list[Ticket]:
        """Reported or followed by this person, open or closed after the given time, newest first."""
        rows = self._unit.run.rows(q.OF_PERSON, person=person, closed_after=closed_after, most=limit)
        return [_ticket(row) for row in rows]

    def is_of_person(self, ticket_id: int, person: int) -> bool:
        return self._unit.run.value(q.IS_OF_PERSON, id=ticket_id, person=person) is not None

    def of_person_among(self, ticket_ids: Sequence[int], person: int) -> frozenset[int]:
        """Those of these tickets, a handful, that the person reported or follows.

        One question for each: for a list of them PostgreSQL's plan reads all tickets until they were counted.
        """
        each = self._unit.run.row_of_each(q.IS_OF_PERSON, [{"id": one, "person": person} for one in ticket_ids])
        return frozenset(row.id for row in each if row is not None)

    def nearby(self, categories: Sequence[str], around: Around, closed_after: datetime) -> list[Outline]:
        """Those of these categories there that may be offered to others, open or closed after the given time."""
        box = around.box
        values: dict[str, Any] = {"south": box.south, "north": box.north, "west": box.west, "east": box.east}
        query = q.NEARBY_LISTED
        if self._unit.kind == "postgresql":
            values |= {"categories": list(categories), "cells": list(around.cells)}
        else:
            values |= {f"cell_{n}": cell for n, cell in enumerate(around.cells)}
            values |= {f"category_{n}": category for n, category in enumerate(categories)}
            query = q.nearby(len(categories), len(around.cells))
        return [_outline(row) for row in self._unit.run.rows(query, closed_after=closed_after, **values)]

    def withdraw(self, closed_before: datetime, limit: int) -> int:
        """Stop offering tickets that were closed up to then, the oldest first; returns how many."""
        ids = [row[0] for row in self._unit.run.rows(q.PASSED, closed_before=closed_before, most=limit)]
        if ids:
            self._unit.connection.execute(sa.update(ticket).where(ticket.c.id.in_(ids)).values(offered=False))
        return len(ids)

    def open_of_agency(self, agency: str) -> list[Ticket]:
        """Everything not closed, first due first."""
        mine = q.TICKET.where(ticket.c.agency == agency, q.IS_OPEN).order_by(ticket.c.resolve_due)
        return [_ticket(row) for row in self._unit.connection.execute(mine)]

    def count_open(self, agencies: Collection[str], status: Status | None = None) -> int:
        """How many of these agencies' tickets are not closed. status: only those in this one."""
        mine = select(sa.func.count()).where(ticket.c.agency.in_(agencies), q.IS_OPEN)
        if status is not None:
            mine = mine.where(ticket.c.status == status)
        return int(self._unit.connection.scalar(mine) or 0)

    def recap(self, agencies: Sequence[str], starts: Sequence[datetime], patience: timedelta) -> Recap:
        """These agencies' numbers now, with a period from each start. patience: see `tickets.sla.used`."""
        return recaps.count(self._unit, agencies, starts, patience)

    def without_point(self, limit: int, besides: Collection[int] = ()) -> list[Ticket]:
        """Open tickets whose place is only words that nobody has looked up yet, oldest first, but not these."""
        rows = self._unit.connection.execute(
            q.TICKET.where(
                q.IS_OPEN,
                ticket.c.lat.is_(None),
                ticket.c.place_words != "",
                ticket.c.place_source != "words-tried",
                ticket.c.id.not_in(besides),
            )
            .order_by(ticket.c.id)
            .limit(limit)
        )
        return [_ticket(row) for row in rows]

    def hide_name(self, ticket_id: int) -> bool:
        """The reporter's name is shown no more; False when it was not shown."""
        named = sa.update(ticket).where(ticket.c.id == ticket_id, ticket.c.named.is_(True))
        return self._unit.connection.execute(named.values(named=False, version=ticket.c.version + 1)).rowcount == 1

    def set_point(self, ticket_id: int, point: tuple[float, float, int] | None, source: str) -> None:
        """point: (lat, lon, grid cell); None only notes that it was looked up."""
        values: dict[str, Any] = {"place_source": source}
        if point is not None:
            values |= dict(zip(("lat", "lon", "cell"), point, strict=True), version=ticket.c.version + 1)
        self._unit.connection.execute(sa.update(ticket).where(ticket.c.id == ticket_id).values(**values))

    # -- history ------------------------------------------------------------------------------------

    def append(self, ticket_id: int, line: dict[str, Any]) -> int:
        """Add a line to the history; each line's hash covers the one before. Returns its number."""
        unit = self._unit
        last = None
        if not self.first(ticket_id, "history"):
            if unit.kind == "postgresql":  # two lines at the same moment must not get the same number
                unit.run.row(q.LOCK, id=ticket_id)
            last = unit.run.row(q.LAST_LINE, ticket=ticket_id)
        seq, previous = (last.seq + 1, last.hash) if last else (1, "")
        values = {**q.LINE, **line, "ticket_id": ticket_id, "seq": seq, "at": unit.now, "prev_hash": previous}
        unit.run.send(q.APPEND, **{**values, "hash": event_hash(values)})
        return int(seq)

    def history(self, ticket_id: int) -> list[HistoryLine]:
        rows = self._unit.connection.execute(
            select(ticket_event).where(ticket_event.c.ticket_id == ticket_id).order_by(ticket_event.c.seq)
        )
        return [HistoryLine(**{field: getattr(row, field) for field in HistoryLine.__struct_fields__}) for row in rows]

    def last_line(self, ticket_id: int, *, talk: bool = False) -> HistoryLine | None:
        """The newest line of the history. talk: of what office and citizens told, said or answered one another."""
        row = self._unit.run.row(q.NEWEST_WORDS if talk else q.NEWEST_LINE, ticket=ticket_id)
        return HistoryLine(*row) if row else None

    # -- people around a ticket ---------------------------------------------------------------------

    def follow(self, ticket_id: int, person: int, chat: int) -> bool:
        """True when the person did not follow it before."""
        unit = self._unit
        # through the driver: SQLAlchemy does not tell the rows of an insert on PostgreSQL
        new = unit.run.do(q.FOLLOW, ticket=ticket_id, person=person, chat=chat, now=unit.now) == 1
        if new:
            unit.connection.execute(
                sa.update(ticket).where(ticket.c.id == ticket_id).values(followers=ticket.c.followers + 1)
            )
        return new

    def follower_chats(self, ticket_id: int) -> list[int]:
        return [int(row[0]) for row in self._unit.run.rows(q.FOLLOWERS, ticket=ticket_id)]

    def rate(self, ticket_id: int, cycle: int, person: int, *, stars: int = 0, remark: str = "") -> bool:
        """Stars and remark may come one after the other; the newest of each stands. False: it was just so before."""
        unit = self._unit
        row = unit.insert(rating).values(
            ticket_id=ticket_id, cycle=cycle, person_id=person, stars=stars, remark=remark, at=unit.now
        )
        newer: dict[str, Any] = {name: value for name, value in (("stars", stars), ("remark", remark)) if value}
        other = sa.or_(*(rating.c[name] != value for name, value in newer.items()))
        keys = ["ticket_id", "cycle", "person_id"]
        row = row.on_conflict_do_update(index_elements=keys, set_=newer | {"at": unit.now}, where=other)
        return unit.connection.execute(row.returning(rating.c.ticket_id)).first() is not None

    # -- cards --------------------------------------------------------------------------------------

    def card(self, ticket_id: int, chat: int) -> Card:
        """The card of this ticket in this chat, made when there is none."""
        unit = self._unit
        row = unit.run.row(q.CARD, ticket=ticket_id, chat=chat)
        if row is None:
            unit.run.do(q.NEW_CARD, ticket=ticket_id, chat=chat, now=unit.now)
            row = unit.run.row(q.CARD, ticket=ticket_id, chat=chat)
        assert row is not None
        return _card(row)

    def card_message(self, ticket_id: int, chat: int) -> str:
        """The message that is the ticket's card in this chat, "" where none stands."""
        row = self._unit.run.row(q.CARD, ticket=ticket_id, chat=chat)
        return str(row.platform_message_id) if row else ""

    def card_by_id(self, card_id: int) -> Card | None:
        row = self._unit.run.row(q.CARD_BY_ID, id=card_id)
        return _card(row) if row else None

    def cards(self, ticket_id: int) -> list[Card]:
        rows = self._unit.connection.execute(select(card).where(card.c.ticket_id == ticket_id).order_by(card.c.id))
        return [_card(row) for row in rows]

    def card_shown(self, card_id: int, message_id: str, version: int) -> None:
        self._unit.connection.execute(
            sa.update(card).where(card.c.id == card_id).values(platform_message_id=message_id, shown_version=version)
        )


def _ticket(row: Any) -> Ticket:
    return Ticket(**_fields(q.FIELDS, row))


def _outline(row: Any) -> Outline:
    return Outline(**_fields(q.SHOWN, row))


def _fields(names: Sequence[str], row: Any) -> dict[str, Any]:
    values = dict(zip(names, row, strict=True))
    values["status"] = Status(values["status"])
    values["outcome"] = Outcome(values["outcome"]) if values["outcome"] else None
    return values


def _card(row: Any) -> Card:
    return Card(row.id, row.ticket_id, row.conversation_id, row.platform_message_id, row.shown_version)
