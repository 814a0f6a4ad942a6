"""Nights and working days, in the city's own zone."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tickets.builders import ZONE, at
from tickets.calendar import WorkingCalendar, before_quiet, is_quiet, next_allowed
from tickets.policy import Policy

POLICY = Policy()
MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("hour", "quiet"),
    [("20:59", False), ("21:00", True), ("23:59", True), ("00:00", True), ("05:59", True), ("06:00", False)],
)
def test_night_is_from_nine_to_six_in_the_city(hour: str, quiet: bool):
    assert is_quiet(at("2026-11-23", hour).astimezone(UTC), POLICY, ZONE) is quiet


def test_night_follows_the_zone_and_not_utc():
    moment = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)  # 22.00 in Jakarta, midnight in Jayapura, 15.00 in Dakar
    assert is_quiet(moment, POLICY, ZoneInfo("Asia/Jakarta"))
    assert next_allowed(moment, POLICY, ZoneInfo("Asia/Jakarta")) == datetime(2026, 11, 23, 23, 0, tzinfo=UTC)
    assert next_allowed(moment, POLICY, ZoneInfo("Asia/Jayapura")) == datetime(2026, 11, 23, 21, 0, tzinfo=UTC)
    assert next_allowed(moment, POLICY, ZoneInfo("Africa/Dakar")) == moment


@pytest.mark.parametrize(
    ("asked", "allowed"),
    [
        (("2026-11-23", "20:59"), ("2026-11-23", "20:59")),
        (("2026-11-23", "21:00"), ("2026-11-24", "06:00")),
        (("2026-11-23", "23:30"), ("2026-11-24", "06:00")),
        (("2026-11-24", "00:00"), ("2026-11-24", "06:00")),
        (("2026-11-24", "05:59"), ("2026-11-24", "06:00")),
        (("2026-12-31", "22:00"), ("2027-01-01", "06:00")),
    ],
)
def test_the_night_ends_at_six(asked: tuple[str, str], allowed: tuple[str, str]):
    moved = next_allowed(at(*asked), POLICY, ZONE)
    assert moved == at(*allowed)
    assert moved.tzinfo is UTC


@given(MOMENTS)
def test_the_next_allowed_moment_is_never_at_night_and_never_earlier(moment: datetime):
    allowed = next_allowed(moment, POLICY, ZONE)
    assert not is_quiet(allowed, POLICY, ZONE)
    assert timedelta() <= allowed - moment <= timedelta(hours=9)
    assert next_allowed(allowed, POLICY, ZONE) == allowed
    assert next_allowed(moment, POLICY, ZONE, danger=True) == moment


@given(MOMENTS)
def test_the_evening_before_is_the_beginning_of_that_night(moment: datetime):
    if is_quiet(moment, POLICY, ZONE):
        evening = before_quiet(moment, POLICY, ZONE)
        assert evening <= moment < evening + timedelta(hours=9)
        assert evening.astimezone(ZONE).time() == time(21, 0)


def test_quiet_hours_may_lie_within_one_day():
    siesta = Policy(quiet_from=time(12, 0), quiet_until=time(13, 0))
    assert is_quiet(at("2026-11-23", "12:30"), siesta, ZONE)
    assert not is_quiet(at("2026-11-23", "23:30"), siesta, ZONE)
    assert next_allowed(at("2026-11-23", "12:30"), siesta, ZONE) == at("2026-11-23", "13:00")


HOLIDAYS = WorkingCalendar(holidays=frozenset({date(2026, 12, 24), date(2026, 12, 25)}))


@pytest.mark.parametrize(
    ("asked", "days", "due"),
    [
        (("2026-11-23", "10:00"), 1, ("2026-11-24", "10:00")),  # Monday to Tuesday
        (("2026-11-27", "10:00"), 1, ("2026-11-30", "10:00")),  # over the weekend
        (("2026-11-28", "10:00"), 1, ("2026-12-01", "07:30")),  # a Saturday begins on Monday
        (("2026-11-23", "22:00"), 1, ("2026-11-25", "07:30")),  # an evening begins the next morning
        (("2026-11-26", "12:00"), 1, ("2026-11-27", "13:00")),  # noon becomes Friday's long noon: after it
        (("2026-12-23", "10:00"), 1, ("2026-12-28", "10:00")),  # Christmas, leave and a weekend
        (("2026-11-23", "10:00"), 5, ("2026-11-30", "10:00")),
        (("2026-11-23", "12:10"), 0, ("2026-11-23", "12:30")),
    ],
)
def test_working_days_are_counted(asked: tuple[str, str], days: int, due: tuple[str, str]):
    assert HOLIDAYS.add_days(at(*asked), days, ZONE) == at(*due)


@given(MOMENTS, st.integers(0, 12))
def test_a_working_deadline_falls_into_working_hours(moment: datetime, days: int):
    due = HOLIDAYS.add_days(moment, days, ZONE)
    assert HOLIDAYS.next_working(due, ZONE) == due
    assert due >= moment
    assert HOLIDAYS.add_days(moment, days + 1, ZONE) > due


def test_a_calendar_without_working_days_is_refused():
    with pytest.raises(ValueError, match="seven days"):
        WorkingCalendar(hours=((),) * 6)
    with pytest.raises(ValueError, match="at least one"):
        WorkingCalendar(hours=((),) * 7)
    everything = frozenset(date(2026, 1, 1) + timedelta(days=n) for n in range(1000))
    with pytest.raises(ValueError, match="holiday list"):
        WorkingCalendar(holidays=everything).add_days(at("2026-01-05"), 1, ZONE)
