"""A question to the citizen: one reminder, then the work goes on without the answer."""

from __future__ import annotations

from datetime import datetime

from texts.text import Moment
from tickets.city import City
from tickets.moves import Action
from tickets.notice import Notice, citizen_choice
from tickets.nudges import nudge
from tickets.rule import Above, Due, Fired, Rule, asked_at, citizens_at
from tickets.ticket import Status, Ticket

REMIND_AT = 0.6  # share of the citizen's time


def plan(ticket: Ticket, city: City) -> tuple[Due, ...]:
    if ticket.status is not Status.WAITING_CITIZEN or ticket.waiting_since is None:
        return ()
    asked, patience = ticket.waiting_since, city.policy.citizen_answer
    name = f"{ticket.cycle}:{asked:%Y%m%dT%H%M%S}"
    return (
        Due(f"{name}:remind", asked_at(ticket, city, asked, asked + REMIND_AT * patience)),
        Due(f"{name}:time_out", citizens_at(city, asked + patience)),
    )


def speak(ticket: Ticket, city: City, now: datetime, due: Due, above: Above) -> Fired:
    last = plan(ticket, city)[-1]
    if due.occurrence == last.occurrence:
        return Fired(action=Action.TIME_OUT_ANSWER)
    if now >= last.at:
        return Fired()  # too late to remind
    text = nudge("nudge.citizen_answer", ticket, city, until=Moment(last.at, "day"))
    return Fired((Notice("reporter", text, (citizen_choice(ticket, "answer"),), cls="nudge"),))


RULE = Rule("citizen_answer", plan, speak)
