"""What whole sentences of each kind of message say about a new one: its words, and each with the word beside it.

As for the categories, a word weighs by the logarithm of how often a kind's sentences use it. Little words stay, for
"yang kemarin gimana" is a question and "gimana" alone is none; so do affixes, for "dilaporkan" is not "laporan".
"""

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from sys import intern

from routing.normalise import WORD_CACHE, Normaliser, words
from routing.phrases import Speech

Feature = str | tuple[str, str]  # a word, or two neighbours in their order
Sentences = Mapping[str, Sequence[str]]
Weights = tuple[tuple[int, float], ...]  # kinds by their places, and what a feature says for each

BEGIN, END = "^", "$"  # "makasih" at the end of a complaint is courtesy, alone it is thanks
MATTER = 4  # words that are left when the salutation is taken off; fewer belong to it
SAYING = 0.1  # there are many more sayings of reports than of all other kinds; each counts so much
SURPRISE = 1e-5  # so often any word may come in any kind; the lower, the more a word counts that is heard once

_MARKS = str.maketrans(dict.fromkeys(",.;:?!", " "))
_STRETCHED = re.compile(r"(.)\1\1")


class SentenceEvidence:
    """Learns once from sentences of each kind; asked often, safe to share between threads."""

    def __init__(
        self, told: Sentences, reports: Sequence[str], report: str, normaliser: Normaliser, opening: frozenset[str]
    ) -> None:
        """told: sentences by kind. reports: further ones of the kind `report`, about every category.
        opening: words of salutations, which say nothing where something follows them."""
        self._kinds = tuple(told)
        self._opening = opening
        self._slang = normaliser.lexicon.slang
        split = {kind: [self._spelled(sentence) for sentence in listed] for kind, listed in told.items()}
        self._known = frozenset(word for listed in split.values() for spelled in listed for word in spelled)
        self._speech = Speech(normaliser, self._known)
        self._meant = lru_cache(WORD_CACHE)(self._all_meant)
        counts: dict[Feature, dict[int, float]] = defaultdict(lambda: defaultdict(float))
        totals = [0.0] * len(self._kinds)
        for place, kind in enumerate(self._kinds):
            for spelled in split[kind]:
                features = _features(self._matter(spelled))
                totals[place] += len(features)
                _count(counts, place, features, 1.0)
        if report in told:
            place = self._kinds.index(report)
            for saying in reports:
                features = _features(self._spelled(saying))
                totals[place] += SAYING * len(features)
                _count(counts, place, [feature for feature in features if feature in counts], SAYING)
        shared: dict[Weights, Weights] = {}  # most features are heard once, and say the same as others heard once
        self._weights: dict[Feature, Weights] = {}
        for feature, each in counts.items():
            weights = tuple((place, round(math.log1p(n / totals[place] / SURPRISE), 4)) for place, n in each.items())
            self._weights[feature] = shared.setdefault(weights, weights)

    def of(self, tokens: Iterable[str]) -> dict[str, float]:
        """Evidence for each kind, 0 and more. tokens: what `tokenise` makes of a text."""
        heard = [word for token in tokens if token[0].isalpha() for word in self._meant(token)]
        sums = [0.0] * len(self._kinds)
        for feature in _features(self._matter(heard)):
            for place, weight in self._weights.get(feature, ()):
                sums[place] += weight
        return dict(zip(self._kinds, sums, strict=True))

    def _matter(self, spelled: Sequence[str]) -> Sequence[str]:
        """What comes after the salutation, if it is more than a word or two."""
        start = next((place for place, word in enumerate(spelled) if word not in self._opening), len(spelled))
        return spelled[start:] if len(spelled) - start >= MATTER else spelled

    def _spelled(self, sentence: str) -> list[str]:
        """Most sentences are plain words and need no cleaning, which is quicker at every start. The same word in
        another sentence is the same string."""
        plain = sentence.lower().translate(_MARKS)
        letters = plain.replace(" ", "")
        simple = letters.isascii() and letters.isalpha() and not _STRETCHED.search(letters)
        slang = self._slang
        spoken = plain.split() if simple else words(sentence)
        return [intern(part) for word in spoken for part in slang.get(word, word).split()]

    def _all_meant(self, word: str) -> tuple[str, ...]:
        return tuple(self._one_meant(part) for part in self._slang.get(word, word).split())

    def _one_meant(self, word: str) -> str:
        """The word of the sentences that is meant: itself, its stem, or one it is a slip or a short form of."""
        if word in self._known:
            return word
        return min(self._speech.ways(word) & self._known, default=word)


def _features(spelled: Sequence[str]) -> set[Feature]:
    return {*spelled, *pairwise((BEGIN, *spelled, END))}


def _count(counts: dict[Feature, dict[int, float]], place: int, features: Iterable[Feature], times: float) -> None:
    for feature in features:
        counts[feature][place] += times
