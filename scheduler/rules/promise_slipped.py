"""When a promise is broken, the citizen hears it from us: why, and what happens next."""

from __future__ import annotations

from datetime import datetime, timedelta

from texts.text import Moment
from tickets.city import City
from tickets.notice import Notice, lines
from tickets.nudges import RESOLVING, nudge, resolve_stage, why_late
from tickets.rule import Above, Due, Fired, Rule, citizens_at, occasion
from tickets.ticket import Status, Ticket


def plan(ticket: Ticket, city: City) -> tuple[Due, ...]:
    later = _later_day(ticket)
    if ticket.status not in RESOLVING or (later and ticket.status is Status.SCHEDULED):
        return ()  # the citizen knows the day
    promised = later + timedelta(days=1) if later else ticket.resolve_due  # that day is over the next morning
    return (Due(occasion(ticket, promised), citizens_at(city, promised)),)


def speak(ticket: Ticket, city: City, now: datetime, due: Due, above: Above) -> Fired:
    stage = resolve_stage(ticket, city, city.policy.head_at)
    next_step = nudge(f"nudge.slipped_next_{above.next}", ticket, city, head=Moment(stage)) if now < stage else None
    later = _later_day(ticket)
    promised = Moment(later, "day") if later else Moment(ticket.resolve_due)
    text = lines(nudge("nudge.slipped", ticket, city, due=promised), why_late(ticket, city), next_step)
    return Fired((Notice("everyone", text),))


def _later_day(ticket: Ticket) -> datetime | None:
    """The day the citizen was told instead of the promise, while it is waited for or worked on."""
    told = ticket.status in (Status.SCHEDULED, Status.IN_PROGRESS) and ticket.scheduled_for
    return ticket.scheduled_for if told and told > ticket.resolve_due else None


RULE = Rule("promise_slipped", plan, speak)
