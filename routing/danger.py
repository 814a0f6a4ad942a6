"""Hears danger in a citizen's words, and not in their fears, memories and wishes ("takut tumbang", "tahun lalu")."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from msgspec import Struct, field

from routing.normalise import Normaliser
from routing.phrases import SILENCE, Groups, Phrase, Phrasebook, Speech, Ways, phrase, span_from

NEXT_WORD_WITHIN = 3  # "rumah tetangga saya terbakar": the words of a phrase may stand this far apart
AROUND = 6  # so many words before and after a danger can take the alarm out of it
FEAR_AFTER = 1
NEVER_WITHIN = 2  # "lampu jalan kebakar" is a burnt bulb as well
MOST_MENTIONS = 120
STORY = 36  # words: at such length "tolong" is courtesy
MOST_WORDS = 160  # who is in danger does not begin with a page of other things

ALARM = 2  # what must be said for an alarm
ALWAYS, CLEAR, FAINT = 9, 2, 1  # what a phrase says by itself
CERTAIN = 6  # what is left of the first of them in spite of any hedge
URGENT = 1  # and what "tolong", capitals or "!!" add to it
HEDGED, SOFTENED = 2, 1  # and what a hedge takes away

_LOUD = re.compile(r"!\s*!|[^\W\d_a-z]{3,}[^a-z]{8,}")  # "!!", or capitals over more than one word
_NEGATIONS = frozenset({"tidak", "tak", "ga", "gak", "nggak", "ngga", "enggak", "belum", "gk", "tdk", "kagak", "not"})


class Emergency(Struct, frozen=True):
    """A danger heard. `tell` is the part of a sentence that says which number to call; `category` what is usually
    reported in it, "" when that is not known."""

    kind: str
    tell: str
    category: str = ""


class Danger(Struct, frozen=True):
    """A kind of danger: the phrases that tell of it, and the category it usually belongs to.

    faint:       phrases that need something urgent beside them ("tolong", "sekarang")
    always:      phrases that no hedge softens, only a saying of `never` does ("mau bunuh diri")
    told:        whole sentences of people in this danger, from which `routing/alarm.py` learns
    past_counts: what happened yesterday or every night is still urgent (violence at home)
    """

    kind: str
    tell: str
    category: str
    phrases: tuple[str, ...]
    past_counts: bool = False
    faint: tuple[str, ...] = ()
    always: tuple[str, ...] = ()
    told: tuple[str, ...] = ()


class Hedges(Struct, frozen=True):
    """Words that take the alarm out of a phrase: `fear` before, inside or close after it, `almost` right before or
    inside, `past` (memories and habits) anywhere near, `soft` half of it, `maybe` as fear unless habits count.
    `apart` begins a new thought, `never` are whole sayings, `urgent` words press; `groups` are the words that <name>
    stands for in any of these phrases. `calm` are whole sentences that only sound dangerous, and words `aside` say
    nothing about danger, for `routing/alarm.py`."""

    fear: tuple[str, ...]
    almost: tuple[str, ...]
    past: tuple[str, ...]
    apart: tuple[str, ...]
    never: tuple[str, ...] = ()
    soft: tuple[str, ...] = ()
    maybe: tuple[str, ...] = ()
    urgent: tuple[str, ...] = ()
    groups: Groups = field(default_factory=dict)
    calm: tuple[str, ...] = ()
    aside: tuple[str, ...] = ()


class Heard(Struct, frozen=True):
    """What was heard: the first danger in the city's order, and the categories of dangers only feared or past.

    certain: it was said in words that leave nothing to weigh
    """

    emergency: Emergency | None
    category: str | None
    doubted: frozenset[str]
    certain: bool = False


NOTHING = Heard(None, None, frozenset())
_Mention = tuple[int, int]  # which danger, and how clearly its phrase speaks


class DangerEar:
    """Listens for a city's dangers."""

    def __init__(self, dangers: Iterable[Danger], hedges: Hedges, normaliser: Normaliser) -> None:
        self._dangers = tuple(dangers)
        groups = hedges.groups
        listed = [
            (phrase(written, groups), (order, strength))
            for order, danger in enumerate(self._dangers)
            for strength, phrases in ((ALWAYS, danger.always), (CLEAR, danger.phrases), (FAINT, danger.faint))
            for written in phrases
        ]
        self._book: Phrasebook[_Mention] = Phrasebook(listed, NEXT_WORD_WITHIN)
        self._fear, self._almost, self._past, self._soft, self._maybe, self._urgent = (
            _Sayings(phrase(written, groups) for written in said)
            for said in (hedges.fear, hedges.almost, hedges.past, hedges.soft, hedges.maybe, hedges.urgent)
        )
        self._never = _Sayings((phrase(written, groups) for written in hedges.never), NEVER_WITHIN, negatable=False)
        self._apart = frozenset(hedges.apart)
        self._speech = Speech(normaliser, self._book.words, strict=True)

    def hear(self, tokens: Iterable[str], text: str = "") -> Heard:
        """Listen to a whole message; the first danger in the city's order that is neither feared nor past wins.

        text: as it was written, for its capitals and exclamation marks
        """
        tokens = list(islice(tokens, MOST_WORDS))
        thoughts = self._thoughts(tokens)
        pressed = len(tokens) < STORY and self._pressed(thoughts, text)
        mentioned: set[int] = set()
        alarming: dict[int, int] = {}  # which danger, and the most that was said of it
        for thought in thoughts:
            for (order, strength), span in islice(self._book.find(thought), MOST_MENTIONS):
                mentioned.add(order)
                if alarming.get(order, 0) >= strength:
                    continue
                weight = self._weight(thought, span, order, strength + pressed * URGENT)
                if weight >= ALARM:
                    alarming[order] = max(weight, alarming.get(order, 0))
        doubted = frozenset(self._dangers[i].category for i in mentioned - alarming.keys())
        if not alarming:
            return Heard(None, None, doubted)
        certain = max(alarming.values()) >= CERTAIN
        first = self._dangers[min(i for i, weight in alarming.items() if weight >= CERTAIN or not certain)]
        return Heard(
            Emergency(first.kind, first.tell, first.category), first.category, doubted - {first.category}, certain
        )

    def _thoughts(self, tokens: Iterable[str]) -> list[list[Ways]]:
        """Cut where a sentence ends and where a word such as "sekarang" begins anew."""
        parts: list[list[Ways]] = [[]]
        for token in tokens:
            is_word = token[0].isalpha()
            if parts[-1] and (not is_word or token in self._apart):
                parts.append([])
            if is_word:
                parts[-1].append(self._speech.ways(token))
        return parts

    def _weight(self, part: Sequence[Ways], span: Sequence[int], order: int, said: int) -> int:
        """What a mention weighs after everything around it that speaks against an alarm."""
        first, last = span[0], span[-1]
        start = max(0, first - AROUND)
        near = part[start : last + 1 + AROUND]
        if self._never.said(near):
            return 0
        inside = {*span, *self._urgent.places(part)}  # "takut banget" is no mere worry
        rest = [SILENCE if start + i in inside else word for i, word in enumerate(near)]  # "gak bisa napas" says "bisa"
        until = last + 1 - start
        hedged = self._fear.said(rest[: until + FEAR_AFTER], part[start - 1] if start else SILENCE)
        hedged = hedged or self._almost.said(rest[max(0, first - start - 1) : until])
        if hedged:
            return said - HEDGED
        if self._dangers[order].past_counts:
            return said
        if self._past.said(rest) or self._maybe.said(rest[: until + FEAR_AFTER]):
            return said - HEDGED
        return said - SOFTENED if self._soft.said(rest) else said

    def _pressed(self, thoughts: Sequence[Sequence[Ways]], text: str) -> bool:
        return bool(_LOUD.search(text)) or any(self._urgent.said(thought) for thought in thoughts)


class _Sayings:
    """A list of sayings, looked for word by word."""

    def __init__(self, phrases: Iterable[Phrase], within: int = 1, *, negatable: bool = True) -> None:
        self._within = within
        self._negatable = negatable
        self._by_first: dict[str, list[Phrase]] = defaultdict(list)
        for said in phrases:
            for word in said[0]:
                self._by_first[word].append(said)
        self._firsts = frozenset(self._by_first)

    def said(self, part: Sequence[Ways], before: Ways = SILENCE) -> bool:
        """Whether one stands there; "bisa" after "gak" does not. before: the word in front of the part."""
        return any(True for _ in self._spans(part, before))

    def places(self, part: Sequence[Ways]) -> Iterator[int]:
        """Where all the words of the sayings stand."""
        for span in self._spans(part, SILENCE):
            yield from span

    def _spans(self, part: Sequence[Ways], before: Ways) -> Iterator[list[int]]:
        for start, ways in enumerate(part):
            if self._firsts.isdisjoint(ways):
                continue
            ahead = part[start - 1] if start else before
            if self._negatable and not _NEGATIONS.isdisjoint(ahead) and _NEGATIONS.isdisjoint(ways):
                continue
            for said in self._starting(ways):
                span = span_from(part, said, start, self._within)
                if span:
                    yield span

    def _starting(self, ways: Ways) -> Iterator[Phrase]:
        for way in ways & self._firsts:
            yield from self._by_first[way]
