"""One move of a ticket in the database: life cycle, history, clocks and everybody who is told, together."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from tickets.guards import needs_ops
from tickets.lifecycle import apply
from tickets.moves import Action, Actor, Changed, Details, NotAllowed
from tickets.notices import notices
from tickets.ticket import Status, Ticket
from usecases import seats, veil
from usecases.house import House
from usecases.overtaken import MOVES
from usecases.records import HistoryLine
from usecases.sight import may_work
from usecases.tell import card_row, centre_reached, group_chat, tell
from usecases.unit import Unit

ASKING = frozenset({Action.DONE, Action.ASK})  # moves after which the citizen may have to be reminded


def change(
    unit: Unit,
    house: House,
    ticket: Ticket,
    action: Action,
    actor: Actor,
    details: Details | None = None,
    *,
    writer: int = 0,
) -> Changed:
    """Make the move or raise NotAllowed with the reason. Somebody who was faster is a reason too.

    writer: chat of the follower who asks for it, see usecases.tell
    """
    details = _as_it_was(unit, ticket, action, details or Details())
    made = veil.noted(unit, house, apply(ticket, action, actor, unit.now, house.city, details))
    asked = made.after.status is Status.REOPEN_REQUESTED and needs_ops(made.after, house.city)
    if asked and not centre_reached(unit, house):
        made = replace(made, data={**made.data, "decides": "office"})  # nobody is told to wait for who is not there
    if action in ASKING:
        made = replace(made, after=replace(made.after, reach_until=_reach(unit, house, ticket)))
    if not unit.tickets.change(made.before, made.after):
        fresh = unit.tickets.get(ticket.id)
        if fresh is None or fresh.version == ticket.version:
            raise LookupError(f"ticket {ticket.id} vanished")
        apply(fresh, action, actor, unit.now, house.city, details)  # says who was first
        return change(unit, house, fresh, action, actor, details, writer=writer)
    made = replace(made, after=replace(made.after, version=made.before.version + 1))
    seq = unit.tickets.append(ticket.id, _line(made))
    plan(unit, house, made.after)
    previous = made.before.agency if made.before.agency != made.after.agency else ""
    key = f"status:{ticket.id}:{seq}"
    tell(unit, house, made.after, notices(made, house.city), key=key, previous_agency=previous, writer=writer)
    if action is Action.ACKNOWLEDGE:
        seats.tell_taken(unit, made.after, key)
    if action is Action.UNDO and made.before.resolved_at is not None:
        unit.media.take_back(ticket.id, made.before.resolved_at)
    _refresh_copies(unit, house, made.after, key)
    return made


def _as_it_was(unit: Unit, ticket: Ticket, action: Action, details: Details) -> Details:
    """What "done" ended stands in the history: who takes it back gets that, with the time it began."""
    if action is not Action.UNDO or ticket.status is not Status.RESOLVED:
        return details
    moves = [line for line in unit.tickets.history(ticket.id) if line.action in MOVES and _began(line)]
    if len(moves) < 2:
        return details
    return replace(details, was=Status(moves[-1].from_status), was_since=moves[-2].at)


def _began(line: HistoryLine) -> bool:
    return line.from_status != line.to_status or line.action == Action.SCHEDULE


def _line(made: Changed) -> dict[str, Any]:
    """The move as a line of the history. agency: of whoever moved it; where it went stands in the data."""
    return {
        "action": str(made.action),
        "from_status": str(made.before.status),
        "to_status": str(made.after.status),
        "actor_role": str(made.actor.role),
        "actor_id": made.actor.id,
        "actor_name": made.actor.name,
        "agency": made.actor.agency or made.before.agency,
        "note": made.note,
        "data_json": json.dumps(dict(made.data), ensure_ascii=False),
    }


def _watches(unit: Unit, house: House, chat: int, ticket: Ticket) -> bool:
    """May this chat see it still, and is it no officer's own, where each card is another message?"""
    bound = unit.agencies.bound_to(chat)
    return not all(one.role == "officer" for one in bound) and may_work(unit, house, chat, ticket.agency)


def _reach(unit: Unit, house: House, ticket: Ticket) -> datetime | None:
    """Until when the reporter may be reminded in free words; None: at any time."""
    channel, until = unit.people.window(ticket.conversation)
    return (until or unit.now) if house.like(channel).window is not None else None


def _refresh_copies(unit: Unit, house: House, ticket: Ticket, key: str) -> None:
    """A card that a head or the operations centre called for shows the new state too."""
    told = group_chat(unit, house, ticket.agency)
    copies = [shown.chat for shown in unit.tickets.cards(ticket.id) if shown.message_id and shown.chat != told]
    rows = [card_row(unit, ticket, chat, occasion=key) for chat in copies if _watches(unit, house, chat, ticket)]
    unit.outbox.add([replace(row, cls="info") for row in rows])


def plan(unit: Unit, house: House, ticket: Ticket) -> None:
    """Make the pending reminders fit the ticket as it now stands."""
    wanted = {
        (rule.kind, due.occurrence): due.at for rule in house.rules.values() for due in rule.plan(ticket, house.city)
    }
    unit.reminders.plan(ticket.id, wanted)


__all__ = ["Action", "Actor", "Details", "NotAllowed", "change", "plan"]
