"""Who may make a move, and what a move needs before it counts; every refusal says why and what to do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NoReturn

from texts.text import Moment, Text, literal, say
from tickets.city import City
from tickets.dates import names_somebody
from tickets.moves import Action, Actor, Details, NotAllowed, Overtaken, Role
from tickets.ticket import Outcome, Outline, Status, Ticket

WITHOUT_WORK = frozenset(
    {Outcome.NOT_CITY, Outcome.NOT_POSSIBLE, Outcome.INVALID, Outcome.ABUSE, Outcome.PRIVATE_MATTER}
)
NOT_REOPENABLE = frozenset({Outcome.WITHDRAWN, Outcome.DUPLICATE, Outcome.ABUSE})
REPORTER_ONLY = frozenset({Action.WITHDRAW, Action.CONFIRM, Action.ANSWER})
NEEDS_WORDS = frozenset({Action.NOT_OURS, Action.ASK, Action.EXTERNAL, Action.CLOSE, Action.DECLINE_REOPEN})
EXPLAINED = frozenset({Action.CLOSE, Action.DECLINE_REOPEN})  # a citizen reads why nothing more is done
MIN_REASON = 10  # letters and digits: "sudah" alone explains nothing
MAX_DAYS_AHEAD = 180


def refuse_state(ticket: Ticket, action: Action, actor: Actor, city: City) -> NoReturn:
    """The table has no such move: say who was faster, or what the state is now."""
    if actor.role in (Role.OFFICER, Role.SUPERVISOR) and actor.agency != ticket.agency:
        raise NotAllowed(foreign(ticket, city))
    if action is Action.ACKNOWLEDGE and ticket.officer and ticket.acknowledged_at:
        who = literal(ticket.officer_name)
        if ticket.officer == actor.id:
            raise NotAllowed(say("refusal.yours_already", time=Moment(ticket.acknowledged_at, "hour")))
        raise NotAllowed(say("refusal.taken", name=who, time=Moment(ticket.acknowledged_at, "hour")))
    key = "refusal.citizen_stale" if actor.role is Role.CITIZEN else "refusal.stale"
    raise Overtaken(say(key, number=ticket.number, status=status_text(ticket)))


def overtaken(ticket: Ticket, did: str, name: str, at: datetime) -> Text:
    """Who was faster, and what they did. did: the action that moved the ticket last, by another officer."""
    day = Moment(ticket.scheduled_for or at, "day")
    return say(
        "refusal.overtaken",
        name=literal(name),
        did=say(f"refusal.did.{did}", day=day),
        time=Moment(at, "short"),
        number=ticket.number,
        status=status_text(ticket),
    )


def status_text(ticket: Ticket) -> Text:
    """The state in words; a closed ticket says how it ended."""
    if ticket.status is Status.CLOSED and ticket.outcome:
        return say("status.closed_as", outcome=say(f"outcome.{ticket.outcome}"))
    return say(f"status.{ticket.status}")


def foreign(ticket: Ticket, city: City) -> Text:
    return say("refusal.foreign", agency=literal(city.catalogue.agency(ticket.agency).name))


def check(
    ticket: Ticket,
    action: Action,
    actor: Actor,
    roles: frozenset[Role],
    now: datetime,
    city: City,
    details: Details,
) -> None:
    """Role, office, reporter, then what the action itself needs. raises: NotAllowed."""
    check_actor(ticket, action, actor, roles, city)
    if details.asked_at not in (0, ticket.version):
        raise Overtaken(say("refusal.asked_before", number=ticket.number, status=status_text(ticket)))
    if action in NEEDS_WORDS and letters(details.note) < (MIN_REASON if action in EXPLAINED else 1):
        raise NotAllowed(say(f"refusal.words.{action}"))
    guard = GUARDS.get(action)
    if guard is not None:
        reason = guard(ticket, actor, now, city, details)
        if reason is not None:
            raise NotAllowed(reason)


def check_actor(ticket: Ticket, action: Action, actor: Actor, roles: frozenset[Role], city: City) -> None:
    """Role, office, reporter. raises: NotAllowed."""
    if actor.role not in roles:
        office = literal(city.catalogue.agency(ticket.agency).name) if ticket.agency else None
        if actor.role is Role.OPS and office is not None:  # it decides about tickets; the work is not its own
            raise NotAllowed(say("refusal.work", agency=office))
        raise NotAllowed(say("refusal.role"))
    if actor.role in (Role.OFFICER, Role.SUPERVISOR) and actor.agency != ticket.agency:
        raise NotAllowed(foreign(ticket, city))
    if actor.role is Role.CITIZEN and action in REPORTER_ONLY and actor.id != ticket.reporter:
        raise NotAllowed(say("refusal.reporter_only", number=ticket.number))


def letters(words: str) -> int:
    """How many letters and digits are left when signs and pictures are taken away."""
    return sum(1 for sign in words if sign.isalnum())


Guard = Callable[[Ticket, Actor, datetime, City, Details], Text | None]


def _route(ticket: Ticket, actor: Actor, now: datetime, city: City, details: Details) -> Text | None:
    if details.agency not in city.catalogue.agencies:
        return say("refusal.agency_unknown")
    if ticket.status is not Status.NEW and details.agency == ticket.agency:
        return say("refusal.agency_same", agency=literal(city.catalogue.agency(ticket.agency).name))
    if city.catalogue.agency(details.agency).kind == "external":
        return say("refusal.agency_external", agency=literal(city.catalogue.agency(details.agency).name))
    return None


def _not_ours(ticket: Ticket, actor: Actor, now: datetime, city: City, details: Details) -> Text | None:
    if details.agency and details.agency not in city.catalogue.agencies:
        return say("refusal.agency_unknown")
    if details.agency == ticket.agency:
        return say("refusal.agency_same", agency=literal(city.catalogue.agency(ticket.agency).name))
    return None


def _schedule(ticket: Ticket, actor: Actor, now: datetime, city: City, details: Details) -> Text | None:
    if details.day is None:
        return say("refusal.day_missing")
    today = now.astimezone(city.zone).date()
    if details.day < today:
        return say("refusal.day_past")
    if details.day > today + timedelta(days=MAX_DAYS_AHEAD):
        return say("refusal.day_far", days=MAX_DAYS_AHEAD)
    return None


def _external(ticket: Ticket, actor: Actor, now: datetime, city: City, details: Details) -> Text | None:
    if not names_somebody(details.note):  # the citizen reads that name
        return say("refusal.words.external")
    return None if details.day is None else _schedule(ticket, actor, now, city, details)


def _ask(ticket: Ticket, actor: Actor, now: datetime, city: City, details: Details) -> Text | None:
    if ticket.questions >= city.policy.max_questions:
        return say("refusal.questions", count=city.policy.max_questions)
    return None


def _answer(ticket: Ticket, actor: Actor, now: datetime, city: City, details: Details) -> Text | None:
    return None if letters(details.note) or details.media else say("refusal.answer_empty")


def _done(ticket: Ticket, actor: Actor, now: datetime, city: City, details: Details) -> Text | None:
    proof = city.catalogue.category(ticket.category).proof
    if details.media and proof != "reason":
        return None
    if proof == "photo":
        return say("refusal.proof_photo")
    if letters(details.note) >= MIN_REASON:
        return None
    return say(f"refusal.proof_{proof}")


def _reopen(ticket: Ticket, actor: Actor, now: datetime, city: City, details: Details) -> Text | None:
    refused = for_good(ticket, now, city)
    if refused is None and not letters(details.note) and not details.media:
        return say("refusal.reopen_empty")
    return refused


def for_good(ticket: Outline, now: datetime, city: City) -> Text | None:
    """Why nobody opens this report again; None when it can be. What would be refused is not offered."""
    if ticket.status is Status.CLOSED:
        if ticket.outcome in NOT_REOPENABLE:
            return say("refusal.reopen_new_report", number=ticket.number)
        if ticket.closed_at and now - ticket.closed_at > city.policy.reopen_within:
            return say("refusal.reopen_too_late", days=city.policy.reopen_within.days)
    if ruled(ticket, city):  # it was ruled already: by the centre, in its stead, by silence
        return say("refusal.reopen_ruled", number=ticket.number)
    return None


def needs_ops(ticket: Outline, city: City) -> bool:
    """Has this ticket been reopened so often that only the operations centre decides?"""
    return ticket.reopenings > city.policy.max_reopenings


def ruled(ticket: Outline, city: City) -> bool:
    """Is there no further "belum beres" on this report? A new report is the way then; danger is always heard."""
    return needs_ops(ticket, city) and not ticket.danger


def _decide(ticket: Ticket, actor: Actor, now: datetime, city: City, details: Details) -> Text | None:
    if not needs_ops(ticket, city) or actor.role in (Role.OPS, Role.CLOCK):
        return None
    if actor.centre:
        return say("refusal.ops_decides")
    return None if actor.role is Role.SUPERVISOR else say("refusal.lead_decides")


def _close(ticket: Ticket, actor: Actor, now: datetime, city: City, details: Details) -> Text | None:
    return None if details.outcome in WITHOUT_WORK else say("refusal.outcome")


def _withdraw(ticket: Ticket, actor: Actor, now: datetime, city: City, details: Details) -> Text | None:
    return say("refusal.followers", count=ticket.followers) if ticket.followers else None


def _duplicate(ticket: Ticket, actor: Actor, now: datetime, city: City, details: Details) -> Text | None:
    return say("refusal.master") if details.master in (0, ticket.id) else None


def _release(ticket: Ticket, actor: Actor, now: datetime, city: City, details: Details) -> Text | None:
    if ticket.outcome is Outcome.DUPLICATE:
        return None
    return say("refusal.stale", number=ticket.number, status=status_text(ticket))


def pressed_at(ticket: Ticket) -> datetime | None:
    """When the press came that led to this state, for those that may be undone."""
    return {
        Status.ACKNOWLEDGED: ticket.acknowledged_at,
        Status.IN_PROGRESS: ticket.started_at,
        Status.RESOLVED: ticket.resolved_at,
    }.get(ticket.status)


def _undo(ticket: Ticket, actor: Actor, now: datetime, city: City, details: Details) -> Text | None:
    pressed = pressed_at(ticket)
    if pressed is None or ticket.since != pressed:  # it came here by another way than this press
        return say("refusal.undo")
    if now - pressed > city.policy.undo_within:
        return say("refusal.undo_late", minutes=int(city.policy.undo_within.total_seconds() // 60))
    mine = actor.id == ticket.officer or ticket.status is Status.RESOLVED  # the citizen reads what is wrong meanwhile
    if actor.role is Role.OFFICER and not mine:
        return say("refusal.undo_other", name=literal(ticket.officer_name))
    return None


GUARDS: dict[Action, Guard] = {
    Action.ROUTE: _route,
    Action.NOT_OURS: _not_ours,
    Action.SCHEDULE: _schedule,
    Action.ASK: _ask,
    Action.ANSWER: _answer,
    Action.EXTERNAL: _external,
    Action.DONE: _done,
    Action.REOPEN: _reopen,
    Action.ACCEPT_REOPEN: _decide,
    Action.DECLINE_REOPEN: _decide,
    Action.CLOSE: _close,
    Action.WITHDRAW: _withdraw,
    Action.DUPLICATE: _duplicate,
    Action.RELEASE: _release,
    Action.UNDO: _undo,
}
