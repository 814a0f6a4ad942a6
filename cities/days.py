"""Reads a city's `calendar.toml`: office hours and the days on which nobody works."""

from datetime import date, time
from itertools import pairwise
from pathlib import Path

from cities.files import Table, table
from tickets.calendar import OFFICE_HOURS, Hours, WorkingCalendar

WEEK = ("senin", "selasa", "rabu", "kamis", "jumat", "sabtu", "minggu")
KINDS = ("national", "leave", "local")


def calendar(file: Path) -> WorkingCalendar:
    """The city's working calendar; without the file a usual five-day week without holidays. Raises CityError."""
    if not file.is_file():
        return WorkingCalendar()
    days = table(file)
    hours = _week(days.inner("hours")) if "hours" in days.data else OFFICE_HOURS
    free = frozenset(_day(days, kind, day) for kind in KINDS for day in days.pairs(kind))
    try:
        return WorkingCalendar(hours, free)
    except ValueError as error:
        raise days.wrong(error) from error


def _day(days: Table, kind: str, written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError as error:
        raise days.wrong(f'[{kind}] {written!r} is no date: write "2026-12-25" = "Natal"') from error


def _week(hours: Table) -> tuple[Hours, ...]:
    unknown = set(hours.data) - set(WEEK)
    if unknown:
        raise hours.wrong(f"{', '.join(sorted(unknown))} is no day: use {', '.join(WEEK)}")
    return tuple(_shifts(hours, name) if name in hours.data else () for name in WEEK)


def _shifts(hours: Table, name: str) -> Hours:
    """ "07:30-12:00" one after the other; a day that is left out is free."""
    shifts = []
    for written in hours.texts(name):
        try:
            begin, end = (time.fromisoformat(part.strip()) for part in written.split("-"))
        except ValueError as error:
            raise hours.wrong(f'{name}: {written!r} is no span of hours: write "07:30-12:00"') from error
        shifts.append((begin, end))
    flat = [moment for shift in shifts for moment in shift]
    if any(later <= earlier for earlier, later in pairwise(flat)):
        raise hours.wrong(f"{name}: hours must follow one another, each span ending after it begins")
    return tuple(shifts)
