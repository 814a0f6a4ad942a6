"""The order in which a report is asked for. What is known is never asked again."""

from __future__ import annotations

from conversations.step import Turn
from conversations.steps import STEPS

FLOW = ("describe", "kind", "whose", "category", "danger", "location", "photo", "nearby", "name", "summary")
ASKED = tuple(name for name in FLOW if name not in ("kind", "whose", "danger"))  # these conclude and tell


def next_step(turn: Turn) -> str:
    """The first question whose answer is still missing; words whose report is not known come before all else."""
    if turn.state.held is not None:
        return "which"
    if turn.state.other is not None and turn.draft.category:  # it is told apart from a report of some kind
        return "another"
    for name in FLOW:
        if STEPS[name].needed(turn):
            return name
    return FLOW[-1]


def step_before(turn: Turn, name: str) -> str:
    """The question asked before this one, "" at the beginning; neighbours' reports are not asked again."""
    if name not in ASKED:
        return ""
    asked = [step for step in ASKED[: ASKED.index(name)] if step != "nearby"]
    earlier = [step for step in asked if step != "name" or turn.facts.has_name()]
    return earlier[-1] if earlier else ""


def check() -> None:
    """Every step of the flow exists. Raises KeyError."""
    for name in FLOW:
        STEPS[name]


check()
