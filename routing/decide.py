"""From ranked guesses to what the dialogue does: state it, offer three, or open the menu."""

from collections.abc import Sequence
from typing import Literal

from routing.match import Match

Decision = Literal["sure", "ask", "unknown"]

# Chosen so that nine of ten `sure` answers are right on long, messy complaints; `benchmarks.understanding` measures.
SURE_SCORE = 0.69
ASK_SCORE = 0.04


def decide(candidates: Sequence[Match], fallback: str) -> Decision:
    """`sure` only for a real category with a clear lead; `unknown` when even the best is a shot in the dark."""
    if not candidates or candidates[0].score < ASK_SCORE:
        return "unknown"
    best = candidates[0]
    if best.score >= SURE_SCORE and best.code != fallback:
        return "sure"
    return "ask"
