"""When a promise is broken, the citizen hears it from us: why, and what happens next."""

from __future__ import annotations

from datetime import datetime

from texts.text import Moment, Text
from tickets.city import City
from tickets.notice import Notice, lines, shown
from tickets.nudges import RESOLVING, nudge, resolve_stage
from tickets.rule import Due, Fired, Rule, citizens_at, occasion
from tickets.ticket import Status, Ticket

WHY = {Status.NEW: "nudge.slipped_unrouted", Status.ASSIGNED: "nudge.slipped_untaken"}


def plan(ticket: Ticket, city: City) -> tuple[Due, ...]:
    if ticket.status not in RESOLVING or _told_a_later_day(ticket):
        return ()
    return (Due(occasion(ticket, ticket.resolve_due), citizens_at(city, ticket.resolve_due)),)


def speak(ticket: Ticket, city: City, now: datetime, due: Due) -> Fired:
    stage = resolve_stage(ticket, city, city.policy.head_at)
    next_step = nudge("nudge.slipped_next", ticket, city, head=Moment(stage)) if now < stage else None
    text = lines(nudge("nudge.slipped", ticket, city, due=Moment(ticket.resolve_due)), _why(ticket, city), next_step)
    return Fired((Notice("everyone", text),))


def _told_a_later_day(ticket: Ticket) -> bool:
    return bool(
        ticket.status is Status.SCHEDULED and ticket.scheduled_for and ticket.scheduled_for > ticket.resolve_due
    )


def _why(ticket: Ticket, city: City) -> Text:
    if ticket.status is Status.WAITING_EXTERNAL:
        return nudge("nudge.slipped_external", ticket, city, external=shown(ticket.external, 120))
    if ticket.status is Status.SCHEDULED and ticket.scheduled_for:
        return nudge("nudge.slipped_scheduled", ticket, city, day=Moment(ticket.scheduled_for, "day"))
    return nudge(WHY.get(ticket.status, "nudge.slipped_working"), ticket, city)


RULE = Rule("promise_slipped", plan, speak)
