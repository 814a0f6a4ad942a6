"""A ticket that waits for a third party is chased: on the day it was expected, then every two weeks."""

from __future__ import annotations

from datetime import datetime

from texts.text import Moment
from tickets.city import City
from tickets.notice import Notice, shown
from tickets.nudges import nudge, onward
from tickets.rule import SILENT, Above, Due, Fired, Rule, latest, occasion, officers_at
from tickets.ticket import Status, Ticket

TIMES = 6


def plan(ticket: Ticket, city: City) -> tuple[Due, ...]:
    if ticket.status is not Status.WAITING_EXTERNAL:
        return ()
    since = ticket.since or ticket.opened_at
    step = city.policy.external_chase
    first = ticket.scheduled_for or since + step
    return tuple(
        Due(occasion(ticket, first, str(n + 1)), officers_at(ticket, city, first + n * step)) for n in range(TIMES)
    )


def speak(ticket: Ticket, city: City, now: datetime, due: Due, above: Above) -> Fired:
    if due.at < latest(plan(ticket, city), now):
        return SILENT  # after weeks without us one message is enough
    since = Moment(ticket.since or ticket.opened_at, "day")
    text = nudge("nudge.external_chase", ticket, city, external=shown(ticket.external, 120), since=since)
    return Fired((Notice("group", text, onward(ticket), columns=2, cls="nudge"),))


RULE = Rule("external_chase", plan, speak, at_night=True)
