"""Days as officers type them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickets.dates import find_day, names_somebody, says_more, somebody

TODAY = date(2026, 11, 25)  # a Wednesday


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("besok", (2026, 11, 26)),
        ("Besok pagi ya", (2026, 11, 26)),
        ("bsk", (2026, 11, 26)),
        ("lusa", (2026, 11, 27)),
        ("besok lusa", (2026, 11, 27)),
        ("hari ini", (2026, 11, 25)),
        ("tomorrow", (2026, 11, 26)),
        ("senin", (2026, 11, 30)),
        ("hari Senin depan", (2026, 11, 30)),
        ("rabu", (2026, 12, 2)),  # today is one: the next is meant
        ("kamis", (2026, 11, 26)),
        ("Jum'at", (2026, 11, 27)),
        ("minggu", (2026, 11, 29)),
        ("minggu depan", (2026, 12, 2)),
        ("pekan depan", (2026, 12, 2)),
        ("minggu dpn", (2026, 12, 2)),
        ("senin dpn", (2026, 11, 30)),
        ("tidak senin, selasa", (2026, 12, 1)),
        ("jangan besok, lusa saja", (2026, 11, 27)),
        ("gak bisa hari senin, rabu", (2026, 12, 2)),
        ("3 hari lagi", (2026, 11, 28)),
        ("dalam 2 minggu", (2026, 12, 9)),
        ("in 10 days", (2026, 12, 5)),
        ("27/11", (2026, 11, 27)),
        ("27-11-2026", (2026, 11, 27)),
        ("27.11.26", (2026, 11, 27)),
        ("27/11/26", (2026, 11, 27)),
        ("2026-11-27", (2026, 11, 27)),
        ("27 nov", (2026, 11, 27)),
        ("27 November 2026", (2026, 11, 27)),
        ("5 desember", (2026, 12, 5)),
        ("5 Dec", (2026, 12, 5)),
        ("17 agustus", (2027, 8, 17)),  # passed long ago: next year's
        ("5 jan", (2027, 1, 5)),
        ("3 mei", (2027, 5, 3)),
        ("20/11", (2026, 11, 20)),  # last Friday: a slip that the life cycle refuses
        ("tgl 28", (2026, 11, 28)),
        ("tanggal 5", (2026, 12, 5)),
        ("PLN, minggu depan", (2026, 12, 2)),
        ("PLN 30/11", (2026, 11, 30)),
        ("besok jam 9", (2026, 11, 26)),
        ("besok jam 9-12", (2026, 11, 26)),  # not the ninth of December
        ("besok pukul 09.10", (2026, 11, 26)),
        ("besok 09.10 WIB", (2026, 11, 26)),
        ("besok 08.00-12.00", (2026, 11, 26)),
        ("jumat jam 8 s/d 11", (2026, 11, 27)),
        ("27/11 jam 8 sampai jam 11", (2026, 11, 27)),
        ("lusa sore", (2026, 11, 27)),
        ("lusa di RT 03/05", (2026, 11, 27)),
        ("2-3 hari lagi", (2026, 11, 28)),  # the later one is promised
        ("2 sampai 3 hari", (2026, 11, 28)),
        ("dua hari lagi", (2026, 11, 27)),
        ("tiga minggu lagi", (2026, 12, 16)),
        ("kamis minggu depan", (2026, 12, 3)),
        ("senin pekan depan", (2026, 11, 30)),
        ("minggu depan hari rabu", (2026, 12, 2)),
        ("hari minggu", (2026, 11, 29)),
        ("senin besok", (2026, 11, 30)),
        ("besok kamis", (2026, 11, 26)),
        ("hari ini rabu", (2026, 11, 25)),
        ("nanti sore", (2026, 11, 25)),
        ("siang ini", (2026, 11, 25)),
        ("besok, 2 desa", (2026, 11, 26)),
        ("jumat dengan 1 mobil, 3 marka", (2026, 11, 27)),
        ("3 sept 2027", (2027, 9, 3)),
        ("besok jam 10, lusa kalau hujan", (2026, 11, 26)),  # of several the first
        ("besok, lusa kalau hujan", (2026, 11, 26)),
        ("besok atau lusa", (2026, 11, 26)),
        ("rabu, karena senin alat dipakai", (2026, 12, 2)),
        ("sabtu pagi, jumat survei dulu", (2026, 11, 28)),
        ("jumat atau kamis", (2026, 11, 27)),
        ("senin-rabu", (2026, 11, 30)),
        ("minggu atau senin", (2026, 11, 29)),
        ("besok, bukan 5 desember", (2026, 11, 26)),
        ("jumat, butuh 2 hari", (2026, 11, 27)),
        ("lusa, selesai 5 desember", (2026, 11, 27)),
        ("5 desember, kalau hujan lusanya", (2026, 12, 5)),
        ("30/11 atau 28/11", (2026, 11, 30)),
        ("tgl 30, bukan 28/11", (2026, 11, 30)),
        ("jumat, 4 desember", (2026, 12, 4)),  # one day, said twice
        ("hari jumat tanggal 4 desember 2026", (2026, 12, 4)),
        ("jumat jam 9, 4 desember", (2026, 12, 4)),
        ("jumat 4/12", (2026, 12, 4)),
        ("minggu depan, 1 desember", (2026, 12, 1)),
        ("senin tanggal 7", (2026, 12, 7)),
        ("tanggal 5 desember", (2026, 12, 5)),
        ("besok 09.10", (2026, 11, 26)),  # an hour
        ("lusa (27/11)", (2026, 11, 27)),
        ("minggu ini hari jumat", (2026, 11, 27)),
        ("besok pagi hari kamis", (2026, 11, 26)),
        ("jumat kemarin dicek, senin dikerjakan", (2026, 11, 30)),
        ("2 hari yang lalu dicek, besok dikerjakan", (2026, 11, 26)),
        ("3-4 desember", (2026, 12, 3)),
        ("senin, 3 hari", (2026, 11, 30)),
        ("jumat lalu lintas ditutup", (2026, 11, 27)),
        ("3, 4 dan 5 desember", (2026, 12, 3)),
        ("3 s/d 5 desember", (2026, 12, 3)),
        ("28 dan 29 november 2026", (2026, 11, 28)),
        ("28 november - 3 desember", (2026, 11, 28)),
        ("3 hari kerja", (2026, 11, 30)),
        ("dua hari kerja lagi", (2026, 11, 27)),
        ("30 hari kerja", (2027, 1, 6)),
        ("5 working days", (2026, 12, 2)),
        ("2-3 hari kerja", (2026, 11, 30)),
    ],
)
def test_typed_days(words: str, day: tuple[int, int, int]):
    assert find_day(words, TODAY) == date(*day)


@pytest.mark.parametrize(
    ("words", "more"),
    [
        ("besok", False),
        ("hari Senin depan ya pak", False),
        ("27 November 2026", False),
        ("27/11/2026", False),
        ("2-3 hari lagi", False),
        ("lusa sore", False),
        ("besok jam 9-12", True),  # the citizen may want to be there
        ("jumat, menunggu mobil tangga dari pusat", True),
    ],
)
def test_what_is_said_beside_the_day(words: str, more: bool):
    assert says_more(words) is more


@pytest.mark.parametrize(
    "words",
    [
        "",
        "nanti",
        "secepatnya",
        "31/02",
        "40 nov",
        "99/99/2026",
        "PLN",
        "12",
        "RT 03",
        "jam 9",
        "jumat kemarin",
        "hari senin yang lalu",
        "kemarin jumat sudah dicek",
        "minggu lalu",
        "2 hari lalu",
        "jumat minggu lalu",
        "last friday",
    ],
)
def test_what_is_no_day(words: str):
    assert find_day(words, TODAY) is None


@given(st.text(max_size=60), st.dates(date(2000, 1, 1), date(2100, 12, 31)))
def test_nothing_typed_breaks_it(words: str, today: date):
    found = find_day(words, today)
    assert found is None or isinstance(found, date)


@given(st.dates(date(2026, 11, 25), date(2027, 10, 1)))
def test_every_day_ahead_is_read_in_every_common_form(day: date):
    for form in ("%d/%m", "%d-%m-%Y", "%d/%m/%y", "%Y-%m-%d"):
        assert find_day(day.strftime(form), TODAY) == day


def test_a_day_of_the_month_that_passed_is_next_months_also_in_december():
    assert find_day("tanggal 5", date(2026, 12, 20)) == date(2027, 1, 5)
    assert find_day("tanggal 5", date(2026, 12, 5)) == date(2026, 12, 5)


def test_working_days_are_counted_from_monday_to_friday():
    saturday = date(2026, 11, 28)
    assert find_day("1 hari kerja", saturday) == date(2026, 11, 30)
    assert find_day("5 hari kerja", saturday) == date(2026, 12, 4)
    assert find_day("5 hari", saturday) == date(2026, 12, 3)


@pytest.mark.parametrize(
    "words", ["PLN", "PLN, 25/11", "pak RT besok", "kontraktor, minggu depan", "BBWS", "PT 21", "Perumda"]
)
def test_a_name_beside_a_day_is_one(words: str):
    assert names_somebody(words)


@pytest.mark.parametrize(
    "words", ["", "ok", "Siap pak", "besok", "25/11", "ok besok jam 9", "👍", "nanti saja", "3 hari lagi"]
)
def test_a_day_or_a_nod_names_nobody(words: str):
    assert not names_somebody(words)


@pytest.mark.parametrize(
    ("words", "who"),
    [
        ("PLN, 25/11", "PLN"),
        ("PLN, jumat", "PLN"),
        ("vendor besok", "vendor"),
        ("PLN minggu depan", "PLN"),
        ("DBMSDA, 2 hari lagi", "DBMSDA"),
        ("DBMSDA, 2-3 hari lagi", "DBMSDA"),
        ("hari jumat PLN", "PLN"),
        ("nunggu pln", "pln"),
        ("masih menunggu PLN", "PLN"),
        ("nunggu pln sampai jumat, trafo rusak", "pln, trafo rusak"),
        ("PLN (25/11)", "PLN"),
        ("PLN, senin atau selasa", "PLN"),
        ("Vendor lampu, tgl 3 desember ya pak", "Vendor lampu"),
        ("izin dari provinsi blm keluar", "izin dari provinsi blm keluar"),
        ("PLN UP3 Bekasi, tiang 12 nomor 7", "PLN UP3 Bekasi, tiang 12 nomor 7"),
        ("PLN\nsampai 25 november", "PLN"),
        ("besok", "besok"),  # nobody: it is asked for again
        ("tunggu saja", "tunggu saja"),
    ],
)
def test_who_is_waited_for_is_named_without_the_day(words: str, who: str):
    assert somebody(words, TODAY) == who


@given(st.text())
def test_a_name_is_never_lost(words: str):
    assert names_somebody(words) is names_somebody(somebody(words, TODAY))
