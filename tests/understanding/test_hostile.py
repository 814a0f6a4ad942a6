"""Whatever is sent, an answer comes back: nothing crashes, scores stay scores, codes are the city's."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from routing.intent import INTENTS

ODD = {
    "nothing": "",
    "blanks": " \n\t\u00a0\u3000",
    "emoji": "😀🔥💧" * 300,
    "one long word": "a" * 8000,
    "8,000 characters of words": "jalan rusak parah sekali pak " * 276,
    "digits": "0812345678901234567890" * 100,
    "marks": "?!.,;:-_/\\()[]{}<>|&%$#@*+=~`^'\"" * 50,
    "nul": "banjir\x00 di\x00 rumah",
    "lone surrogate": "\ud800 banjir \udfff",
    "zero width": "b\u200ba\u200bn\u200bj\u200bi\u200br",
    "right to left": "\u202eriijnab\u202c الطريق مكسور",
    "combining marks": "b\u0301a\u0327n\u0308jir" + "\u0301" * 500,
    "japanese": "道路が壊れています",
    "english": "there is a huge hole in the road in front of my house",
    "russian": "Дорога разбита, помогите пожалуйста",
    "javanese letters": "ꦢꦭꦤ꧀ꦫꦸꦱꦏ꧀",
    "html": "<script>alert('banjir')</script>",
    "sql": "'; DROP TABLE tickets; --",
    "json": '{"text": "banjir"}',
    "wide letters": "\uff22\uff21\uff2e\uff2a\uff29\uff32",
    "bold letters": "𝗯𝗮𝗻𝗷𝗶𝗿 di 𝓻𝓾𝓶𝓪𝓱",
    "same word": "banjir " * 1000,
    "line breaks": "banjir\r\n\r\n\u2028\u2029\x85rumah",
}
LETTERS = st.text(max_size=300)
WORDS = st.lists(
    st.sampled_from(
        "tolong pak jalan rusak banjir lampu mati api rumah di kelurahan kranji rt 03 tidak ada 2x km!! kec".split()
    ),
    max_size=60,
).map(" ".join)


def check(city, text):
    understood = city.understander.understand(text)
    assert understood.decision in ("sure", "ask", "unknown")
    assert understood.intent in INTENTS
    assert all(match.code in city.catalogue.categories for match in understood.candidates)
    assert all(0.0 <= match.score <= 1.0 for match in understood.candidates)
    scores = [match.score for match in understood.candidates]
    assert scores == sorted(scores, reverse=True)
    assert len({match.code for match in understood.candidates}) == len(scores)
    assert understood.candidates or understood.decision == "unknown"
    reading = city.places.read(text)
    assert all(guess.kecamatan in city.places.kecamatan for guess in reading.candidates)
    return understood


@pytest.mark.parametrize("name", list(ODD))
def test_odd_texts_get_an_answer(bekasi, name):
    check(bekasi, ODD[name])


@pytest.mark.parametrize("name", ["nothing", "blanks", "emoji", "marks", "japanese", "russian", "javanese letters"])
def test_nothing_is_stated_about_texts_that_say_nothing(bekasi, name):
    understood = check(bekasi, ODD[name])
    assert understood.decision != "sure"
    assert understood.emergency is None


@given(text=LETTERS)
@example("\x00")
@settings(max_examples=150)
def test_any_letters_get_an_answer(bekasi, text):
    check(bekasi, text)


@given(text=WORDS)
@settings(max_examples=100)
def test_any_pile_of_words_gets_an_answer(bekasi, text):
    check(bekasi, text)


def test_the_longest_texts_are_answered_as_soon_as_others(bekasi):
    """Work grows with the words, not with their square: counted by what is kept, not by a clock."""
    assert check(bekasi, ODD["8,000 characters of words"]).candidates[0].code == "JLN-RUSAK"
