"""A city's folder is read whole, and whatever is wrong in it is told with file, place and remedy."""

import shutil
from datetime import date, time, timedelta
from pathlib import Path

import pytest

from cities import loader
from cities.errors import CityError, NoSuchCity
from cities.loader import cities, load_city
from cities.words import wordings
from tests.halls import hall
from tickets.policy import Policy

DAY = date(2026, 1, 1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(loader.HERE / "kota-bekasi", tmp_path / "kota-bekasi")
    return tmp_path


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """What understands messages is there already: for tests of the rest of a city that is in order."""
    at_hand = hall().understander
    monkeypatch.setattr(loader, "Understander", lambda *_: at_hand)


def change(folder: Path, name: str, old: str, new: str) -> None:
    file = folder / "kota-bekasi" / name
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")


def test_the_city_is_complete(bekasi):
    assert (bekasi.slug, bekasi.name, bekasi.prefix, bekasi.zone_name) == ("kota-bekasi", "Kota Bekasi", "BKS", "WIB")
    assert len(bekasi.catalogue.categories) == 46
    assert len(bekasi.places.kelurahan) == 56
    assert len(bekasi.places.kecamatan) == 12
    assert len(bekasi.catalogue.groups) == 8
    assert bekasi.triage == "DISKOMINFOSTANDI"
    assert bekasi.languages == ("id", "en")


def test_the_promise_and_limits_are_the_citys(bekasi):
    policy = bekasi.policy
    assert {h: (p.acknowledge_h, p.resolve_h) for h, p in policy.promises.items()} == {
        24: (6, 24), 48: (12, 48), 72: (24, 72)
    }  # fmt: skip
    assert (policy.quiet_from, policy.quiet_until) == (time(21), time(6))
    assert policy.close_silent == timedelta(days=7)
    assert policy.reopen_within == timedelta(days=30)
    assert policy.nearby_m == 250


def test_every_limit_of_the_policy_can_be_set_and_some_left_out(folder, quick):
    change(folder, "city.toml", "undo_minutes = 10", "undo_minutes = 3")
    change(folder, "city.toml", "warn_share = 0.8 ", "# ")
    policy = load_city("kota-bekasi", folder).policy
    assert policy.undo_within == timedelta(minutes=3)
    assert policy.warn_at == Policy().warn_at


def test_every_category_has_an_owner_a_name_in_both_languages_and_enough_phrases(bekasi):
    for category in bekasi.catalogue.categories.values():
        assert bekasi.catalogue.owner(category.code, DAY)
        assert category.name
        assert category.name_en
        assert len(category.phrases) >= 10


def test_confidential_by_default_are_exactly_the_agreed_four(bekasi):
    hidden = {c.code for c in bekasi.catalogue.categories.values() if c.confidential}
    assert hidden == {"PUNGLI", "KDRT", "SEKOLAH", "WILAYAH"}


def test_every_emergency_category_wakes_officers_at_night(bekasi):
    for category in bekasi.catalogue.categories.values():
        if category.emergency == "yes":
            assert category.round_the_clock, category.code


def test_street_lights_changed_hands(bekasi):
    assert bekasi.catalogue.owner("PJU", date(2024, 1, 1)).code == "DBMSDA"
    assert bekasi.catalogue.owner("PJU", DAY).code == "DISHUB"


def test_an_unknown_city_is_told_which_there_are():
    assert "kota-bekasi" in cities()
    with pytest.raises(NoSuchCity, match="kota-bekasi"):
        load_city("atlantis")


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        ("categories.toml", 'agency = "DLH"', 'agency = "DLX"', r"categories\.toml.*SAMPAH.*DLX"),
        ("categories.toml", "hours = 72", "hours = 99", r"categories\.toml.*JLN-RUSAK.*hours"),
        ("categories.toml", 'name_en = "City park', 'nama_en = "City park', r"number \d+ \(TAMAN\).*name_en"),
        ("categories.toml", "valid_from = 2017-01-01", 'valid_from = "2017"', r"owners.*valid_from"),
        ("categories.toml", 'tell = "112 / 110"\n', "", r"KRIMINAL.*tell"),
        ("categories.toml", "confidential = true", 'confidential = "ya"', r"confidential.*true or false"),
        ("categories.toml", "[[group]]", "[[group", r"categories\.toml.*not readable.*line"),
        ("agencies.toml", 'kind = "bumd"', 'kind = "pt"', r"TIRTA-PATRIOT.*kind"),
        ("agencies.toml", 'triage = "DISKOMINFOSTANDI"', 'triage = "X"', r"There is no agency X"),
        ("city.toml", "Asia/Jakarta", "Asia/Bekasi", r"city\.toml.*timezone"),
        ("city.toml", "silent_days", "silent_day", r"city\.toml.*silent_days is missing"),
        ("city.toml", '"21:00"', '"malam"', r"wrong kind"),
        ("city.toml", "[box]", "[kotak]", r"\[box\] is missing"),
        ("city.toml", "north = -6.172", 'north = "utara"', r"north.*number"),
        ("kelurahan.csv", "-6.233359", "enam", r"kelurahan\.csv, row 2.*numbers"),
        ("kelurahan.csv", "-6.233359", "-7.5", r"row 2.*Bekasijaya.*outside the box"),
        ("kelurahan.csv", "Bekasijaya", "", r"row 2.*name empty"),
        ("kelurahan.csv", "32.75.01.1002", "32.75.01.1001", r"row 3.*stands twice"),
        ("outside.toml", '= "Pondokgede"', '= "Pondokbesar"', r"outside\.toml.*Pondokbesar"),
        ("outside.toml", 'through_en = "lapor', 'through = "lapor', r"outside\.toml"),
        ("places.csv", "stasiun,Margamulya", "stasiun,Margamulia", r"places\.csv, row 2.*Margamulia.*kelurahan\.csv"),
        ("places.csv", "Stasiun Kranji", "Stasiun kereta api lama di Kranji", r"places\.csv, row.*at most 5 words"),
        ("places.csv", "Kec. Jatiasih", "Kec. Atlantis", r"places\.csv, row.*Kec\. Atlantis"),
        ("places.csv", "stasiun,Margamulya", ",Margamulya", r"places\.csv, row 2.*kind empty"),
        ("dangers.toml", 'category = "KEBAKARAN"', 'category = "API"', r"dangers\.toml.*fire.*API"),
        ("slang.toml", "[slang]", '[slang]\nkk = "kakak"', r"slang\.toml.*kk"),
        ("categories.toml", 'code = "PJU"', 'code = "LAMPU"\nvocabulary = "PJV"', r"LAMPU.*vocabulary.*PJV.*PJU"),
        ("categories.toml", 'code = "PJU"', 'code = "LAMPU"', r"LAMPU.*phrase"),
    ],
)
def test_wrong_data_is_told_with_file_place_and_remedy(folder, monkeypatch, name, old, new, told):
    monkeypatch.setattr(loader, "Understander", lambda *_: pytest.fail("the words were counted first"))
    change(folder, name, old, new)
    with pytest.raises(CityError, match=told):
        load_city("kota-bekasi", folder)


@pytest.mark.parametrize("name", ["categories.toml", "agencies.toml", "kelurahan.csv", "slang.toml", "dangers.toml"])
def test_a_missing_file_is_named(folder, name):
    (folder / "kota-bekasi" / name).unlink()
    with pytest.raises(CityError, match=name):
        load_city("kota-bekasi", folder)


def test_a_city_may_have_no_landmarks(folder, quick):
    (folder / "kota-bekasi" / "places.csv").unlink()
    assert load_city("kota-bekasi", folder).places.read("stasiun kranji").candidates


def test_nothing_in_the_code_assumes_this_city(folder, quick):
    """The same folder under another name and with another prefix loads as another city."""
    change(folder, "city.toml", 'name = "Kota Bekasi"', 'name = "Kota Lain"')
    change(folder, "city.toml", 'prefix = "BKS"', 'prefix = "LAI"')
    (folder / "kota-bekasi").rename(folder / "kota-lain")
    other = load_city("kota-lain", folder)
    assert (other.slug, other.name, other.prefix) == ("kota-lain", "Kota Lain", "LAI")


def test_sayings_in_a_file_of_no_category_are_not_lost_silently(tmp_path):
    vocabulary, sayings = tmp_path / "vocabulary", tmp_path / "sayings"
    vocabulary.mkdir()
    sayings.mkdir()
    (vocabulary / "lampu.toml").write_text('[PJU]\nphrases = ["lampu mati"]\n', "utf-8")
    (sayings / "PJU.txt").write_text("# lampu\nlewat situ pakai senter\n", "utf-8")
    assert wordings(vocabulary, sayings)["PJU"].phrases == ("lampu mati", "lewat situ pakai senter")
    (sayings / "PJUU.txt").write_text("gelap sekali\n", "utf-8")
    with pytest.raises(CityError, match=r"PJUU\.txt.*named after no category: use one of PJU"):
        wordings(vocabulary, sayings)
