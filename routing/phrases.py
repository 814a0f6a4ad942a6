"""Phrases found in a message: any reading of a word counts, groups stand for many words, slips are forgiven."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Generic, TypeVar

from routing.errors import UnknownGroupOfWords
from routing.match import TYPO_LETTERS, Vocabulary
from routing.normalise import WORD_CACHE, Normaliser

Ways = frozenset[str]  # how one word may be read: as written, spelled out, its stem
Phrase = tuple[Ways, ...]  # one set of alternatives for each word
Groups = Mapping[str, Sequence[str]]
T = TypeVar("T")

_Rest = tuple[T, tuple[int, ...], int]  # what a phrase means, its other words, and how far apart they may stand

SILENCE: Ways = frozenset()
_NONE: frozenset[int] = frozenset()
FIRST, LAST = frozenset("^"), frozenset("$")  # where a message begins and ends; words stand right beside them
EDGES = FIRST | LAST
SHORTENED = 3  # letters that must be left of a word written without its vowels
_VOWELS = frozenset("aiueo")


def phrase(written: str, groups: Groups) -> Phrase:
    """ "<orang> jatuh|roboh": words in their order; a bar means either, <name> any word of that group.

    raises: UnknownGroupOfWords
    """
    return tuple(frozenset(_alternatives(word, groups)) for word in written.split())


def _alternatives(written: str, groups: Groups) -> Iterator[str]:
    for word in written.split("|"):
        if not word.startswith("<"):
            yield word
            continue
        try:
            yield from groups[word.strip("<>")]
        except KeyError:
            raise UnknownGroupOfWords(group=word, known=", ".join(groups)) from None


class Speech:
    """Reads words in all their ways; a word that is none is taken for the listed word it nearly is."""

    def __init__(self, normaliser: Normaliser, telling: Iterable[str], *, strict: bool = False) -> None:
        """strict: a word without its vowels is spelled out only when it is long and can mean one thing"""
        self._strict = strict
        self._normaliser = normaliser
        self._telling = frozenset(telling)
        self._vocabulary = Vocabulary(self._telling)
        self._swapped = {_letters(word): word for word in sorted(self._telling) if len(word) >= TYPO_LETTERS}
        self._bones: dict[str, list[str]] = defaultdict(list)
        for word in sorted(self._telling):
            self._bones[_bones(word)].append(word)
        self.ways = lru_cache(WORD_CACHE)(self._read)

    def _read(self, word: str) -> Ways:
        ways = self._normaliser.readings(word)
        if self._telling.isdisjoint(ways) and self._normaliser.roots.isdisjoint(ways):
            # only for no word at all: "periksa" is no slip for "perkosa"
            meant = self._swapped.get(_letters(word)) or self._vocabulary.closest(word)
            return frozenset((*ways, meant) if meant else (*ways, *self._spelled_out(word)))
        return frozenset(ways)

    def _spelled_out(self, word: str) -> list[str]:
        """ "jdwl" is jadwal, "crny" caranya: the listed words that differ only by vowels left out."""
        bones = _bones(word)
        if len(bones) < SHORTENED + self._strict:
            return []
        meant = [whole for whole in self._bones.get(bones, ()) if len(whole) > len(word) and _within(word, whole)]
        return [] if self._strict and len(meant) > 1 else meant  # "cpt" may be cepat or copet


class Phrasebook(Generic[T]):
    """Phrases with what each of them stands for; their sets of alternatives are numbered, each word knows its own."""

    def __init__(self, phrases: Iterable[tuple[Phrase, T]], within: int) -> None:
        """within: how many places after one word of a phrase the next may stand."""
        numbers: dict[Ways, int] = {}
        fitting: dict[str, set[int]] = defaultdict(set)
        self._alone: dict[int, list[T]] = defaultdict(list)  # by the number of their only word
        self._starting: dict[int, dict[int, list[_Rest[T]]]] = defaultdict(dict)  # by the numbers of their first two
        for said, meant in phrases:
            reach = within if EDGES.isdisjoint(SILENCE.union(*said)) else 1
            first, *rest = (numbers.setdefault(ways, len(numbers)) for ways in said)
            if rest:
                self._starting[first].setdefault(rest[0], []).append((meant, tuple(rest), reach))
            else:
                self._alone[first].append(meant)
        for ways, number in numbers.items():
            for word in ways:
                fitting[word].add(number)
        shared: dict[frozenset[int], frozenset[int]] = {}  # words of one group fit the same
        self._fitting = {
            word: shared.setdefault(fits, fits) for word, fits in ((w, frozenset(f)) for w, f in fitting.items())
        }
        self.words = frozenset(self._fitting)
        self._fits = lru_cache(WORD_CACHE)(self._all_fitting)
        self._begun = lru_cache(WORD_CACHE)(self._all_begun)
        self._within = within

    def find(self, spoken: Sequence[Ways]) -> Iterator[tuple[T, list[int]]]:
        """What is said, each with the places of its words."""
        fits = [self._fits(ways) for ways in spoken]
        for start, here in enumerate(fits):
            if not here:
                continue
            alone, starting = self._begun(here)
            for meant in alone:
                yield meant, [start]
            if not starting:
                continue
            for second in starting.keys() & _NONE.union(*fits[start + 1 : start + 1 + self._within]):
                for meant, rest, reach in starting[second]:
                    span = _follow(fits, rest, start, reach)
                    if span:
                        yield meant, span

    def _all_fitting(self, ways: Ways) -> frozenset[int]:
        return _NONE.union(*(self._fitting.get(way, _NONE) for way in ways))

    def _all_begun(self, here: frozenset[int]) -> tuple[list[T], Mapping[int, list[_Rest[T]]]]:
        """What a word says alone, and what it begins, by the number of the word that must follow."""
        alone = [meant for first in here for meant in self._alone.get(first, ())]
        starting: dict[int, list[_Rest[T]]] = defaultdict(list)
        for first in here & self._starting.keys():
            for second, begun in self._starting[first].items():
                starting[second] += begun
        return alone, dict(starting)


def _follow(fits: Sequence[frozenset[int]], rest: tuple[int, ...], start: int, within: int) -> list[int] | None:
    """Where the other words of a phrase stand, each at most `within` places after the one before."""
    span = [start]
    for wanted in rest:
        last = span[-1]
        for place in range(last + 1, min(last + 1 + within, len(fits))):
            if wanted in fits[place]:
                span.append(place)
                break
        else:
            return None
    return span


def span_from(spoken: Sequence[Ways], said: Phrase, start: int, within: int) -> list[int] | None:
    """Where the words of a phrase stand from there on, each at most `within` places after the one before."""
    if said[0].isdisjoint(spoken[start]):
        return None
    span = [start]
    for wanted in said[1:]:
        last = span[-1]
        for place in range(last + 1, min(last + 1 + within, len(spoken))):
            if not wanted.isdisjoint(spoken[place]):
                span.append(place)
                break
        else:
            return None
    return span


def _bones(word: str) -> str:
    """The first letter and the consonants after it."""
    return word[:1] + "".join(letter for letter in word[1:] if letter not in _VOWELS)


def _within(short: str, whole: str) -> bool:
    """Whether the letters of the one stand in the other in their order."""
    letters = iter(whole)
    return all(letter in letters for letter in short)


def _letters(word: str) -> str:
    """The first letter and the others in the order of the alphabet: the same for "ambruk" and "abmruk"."""
    return word[:1] + "".join(sorted(word[1:]))
