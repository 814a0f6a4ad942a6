"""Everything read back before it is sent; each answer can be changed with one tap."""

from __future__ import annotations

from conversations import kinds, wording
from conversations.effects import OpenTicket, Say
from conversations.step import Outcome, Step, Turn
from conversations.wording import choice
from texts.text import say
from tickets.ticket import QUESTION


def needed(turn: Turn) -> bool:
    return True  # the last step: only sending ends it


def ask(turn: Turn) -> Say:
    draft = turn.draft
    if draft.light:
        return kinds.ask(turn)
    text = say(
        "summary.ask",
        category=wording.category_name(turn, draft.category) if draft.category else "",
        words=wording.short(draft.text),
        place=wording.place(turn, draft.place),
        files=wording.photos(draft),
        name=say("summary.named" if draft.named else "summary.secret"),
    )
    steps = ("describe", "category", "location", "photo", *(("name",) if turn.facts.has_name() else ()))
    edits = tuple(choice(f"edit:{step}", f"summary.edit_{step}") for step in steps)
    other = choice(kinds.CHANGE + QUESTION, "kind.other")
    return Say(text, (choice("yes", "summary.send"), *edits, other, choice("cancel", "common.cancel")), columns=2)


def handle(turn: Turn) -> Outcome | None:
    """Only the explicit word sends; number, code and promise come with the ticket's own notices."""
    draft, action = turn.draft, turn.inbound.action
    if action.startswith(kinds.CHANGE):
        return kinds.change(turn, action.removeprefix(kinds.CHANGE))
    placed = draft.place and draft.place.confirmed and not turn.name_open
    complete = draft.text and draft.category and (placed or draft.light)
    if action != "yes" or not complete:
        return None
    return Outcome(turn.state.ended(), (OpenTicket(turn.draft),), stay=True)


STEP = Step("summary", needed, ask, handle)
