"""Words about something else in the middle of a report: another problem needs a report of its own."""

from __future__ import annotations

from msgspec.structs import replace

from conversations import told, wording
from conversations.effects import Say
from conversations.step import Outcome, Step, Turn, never
from conversations.wording import choice
from texts.text import say


def ask(turn: Turn) -> Say:
    """The words wait in the memo until it is clear where they belong."""
    words = wording.short(turn.state.memo, 120)
    return Say(
        say("another.ask", words=words, category=wording.category_name(turn, turn.draft.category)),
        (choice("add", "another.add"), choice("later", "another.later"), choice("switch", "another.switch")),
    )


def handle(turn: Turn) -> Outcome | None:
    """add: it belongs here · later: this report first · switch: drop this one, the other is what counts."""
    action, words = turn.inbound.action, turn.state.memo
    if action == "add":
        return told.add(turn, words)
    if action == "later":
        return Outcome(turn.state, (Say(say("another.remember")),))
    if action == "switch":
        return told.describe(replace(turn, state=turn.state.ended()), words)
    return None


STEP = Step("another", never, ask, handle)
