"""From ranked guesses to what the dialogue does: state it, offer three, or open the menu."""

from collections.abc import Sequence
from typing import Literal

from routing.match import Match

Decision = Literal["sure", "ask", "unknown"]

# Chosen by what a mistake costs: a wrong silent routing is a bounce between offices, a question is one tap.
# The curve they were chosen from stands in docs/understanding.md; `python -m benchmarks.understanding` draws it.
SURE_SCORE = 0.6  # enough was said
SURE_LEAD = 45.0  # and the best is so many times as likely as the next
ASK_SCORE = 0.04
LEAST = 1e-4  # scores are rounded; nobody's lead is endless


def lead(candidates: Sequence[Match]) -> float:
    """How many times as likely the best guess is as the next one."""
    second = candidates[1].score if len(candidates) > 1 else 0.0
    return candidates[0].score / max(second, LEAST)


def decide(candidates: Sequence[Match], fallback: str) -> Decision:
    """`sure` only for a real category with a clear lead; `unknown` when even the best is a shot in the dark."""
    if not candidates or candidates[0].score < ASK_SCORE:
        return "unknown"
    best = candidates[0]
    if best.score >= SURE_SCORE and lead(candidates) >= SURE_LEAD and best.code != fallback:
        return "sure"
    return "ask"
