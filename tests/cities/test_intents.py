"""Cues shared by all cities, and a city's own beside them."""

import pytest

from cities.errors import CityError
from cities.intents import intents


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
    ],
)
def test_a_mistake_is_named_with_its_remedy(tmp_path, own, problem):
    (tmp_path / "intents.toml").write_text(own, "utf-8")
    with pytest.raises(CityError, match=problem):
        intents(tmp_path)
