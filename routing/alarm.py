"""Tells danger from calm by whole sentences: what each word and pair says for either, worked out once at the start.

As with the categories (`routing/evidence.py`), but with little words too: "sudah", "tidak" and "takut" decide here.
"""

import math
from array import array
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import groupby, pairwise
from sys import intern

from msgspec import Struct

from routing.attention import without_courtesy
from routing.match import LOOSE_RATIO, Vocabulary
from routing.normalise import WORD_CACHE, Normaliser, plain_words, tokenise

LEAST_SEEN = 0.05  # as often every word counts as seen, so that one never seen on a side has a finite weight
SELDOM = 0.3  # pairs that are said so little in calm and never in danger are forgotten: most pairs are of this sort
LEAST_WEIGHT = 0.25  # words that say less for either side are forgotten
ANY = "*"  # at the end of a name: whatever word
NOT = "tidak"
NEGATIONS = frozenset("tidak tak ga gak nggak ngga enggak engga ndak gk tdk kagak kaga ora teu not".split())

Features = set[str]  # stems, and pairs of stems near each other, in their order, with a blank between
Weights = Mapping[str, float]
Said = tuple[tuple[int, float], ...]  # kinds by their places, and what a feature says for each
ByKind = Mapping[str, Said]


class Lesson(Struct, frozen=True):
    """Sentences of one sort: which danger they tell of (None: of calm), and how much each of them counts."""

    kind: str | None
    sentences: Sequence[str]
    share: float = 1.0


class DangerSense:
    """Learns from lessons when it is built; safe to share between threads."""

    def __init__(
        self, lessons: Iterable[Lesson], normaliser: Normaliser, aside: Iterable[str] = (), names: Iterable[str] = ()
    ) -> None:
        """aside: words that say nothing about danger ("saya", "pak"). names: of places and people, which say neither
        that somebody is in danger nor that all is well, whatever their words say elsewhere ("Stasiun Bekasi Timur")."""
        self._normaliser = normaliser
        self._names = _by_first_word(names, normaliser.roots)
        self._aside = frozenset(aside)
        self._heard = lru_cache(WORD_CACHE)(self._hear)
        counts = _Counts()
        for lesson in lessons:
            counts.add(lesson.kind, (_features(self._stems(plain_words(s))) for s in lesson.sentences), lesson.share)
        weights, by_kind = counts.settle()
        self._weights = _Folded(weights)
        self._kinds = tuple(by_kind)
        self._by_kind = _by_feature(by_kind.values())
        self._vocabulary = Vocabulary(self._weights, LOOSE_RATIO)

    @property
    def taught(self) -> bool:
        """Whether there was anything to learn from."""
        return bool(self._weights)

    def features(self, tokens: Sequence[str]) -> Features:
        """What can be weighed of a message. tokens: what `tokenise` makes of a text."""
        found: Features = set()
        told = self._without_names(list(without_courtesy(tokens, self._normaliser)))
        for ends, thought in groupby(told, key=lambda token: not token[0].isalpha()):
            if not ends:
                stems = [self._meant(stem) for stem in self._stems(thought)]
                self._weights.unfold(stems)
                found |= _features(stems)
        return found

    def _without_names(self, tokens: list[str]) -> Iterator[str]:
        place = 0
        while place < len(tokens):
            for name in self._names.get(tokens[place], ()):
                said = tokens[place : place + len(name)]
                if said == name or (name[-1] == ANY and len(said) == len(name) and said[:-1] == name[:-1]):
                    place += len(name)
                    break
            else:
                yield tokens[place]
                place += 1

    def danger(self, features: Features) -> float:
        """Above zero the words speak for somebody in danger, below for calm. Long messages say more of everything: the
        square root of their length takes that back. Words nobody knows do not dilute it."""
        weights = self._weights
        known = [weights[feature] for feature in features if feature in weights]
        return sum(known) / math.sqrt(len(known) or 1)

    def kinds(self, features: Features) -> dict[str, float]:
        """What the words say for each kind of danger, were it one."""
        sums = [0.0] * len(self._kinds)
        by_kind = self._by_kind
        for feature in features:
            if feature in by_kind:
                for place, weight in by_kind[feature]:
                    sums[place] += weight
        length = math.sqrt(len(features) or 1)
        return {kind: said / length for kind, said in zip(self._kinds, sums, strict=True)}

    def _stems(self, tokens: Iterable[str]) -> list[str]:
        return [stem for token in tokens for stem in self._heard(token)]

    def _hear(self, word: str) -> tuple[str, ...]:
        stems = self._normaliser.all_stems(word)
        return tuple(NOT if stem in NEGATIONS else stem for stem in stems if len(stem) > 1 and stem not in self._aside)

    def _meant(self, stem: str) -> str:
        known = stem in self._weights or stem in self._normaliser.roots
        return stem if known else self._vocabulary.closest(stem) or stem


def _by_first_word(names: Iterable[str], ordinary: Collection[str]) -> Mapping[str, Sequence[list[str]]]:
    """The words of each name, the longest names first. One word that means something else as well is no name here."""
    found: dict[str, list[list[str]]] = defaultdict(list)
    for name in names:
        words = [*tokenise(name.removesuffix(ANY)), *([ANY] if name.endswith(ANY) else [])]
        if len(words) > 1 or (words and words[0] not in ordinary):
            found[words[0]].append(words)
    return {first: sorted(same, key=len, reverse=True) for first, same in found.items()}


class _Folded(dict[str, float]):
    """What each feature weighs. Pairs lie folded below their first stem until somebody says it: there are eighty
    thousand of them, most are never asked for, and as entries of a table they take memory and a part of every start."""

    def __init__(self, weights: Weights) -> None:
        super().__init__((feature, weight) for feature, weight in weights.items() if " " not in feature)
        below: dict[str, dict[str, float]] = defaultdict(dict)
        for feature, weight in weights.items():
            first, pair, second = feature.partition(" ")
            if pair:
                below[first][second] = weight
        self._below = {first: (" ".join(pairs), array("d", pairs.values()).tobytes()) for first, pairs in below.items()}

    def unfold(self, stems: Iterable[str]) -> None:
        """From now on the pairs that begin with these are entries."""
        for stem in stems:
            if folded := self._below.get(stem):
                pairs = [f"{stem} {second}" for second in folded[0].split(" ")]
                self.update(zip(pairs, array("d", folded[1]), strict=True))
                self._below.pop(stem, None)  # only now: another thread may look meanwhile


class _Counts:
    """How much is said of each feature in sentences of calm and of each kind of danger."""

    def __init__(self) -> None:
        self._said: dict[str | None, dict[str, float]] = defaultdict(lambda: defaultdict(float))

    def add(self, kind: str | None, sentences: Iterable[Features], share: float) -> None:
        said = self._said[kind]
        for features in sentences:
            each = share / math.sqrt(len(features) or 1)  # every word of a long sentence says less
            for feature in features:
                said[intern(feature)] += each  # it is counted for many kinds: one string for all of them

    def settle(self) -> tuple[Weights, dict[str, Weights]]:
        """How much likelier a feature is in danger than in calm, as in naive Bayes, and in each kind of danger than in
        any: logarithms, without those that say little."""
        calm = self._said.pop(None, {})
        danger: dict[str, float] = defaultdict(float)
        for said in self._said.values():
            for feature, count in said.items():
                danger[feature] += count
        if not danger or not calm:
            return {}, {}
        calm = {word: n for word, n in calm.items() if n >= SELDOM or " " not in word or word in danger}
        return _weights(danger, calm), {
            kind: _weights(said, danger, LEAST_WEIGHT) for kind, said in self._said.items() if kind is not None
        }


def _weights(these: Weights, those: Weights, least: float | None = None) -> Weights:
    """least: only what speaks for these, and so much; otherwise what speaks for either."""
    usual = math.log(sum(those.values()) / sum(these.values()))
    found = {}
    for feature in these if least else these.keys() | those.keys():
        if least and these[feature] < SELDOM and " " in feature:
            continue
        weight = usual + math.log((these.get(feature, 0.0) + LEAST_SEEN) / (those.get(feature, 0.0) + LEAST_SEEN))
        if (weight if least else abs(weight)) >= LEAST_WEIGHT:
            found[feature] = round(weight, 4)
    return found


def _by_feature(kinds: Iterable[Weights]) -> ByKind:
    """The same weights by feature: a message has few features, and each speaks for few kinds."""
    found: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for place, weights in enumerate(kinds):
        for feature, weight in weights.items():
            found[feature].append((place, weight))
    shared: dict[Said, Said] = {}  # most features are heard once, and say the same as others heard once
    return {feature: shared.setdefault(said, said) for feature, said in ((f, tuple(s)) for f, s in found.items())}


def _features(stems: Sequence[str]) -> Features:
    """The stems of one thought, and the pairs of those that stand beside each other or with one word between."""
    pairs = (*pairwise(stems), *zip(stems, stems[2:], strict=False))
    return {*stems, *map(" ".join, pairs)}
