"""Who follows a report after its people changed: nobody their own, and it counts them as many as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy import func, select

from storage.tables import ticket, ticket_follower

if TYPE_CHECKING:
    from storage.unit import Unit

_t, _f = ticket.c, ticket_follower.c


def touched(unit: Unit, chats: list[int]) -> list[int]:
    """The reports that were made or are followed in these chats."""
    made = select(_t.id).where(_t.conversation.in_(chats))
    return [
        int(one)
        for one in unit.connection.scalars(made.union(select(_f.ticket_id).where(_f.conversation_id.in_(chats))))
    ]


def settle(unit: Unit, tickets: list[int]) -> None:
    """Put right who follows these reports, and how many they are."""
    if not tickets:
        return
    run = unit.connection.execute
    run(select(_t.id).where(_t.id.in_(tickets)).with_for_update())  # who joins now is counted after us
    reporter = select(_t.reporter).where(_t.id == _f.ticket_id).scalar_subquery()
    run(sa.delete(ticket_follower).where(_f.ticket_id.in_(tickets), _f.person_id == reporter))
    count = select(func.count()).where(_f.ticket_id == _t.id).scalar_subquery()
    run(sa.update(ticket).where(_t.id.in_(tickets), _t.followers != count).values(followers=count))
