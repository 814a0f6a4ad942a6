"""Whether a report is a complaint, a question or a proposal; said in the step of that name and in the summary."""

from __future__ import annotations

from msgspec.structs import replace

from conversations import wording
from conversations.effects import Say
from conversations.state import Draft
from conversations.step import Outcome, Turn
from conversations.wording import choice
from texts.text import Choice, say
from tickets.ticket import COMPLAINT, QUESTION, SUGGESTION

CHANGE = "kind:"
BY_INTENT = {"info": QUESTION, "suggestion": SUGGESTION}


def change(turn: Turn, kind: str) -> Outcome | None:
    """The citizen says what it is; a complaint is understood anew and asks what it needs."""
    if kind in BY_INTENT.values():
        return Outcome(replace(turn.state, draft=taken_as(turn, kind), memo=""))
    if kind != COMPLAINT:
        return None
    draft = replace(turn.draft, kind=COMPLAINT, category="", category_by="", guesses=(), nearby_done=False)
    return Outcome(replace(turn.state, draft=draft, memo=""))


def taken_as(turn: Turn, kind: str) -> Draft:
    """The draft as a question or a proposal: the triage desk's."""
    return replace(turn.draft, kind=kind, category=turn.city.catalogue.fallback, category_by="kind")


def ask(turn: Turn) -> Say:
    """The words read back with what we take them for; one tap sends them, one says it is something else."""
    draft = turn.draft
    text = say("kind.ask", kind=say(f"kind.{draft.kind}"), words=wording.short(draft.text))
    if draft.media:
        text = wording.lines([text, say("kind.files", files=wording.photos(draft))])
    others = [kind for kind in (COMPLAINT, QUESTION, SUGGESTION) if kind != draft.kind]
    return Say(
        wording.paragraphs([text, say("kind.send_now")]),
        (
            choice("yes", "kind.send"),
            *(Choice(CHANGE + kind, say(f"kind.is_{kind}")) for kind in others),
            choice("edit:describe", "summary.edit_describe"),
            choice("cancel", "common.cancel"),
        ),
        columns=2,
    )
