"""Reads a day as officers type it: "besok", "senin", "25/11", "25 nov 2026", "3 hari lagi"."""

from __future__ import annotations

import re
from datetime import date, timedelta

_RELATIVE = {
    "hari ini": 0, "today": 0, "sekarang": 0, "lusa": 2, "besok": 1, "bsk": 1, "esok": 1, "tomorrow": 1,
    "minggu depan": 7, "pekan depan": 7, "next week": 7, "seminggu lagi": 7,
}  # fmt: skip
_WEEKDAYS = {
    "senin": 0, "sen": 0, "monday": 0, "selasa": 1, "sel": 1, "tuesday": 1, "rabu": 2, "rab": 2, "wednesday": 2,
    "kamis": 3, "kam": 3, "thursday": 3, "jumat": 4, "jum'at": 4, "jum": 4, "friday": 4, "sabtu": 5, "sab": 5,
    "saturday": 5, "minggu": 6, "ahad": 6, "sunday": 6,
}  # fmt: skip
_MONTHS = ("jan", "feb", "mar", "apr", "mei", "jun", "jul", "agu", "sep", "okt", "nov", "des")
_OTHER_MONTHS = {"may": 5, "aug": 8, "ags": 8, "agt": 8, "oct": 10, "dec": 12, "peb": 2, "nop": 11}

_NUMBERS = re.compile(r"(?<!\d)(\d{1,2})\s?[/\-.]\s?(\d{1,2})(?:\s?[/\-.]\s?(\d{4}|\d{2}))?(?!\d)")
_ISO = re.compile(r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_NAMED = re.compile(r"(?<!\d)(\d{1,2})\s+([a-z]{3,9})\.?(?:\s+(\d{4}))?")
_AHEAD = re.compile(r"(?<!\d)(\d{1,3})\s*(hari|hr|days?|minggu|pekan|weeks?)\b")
_DAY_ONLY = re.compile(r"(?:tgl|tanggal)\.?\s*(\d{1,2})(?!\d)")


def find_day(words: str, today: date) -> date | None:
    """The first day named in the words, None when there is none. Without a year the next such day is meant."""
    text = " ".join(words.casefold().split())[:400]
    return _iso(text) or _numbers(text) or _named(text, today) or _numbers_short(text, today) or _spoken(text, today)


def _iso(text: str) -> date | None:
    found = _ISO.search(text)
    return _date(int(found[1]), int(found[2]), int(found[3])) if found else None


def _numbers(text: str) -> date | None:
    found = _NUMBERS.search(text)
    if found is None or found[3] is None:
        return None
    year = int(found[3])
    return _date(year if year > 99 else 2000 + year, int(found[2]), int(found[1]))


def _numbers_short(text: str, today: date) -> date | None:
    found = _NUMBERS.search(text)
    return _next(int(found[1]), int(found[2]), today) if found and found[3] is None else None


def _named(text: str, today: date) -> date | None:
    for found in _NAMED.finditer(text):
        start = found[2][:3]
        month = _MONTHS.index(start) + 1 if start in _MONTHS else _OTHER_MONTHS.get(start)
        if month is None or found[2].startswith("hari"):
            continue
        day = int(found[1])
        return _date(int(found[3]), month, day) if found[3] else _next(day, month, today)
    return None


def _spoken(text: str, today: date) -> date | None:
    ahead = _AHEAD.search(text)
    if ahead:
        length = 7 if ahead[2].startswith(("minggu", "pekan", "week")) else 1
        return today + timedelta(days=int(ahead[1]) * length)
    for name, days in _RELATIVE.items():
        if re.search(rf"\b{name}\b", text):
            return today + timedelta(days=days)
    only = _DAY_ONLY.search(text)
    if only:
        return _next_of_month(int(only[1]), today)
    for name, weekday in _WEEKDAYS.items():
        if re.search(rf"\b{re.escape(name)}\b", text):
            return today + timedelta(days=(weekday - today.weekday()) % 7 or 7)
    return None


def _next(day: int, month: int, today: date) -> date | None:
    found = _date(today.year, month, day)
    if found is None or found >= today:
        return found
    if (today - found).days <= 31:  # last week's day is a slip, not a plan for next year: let it be refused
        return found
    return _date(today.year + 1, month, day)


def _next_of_month(day: int, today: date) -> date | None:
    found = _date(today.year, today.month, day)
    if found is not None and found >= today:
        return found
    year, month = (today.year, today.month + 1) if today.month < 12 else (today.year + 1, 1)
    return _date(year, month, day)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
