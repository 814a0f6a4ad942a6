import pytest

from routing.attention import (
    CONSEQUENCE_SHARE,
    LANDMARK_SHARE,
    REQUEST_SHARE,
    STRAIGHT,
    attend,
)
from routing.normalise import Lexicon, Normaliser, tokenise

LEXICON = Lexicon(
    {},
    keep=frozenset(),
    stop=frozenset({"yang"}),
    landmark=frozenset({"depan", "di jalan"}),
    consequence=frozenset({"sehingga"}),
    request=frozenset({"mohon"}),
    courtesy=frozenset({"rahasiakan nama saya", "rahasiakan nama"}),
    denial=frozenset({"bukan soal"}),
)
NORMALISER = Normaliser(LEXICON, ["lampu", "mati", "rumah", "sakit", "jalan", "banjir", "got"])


def counts(text):
    return {word.stem: word.counts for word in attend(tokenise(text), NORMALISER)}


def test_what_follows_a_landmark_word_counts_less():
    found = counts("lampu mati depan rumah sakit umum jalan")
    assert found["lampu"] == found["jalan"] == 1.0
    assert found["rumah"] == found["sakit"] == LANDMARK_SHARE


def test_a_consequence_counts_less_and_a_request_more():
    assert counts("got mampet sehingga banjir")["banjir"] == CONSEQUENCE_SHARE
    assert counts("gelap. mohon lampu")["lampu"] == REQUEST_SHARE


def test_a_saying_of_courtesy_is_not_heard_at_all():
    assert list(counts("rahasiakan nama saya lampu rahasiakan nama")) == ["lampu"]
    assert "nama" in counts("nama lampu")


def test_what_is_denied_does_not_count():
    assert list(counts("bukan soal yang got lampu mati")) == ["lampu", "mati"]
    assert list(counts("bukan soal. got")) == ["got"]


def test_two_words_together_can_announce_a_place():
    assert counts("mati di jalan cempaka")["cempaka"] == LANDMARK_SHARE
    assert counts("jalan cempaka")["cempaka"] == 1.0


@pytest.mark.parametrize("opening", ["depan", "sehingga", "mohon"])
def test_the_influence_ends_with_the_sentence(opening):
    assert counts(f"{opening}. lampu")["lampu"] == 1.0


def test_the_end_of_a_long_tale_counts_less():
    found = counts(" ".join(f"kata{chr(97 + i)}x" for i in range(STRAIGHT + 9)))
    assert found["kataax"] == found["katalx"] == 1.0
    assert 0.5 < found["kataux"] < 1.0


def test_a_word_is_remembered_as_it_was_written():
    assert [(word.stem, word.written) for word in attend(["yang", "lampunya"], NORMALISER)] == [("lampu", "lampunya")]
