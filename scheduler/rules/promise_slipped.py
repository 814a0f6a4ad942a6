"""When a promise is broken, the citizen hears it from us: why, and what happens next."""

from __future__ import annotations

from datetime import datetime

from texts.text import Moment
from tickets import sla
from tickets.city import City
from tickets.notice import Notice, lines
from tickets.nudges import RESOLVING, nudge, promised, resolve_stage, slips_at, why_late
from tickets.rule import Above, Due, Fired, Rule, citizens_at, occasion
from tickets.ticket import Status, Ticket


def plan(ticket: Ticket, city: City) -> tuple[Due, ...]:
    if ticket.status not in RESOLVING:
        return ()
    if ticket.status is Status.SCHEDULED and sla.planned_until(ticket, city.zone):
        return ()  # the citizen knows the day
    due = slips_at(ticket, city)
    return (Due(occasion(ticket, due), citizens_at(city, due)),)


def speak(ticket: Ticket, city: City, now: datetime, due: Due, above: Above) -> Fired:
    stage = resolve_stage(ticket, city, city.policy.head_at)
    next_step = nudge(f"nudge.slipped_next_{above.next}", ticket, city, head=Moment(stage)) if now < stage else None
    text = lines(nudge("nudge.slipped", ticket, city, due=promised(ticket, city)), why_late(ticket, city), next_step)
    return Fired((Notice("everyone", text),))


RULE = Rule("promise_slipped", plan, speak)
