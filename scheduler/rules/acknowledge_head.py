"""Half as much time again and still not taken up: the head of the agency is told."""

from __future__ import annotations

from datetime import datetime

from tickets.city import City
from tickets.nudges import acknowledge_stage, climbed
from tickets.rule import Above, Due, Fired, Rule, occasion
from tickets.ticket import Status, Ticket


def plan(ticket: Ticket, city: City) -> tuple[Due, ...]:
    if ticket.status is not Status.ASSIGNED:
        return ()
    name = occasion(ticket, ticket.acknowledge_due)
    at = acknowledge_stage(ticket, city, city.policy.head_at)
    return (Due(name, at, after=("acknowledge_late", name)),)


def speak(ticket: Ticket, city: City, now: datetime, due: Due, above: Above) -> Fired:
    return climbed(ticket, city, now, above, "acknowledge", "head")


RULE = Rule("acknowledge_head", plan, speak, at_night=True)
