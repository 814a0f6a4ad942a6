"""The complaint in the citizen's own words."""

from __future__ import annotations

from msgspec.structs import replace

from conversations import answers, told
from conversations.effects import Say
from conversations.step import Outcome, Step, Turn
from conversations.wording import choice
from texts.text import say


def needed(turn: Turn) -> bool:
    return not turn.draft.text


def ask(turn: Turn) -> Say:
    """With a picture or a voice message the words may be left out: not everybody writes with ease."""
    cancel = choice("cancel", "common.cancel")
    if turn.state.correcting:
        return Say(say("describe.again"))
    ways = (choice("as_is", "describe.as_is"), cancel) if turn.draft.media else (cancel,)
    if turn.state.memo == "more":
        return Say(say("describe.more"), ways)
    if turn.state.memo == "wordless":
        return Say(say("describe.wordless"), ways)
    return Say(say("describe.ask_beside" if turn.draft.media or turn.draft.place else "describe.ask"), ways)


def handle(turn: Turn) -> Outcome | None:
    """Take the words; a greeting, thanks or "???" describe nothing."""
    words = turn.inbound.text.strip()
    if turn.inbound.action == "as_is":
        words = turn.render(say("describe.by_media"))
        return Outcome(replace(turn.state, draft=replace(turn.draft, text=words)))
    if not words or answers.greeting(words) or answers.thanks(words):
        return None
    if answers.wordless(words):
        return Outcome(replace(turn.state, memo="wordless"), goto="describe")
    return told.describe(turn, words)


STEP = Step("describe", needed, ask, handle)
