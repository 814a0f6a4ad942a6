"""A day later than the promise does not stop its clock: the head hears that the work was put off.

Where no head can be told, the operations centre hears it. Once the day itself is over, resolve_late begins.
"""

from __future__ import annotations

from datetime import datetime

from texts.text import Moment
from tickets import sla
from tickets.city import City
from tickets.notice import Notice
from tickets.nudges import RESOLVING, look, nudge, overdue, promise_stage, slips_at
from tickets.rule import SILENT, Above, Due, Fired, Rule, occasion
from tickets.ticket import Ticket


def plan(ticket: Ticket, city: City) -> tuple[Due, ...]:
    until = sla.planned_until(ticket, city.zone)
    if ticket.status not in RESOLVING or until is None or ticket.scheduled_for is None:
        return ()
    if ticket.scheduled_for.astimezone(city.zone).date() <= ticket.resolve_due.astimezone(city.zone).date():
        return ()  # the promise falls into that very day
    at = promise_stage(ticket, city, city.policy.head_at)
    return (Due(occasion(ticket, ticket.resolve_due), at),) if at < until else ()


def speak(ticket: Ticket, city: City, now: datetime, due: Due, above: Above) -> Fired:
    if ticket.scheduled_for is None or now >= slips_at(ticket, city) or not (above.head or above.ops):
        return SILENT
    late = overdue(ticket.resolve_due, now)
    text = nudge("nudge.planned_late", ticket, city, **late, day=Moment(ticket.scheduled_for, "day"))
    return Fired((Notice("head" if above.head else "ops", text, look(ticket), cls="nudge"),))


RULE = Rule("planned_late", plan, speak, at_night=True)
