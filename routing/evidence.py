"""What each word, and each pair of neighbours, says for each category: worked out once from the city's phrases.

The weight of a word for a category grows with the logarithm of how often its phrases use the word (twice as often is
not twice as telling), as in naive Bayes, and with how few categories share it (the exponential of the entropy: one
that says it once among nine that say it often hardly counts as sharing it).
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from routing.catalogue import Category
from routing.normalise import Normaliser, plain_words

Feature = str | tuple[str, str]  # a stem, or two neighbouring stems in alphabetical order
Weights = tuple[tuple[int, float], ...]  # (place of the category, weight), only those above zero

NAMED = 40.0  # who says the very name of a category means it
COMBINED = 0.15  # one thing with one trouble counts less than a phrase somebody thought of
PAIRED = 0.75  # both words of a pair have spoken for themselves already
SURPRISE = 0.3  # the lower, the more a word counts that a category's phrases use only once


def pair(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one < other else (other, one)


def index(categories: Iterable[Category], normaliser: Normaliser) -> dict[Feature, Weights]:
    """Every word and pair of the phrases with what it says; the places are those of the categories' order."""
    counts: dict[Feature, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    listed = tuple(categories)
    for place, category in enumerate(listed):
        for part in category.name.replace("/", ",").split(","):
            _count(counts, place, normaliser.stems(part), NAMED)
        for phrase in category.phrases:
            _count(counts, place, _stems(phrase, normaliser), 1.0)
        troubles = [_stems(trouble, normaliser) for trouble in category.troubles]
        for thing in category.things:
            stems = _stems(thing, normaliser)
            for trouble in troubles:
                _count(counts, place, stems + trouble, COMBINED)
    all_counts = [count for of_feature in counts.values() for count in of_feature.values()]
    usual = SURPRISE * sum(all_counts) / max(1, len(all_counts))
    shared: dict[Weights, Weights] = {}  # most features are said once, and many of these say the same: 7 MB less
    found: dict[Feature, Weights] = {}
    for feature, of_feature in counts.items():
        weights = _weights(of_feature, usual, len(listed), 1.0 if isinstance(feature, str) else PAIRED)
        found[feature] = shared.setdefault(weights, weights)
    return found


def _stems(phrase: str, normaliser: Normaliser) -> list[str]:
    return [stem for word in plain_words(phrase) for stem in normaliser.stems_of(word)]


def _count(counts: dict[Feature, dict[int, float]], place: int, stems: Sequence[str], times: float) -> None:
    share = times / math.sqrt(len(stems) or 1)  # each word of a long phrase says less
    for stem in set(stems):
        counts[stem][place] += share
    for one, other in pairwise(stems):
        if one != other:
            counts[pair(one, other)][place] += share


def _weights(counts: Mapping[int, float], usual: float, categories: int, share: float) -> Weights:
    total = sum(counts.values())
    alone = len(counts) == 1  # as most are
    shared_by = 1.0 if alone else math.exp(-sum(c / total * math.log(c / total) for c in counts.values()))
    rarity = share * math.log(1 + categories / shared_by)
    return tuple((place, round(rarity * math.log1p(count / usual), 4)) for place, count in counts.items())
