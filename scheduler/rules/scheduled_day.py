"""On the day the work was promised for, the ticket is in progress again and everybody hears it."""

from __future__ import annotations

from datetime import datetime

from tickets.city import City
from tickets.moves import Action
from tickets.rule import Above, Due, Fired, Rule, citizens_at, occasion
from tickets.ticket import Status, Ticket


def plan(ticket: Ticket, city: City) -> tuple[Due, ...]:
    if ticket.status is not Status.SCHEDULED or ticket.scheduled_for is None:
        return ()
    return (Due(occasion(ticket, ticket.scheduled_for), citizens_at(city, ticket.scheduled_for)),)


def speak(ticket: Ticket, city: City, now: datetime, due: Due, above: Above) -> Fired:
    return Fired(action=Action.RESUME)


RULE = Rule("scheduled_day", plan, speak)
