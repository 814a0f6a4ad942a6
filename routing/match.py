"""Ranks categories by a citizen's words: rare words weigh more, neighbours weigh together, slips are forgiven."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from rapidfuzz import fuzz, process

from routing.catalogue import Catalogue
from routing.normalise import Normaliser

TYPO_LETTERS = 5  # shorter words have too many neighbours
TYPO_RATIO = 86.0
TYPO_CACHE = 20_000
PAIR_REACH = 2  # "lampu di jalan mati": words this near count as a pair
PAIR_WEIGHT = 1.5
SHARE_POWER = 0.6  # below 1: a word that several categories share still says something
SHARPNESS = 2.0  # how fast a lead becomes certainty
ENOUGH = 0.6  # evidence at which a lone category reaches one half; one telling pair of words gives about 2.5

DANGER_LIFT = 2.5  # a danger heard weighs as much as one telling pair of words
DOUBT_SHARE = 0.6

Feature = str | tuple[str, str]


@dataclass(frozen=True, slots=True)
class Match:
    """A category and how likely it is meant, 0..1; all candidates of one text together stay below 1."""

    code: str
    score: float


class Vocabulary:
    """The words that mean something, found again in spite of a typing slip."""

    def __init__(self, words: Iterable[str], ratio: float = TYPO_RATIO) -> None:
        """ratio: 0..100, how alike two words must be to be one and a slip."""
        self._ratio = ratio
        self._words = frozenset(words)
        self._by_first: dict[str, list[str]] = defaultdict(list)
        for word in sorted(self._words):
            self._by_first[word[0]].append(word)
        self._closest = lru_cache(TYPO_CACHE)(self._search)

    def closest(self, word: str) -> str | None:
        """The known word that is meant, or None. The first letter must be right."""
        return word if word in self._words else self._closest(word)

    def _search(self, word: str) -> str | None:
        if len(word) < TYPO_LETTERS:
            return None
        near = [w for w in self._by_first.get(word[0], ()) if abs(len(w) - len(word)) <= 2 and len(w) >= TYPO_LETTERS]
        found = process.extractOne(word, near, scorer=fuzz.ratio, score_cutoff=self._ratio)
        return found[0] if found else None


class Ranker:
    """Knows every phrase of a catalogue by its words; built once, asked often, safe to share between threads."""

    def __init__(self, catalogue: Catalogue, normaliser: Normaliser, known: frozenset[str] = frozenset()) -> None:
        self._normaliser = normaliser
        self._codes = tuple(catalogue.categories)
        self._place = {code: i for i, code in enumerate(self._codes)}
        self._weights = tuple(c.weight for c in catalogue.categories.values())
        self._index = _index([[normaliser.stems(p) for p in c.phrases] for c in catalogue.categories.values()])
        self._known = known
        self._vocabulary = Vocabulary(f for f in self._index if isinstance(f, str))

    def rank(self, tokens: Iterable[str], lifted: str | None = None, doubted: Iterable[str] = ()) -> list[Match]:
        """Every category with any evidence, best first; ties keep catalogue order. Empty when nothing fits.

        tokens:  what `tokenise` makes of a text
        lifted:  the category of a danger that was heard
        doubted: categories of dangers that are only feared or long past ("takut tumbang" is no fallen tree)
        """
        evidence = self._evidence(self._features(self._normaliser.weighed(tokens)))
        if lifted:
            evidence[self._place[lifted]] += DANGER_LIFT
        for code in doubted:
            evidence[self._place[code]] *= DOUBT_SHARE
        return self._as_matches(evidence)

    def _features(self, stems: Sequence[tuple[str, float]]) -> dict[Feature, float]:
        found: dict[Feature, float] = {}
        known = [(self._meant(stem), factor) for stem, factor in stems]
        for i, (stem, factor) in enumerate(known):
            if stem is None:
                continue
            found[stem] = max(found.get(stem, 0.0), factor)
            for other, other_factor in known[i + 1 : i + 1 + PAIR_REACH]:
                if other is not None and other != stem:
                    pair = (stem, other) if stem < other else (other, stem)
                    found[pair] = max(found.get(pair, 0.0), factor, other_factor)
        return found

    def _meant(self, stem: str) -> str | None:
        if stem in self._index:
            return stem
        return None if stem in self._known else self._vocabulary.closest(stem)

    def _evidence(self, features: Mapping[Feature, float]) -> list[float]:
        evidence = [0.0] * len(self._codes)
        for feature, factor in features.items():
            for place, weight in self._index.get(feature, ()):
                evidence[place] += weight * factor
        return [e * w for e, w in zip(evidence, self._weights, strict=True)]

    def _as_matches(self, evidence: list[float]) -> list[Match]:
        best = max(evidence, default=0.0)
        if best <= 0.0:
            return []
        sharp = [(e / best) ** SHARPNESS for e in evidence]
        scale = best / (best + ENOUGH) / sum(sharp)
        order = sorted((i for i, e in enumerate(evidence) if e > 0.0), key=lambda i: -evidence[i])
        return [Match(self._codes[i], round(max(sharp[i] * scale, 1e-4), 4)) for i in order]


def _index(phrases: Sequence[Sequence[Sequence[str]]]) -> dict[Feature, tuple[tuple[int, float], ...]]:
    """feature -> (category's place, weight): how rare the word is, times the category's share in it."""
    counts: dict[Feature, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for place, of_category in enumerate(phrases):
        for stems in of_category:
            for stem in set(stems):
                counts[stem][place] += len(stems) ** -0.5
            for a, b in pairwise(stems):
                if a != b:
                    counts[(a, b) if a < b else (b, a)][place] += 1.0
    return {feature: _weigh(feature, count, len(phrases)) for feature, count in counts.items()}


def _weigh(feature: Feature, count: Mapping[int, float], categories: int) -> tuple[tuple[int, float], ...]:
    rarity = math.log(1 + categories / len(count)) * (PAIR_WEIGHT if isinstance(feature, tuple) else 1.0)
    total = sum(count.values())
    return tuple((place, rarity * (n / total) ** SHARE_POWER * math.sqrt(math.log1p(n))) for place, n in count.items())
