"""Where it is and how bad it is, told at a question for something else: each finds its place in the report."""

from __future__ import annotations

import pytest

from conversations.state import Draft
from tests.conversations.test_everyday import said
from tests.conversations.world import Dialogue

RUBBISH = "bang ini kali di blakang rume aye banyak bener sampahnye, baunye kagak nahan dah"


def at_kind(words: str = RUBBISH) -> Dialogue:
    dialogue = Dialogue()
    dialogue.send(text=words)
    assert dialogue.state.step == "category"
    return dialogue


def begun(dialogue: Dialogue) -> Draft:
    draft = dialogue.state.draft
    assert draft is not None
    return draft


# ── a place at the question for the kind ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "words",
    [
        "ntu di blakang sekolahan mts",
        "di samping pasar pak",
        "deket puskesmas bang",
        "sebelah kantor pajak",
        "jl mawar no 3",
    ],
)
def test_a_landmark_says_where_and_never_what(words: str) -> None:
    dialogue = at_kind()
    dialogue.send(text=words)
    draft = begun(dialogue)
    assert draft.category == ""
    assert draft.named is None
    assert draft.place is not None
    assert draft.place.words == words
    assert "location.noted" in said(dialogue)
    assert dialogue.state.step == "category"


def test_the_landmark_is_not_asked_for_again() -> None:
    dialogue = at_kind()
    dialogue.send(text="ntu di blakang sekolahan mts")
    dialogue.send(text="1")
    assert dialogue.state.step == "location"
    assert "location.ask" not in said(dialogue)
    assert "location.ask_pin" in said(dialogue)


def test_a_kelurahan_with_a_form_of_address_is_a_place() -> None:
    dialogue = at_kind()
    dialogue.send(text="Kelurahan Jatikramat nak")
    draft = begun(dialogue)
    assert draft.place is not None
    assert draft.place.kelurahan
    dialogue.send(text="di depan mushola al ikhlas")
    draft = begun(dialogue)
    assert draft.place is not None
    assert draft.place.words == "Kelurahan Jatikramat nak, di depan mushola al ikhlas"


@pytest.mark.parametrize("words", ["di depan rumah got mampet", "jalan berlubang", "sekolah rusak atapnya bocor"])
def test_what_is_broken_still_says_what(words: str) -> None:
    dialogue = at_kind("tolong dong pak di tempat kami parah banget ini gimana ya")
    dialogue.send(text=words)
    draft = begun(dialogue)
    assert draft.category or draft.guesses
    assert draft.place is None or not draft.place.words


# ── how bad it is, at the question for the place ───────────────────────────────────────────────────────────


def at_place() -> Dialogue:
    dialogue = Dialogue()
    dialogue.send(text="jalan bolong")
    assert dialogue.state.step == "location"
    return dialogue


@pytest.mark.parametrize(
    "words",
    ["gede bgt", "parah banget pak", "udah 2 org jatoh", "sudah 3 bulan", "udah seminggu lebih", "jalan rusak parah"],
)
def test_how_bad_it_is_is_no_place(words: str) -> None:
    dialogue = at_place()
    dialogue.send(text=words)
    draft = begun(dialogue)
    assert draft.place is None
    assert draft.text.endswith(words)
    assert "location.ask" in said(dialogue)


def test_several_short_messages_are_each_what_they_are() -> None:
    dialogue = at_place()
    for words in ("gede bgt", "di jl cipendawa", "deket indomaret", "udah 2 org jatoh"):
        dialogue.send(text=words)
    draft = begun(dialogue)
    assert draft.place is not None
    assert draft.place.words == "di jl cipendawa, deket indomaret"
    assert draft.text == "jalan bolong\ngede bgt\nudah 2 org jatoh"


@pytest.mark.parametrize("words", ["gratis kan?", "ini bayar gak?", "beneran orang?"])
def test_a_question_is_no_place(words: str) -> None:
    dialogue = at_place()
    dialogue.send(text=words)
    draft = begun(dialogue)
    assert draft.place is None


@pytest.mark.parametrize(
    "words", ["50 meter dari pasar", "rt 3 rw 5", "rt 05", "blok d 12", "pasar baru", "kampung gede", "depan sdn 3?"]
)
def test_a_place_is_still_a_place(words: str) -> None:
    dialogue = at_place()
    dialogue.send(text=words)
    draft = begun(dialogue)
    assert draft.place is not None
    assert words.rstrip("?") in draft.place.words


# ── taken back ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("words", ["eh bukan deng, maksudnya jalan rusak", "salah, maksud saya jalan berlubang"])
def test_another_kind_after_all_is_asked_about_and_no_place(words: str) -> None:
    dialogue = Dialogue()
    dialogue.send(text="lampu jalan mati di jatiasih")
    assert dialogue.state.step == "location"
    dialogue.send(text=words)
    assert "another.ask" in said(dialogue)
    draft = begun(dialogue)
    assert draft.place is not None
    assert not draft.place.words
