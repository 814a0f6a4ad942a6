"""Taking a report back, after one more question."""

from __future__ import annotations

from msgspec.structs import replace

from conversations import answers, verdicts, wording
from conversations.effects import MoveTicket, Say
from conversations.step import Outcome, Step, Turn, never
from conversations.wording import choice
from texts.text import say
from texts.words import DENIED, MENDED
from tickets.ticket import BEFORE_DONE, Ticket

MOST_SAID = 8  # words
SINCE = frozenset({"sudah", "udah", "sdh", "udh", "dah", "already", "has", "is", "now"})


def open_for(turn: Turn, ticket: Ticket) -> Outcome:
    if ticket.status not in BEFORE_DONE:
        told_so = say("ticket.not_now", number=ticket.number, status=wording.status(ticket))
        return Outcome(turn.state.idle(), (Say(told_so, ticket=ticket.id),))
    if not turn.facts.reported(ticket.id):
        return Outcome(turn.state.idle(), (Say(say("refusal.reporter_only", number=ticket.number), ticket=ticket.id),))
    if ticket.followers:  # it goes on for them whoever takes it back
        goes_on = say("refusal.followers", count=ticket.followers)
        return Outcome(turn.state.idle(), (Say(goes_on, ticket=ticket.id),))
    return Outcome(replace(turn.state.idle(), step="withdraw", ticket=ticket.id), goto="withdraw")


def ask(turn: Turn) -> Say:
    ticket = turn.facts.ticket(turn.state.ticket)
    number = ticket.number if ticket else ""
    return Say(say("withdraw.ask", number=number), (choice("yes", "withdraw.yes"), choice("no", "withdraw.no")))


def handle(turn: Turn) -> Outcome | None:
    if turn.inbound.action == "yes" or _mended(turn.inbound.text):
        return Outcome(turn.state.idle(), (MoveTicket(turn.state.ticket, "withdraw"),))
    if turn.inbound.action == "no":
        return Outcome(turn.state.idle(), (Say(say("withdraw.kept")),))
    return None


def _mended(text: str) -> bool:
    """ "udah bener sendiri pak lampunya": that is why it is withdrawn."""
    said = answers.plain(text).split()
    if len(said) > MOST_SAID or verdicts.not_yet(text) or not DENIED.isdisjoint(said):
        return False
    return not SINCE.isdisjoint(said) and not MENDED.isdisjoint(said)


STEP = Step("withdraw", never, ask, handle, opens={"withdraw": open_for})
