"""The tickets' statements, built once."""

from __future__ import annotations

from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam, or_, select

from storage.prepared import Prepared
from storage.tables import card, ticket, ticket_event, ticket_follower, word
from tickets.ticket import Outline, Status, Ticket
from usecases.records import HistoryLine

FIELDS = Ticket.__struct_fields__
SHOWN = Outline.__struct_fields__  # of others' tickets: fewer cells to read, and nobody's name among them
TICKET = select(*(ticket.c[name] for name in FIELDS))
OUTLINE = select(*(ticket.c[name] for name in SHOWN))
FOLLOWED = select(ticket_follower.c.ticket_id).where(ticket_follower.c.person_id == bindparam("person"))
_OF_THE_PERSON = or_(ticket.c.reporter == bindparam("person"), ticket.c.id.in_(FOLLOWED))
IS_OPEN = ticket.c.status != word("closed")
IS_OFFERED = sa.text("ticket.offered")  # as its indexes say it; "= 1" would not be recognised

GET = Prepared(TICKET.where(ticket.c.id == bindparam("id")))
LOCK = Prepared(select(ticket.c.id).where(ticket.c.id == bindparam("id")).with_for_update(key_share=True))
LOCK_FREE = Prepared(
    select(ticket.c.id).where(ticket.c.id == bindparam("id")).with_for_update(key_share=True, skip_locked=True)
)
BY_NUMBER = Prepared(TICKET.where(ticket.c.number == bindparam("number")))
OF_PERSON = Prepared(
    TICKET.where(
        _OF_THE_PERSON,
        or_(ticket.c.status != Status.CLOSED, ticket.c.closed_at > bindparam("closed_after")),
    )
    .order_by(ticket.c.id.desc())
    .limit(bindparam("most"))
)
IS_OF_PERSON = Prepared(select(ticket.c.id).where(ticket.c.id == bindparam("id"), _OF_THE_PERSON))
EXTRA = ("source_event_id", "cell", "place_source", "offered")
INSERT = Prepared(
    lambda insert: insert(ticket).values({name: bindparam(name) for name in (*FIELDS, *EXTRA) if name != "id"}),
    makes=ticket.c.id,
)
INSERT_AS = Prepared(lambda insert: insert(ticket).values({name: bindparam(name) for name in (*FIELDS, *EXTRA)}))


def _newest(*where: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """The newest line of a ticket's history for which this holds."""
    columns = (ticket_event.c[name] for name in HistoryLine.__struct_fields__)
    of_ticket = ticket_event.c.ticket_id == bindparam("ticket")
    return select(*columns).where(of_ticket, *where).order_by(ticket_event.c.seq.desc()).limit(1)


LAST_LINE = Prepared(
    select(ticket_event.c.seq, ticket_event.c.hash)
    .where(ticket_event.c.ticket_id == bindparam("ticket"))
    .order_by(ticket_event.c.seq.desc())
    .limit(1)
)
NEWEST_LINE = Prepared(_newest())
NEWEST_WORDS = Prepared(_newest(ticket_event.c.action.in_((word("tell"), word("say"), word("answer")))))
LINE = {
    "ticket_id": 0, "seq": 0, "action": "", "from_status": "", "to_status": "", "actor_role": "", "actor_id": 0,
    "actor_name": "", "agency": "", "note": "", "data_json": "{}", "at": None, "prev_hash": "", "hash": "",
}  # fmt: skip
APPEND = Prepared(lambda insert: insert(ticket_event).values({name: bindparam(name) for name in LINE}))
FOLLOW = Prepared(
    lambda insert: (
        insert(ticket_follower)
        .values(
            ticket_id=bindparam("ticket"),
            person_id=bindparam("person"),
            conversation_id=bindparam("chat"),
            since=bindparam("now"),
        )
        .on_conflict_do_nothing()
    )
)
FOLLOWERS = Prepared(
    select(ticket_follower.c.conversation_id)
    .where(ticket_follower.c.ticket_id == bindparam("ticket"))
    .order_by(ticket_follower.c.person_id)
)
CARD = Prepared(
    select(card).where(card.c.ticket_id == bindparam("ticket"), card.c.conversation_id == bindparam("chat"))
)
CARD_BY_ID = Prepared(select(card).where(card.c.id == bindparam("id")))
NEW_CARD = Prepared(
    lambda insert: (
        insert(card)
        .values(ticket_id=bindparam("ticket"), conversation_id=bindparam("chat"), created_at=bindparam("now"))
        .on_conflict_do_nothing()
    )
)


@cache
def nearby(categories: int, cells: int) -> Prepared:
    """The query for so many categories and grid cells."""
    return _nearby(
        ticket.c.category.in_([bindparam(f"category_{n}") for n in range(categories)]),
        ticket.c.cell.in_([bindparam(f"cell_{n}") for n in range(cells)]),
    )


def _nearby(*where: sa.ColumnElement[bool]) -> Prepared:
    return Prepared(
        OUTLINE.where(
            IS_OFFERED,
            *where,
            ticket.c.lat.between(bindparam("south"), bindparam("north")),
            ticket.c.lon.between(bindparam("west"), bindparam("east")),
            or_(IS_OPEN, ticket.c.closed_at > bindparam("closed_after")),
        ).limit(200)
    )


NEARBY_LISTED = _nearby(  # the same with two lists instead of thirty parameters; only on PostgreSQL
    ticket.c.category == sa.any_(bindparam("categories", type_=sa.ARRAY(sa.Text))),
    ticket.c.cell == sa.any_(bindparam("cells", type_=sa.ARRAY(sa.BigInteger))),
)
PASSED = Prepared(
    select(ticket.c.id)
    .where(IS_OFFERED, ticket.c.status == word("closed"), ticket.c.closed_at <= bindparam("closed_before"))
    .order_by(ticket.c.closed_at)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
