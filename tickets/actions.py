"""Which buttons a card shows, and what pressing one leads to: a move, a choice, or a question to answer by reply.

A button below a card is "card:<ticket>:<what>". `what` is an action, followed by what was chosen so far:
"not_ours", "not_ours:DLH", "not_ours:DLH:2" (second reason), "not_ours:+1" (next page), "schedule:3:12" (in three
days; asked when the ticket had version 12). When words or a photo are needed, the question's `expects` is such a
`what` too: hand it, with the reply, to `replied`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from msgspec import Struct

from texts.text import Choice, Text, literal, say
from tickets.city import City
from tickets.dates import find_day, says_more, somebody
from tickets.guards import WITHOUT_WORK, needs_ops, pressed_at
from tickets.lifecycle import allowed
from tickets.moves import NOTHING, Action, Details, Role
from tickets.notice import card_choice, cut
from tickets.ticket import Outcome, Status, Ticket

PAGE = 6
LABEL = 24
DAYS = (1, 3, 7)
REASONS = 3  # prepared reasons for "not ours": officer.reason_1 ... officer.reason_3


class Ask(Struct, frozen=True):
    """Something is still needed. expects "": one of the choices; else a reply, to be handed to `replied`.

    kept: what was answered already and did not suffice; it belongs to the next answer
    """

    text: Text
    choices: tuple[Choice, ...] = ()
    columns: int = 1
    expects: str = ""
    kept: str = ""


class Go(Struct, frozen=True):
    """Everything is there: apply this. reason: prepared words to be rendered into details.note, or None."""

    action: Action
    details: Details = NOTHING
    reason: Text | None = None


BY_STATUS: dict[Status, tuple[str, ...]] = {
    Status.NEW: ("route", "close"),
    Status.ASSIGNED: ("acknowledge", "not_ours"),
    Status.ACKNOWLEDGED: ("start", "schedule", "ask", "not_ours", "close"),
    Status.IN_PROGRESS: ("done", "ask", "schedule", "external", "not_ours", "close"),
    Status.SCHEDULED: ("done", "resume", "schedule", "external", "not_ours", "close"),
    Status.WAITING_CITIZEN: ("resume", "not_ours", "close"),
    Status.WAITING_EXTERNAL: ("done", "resume", "not_ours", "close"),
    Status.RESOLVED: (),
    Status.REOPEN_REQUESTED: ("accept_reopen", "decline_reopen"),
    Status.CLOSED: (),
}


FROM_ABOVE = ("route", "close", "accept_reopen", "decline_reopen")
QUESTIONS = {
    Action.ASK: "officer.ask",
    Action.EXTERNAL: "officer.external",
    Action.DECLINE_REOPEN: "officer.decline_reopen",
}
BY_REPLY = frozenset({*QUESTIONS, Action.SCHEDULE, Action.NOT_OURS, Action.CLOSE, Action.DONE})


def buttons(
    ticket: Ticket, city: City, now: datetime, *, above: bool = False, centre: bool = True
) -> tuple[Choice, ...]:
    """The buttons below a ticket's card. Whether the presser may is asked when it is pressed.

    above: for the operations centre, which works on no ticket but may decide about it
    centre: is there one that decides? Else the office's supervisor does in its stead
    """
    if above:
        may = allowed(ticket, Role.OPS)
        return tuple(card_choice(ticket, name) for name in FROM_ABOVE if Action(name) in may)
    names = list(BY_STATUS[ticket.status])
    if ticket.questions >= city.policy.max_questions and "ask" in names:
        names.remove("ask")
    if centre and ticket.status is Status.REOPEN_REQUESTED and needs_ops(ticket, city):
        names.clear()
    since = pressed_at(ticket)
    if since and since == ticket.since and now - since <= city.policy.undo_within:
        names.append("undo")
    return tuple(card_choice(ticket, name) for name in names)


def pressed(ticket: Ticket, what: str, city: City, today: date) -> Ask | Go:
    """What follows from pressing `what` below this ticket's card. raises: ValueError for unknown words."""
    name, _, rest = what.partition(":")
    action = Action(name)
    if action in (Action.NOT_OURS, Action.ROUTE):
        return _agency(ticket, action, rest, city, today)
    if action is Action.SCHEDULE:
        return _schedule(ticket, rest, today)
    if action is Action.CLOSE:
        return _outcome(ticket, rest)
    if action is Action.DONE:
        proof = city.catalogue.category(ticket.category).proof
        return Ask(say(f"officer.done_{proof}", number=ticket.number), expects="done")
    if action in QUESTIONS:
        return Ask(say(QUESTIONS[action], number=ticket.number), expects=str(action))
    return Go(action)


def answered_by_reply(expects: str) -> bool:
    """Is this one of our questions? Other messages of ours are replied to as well: those words are the citizen's."""
    return expects.partition(":")[0] in BY_REPLY


def replied(ticket: Ticket, expects: str, words: str, media: int, city: City, today: date) -> Ask | Go:
    """What follows from the reply to a question that expected `expects`; an Ask says what is missing."""
    name, _, rest = expects.partition(":")
    action = Action(name)
    if action is Action.SCHEDULE:
        day = find_day(words, today)
        if day is None:
            return Ask(say("officer.day_unclear"), expects=expects)
        note = words if says_more(words) else ""
        return Go(action, Details(note=note, day=day, asked_at=_number(rest.partition(":")[2])))
    if action is Action.EXTERNAL:
        return Go(action, Details(note=somebody(words, today), day=find_day(words, today)))
    if action is Action.NOT_OURS:
        return Go(action, Details(note=words, agency="" if rest == "-" else rest))
    if action is Action.CLOSE:
        return Go(action, Details(note=words, outcome=Outcome(rest)))
    return Go(action, Details(note=words, media=media))


def likely_agencies(ticket: Ticket, city: City, today: date) -> list[str]:
    """Offices in the order in which they may own this: the one proposed, then what the words say, then by name."""
    catalogue = city.catalogue
    guesses = [ticket.suggested_agency] if ticket.suggested_agency else []
    guesses.append(catalogue.owner(ticket.category, today).code)
    guesses += [
        catalogue.owner(match.code, today).code for match in city.understander.understand(ticket.text).candidates
    ]
    by_name = sorted(catalogue.agencies.values(), key=lambda agency: agency.short.casefold())
    return list(dict.fromkeys([*guesses, *(agency.code for agency in by_name)]))


def _agency(ticket: Ticket, action: Action, rest: str, city: City, today: date) -> Ask | Go:
    chosen, _, reason = rest.partition(":")
    if not chosen or chosen.startswith("+"):
        return _agency_page(ticket, action, _number(chosen), likely_agencies(ticket, city, today), city)
    agency = "" if chosen == "-" else chosen
    if action is Action.ROUTE:
        return Go(action, Details(agency=agency))
    if reason:
        number = min(max(_number(reason), 1), REASONS)
        return Go(action, Details(agency=agency), say(f"officer.reason_{number}"))
    choices = [
        Choice(f"card:{ticket.id}:not_ours:{chosen}:{n}", say(f"officer.reason_{n}")) for n in range(1, REASONS + 1)
    ]
    text = say("officer.reason", number=ticket.number)
    return Ask(text, tuple(choices), expects=f"not_ours:{chosen}")


def _agency_page(ticket: Ticket, action: Action, page: int, codes: Sequence[str], city: City) -> Ask:
    external = {agency.code for agency in city.catalogue.agencies.values() if agency.kind == "external"}
    elsewhere = {ticket.agency} if ticket.status is not Status.NEW else set()
    hidden = elsewhere if action is Action.NOT_OURS else external | elsewhere
    open_to = [code for code in codes if code not in hidden]
    first = page * PAGE if page * PAGE < len(open_to) else 0
    choices = [
        Choice(f"card:{ticket.id}:{action}:{code}", literal(cut(city.catalogue.agency(code).short, LABEL)))
        for code in open_to[first : first + PAGE]
    ]
    if first + PAGE < len(open_to):
        choices.append(Choice(f"card:{ticket.id}:{action}:+{first // PAGE + 1}", say("officer.more")))
    if action is Action.NOT_OURS:
        choices.append(Choice(f"card:{ticket.id}:not_ours:-", say("officer.agency_unknown")))
    return Ask(say(f"officer.agency_{action}", number=ticket.number), tuple(choices), columns=2)


def _schedule(ticket: Ticket, rest: str, today: date) -> Ask | Go:
    chosen, _, version = rest.partition(":")
    if chosen.isdecimal():
        day = today + timedelta(days=min(int(chosen), 365))
        return Go(Action.SCHEDULE, Details(day=day, asked_at=_number(version)))
    if chosen == "date":
        return Ask(say("officer.day", number=ticket.number), expects=f"schedule:date:{version}")
    asked = ticket.version  # what was asked of it as it is now is answered once: a colleague may be asked the same
    choices = [Choice(f"card:{ticket.id}:schedule:{n}:{asked}", say(f"officer.in_days_{n}")) for n in DAYS]
    choices.append(Choice(f"card:{ticket.id}:schedule:date:{asked}", say("officer.other_day")))
    text = say("officer.schedule", number=ticket.number)
    return Ask(text, tuple(choices), columns=2, expects=f"schedule:date:{asked}")


def _outcome(ticket: Ticket, rest: str) -> Ask:
    if rest:
        return Ask(say("officer.close_reason", number=ticket.number), expects=f"close:{Outcome(rest)}")
    outcomes = [outcome for outcome in Outcome if outcome in WITHOUT_WORK]
    choices = tuple(Choice(f"card:{ticket.id}:close:{one}", say(f"officer.close_{one}")) for one in outcomes)
    return Ask(say("officer.close", number=ticket.number), choices)


def _number(words: str) -> int:
    digits = words.lstrip("+")
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 10 else 0
