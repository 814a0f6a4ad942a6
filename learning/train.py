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
from routing.learned import ABSENT, FLOOR, TRUSTED, at_home
from routing.model import Block, Mix, Model, rarest, trust
from routing.normalise import words

FOLDS = 3  # few texts: each third is judged by the other two
MANY = 3_000  # from so many on a fifth is enough to judge by, and quicker
ONE_OF = 5
FEWEST_TEXTS = 100
STIFFNESS = 0.3  # the C of the support vector machine
PHRASE_WEIGHT = 0.22  # one of the city's own phrases beside one real text
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
    return Lesson(model, _report(school, seen, probabilities, model))


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
    texts: list[str]


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
        texts[: len(kept)],
    )


def _fit(school: _School, view: View, rows: Any) -> _Fitted:
    """A linear support vector machine, one category against all others, from these texts and the city's phrases."""
    if not len(view.words):
        raise TooLittle("no word was used by three different people or in three different texts: more texts are needed")
    aside = np.arange(school.count, school.count + len(school.phrase_category))
    features = vstack([school.corpus.matrix(view, rows), school.corpus.matrix(view, aside)]).tocsr()
    category = np.concatenate([school.category[rows], school.phrase_category])
    counts = Counter(school.category[rows].tolist())
    weights = [steepness(counts[c]) for c in school.category[rows].tolist()] + [PHRASE_WEIGHT] * len(aside)
    machine = LinearSVC(C=STIFFNESS, tol=1e-2, random_state=7).fit(features, category, sample_weight=weights)
    if len(machine.classes_) == 2:  # scikit-learn then keeps one row for both
        return _Fitted(machine.classes_, np.vstack([-machine.coef_, machine.coef_]), machine.intercept_ * [-1, 1])
    return _Fitted(machine.classes_, machine.coef_, machine.intercept_)


def _held_out(school: _School) -> Seen:
    """Texts judged by a model that has not seen them: all of them where they are few, else one fifth."""
    few = school.count < MANY
    part = folds(school.category.tolist(), FOLDS if few else ONE_OF)
    judged = [_judged(school, np.flatnonzero(part == held)) for held in range(FOLDS if few else 1)]
    return Seen(*(np.concatenate(columns) for columns in zip(*judged, strict=True)))


def _judged(school: _School, rows: Any) -> tuple[Any, Any, Any, Any]:
    """Margins, trust, cold evidence and right columns of these texts, by a model made of all others."""
    others = np.setdiff1d(np.arange(school.count), rows)
    view = school.corpus.view(others)
    fitted = _fit(school, view, others)
    margins = np.full((len(rows), len(school.codes)), ABSENT)
    margins[:, fitted.columns] = school.corpus.matrix(view, rows) @ fitted.weights.T + fitted.bias
    known = _known(school.corpus.features, view.words, view.rarity)
    most = rarest(known)
    taught = np.bincount(school.category[others], minlength=len(school.codes))
    cold = [_cold(school, school.texts[row]) for row in rows]
    home = [at_home(taught[scores.index(max(scores))], scores) for scores in cold]
    trusted = [trust(school.stems[row], known, most) * h for row, h in zip(rows, home, strict=True)]
    return margins, np.array(trusted), np.log(np.array(cold) + FLOOR), school.category[rows]


def _cold(school: _School, text: str) -> list[float]:
    scores = school.beforehand.cold(text)
    return [scores.get(code, 0.0) for code in school.codes]


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
