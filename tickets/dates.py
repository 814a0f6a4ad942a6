"""Reads a day as officers type it: "besok", "senin", "25/11", "25 nov 2026", "3 hari lagi"."""

from __future__ import annotations

import re
from datetime import date, timedelta

_RELATIVE = {
    "hari ini": 0, "hr ini": 0, "today": 0, "sekarang": 0, "lusa": 2, "besok": 1, "bsk": 1, "besuk": 1, "esok": 1,
    "tomorrow": 1, "minggu depan": 7, "pekan depan": 7, "next week": 7, "seminggu lagi": 7,
    **{f"{part} ini": 0 for part in ("pagi", "siang", "sore", "malam")},
    **{f"nanti {part}": 0 for part in ("siang", "sore", "malam")},
}  # fmt: skip
_WEEKDAYS = {
    "senin": 0, "sen": 0, "monday": 0, "selasa": 1, "sel": 1, "tuesday": 1, "rabu": 2, "rab": 2, "wednesday": 2,
    "kamis": 3, "kam": 3, "thursday": 3, "jumat": 4, "jum'at": 4, "jum": 4, "friday": 4, "sabtu": 5, "sab": 5,
    "saturday": 5, "hari minggu": 6, "ahad": 6, "sunday": 6,
}  # fmt: skip
_MONTHS = (
    ("januari", "january"), ("februari", "february", "pebruari"), ("maret", "march"), ("april",), ("mei", "may"),
    ("juni", "june"), ("juli", "july"), ("agustus", "august", "ags", "agst", "agt"), ("september",),
    ("oktober", "october"), ("november", "nopember"), ("desember", "december"),
)  # fmt: skip
_COUNTED = {
    "satu": 1, "dua": 2, "tiga": 3, "empat": 4, "lima": 5, "enam": 6, "tujuh": 7, "delapan": 8, "sembilan": 9,
    "sepuluh": 10,
}  # fmt: skip

MORE = 10  # letters beside the day: an explanation

_TIME = r"\d{1,2}(?:\s?[.:]\s?\d{2})?"
_NO_DAY = re.compile(  # "besok jam 9-12", "RT 03/05": numbers beside the day
    rf"\b(?:(?:jam|jm|pukul|pkl|pk)\b\.?\s*{_TIME}(?:\s*(?:-|–|s/?d|sampai|hingga)\s*(?:(?:jam|pukul)\s*)?{_TIME})?"
    rf"|{_TIME}\s*wib\b|r[tw]\b\.?\s*\d+(?:\s*/\s*(?:rw\b\.?\s*)?\d+)?)"
)
_LENGTH = r"(?:hari|hr|days?|minggu|pekan|weeks?)\b"
_NUMBERS = re.compile(
    rf"(?<!\d)(\d{{1,2}})\s?[/\-.]\s?(\d{{1,2}})(?:\s?[/\-.]\s?(\d{{4}}|\d{{2}}))?(?!\d|\s*{_LENGTH})"
)
_ISO = re.compile(r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_NAMED = re.compile(r"(?<!\d)(\d{1,2})\s+([a-z]{3,9})\b\.?(?:\s+(\d{4}))?")
_AHEAD = re.compile(rf"(?<!\d)(\d{{1,3}}|\b(?:{'|'.join(_COUNTED)}))\s*({_LENGTH})")
_DAY_ONLY = re.compile(r"(?:tgl|tanggal)\.?\s*(\d{1,2})(?!\d)")
_AROUND = re.compile(
    r"\b(?:hari|ini|depan|lagi|dalam|tgl|tanggal|pagi|siang|sore|malam|nanti|mulai|pada|ya|pak|bu|minggu)\b"
)
_NEXT_WEEK = re.compile(r"\b(?:minggu depan|pekan depan|next week)\b")


_NOT_THEN = re.compile(  # "tidak senin, selasa": a day that is ruled out
    rf"\b(?:tidak|tdk|bukan|jangan|gak|ga|nggak|not)\s+(?:bisa\s+|hari\s+|on\s+)*"
    rf"(?:{'|'.join(map(re.escape, (*_RELATIVE, *_WEEKDAYS)))})\b"
)
_DPN = re.compile(r"\b(?:dpn|depn)\b")  # "minggu dpn"


def find_day(words: str, today: date) -> date | None:
    """The first day named in the words, None when there is none. Without a year the next such day is meant."""
    text = _NOT_THEN.sub(" ", _NO_DAY.sub(" ", _spelt(words)))
    return _iso(text) or _numbers(text) or _named(text, today) or _numbers_short(text, today) or _spoken(text, today)


def _spelt(words: str) -> str:
    """As they are read: small letters, single gaps, "dpn" written out."""
    return _DPN.sub("depan", " ".join(words.casefold().split())[:400])


def says_more(words: str) -> bool:
    """Do the words tell more than a day: an hour, or why it is this day?"""
    text = _spelt(words)
    if _NO_DAY.search(text):
        return True
    for known in (_ISO, _NUMBERS, _NAMED, _AHEAD, _DAY_ONLY):
        text = known.sub(" ", text)
    for name in (*_RELATIVE, *_WEEKDAYS):
        text = re.sub(rf"\b{re.escape(name)}\b", " ", text)
    return sum(sign.isalpha() for sign in _AROUND.sub(" ", text)) >= MORE


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
        month = next((n for n, names in enumerate(_MONTHS, 1) if any(m.startswith(found[2]) for m in names)), None)
        if month is None:  # "2 desa" is no December
            continue
        day = int(found[1])
        return _date(int(found[3]), month, day) if found[3] else _next(day, month, today)
    return None


def _spoken(text: str, today: date) -> date | None:
    ahead = _AHEAD.search(text)
    if ahead:
        length = 7 if ahead[2].startswith(("minggu", "pekan", "week")) else 1
        return today + timedelta(days=(_COUNTED.get(ahead[1]) or int(ahead[1])) * length)
    relative = next((today + timedelta(days=n) for name, n in _RELATIVE.items() if _says(text, name)), None)
    weekday = next((day for name, day in _WEEKDAYS.items() if _says(text, name)), None)
    if weekday is not None:
        if relative is not None and relative.weekday() == weekday:
            return relative
        if weekday != 6 and _NEXT_WEEK.search(text):  # "kamis minggu depan"
            return today + timedelta(days=7 - today.weekday() + weekday)
    elif relative is not None:
        return relative
    only = _DAY_ONLY.search(text)
    if only:
        return _next_of_month(int(only[1]), today)
    if weekday is None and _says(text, "minggu"):
        weekday = 6
    # "senin besok" is the coming Monday, not tomorrow
    return today + timedelta(days=(weekday - today.weekday()) % 7 or 7) if weekday is not None else None


def _says(text: str, name: str) -> bool:
    return re.search(rf"\b{re.escape(name)}\b", text) is not None


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
