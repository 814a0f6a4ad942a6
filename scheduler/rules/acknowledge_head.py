"""Half as much time again and still not taken up: the head of the agency is told."""

from __future__ import annotations

from datetime import datetime

from tickets.city import City
from tickets.notice import Notice
from tickets.nudges import acknowledge_stage, nudge, overdue
from tickets.rule import Due, Fired, Rule, occasion
from tickets.ticket import Status, Ticket


def plan(ticket: Ticket, city: City) -> tuple[Due, ...]:
    if ticket.status is not Status.ASSIGNED:
        return ()
    return (Due(occasion(ticket, ticket.acknowledge_due), acknowledge_stage(ticket, city, city.policy.head_at)),)


def speak(ticket: Ticket, city: City, now: datetime, due: Due) -> Fired:
    text = nudge("nudge.acknowledge_head", ticket, city, **overdue(ticket.acknowledge_due, now))
    return Fired((Notice("head", text, cls="nudge"),))


RULE = Rule("acknowledge_head", plan, speak, at_night=True)
