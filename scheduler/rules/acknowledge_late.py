"""When nobody took a ticket up in time, the group is told, and who is told next."""

from __future__ import annotations

from datetime import datetime

from tickets.city import City
from tickets.notice import Notice, lines
from tickets.nudges import acknowledge_stage, nudge, onward, overdue, said_next
from tickets.rule import Above, Due, Fired, Rule, occasion
from tickets.ticket import Status, Ticket


def plan(ticket: Ticket, city: City) -> tuple[Due, ...]:
    if ticket.status is not Status.ASSIGNED:
        return ()
    return (Due(occasion(ticket, ticket.acknowledge_due), acknowledge_stage(ticket, city, 1.0)),)


def speak(ticket: Ticket, city: City, now: datetime, due: Due, above: Above) -> Fired:
    stage = acknowledge_stage(ticket, city, city.policy.head_at)
    text = nudge("nudge.acknowledge_late", ticket, city, **overdue(ticket.acknowledge_due, now))
    text = lines(text, said_next(ticket, city, now, above, stage))
    return Fired((Notice("group", text, onward(ticket), cls="nudge", refresh_card=True),))


RULE = Rule("acknowledge_late", plan, speak, at_night=True)
