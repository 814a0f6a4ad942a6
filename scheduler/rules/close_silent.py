"""When the citizen stays silent about a finished ticket, it is closed and the citizen is told."""

from __future__ import annotations

from datetime import datetime

from tickets.city import City
from tickets.moves import Action
from tickets.rule import Above, Due, Fired, Rule, citizens_at, occasion
from tickets.ticket import Status, Ticket


def plan(ticket: Ticket, city: City) -> tuple[Due, ...]:
    if ticket.status is not Status.RESOLVED or ticket.resolved_at is None:
        return ()
    done = ticket.resolved_at
    return (Due(occasion(ticket, done), citizens_at(city, done + city.policy.close_silent)),)


def speak(ticket: Ticket, city: City, now: datetime, due: Due, above: Above) -> Fired:
    return Fired(action=Action.CLOSE_SILENT)


RULE = Rule("close_silent", plan, speak)
