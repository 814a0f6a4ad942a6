"""Words that only say where ("di samping pasar pak"), or only how bad it is ("gede bgt", "udah 2 bulan")."""

from __future__ import annotations

from itertools import pairwise

from conversations import answers
from texts import landmark_words as placed
from texts import words as typed

MOST, MOST_OF_HOW = 6, 8  # words: longer ones tell of something


def only_where(text: str) -> bool:
    """A landmark or a lane and nothing of what is wrong there."""
    said = answers.without_courtesy(answers.plain(text)).split()
    while said and said[0] in placed.LEADING:
        said = said[1:]
    if not 2 <= len(said) <= MOST or said[0] not in placed.BEGINS:
        return False
    return not tells_trouble(text) and (placed.HAPPENS | placed.VERY | placed.TIMES).isdisjoint(said)


def only_how(text: str) -> bool:
    """How bad, how long, how many: no place is named like that."""
    said = answers.without_courtesy(answers.plain(text)).split()
    if not 2 <= len(said) <= MOST_OF_HOW or not (typed.PLACES | typed.ADDRESS).isdisjoint(said):
        return False
    if not placed.VERY.isdisjoint(said):
        return True
    counted = any(word[0].isdigit() for word in said)
    lasting = not placed.TIMES.isdisjoint(said)
    return lasting if said[0] in placed.SO_FAR else counted and lasting


def tells_trouble(text: str) -> bool:
    """Something is broken or missing; not so of a landmark: "depan TPS liar", "jembatan yang rusak"."""
    said = answers.plain(text).split()
    words = typed.BURNING if said and said[0] in typed.BESIDE else typed.TROUBLE
    told_as_such = "ada" in said[:3]
    pairs = pairwise(["", *said])
    return any(word in words and (told_as_such or before not in ("yang", "yg")) for before, word in pairs)
