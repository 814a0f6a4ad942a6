"""A city read back is the city that was loaded, and is loaded anew when anything differs."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from cities import kept
from cities.errors import CityError
from tests.halls import hall
from texts.catalogue import shipped
from texts.text import say

SAYINGS = ("lampu jalan mati depan SDN 3", "banjir tinggi, tolong", "jalan berlubang parah", "asdf", "")


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Which cities would have been loaded from their folder; they are at hand, because that takes a while."""
    asked: list[str] = []
    at_hand = {slug: hall(slug) for slug in ("kota-bekasi", "kota-jambi")}  # before anything of `kept` is replaced

    def load(slug: str):  # type: ignore[no-untyped-def]
        asked.append(slug)
        return at_hand[slug]

    monkeypatch.setattr(kept, "load_city", load)
    monkeypatch.setattr(kept, "_made_apart", lambda slug, folder: False)  # where nobody could count
    return asked


def test_what_others_may_have_written_is_not_read(tmp_path: Path, loads: list[str]):
    kept.load("kota-jambi", tmp_path)
    (tmp_path / "kota-jambi.city").chmod(0o666)
    kept.load("kota-jambi", tmp_path, keep=False)
    assert loads == ["kota-jambi"] * 2


def test_who_only_looks_keeps_nothing(tmp_path: Path, loads: list[str]):
    assert kept.load("kota-jambi", tmp_path / "cache", keep=False).slug == "kota-jambi"
    assert not (tmp_path / "cache").exists()


def test_a_city_that_is_not_there_is_told_as_ever(tmp_path: Path):
    with pytest.raises(CityError, match="kota-bekasi"):
        kept.load("atlantis", tmp_path)


def test_it_is_made_by_a_process_of_its_own_and_what_is_read_back_is_the_same(tmp_path: Path):
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(kept, "load_city", lambda slug: pytest.fail("made here"))
        second = kept.load("kota-jambi", tmp_path / "cache")
    first = hall("kota-jambi")  # read back as well: what was lost on the way would be missed all over this suite
    for words in SAYINGS:
        assert second.understander.understand(words) == first.understander.understand(words)
    assert "_used" in vars(second.likeness), "nobody waits for it at the first question"
    assert second.likeness.score("lampu padam", "lampu mati") == first.likeness.score("lampu padam", "lampu mati")
    here = (-1.61, 103.61)
    assert second.places.nearest(*here, 3) == first.places.nearest(*here, 3)
    assert (second.slug, second.policy, second.catalogue.triage, second.numbers) == (
        first.slug,
        first.policy,
        first.catalogue.triage,
        first.numbers,
    )
    assert (tmp_path / "cache").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("harm", [lambda held: held[:-9], lambda held: b"", lambda held: held[:64] + b"x" + held[65:]])
def test_a_file_that_was_harmed_is_not_believed(tmp_path: Path, harm):
    """By the texts, which are kept in the same way and are quickly made."""
    kept.texts(tmp_path)
    file = tmp_path / "texts.kept"
    file.write_bytes(harm(file.read_bytes()))
    assert kept.texts(tmp_path) is shipped()
    assert kept.texts(tmp_path) is not shipped(), "and made good"


def test_another_program_or_other_data_loads_anew(tmp_path: Path, loads: list[str], monkeypatch: pytest.MonkeyPatch):
    kept.load("kota-bekasi", tmp_path)
    monkeypatch.setattr(kept, "ROOMS", ("cities",))
    kept.load("kota-bekasi", tmp_path)
    assert loads == ["kota-bekasi"] * 2


def test_a_folder_that_cannot_be_written_costs_nothing_but_time(tmp_path: Path, loads: list[str]):
    (tmp_path / "file").write_text("")
    assert kept.load("kota-bekasi", tmp_path / "file").slug == "kota-bekasi"


def test_on_a_full_disk_the_good_one_stays_and_the_half_one_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def by_half(path: Path, data: bytes) -> None:
        with path.open("wb") as file:
            file.write(data[:9])
        raise OSError(28, "No space left on device")

    kept.texts(tmp_path)
    good = (tmp_path / "texts.kept").read_bytes()
    monkeypatch.setattr(Path, "write_bytes", by_half)
    monkeypatch.setattr(kept, "_mark", lambda rooms=None: b"m" * 32)  # as if a word had changed
    assert kept.texts(tmp_path) == shipped()
    assert [path.name for path in tmp_path.iterdir()] == ["texts.kept"]
    assert (tmp_path / "texts.kept").read_bytes() == good


def test_the_texts_are_cut_once_and_read_back_until_one_of_them_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    fresh = shipped()
    assert kept.texts(tmp_path / "cache") is fresh
    monkeypatch.setattr(kept, "shipped", lambda: pytest.fail("read anew"))
    back = kept.texts(tmp_path / "cache")
    assert back.locales == fresh.locales
    zone = ZoneInfo("Asia/Jakarta")
    for locale in fresh.locales:
        assert back.keys(locale) == fresh.keys(locale)
        assert all(
            back.render(say(key), locale, zone, "WIB") == fresh.render(say(key), locale, zone, "WIB")
            for key in fresh.keys(locale)
        )
    monkeypatch.setattr(kept, "shipped", lambda: fresh)
    monkeypatch.setattr(kept, "TEXTS", ("texts", "web"))
    assert kept.texts(tmp_path / "cache") is fresh


def test_texts_are_not_taken_for_a_city(tmp_path: Path, loads: list[str], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(kept, "TEXTS", kept.ROOMS)  # so that only what it is can tell
    kept.texts(tmp_path)
    (tmp_path / "texts.kept").replace(tmp_path / "kota-bekasi.city")
    assert kept.load("kota-bekasi", tmp_path).slug == "kota-bekasi"
