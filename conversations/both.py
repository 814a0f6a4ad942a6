"""Two problems in one message ("lampu jalan mati sama sampah numpuk di ..."): each becomes a report of its own."""

from __future__ import annotations

import re
from typing import NamedTuple

from conversations import answers, where
from conversations.step import Turn
from routing.intent import REPORT
from texts import words as typed
from tickets.similar import kinds

MOST_SIGNS, MOST_WORDS = 300, 25  # a long story tells of one thing at length
MOST_JOINTS = 8
FEWEST = 2  # words of a problem: "dan bau" is none
LIKELY = 0.7  # score of the less certain of the two
_JOINT = re.compile(r"\s*[,;.\n+&]\s*|\s+")


class Two(NamedTuple):
    """The surer problem and the other one, each with the place that was told for either."""

    first: str
    second: str


def split(turn: Turn, text: str) -> Two | None:
    """None for one problem, for danger, and where it is not beyond doubt that there are two."""
    said = answers.plain(text).split()
    if len(text) > MOST_SIGNS or len(said) > MOST_WORDS or sum(word in typed.TROUBLE for word in said) < 2:
        return None
    if not typed.BECAUSE.isdisjoint(said):  # "banjir karena got mampet": one is told to explain the other
        return None
    whole = turn.city.understander.understand(text)
    if whole.emergency is not None or whole.intent != REPORT:
        return None
    best: tuple[float, Two] | None = None
    for left, right in _halves(text):
        found = _judged(turn, left, right)
        if found is not None and (best is None or found[0] > best[0]):
            best = found
    return best[1] if best else None


def _halves(text: str) -> list[tuple[str, str]]:
    """Every way to take the words apart at a comma or an "and", without the joint itself."""
    found: list[tuple[str, str]] = []
    for gap in _JOINT.finditer(text):
        left, right = text[: gap.start()].strip(), text[gap.end() :].strip()
        word, _, rest = right.partition(" ")
        if gap[0].strip():
            found.append((left, rest if answers.plain(word) in typed.JOINING else right))
        elif answers.plain(word) in typed.JOINING:
            found.append((left, rest))
    halves = [(left, right) for left, right in found if min(len(left.split()), len(right.split())) >= FEWEST]
    return halves[:MOST_JOINTS]


def _judged(turn: Turn, left: str, right: str) -> tuple[float, Two] | None:
    """How certain the less certain of the two is, and both with their place."""
    said = [answers.plain(half).split() for half in (left, right)]
    if not all(said) or said[1][0] in typed.OF_THE_SAME or any(typed.TROUBLE.isdisjoint(half) for half in said):
        return None
    one, other = (turn.city.understander.understand(half) for half in (left, right))
    if "unknown" in (one.decision, other.decision) or "sure" not in (one.decision, other.decision):
        return None
    score = min(one.candidates[0].score, other.candidates[0].score)
    codes = (one.candidates[0].code, other.candidates[0].code)
    fallback = turn.city.catalogue.fallback
    if score < LIKELY or fallback in codes or codes[1] in kinds(codes[0], turn.city.policy):
        return None
    if any(turn.city.catalogue.category(code).emergency != "no" for code in codes):  # what happened, and why it did
        return None
    left, right = _placed(turn, left, right)
    return score, Two(left, right) if one.decision == "sure" else Two(right, left)


def _placed(turn: Turn, left: str, right: str) -> tuple[str, str]:
    """A place that only one of them tells, or tells better, is the other's as well."""
    there, here = (_tells_place(turn, half) for half in (left, right))
    if here > there:
        return f"{left} {_place_of(right)}".strip(), right
    if there > here:
        return left, f"{right} {_place_of(left)}".strip()
    return left, right


def _tells_place(turn: Turn, words: str) -> int:
    """2: a place of the city, 1: a landmark or an address that may be anywhere, 0: none."""
    return 2 if where.read(turn, words).candidates else int(answers.tells_address(words))


def _place_of(words: str) -> str:
    """From the first word of a place on, "di jl wibawa mukti"; "" when there is none."""
    said = words.split()
    begin = next((i for i, word in enumerate(said) if answers.plain(word) in typed.PLACE_BEGINS), len(said))
    return " ".join(said[begin:])
