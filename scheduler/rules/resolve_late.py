"""When the promise to the citizen is broken, the group is told, and who is told next."""

from __future__ import annotations

from datetime import datetime

from tickets.city import City
from tickets.notice import Notice, lines
from tickets.nudges import RESOLVING, asked, nudge, onward, resolve_stage, said_next, slipped, slips_at
from tickets.rule import Above, Due, Fired, Rule, occasion
from tickets.ticket import Ticket


def plan(ticket: Ticket, city: City) -> tuple[Due, ...]:
    if ticket.status not in RESOLVING:
        return ()
    return (Due(occasion(ticket, slips_at(ticket, city)), resolve_stage(ticket, city, 1.0)),)


def speak(ticket: Ticket, city: City, now: datetime, due: Due, above: Above) -> Fired:
    stage = resolve_stage(ticket, city, city.policy.head_at)
    text = nudge("nudge.resolve_late", ticket, city, **slipped(ticket, city, now), ask=asked(ticket, city))
    text = lines(text, said_next(ticket, city, now, above, stage))
    return Fired((Notice("group", text, onward(ticket), cls="nudge", refresh_card=True),))


RULE = Rule("resolve_late", plan, speak, at_night=True)
