"""The clocks of a ticket: what is promised, how the promise moves, how late it is. Plain arithmetic.

Minutes count round the clock, as the city counts its 24, 48 and 72 hours. Two clocks: `acknowledge` runs while
an office has not taken the ticket up, `resolve` until the office says done; the latter rests in
WAITING_CITIZEN only.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from tickets.calendar import at_local
from tickets.policy import Policy, Promise
from tickets.ticket import BEFORE_DONE, UNTAKEN, Status, Ticket


class Due(Struct, frozen=True):
    acknowledge: datetime
    resolve: datetime


def promise(hours: int, opened_at: datetime, policy: Policy) -> Due:
    """What is promised for a category of so many hours (24, 48, 72) from this moment on."""
    lengths = _lengths(hours, policy)
    return Due(opened_at + timedelta(hours=lengths.acknowledge_h), opened_at + timedelta(hours=lengths.resolve_h))


def promise_again(hours: int, now: datetime, policy: Policy) -> Due:
    """The promise of a reopened ticket: half of the usual time, at least an hour."""
    lengths = _lengths(hours, policy)
    return Due(now + _half(lengths.acknowledge_h), now + _half(lengths.resolve_h))


def acknowledge_again(ticket: Ticket, hours: int, now: datetime, policy: Policy) -> datetime:
    """When the next office must have taken the ticket up; the promise to the citizen stays where it is."""
    lengths = _lengths(hours, policy)
    return now + (timedelta(hours=lengths.acknowledge_h) if ticket.cycle == 1 else _half(lengths.acknowledge_h))


def resumed(ticket: Ticket, now: datetime, policy: Policy) -> Ticket:
    """The ticket after waiting for the citizen: the promise moves by the wait, at most by the agreed patience.

    A promise that was broken before the question stays as it was told: asking mends nothing, and nobody is promised a
    new day unasked.
    """
    if _asked_late(ticket):
        return replace(ticket, waiting_since=None)
    waited = timedelta(seconds=int(_waiting(ticket, now, policy).total_seconds()))  # as it is kept on the ticket
    return replace(
        ticket,
        waiting_since=None,
        waited_s=ticket.waited_s + int(waited.total_seconds()),
        resolve_due=ticket.resolve_due + waited,
    )


def planned_until(ticket: Ticket, zone: ZoneInfo) -> datetime | None:
    """The end of the day the citizen was told, when the promise falls into that day or before it; else None.

    While a third party is waited for, the day is theirs.
    """
    day = ticket.scheduled_for
    if day is None or ticket.status is Status.WAITING_EXTERNAL:
        return None
    over = at_local(day.astimezone(zone).date() + timedelta(days=1), time(), zone)
    return over if over > ticket.resolve_due else None


def running(ticket: Ticket) -> frozenset[str]:
    """The clocks that run now; none on a closed ticket."""
    clocks = set()
    if ticket.status in UNTAKEN:
        clocks.add("acknowledge")
    if ticket.status in BEFORE_DONE and ticket.status is not Status.WAITING_CITIZEN:
        clocks.add("resolve")
    return frozenset(clocks)


def used(ticket: Ticket, now: datetime, policy: Policy) -> timedelta:
    """Time used up of this cycle's promise, waits for the citizen left out; never negative.

    A recap reckons it in the database (storage/recaps.py); a test holds both equal.
    """
    begin = ticket.cycle_started_at or ticket.opened_at
    stopped = ticket.resolved_at or ticket.closed_at
    end = min(stopped, now) if stopped else now
    waited = timedelta(seconds=ticket.waited_s) + _waiting(ticket, now, policy)
    return max(end - begin - waited, timedelta())


def late_by(ticket: Ticket, now: datetime) -> timedelta:
    """How far the nearest running clock is behind its promise; zero when in time or when no clock runs."""
    clocks = running(ticket)
    overdue = [timedelta()]
    if "acknowledge" in clocks:
        overdue.append(now - ticket.acknowledge_due)
    if "resolve" in clocks:
        overdue.append(now - ticket.resolve_due)
    return max(overdue)


def run_out(ticket: Ticket, now: datetime) -> bool:
    """Has the time of a running clock come? The reminder of that moment calls it late, and so does the card with it."""
    clocks = running(ticket)
    return ("acknowledge" in clocks and now >= ticket.acknowledge_due) or (
        "resolve" in clocks and now >= ticket.resolve_due
    )


def breaks(ticket: Ticket, now: datetime) -> bool:
    """Is a running promise broken at this moment?"""
    return late_by(ticket, now) > timedelta()


def next_due(ticket: Ticket) -> datetime:
    """What the office has to do next is due then: the earlier of the running clocks."""
    if ticket.status in UNTAKEN:
        return min(ticket.acknowledge_due, ticket.resolve_due)
    return ticket.resolve_due


def acknowledge_stage(ticket: Ticket, share: float) -> datetime:
    """When this share of the time to take the ticket up is used; 1.0 is the due time, 1.5 half as much again."""
    length = ticket.acknowledge_due - (ticket.assigned_at or ticket.opened_at)
    return ticket.acknowledge_due + (share - 1) * max(length, timedelta())


def resolve_stage(ticket: Ticket, share: float) -> datetime:
    """When this share of the time to resolve is used; waits for the citizen do not count."""
    begin = ticket.cycle_started_at or ticket.opened_at
    length = ticket.resolve_due - begin - timedelta(seconds=ticket.waited_s)
    return ticket.resolve_due + (share - 1) * max(length, timedelta())


def _lengths(hours: int, policy: Policy) -> Promise:
    return policy.promises.get(hours) or Promise(max(1, hours // 4), hours)


def _half(hours: int) -> timedelta:
    return max(timedelta(hours=hours) / 2, timedelta(hours=1))


def _waiting(ticket: Ticket, now: datetime, policy: Policy) -> timedelta:
    if ticket.waiting_since is None or _asked_late(ticket):
        return timedelta()
    return min(max(now - ticket.waiting_since, timedelta()), policy.citizen_answer)


def _asked_late(ticket: Ticket) -> bool:
    """Was the promise broken already when the citizen was asked?"""
    return ticket.waiting_since is not None and ticket.waiting_since > ticket.resolve_due
