"""From ranked guesses to what the dialogue does: state it, offer three, or open the menu."""

from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

from routing.match import Match

Decision = Literal["sure", "ask", "unknown"]

# Chosen by what a mistake costs: a wrong silent routing is a bounce between offices, a question is one tap.
# The curve they were chosen from stands in docs/understanding.md; `python -m benchmarks.understanding` draws it.
SURE_SCORE = 0.6  # enough was said
SURE_LEAD = 20.0  # the best is so many times as likely as the next,
SURE_RIVAL = 0.5  # and no other has more of the best one's evidence: a message about two matters gives both a lot
SURE_RIVAL_OFTEN = 0.54  # (a little more beside a kind that is often reported);
PLAIN_LEAD = 1000.0  # unless the lead is so large that this does not count,
SHORT = 5  # or it is an often reported kind in so few meaningful words that there is no room for a second matter
ASK_SCORE = 0.04
LEAST = 1e-4  # scores are rounded; nobody's lead is endless


def lead(candidates: Sequence[Match]) -> float:
    """How many times as likely the best guess is as the next one."""
    second = candidates[1].score if len(candidates) > 1 else 0.0
    return candidates[0].score / max(second, LEAST)


class Standing(Struct, frozen=True):
    """How the best guess stands.

    rival: how much of its evidence the strongest other has, 0 and more
    words: how many meaningful words the message has
    often: whether it is a kind that is often reported
    """

    rival: float
    words: int
    often: bool

    @property
    def alone(self) -> bool:
        """Whether there is no sign of a second matter."""
        if self.often and self.words <= SHORT:
            return True
        return self.rival <= (SURE_RIVAL_OFTEN if self.often else SURE_RIVAL)


def decide(candidates: Sequence[Match], fallback: str, standing: Standing) -> Decision:
    """`sure` only for a real category with a clear lead; `unknown` when even the best is a shot in the dark."""
    if not candidates or candidates[0].score < ASK_SCORE:
        return "unknown"
    best = candidates[0]
    ahead = lead(candidates)
    clear = ahead >= PLAIN_LEAD or (ahead >= SURE_LEAD and standing.alone)
    if best.score >= SURE_SCORE and clear and best.code != fallback:
        return "sure"
    return "ask"
