"""How far to trust what was learned beside what was known: found by likelihood on texts the model had not seen."""

from __future__ import annotations

from typing import Any

import numpy as np
from msgspec import Struct
from scipy.optimize import minimize

from routing.learned import TRUSTED
from routing.model import Mix

SURE_AIM = 0.97  # what is stated must be right so often here, so that it is right in 0.95 of new texts
LEAST_SURE = 30  # texts; fewer prove nothing
NEVER = 1.1  # a probability nothing reaches
GUESS_WORTH = 0.5  # three guesses are offered when the right one is among them at least so often
ASK_RANGE = (0.04, 0.3)
STRAY = 1.0  # how hard the numbers are pulled towards zero


class Seen(Struct, frozen=True):
    """Texts x categories, each text judged by a model without it.

    cold: logarithms of the scores; trusted: one number a text; right: the column of the right category
    """

    margins: Any
    trusted: Any
    cold: Any
    right: Any

    def part(self, rows: Any) -> Seen:
        return Seen(self.margins[rows], self.trusted[rows], self.cold[rows], self.right[rows])


def mixed(seen: Seen) -> tuple[Mix, Any]:
    """The mix, and honest probabilities: each half of the texts by the numbers found on the other half."""
    halves = np.arange(len(seen.right)) % 2 == 0
    probabilities = np.zeros_like(seen.margins)
    for judged, taught in ((halves, ~halves), (~halves, halves)):
        probabilities[judged] = _probabilities(seen.part(judged), _numbers(seen.part(taught)))
    learned, cold = (round(float(n), 4) for n in _numbers(seen))
    sure, ask = _sure(probabilities, seen), _ask(probabilities, seen.right)
    return Mix(learned, cold, sure, ask), probabilities


def _parts(seen: Seen, numbers: Any) -> tuple[Any, Any, Any]:
    """What the two numbers multiply, and the two parts that are added up: the formula of `routing.model.Mix`."""
    slopes = np.stack([seen.margins, seen.cold], axis=-1)
    trusted = seen.trusted[:, None]
    return slopes, trusted * _shares(slopes @ numbers), (1.0 - trusted) * _shares(seen.cold)


def _shares(logits: Any) -> Any:
    return np.exp(logits - np.logaddexp.reduce(logits, axis=1, keepdims=True))


def _numbers(seen: Seen) -> Any:
    texts = np.arange(len(seen.right))

    def loss(numbers: Any) -> tuple[float, Any]:
        slopes, taught, untaught = _parts(seen, numbers)
        whole = (taught + untaught)[texts, seen.right]
        by_model = taught[texts, seen.right] / whole  # how far each right answer is the model's merit
        expected = np.einsum("nk,nkf->nf", _shares(slopes @ numbers), slopes)
        gradient = by_model @ (expected - slopes[texts, seen.right]) + STRAY * numbers
        return -np.log(whole).sum() + 0.5 * STRAY * float(numbers @ numbers), gradient

    return minimize(loss, np.array([4.0, 0.3]), jac=True, method="L-BFGS-B").x


def _probabilities(seen: Seen, numbers: Any) -> Any:
    _, taught, untaught = _parts(seen, numbers)
    return taught + untaught


def _sure(probabilities: Any, seen: Seen) -> float:
    """The lowest probability from which on stated guesses are right often enough."""
    alone = seen.trusted >= TRUSTED
    best = probabilities.max(axis=1)[alone]
    hit = (probabilities.argmax(axis=1) == seen.right)[alone]
    order = np.argsort(-best)
    share = np.cumsum(hit[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(share >= SURE_AIM)
    if not len(good) or good[-1] + 1 < LEAST_SURE:
        return NEVER
    return round(float(best[order[good[-1]]]), 4)


def _ask(probabilities: Any, right: Any) -> float:
    """The highest probability below which even three guesses are mostly wrong."""
    best = probabilities.max(axis=1)
    among = (np.argsort(-probabilities, axis=1)[:, :3] == right[:, None]).any(axis=1)
    order = np.argsort(best)
    share = np.cumsum(among[order]) / np.arange(1, len(order) + 1)
    poor = np.flatnonzero(share < GUESS_WORTH)
    found = float(best[order[poor[-1]]]) if len(poor) else 0.0
    return round(min(max(found, ASK_RANGE[0]), ASK_RANGE[1]), 4)
