"""Makes a model out of texts and their categories; the one place that knows scikit-learn."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from msgspec import Struct
from scipy.sparse import vstack
from sklearn.svm import LinearSVC

from learning.corpus import HINTED, Corpus, View, folds, steepness
from learning.lessons import Beforehand, Example, Lesson, Rates, Report, Taught, TooLittle
from learning.mixing import Seen, mixed
from routing.learned import ABSENT, TRUSTED, at_home
from routing.model import FLOOR, Block, Mix, Model, rarest, trust
from routing.normalise import words

FOLDS = 3  # few texts: each third is judged by the other two
MANY = 3_000  # from so many on a fifth is enough to judge by, and quicker
ONE_OF = 5
FEWEST_TEXTS = 100
STIFFNESS = 0.2  # the C of the support vector machine
PHRASES = 80  # so many of the city's own phrases of a category are taught beside the texts,
WORDY = 4  # those of so many words and more,
PHRASE_WEIGHT = 0.12  # each with this much of a text's weight
UNLIKE = 0.05  # share of the texts held out that may read unlike the others
BLUR = 0.2  # and how far below that likeness a model still half speaks
HIGHEST_WEIGHT = 32_767  # whole numbers of 16 bits


def train(examples: Sequence[Example], beforehand: Beforehand) -> Lesson:
    """Learn, judge on what was held out, learn from everything. About 20 s for 10,000 texts.

    examples: in any order, repeats allowed; categories the city does not know must be gone already
    raises: TooLittle
    """
    school = _school(examples, beforehand)
    seen, usual = _held_out(school)
    mix, probabilities = mixed(seen)
    everything = np.arange(school.count)
    view = school.corpus.view(everything)
    model = _model(school, view, _fit(school, view, everything).scaled(usual), mix)
    return Lesson(model, _report(school, seen, probabilities, model))


class _School(Struct, frozen=True):
    """Everything that is fixed before learning. Rows of the corpus: the texts, then some of the city's phrases."""

    beforehand: Beforehand
    codes: tuple[str, ...]  # all of the city
    corpus: Corpus
    count: int
    category: Any
    phrase_category: Any
    stems: list[list[str]]
    cold: list[list[float]]


class _Fitted(Struct, frozen=True):
    """The last row of weights and bias is the likeness to the texts, as a margin."""

    columns: Any  # of the city's categories, those that were taught
    weights: Any  # taught and one x features
    bias: Any

    def scaled(self, usual: float) -> _Fitted:
        """The likeness as `Model` wants it: 1 from `usual` on."""
        weights, bias = self.weights.copy(), self.bias.copy()
        weights[-1] /= BLUR
        bias[-1] = _likeness(bias[-1], usual)
        return _Fitted(self.columns, weights, bias)


def _likeness(margin: Any, usual: float) -> Any:
    return 1.0 + (margin - usual) / BLUR


def _school(examples: Sequence[Example], beforehand: Beforehand) -> _School:
    codes = tuple(beforehand.phrases)
    place = {code: i for i, code in enumerate(codes)}
    unique: dict[tuple[str, str], tuple[Example, list[str]]] = {}
    for example in examples:
        stems_of = list(beforehand.stems(example.text))
        if stems_of:
            unique[" ".join(stems_of), example.category] = example, stems_of
    kept = list(unique.values())
    taught = {example.category for example, _ in kept}
    if len(kept) < FEWEST_TEXTS or len(taught) < 2:
        raise TooLittle(
            f"{len(kept)} different texts of {len(taught)} categories are too few to learn from: "
            f"at least {FEWEST_TEXTS} of two categories are needed, a few thousand are good"
        )
    told = [(code, *said) for code, listed in beforehand.phrases.items() for said in _telling(listed, beforehand)]
    stems = [stemmed for _, stemmed in kept] + [stemmed for *_, stemmed in told]
    texts = [example.text for example, _ in kept] + [phrase for _, phrase, _ in told]
    cold = [_cold(beforehand, text) for text in texts]
    who: dict[str, int] = {}
    sources = [who.setdefault(e.person or f"\0{i}", len(who)) for i, (e, _) in enumerate(kept)]
    sources += range(len(who), len(who) + len(told))
    return _School(
        beforehand,
        codes,
        Corpus(stems, [words(text) for text in texts], sources, cold),
        len(kept),
        np.array([place[example.category] for example, _ in kept]),
        np.array([place[code] for code, *_ in told], dtype=int),
        stems,
        cold,
    )


def _telling(phrases: Sequence[str], beforehand: Beforehand) -> list[tuple[str, list[str]]]:
    """Some of a category's wordy phrases, evenly out of the whole list, with their stems."""
    wordy = [(p, s) for p in phrases if p.count(" ") + 1 >= WORDY and len(s := list(beforehand.stems(p))) >= WORDY]
    return wordy[:: max(1, -(-len(wordy) // PHRASES))]


def _fit(school: _School, view: View, rows: Any) -> _Fitted:
    """A linear support vector machine, one category against all others, from these texts and the city's phrases.

    The phrases keep alive what no text speaks of, and say in which words nobody reports here.
    """
    if not len(view.words):
        raise TooLittle("no word was used by three different people or in three different texts: more texts are needed")
    aside = np.arange(school.count, school.count + len(school.phrase_category))
    features = vstack([school.corpus.matrix(view, rows), school.corpus.matrix(view, aside)]).tocsr()
    category = np.concatenate([school.category[rows], school.phrase_category])
    counts = Counter(school.category[rows].tolist())
    weights = [steepness(counts[c]) for c in school.category[rows].tolist()] + [PHRASE_WEIGHT] * len(aside)
    machine = LinearSVC(C=STIFFNESS, tol=1e-2, random_state=7).fit(features, category, sample_weight=weights)
    by_category, bias = machine.coef_, machine.intercept_
    if len(machine.classes_) == 2:  # scikit-learn then keeps one row for both
        by_category, bias = np.vstack([-by_category, by_category]), bias * [-1, 1]
    alike, alike_bias = _alike(features, len(rows), school.corpus.hints)
    return _Fitted(machine.classes_, np.vstack([by_category, alike]), np.append(bias, alike_bias))


def _alike(features: Any, texts: int, hints: int) -> tuple[Any, float]:
    """Tells texts (the first rows) from phrases by their words alone, both kinds with the same weight together."""
    aside = features.shape[0] - texts
    if not aside:
        return np.zeros(features.shape[1]), 1.0
    spoken = features[:, : features.shape[1] - hints]
    is_text = np.arange(features.shape[0]) < texts
    weights = np.where(is_text, max(1.0, aside / texts), max(1.0, texts / aside))
    machine = LinearSVC(C=STIFFNESS, tol=1e-2, random_state=7).fit(spoken, is_text, sample_weight=weights)
    return np.append(machine.coef_[0], np.zeros(hints)), float(machine.intercept_[0])


def _held_out(school: _School) -> tuple[Seen, float]:
    """Texts judged by a model that has not seen them: all of them where they are few, else one fifth; and the
    likeness that is usual among them."""
    few = school.count < MANY
    part = folds(school.category.tolist(), FOLDS if few else ONE_OF)
    judged = [_judged(school, np.flatnonzero(part == held)) for held in range(FOLDS if few else 1)]
    margins, trusted, cold, right = (np.concatenate(columns) for columns in zip(*judged, strict=True))
    usual = float(np.quantile(margins[:, -1], UNLIKE))
    trusted = trusted * np.clip(_likeness(margins[:, -1], usual), 0.0, 1.0)
    return Seen(margins[:, :-1], trusted, cold, right), usual


def _judged(school: _School, rows: Any) -> tuple[Any, Any, Any, Any]:
    """Margins (the last is the likeness), trust without it, cold evidence and right columns of these texts, by a
    model made of all others."""
    others = np.setdiff1d(np.arange(school.count), rows)
    view = school.corpus.view(others)
    fitted = _fit(school, view, others)
    margins = np.full((len(rows), len(school.codes) + 1), ABSENT)
    margins[:, [*fitted.columns, -1]] = school.corpus.matrix(view, rows) @ fitted.weights.T + fitted.bias
    known = _known(school.corpus.features, view.words, view.rarity)
    most = rarest(known)
    taught = np.bincount(school.category[others], minlength=len(school.codes))
    cold = [school.cold[row] for row in rows]
    home = [at_home(taught[scores.index(max(scores))], scores) for scores in cold]
    trusted = [trust(school.stems[row], known, most) * h for row, h in zip(rows, home, strict=True)]
    return margins, np.array(trusted), np.log(np.array(cold) + FLOOR), school.category[rows]


def _cold(beforehand: Beforehand, text: str) -> list[float]:
    scores = beforehand.cold(text)
    return [scores.get(code, 0.0) for code in beforehand.phrases]


def _model(school: _School, view: View, fitted: _Fitted, mix: Mix) -> Model:
    weights = fitted.weights.T  # features x taught
    at, end = len(view.words), len(view.words) + len(view.pieces)
    counts = np.bincount(school.category, minlength=len(school.codes))[fitted.columns]
    return Model(
        school.beforehand.city,
        tuple(school.codes[column] for column in fitted.columns),
        tuple(counts.tolist()),
        tuple(round(float(b), 6) for b in fitted.bias),
        _known(school.corpus.features, view.words, view.rarity, weights[:at]),
        _known(school.corpus.pieces, view.pieces, view.piece_rarity, weights[at:end]),
        _known(school.codes, np.arange(len(school.codes)), np.full(len(school.codes), HINTED), weights[end:]),
        mix,
    )


def _known(listed: Sequence[str], kept: Any, rarity: Any, weights: Any = None) -> Block:
    places = {listed[column]: i for i, column in enumerate(kept.tolist())}
    rounded = [round(float(r), 4) for r in rarity]
    if weights is None:
        return Block(places, rounded, array("h"), 1.0)
    heavy = weights * np.asarray(rounded)[:, None]
    scale = max(float(np.abs(heavy).max(initial=0.0)), 1e-9) / HIGHEST_WEIGHT
    return Block(places, rounded, array("h", np.rint(heavy / scale).astype(np.int16).tobytes()), scale)


def _report(school: _School, seen: Seen, probabilities: Any, model: Model) -> Report:
    stated = (probabilities.max(axis=1) >= model.mix.sure) & (seen.trusted >= TRUSTED)
    hit = probabilities.argmax(axis=1) == seen.right
    cold_hit = _hits(seen.cold, seen.right)[0]
    taught = []
    for column, code in enumerate(school.codes):
        its = seen.right == column
        if its.any():
            taught.append(Taught(code, int(its.sum()), float(cold_hit[its].mean()), float(hit[its].mean())))
    return Report(
        texts=school.count,
        judged=len(seen.right),
        cold=_rates(seen.cold, seen.right),
        learned=_rates(seen.margins, seen.right),
        together=_rates(probabilities, seen.right),
        sure=float(stated.mean()),
        right=float(hit[stated].mean()) if stated.any() else 0.0,
        features=(len(model.words.places), len(model.pieces.places)),
        categories=tuple(sorted(taught, key=lambda t: -t.texts)),
    )


def _hits(scores: Any, right: Any) -> tuple[Any, Any]:
    """Whether the right category comes first, and is among three; never where nothing is known at all."""
    says = scores.max(axis=1) > scores.min(axis=1)
    order = np.argsort(-scores, axis=1, kind="stable")[:, :3]
    return says & (order[:, 0] == right), says & (order == right[:, None]).any(axis=1)


def _rates(scores: Any, right: Any) -> Rates:
    first, three = _hits(scores, right)
    return Rates(float(first.mean()), float(three.mean()))
