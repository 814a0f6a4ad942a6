"""Makes a model out of texts and their categories; the one place that knows scikit-learn."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import vstack
from sklearn.svm import LinearSVC

from learning.corpus import Corpus, View, folds, steepness
from learning.lessons import Beforehand, Example, Lesson, Rates, Report, Taught, TooLittle
from learning.mixing import Seen, mixed
from routing.learned import ABSENT, FLOOR
from routing.model import Block, Mix, Model, trust
from routing.normalise import words

FOLDS = 3
FEWEST_TEXTS = 100
STIFFNESS = 0.3  # the C of the support vector machine
PHRASE_WEIGHT = 0.3  # one of the city's own phrases beside one real text
HIGHEST_WEIGHT = 32_767  # whole numbers of 16 bits


def train(examples: Sequence[Example], beforehand: Beforehand) -> Lesson:
    """Learn, judge on what was held out, learn from everything. About 20 s for 10,000 texts.

    examples: in any order, repeats allowed; categories the city does not know must be gone already
    raises: TooLittle
    """
    school = _school(examples, beforehand)
    seen = _held_out(school)
    mix, probabilities = mixed(seen)
    everything = np.arange(school.count)
    view = school.corpus.view(everything)
    model = _model(school, view, _fit(school, view, everything), mix)
    return Lesson(model, _report(school, seen, probabilities, mix, model))


@dataclass(frozen=True, slots=True)
class _School:
    """Everything that is fixed before learning. Rows of the corpus: the texts, then the city's phrases."""

    beforehand: Beforehand
    codes: tuple[str, ...]  # all of the city
    corpus: Corpus
    count: int
    category: Any
    phrase_category: Any
    stems: list[list[str]]
    cold: Any


@dataclass(frozen=True, slots=True)
class _Fitted:
    columns: Any  # of the city's categories, those that were taught
    weights: Any  # taught x features
    bias: Any


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
    spoken_phrases = [(code, phrase) for code, listed in beforehand.phrases.items() for phrase in listed]
    texts = [example.text for example, _ in kept] + [phrase for _, phrase in spoken_phrases]
    stems = [stemmed for _, stemmed in kept] + [list(beforehand.stems(phrase)) for _, phrase in spoken_phrases]
    who: dict[str, int] = {}
    sources = [who.setdefault(e.person or f"\0{i}", len(who)) for i, (e, _) in enumerate(kept)]
    sources += range(len(who), len(who) + len(spoken_phrases))
    return _School(
        beforehand,
        codes,
        Corpus(stems, [words(text) for text in texts], sources),
        len(kept),
        np.array([place[example.category] for example, _ in kept]),
        np.array([place[code] for code, _ in spoken_phrases], dtype=int),
        stems[: len(kept)],
        np.array([_cold(beforehand, codes, example.text) for example, _ in kept]),
    )


def _cold(beforehand: Beforehand, codes: Sequence[str], text: str) -> list[float]:
    scores = beforehand.cold(text)
    return [scores.get(code, 0.0) for code in codes]


def _fit(school: _School, view: View, rows: Any) -> _Fitted:
    """A linear support vector machine, one category against all others, from these texts and the city's phrases."""
    aside = np.arange(school.count, school.count + len(school.phrase_category))
    features = vstack([school.corpus.matrix(view, rows), school.corpus.matrix(view, aside)]).tocsr()
    category = np.concatenate([school.category[rows], school.phrase_category])
    counts = Counter(school.category[rows].tolist())
    weights = [steepness(counts[c]) for c in school.category[rows].tolist()] + [PHRASE_WEIGHT] * len(aside)
    machine = LinearSVC(C=STIFFNESS, tol=1e-3, random_state=7).fit(features, category, sample_weight=weights)
    if len(machine.classes_) == 2:  # scikit-learn then keeps one row for both
        return _Fitted(machine.classes_, np.vstack([-machine.coef_, machine.coef_]), machine.intercept_ * [-1, 1])
    return _Fitted(machine.classes_, machine.coef_, machine.intercept_)


def _held_out(school: _School) -> Seen:
    """Every text by a model that has not seen it."""
    margins = np.full((school.count, len(school.codes)), ABSENT)
    trusted = np.zeros(school.count)
    lessons = np.zeros((school.count, len(school.codes)))
    part = folds(school.category.tolist(), FOLDS)
    for held in range(FOLDS):
        rows, others = np.flatnonzero(part == held), np.flatnonzero(part != held)
        view = school.corpus.view(others)
        fitted = _fit(school, view, others)
        margins[np.ix_(rows, fitted.columns)] = school.corpus.matrix(view, rows) @ fitted.weights.T + fitted.bias
        known = _known(school.corpus.features, view.words, view.rarity)
        trusted[rows] = [trust(school.stems[row], known) for row in rows]
        lessons[rows] = np.bincount(school.category[others], minlength=len(school.codes))
    return Seen(margins, trusted, lessons, np.log(school.cold + FLOOR), school.category)


def _model(school: _School, view: View, fitted: _Fitted, mix: Mix) -> Model:
    weights = fitted.weights.T  # features x taught
    at = len(view.words)
    counts = np.bincount(school.category, minlength=len(school.codes))[fitted.columns]
    return Model(
        school.beforehand.city,
        tuple(school.codes[column] for column in fitted.columns),
        tuple(counts.tolist()),
        tuple(round(float(b), 6) for b in fitted.bias),
        _known(school.corpus.features, view.words, view.rarity, weights[:at]),
        _known(school.corpus.pieces, view.pieces, view.piece_rarity, weights[at:]),
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


def _report(school: _School, seen: Seen, probabilities: Any, mix: Mix, model: Model) -> Report:
    right = school.category
    stated = probabilities.max(axis=1) >= mix.sure
    hit = probabilities.argmax(axis=1) == right
    cold_hit = (school.cold.argmax(axis=1) == right) & (school.cold.max(axis=1) > 0)
    taught = []
    for column, code in enumerate(school.codes):
        its = right == column
        if its.any():
            taught.append(Taught(code, int(its.sum()), float(cold_hit[its].mean()), float(hit[its].mean())))
    return Report(
        texts=school.count,
        cold=_rates(school.cold, right),
        learned=_rates(seen.margins, right),
        together=_rates(probabilities, right),
        sure=float(stated.mean()),
        right=float(hit[stated].mean()) if stated.any() else 0.0,
        features=(len(model.words.places), len(model.pieces.places)),
        categories=tuple(sorted(taught, key=lambda t: -t.texts)),
    )


def _rates(scores: Any, right: Any) -> Rates:
    order = np.argsort(-scores, axis=1, kind="stable")[:, :3]
    return Rates(float((order[:, 0] == right).mean()), float((order == right[:, None]).any(axis=1).mean()))
