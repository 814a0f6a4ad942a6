"""A citizen whose report stays open past its promise hears every week where it stands."""

from __future__ import annotations

from datetime import datetime

from texts.text import Moment
from tickets.city import City
from tickets.notice import Notice, lines
from tickets.nudges import RESOLVING, nudge, why_late
from tickets.rule import SILENT, Above, Due, Fired, Rule, citizens_at, latest, occasion
from tickets.ticket import Ticket

TIMES = 8  # weeks; who waits longer is a matter for the operations centre's own list


def plan(ticket: Ticket, city: City) -> tuple[Due, ...]:
    if ticket.status not in RESOLVING:
        return ()
    due, step = ticket.resolve_due, city.policy.citizen_update
    name = occasion(ticket, due)
    return tuple(Due(f"{name}:{n}", citizens_at(city, due + n * step)) for n in range(1, TIMES + 1))


def speak(ticket: Ticket, city: City, now: datetime, due: Due, above: Above) -> Fired:
    if due.at < latest(plan(ticket, city), now):
        return SILENT  # after weeks without us one message is enough
    text = nudge("nudge.still_open", ticket, city, due=Moment(ticket.resolve_due, "day"))
    return Fired((Notice("everyone", lines(text, why_late(ticket, city)), cls="nudge"),))


RULE = Rule("still_open", plan, speak)
