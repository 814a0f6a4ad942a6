"""A question or a proposal is no complaint: concluded from the words, asked about only in the summary."""

from __future__ import annotations

from msgspec.structs import replace

from conversations import kinds
from conversations.step import Outcome, Step, Turn, never


def notice(turn: Turn) -> Outcome | None:
    """New words that ask or propose something go to the triage desk, without place, picture or name."""
    draft = turn.draft
    if turn.meaning is None or draft.kind or draft.category_by == "citizen":
        return None
    kind = kinds.BY_INTENT.get(turn.meaning.intent)
    return Outcome(replace(turn.state, draft=kinds.taken_as(turn, kind))) if kind else None


def handle(turn: Turn) -> Outcome | None:
    return None  # its buttons stand below the summary


STEP = Step("kind", never, kinds.ask, handle, notice)
