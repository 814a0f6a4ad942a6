"""A city's working days come from its own file, and mistakes in it are named."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from cities.days import calendar
from cities.errors import CityError
from tests.halls import hall
from tickets.calendar import OFFICE_HOURS, WorkingCalendar


def test_bekasi_knows_holidays_and_shared_leave():
    city = hall()
    free = city.calendar.holidays
    assert {date(2026, 8, 17), date(2026, 12, 24), date(2026, 12, 25), date(2027, 1, 1)} <= free
    before_christmas = datetime(2026, 12, 23, 15, 0, tzinfo=city.zone)  # Thursday and Friday are free
    assert city.calendar.add_days(before_christmas, 1, city.zone) == before_christmas + timedelta(days=5)
    assert city.calendar.hours == OFFICE_HOURS


def test_a_city_without_the_file_works_five_days_a_week(tmp_path: Path):
    assert calendar(tmp_path / "calendar.toml") == WorkingCalendar()


def written(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "calendar.toml"
    file.write_text(text, "utf-8")
    return file


def test_a_day_without_hours_is_free(tmp_path: Path):
    found = calendar(written(tmp_path, '[hours]\nsenin = ["08:00-12:00"]\n[local]\n"2026-03-10" = "Hari jadi kota"\n'))
    assert [bool(shifts) for shifts in found.hours] == [True, *[False] * 6]
    assert found.holidays == {date(2026, 3, 10)}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[national]\n"25-12-2026" = "Natal"\n', "is no date"),
        ('[hours]\nmonday = ["08:00-12:00"]\n', "is no day"),
        ('[hours]\nsenin = ["08:00 sampai 12:00"]\n', "is no span of hours"),
        ('[hours]\nsenin = ["12:00-08:00"]\n', "must follow one another"),
        ('[hours]\nsenin = ["08:00-12:00", "11:00-13:00"]\n', "must follow one another"),
        ("[hours]\n", "at least one working day"),
        ('[hours]\nsenin = "08:00-12:00"\n', "must be a list"),
    ],
)
def test_mistakes_are_named_with_their_file(tmp_path: Path, text: str, says: str):
    with pytest.raises(CityError, match=says) as error:
        calendar(written(tmp_path, text))
    assert "calendar.toml" in str(error.value)
