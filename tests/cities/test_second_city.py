"""Kota Jambi is a folder: other offices, other hours, other speech, the same program."""

from argparse import Namespace
from datetime import date
from pathlib import Path

import pytest

from bot import settings
from bot.commands import play
from bot.commands.exam import read_exam
from bot.commands.marks import written
from bot.commands.measure import answered
from cities.loader import HERE, cities
from routing.measure import mark
from tests.halls import hall
from tickets.city import City
from web import samples

DAY = date(2026, 11, 21)
EXAM = HERE / "kota-jambi" / "examples.csv"
# a little below what was measured: right at first, among three, right office, sure how often, sure right, intent
FLOOR = (0.90, 0.95, 0.91, 0.60, 0.95, 0.95)


WHOLE_LOOP = """\
lampu jalan mati lah lamo, kelam nian di jelutung
/lokasi -1.615993,103.614215
1
/foto
1
1
1
/petugas
1
1
1
/foto Lampunya sudah diganti
/warga
1
"""


@pytest.fixture(scope="module")
def jambi() -> City:
    return hall("kota-jambi")


def test_it_is_found_by_its_folder() -> None:
    assert {"kota-bekasi", "kota-jambi"} <= set(cities())


@pytest.mark.parametrize(
    ("category", "office", "hours"),
    [
        ("PJU", "PERKIM", 24),
        ("SAMPAH", "DLH", 24),
        ("AIR", "TIRTA-MAYANG", 24),
        ("DRAINASE", "PUPR", 48),
        ("JLN-RUSAK", "PUPR", 72),
    ],
)
def test_its_own_offices_and_hours(jambi: City, category: str, office: str, hours: int) -> None:
    assert jambi.catalogue.owner(category, DAY).code == office
    assert jambi.catalogue.category(category).hours == hours


def test_its_people_and_places(jambi: City) -> None:
    assert (jambi.prefix, jambi.zone.key, jambi.triage) == ("JMB", "Asia/Jakarta", "DISKOMINFO")
    assert len(jambi.places.kelurahan) == 68
    assert all(number != "1500444" for _, number in jambi.numbers)  # another city's call centre


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("lampu lorong kami lah lamo dak idup, kelam nian", "PJU"),
        ("parit tesumbat, aeknyo melimpah ke jalan", "DRAINASE"),
        ("ledeng mati lah duo hari", "AIR"),
    ],
)
def test_its_speech(jambi: City, text: str, category: str) -> None:
    assert jambi.understander.understand(text).best == category


@pytest.mark.parametrize(
    ("words", "kelurahan"),
    [("di paal 5", "Paal Lima"), ("simpang tiga sipin", "Simpang III Sipin"), ("daerah the hok", "Thehok")],
)
def test_its_places_by_other_names(jambi: City, words: str, kelurahan: str) -> None:
    (guess,) = jambi.places.read(words).candidates
    assert guess.kelurahan is not None
    assert guess.kelurahan.name == kelurahan


def test_a_neighbour_is_not_the_city(jambi: City) -> None:
    assert jambi.places.read("jalan rusak di mendalo").outside == "Kabupaten Muaro Jambi"


def test_its_exam(jambi: City) -> None:
    exam = read_exam(EXAM, jambi)
    assert exam.rows >= 150
    assert not exam.not_measured, exam.not_measured
    marks = mark(answered(exam, jambi, DAY))
    print(written(marks, exam.rows, exam.not_measured))
    category = marks.category
    got = (category.top1, category.top3, category.agency_top1, category.sure.coverage, category.sure.precision)
    assert all(g >= floor for g, floor in zip((*got, marks.intent.accuracy), FLOOR, strict=True))
    assert marks.danger.recall >= 0.95
    assert marks.place.silently_wrong == 0


def test_its_try_out_can_be_shown(jambi: City) -> None:
    shown = samples.load(HERE / "kota-jambi" / "tryout.toml")
    inside = [jambi.places.box.holds(place.lat, place.lon) for place in shown.places]
    assert inside == [True, True, False]


@pytest.mark.slow
@pytest.mark.usefixtures("city_at_hand")
def test_a_report_goes_all_the_way(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The citizen writes as people in Jambi do; the card reaches the office that owns street lights there."""
    story = tmp_path / "story.txt"
    story.write_text(WHOLE_LOOP, encoding="utf-8")
    here = settings.load(env_file=None, city="kota-jambi")
    assert play.command(here, Namespace(story=str(story), plain=True)) == 0
    shown = capsys.readouterr().out
    for expected in ("Lampu jalan (PJU) mati", "Jelutung", "Nomor: JMB-", "PERKIM", "Apakah menurut Anda sudah beres?"):
        assert expected in shown, shown
    assert "Bekasi" not in shown
