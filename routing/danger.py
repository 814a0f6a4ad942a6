"""Hears danger in a citizen's words, and not in their fears, memories and wishes ("takut tumbang", "tahun lalu")."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from routing.match import Vocabulary
from routing.normalise import WORD_CACHE, Normaliser

NEXT_WORD_WITHIN = 4  # "rumah tetangga saya itu terbakar": the words of a phrase may stand this far apart
AROUND = 6  # so many words before and after a danger can take the alarm out of it
FEAR_AFTER = 1
MOST_MENTIONS = 60


@dataclass(frozen=True, slots=True)
class Emergency:
    """A danger heard. `tell` is the part of a sentence that says which number to call."""

    kind: str
    tell: str


@dataclass(frozen=True, slots=True)
class Danger:
    """A kind of danger: the phrases that tell of it, and the category it usually belongs to.

    `past_counts`: what happened yesterday or every night is still urgent (violence at home).
    """

    kind: str
    tell: str
    category: str
    phrases: tuple[str, ...]
    past_counts: bool = False


@dataclass(frozen=True, slots=True)
class Hedges:
    """Words that take the alarm out of a phrase: `fear` before, inside or close after it, `almost` right before or
    inside, `past` (memories and habits) anywhere near. `apart` begins a new thought, `never` are whole sayings."""

    fear: tuple[str, ...]
    almost: tuple[str, ...]
    past: tuple[str, ...]
    apart: tuple[str, ...]
    never: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Heard:
    """What was heard: the first danger in the city's order, and the categories of dangers only feared or past."""

    emergency: Emergency | None
    category: str | None
    doubted: frozenset[str]


NOTHING = Heard(None, None, frozenset())
_Spoken = tuple[str, ...]  # the ways one word may be read: as written, spelled out, its stem
_Phrase = tuple[str, ...]


class DangerEar:
    """Listens for a city's dangers."""

    def __init__(self, dangers: Iterable[Danger], hedges: Hedges, normaliser: Normaliser) -> None:
        self._dangers = tuple(dangers)
        self._by_first: dict[str, list[tuple[int, _Phrase]]] = defaultdict(list)
        for order, danger in enumerate(self._dangers):
            for phrase in _phrases(danger.phrases):
                self._by_first[phrase[0]].append((order, phrase))
        self._fear = _phrases(hedges.fear)
        self._almost = _phrases(hedges.almost)
        self._past = _phrases(hedges.past)
        self._never = _phrases(hedges.never)
        self._apart = frozenset(hedges.apart)
        self._normaliser = normaliser
        telling = {word for danger in self._dangers for phrase in _phrases(danger.phrases) for word in phrase}
        self._vocabulary = Vocabulary(telling)
        self._telling = frozenset(telling)
        self._spoken = lru_cache(WORD_CACHE)(self._read)

    def hear(self, tokens: Iterable[str]) -> Heard:
        """Listen to a whole message; the first danger in the city's order that is neither feared nor past wins."""
        mentioned: set[int] = set()
        alarming: set[int] = set()
        for thought in self._thoughts(tokens):
            for order, span in islice(self._mentions(thought), MOST_MENTIONS):
                mentioned.add(order)
                if order not in alarming and self._alarming(thought, span, self._dangers[order]):
                    alarming.add(order)
        if not mentioned:
            return NOTHING
        doubted = frozenset(self._dangers[i].category for i in mentioned - alarming)
        if not alarming:
            return Heard(None, None, doubted)
        first = self._dangers[min(alarming)]
        return Heard(Emergency(first.kind, first.tell), first.category, doubted - {first.category})

    def _thoughts(self, tokens: Iterable[str]) -> list[list[_Spoken]]:
        """Cut where a sentence ends and where a word such as "sekarang" begins anew."""
        parts: list[list[_Spoken]] = [[]]
        for token in tokens:
            is_word = token[0].isalpha()
            if parts[-1] and (not is_word or token in self._apart):
                parts.append([])
            if is_word:
                parts[-1].append(self._spoken(token))
        return parts

    def _mentions(self, thought: Sequence[_Spoken]) -> Iterator[tuple[int, list[int]]]:
        for start, word in enumerate(thought):
            for way in word:
                for order, phrase in self._by_first.get(way, ()):
                    span = _span_from(thought, phrase, start, NEXT_WORD_WITHIN)
                    if span:
                        yield order, span

    def _read(self, word: str) -> _Spoken:
        ways = self._normaliser.readings(word)
        if self._telling.isdisjoint(ways) and self._normaliser.roots.isdisjoint(ways):
            meant = self._vocabulary.closest(word)  # only for no word at all: "periksa" is no slip for "perkosa"
            return (*ways, meant) if meant else ways
        return ways

    def _alarming(self, part: Sequence[_Spoken], span: Sequence[int], danger: Danger) -> bool:
        first, last = span[0], span[-1]
        start = max(0, first - AROUND)
        near = part[start : last + 1 + AROUND]
        rest = [() if start + i in span else word for i, word in enumerate(near)]  # "gak bisa napas" has its own "bisa"
        if _says(near, self._never) or _says(rest[: last + 1 - start + FEAR_AFTER], self._fear):
            return False
        if _says(rest[max(0, first - start - 1) : last + 1 - start], self._almost):
            return False
        return danger.past_counts or not _says(rest, self._past)


def _phrases(listed: Iterable[str]) -> tuple[_Phrase, ...]:
    return tuple(tuple(phrase.split()) for phrase in listed)


def _says(part: Sequence[_Spoken], phrases: Iterable[_Phrase]) -> bool:
    """Whether one of the phrases stands in it word by word."""
    said = set().union(*part)
    return any(
        _span_from(part, phrase, start, 1) for phrase in phrases if phrase[0] in said for start in range(len(part))
    )


def _span_from(part: Sequence[_Spoken], phrase: _Phrase, start: int, within: int) -> list[int] | None:
    """Where the words of the phrase stand from there on, each at most `within` words after the one before."""
    if phrase[0] not in part[start]:
        return None
    span = [start]
    for wanted in phrase[1:]:
        reach = range(span[-1] + 1, min(span[-1] + 1 + within, len(part)))
        found = next((i for i in reach if wanted in part[i]), None)
        if found is None:
            return None
        span.append(found)
    return span
