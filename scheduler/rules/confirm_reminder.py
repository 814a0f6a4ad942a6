"""The citizen who was asked "sudah beres?" and did not answer is asked once more."""

from __future__ import annotations

from datetime import datetime

from texts.text import Moment
from tickets.city import City
from tickets.notice import Notice, citizen_choice, not_done
from tickets.nudges import nudge
from tickets.rule import SILENT, Above, Due, Fired, Rule, asked_at, citizens_at, occasion
from tickets.ticket import Status, Ticket


def plan(ticket: Ticket, city: City) -> tuple[Due, ...]:
    if ticket.status is not Status.RESOLVED or ticket.resolved_at is None:
        return ()
    done = ticket.resolved_at
    return (Due(occasion(ticket, done), asked_at(ticket, city, done, done + city.policy.confirm_reminder)),)


def speak(ticket: Ticket, city: City, now: datetime, due: Due, above: Above) -> Fired:
    closing = citizens_at(city, (ticket.resolved_at or now) + city.policy.close_silent)
    if now >= closing:
        return SILENT
    text = nudge("nudge.confirm_reminder", ticket, city, until=Moment(closing, "day"))
    choices = (citizen_choice(ticket, "confirm"), not_done(ticket, city))
    return Fired((Notice("reporter", text, choices, columns=2, cls="nudge"),))


RULE = Rule("confirm_reminder", plan, speak)
