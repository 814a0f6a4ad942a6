"""Hears danger in a citizen's words, and not in their fears, memories and wishes ("takut tumbang", "tahun lalu")."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from routing.match import Vocabulary
from routing.normalise import Normaliser, clauses

NEXT_WORD_WITHIN = 4  # "rumah tetangga saya itu terbakar": the words of a phrase may stand this far apart
HEDGE_BEFORE = 6
HEDGE_AFTER = 3
PAST_AROUND = 6


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
        self._dangers = [(danger, [tuple(p.split()) for p in danger.phrases]) for danger in dangers]
        self._fear = [tuple(p.split()) for p in hedges.fear]
        self._almost = [tuple(p.split()) for p in hedges.almost]
        self._past = [tuple(p.split()) for p in hedges.past]
        self._never = [tuple(p.split()) for p in hedges.never]
        self._apart = frozenset(hedges.apart)
        self._normaliser = normaliser
        telling = {word for _, phrases in self._dangers for phrase in phrases for word in phrase}
        self._vocabulary = Vocabulary(telling)
        self._telling = frozenset(telling)

    def hear(self, text: str) -> Heard:
        """Listen to a whole message; the first danger in the city's order that is neither feared nor past wins."""
        spoken = [[self._read(w) for w in part] for part in self._thoughts(text)]
        spoken = [part for part in spoken if any(self._telling.intersection(word) for word in part)]
        doubted: set[str] = set()
        for danger, phrases in self._dangers:
            for part in spoken:
                found = self._find(part, danger, phrases)
                if found:
                    return Heard(Emergency(danger.kind, danger.tell), danger.category, frozenset(doubted))
                if found is False:
                    doubted.add(danger.category)
        return Heard(None, None, frozenset(doubted)) if doubted else NOTHING

    def _thoughts(self, text: str) -> list[list[str]]:
        parts: list[list[str]] = []
        for clause in clauses(text):
            parts.append([])
            for word in clause:
                if word in self._apart and parts[-1]:
                    parts.append([])
                parts[-1].append(word)
        return parts

    def _read(self, word: str) -> _Spoken:
        ways = self._normaliser.readings(word)
        if self._telling.isdisjoint(ways) and self._normaliser.roots.isdisjoint(ways):
            meant = self._vocabulary.closest(word)  # only for no word at all: "periksa" is no slip for "perkosa"
            return (*ways, meant) if meant else ways
        return ways

    def _find(self, part: Sequence[_Spoken], danger: Danger, phrases: Iterable[_Phrase]) -> bool | None:
        """True: danger; False: only feared, remembered or a saying; None: not mentioned."""
        heard: bool | None = None
        for phrase in phrases:
            for span in _spans(part, phrase):
                if self._alarming(part, span, danger):
                    return True
                heard = False
        return heard

    def _alarming(self, part: Sequence[_Spoken], span: Sequence[int], danger: Danger) -> bool:
        rest = [() if i in span else word for i, word in enumerate(part)]  # "gak bisa napas" holds its own "bisa"
        first, last = span[0], span[-1]
        if _says(part, self._never) or _says(rest[max(0, first - HEDGE_BEFORE) : last + 1 + HEDGE_AFTER], self._fear):
            return False
        if _says(rest[max(0, first - 1) : last + 1], self._almost):
            return False
        around = rest[max(0, first - PAST_AROUND) : last + 1 + PAST_AROUND]
        return danger.past_counts or not _says(around, self._past)


def _says(part: Sequence[_Spoken], phrases: Iterable[_Phrase]) -> bool:
    return any(True for phrase in phrases for _ in _spans(part, phrase, within=1))


def _spans(part: Sequence[_Spoken], phrase: _Phrase, within: int = NEXT_WORD_WITHIN) -> Iterable[list[int]]:
    """Where the words of the phrase stand in this order, each at most `within` words after the one before."""
    for first, word in enumerate(part):
        if phrase[0] not in word:
            continue
        span = [first]
        for wanted in phrase[1:]:
            reach = range(span[-1] + 1, min(span[-1] + 1 + within, len(part)))
            found = next((i for i in reach if wanted in part[i]), None)
            if found is None:
                break
            span.append(found)
        if len(span) == len(phrase):
            yield span
