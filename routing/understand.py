"""The one door to understanding a message: which category, how sure, and is anyone in danger."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from msgspec import Struct

from routing.alarm import DangerSense, Features, Lesson
from routing.catalogue import Catalogue, Category
from routing.danger import Danger, DangerEar, Emergency, Heard, Hedges
from routing.decide import Decision, Standing, decide
from routing.intent import NO_WORDS, REPORT, IntentReader, IntentWords
from routing.match import Match, Ranker, Weighed
from routing.normalise import Lexicon, Normaliser, tokenise

MOST = 8  # candidates handed out; a keyboard shows three
# What speaks for an alarm is added up: the sentences it resembles, how much it is like one kind of danger alone, a
# phrase of danger that was heard, and how likely the categories of emergencies are, all together.
SPOKEN = 1.8
ABOUT = 0.2  # for each natural logarithm of the odds
OF_A_KIND = 0.5
ALARM = 1.3
ALARM_IN_CHAT = 3.0  # in what reads like a question, thanks or small talk, or in a few words that hint at nothing else
FEW, HINTED = 4, 0.3  # "bapak saya di kamar" tells nothing yet
NEVER_SURE = 0.01
SAME_KIND = 0.6  # and what a phrase, or a category that is certain, adds to its kind of danger
# How much the phrases of a category count beside a sentence that was written down for danger or calm.
SHARES = {"yes": 0.5, "cond": 0.2, "no": 0.6}
TELLING = 3  # words: shorter phrases name a thing and tell nothing

__all__ = ["Decision", "Emergency", "Match", "Understander", "Understanding", "Understands", "emergency_of"]


class Understanding(Struct, frozen=True):
    """What a text says. Candidates come best first; at least three whenever any scores above zero.

    intent:  what kind of message it is ("report", "status", "thanks" ...)
    because: the words of the text that spoke for the best candidate, the most telling first
    """

    decision: Decision
    candidates: tuple[Match, ...]
    emergency: Emergency | None
    intent: str = "report"
    because: tuple[str, ...] = ()

    @property
    def best(self) -> str | None:
        """Code of the best guess, None when the decision is `unknown`."""
        return self.candidates[0].code if self.candidates and self.decision != "unknown" else None


class Understands(Protocol):
    """What callers depend on, so that another way of understanding can take this one's place."""

    def understand(self, text: str) -> Understanding:
        """Never raises, whatever the text: emoji, 8,000 letters, another language, nothing."""


class Understander:
    """Understands everyday Indonesian by words, weights and a little forgiveness; no model, no network."""

    def __init__(
        self,
        catalogue: Catalogue,
        dangers: Iterable[Danger],
        hedges: Hedges,
        lexicon: Lexicon,
        roots: Iterable[str],
        intents: IntentWords = NO_WORDS,
        names: Iterable[str] = (),
    ) -> None:
        """names: what places and people are called, which says nothing of danger ("Stasiun Bekasi Timur")"""
        normaliser = Normaliser(lexicon, roots)
        self.stems, self.stems_of = normaliser.stems, normaliser.stems_of
        self._intents = IntentReader(intents, normaliser)
        self._catalogue = catalogue
        self._ranker = Ranker(catalogue, normaliser, normaliser.roots)
        listed = tuple(dangers)
        self._ear = DangerEar(listed, hedges, normaliser)
        urgent = [category for category in catalogue.categories.values() if category.emergency == "yes"]
        self._kinds = {category.code: category.code.casefold() for category in urgent}
        self._kinds |= {danger.category: danger.kind for danger in reversed(listed)}
        self._tells = {self._kinds[category.code]: category.tell for category in urgent}
        self._tells |= {danger.kind: danger.tell for danger in listed}
        self._usual = {kind: code for code, kind in self._kinds.items()} | {d.kind: d.category for d in listed}
        self._sense = DangerSense(lessons(catalogue, listed, hedges.calm, self._kinds), normaliser, hedges.aside, names)

    def understand(self, text: str) -> Understanding:
        """Decision, candidates and danger for one message. Takes well under a millisecond for 30 words."""
        tokens = tokenise(text)
        heard = self._ear.hear(tokens, text)
        weighed = self._ranker.weigh(tokens)
        ranked = self._ranker.rank(weighed, heard.category, heard.doubted, most=MOST)
        decision = decide(ranked, self._catalogue.fallback, self._standing(weighed, ranked))
        candidates = tuple(self._filled(ranked))
        topic = ranked[0].score if ranked else 0.0
        intent = REPORT if heard.emergency else self._intents.read(text, tokens, topic)
        emergency = self._emergency(heard, self._sense.features(tokens), candidates, report=intent == REPORT)
        if emergency:
            intent = REPORT
        because = self._ranker.because(weighed, ranked[0].code) if ranked else ()
        return Understanding(decision, candidates, emergency, intent, because)

    def _standing(self, weighed: Weighed, ranked: list[Match]) -> Standing:
        if not ranked:
            return Standing(0.0, weighed.words, often=False)
        best = ranked[0].code
        often = self._catalogue.category(best).weight > 1.0
        return Standing(self._ranker.rival(weighed, best), weighed.words, often)

    def _filled(self, ranked: list[Match]) -> list[Match]:
        """A keyboard wants three: the neighbours of the best guess in the menu fill up, with a score of zero."""
        if not ranked or len(ranked) >= 3:
            return ranked
        there = {match.code for match in ranked}
        group = self._catalogue.category(ranked[0].code).group
        others = sorted(self._catalogue.categories.values(), key=lambda c: c.group != group)
        return ranked + [Match(c.code, 0.0) for c in others if c.code not in there][: 3 - len(ranked)]

    def _emergency(
        self, heard: Heard, told: Features, candidates: Sequence[Match], *, report: bool
    ) -> Emergency | None:
        """Whether somebody is in danger, and which number helps."""
        if not self._sense.taught:
            return heard.emergency
        likely = (m.score for m in candidates if self._is_emergency(m.code) and m.code not in heard.doubted)
        chance = min(1.0, sum(likely))
        about = ABOUT * math.log((chance + NEVER_SURE) / (1.0 + NEVER_SURE - chance))
        kinds = self._sense.kinds(told)
        of_a_kind = OF_A_KIND * max(kinds.values())
        alarm = self._sense.danger(told) + of_a_kind + about + SPOKEN * bool(heard.emergency)
        hint = not heard.emergency and chance < HINTED and sum(" " not in word for word in told) <= FEW
        if alarm < (ALARM if report and not hint else ALARM_IN_CHAT) and not heard.certain:
            return None
        return self._kind(heard, kinds, candidates)

    def _kind(self, heard: Heard, kinds: dict[str, float], candidates: Sequence[Match]) -> Emergency:
        """The danger the sentences speak of, helped by the phrase that was heard and by what the message is about."""
        if heard.emergency and heard.certain:
            return heard.emergency
        if heard.emergency:
            kinds[heard.emergency.kind] = kinds.get(heard.emergency.kind, 0.0) + SAME_KIND
        for match in candidates:
            if kind := self._kinds.get(match.code):
                kinds[kind] = kinds.get(kind, 0.0) + SAME_KIND * match.score
        kind = max(kinds, key=lambda kind: kinds[kind])
        return Emergency(kind, self._tells[kind], self._usual[kind])

    def _is_emergency(self, code: str) -> bool:
        return self._catalogue.category(code).emergency == "yes"


def lessons(
    catalogue: Catalogue, dangers: Iterable[Danger], calm: Sequence[str], kinds: Mapping[str, str]
) -> Iterator[Lesson]:
    """What danger and calm sound like: the sentences written down for either, and every category's own phrases.

    kinds: the danger that each category of emergencies stands for
    """
    yield Lesson(None, calm)
    for danger in dangers:
        yield Lesson(danger.kind, danger.told)
    for category in catalogue.categories.values():
        if category.emergency == "cond" and category.code in kinds:
            continue  # its phrases tell of both: water in the street and water in the house
        told = [phrase for phrase in category.phrases if phrase.count(" ") >= TELLING - 1]
        yield Lesson(kinds[category.code] if category.emergency == "yes" else None, told, SHARES[category.emergency])


def emergency_of(category: Category, language: str = "id") -> Emergency | None:
    """The line a chosen category brings: always for `yes`, with its condition for `cond`, none for `no`."""
    if category.emergency == "no":
        return None
    tell = category.tell_en if language == "en" else category.tell
    return Emergency(category.code.casefold(), tell)
