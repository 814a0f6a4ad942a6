"""A request to reopen that nobody decides within the time is accepted: silence speaks for the citizen."""

from __future__ import annotations

from datetime import datetime

from tickets.city import City
from tickets.moves import Action
from tickets.rule import Above, Due, Fired, Rule, decided_by, occasion
from tickets.ticket import Status, Ticket


def plan(ticket: Ticket, city: City) -> tuple[Due, ...]:
    if ticket.status is not Status.REOPEN_REQUESTED:
        return ()
    return (Due(occasion(ticket, ticket.since or ticket.opened_at), decided_by(ticket, city)),)


def speak(ticket: Ticket, city: City, now: datetime, due: Due, above: Above) -> Fired:
    return Fired(action=Action.ACCEPT_REOPEN)


RULE = Rule("reopen_silence", plan, speak)
