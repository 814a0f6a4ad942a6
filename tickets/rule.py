"""The shape of a nudge rule: when it wants to speak about a ticket, and what it says when the time has come.

The rules themselves are files in scheduler/rules; what they plan is kept as rows, one per kind and occurrence.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from tickets.calendar import before_quiet, is_quiet, next_allowed
from tickets.city import City
from tickets.moves import Action
from tickets.notice import Notice, alarmed
from tickets.ticket import Ticket

RUNG = timedelta(hours=1)  # officers get at least this long before their head hears of it
HURRY = 4  # danger waits a quarter of the time
BEFORE_SHUT = timedelta(hours=2)  # a reminder leaves so long before free words end
PATIENCE = timedelta(hours=6)  # nobody is reminded earlier


class Due(Struct, frozen=True):
    """An occasion to speak. The same occasion always has the same `occurrence`, so that it speaks once.

    after: (kind, occurrence) of the rung below: where it came late, because we were away, this one comes later too
    """

    occurrence: str
    at: datetime
    after: tuple[str, str] | None = None


class Above(Struct, frozen=True):
    """Who can be told of an office's ticket: has its head, has the operations centre a chat that can be reached?

    office:    ... has the office itself, or who stands in for it?
    reminded:  has the office been reminded of it within the last hour?
    head_told: when the head last heard from us about this ticket; ops_told: when the operations centre did
    """

    head: bool = True
    ops: bool = True
    office: bool = True
    reminded: bool = False
    head_told: datetime | None = None
    ops_told: datetime | None = None

    @property
    def next(self) -> str:
        """Who hears first when the office itself stays silent; without anybody it is the office once more."""
        return "head" if self.head else "ops" if self.ops else "again"


class Fired(Struct, frozen=True):
    """What a rule wants: notices, a move by the clock, or (`again_at`) to be asked again when it is day."""

    notices: tuple[Notice, ...] = ()
    action: Action | None = None  # of the clock, for example close_silent
    again_at: datetime | None = None


Plan = Callable[[Ticket, City], tuple[Due, ...]]
Speak = Callable[[Ticket, City, datetime, Due, Above], Fired]
SILENT = Fired()
EVERYBODY = Above()


class Rule(Struct, frozen=True):
    """plan: the occasions of a ticket in its present state. speak: what to say on one of them, SILENT for nothing.

    yields:   looked at after the others that are due: what it says to officers is left out where they just heard of it
    at_night: officers of a dangerous or round-the-clock matter are told at night too; citizens never are
    """

    kind: str
    plan: Plan
    speak: Speak
    at_night: bool = False
    yields: bool = False

    def fire(self, ticket: Ticket, city: City, now: datetime, occurrence: str = "", above: Above = EVERYBODY) -> Fired:
        """Speak if the ticket still has this occasion and its time has come; SILENT when the state moved on.

        occurrence: of the row that is due; "" takes whichever occasion of this rule is due
        above:      what is said of heads and of the operations centre has to be true
        """
        ripe = [
            due for due in self.plan(ticket, city) if due.at <= now and (not occurrence or due.occurrence == occurrence)
        ]
        if not ripe:
            return SILENT
        if is_quiet(now, city.policy, city.zone) and not (self.at_night and never_sleeps(ticket, city)):
            return Fired(again_at=next_allowed(now, city.policy, city.zone))
        fired = self.speak(ticket, city, now, ripe[-1], above)
        return replace(fired, notices=alarmed(fired.notices, ticket, city)) if fired.notices else fired


def never_sleeps(ticket: Ticket, city: City) -> bool:
    """Do this ticket's officers want to be told at night?"""
    return ticket.danger or city.catalogue.category(ticket.category).round_the_clock


def rung(ticket: Ticket) -> timedelta:
    """How long a reminder is given to be answered before the next one above, also when we were away."""
    return RUNG / HURRY if ticket.danger else RUNG


def officers_at(ticket: Ticket, city: City, moment: datetime) -> datetime:
    """This moment for officers, moved out of the quiet hours unless the matter does not sleep."""
    return next_allowed(moment, city.policy, city.zone, never_sleeps(ticket, city))


def citizens_at(city: City, moment: datetime) -> datetime:
    """This moment for citizens, moved out of the quiet hours."""
    return next_allowed(moment, city.policy, city.zone)


def decided_by(ticket: Ticket, city: City) -> datetime:
    """When a wish to reopen is decided at the latest: then silence accepts it."""
    asked = ticket.since or ticket.opened_at
    return citizens_at(city, city.calendar.add_days(asked, city.policy.reopen_decision.days, city.zone))


def asked_at(ticket: Ticket, city: City, asked: datetime, moment: datetime) -> datetime:
    """When to remind a citizen who was asked: at `moment`, or before free words to them end, if that leaves time."""
    planned = citizens_at(city, moment)
    shut = ticket.reach_until
    if shut is None or shut >= planned:
        return planned
    early = shut - BEFORE_SHUT
    if is_quiet(early, city.policy, city.zone):
        early = before_quiet(early, city.policy, city.zone) - BEFORE_SHUT
    return early if early >= asked + PATIENCE else planned


def latest(planned: tuple[Due, ...], now: datetime) -> datetime:
    """The time of the newest occasion that has come."""
    return max((due.at for due in planned if due.at <= now), default=now)


def occasion(ticket: Ticket, due: datetime, part: str = "") -> str:
    """A name for "this due time of this cycle"; `part` tells several occasions of one rule apart."""
    name = f"{ticket.cycle}:{due:%Y%m%dT%H%M%S}"
    return f"{name}:{part}" if part else name
