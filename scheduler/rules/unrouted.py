"""A report without an owner must not lie at the triage desk: the desk is reminded, then the operations centre."""

from __future__ import annotations

from datetime import datetime

from texts.text import Moment
from tickets.city import City
from tickets.notice import Notice
from tickets.nudges import nudge, onward
from tickets.rule import HURRY, Above, Due, Fired, Rule, occasion, officers_at
from tickets.ticket import Status, Ticket


def plan(ticket: Ticket, city: City) -> tuple[Due, ...]:
    if ticket.status is not Status.NEW:
        return ()
    since = ticket.since or ticket.opened_at
    patience = city.policy.unrouted_after / (HURRY if ticket.danger else 1)
    desk = officers_at(ticket, city, since + patience)
    ops = officers_at(ticket, city, max(since + 2 * patience, desk + patience))  # not both at six in the morning
    first = occasion(ticket, since, "desk")
    return Due(first, desk), Due(occasion(ticket, since, "ops"), ops, after=("unrouted", first))


def speak(ticket: Ticket, city: City, now: datetime, due: Due, above: Above) -> Fired:
    since = Moment(ticket.since or ticket.opened_at)
    choices = onward(ticket)
    last = plan(ticket, city)[-1]
    if due.occurrence == last.occurrence and above.ops:
        return Fired((Notice("ops", nudge("nudge.unrouted_ops", ticket, city, since=since), choices, cls="nudge"),))
    return Fired((Notice("group", nudge("nudge.unrouted", ticket, city, since=since), choices, cls="nudge"),))


RULE = Rule("unrouted", plan, speak, at_night=True)
