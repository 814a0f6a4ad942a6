"""Cues shared by all cities, and a city's own beside them."""

from collections import Counter

import pytest

from cities.errors import CityError
from cities.intents import intents
from cities.loader import HERE
from routing.intent import INTENTS


def _cues(words, intent):
    return next(cue.phrases for cue in words.cues if cue.intent == intent)


def test_every_intent_but_reports_has_sure_cues(tmp_path):
    words = intents(tmp_path)
    assert all(cue.phrases["sure"] for cue in words.cues)


def test_a_city_adds_cues_and_takes_away_what_means_something_else_there(tmp_path):
    shared = _cues(intents(tmp_path), "thanks")["likely"]
    own = f'[thanks]\nlikely = ["bujur melala"]\n[groups]\nmakasih = ["bujur"]\n[without]\nphrases = ["{shared[0]}"]\n'
    (tmp_path / "intents.toml").write_text(own, "utf-8")
    words = intents(tmp_path)
    assert _cues(words, "thanks")["likely"] == (*shared[1:], "bujur melala")
    assert "bujur" in words.groups["makasih"]


@pytest.mark.parametrize(
    ("own", "problem"),
    [
        ('[thank]\nsure = ["x"]', "thank is no intent"),
        ('[thanks]\nsurely = ["x"]', "surely is no strength"),
        ('[groups]\nmakasih = ["dua kata"]', "single words"),
        ('[thanks]\nsure = ["<tidakada> banget"]', "intents.toml.*<tidakada>.*makasih"),
    ],
)
def test_a_mistake_is_named_with_its_remedy(tmp_path, own, problem):
    (tmp_path / "intents.toml").write_text(own, "utf-8")
    with pytest.raises(CityError, match=problem):
        intents(tmp_path)


def test_every_kind_has_many_sentences_and_each_stands_once():
    told = intents(HERE / "kota-bekasi").sentences
    assert set(told) == set(INTENTS)
    assert min(map(len, told.values())) >= 250
    counted = Counter(sentence.casefold() for listed in told.values() for sentence in listed)
    assert not [sentence for sentence, n in counted.items() if n > 1]


def test_a_city_tells_sentences_of_its_own(tmp_path):
    (tmp_path / "kinds").mkdir()
    (tmp_path / "kinds" / "thanks.txt").write_text("# Melayu Jambi\nterimo kasih nian\n", "utf-8")
    shared, own = intents(HERE / "kota-bekasi").sentences, intents(tmp_path).sentences
    assert own["thanks"] == (*shared["thanks"], "terimo kasih nian")


def test_sentences_in_a_file_of_no_kind_are_not_lost_silently(tmp_path):
    (tmp_path / "kinds").mkdir()
    (tmp_path / "kinds" / "thank.txt").write_text("nuhun\n", "utf-8")
    with pytest.raises(CityError, match=r"thank\.txt.*no kind of message.*thanks"):
        intents(tmp_path)
