"""Understanding warmed by a city's own reports: what was learned beside what was known, weighed by trust."""

import math
from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct

from routing.decide import Decision
from routing.match import Match
from routing.model import FLOOR, Mix, Model, Weigher, rarest, trust
from routing.normalise import words
from routing.understand import MOST, Understanding, Understands

ABSENT = -1.2  # the margin of a category that was never taught: a little below a clear no
HOME = 4.0  # texts of a category after which a model may half speak where the cold evidence points to it
TRUSTED = 0.7  # trust at which the model may state a category alone
BECAUSE = 5
OFFERED = 3  # guesses on a keyboard

StemsOf = Callable[[str], Sequence[str]]  # of one word; several where it is slang for several


class Judgement(Struct, frozen=True):
    """All that was weighed for one message; for people who ask why."""

    trust: float
    learned: Mapping[str, float]  # margins; above zero speaks for the category
    cold: Mapping[str, float]
    together: Mapping[str, float]  # probabilities
    because: tuple[str, ...]


def at_home(lessons: float, cold: Sequence[float]) -> float:
    """0..1: how far a model may speak against a cold guess at a category of which it has seen so few texts.

    cold: the scores of all categories; the surer the guess, the more the missing lessons count
    """
    share = (max(cold) + FLOOR) / (sum(cold) + FLOOR * len(cold))
    return 1.0 - share * HOME / (lessons + HOME)


def together(mix: Mix, trusted: float, margins: Sequence[float], cold: Sequence[float]) -> list[float]:
    """Probabilities, one for each category: what was learned and what was known beforehand, weighed by trust."""
    known = [score + FLOOR for score in cold]
    logits = [mix.learned * margin + mix.cold * math.log(k) for margin, k in zip(margins, known, strict=True)]
    highest = max(logits)
    powers = [math.exp(logit - highest) for logit in logits]
    taught, untaught = trusted / sum(powers), (1.0 - trusted) / sum(known)
    return [power * taught + k * untaught for power, k in zip(powers, known, strict=True)]


class Learned:
    """Understands as the cold understanding does, and by what the city's own reports taught."""

    def __init__(
        self, cold: Understands, stems_of: StemsOf, model: Model, categories: Sequence[str], fallback: str
    ) -> None:
        """categories: all of the city, in its order; stems_of: as the model was made with."""
        self._cold = cold
        self._stems_of = stems_of
        self._model = model
        self._codes = tuple(categories)
        self._fallback = fallback
        self._weigher = Weigher(model)
        self._rarest = rarest(model.words)
        lessons = dict(zip(model.categories, model.lessons, strict=True))
        self._taught = {code: lessons.get(code, 0) for code in self._codes}

    def understand(self, text: str) -> Understanding:
        """The cold understanding's answer with its candidates weighed anew; danger and kind of message stay its."""
        cold = self._cold.understand(text)
        if not cold.candidates or (cold.emergency and cold.decision == "sure"):
            return cold
        judged = self._judge(text, cold)
        if judged.trust == 0.0:
            return cold
        order = sorted(judged.together, key=lambda code: -judged.together[code])
        first = cold.candidates[0].code
        if first not in order[:OFFERED]:  # what was known beforehand is never taken off the keyboard
            order.remove(first)
            order.insert(OFFERED - 1, first)
        order = order[:MOST]
        candidates = tuple(Match(code, round(max(judged.together[code], 1e-4), 4)) for code in order)
        decision = self._decide(candidates[0], cold, judged.trust)
        return Understanding(decision, candidates, cold.emergency, cold.intent, judged.because)

    def judge(self, text: str) -> Judgement:
        """Everything that is weighed for a text."""
        return self._judge(text, self._cold.understand(text))

    def _judge(self, text: str, cold: Understanding) -> Judgement:
        spoken = words(text)
        written = {stem: word for word in reversed(spoken) for stem in self._stems_of(word)}
        stems = [stem for word in spoken for stem in self._stems_of(word)]
        scores = {match.code: match.score for match in cold.candidates}
        before = [scores.get(code, 0.0) for code in self._codes]
        trusted = trust(stems, self._model.words, self._rarest)
        if cold.candidates:
            trusted *= at_home(self._taught[cold.candidates[0].code], before)
        *learned, likeness = self._weigher.margins(stems, spoken, scores)
        trusted *= min(1.0, max(0.0, likeness))
        taught = dict(zip(self._model.categories, learned, strict=True))
        margins = [taught.get(code, ABSENT) for code in self._codes]
        after = together(self._model.mix, trusted, margins, before)
        best = max(zip(after, self._codes, strict=True))[1]
        spoke = [written[stem] for stem in self._weigher.spoke(stems, best)] if best in taught else []
        if cold.candidates and cold.candidates[0].code == best:
            spoke += cold.because
        return Judgement(
            trusted,
            taught,
            scores,
            dict(zip(self._codes, after, strict=True)),
            tuple(dict.fromkeys(spoke))[:BECAUSE],
        )

    def _decide(self, best: Match, cold: Understanding, trusted: float) -> Decision:
        """Stated when the model is at home in these words, or when both say the same."""
        mix = self._model.mix
        if best.score < mix.ask:
            return cold.decision if cold.decision == "unknown" else "ask"
        if best.code == self._fallback or best.score < mix.sure:
            return "ask"
        agree = cold.decision == "sure" and cold.candidates[0].code == best.code
        return "sure" if agree or trusted >= TRUSTED else "ask"
