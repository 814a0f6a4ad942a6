""" "Sudah beres", the stars and the remark after a report was closed."""

from __future__ import annotations

from msgspec.structs import replace

from conversations import told, verdicts, wording
from conversations.effects import MoveTicket, Rate, Relay, Say
from conversations.step import Outcome, Step, Turn, never
from conversations.wording import choice
from texts.text import say
from tickets.guards import ruled
from tickets.notice import not_done
from tickets.ticket import Status, Ticket

LONGEST = 1_000  # characters of a remark


def confirm(turn: Turn, ticket: Ticket) -> Outcome:
    """Closing is told, and stars are asked for, by the ticket's own notice."""
    if ticket.status is Status.RESOLVED:
        return Outcome(turn.state.idle(), (MoveTicket(ticket.id, "confirm"),))
    told_so = say("ticket.not_now", number=ticket.number, status=wording.status(ticket))
    return Outcome(turn.state.idle(), (Say(told_so, ticket=ticket.id),))


def stars(turn: Turn, ticket: Ticket) -> Outcome:
    """Stars count for the last closure; a remark is asked for afterwards."""
    given = int(turn.inbound.action[-1])
    if ticket.status is not Status.CLOSED:
        return confirm(turn, ticket)
    state = replace(turn.state.idle(), step="rate", ticket=ticket.id, memo=str(given))
    return Outcome(state, (Rate(ticket.id, stars=given),), goto="rate")


def offer(turn: Turn, ticket: Ticket) -> Outcome:
    """The five stars, for whoever was not asked or did not answer then."""
    if ticket.status is not Status.CLOSED:
        return confirm(turn, ticket)
    choices = tuple(choice(f"ticket:{ticket.id}:rate:{n}", f"action.stars_{n}") for n in range(1, 6))
    return Outcome(
        turn.state.idle(), (Say(say("rate.ask", number=ticket.number), choices, columns=5, ticket=ticket.id),)
    )


def remark(turn: Turn, ticket: Ticket) -> Outcome:
    return Outcome(replace(turn.state.idle(), step="rate", ticket=ticket.id), goto="rate")


def ask(turn: Turn) -> Say:
    given = turn.state.memo
    low = given.isdigit() and int(given) <= 2
    key = "rate.ask_why" if low else "rate.ask_remark"
    return Say(say(key), (choice("skip", "common.skip"),))


def handle(turn: Turn) -> Outcome | None:
    if turn.inbound.action == "skip":
        return Outcome(turn.state.idle(), (Say(say("rate.thanks")),))
    words, state, warned = told.masked(turn, turn.inbound.text.strip())
    ticket, files = turn.state.ticket, turn.inbound.attachments
    if files:  # a remark has no room for them, and they likely show that something is not done
        thanks = _and_if_not(turn, "rate.thanks_files", "rate.thanks_files_ruled")
        return Outcome(state.idle(), (*warned, Relay(ticket, words, files), thanks))
    if not words:
        return None
    noted = Rate(ticket, remark=words[:LONGEST])
    thanks = Say(say("rate.thanks_remark"))
    if verdicts.not_yet(words):  # it is kept as a remark, and nobody need look for the way to have it reopened
        thanks = _and_if_not(turn, "rate.thanks_not_yet", "rate.thanks_not_yet_ruled")
    return Outcome(state.idle(), (*warned, noted, thanks))


def _and_if_not(turn: Turn, key: str, after_ruling: str) -> Say:
    """Thanks, with the way on should it not be solved."""
    ticket = turn.facts.ticket(turn.state.ticket)
    if ticket is None:
        return Say(say("rate.thanks"))
    words = say(after_ruling if ruled(ticket, turn.city) else key)
    return Say(words, (not_done(ticket, turn.city),), ticket=ticket.id)


STEP = Step(
    "rate",
    never,
    ask,
    handle,
    keeps=True,
    opens={"confirm": confirm, "remark": remark, "rate": offer}
    | {f"{name}{n}": stars for name in ("stars", "rate:") for n in range(1, 6)},
)
