"""Marks are counted as one would count them by hand."""

import pytest

from routing.measure import Answer, Question, mark, mistakes
from routing.measure_place import Spot, place_outcome
from routing.place import Kelurahan, PlaceGuess
from routing.place_reading import PlaceReading

NO_PLACE = PlaceReading()
HALIM = Kelurahan("1", "Jatiasih", "Jatiasih", "17423", -6.3, 106.9)
MEKAR = Kelurahan("2", "Jatimekar", "Jatiasih", "17422", -6.3, 106.9)
KRANJI = Kelurahan("3", "Kranji", "Bekasi Barat", "17135", -6.2, 106.9)


def said(*codes, decision="ask", agencies=("A", "A"), intent="report", danger=None, place=NO_PLACE):
    return Answer(codes, decision, agencies, intent, danger, place)


def test_first_guess_three_guesses_and_offices():
    marks = mark(
        [
            (Question("PJU"), said("PJU", "RAMBU", decision="sure")),
            (Question("PJU"), said("RAMBU", "MACET", "PJU", agencies=("A", "A"))),
            (Question("AIR"), said("PJU", "RAMBU", "MACET", "AIR", decision="sure", agencies=("A", "B"))),
            (Question("AIR"), said(decision="unknown", agencies=(None, "B"))),
        ]
    ).category
    assert (marks.n, marks.top1, marks.top3, marks.agency_top1) == (4, 0.25, 0.5, 0.5)
    assert marks.macro_recall == 0.25  # (1/2 + 0/2) / 2
    assert (marks.sure.coverage, marks.sure.precision) == (0.5, 0.5)
    assert marks.decisions == {"sure": 0.5, "ask": 0.25, "unknown": 0.25}
    assert {(c.right, c.said, c.n) for c in marks.confusions} == {
        ("PJU", "RAMBU", 1),
        ("AIR", "PJU", 1),
        ("AIR", "", 1),
    }


def test_two_who_are_both_unknown_are_not_the_same_office():
    assert mark([(Question("AIR"), said(agencies=(None, None)))]).category.agency_top1 == 0.0


def test_never_sure_has_no_precision():
    assert mark([(Question("AIR"), said("AIR"))]).category.sure.precision is None


def test_what_is_not_asked_is_not_marked():
    marks = mark([(Question("AIR"), said("AIR"))])
    assert (marks.intent, marks.danger, marks.place) == (None, None, None)
    assert mark([]).category is None


def test_any_of_several_intents_will_do():
    marks = mark(
        [
            (Question(intents=("info", "help")), said(intent="help")),
            (Question(intents=("report",)), said(intent="info")),
        ]
    ).intent
    assert (marks.accuracy, marks.recall, marks.reports_taken_as_reports) == (0.5, {"info": 1.0, "report": 0.0}, 0.0)


def test_danger_recall_precision_and_kind():
    marks = mark(
        [
            (Question(dangers=("fire",)), said(danger="fire")),
            (Question(dangers=("fire", "live_wire")), said(danger="live_wire")),
            (Question(dangers=("medical",)), said(danger="crime")),
            (Question(dangers=("medical",)), said()),
            (Question(dangers=()), said()),
            (Question(dangers=(), hard=True), said(danger="fire")),
            (Question(dangers=(), hard=True), said()),
            (Question(dangers=None), said(danger="fire")),
        ]
    ).danger
    assert (marks.n, marks.in_danger, marks.recall, marks.precision) == (7, 4, 0.75, 0.75)
    assert marks.kind_right == pytest.approx(2 / 3, abs=1e-3)
    assert (marks.hard_negatives, marks.hard_negatives_silent) == (2, 0.5)
    assert marks.recall_by_kind == {"fire": 1.0, "medical": 0.5}


def guess(k=None, kecamatan=""):
    return PlaceGuess(k, k.kecamatan if k else kecamatan, 0.9)


@pytest.mark.parametrize(
    ("spot", "read", "outcome"),
    [
        (Spot("Kranji", "Bekasi Barat"), PlaceReading((guess(KRANJI),)), "right"),
        (Spot("Kranji", "Bekasi Barat"), PlaceReading((guess(MEKAR),)), "silently_wrong"),
        (Spot("Kranji", "Bekasi Barat"), PlaceReading((guess(MEKAR), guess(KRANJI))), "asked"),
        (Spot("Kranji", "Bekasi Barat"), PlaceReading((guess(MEKAR), guess(HALIM))), "misled"),
        (Spot("Kranji", "Bekasi Barat"), PlaceReading(), "asked"),
        (Spot("Kranji", "Bekasi Barat"), PlaceReading((guess(kecamatan="Bekasi Barat"),)), "asked"),
        (Spot("Kranji", "Bekasi Barat"), PlaceReading((guess(kecamatan="Jatiasih"),)), "misled"),
        (Spot("Kranji", "Bekasi Barat"), PlaceReading(outside="Bogor"), "silently_wrong"),
        (Spot(kecamatan="Jatiasih"), PlaceReading((guess(kecamatan="Jatiasih"),)), "right"),
        (Spot(kecamatan="Jatiasih"), PlaceReading((guess(MEKAR), guess(HALIM))), "asked"),
        (Spot(kecamatan="Jatiasih"), PlaceReading((guess(HALIM),)), "silently_wrong"),
        (Spot(outside=True), PlaceReading(outside="Bogor"), "right"),
        (Spot(outside=True), PlaceReading(), "asked"),
        (Spot(outside=True), PlaceReading((guess(HALIM),)), "silently_wrong"),
        (Spot(outside=True), PlaceReading((guess(HALIM), guess(MEKAR))), "misled"),
        (Spot(), PlaceReading(), "right"),
        (Spot(), PlaceReading((guess(HALIM),)), "silently_wrong"),
        (Spot(), PlaceReading((guess(HALIM), guess(MEKAR))), "misled"),
        (Spot(), PlaceReading(outside="Bogor"), "silently_wrong"),
    ],
)
def test_a_place_is_right_asked_misled_or_silently_wrong(spot, read, outcome):
    assert place_outcome([spot], read) == outcome


def test_of_several_right_places_the_best_counts():
    both = [Spot("Jatiasih", "Jatiasih"), Spot(kecamatan="Jatiasih")]
    assert place_outcome(both, PlaceReading((guess(kecamatan="Jatiasih"),))) == "right"
    marks = mark([(Question("AIR", places=tuple(both)), said("AIR", place=PlaceReading((guess(HALIM),))))]).place
    assert (marks.right, marks.right_or_asked, marks.silently_wrong) == (1.0, 1.0, 0.0)


def test_mistakes_name_what_is_right_and_what_was_said():
    asked = Question("AIR", ("report",), ("fire",), places=(Spot(outside=True), Spot(), Spot(kecamatan="Jatiasih")))
    assert mistakes((asked, said("PJU", "AIR", intent="info", place=PlaceReading((guess(KRANJI),))))) == [
        ("category", "AIR", "PJU AIR"),
        ("intent", "report", "info"),
        ("danger", "fire", ""),
        ("place", "outside/none/kec:Jatiasih", "silently_wrong: Kranji"),
    ]
    assert mistakes((Question("AIR", places=(Spot("Kranji", "Bekasi Barat"),)), said("AIR"))) == []
