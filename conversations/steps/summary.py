"""Everything read back before it is sent; each answer can be changed with one tap."""

from __future__ import annotations

from conversations import wording
from conversations.effects import OpenTicket, Say
from conversations.step import Outcome, Step, Turn
from conversations.wording import choice
from texts.text import say


def needed(turn: Turn) -> bool:
    return True  # the last step: only sending ends it


def ask(turn: Turn) -> Say:
    draft = turn.draft
    text = say(
        "summary.ask",
        category=wording.category_name(turn, draft.category) if draft.category else "",
        words=wording.short(draft.text),
        place=wording.place(turn, draft.place),
        files=wording.photos(draft),
        name=say("summary.named" if draft.named else "summary.secret"),
    )
    edits = tuple(
        choice(f"edit:{step}", f"summary.edit_{step}") for step in ("describe", "category", "location", "photo", "name")
    )
    return Say(text, (choice("yes", "summary.send"), *edits, choice("cancel", "common.cancel")), columns=2)


def handle(turn: Turn) -> Outcome | None:
    """Only the explicit word sends; number, code and promise come with the ticket's own notices."""
    draft = turn.draft
    complete = draft.text and draft.category and draft.place and draft.place.confirmed and draft.named is not None
    if turn.inbound.action != "yes" or not complete:
        return None
    return Outcome(turn.state.ended(), (OpenTicket(turn.draft),), stay=True)


STEP = Step("summary", needed, ask, handle)
