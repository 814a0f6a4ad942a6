"""When a promise is broken, the citizen hears it from us: why, and what happens next."""

from __future__ import annotations

from datetime import datetime

from texts.text import Moment
from tickets.city import City
from tickets.notice import Notice, lines
from tickets.nudges import RESOLVING, nudge, resolve_stage, why_late
from tickets.rule import Due, Fired, Rule, citizens_at, occasion
from tickets.ticket import Status, Ticket


def plan(ticket: Ticket, city: City) -> tuple[Due, ...]:
    if ticket.status not in RESOLVING or _told_a_later_day(ticket):
        return ()
    return (Due(occasion(ticket, ticket.resolve_due), citizens_at(city, ticket.resolve_due)),)


def speak(ticket: Ticket, city: City, now: datetime, due: Due) -> Fired:
    stage = resolve_stage(ticket, city, city.policy.head_at)
    next_step = nudge("nudge.slipped_next", ticket, city, head=Moment(stage)) if now < stage else None
    text = lines(
        nudge("nudge.slipped", ticket, city, due=Moment(ticket.resolve_due)), why_late(ticket, city), next_step
    )
    return Fired((Notice("everyone", text),))


def _told_a_later_day(ticket: Ticket) -> bool:
    return bool(
        ticket.status is Status.SCHEDULED and ticket.scheduled_for and ticket.scheduled_for > ticket.resolve_due
    )


RULE = Rule("promise_slipped", plan, speak)
