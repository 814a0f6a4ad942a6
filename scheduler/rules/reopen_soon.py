"""Before silence reopens a report, whoever is to decide about it is reminded once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from texts.text import Moment
from tickets.calendar import before_quiet, is_quiet
from tickets.city import City
from tickets.guards import needs_ops
from tickets.notice import Notice, card_choice
from tickets.nudges import EVENING, nudge
from tickets.rule import SILENT, Above, Due, Fired, Rule, decided_by, never_sleeps, occasion
from tickets.ticket import Status, Ticket

BEFORE = timedelta(hours=3)
ASKED_JUST_NOW = timedelta(hours=1)


def plan(ticket: Ticket, city: City) -> tuple[Due, ...]:
    if ticket.status is not Status.REOPEN_REQUESTED:
        return ()
    asked = ticket.since or ticket.opened_at
    at = decided_by(ticket, city) - BEFORE
    if is_quiet(at, city.policy, city.zone) and not never_sleeps(ticket, city):
        at = before_quiet(at, city.policy, city.zone) - EVENING
    return (Due(occasion(ticket, asked), at),) if at >= asked + ASKED_JUST_NOW else ()


def speak(ticket: Ticket, city: City, now: datetime, due: Due, above: Above) -> Fired:
    decision = decided_by(ticket, city)
    if now >= decision:
        return SILENT  # too late to remind: reopen_silence acts
    text = nudge("nudge.reopen_soon", ticket, city, decision=Moment(decision))
    choices = (card_choice(ticket, "accept_reopen"), card_choice(ticket, "decline_reopen"))
    decides: Literal["ops", "group"] = "ops" if needs_ops(ticket, city) and above.ops else "group"
    return Fired((Notice(decides, text, choices, columns=2, cls="nudge"),))


RULE = Rule("reopen_soon", plan, speak, at_night=True)
