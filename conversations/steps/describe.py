"""The complaint in the citizen's own words."""

from __future__ import annotations

from dataclasses import replace

from conversations import answers, told
from conversations.effects import Say
from conversations.step import Outcome, Step, Turn
from texts.text import say


def needed(turn: Turn) -> bool:
    return not turn.draft.text


def ask(turn: Turn) -> Say:
    if turn.state.memo == "wordless":
        return Say(say("describe.wordless"))
    if turn.state.correcting:
        return Say(say("describe.again"))
    return Say(say("describe.ask_beside" if turn.draft.media or turn.draft.place else "describe.ask"))


def handle(turn: Turn) -> Outcome | None:
    """Take the words; a greeting, thanks or "???" describe nothing."""
    words = turn.inbound.text.strip()
    if not words or answers.greeting(words) or answers.thanks(words):
        return None
    if answers.wordless(words):
        return Outcome(replace(turn.state, memo="wordless"), goto="describe")
    return told.describe(turn, words)


STEP = Step("describe", needed, ask, handle)
