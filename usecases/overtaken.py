"""Who was faster: a refusal because the ticket moved on names the colleague and what they did."""

from __future__ import annotations

from texts.text import Text
from tickets.guards import overtaken
from tickets.moves import Action, Actor, NotAllowed, Overtaken, Role
from tickets.ticket import Ticket
from usecases.unit import Unit

STAFF = frozenset({Role.OFFICER, Role.SUPERVISOR, Role.OPS})
MOVES = frozenset(map(str, Action))  # the other lines of a history change nothing


def reason(unit: Unit, ticket: Ticket, actor: Actor, refused: NotAllowed) -> Text:
    """Why it was refused; with a name when the last move was another officer's."""
    if not isinstance(refused, Overtaken):
        return refused.reason
    return by_colleague(unit, ticket, actor) or refused.reason


def by_colleague(unit: Unit, ticket: Ticket, actor: Actor) -> Text | None:
    """Who moved the ticket last and with what; None when it was no officer, or this one."""
    moves = [line for line in unit.tickets.history(ticket.id) if line.action in MOVES]
    if not moves or moves[-1].actor_role not in STAFF or moves[-1].actor_id == actor.id:
        return None
    last = moves[-1]
    return overtaken(unit.tickets.get(ticket.id) or ticket, last.action, last.actor_name, last.at)
