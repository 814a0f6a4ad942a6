"""A promise broken by its whole length: the operations centre is told."""

from __future__ import annotations

from datetime import datetime

from tickets.city import City
from tickets.nudges import RESOLVING, climbed, resolve_stage, slips_at
from tickets.rule import Above, Due, Fired, Rule, occasion
from tickets.ticket import Ticket


def plan(ticket: Ticket, city: City) -> tuple[Due, ...]:
    if ticket.status not in RESOLVING:
        return ()
    name = occasion(ticket, slips_at(ticket, city))
    at = resolve_stage(ticket, city, city.policy.ops_at)
    return (Due(name, at, after=("resolve_head", name)),)


def speak(ticket: Ticket, city: City, now: datetime, due: Due, above: Above) -> Fired:
    return climbed(ticket, city, now, above, "resolve", "ops")


RULE = Rule("resolve_ops", plan, speak, at_night=True)
