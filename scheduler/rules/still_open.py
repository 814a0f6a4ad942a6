"""A citizen whose report stays open past its promise hears every week where it stands.

The office is reminded with it, and its head hears of it, or where there is none the operations centre: the ladder of
resolve_late has long been climbed by then.
"""

from __future__ import annotations

from datetime import datetime

from texts.text import Moment, Param, say
from tickets.city import City
from tickets.notice import Notice, Told, lines
from tickets.nudges import RESOLVING, again, nudge, overdue, slips_at, why_late
from tickets.rule import SILENT, Above, Due, Fired, Rule, citizens_at, latest, occasion
from tickets.ticket import Ticket

TIMES = 8  # weeks; who waits longer is a matter for the operations centre's own list


def plan(ticket: Ticket, city: City) -> tuple[Due, ...]:
    if ticket.status not in RESOLVING:
        return ()
    due, step = ticket.resolve_due, city.policy.citizen_update
    name = occasion(ticket, due)
    weeks = (Due(f"{name}:{n}", citizens_at(city, due + n * step)) for n in range(1, TIMES + 1))
    apology = citizens_at(city, slips_at(ticket, city)).astimezone(city.zone).date()  # promise_slipped speaks that day
    return tuple(week for week in weeks if week.at.astimezone(city.zone).date() != apology)


def speak(ticket: Ticket, city: City, now: datetime, due: Due, above: Above) -> Fired:
    if due.at < latest(plan(ticket, city), now):
        return SILENT  # after weeks without us one message is enough
    text = nudge("nudge.still_open", ticket, city, due=Moment(ticket.resolve_due, "day"))
    told = Notice("everyone", lines(text, why_late(ticket, city, now, above)), cls="nudge")
    late = overdue(ticket.resolve_due, now)
    return Fired((told, *again(ticket, city, now, above, late), *_higher(ticket, city, above, late)))


def _higher(ticket: Ticket, city: City, above: Above, late: dict[str, Param]) -> Told:
    if above.reminded:
        return ()  # we were away, and the ladder only begins: it tells them after the office had its time
    if above.head:
        return (Notice("head", nudge("nudge.resolve_head", ticket, city, **late), cls="nudge"),)
    if above.ops:
        text = nudge("nudge.resolve_ops", ticket, city, **late, told=say("nudge.head_unbound"))
        return (Notice("ops", text, cls="nudge"),)
    return ()


RULE = Rule("still_open", plan, speak, yields=True)
