"""Learning: what comes of it, what never enters a model, and that what is read gives what was learned."""

import numpy as np
import pytest

from learning.corpus import HINTED, Corpus, folds
from learning.lessons import Beforehand, Example, Lesson, TooLittle
from routing.model import Weigher
from tests.learning.conftest import cold, reports, stems, train


def test_it_learns_words_nobody_had_told(lesson: Lesson) -> None:
    report = lesson.report
    assert report.texts == report.judged == 240
    assert report.cold.first < 0.5 < 0.95 < report.together.first
    assert report.better
    assert report.right >= 0.95
    assert report.sure > 0.5
    assert {t.category: t.texts for t in report.categories} == {"LAMP": 80, "ROAD": 80, "WASTE": 80}


def test_many_texts_are_judged_by_a_fifth(beforehand: Beforehand) -> None:
    many = [Example(f"{e.text} {'x' * (i % 40)}y", e.category) for i, e in enumerate(reports(3600, 2))]
    report = train(many, beforehand).report
    assert report.texts >= 3000
    assert report.judged == pytest.approx(report.texts / 5, abs=5)
    assert report.together.first > 0.95


def test_the_same_texts_give_the_same_model(beforehand: Beforehand, lesson: Lesson) -> None:
    again = train(reports(240), beforehand).model
    assert again == lesson.model


def test_repeats_count_once(beforehand: Beforehand, lesson: Lesson) -> None:
    assert train(reports(240) * 3, beforehand).model == lesson.model


def test_a_word_of_two_people_never_enters(beforehand: Beforehand) -> None:
    """Budi is in nine reports, but all by two people; Sari was named by three."""
    named = [Example(f"{e.text} budiman", e.category, f"person {i % 2}") for i, e in enumerate(reports(9, 3))]
    named += [Example(f"{e.text} sarinah", e.category, f"person {i % 3}") for i, e in enumerate(reports(9, 4))]
    model = train(reports(240) + named, beforehand).model
    for block in (model.words, model.pieces):
        assert not [feature for feature in block.places if "budi" in feature]
    assert "sarinah" in model.words.places


def test_too_little_is_said(beforehand: Beforehand) -> None:
    with pytest.raises(TooLittle, match="99 different texts of 3 categories are too few"):
        train(reports(99), beforehand)
    with pytest.raises(TooLittle, match="of 1 categories"):
        train([Example(f"{e.text} z{i}", "LAMP") for i, e in enumerate(reports(200))], beforehand)
    with pytest.raises(TooLittle, match="no word was used by three"):
        train([Example(e.text, e.category, "one person") for e in reports(200)], beforehand)


def test_what_is_read_gives_what_was_learned(beforehand: Beforehand, lesson: Lesson) -> None:
    """The plain reader of `routing.model` and the matrices of `learning.corpus` are the same arithmetic."""
    texts = [e.text for e in reports(240)]
    spoken = [stems(text) for text in texts]
    scores = [[cold(text).get(code, 0.0) for code in beforehand.phrases] for text in texts]
    corpus = Corpus(spoken, spoken, list(range(240)), scores)
    view = corpus.view(np.arange(240))
    model = lesson.model
    assert len(view.words) == len(model.words.places)
    width = len(model.categories) + 1
    weights = []
    for block, columns, names, rarity in (
        (model.words, view.words, corpus.features, view.rarity),
        (model.pieces, view.pieces, corpus.pieces, view.piece_rarity),
    ):
        rows = [np.array(block.row(block.places[names[c]], width)) * block.scale for c in columns]
        weights.append(np.array(rows) / rarity[:, None])
    hints = [np.array(model.hints.row(model.hints.places[code], width)) for code in beforehand.phrases]
    weights.append(np.array(hints) * model.hints.scale / HINTED)
    expected = corpus.matrix(view, np.arange(20)) @ np.vstack(weights) + np.array(model.bias)
    weigher = Weigher(model)
    got = [weigher.margins(stems(text), stems(text), cold(text)) for text in texts[:20]]
    assert np.abs(expected - np.array(got)).max() < 0.01


def test_folds_spread_every_category() -> None:
    part = folds([0] * 9 + [1] * 3, 3)
    assert [sorted(part[:9]).count(k) for k in range(3)] == [3, 3, 3]
    assert sorted(part[9:]) == [0, 1, 2]
    assert (part == folds([0] * 9 + [1] * 3, 3)).all()


def test_two_categories_are_enough(beforehand: Beforehand) -> None:
    two = Beforehand("kota-anu", {"LAMP": ["lampu"], "ROAD": ["jalan"]}, stems, cold)
    report = train([e for e in reports(360) if e.category != "WASTE"], two).report
    assert report.together.first > 0.95


def test_it_speaks_only_where_a_message_reads_like_the_reports(beforehand: Beforehand) -> None:
    """Words that only the city's phrases use are not this model's business, and the cold answer stands."""
    said = ["bapak mohon segera dibantu", "ibu mohon segera dibantu", "kakak mohon segera dibantu"]
    phrases = {**beforehand.phrases, "FIRE": [f"{phrase} kompor" for phrase in said * 3]}
    model = train(reports(240), Beforehand("kota-anu", phrases, stems, cold)).model
    weigher = Weigher(model)
    alike, foreign = (weigher.margins(stems(text), stems(text), {})[-1] for text in (reports(1, 9)[0].text, said[0]))
    assert foreign <= 0.0 < 1.0 <= alike


def test_it_hears_what_the_citys_words_say(lesson: Lesson) -> None:
    weigher = Weigher(lesson.model)
    unheard, heard = (dict(zip(lesson.model.categories, weigher.margins(["depan"], ["depan"], guess), strict=False))
                      for guess in ({}, {"WASTE": 0.9}))  # fmt: skip
    assert heard["WASTE"] > unheard["WASTE"]
    assert weigher.margins(["depan"], ["depan"], {"UNHEARD-OF": 0.9}) == weigher.margins(["depan"], ["depan"], {})
