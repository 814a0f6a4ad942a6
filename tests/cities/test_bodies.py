"""Matters of other bodies: what the files may hold, and that hardly anybody who came to the right door is sent away."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from cities.bodies import bodies
from cities.errors import CityError
from cities.loader import HERE, cities
from conversations.steps import whose
from tests.halls import hall
from tickets.city import City

ENTRY = """[[body]]
code = "air"
owner = "PAM"
owner_en = "the water company"
matter = "air"
matter_en = "water"
through = "telepon 1"
through_en = "telephone 1"
"""


def told(city: City, text: str) -> str:
    """The code of the body a first message is sent to, "" for none."""
    found = city.bodies.whose(text)
    if found is None or whose.clearly_ours(city, city.understander.understand(text)):
        return ""
    return found.code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("listrik padam sekomplek dari semalam, pln kapan nyala", "listrik"),
        ("mati lampu dari jam 2 siang", "listrik"),
        ("token listrik saya error gak bisa diisi", "listrik"),
        ("sinyal indihome mati dari kemarin", "internet"),
        ("paspor saya hilang", "paspor"),
        ("kehilangan dompet mau bikin surat kehilangan", "surat-polisi"),
        ("stnk motor mati gimana perpanjang stnk", "samsat"),
        # the city's, or danger: never sent elsewhere
        ("lampu jalan mati di depan sdn 3", ""),
        ("lampu jln mati dr kmrn dpn sdn 3 jatiasih", ""),
        ("tiang listrik pln miring mau roboh", ""),
        ("kabel listrik pln menjuntai di jalan", ""),
        ("trafo pln meledak keluar api", ""),
        ("kabel wifi semrawut di tiang taman", ""),
        ("street light power cut", ""),
        ("tiang listrik miring mau roboh listrik mati", ""),
        ("listrik mati di rusunawa", ""),
        ("sim card mati", ""),
        ("stnk hilang di parkiran mall", ""),
        ("jalan depan samsat berlubang", ""),
        ("parkir liar di depan kantor imigrasi", ""),
        ("lampu merah mati listrik padam", ""),
        ("mati lampu di stadion patriot", ""),
        ("lampu padam di fly over", ""),
        ("listrik mati lampu lalu lintas ikut mati", ""),
        # of a phrase with small words only one is left: it must not be heard wherever that one stands
        ("bikin sim di mana ya", "surat-polisi"),
        ("hp ga ada sinyal", "internet"),
        ("we have no electricity since last night", "listrik"),
        ("kelurahan minta SIM dan KTP untuk surat domisili", ""),
        ("antrean paspor bikin jalan macet", ""),
        ("electricity pole fell on the road", ""),
        ("electricity cable hanging over the road", ""),
        ("tower sinyal berdiri dekat rumah", ""),
        ("sinyal palang pintu kereta mati", ""),
        ("bau busuk di samping samsat", ""),
    ],
)
def test_whose_matter_is_heard_in_bekasi(bekasi: City, text: str, code: str):
    assert told(bekasi, text) == code


def test_hardly_anybody_with_a_matter_of_the_citys_is_sent_away(bekasi: City):
    with (HERE / "kota-bekasi" / "examples.csv").open(encoding="utf-8", newline="") as rows:
        ours = [row["text"] for row in csv.DictReader(rows) if row["category"] not in ("", bekasi.catalogue.fallback)]
    assert len(ours) > 2_000
    wrong = [text for text in ours if told(bekasi, text)]
    assert len(wrong) <= len(ours) / 500, wrong


@pytest.mark.parametrize("slug", cities())
def test_every_city_knows_the_shared_ones(slug: str):
    assert hall(slug).bodies.get("listrik") is not None


# ── files ──
def read(folder: Path, text: str) -> None:
    (folder / "bodies.toml").write_text(text, "utf-8")
    bodies(folder, str.split)


def test_a_city_adds_its_own_and_says_otherwise(tmp_path: Path):
    (tmp_path / "bodies.toml").write_text(
        ENTRY + 'words = ["air mati"]\n' + ENTRY.replace('"air"', '"listrik"', 1) + 'words = ["listrik mati"]\n',
        "utf-8",
    )
    found = bodies(tmp_path, str.split)
    assert (first := found.whose("air mati")) is not None
    assert first.owner == "PAM"
    assert (second := found.get("listrik")) is not None
    assert second.owner == "PAM"
    assert found.get("paspor") is not None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (ENTRY, "no phrase"),
        (ENTRY + 'doubtful = ["air"]\n', "unless"),
        (ENTRY + 'words = "air"\n', "list of texts"),
        (ENTRY + 'word = ["air"]\n', "unknown"),
        (ENTRY.replace('owner = "PAM"\n', "") + 'words = ["air"]\n', "owner"),
        ((ENTRY + 'words = ["air"]\n') * 2, "stands twice"),
        ("", "add at least one"),
        (ENTRY + 'words = ["air"]\n[door]\nowner = "x"\n', "unknown here"),
    ],
)
def test_a_wrong_file_is_told_with_its_remedy(tmp_path: Path, text: str, says: str):
    with pytest.raises(CityError, match=says):
        read(tmp_path, text)


def test_a_city_without_a_file_has_the_shared_ones(tmp_path: Path):
    shutil.rmtree(tmp_path / "none", ignore_errors=True)
    assert bodies(tmp_path / "none", str.split).get("listrik") is not None
