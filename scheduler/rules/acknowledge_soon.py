"""Before the time to take a ticket up runs out, the group is reminded."""

from __future__ import annotations

from datetime import datetime

from texts.text import Moment
from tickets import sla
from tickets.city import City
from tickets.notice import Notice
from tickets.nudges import nudge, onward, warning_at
from tickets.rule import SILENT, Above, Due, Fired, Rule, occasion
from tickets.ticket import Status, Ticket


def plan(ticket: Ticket, city: City) -> tuple[Due, ...]:
    if ticket.status is not Status.ASSIGNED:
        return ()
    due = ticket.acknowledge_due
    at = warning_at(ticket, city, sla.acknowledge_stage(ticket, city.policy.warn_at), due)
    return (Due(occasion(ticket, due), at),) if at else ()


def speak(ticket: Ticket, city: City, now: datetime, due: Due, above: Above) -> Fired:
    if now >= ticket.acknowledge_due:
        return SILENT  # too late to warn: acknowledge_late speaks
    text = nudge("nudge.acknowledge_soon", ticket, city, due=Moment(ticket.acknowledge_due))
    return Fired((Notice("group", text, onward(ticket), cls="nudge"),))


RULE = Rule("acknowledge_soon", plan, speak, at_night=True)
