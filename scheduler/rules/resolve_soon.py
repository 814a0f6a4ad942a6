"""Before the promise to the citizen runs out, who works on it is reminded, unless a day is agreed."""

from __future__ import annotations

from datetime import datetime

from texts.text import Moment
from tickets import sla
from tickets.city import City
from tickets.notice import Notice
from tickets.nudges import nudge, onward, warning_at
from tickets.rule import SILENT, Above, Due, Fired, Rule, occasion
from tickets.ticket import Status, Ticket

WORKING = frozenset({Status.ACKNOWLEDGED, Status.IN_PROGRESS})  # before that, taking it up comes first


def plan(ticket: Ticket, city: City) -> tuple[Due, ...]:
    if ticket.status not in WORKING or sla.planned_until(ticket, city.zone):
        return ()
    due = ticket.resolve_due
    at = warning_at(ticket, city, sla.resolve_stage(ticket, city.policy.warn_at), due)
    return (Due(occasion(ticket, due), at),) if at else ()


def speak(ticket: Ticket, city: City, now: datetime, due: Due, above: Above) -> Fired:
    if now >= ticket.resolve_due:
        return SILENT  # too late to warn: resolve_late speaks
    text = nudge("nudge.resolve_soon", ticket, city, due=Moment(ticket.resolve_due))
    return Fired((Notice("group", text, onward(ticket), cls="nudge"),))


RULE = Rule("resolve_soon", plan, speak, at_night=True)
