"""From ranked guesses to what the dialogue does: state it, offer three, or open the menu."""

from collections.abc import Sequence
from typing import Literal

from routing.match import Match

Decision = Literal["sure", "ask", "unknown"]

# Chosen by what a mistake costs: a wrong silent routing is a bounce between offices, a question is one tap.
# The curve they were chosen from stands in docs/understanding.md; `python -m benchmarks.understanding` draws it.
SURE_SCORE = 0.6  # enough was said
SURE_LEAD = 100.0  # and the best is so many times as likely as the next
SHORT = 9  # meaningful words; who writes no more speaks of one matter only
SURE_LEAD_SHORT = 20.0  # so less of a lead will do
ASK_SCORE = 0.04
LEAST = 1e-4  # scores are rounded; nobody's lead is endless


def lead(candidates: Sequence[Match]) -> float:
    """How many times as likely the best guess is as the next one."""
    second = candidates[1].score if len(candidates) > 1 else 0.0
    return candidates[0].score / max(second, LEAST)


def decide(candidates: Sequence[Match], fallback: str, words: int = SHORT + 1) -> Decision:
    """`sure` only for a real category with a clear lead; `unknown` when even the best is a shot in the dark.

    words: how many meaningful words the message has
    """
    if not candidates or candidates[0].score < ASK_SCORE:
        return "unknown"
    best = candidates[0]
    enough = SURE_LEAD_SHORT if words <= SHORT else SURE_LEAD
    if best.score >= SURE_SCORE and lead(candidates) >= enough and best.code != fallback:
        return "sure"
    return "ask"
