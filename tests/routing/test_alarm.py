"""Danger is told from calm by whole sentences, and by the little words in them."""

import pytest

from routing.alarm import DangerSense, Lesson
from routing.normalise import Lexicon, Normaliser, tokenise

DANGER = ("bapak ambruk di dapur tidak bangun", "anak jatuh ke kolam tidak bangun")
FIRE = ("dapur merah menyala", "atap merah menyala")
CALM = ("bapak ambruk tahun lalu sudah sehat", "dapur minta dibangun", "atap minta dibangun")


@pytest.fixture
def sense() -> DangerSense:
    lexicon = Lexicon({}, frozenset(), frozenset({"di", "tidak"}))
    normaliser = Normaliser(lexicon, {"bapak", "anak", "dapur", "atap", "merah", "nyala", "bangun"})
    lessons = (Lesson("medical", DANGER), Lesson("fire", FIRE), Lesson(None, CALM))
    return DangerSense(lessons, normaliser, aside=("pak",))


def danger(sense: DangerSense, text: str) -> float:
    return sense.danger(sense.features(tokenise(text)))


def test_a_sentence_like_those_of_danger_weighs_more_than_nothing_and_a_calm_one_less(sense):
    assert danger(sense, "ibu tidak bangun") > 0 > danger(sense, "atap minta dibangun tahun lalu")


def test_little_words_count_and_every_word_for_not_is_one(sense):
    assert danger(sense, "gak bangun") == danger(sense, "tidak bangun") > danger(sense, "bangun")


def test_words_of_address_say_nothing(sense):
    assert danger(sense, "pak tidak bangun") == danger(sense, "tidak bangun")


def test_a_pair_does_not_reach_over_the_end_of_a_sentence(sense):
    assert danger(sense, "tidak bangun") > danger(sense, "tidak. bangun")


def test_a_slip_is_taken_for_the_word_it_nearly_is(sense):
    assert danger(sense, "kolamm") == danger(sense, "kolam") > 0


def test_each_kind_speaks_for_itself(sense):
    kinds = sense.kinds(sense.features(tokenise("merah menyala")))
    assert max(kinds, key=lambda kind: kinds[kind]) == "fire"


def test_unknown_words_and_nothing_at_all_weigh_nothing(sense):
    assert danger(sense, "qqqqq") == danger(sense, "") == 0.0


def test_unknown_words_do_not_dilute_what_the_others_say(sense):
    assert danger(sense, "qqqqq ibu tidak bangun zzzzz") == danger(sense, "ibu tidak bangun") > 0


def test_without_lessons_nothing_is_taught():
    untaught = DangerSense((), Normaliser(Lexicon({}, frozenset(), frozenset()), ()))
    assert not untaught.taught
    assert danger(untaught, "kebakaran") == 0.0
