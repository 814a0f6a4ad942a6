"""What an office asks its chat for: the queue, one ticket's history, and the recap with honest denominators."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Protocol

from msgspec import Struct

from texts.text import Moment, Span, Text, literal, say
from tickets import sla
from tickets.calendar import at_local
from tickets.city import City
from tickets.guards import status_text
from tickets.notice import area_name, category_name, lines, shown
from tickets.ticket import OPEN, Ticket

QUEUE = 15  # lines of a message: about 200 signs each, a message carries 4,096
HISTORY = 12
NOTE = 120
NAME = 40
PERIODS = (7, 30)  # days, besides today
# lines of a history that are not moves
TOLD = frozenset({"open", "join", "tell", "say", "rate", "retract", "hide_name"})
SECRET_ROLES = frozenset({"citizen", "clock", "system", ""})


class HistoryLine(Protocol):
    """One line of a ticket's history, as the storage hands it out."""

    @property
    def action(self) -> str: ...
    @property
    def to_status(self) -> str: ...
    @property
    def actor_role(self) -> str: ...
    @property
    def actor_name(self) -> str: ...
    @property
    def agency(self) -> str: ...
    @property
    def to_agency(self) -> str: ...
    @property
    def note(self) -> str: ...
    @property
    def at(self) -> datetime: ...


class Period(Struct, frozen=True):
    """What is counted since a moment.

    received:   opened since then; `answerable` of them were taken up or should have been, `taken` in time
    resolved:   done since then; `in_time` of them as promised
    reopened:   of those received
    without:    closed since then without work
    median_s:   half of those resolved took at most so many seconds; None when there are none
    """

    received: int
    answerable: int
    taken: int
    resolved: int
    in_time: int
    reopened: int
    without: int
    median_s: float | None


class Recap(Struct, frozen=True):
    """Open tickets, those of them with a broken promise, those to be resolved and overdue; and the periods."""

    open: int
    late: int
    overdue: int
    periods: tuple[Period, ...]


def queue(tickets: Sequence[Ticket], city: City, now: datetime, page: int = 0) -> tuple[Text, int]:
    """The open tickets, the latest first, then by what is due next; danger before everything.

    page: which fifteen of them; one that is not there any more is the first. Second: the next page, 0 for none
    """
    waiting = in_order(tickets, now)
    if not waiting:
        return say("officer.queue_empty"), 0
    first = page * QUEUE if page * QUEUE < len(waiting) else 0
    here = waiting[first : first + QUEUE]
    several = len({ticket.agency for ticket in waiting}) > 1
    left = len(waiting) - first - len(here)
    title = say("officer.queue", count=len(waiting))
    if first:
        title = say("officer.queue_page", count=len(waiting), first=first + 1, last=first + len(here))
    return lines(
        title,
        *(queue_line(ticket, city, now, several) for ticket in here),
        say("officer.queue_more", count=left) if left > 0 else None,
    ), (first // QUEUE + 1 if left > 0 else 0)


def in_order(tickets: Sequence[Ticket], now: datetime) -> list[Ticket]:
    """Open tickets in the order in which they want hands: danger, the most late, the nearest due."""
    waiting = [ticket for ticket in tickets if ticket.status in OPEN]
    return sorted(
        waiting, key=lambda t: (not (t.danger and sla.running(t)), -sla.late_by(t, now), sla.next_due(t), t.id)
    )


def queue_line(ticket: Ticket, city: City, now: datetime, with_agency: bool) -> Text:
    late = sla.late_by(ticket, now)
    is_late = late >= timedelta(minutes=1)
    key = "officer.queue_line" if sla.running(ticket) else "officer.queue_line_resting"
    area = area_name(ticket, city)
    if with_agency:
        short = literal(city.catalogue.agency(ticket.agency).short)
        area = say("officer.queue_agency", area=area, agency=short)
    return say(
        "officer.queue_line_late" if is_late else key,
        number=ticket.number,
        category=category_name(ticket, city, NAME),
        area=area,
        status=status_text(ticket),
        due=Moment(sla.next_due(ticket), "short"),
        late=Span(int(late.total_seconds())),
    )


def history(ticket: Ticket, past: Sequence[HistoryLine], city: City, now: datetime) -> Text:
    """What happened to a ticket, oldest first, at most the newest dozen steps. Citizens stay nameless."""
    left = len(past) - HISTORY
    newest = past[-HISTORY:]
    return lines(
        say("officer.history", number=ticket.number, category=category_name(ticket, city, NAME)),
        say("officer.history_before", count=left) if left > 0 else None,
        *(_history_line(line, city) for line in newest),
        say("officer.history_now", status=status_text(ticket), since=Moment(ticket.since or ticket.opened_at, "short")),
    )


def _history_line(line: HistoryLine, city: City) -> Text:
    what = say(f"officer.did_{line.action}") if line.action in TOLD else say(f"status.{line.to_status}")
    who = _who(line, city)
    if line.to_agency:
        who = say("officer.history_to", who=who, agency=_short(city, line.to_agency))
    text = say("officer.history_line", time=Moment(line.at, "short"), what=what, who=who)
    if not line.note.strip():
        return text
    return lines(text, say("officer.history_note", note=shown(line.note, NOTE)))


def _who(line: HistoryLine, city: City) -> Text:
    if line.actor_role in SECRET_ROLES:
        return literal("") if line.actor_role != "citizen" else say("officer.history_citizen")
    return say("officer.history_who", name=shown(line.actor_name, NAME), agency=_short(city, line.agency))


def _short(city: City, code: str) -> Text:
    agency = city.catalogue.agencies.get(code)
    return literal(agency.short if agency else "")


def recap_starts(city: City, now: datetime) -> tuple[datetime, ...]:
    """Since when a recap counts: local midnight, and that of 7 and of 30 days."""
    midnight = at_local(now.astimezone(city.zone).date(), time(), city.zone)
    return (midnight, *(midnight - timedelta(days=n - 1) for n in PERIODS))


def recap(counted: Recap, now: datetime) -> Text:
    """Numbers of today, 7 and 30 days. counted: with the periods of `recap_starts`, in their order."""
    names = (say("recap.today"), *(say("recap.days", count=n) for n in PERIODS))
    return lines(
        say("recap.title", now=Moment(now)),
        say("recap.open", open=counted.open, late=counted.late),
        *(_period(name, one, counted.overdue) for name, one in zip(names, counted.periods, strict=True)),
        say("recap.note"),
    )


def _period(name: Text, one: Period, overdue: int) -> Text:
    return say(
        "recap.period",
        name=name,
        received=one.received,
        acknowledged=_share(one.taken, one.answerable),
        resolved=one.resolved,
        on_time=_share(one.in_time, one.resolved + overdue),
        median=say("recap.nothing") if one.median_s is None else say("recap.time", span=Span(int(one.median_s))),
        reopened=one.reopened,
        without=one.without,
    )


def _share(part: int, whole: int) -> Text:
    if not whole:
        return say("recap.nothing")
    return say("recap.share", percent=round(100 * part / whole), part=part, whole=whole)
