"""Ranks categories by a citizen's words: rare words weigh more, neighbours weigh together, slips are forgiven."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from msgspec import Struct
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from routing.attention import LANDMARK_SHARE, Spoken, attend
from routing.catalogue import Catalogue
from routing.evidence import Feature, index, pair
from routing.normalise import Normaliser

TYPO_LETTERS = 5  # shorter words have too many neighbours
TYPO_RATIO = 86.0
LOOSE_RATIO = 80.0  # a word is only one of many here, so a wrong guess at it costs little
TYPO_CACHE = 20_000
PAIR_REACH = 2  # "lampu di jalan mati": words this near count as a pair
COMMON_SHARE = 0.5  # a word everybody uses about everything ("rumah", "lama") says little alone, in a pair all

PRIOR = 1.2  # a category of weight e (2.7) leads one of weight 1 by this much evidence
DANGER_LIFT = 10.0  # a danger heard weighs as much as one telling pair of words
DOUBT_SHARE = 0.6
SHARPNESS = 0.62  # how fast a lead per word becomes certainty; fitted so that a score is about the chance to be right
ENOUGH = 2.0  # evidence at which a lone category reaches one half; one telling word gives about 10
LEAST_EVIDENCE = 0.01
MOST_BECAUSE = 5


class Match(Struct, frozen=True):
    """A category and how likely it is meant, 0..1; all candidates of one text together stay below 1."""

    code: str
    score: float


class Weighed(Struct, frozen=True):
    """A message weighed: evidence for each category in the catalogue's order (0 and more, without upper end), the
    features it came from, how much the message said altogether, how its stems were written, and how many
    meaningful words it has beside those of a place."""

    evidence: list[float]
    features: Mapping[Feature, float]
    said: float
    written: Mapping[str, str]
    words: int


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
        self.codes = tuple(catalogue.categories)
        self._place = {code: i for i, code in enumerate(self.codes)}
        self._prior = tuple(PRIOR * math.log(c.weight) for c in catalogue.categories.values())
        self._index = index(catalogue.categories.values(), normaliser)
        self._common = frozenset(s for word in normaliser.lexicon.common for s in normaliser.stems_of(word))
        self._known = known
        self._vocabulary = Vocabulary((f for f in self._index if isinstance(f, str)), LOOSE_RATIO)

    def weigh(self, tokens: Iterable[str]) -> Weighed:
        """The raw evidence of a message, before dangers and priors. tokens: what `tokenise` makes of a text."""
        spoken = attend(tokens, self._normaliser)
        features, written = self._features(spoken)
        evidence = [0.0] * len(self.codes)
        for feature, counts in features.items():
            for place, weight in self._index[feature]:
                evidence[place] += weight * counts
        said = math.sqrt(sum(counts * counts for counts in features.values()))
        return Weighed(evidence, features, said, written, sum(word.counts > LANDMARK_SHARE for word in spoken))

    def rank(
        self, weighed: Weighed, lifted: str | None = None, doubted: Iterable[str] = (), *, most: int | None = None
    ) -> list[Match]:
        """Every category with any evidence, best first; ties keep catalogue order. Empty when nothing fits.

        lifted:  the category of a danger that was heard
        doubted: categories of dangers that are only feared or long past ("takut tumbang" is no fallen tree)
        most:    so many of them
        """
        evidence = list(weighed.evidence)
        if lifted:
            evidence[self._place[lifted]] += DANGER_LIFT
        for code in doubted:
            evidence[self._place[code]] *= DOUBT_SHARE
        leaning = [max(0.0, e + p) if e else 0.0 for e, p in zip(evidence, self._prior, strict=True)]
        return self._as_matches(leaning, weighed.said, most)

    def rival(self, weighed: Weighed, best: str) -> float:
        """How much of the best guess's evidence the strongest other category has, 0 and more; dangers do not lift."""
        place = self._place[best]
        others = max((e for i, e in enumerate(weighed.evidence) if i != place), default=0.0)
        return others / max(weighed.evidence[place], LEAST_EVIDENCE)

    def because(self, weighed: Weighed, code: str) -> tuple[str, ...]:
        """The citizen's own words that spoke for this category more than for the others, the most telling first."""
        place = self._place[code]
        gains: dict[str, float] = defaultdict(float)
        for feature, counts in weighed.features.items():
            own = whole = 0.0
            for at, weight in self._index[feature]:
                whole += weight
                if at == place:
                    own = weight
            gain = own - whole / len(self.codes)
            stems = (feature,) if isinstance(feature, str) else feature
            for stem in stems:
                gains[weighed.written[stem]] += gain * counts / len(stems)
        telling = sorted((word for word, gain in gains.items() if gain > 0), key=lambda word: -gains[word])
        return tuple(telling[:MOST_BECAUSE])

    def _features(self, spoken: Sequence[Spoken]) -> tuple[dict[Feature, float], dict[str, str]]:
        found: dict[Feature, float] = {}
        written: dict[str, str] = {}
        known = [(self._meant(word), word) for word in spoken]
        for i, (stem, word) in enumerate(known):
            if stem is None:
                continue
            written.setdefault(stem, word.written)
            counts = word.counts * COMMON_SHARE if stem in self._common else word.counts
            found[stem] = max(found.get(stem, 0.0), counts)
            for other, other_word in known[i + 1 : i + 1 + PAIR_REACH]:
                both = pair(stem, other) if other else ("", "")
                if both in self._index and other != stem:
                    found[both] = max(found.get(both, 0.0), word.counts, other_word.counts)
        return found, written

    def _meant(self, word: Spoken) -> str | None:
        if word.stem in self._index:
            return word.stem
        named = word.counts <= LANDMARK_SHARE  # a name beside "depan" or "kelurahan" is no slip of a telling word
        return None if named or word.stem in self._known else self._vocabulary.closest(word.stem)

    def _as_matches(self, evidence: list[float], said: float, most: int | None) -> list[Match]:
        best = max(evidence, default=0.0)
        if best <= 0.0:
            return []
        sharpness = SHARPNESS / max(1.0, said)
        shares = [math.exp((e - best) * sharpness) if e > 0.0 else 0.0 for e in evidence]
        scale = best / (best + ENOUGH) / sum(shares)
        order = sorted((i for i, e in enumerate(evidence) if e > 0.0), key=lambda i: -evidence[i])
        return [Match(self.codes[i], round(max(shares[i] * scale, 1e-4), 4)) for i in order[:most]]


def nearly(word: str, among: Sequence[str], most: int) -> list[tuple[str, int]]:
    """Those at most so many typing slips away (letters changed, left out, put in, swapped), with the number."""
    found = process.extract(word, among, scorer=OSA.distance, score_cutoff=most, limit=None)
    return [(other, int(slips)) for other, slips, _ in found]
