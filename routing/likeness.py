"""How far two texts speak of the same problem, 0..1, whatever the order and the form of their words."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property

from msgspec import Struct

from routing.catalogue import Category

SAME_MEANING = 0.6  # both name a thing of the category ("lampu", "PJU") and a trouble of it ("padam", "gelap")
HALF_MEANING = 0.1  # only one of these: "tiang roboh" and "tiang dicat" are two matters

Stems = Callable[[str], Sequence[str]]


class _Talk(Struct, frozen=True):
    """The words by which people speak of a category, as stems."""

    things: frozenset[str]
    troubles: frozenset[str]


class Likeness:
    """Compares texts by their stems; a rare word that both use says more than a common one."""

    def __init__(self, stems: Stems, categories: Iterable[Category]) -> None:
        """stems: the meaningful stems of a text, as the understanding of messages makes them"""
        self._stems = stems
        self._categories = tuple(categories)

    @cached_property
    def _used(self) -> Mapping[str, int]:
        """How many phrases use a stem. Counted when the first texts are compared: no start need wait for it."""
        phrases = [phrase for c in self._categories for phrase in (*c.phrases, *c.things, *c.troubles)]
        return Counter(stem for phrase in phrases for stem in frozenset(self._stems(phrase)))

    @cached_property
    def _phrases(self) -> int:
        return 1 + sum(len(c.phrases) + len(c.things) + len(c.troubles) for c in self._categories)

    @cached_property
    def _talk(self) -> Mapping[str, _Talk]:
        return {c.code: _Talk(self._all(c.things), self._all(c.troubles)) for c in self._categories}

    def score(self, one: str, other: str, category: str = "") -> float:
        """0 for nothing in common, 1 for the same words.

        category: what both are filed under, if so: then other words for the same thing count too
        """
        a, b = frozenset(self._stems(one)), frozenset(self._stems(other))
        if not a or not b:
            return 0.0
        shared = self._weight(a & b) / math.sqrt(self._weight(a) * self._weight(b))
        return round(max(shared, self._by_meaning(a, b, category)), 4)

    def _by_meaning(self, a: frozenset[str], b: frozenset[str], category: str) -> float:
        talk = self._talk.get(category)
        if talk is None:
            return 0.0
        thing = bool(a & talk.things and b & talk.things)
        trouble = bool(a & talk.troubles and b & talk.troubles)
        return SAME_MEANING if thing and trouble else HALF_MEANING if thing or trouble else 0.0

    def _weight(self, stems: Iterable[str]) -> float:
        return sum(math.log(1 + self._phrases / (1 + self._used.get(stem, 0))) for stem in stems)

    def _all(self, phrases: Iterable[str]) -> frozenset[str]:
        return frozenset(stem for phrase in phrases for stem in self._stems(phrase))


NO_LIKENESS = Likeness(str.split, ())  # plain words, for a city without phrases
