"""Matters of other bodies, told by phrases: few words between, in their order, and never in a long story."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.bodies import LONG, Bodies, Body, Signs

POWER = Body("listrik", "PLN", "PLN", "listrik padam", "a power cut", "123", "123")
PAPERS = Body("paspor", "Imigrasi", "Immigration", "paspor", "passports", "kantor imigrasi", "its office")
KNOWN = Bodies(
    [
        (POWER, Signs(["listrik padam"], ["mati lampu"], ["jalan", "pju"])),
        (PAPERS, Signs(["urus paspor"])),
    ],
    str.split,
)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("listrik padam dari semalam", "listrik"),
        ("listrik rumah padam", "listrik"),
        ("listrik di rumah padam", None),  # two words between
        ("mau urus paspor", "paspor"),
        ("mati lampu satu komplek", "listrik"),
        ("mati lampu sepanjang jalan", None),
        ("lampu mati", None),
        ("listrik padam di jalan kenanga", "listrik"),  # a clear phrase counts whatever else is said
        ("", None),
        ("🙏", None),
    ],
)
def test_a_phrase_in_its_order_tells_whose_matter_it_is(text: str, code: str | None):
    found = KNOWN.whose(text)
    assert (found.code if found else None) == code


SMALL = {"no", "bikin", "depan"}  # as a city's stems leave out words that say little
SPARE = Bodies(
    [
        (POWER, Signs(["no electricity"])),
        (PAPERS, Signs(["bikin paspor"], ["paspor"], ["depan"])),
    ],
    lambda text: [word for word in text.split() if word not in SMALL],
)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("no electricity here", "listrik"),
        ("electricity pole leaning", None),
        ("bikin paspor depan pasar", "paspor"),
        ("paspor hilang", "paspor"),
        ("macet depan kantor paspor", None),
    ],
)
def test_a_phrase_that_keeps_one_meaningful_word_counts_as_it_is_written(text: str, code: str | None):
    found = SPARE.whose(text)
    assert (found.code if found else None) == code


def test_a_long_story_names_many_things():
    assert KNOWN.whose("listrik padam " + "kata " * LONG) is None


def test_an_unknown_code_is_nobody():
    assert KNOWN.get("listrik") is POWER
    assert KNOWN.get("") is None
    assert KNOWN.get("dihapus") is None


@given(st.text(max_size=300))
def test_any_text_is_answered(text: str):
    assert KNOWN.whose(text) in (None, POWER, PAPERS)
