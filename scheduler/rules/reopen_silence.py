"""A request to reopen that nobody decides within the time is accepted: silence speaks for the citizen."""

from __future__ import annotations

from datetime import datetime

from tickets.city import City
from tickets.moves import Action
from tickets.rule import Above, Due, Fired, Rule, citizens_at, occasion
from tickets.ticket import Status, Ticket


def plan(ticket: Ticket, city: City) -> tuple[Due, ...]:
    if ticket.status is not Status.REOPEN_REQUESTED:
        return ()
    asked = ticket.since or ticket.opened_at
    decided_by = city.calendar.add_days(asked, city.policy.reopen_decision.days, city.zone)
    return (Due(occasion(ticket, asked), citizens_at(city, decided_by)),)


def speak(ticket: Ticket, city: City, now: datetime, due: Due, above: Above) -> Fired:
    return Fired(action=Action.ACCEPT_REOPEN)


RULE = Rule("reopen_silence", plan, speak)
