"""One move of a ticket in the database: life cycle, history, clocks and everybody who is told, together."""

from __future__ import annotations

import json
from dataclasses import replace

from tickets.lifecycle import apply
from tickets.moves import Action, Actor, Changed, Details, NotAllowed
from tickets.notices import notices
from tickets.ticket import Ticket
from usecases.house import House
from usecases.tell import tell
from usecases.unit import Unit


def change(
    unit: Unit, house: House, ticket: Ticket, action: Action, actor: Actor, details: Details | None = None
) -> Changed:
    """Make the move or raise NotAllowed with the reason. Somebody who was faster is a reason too."""
    details = details or Details()
    made = apply(ticket, action, actor, unit.now, house.city, details)
    if not unit.tickets.change(made.before, made.after):
        fresh = unit.tickets.get(ticket.id)
        if fresh is None or fresh.version == ticket.version:
            raise LookupError(f"ticket {ticket.id} vanished")
        apply(fresh, action, actor, unit.now, house.city, details)  # says who was first
        return change(unit, house, fresh, action, actor, details)
    made = replace(made, after=replace(made.after, version=made.before.version + 1))
    seq = unit.tickets.append(
        ticket.id,
        {
            "action": str(action),
            "from_status": str(made.before.status),
            "to_status": str(made.after.status),
            "actor_role": str(actor.role),
            "actor_id": actor.id,
            "actor_name": actor.name,
            "agency": made.after.agency,
            "note": made.note,
            "data_json": json.dumps(dict(made.data), ensure_ascii=False),
        },
    )
    plan(unit, house, made.after)
    previous = made.before.agency if made.before.agency != made.after.agency else ""
    tell(unit, house, made.after, notices(made, house.city), key=f"status:{ticket.id}:{seq}", previous_agency=previous)
    return made


def plan(unit: Unit, house: House, ticket: Ticket) -> None:
    """Make the pending reminders fit the ticket as it now stands."""
    wanted = {
        (rule.kind, due.occurrence): due.at for rule in house.rules.values() for due in rule.plan(ticket, house.city)
    }
    unit.reminders.plan(ticket.id, wanted)


__all__ = ["Action", "Actor", "Details", "NotAllowed", "change", "plan"]
