"""When a guess is stated, when three are offered, when the menu opens."""

import pytest

from routing.decide import PLAIN_LEAD, SHORT, SURE_LEAD, SURE_RIVAL, SURE_RIVAL_OFTEN, Decision, Standing, decide
from routing.match import Match

LONG = SHORT + 1
ALONE = Standing(0.0, LONG, often=False)


def guesses(lead: float, best: float = 0.9) -> list[Match]:
    return [Match("PJU", best), Match("POHON", best / lead)]


@pytest.mark.parametrize(
    ("lead", "standing", "decision"),
    [
        (SURE_LEAD + 1, Standing(SURE_RIVAL, LONG, often=False), "sure"),
        (SURE_LEAD - 1, Standing(SURE_RIVAL, LONG, often=False), "ask"),
        (SURE_LEAD + 1, Standing(SURE_RIVAL + 0.01, LONG, often=False), "ask"),  # a second matter has much evidence
        (SURE_LEAD + 1, Standing(SURE_RIVAL_OFTEN, LONG, often=True), "sure"),
        (SURE_LEAD + 1, Standing(SURE_RIVAL_OFTEN + 0.01, LONG, often=True), "ask"),
        (SURE_LEAD + 1, Standing(0.9, SHORT, often=True), "sure"),  # no room for a second matter
        (SURE_LEAD + 1, Standing(0.9, SHORT, often=False), "ask"),
        (PLAIN_LEAD + 1, Standing(0.9, LONG, often=False), "sure"),
    ],
)
def test_stated_is_what_leads_clearly_and_stands_alone(lead: float, standing: Standing, decision: Decision) -> None:
    assert decide(guesses(lead), "LAINNYA", standing) == decision


def test_the_fallback_is_never_stated_and_little_evidence_opens_the_menu() -> None:
    assert decide(guesses(5_000.0), "PJU", ALONE) == "ask"
    assert decide(guesses(5_000.0, best=0.03), "LAINNYA", ALONE) == "unknown"
    assert decide([], "LAINNYA", ALONE) == "unknown"
