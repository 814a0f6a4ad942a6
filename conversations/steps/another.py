"""Another problem told in the middle of a report: it needs a report of its own, and has one, now or afterwards."""

from __future__ import annotations

from msgspec.structs import replace

from conversations import answers, told, wording
from conversations.effects import Say
from conversations.state import Draft
from conversations.step import Outcome, Step, Turn, never
from conversations.wording import choice
from texts.text import say


def put_aside(turn: Turn, words: str) -> Outcome:
    """Another problem waits until it is clear where it belongs; one that is being asked about waits for its turn."""
    words, state, warned = told.masked(turn, words[: told.MOST_WORDS])
    if state.other is not None:
        state, warned = told.afterwards(state, state.other), (*warned, Say(say("another.remember")))
    other = Draft(text=words, text_message=turn.inbound.message_id, text_length=len(words))
    return Outcome(replace(state, step="another", memo="", other=other), warned, goto="another")


def ask(turn: Turn) -> Say:
    """Three ways for what was told: here, afterwards, instead."""
    words = wording.short(turn.state.taking.text, 120)
    return Say(
        say("another.ask", words=words, category=wording.category_name(turn, turn.draft.category)),
        (choice("add", "another.add"), choice("later", "another.later"), choice("switch", "another.switch")),
    )


def handle(turn: Turn) -> Outcome | None:
    """add: it belongs here · later: this report first · switch: drop this one, the other is what counts."""
    action, state, other = turn.inbound.action, turn.state, turn.state.other
    if other is None:
        return None
    if action == "add":
        said = Say(say("describe.added", words=wording.short(other.text, 120)))
        both = replace(state, draft=told.joined(turn.draft, other), other=None)
        return Outcome(both, (said, *told.left_out(turn.draft, other)))
    if action == "later" or (not action and answers.agrees(turn.inbound.text)):  # "kirim": the first, then this one
        return Outcome(told.afterwards(state, other), (Say(say("another.remember")),))
    if action == "switch":
        left = replace(state, other=None).ended()
        return Outcome(replace(left, draft=other, warned=state.warned))
    return _more(turn, other) if not action else None


def _more(turn: Turn, other: Draft) -> Outcome | None:
    """More words are about the other problem, unless they clearly tell of the first, or of a third."""
    text = turn.inbound.text
    if len(text.split()) < told.FEW_WORDS or answers.wordless(text):
        return None
    if answers.greeting(text) or answers.thanks(text):
        return None
    understand = turn.city.understander.understand
    meaning = understand(text)
    if meaning.decision == "sure":
        code = meaning.candidates[0].code
        if code == turn.draft.category:
            return replace(told.add(turn, text), goto="another")
        if code != understand(other.text).best:
            return put_aside(turn, text)
    words, state, warned = told.masked(turn, text)
    other = replace(other, text=f"{other.text}\n{words}"[: told.MOST_WORDS])
    return Outcome(replace(state, other=other), warned, goto="another")


STEP = Step("another", never, ask, handle)
