"""The one door to understanding a message: which category, how sure, and is anyone in danger."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from routing.catalogue import Catalogue, Category
from routing.danger import Danger, DangerEar, Emergency, Heard, Hedges
from routing.decide import Decision, Standing, decide
from routing.intent import NO_WORDS, REPORT, IntentReader, IntentWords
from routing.match import Match, Ranker, Weighed
from routing.normalise import Lexicon, Normaliser, tokenise

MOST = 8  # candidates handed out; a keyboard shows three
# Without a word of danger: so likely must the categories of emergencies be, all together, to sound the alarm,
ALARMING = 0.3
ALARMING_IF_CALM = 0.8  # and so likely in a long story, or beside a fear or a memory.
# With a word of danger: so plainly about something ordinary is a message that "jatuh" or "api" in it is no alarm.
ORDINARY = 0.9
UNLIKELY = 0.005

__all__ = ["Decision", "Emergency", "Match", "Understander", "Understanding", "Understands", "emergency_of"]


@dataclass(frozen=True, slots=True)
class Understanding:
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
    ) -> None:
        normaliser = Normaliser(lexicon, roots)
        self.stems, self.stems_of = normaliser.stems, normaliser.stems_of
        self._intents = IntentReader(intents, normaliser)
        self._catalogue = catalogue
        self._ranker = Ranker(catalogue, normaliser, normaliser.roots)
        listed = tuple(dangers)
        self._ear = DangerEar(listed, hedges, normaliser)
        self._kinds = {danger.category: danger.kind for danger in reversed(listed)}

    def understand(self, text: str) -> Understanding:
        """Decision, candidates and danger for one message. Takes well under a millisecond for 30 words."""
        tokens = tokenise(text)
        heard = self._ear.hear(tokens, text)
        weighed = self._ranker.weigh(tokens)
        ranked = self._ranker.rank(weighed, heard.category, heard.doubted)
        decision = decide(ranked, self._catalogue.fallback, self._standing(weighed, ranked))
        candidates = tuple(self._filled(ranked)[:MOST])
        intent = REPORT if heard.emergency else self._intents.read(text, tokens, topic=decision == "sure")
        emergency = self._emergency(heard, candidates) if intent == REPORT else None
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

    def _emergency(self, heard: Heard, candidates: tuple[Match, ...]) -> Emergency | None:
        """What the danger words say, unless the message is plainly about something ordinary; else what it is about."""
        if not candidates:
            return heard.emergency
        best = self._catalogue.category(candidates[0].code)
        likely = [m for m in candidates if self._is_emergency(m.code) and m.code not in heard.doubted]
        chance = sum(match.score for match in likely)
        if heard.emergency:
            ordinary = best.emergency == "no" and candidates[0].score >= ORDINARY and chance < UNLIKELY
            return None if ordinary else heard.emergency
        if chance < (ALARMING_IF_CALM if heard.calm else ALARMING):
            return None
        meant = self._catalogue.category(likely[0].code)
        return Emergency(self._kinds.get(meant.code, meant.code.casefold()), meant.tell)

    def _is_emergency(self, code: str) -> bool:
        return self._catalogue.category(code).emergency == "yes"


def emergency_of(category: Category, language: str = "id") -> Emergency | None:
    """The line a chosen category brings: always for `yes`, with its condition for `cond`, none for `no`."""
    if category.emergency == "no":
        return None
    tell = category.tell_en if language == "en" else category.tell
    return Emergency(category.code.casefold(), tell)
