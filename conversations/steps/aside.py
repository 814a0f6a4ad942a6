"""Words that are no report (thanks, small talk, anger, advertising): answered kindly, kept for one tap."""

from __future__ import annotations

from msgspec.structs import replace

from conversations import told
from conversations.effects import Say
from conversations.step import Outcome, Step, Turn, never
from conversations.wording import choice
from texts.text import Choice, Text, say
from tickets.ticket import COMPLAINT, Status

ANSWERED = frozenset({"thanks", "chitchat", "spam", "abuse", "help", "cancel", "status"})


def begin(turn: Turn, intent: str) -> Outcome:
    """Answer words of this intent; they wait in the memo in case they were meant as a report."""
    masked, state, warned = told.masked(turn, turn.inbound.text.strip()[: told.MOST_WORDS])
    return Outcome(replace(state.idle(), step="aside", memo=f"{intent}:{masked}"), warned, goto="aside")


def ask(turn: Turn) -> Say:
    intent, _, _ = turn.state.memo.partition(":")
    new = choice("new", "menu.report")
    ways: tuple[Choice, ...] = (choice("anyway", "aside.anyway"), new)
    if intent in ("help", "cancel"):
        ways = (new, choice("tickets", "menu.tickets"), ways[0])
    return Say(_answer(turn, intent), ways, columns=2)


def _answer(turn: Turn, intent: str) -> Text:
    if intent == "thanks":
        return say("thanks.reply")
    if intent == "status":
        return say("follow.none")
    if intent == "help":
        return say("help.text", city=turn.city.name)
    if intent == "cancel":
        running = any(ticket.status is not Status.CLOSED for ticket in turn.facts.my_tickets())
        return say("cancel.sent" if running else "cancel.nothing")
    return say(f"aside.{intent if intent in ANSWERED else 'chitchat'}", city=turn.city.name)


def handle(turn: Turn) -> Outcome | None:
    """ "Tetap laporkan": the held words become a report, whatever we took them for."""
    if turn.inbound.action != "anyway":
        return None
    _, _, words = turn.state.memo.partition(":")
    described = told.describe(replace(turn, state=replace(turn.state.idle(), offered=())), words)
    draft = replace(described.state.draft or turn.draft, kind=COMPLAINT)
    return replace(described, state=replace(described.state, draft=draft))


STEP = Step("aside", never, ask, handle)
