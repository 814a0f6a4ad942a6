"""What nudges have in common: the slots of their texts, and a warning that does not come in the night."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from texts.text import Choice, Moment, Param, Span, Text, say
from tickets import sla
from tickets.calendar import before_quiet, is_quiet
from tickets.city import City
from tickets.guards import status_text
from tickets.notice import Notice, Told, agency_name, area_name, card_choice, category_name, shown
from tickets.rule import RUNG, SILENT, Above, Fired, never_sleeps, officers_at, rung
from tickets.ticket import BEFORE_DONE, Status, Ticket

EVENING = timedelta(minutes=30)  # a warning that would come too late in the morning comes this long before night
LATE_WHY = {
    Status.NEW: "nudge.slipped_unrouted",
    Status.ASSIGNED: "nudge.slipped_untaken",
    Status.ACKNOWLEDGED: "nudge.slipped_unbegun",
}
RESOLVING = BEFORE_DONE - {Status.WAITING_CITIZEN}
ONWARD: dict[Status, tuple[str, ...]] = {  # of the card's buttons, those an office is reminded for
    Status.NEW: ("route",),
    Status.ASSIGNED: ("acknowledge", "not_ours"),
    Status.ACKNOWLEDGED: ("start", "schedule"),
    Status.IN_PROGRESS: ("done", "schedule"),
    Status.SCHEDULED: ("done", "schedule"),
    Status.WAITING_EXTERNAL: ("resume", "done"),
}


def nudge(key: str, ticket: Ticket, city: City, **more: Param) -> Text:
    """A nudge about a ticket; every text may name number, category, area, agency and status."""
    slots: dict[str, Param] = {
        "number": ticket.number,
        "category": category_name(ticket, city),
        "area": area_name(ticket, city),
        "agency": agency_name(city, ticket.agency),
        "status": status_text(ticket),
        "note": shown(ticket.last_note, 600),
        **more,
    }
    return say(key, **slots)


def onward(ticket: Ticket) -> tuple[Choice, ...]:
    """What an office can do about a reminder right below it: the card may stand far above in the chat."""
    return tuple(card_choice(ticket, name) for name in ONWARD.get(ticket.status, ()))


def look(ticket: Ticket) -> tuple[Choice, ...]:
    """What those above are given: their chats hold no card to act from."""
    return (card_choice(ticket, "show"),)


def asked(ticket: Ticket, city: City) -> Text:
    """What an office is asked to do about a broken promise: what its buttons can do in this state."""
    planned = ticket.status is Status.IN_PROGRESS and sla.planned_until(ticket, city.zone)
    return say(f"nudge.ask_{Status.SCHEDULED if planned else ticket.status}")


def overdue(due: datetime, now: datetime) -> dict[str, Param]:
    """The slots of a promise that is broken."""
    return {"due": Moment(due), "late": Span(int((now - due).total_seconds()))}


def slips_at(ticket: Ticket, city: City) -> datetime:
    """When the promise to the citizen is broken: a day that was named to them lasts until its end."""
    return sla.planned_until(ticket, city.zone) or ticket.resolve_due


def promised(ticket: Ticket, city: City) -> Moment:
    """What the citizen was promised last: a day, or an hour."""
    if ticket.scheduled_for and sla.planned_until(ticket, city.zone):
        return Moment(ticket.scheduled_for, "day")
    return Moment(ticket.resolve_due)


def slipped(ticket: Ticket, city: City, now: datetime) -> dict[str, Param]:
    """The slots of the promise to the citizen that is broken."""
    return {**overdue(slips_at(ticket, city), now), "due": promised(ticket, city)}


def said_next(ticket: Ticket, city: City, now: datetime, above: Above, stage: datetime) -> Text:
    """What comes next when nothing happens: only who really can be told is named.

    stage: when the next rung is planned; a reminder that comes late moves it
    """
    at = max(stage, officers_at(ticket, city, now + rung(ticket)))
    return say(f"nudge.next_{above.next}", head=Moment(at))


def climbed(ticket: Ticket, city: City, now: datetime, above: Above, clock: str, step: str) -> Fired:
    """A rung of the ladder to the head or the operations centre; without a chat of theirs the next one hears it.

    Silent where it would be said twice: the next rung is due too, or the office was reminded a second time already.
    clock: acknowledge or resolve · step: head or ops
    """
    due = ticket.acknowledge_due if clock == "acknowledge" else slips_at(ticket, city)
    late = overdue(due, now) if clock == "acknowledge" else slipped(ticket, city, now)
    if step == "head" and above.head:
        return Fired((Notice("head", nudge(f"nudge.{clock}_head", ticket, city, **late), look(ticket), cls="nudge"),))
    if step == "ops" and (not above.ops or _heard_for_head(above, due)):
        return SILENT
    if above.ops:
        if step == "head" and now >= _STAGES[clock](ticket, city, city.policy.ops_at):
            return SILENT
        told = _head_told(above, due)
        return Fired(
            (Notice("ops", nudge(f"nudge.{clock}_ops", ticket, city, **late, told=told), look(ticket), cls="nudge"),)
        )
    text = nudge(f"nudge.{clock}_again", ticket, city, **late, ask=asked(ticket, city))
    return Fired((Notice("group", text, onward(ticket), cls="nudge", refresh_card=True),))


def _heard_for_head(above: Above, due: datetime) -> bool:
    """Has the operations centre heard of it in place of a head who has no chat? Once is enough."""
    return not above.head and above.ops_told is not None and above.ops_told >= due


def _head_told(above: Above, due: datetime) -> Text:
    if not above.head:
        return say("nudge.head_unbound")
    return say("nudge.head_told" if above.head_told and above.head_told >= due else "nudge.head_not_reached")


def why_late(ticket: Ticket, city: City, now: datetime, above: Above) -> Text:
    """Why a promise is broken, as far as the state tells, and whether the office was reminded: see `again`."""
    if ticket.status is Status.WAITING_EXTERNAL:
        return _waiting_for(ticket, city, now)
    if _day_agreed(ticket, city, now) and ticket.scheduled_for:
        return nudge("nudge.slipped_scheduled", ticket, city, day=Moment(ticket.scheduled_for, "day"))
    desk = ticket.status is Status.NEW
    reminded = "nudge.desk_reminded" if desk else "nudge.office_reminded"
    said = say(reminded if above.office else "nudge.office_unreached")
    return nudge(LATE_WHY.get(ticket.status, "nudge.slipped_working"), ticket, city, reminded=said)


def _waiting_for(ticket: Ticket, city: City, now: datetime) -> Text:
    """Others, and the day that the citizen was told of them."""
    external, told = shown(ticket.external, 120), ticket.scheduled_for
    if told is None:
        return nudge("nudge.slipped_external", ticket, city, external=external)
    coming = told.astimezone(city.zone).date() >= now.astimezone(city.zone).date()
    key = "nudge.slipped_external_until" if coming else "nudge.slipped_external_past"
    return nudge(key, ticket, city, external=external, day=Moment(told, "day"))


def again(ticket: Ticket, city: City, now: datetime, above: Above, late: dict[str, Param]) -> Told:
    """The office's reminder that goes with `why_late`: what citizens read of it is so. late: as from `overdue`"""
    if not above.office or ticket.status is Status.WAITING_EXTERNAL or _day_agreed(ticket, city, now):
        return ()
    text = nudge("nudge.resolve_again", ticket, city, **late, ask=asked(ticket, city))
    return (Notice("group", text, onward(ticket), cls="nudge"),)


def _day_agreed(ticket: Ticket, city: City, now: datetime) -> bool:
    """Is a day still to come, or not over, that the citizen was told?"""
    until = sla.planned_until(ticket, city.zone)
    return ticket.status is Status.SCHEDULED or (until is not None and now < until)


def warning_at(ticket: Ticket, city: City, at: datetime, due: datetime) -> datetime | None:
    """When to warn of a due time: at `at`, or in the evening before if the night would swallow the warning.

    None when there is no good moment: the evening was before half of the time, or the morning is past it.
    """
    if never_sleeps(ticket, city) or not is_quiet(at, city.policy, city.zone):
        return at
    morning = officers_at(ticket, city, at)
    if morning < due:
        return morning
    evening = before_quiet(at, city.policy, city.zone) - EVENING
    began = max(ticket.assigned_at or ticket.opened_at, ticket.cycle_started_at or ticket.opened_at)
    return evening if evening >= began + (due - began) / 2 else None


def acknowledge_stage(ticket: Ticket, city: City, share: float) -> datetime:
    """When officers, their head (policy.head_at) or the operations centre (ops_at) hear that nobody took it up."""
    return _climb(ticket, city, share, sla.acknowledge_stage)


def promise_stage(ticket: Ticket, city: City, share: float) -> datetime:
    """The same by the promise itself, whatever day was named since."""
    return _climb(ticket, city, share, sla.resolve_stage)


def resolve_stage(ticket: Ticket, city: City, share: float) -> datetime:
    """When officers, their head or the operations centre hear that the promise to the citizen is broken."""
    moved = slips_at(ticket, city) - ticket.resolve_due
    return _climb(ticket, city, share, lambda ticket, share: sla.resolve_stage(ticket, share) + moved)


_STAGES = {"acknowledge": acknowledge_stage, "resolve": resolve_stage}


def _climb(ticket: Ticket, city: City, share: float, stage: Callable[[Ticket, float], datetime]) -> datetime:
    """The stage's time by day. After a night the ladder is climbed rung by rung, not all at once at six."""
    at = officers_at(ticket, city, stage(ticket, 1.0))
    for step in (city.policy.head_at, city.policy.ops_at):
        if share < step:
            break
        at = officers_at(ticket, city, max(stage(ticket, step), at + RUNG))
    return at
