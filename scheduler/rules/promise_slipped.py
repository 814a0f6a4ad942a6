"""When a promise is broken, the citizen hears it from us: why, and what happens next.

resolve_late reminds the office by then; where that was at night, the office is reminded once more with it.
"""

from __future__ import annotations

from datetime import datetime

from texts.text import Moment
from tickets import sla
from tickets.city import City
from tickets.notice import Notice, lines
from tickets.nudges import RESOLVING, again, nudge, promised, resolve_stage, slipped, slips_at, why_late
from tickets.rule import SILENT, Above, Due, Fired, Rule, citizens_at, occasion
from tickets.ticket import UNTAKEN, Status, Ticket


def plan(ticket: Ticket, city: City) -> tuple[Due, ...]:
    if ticket.status not in RESOLVING:
        return ()
    if ticket.status is Status.SCHEDULED and sla.planned_until(ticket, city.zone):
        return ()  # the citizen knows the day
    due = slips_at(ticket, city)
    return (Due(occasion(ticket, due), citizens_at(city, due)),)


def speak(ticket: Ticket, city: City, now: datetime, due: Due, above: Above) -> Fired:
    if ticket.status in UNTAKEN and (ticket.since or ticket.opened_at) > slips_at(ticket, city):
        return SILENT  # who handed it over after that said so, with regret
    stage = resolve_stage(ticket, city, city.policy.head_at)
    next_ = above.next if above.head or above.ops or above.office else "none"
    next_step = nudge(f"nudge.slipped_next_{next_}", ticket, city, head=Moment(stage)) if now < stage else None
    sorry = nudge("nudge.slipped", ticket, city, due=promised(ticket, city))
    told = Notice("everyone", lines(sorry, why_late(ticket, city, now, above), next_step))
    return Fired((told, *again(ticket, city, now, above, slipped(ticket, city, now))))


RULE = Rule("promise_slipped", plan, speak, yields=True)
