"""Days as officers type them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickets.dates import find_day

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
    ],
)
def test_typed_days(words: str, day: tuple[int, int, int]):
    assert find_day(words, TODAY) == date(*day)


@pytest.mark.parametrize("words", ["", "nanti", "secepatnya", "31/02", "40 nov", "99/99/2026", "PLN", "12", "RT 03"])
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
