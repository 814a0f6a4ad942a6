"""What each move changes on the ticket, once it is allowed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, time

from msgspec import Struct, field
from msgspec.structs import replace

from tickets import sla
from tickets.calendar import at_local
from tickets.city import City
from tickets.moves import Action, Actor, Details, Role
from tickets.ticket import Outcome, Status, Ticket

WAITS = (Status.SCHEDULED, Status.WAITING_EXTERNAL)  # for a day or for somebody: both are told to the citizen
WORK_BEGINS = time(8, 0)  # local hour that stands for "on that day"


class Effect(Struct, frozen=True):
    """The ticket afterwards; `since` only when the new state began earlier than now (undo)."""

    ticket: Ticket
    data: Mapping[str, str | int] = field(default_factory=dict)
    since: datetime | None = None


def _route(ticket: Ticket, actor: Actor, now: datetime, city: City, details: Details) -> Effect:
    after = _assigned(sla.resumed(ticket, now, city.policy), details.agency, now, city)
    return Effect(after, {"from_agency": ticket.agency, "to_agency": after.agency})


def _assigned(ticket: Ticket, agency: str, now: datetime, city: City) -> Ticket:
    hours = city.catalogue.category(ticket.category).hours
    return replace(
        _untaken(ticket),
        status=Status.ASSIGNED,
        agency=agency,
        suggested_agency="",
        assigned_at=now,
        acknowledge_due=sla.acknowledge_again(ticket, hours, now, city.policy),
    )


def _untaken(ticket: Ticket) -> Ticket:
    return replace(
        ticket, officer=0, officer_name="", acknowledged_at=None, started_at=None, scheduled_for=None, external=""
    )


def _acknowledge(ticket: Ticket, actor: Actor, now: datetime, city: City, details: Details) -> Effect:
    return Effect(
        replace(
            ticket,
            status=Status.ACKNOWLEDGED,
            officer=actor.id,
            officer_name=actor.name,
            acknowledged_at=now,
        )
    )


def _not_ours(ticket: Ticket, actor: Actor, now: datetime, city: City, details: Details) -> Effect:
    bounces = ticket.bounces + 1
    proposed = details.agency
    data: dict[str, str | int] = {"from_agency": ticket.agency, "proposed": proposed, "bounces": bounces}
    held = sla.resumed(ticket, now, city.policy)  # nobody waits any more for what the former office asked
    to_office = bool(proposed) and city.catalogue.agency(proposed).kind != "external"
    if to_office and proposed != city.triage and bounces < city.policy.max_bounces:
        after = replace(_assigned(held, proposed, now, city), bounces=bounces)
    else:  # nobody named, or passed round too often: the desk rules
        after = replace(
            _untaken(held),
            status=Status.NEW,
            agency=city.triage,
            bounces=bounces,
            suggested_agency=proposed,
        )
    return Effect(replace(after, last_note=details.note.strip()), {**data, "to_agency": after.agency})


def _start(ticket: Ticket, actor: Actor, now: datetime, city: City, details: Details) -> Effect:
    return Effect(replace(ticket, status=Status.IN_PROGRESS, started_at=now, officer=actor.id, officer_name=actor.name))


def _schedule(ticket: Ticket, actor: Actor, now: datetime, city: City, details: Details) -> Effect:
    assert details.day is not None  # the guard has seen to it
    after = replace(
        ticket,
        status=Status.SCHEDULED,
        scheduled_for=at_local(details.day, WORK_BEGINS, city.zone),
        last_note=details.note.strip(),
        started_at=ticket.started_at or now,  # the work is planned: going on later is no slip to be undone
    )
    return Effect(after, {"day": details.day.isoformat()})


def _ask(ticket: Ticket, actor: Actor, now: datetime, city: City, details: Details) -> Effect:
    after = replace(
        ticket,
        status=Status.WAITING_CITIZEN,
        waiting_since=now,
        questions=ticket.questions + 1,
        last_note=details.note.strip(),
        started_at=ticket.started_at or now,  # asking is work: it stops the clock of the first action
    )
    return Effect(after)


def _answer(ticket: Ticket, actor: Actor, now: datetime, city: City, details: Details) -> Effect:
    after = replace(sla.resumed(ticket, now, city.policy), status=Status.IN_PROGRESS, citizen_note=details.note.strip())
    data: dict[str, str | int] = {"waited_s": after.waited_s - ticket.waited_s, "media": details.media}
    return Effect(after, data | {"guessed": 1} if details.guessed else data)


def _resume(ticket: Ticket, actor: Actor, now: datetime, city: City, details: Details) -> Effect:
    after = replace(
        sla.resumed(ticket, now, city.policy),
        status=Status.IN_PROGRESS,
        external="",
        scheduled_for=_told_day(ticket, city),
        started_at=ticket.started_at or now,
    )
    return Effect(after, {"waited_s": after.waited_s - ticket.waited_s})


def _told_day(ticket: Ticket, city: City) -> datetime | None:
    """The day the citizen was promised instead of an earlier time: it holds while the work is under way."""
    return ticket.scheduled_for if sla.planned_until(ticket, city.zone) else None


def _external(ticket: Ticket, actor: Actor, now: datetime, city: City, details: Details) -> Effect:
    day = details.day
    after = replace(
        ticket,
        status=Status.WAITING_EXTERNAL,
        external=details.note.strip(),
        scheduled_for=at_local(day, WORK_BEGINS, city.zone) if day else None,
        started_at=ticket.started_at or now,
    )
    return Effect(after, {"day": day.isoformat()} if day else {})


def _done(ticket: Ticket, actor: Actor, now: datetime, city: City, details: Details) -> Effect:
    after = replace(
        ticket,
        status=Status.RESOLVED,
        resolved_at=now,
        last_note=details.note.strip(),
        started_at=ticket.started_at or now,  # the day and the third party stay, should this be undone
    )
    late = int(max(now - ticket.resolve_due, now - now).total_seconds())
    return Effect(after, {"media": details.media, "late_s": late})


def _closed(ticket: Ticket, now: datetime, outcome: Outcome) -> Ticket:
    return replace(ticket, status=Status.CLOSED, outcome=outcome, closed_at=now)


def _confirm(ticket: Ticket, actor: Actor, now: datetime, city: City, details: Details) -> Effect:
    return Effect(_closed(ticket, now, Outcome.CONFIRMED))


def _close_silent(ticket: Ticket, actor: Actor, now: datetime, city: City, details: Details) -> Effect:
    return Effect(_closed(ticket, now, Outcome.UNANSWERED))


def _reopen(ticket: Ticket, actor: Actor, now: datetime, city: City, details: Details) -> Effect:
    after = replace(
        ticket,
        status=Status.REOPEN_REQUESTED,
        outcome=None,
        closed_at=None,
        reopenings=ticket.reopenings + 1,
        citizen_note=details.note.strip(),
    )
    data: dict[str, str | int] = {"media": details.media, "was": str(ticket.outcome or ticket.status)}
    if not ticket.danger:
        return Effect(after, data)
    again = _accept(after, actor, now, city, details)
    return Effect(again.ticket, {**data, **again.data})


def _accept(ticket: Ticket, actor: Actor, now: datetime, city: City, details: Details) -> Effect:
    category = city.catalogue.category(ticket.category)
    due = sla.promise_again(category.hours, now, city.policy)
    after = replace(
        _untaken(ticket),
        status=Status.ASSIGNED,
        cycle=ticket.cycle + 1,
        cycle_started_at=now,
        assigned_at=now,
        acknowledge_due=due.acknowledge,
        resolve_due=due.resolve,
        resolved_at=None,
        waited_s=0,
        questions=0,
    )
    never_owned = ticket.agency == city.triage and ticket.acknowledged_at is None
    if never_owned:  # the desk closed it without work: it looks for an owner now
        after = replace(after, status=Status.NEW, last_note="")  # its words were for closing it
    return Effect(after, {"cycle": after.cycle, "silent": int(actor.role is Role.CLOCK)})


def _decline(ticket: Ticket, actor: Actor, now: datetime, city: City, details: Details) -> Effect:
    return Effect(replace(_closed(ticket, now, Outcome.DECLINED), last_note=details.note.strip()))


def _close(ticket: Ticket, actor: Actor, now: datetime, city: City, details: Details) -> Effect:
    assert details.outcome is not None  # the guard has seen to it
    waited = sla.resumed(ticket, now, city.policy)
    after = replace(_closed(waited, now, details.outcome), last_note=details.note.strip())
    return Effect(after, {"outcome": str(details.outcome)})


def _withdraw(ticket: Ticket, actor: Actor, now: datetime, city: City, details: Details) -> Effect:
    note = details.note.strip() or ticket.citizen_note
    waited = sla.resumed(ticket, now, city.policy)
    return Effect(replace(_closed(waited, now, Outcome.WITHDRAWN), citizen_note=note))


def _duplicate(ticket: Ticket, actor: Actor, now: datetime, city: City, details: Details) -> Effect:
    waited = sla.resumed(ticket, now, city.policy)
    after = replace(_closed(waited, now, Outcome.DUPLICATE), master=details.master)
    return Effect(after, {"master": details.master, "master_number": details.master_number})


def _release(ticket: Ticket, actor: Actor, now: datetime, city: City, details: Details) -> Effect:
    category = city.catalogue.category(ticket.category)
    due = sla.promise(category.hours, now, city.policy)
    after = replace(
        _untaken(ticket),
        status=Status.NEW,
        agency=city.triage,
        outcome=None,
        closed_at=None,
        master=0,
        cycle_started_at=now,
        assigned_at=now,
        waited_s=0,
        acknowledge_due=due.acknowledge,
        resolve_due=due.resolve,
    )
    return Effect(after)


def _undo(ticket: Ticket, actor: Actor, now: datetime, city: City, details: Details) -> Effect:
    if ticket.status is Status.ACKNOWLEDGED:
        after = replace(ticket, status=Status.ASSIGNED, officer=0, officer_name="", acknowledged_at=None)
        return Effect(after, since=ticket.assigned_at or ticket.opened_at)
    if ticket.status is Status.RESOLVED:
        after = replace(ticket, status=Status.IN_PROGRESS, resolved_at=None, last_note="")
        if details.was in WAITS:
            return Effect(replace(after, status=details.was), since=details.was_since)
        # "selesai" below a card that nobody had taken: what was made up for can be taken back as well
        return Effect(after, since=ticket.started_at if ticket.started_at == ticket.resolved_at else None)
    after = replace(ticket, status=Status.ACKNOWLEDGED, started_at=None)
    return Effect(after, since=ticket.acknowledged_at)


Apply = Callable[[Ticket, Actor, datetime, City, Details], Effect]

EFFECTS: dict[Action, Apply] = {
    Action.ROUTE: _route,
    Action.ACKNOWLEDGE: _acknowledge,
    Action.NOT_OURS: _not_ours,
    Action.START: _start,
    Action.SCHEDULE: _schedule,
    Action.ASK: _ask,
    Action.ANSWER: _answer,
    Action.TIME_OUT_ANSWER: _resume,
    Action.EXTERNAL: _external,
    Action.RESUME: _resume,
    Action.DONE: _done,
    Action.CONFIRM: _confirm,
    Action.REOPEN: _reopen,
    Action.ACCEPT_REOPEN: _accept,
    Action.DECLINE_REOPEN: _decline,
    Action.CLOSE_SILENT: _close_silent,
    Action.CLOSE: _close,
    Action.WITHDRAW: _withdraw,
    Action.DUPLICATE: _duplicate,
    Action.RELEASE: _release,
    Action.UNDO: _undo,
}
