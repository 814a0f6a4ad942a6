"""A kind of message learned from whole sentences: from words, their neighbours and where they stand."""

import pytest

from routing.normalise import Lexicon, Normaliser, tokenise
from routing.sentences import SentenceEvidence

TOLD = {
    "report": ("lampu gang mati", "pak selokan depan rumah mampet"),
    "status": ("yang kemarin gimana", "sudah sampai mana aduannya"),
    "thanks": ("nuhun pak", "lampu nyala nuhun"),
}
PLAIN = Normaliser(Lexicon({"gmn": "gimana"}, frozenset(), frozenset()), ())


def learned(told=TOLD, reports=(), opening=frozenset({"pak", "halo"})):
    return SentenceEvidence(told, reports, "report", PLAIN, opening)


def best(evidence, text):
    found = evidence.of(tokenise(text))
    return max(found, key=found.__getitem__)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("selokan mampet", "report"),
        ("kemarin gimana", "status"),
        ("kemarin gmn", "status"),
        ("kemaren gimanaa", "status"),
        ("nuhun", "thanks"),
        ("lampu nyala", "thanks"),
        ("lampu mati", "report"),
    ],
)
def test_a_message_is_of_the_kind_whose_sentences_use_its_words(text, kind):
    assert best(learned(), text) == kind


def test_words_nobody_used_speak_for_nothing():
    assert set(learned().of(tokenise("qwerty 7 😂")).values()) == {0.0}
    assert learned({}).of(tokenise("lampu mati")) == {}


def test_neighbours_count_in_their_order():
    evidence = learned({"report": ("b a",), "status": ("a b",)}, opening=frozenset())
    assert best(evidence, "x a b x") == "status"
    assert best(evidence, "x b a x") == "report"


def test_a_salutation_says_nothing_where_something_follows():
    greeted = {**TOLD, "greeting": ("halo pak", "halo", "pak")}
    evidence = learned(greeted)
    assert evidence.of(tokenise("halo pak selokan gang kami mampet")) == evidence.of(
        tokenise("selokan gang kami mampet")
    )
    assert best(evidence, "halo pak") == "greeting"


def test_sayings_of_reports_speak_for_reports_but_more_quietly():
    said = ("sampai rumah lampu mati",)
    quiet = learned(reports=said).of(tokenise("sampai rumah"))
    loud = learned({**TOLD, "report": (*TOLD["report"], *said)}).of(tokenise("sampai rumah"))
    assert learned().of(tokenise("sampai rumah"))["report"] < quiet["report"] < loud["report"]
