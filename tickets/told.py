"""What each move tells to whom; `tickets.notices` is the door to it."""

from __future__ import annotations

from collections.abc import Callable

from texts.text import Choice, Moment, Param, Text, literal, say
from tickets.city import City
from tickets.guards import needs_ops, ruled
from tickets.handover import assigned, not_ours
from tickets.moves import Action, Changed, Role
from tickets.notice import (
    REFRESH,
    RELAY,
    Notice,
    Photos,
    Told,
    agency_name,
    card_choice,
    citizen_choice,
    cut,
    lines,
    not_done,
    said_by_citizen,
)
from tickets.telling import about, everyone, promise
from tickets.ticket import Outcome, Status, Ticket


def _acknowledged(changed: Changed, city: City) -> Told:
    return everyone(changed, city, "notice.acknowledged", promise=promise(changed)), REFRESH


def _started(changed: Changed, city: City) -> Told:
    return everyone(changed, city, "notice.started", promise=promise(changed)), REFRESH


def _scheduled(changed: Changed, city: City) -> Told:
    after = changed.after
    assert after.scheduled_for is not None
    late = after.scheduled_for.astimezone(city.zone).date() > after.resolve_due.astimezone(city.zone).date()
    text = lines(
        about(changed, city, "notice.scheduled", day=Moment(after.scheduled_for, "day")),
        about(changed, city, "notice.reason") if changed.note else None,
        about(changed, city, "notice.scheduled_late", resolve=Moment(after.resolve_due)) if late else None,
    )
    return Notice("everyone", text), REFRESH


def _asked(changed: Changed, city: City) -> Told:
    until = Moment(changed.at + city.policy.citizen_answer, "day")
    answer = citizen_choice(changed.after, "answer")
    return Notice("reporter", about(changed, city, "notice.asked", until=until), (answer,)), REFRESH


def _answered(changed: Changed, city: City) -> Told:
    media = int(changed.data.get("media", 0))
    words = said_by_citizen(changed.note)
    apart = (citizen_choice(changed.after, "apart"),) if changed.data.get("guessed") else ()
    return (
        Notice("reporter", about(changed, city, "notice.answered", promise=promise(changed)), apart),
        Notice(
            "group",
            say("notice.group_answered", number=changed.after.number, words=words),
            refresh_card=True,
            photos="report" if media else None,
            expects=RELAY,
        ),
    )


def _timed_out(changed: Changed, city: City) -> Told:
    return (
        Notice("reporter", about(changed, city, "notice.timed_out", promise=_promise_moved(changed))),
        Notice("group", about(changed, city, "notice.group_timed_out"), cls="nudge", refresh_card=True),
    )


def _promise_moved(changed: Changed) -> Text:
    """The wait for an answer moves the promise: whoever did not answer hears that it did, and why."""
    if changed.after.resolve_due == changed.before.resolve_due:
        return promise(changed)
    return say("notice.promise_moved", resolve=Moment(changed.after.resolve_due))


def _external(changed: Changed, city: City) -> Told:
    day = changed.after.scheduled_for
    key = "notice.external_until" if day else "notice.external"
    more: dict[str, Param] = {"external": literal(cut(changed.after.external, 120))}
    if day:
        more["day"] = Moment(day, "day")
    return everyone(changed, city, key, **more), REFRESH


def _resumed(changed: Changed, city: City) -> Told:
    if changed.actor.role is not Role.CLOCK:
        return everyone(changed, city, "notice.resumed", promise=promise(changed)), REFRESH
    since, day = changed.before.since, changed.before.scheduled_for
    if since and day and since.astimezone(city.zone).date() >= day.astimezone(city.zone).date():
        return (REFRESH,)  # it was scheduled for today only today
    citizens = everyone(changed, city, "notice.today")
    today = about(changed, city, "notice.group_today")
    choices = (card_choice(changed.after, "done"), card_choice(changed.after, "schedule"))
    return citizens, Notice("group", today, choices, cls="nudge", refresh_card=True)


def _done(changed: Changed, city: City) -> Told:
    """The citizen is asked whether it is so: "closed" is not "fixed"."""
    after = changed.after
    result = about(changed, city, "notice.result") if changed.note else None
    proof: Photos = "proof" if changed.data.get("media") else None
    days = city.policy.close_silent.days
    asked, joined = "notice.done_ask", "notice.done_follower"
    yes, no = citizen_choice(after, "confirm"), not_done(after, city)
    if ruled(after, city):
        asked, joined = "notice.done_ask_ruled", "notice.done_follower_ruled"
    ask = lines(about(changed, city, "notice.done"), result, about(changed, city, asked, count=days))
    also = lines(about(changed, city, "notice.done"), result, about(changed, city, joined))
    return (
        Notice("reporter", ask, (yes, no), columns=2, photos=proof),
        Notice("followers", also, (no,), photos=proof),
        REFRESH,
    )


def _stars(ticket: Ticket) -> tuple[Choice, ...]:
    return tuple(citizen_choice(ticket, f"rate:{n}", f"stars_{n}") for n in range(1, 6))


def _confirmed(changed: Changed, city: City) -> Told:
    after = changed.after
    return (
        Notice("reporter", about(changed, city, "notice.confirmed"), _stars(after), columns=5),
        Notice("followers", about(changed, city, "notice.closed_follower"), cls="info"),
        Notice("group", about(changed, city, "notice.group_confirmed"), cls="info", refresh_card=True),
    )


def _closed_silent(changed: Changed, city: City) -> Told:
    key = "notice.closed_silent_ruled" if ruled(changed.after, city) else "notice.closed_silent"
    return (
        Notice(
            "reporter",
            about(changed, city, key, count=city.policy.reopen_within.days),
            (*_stars(changed.after), not_done(changed.after, city)),
            columns=5,
        ),
        Notice("followers", about(changed, city, "notice.closed_follower"), cls="info"),
        REFRESH,
    )


def _reopen_asked(changed: Changed, city: City) -> Told:
    after = changed.after
    if after.status is not Status.REOPEN_REQUESTED:
        return _reopened_at_once(changed, city)
    due = city.calendar.add_days(changed.at, city.policy.reopen_decision.days, city.zone)
    words = said_by_citizen(changed.note)
    ops = needs_ops(after, city)
    lead = changed.data.get("decides") == "office"  # no operations centre can be reached
    key = "notice.reopen_asked_ops" if ops and not lead else "notice.reopen_asked"
    choices = (card_choice(after, "accept_reopen"), card_choice(after, "decline_reopen"))
    joined = changed.actor.id != after.reporter  # a follower says so: nobody else did
    told = [
        Notice("writer" if joined else "reporter", about(changed, city, key, decision=Moment(due))),
        Notice(
            "group",
            _to_office(changed, city, words=words, decision=Moment(due), count=after.reopenings),
            choices if lead else (),  # else those of its card, or the operations centre's
            columns=2,
            new_card=True,  # the one that was there stands days above
            photos="report" if changed.data.get("media") else None,
            expects=RELAY,
        ),
    ]
    if joined:
        key = "notice.reopen_asked_ops_joined" if ops and not lead else "notice.reopen_asked_joined"
        told.append(Notice("others", about(changed, city, key, decision=Moment(due))))
    if ops and not lead:
        asked = about(changed, city, "notice.ops_reopen", words=words)
        told.append(Notice("ops", asked, choices, columns=2, expects=RELAY))
    return tuple(told)


def _reopened_at_once(changed: Changed, city: City) -> Told:
    """A danger that is not over: nobody decides first, and who is above the office hears of it with the office."""
    after, words = changed.after, said_by_citizen(changed.note)
    due, resolve = Moment(after.acknowledge_due), Moment(after.resolve_due)
    desk = after.status is Status.NEW
    key = "notice.reopened_triage" if desk else "notice.reopened_danger"
    text = lines(about(changed, city, key, resolve=resolve), say("notice.opened_danger"))
    key = "notice.group_routed_danger" if desk else "notice.group_reopened_danger"
    again = about(changed, city, key, words=words, due=due)
    photos: Photos = "report" if changed.data.get("media") else None
    return (
        Notice("everyone", text),
        Notice("group", again, new_card=True, photos=photos, expects=RELAY, urgent=True),
        Notice("head", about(changed, city, "notice.ops_reopened_danger", words=words), urgent=True),
        Notice("centre", about(changed, city, "notice.ops_reopened_danger", words=words), urgent=True),
    )


def _to_office(changed: Changed, city: City, **slots: Param) -> Text:
    """The office is asked to decide, or hears who does."""
    if not needs_ops(changed.after, city):
        return about(changed, city, "notice.group_reopen", **slots)
    if changed.data.get("decides") == "office":
        return about(changed, city, "notice.group_reopen_lead", **slots)
    return about(changed, city, "notice.group_reopen_ops", **slots)


def _by(changed: Changed, city: City) -> Text:
    """Whose explanation a citizen reads."""
    return say("notice.centre") if changed.actor.role is Role.OPS else agency_name(city, changed.after.agency)


def _reopened(changed: Changed, city: City) -> Told:
    after = changed.after
    if after.status is Status.NEW:  # at the triage desk: it has no office yet that could accept it
        again = about(changed, city, "notice.reopened_triage", resolve=Moment(after.resolve_due))
        route = Notice("group", about(changed, city, "notice.group_reopened_triage"), new_card=True)
        return Notice("everyone", again), route
    key = "notice.group_reopened_silent" if changed.actor.role is Role.CLOCK else "notice.group_reopened"
    return (
        everyone(changed, city, "notice.reopened", resolve=Moment(after.resolve_due)),
        Notice("group", about(changed, city, key, due=Moment(after.acknowledge_due)), new_card=True),
    )


def _declined(changed: Changed, city: City) -> Told:
    told = everyone(changed, city, "notice.declined", by=_by(changed, city))
    if changed.actor.role is not Role.OPS:
        return told, REFRESH
    return told, Notice("group", about(changed, city, "notice.group_declined"), cls="info", refresh_card=True)


def _closed(changed: Changed, city: City) -> Told:
    """Closed without work: said plainly, with the reason, never with congratulations."""
    outcome = changed.after.outcome
    if outcome is Outcome.ABUSE:  # no accusation: a judgement may be wrong, and it stays reviewable
        return everyone(changed, city, "notice.closed_abuse"), REFRESH
    days = city.policy.reopen_within.days
    told = everyone(
        changed, city, "notice.closed", outcome=say(f"outcome.{outcome}"), count=days, by=_by(changed, city)
    )
    no = citizen_choice(changed.after, "reopen", "contest")
    return Notice("everyone", told.text, (no,)), REFRESH


def _withdrawn(changed: Changed, city: City) -> Told:
    return (
        Notice("reporter", about(changed, city, "notice.withdrawn")),
        Notice("group", about(changed, city, "notice.group_withdrawn"), cls="info", refresh_card=True),
    )


def _duplicate(changed: Changed, city: City) -> Told:
    master = str(changed.data.get("master_number", ""))
    return everyone(changed, city, "notice.duplicate", master=master), REFRESH


def _released(changed: Changed, city: City) -> Told:
    return (
        everyone(changed, city, "notice.released", resolve=Moment(changed.after.resolve_due)),
        Notice("group", new_card=True, photos="report"),
    )


def _undone(changed: Changed, city: City) -> Told:
    """A slip of the finger within minutes: the card shows it. Who was told that it is done hears that it is not."""
    if changed.before.status is not Status.RESOLVED:
        return (REFRESH,)
    return everyone(changed, city, "notice.undone", promise=promise(changed)), REFRESH


TELL: dict[Action, Callable[[Changed, City], Told]] = {
    Action.ROUTE: assigned,
    Action.ACKNOWLEDGE: _acknowledged,
    Action.NOT_OURS: not_ours,
    Action.START: _started,
    Action.SCHEDULE: _scheduled,
    Action.ASK: _asked,
    Action.ANSWER: _answered,
    Action.TIME_OUT_ANSWER: _timed_out,
    Action.EXTERNAL: _external,
    Action.RESUME: _resumed,
    Action.DONE: _done,
    Action.CONFIRM: _confirmed,
    Action.REOPEN: _reopen_asked,
    Action.ACCEPT_REOPEN: _reopened,
    Action.DECLINE_REOPEN: _declined,
    Action.CLOSE_SILENT: _closed_silent,
    Action.CLOSE: _closed,
    Action.WITHDRAW: _withdrawn,
    Action.DUPLICATE: _duplicate,
    Action.RELEASE: _released,
    Action.UNDO: _undone,
}
