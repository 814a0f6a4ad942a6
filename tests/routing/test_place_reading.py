"""Places in words: stated when the words leave no doubt, asked about when they do, passed on when they are not ours."""

import pytest

from routing.place import Box, Kelurahan, PlaceLanguage, PlaceName, PlaceReading, Places
from routing.place_names import Everyday
from tests.halls import hall
from tests.routing.places_said import ASKED, NOWHERE, OUTSIDE, STATED


@pytest.mark.parametrize(("text", "name"), STATED)
def test_one_kelurahan_is_stated(bekasi, text, name):
    found = bekasi.places.read(text)
    assert [g.kelurahan and g.kelurahan.name for g in found.candidates] == [name]
    assert found.clear
    assert not found.outside


@pytest.mark.parametrize(("text", "first"), ASKED)
def test_an_open_place_is_asked_about(bekasi, text, first):
    found = bekasi.places.read(text)
    assert len(found.candidates) > 1
    assert found.clear is None
    assert first in {g.kelurahan.name if g.kelurahan else g.kecamatan for g in found.candidates[:2]}
    assert found.candidates[0].score - found.candidates[-1].score <= 0.15
    assert len({g.kelurahan.code if g.kelurahan else g.kecamatan for g in found.candidates}) == len(found.candidates)


@pytest.mark.parametrize(("text", "owner"), OUTSIDE)
def test_what_is_not_the_citys_is_told_apart(bekasi, text, owner):
    found = bekasi.places.read(text)
    assert found.outside == owner
    assert found.candidates == ()


@pytest.mark.parametrize("text", NOWHERE)
def test_everyday_words_are_no_places(bekasi, text):
    assert bekasi.places.read(text) == PlaceReading()


@pytest.mark.parametrize(
    "text",
    ["", " ", "😀😀", "\ud800 jatirasa", "x" * 9000, "kel. " * 3000, "jati " * 3000, "12 34 56", "...,,,", "\x00"],
)
def test_odd_texts_are_read_without_harm(bekasi, text):
    assert len(bekasi.places.read(text).candidates) <= 8


def test_every_kelurahan_bears_one_wrong_letter(bekasi):
    """A letter in the middle left out: found, or asked about, never taken for another one."""
    wrong, lost = [], []
    for k in bekasi.places.kelurahan:
        plain = k.name.lower().replace(" ", "")
        for at in (3, len(plain) // 2, len(plain) - 2):
            found = bekasi.places.read(f"lampu mati di {plain[:at] + plain[at + 1 :]}")
            names = {g.kelurahan.name for g in found.candidates if g.kelurahan}
            if k.name not in names:
                (wrong if found.clear or found.outside else lost).append((k.name, at, names))
    assert not wrong
    assert len(lost) <= 15, lost


def test_a_citys_own_name_is_never_outside(bekasi):
    jambi = hall("kota-jambi")
    assert jambi.places.read("lampu mati di jambi") == bekasi.places.read("lampu mati di bekasi") == PlaceReading()
    assert jambi.places.read("lampu mati di bekasi").outside == "Bekasi"
    assert bekasi.places.read("lampu mati di jambi").outside == "Jambi"


def test_a_city_without_any_words_of_its_own_still_knows_its_kelurahan():
    known = [Kelurahan("1", "Kranji", "Barat", "1", -6.2, 106.9), Kelurahan("2", "Bintara", "Barat", "2", -6.3, 106.9)]
    places = Places(known, Box(-7, -6, 106, 108))
    assert places.read("di kranji").clear == known[0]
    assert places.read("di barat").candidates[0].kelurahan is None


def test_words_of_the_city_carry_its_names():
    known = [Kelurahan("1", "Kranji", "Barat", "1", -6.2, 106.9), Kelurahan("2", "Bintara", "Timur", "2", -6.3, 106.9)]
    language = PlaceLanguage(marks={"di": "at", "jalan": "street"}, ordinary=Everyday(["jalan", "rusak"]))
    names = [PlaceName("Mawar", "street", ("1", "2")), PlaceName("Kota Lain", "near", owner="Kota Lain")]
    places = Places(known, Box(-7, -6, 106, 108), names, language)
    assert {g.kelurahan.code for g in places.read("jalan mawar rusak").candidates if g.kelurahan} == {"1", "2"}
    assert places.read("beli mawar").candidates == ()
    assert places.read("di kota lain").outside == "Kota Lain"
