"""Local days and hours: when people may be nudged, and which days an office works."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from tickets.policy import Policy

Hours = tuple[tuple[time, time], ...]

OFFICE_HOURS: tuple[Hours, ...] = (  # Monday first; the usual five-day week of a regional office
    *(((time(7, 30), time(12, 0)), (time(12, 30), time(16, 0))),) * 4,
    ((time(7, 30), time(11, 30)), (time(13, 0), time(16, 30))),
    (),
    (),
)


def is_quiet(moment: datetime, policy: Policy, zone: ZoneInfo) -> bool:
    """Is it night for the city at this moment? The first minute of the day part is not night any more."""
    local = moment.astimezone(zone).time()
    begin, end = policy.quiet_from, policy.quiet_until
    if begin <= end:
        return begin <= local < end
    return local >= begin or local < end


def next_allowed(moment: datetime, policy: Policy, zone: ZoneInfo, danger: bool = False) -> datetime:
    """The same moment, or the end of the quiet hours it falls into; danger does not wait. Aware UTC."""
    if danger or not is_quiet(moment, policy, zone):
        return moment.astimezone(UTC)
    local = moment.astimezone(zone)
    day = local.date()
    if local.time() >= policy.quiet_until:
        day += timedelta(days=1)
    return at_local(day, policy.quiet_until, zone)


def before_quiet(moment: datetime, policy: Policy, zone: ZoneInfo) -> datetime:
    """The beginning of the quiet hours `moment` falls into. Aware UTC."""
    local = moment.astimezone(zone)
    day = local.date()
    if local.time() < policy.quiet_from:
        day -= timedelta(days=1)
    return at_local(day, policy.quiet_from, zone)


def at_local(day: date, hour: time, zone: ZoneInfo) -> datetime:
    """That hour of that day in the city, as aware UTC."""
    return datetime.combine(day, hour, tzinfo=zone).astimezone(UTC)


class WorkingCalendar(Struct, frozen=True):
    """Weekly hours (Monday first, split shifts allowed) and the days that do not count."""

    hours: tuple[Hours, ...] = OFFICE_HOURS
    holidays: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        if len(self.hours) != 7:
            raise ValueError("A working calendar needs hours for seven days, Monday first; () is a free day.")
        if not any(self.hours):
            raise ValueError("A working calendar needs at least one working day in the week.")

    def shifts(self, day: date) -> Hours:
        """The working hours of a day, () when nobody works."""
        return () if day in self.holidays else self.hours[day.weekday()]

    def next_working(self, moment: datetime, zone: ZoneInfo) -> datetime:
        """This moment when somebody works, else the beginning of the next shift. Aware UTC."""
        local = moment.astimezone(zone)
        day = local.date()
        for begin, end in self.shifts(day):
            if local.time() < end:
                return max(local.astimezone(UTC), at_local(day, begin, zone))
        return self._opening(day + timedelta(days=1), zone)

    def add_days(self, moment: datetime, days: int, zone: ZoneInfo) -> datetime:
        """The same hour `days` working days later; outside working hours the next shift's begin counts."""
        start = self.next_working(moment, zone).astimezone(zone)
        day = start.date()
        for _ in range(days):
            day = self._working_day(day + timedelta(days=1))
        return self.next_working(at_local(day, start.time(), zone), zone)

    def _opening(self, day: date, zone: ZoneInfo) -> datetime:
        day = self._working_day(day)
        return at_local(day, self.shifts(day)[0][0], zone)

    def _working_day(self, day: date) -> date:
        for _ in range(400):  # a list that leaves no working day in a year is a mistake, not a calendar
            if self.shifts(day):
                return day
            day += timedelta(days=1)
        raise ValueError(f"No working day within 400 days before {day}: check the city's holiday list.")


OFFICE_WEEK = WorkingCalendar()
