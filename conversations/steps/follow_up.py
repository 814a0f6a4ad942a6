"""My reports: the list, and one report with its state, promise, last word and what can be done."""

from __future__ import annotations

from datetime import datetime

from conversations import moves, wording
from conversations.effects import Say
from conversations.step import Outcome as Answer
from conversations.step import Step, Turn, never
from conversations.wording import choice
from texts.text import Choice, Moment, Text, literal, say
from tickets.guards import NOT_REOPENABLE, REPORTER_ONLY, ruled
from tickets.notice import new_report
from tickets.ticket import BEFORE_DONE, WORKED, Outcome, Status, Ticket

MOST = 8
# Where the office's last words are for the citizen, and true: elsewhere they are what one office told another, or a
# question that was answered.
NOTED = (Status.WAITING_CITIZEN, Status.SCHEDULED, Status.RESOLVED, Status.REOPEN_REQUESTED, Status.CLOSED)


def ask(turn: Turn) -> Say:
    tickets = turn.facts.my_tickets()[:MOST]
    if not tickets:
        return Say(say("follow.none"), (choice("new", "menu.report"),))
    items = [_item(turn, ticket) for ticket in tickets]
    choices = tuple(choice(f"t:{ticket.id}", literal(ticket.number)) for ticket in tickets)
    return Say(say("follow.list", reports=wording.lines(items)), (*choices, choice("new", "menu.report")))


def _item(turn: Turn, ticket: Ticket) -> Text:
    return say(
        "follow.item",
        number=ticket.number,
        category=wording.category_of(turn, ticket),
        status=wording.status(ticket),
    )


def handle(turn: Turn) -> Answer | None:
    """A pressed or typed number."""
    action = turn.inbound.action
    if action.startswith("t:") and action[2:].isdigit():
        ticket = turn.facts.ticket(int(action[2:]))
        return show(turn, ticket) if ticket else Answer(turn.state.idle(), (Say(say("follow.unknown")),))
    return None


def show(turn: Turn, ticket: Ticket) -> Answer:
    """One report, told with the ticket, so that quoting it speaks to its agency."""
    said = Say(wording.lines(_lines(turn, ticket)), _choices(turn, ticket), columns=2, ticket=ticket.id)
    return Answer(turn.state.idle(), (said,))


def _lines(turn: Turn, ticket: Ticket) -> list[Text]:
    told = [
        say("follow.title", number=ticket.number, category=wording.category_of(turn, ticket)),
        say("follow.status", status=wording.status(ticket)),
        say("follow.agency", agency=wording.agency_name(turn, ticket.agency)),
        say("follow.since", opened=Moment(ticket.opened_at)),
    ]
    if ticket.status in BEFORE_DONE:
        told.extend(_promises(turn, ticket))
    if ticket.last_note and ticket.status in NOTED and ticket.outcome is not Outcome.WITHDRAWN:
        told.append(say("follow.note", words=wording.short(ticket.last_note)))
    code = turn.facts.code(ticket.id)
    return [*told, say("follow.code", code=code)] if code else told


def _promises(turn: Turn, ticket: Ticket) -> list[Text]:
    """What is still to come; what should have come is said to be late."""
    if ticket.status is Status.SCHEDULED and ticket.scheduled_for is not None:
        return [say("follow.scheduled", day=Moment(ticket.scheduled_for, "day"))]
    solved = _by(turn, ticket.resolve_due, "follow.promise", "follow.promise_past")
    if ticket.acknowledged_at or ticket.status is Status.NEW:
        return [solved]
    return [_by(turn, ticket.acknowledge_due, "follow.promise_answer", "follow.promise_answer_past"), solved]


def _by(turn: Turn, due: datetime, key: str, late: str) -> Text:
    return say(late if due < turn.now else key, due=Moment(due))


def _choices(turn: Turn, ticket: Ticket) -> tuple[Choice, ...]:
    hide = ("hide",) if ticket.named else ()
    actions: tuple[str, ...] = ("say", "withdraw", *hide)
    if moves.awaited(turn, ticket):
        actions = ("answer", "withdraw", *hide)
    elif ticket.status is Status.RESOLVED:
        if ruled(ticket, turn.city):
            yes = choice(f"ticket:{ticket.id}:confirm", "follow.do_confirm")
            return (yes, new_report()) if turn.facts.reported(ticket.id) else (new_report(),)
        actions = ("confirm", "refuse")
    elif ticket.status is Status.REOPEN_REQUESTED:
        actions = ("say",)
    elif ticket.outcome in NOT_REOPENABLE or (ticket.outcome not in WORKED and not moves.reopenable(turn, ticket)):
        return (choice("new", "menu.report"),)
    elif not moves.reopenable(turn, ticket):
        actions = ("rate",)
    elif ticket.status is Status.CLOSED:
        actions = ("refuse", "rate") if ticket.outcome in WORKED else ("refuse",)
    return tuple(
        choice(f"ticket:{ticket.id}:{action}", "follow.do_reopen" if reopens(ticket, action) else f"follow.do_{action}")
        for action in actions
        if action not in (*REPORTER_ONLY, "hide") or turn.facts.reported(ticket.id)
    )


def reopens(ticket: Ticket, action: str) -> bool:
    return action == "refuse" and ticket.status is Status.CLOSED


STEP = Step("follow_up", never, ask, handle, opens={"status": show})
