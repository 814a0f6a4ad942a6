"""Reads a day as officers type it: "besok", "senin", "25/11", "25 nov 2026", "3 hari lagi"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from msgspec import Struct

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
_AND = r"\s?(?:-|–|,|s/?d|sampai|hingga|atau|dan)\s?"
_NAMED = re.compile(  # "4 desember", "3-4 desember"
    rf"(?<!\d)(?:(\d{{1,2}})(?:{_AND}\d{{1,2}}){{0,5}}{_AND})?(?<!\d)(\d{{1,2}})\s+([a-z]{{3,9}})\b\.?(?:\s+(\d{{4}}))?"
)
_COUNT = rf"(?<!\d)(\d{{1,3}}|\b(?:{'|'.join(_COUNTED)}))\s*"
_AHEAD = re.compile(rf"{_COUNT}(?P<work>(?:working|business)\s+)?({_LENGTH})(?P<kerja>\s+kerja\b)?")
_DAY_ONLY = re.compile(r"(?:tgl|tanggal)\.?\s*(\d{1,2})(?!\d)")
_AROUND = re.compile(
    r"\b(?:hari|ini|depan|lagi|dalam|tgl|tanggal|pagi|siang|sore|malam|nanti|mulai|pada|ya|pak|bu|minggu)\b"
)
_NOBODY = re.compile(
    r"\b(?:ok|oke|okay|okey|siap|sip|ya|iya|yes|baik|mantap|sudah|belum|tidak|tau|tahu|tunggu|ditunggu|menunggu|saja|aja|dulu"
    r"|segera|secepatnya|sampai|hingga|pak|bapak|bu|ibu|mas|mbak|bos|min|kak|terima|kasih|makasih|thanks|pihak|lain|ketiga)\b"
)
_LED_BY = re.compile(
    r"(?:(?:\b(?:sampai|sampe|hingga|s/?d|sekitar|kira-kira|paling lambat|hari|tgl|tanggal|pada|mulai|atau|dan)\b\.?"
    r"|\d{1,2}\s?[-–])\s*)+$"
)
_FOLLOWED_BY = re.compile(r"(?:\s*\b(?:ini|depan|lagi|nanti|pagi|siang|sore|malam|ya|pak|bu)\b)+")
_WAITING = re.compile(
    r"^(?:(?:masih|lagi|sedang|sdg|kami|kita|harus|mau)\s+)*(?:me)?(?:nunggu|tunggu)(?:in)?\b[\s:]*", re.IGNORECASE
)
_GAPS = re.compile(r"\(\s*\)|\s+(?=\s)|\s+(?=[,.;])|([,.;])(?:\s*[,.;])+")
_EDGES = re.compile(r"^[\s,.;:/–-]+|[\s,.;:/–-]+$")
_NEXT_WEEK = re.compile(r"\b(?:minggu depan|pekan depan|next week)\b")

_PART = r"(?:pagi|siang|sore|malam)"
_NAMES = "|".join(re.escape(name) for name in sorted((*_RELATIVE, *_WEEKDAYS), key=len, reverse=True))
_NAME = re.compile(rf"\b(?:{_NAMES})\b")
_NOT_THEN = re.compile(  # "tidak senin, selasa": a day that is ruled out
    rf"\b(?:tidak|tdk|bukan|jangan|gak|ga|nggak|not)\s+(?:bisa\s+|hari\s+|on\s+)*(?:{_NAMES})\b"
)
_DAYS = "|".join((*map(re.escape, _WEEKDAYS), "minggu"))
_GONE = r"(?:(?:yang|yg)\s+)?(?:kemarin|kemaren|kmrn|lalu(?!\s+lintas)|tadi)\b"
_BEFORE = re.compile(  # "jumat kemarin", "2 hari yang lalu": no plan
    rf"\b(?:(?:{_DAYS}|pekan)(?:\s+(?:{_PART}|minggu|pekan))?\s+{_GONE}"
    rf"|(?:kemarin|kemaren|kmrn|last)\s+(?:hari\s+)?(?:{_DAYS}|week)\b)"
    rf"|{_COUNT}{_LENGTH}\s+(?:{_GONE}|ago\b)"
)
_SUNDAY = re.compile(r"\bminggu\b(?!\s+(?:ini|depan)\b)")
# What binds two names of a day into one: "besok hari kamis"; and figures to a name: "jumat, tanggal 4 desember".
_BOUND = re.compile(rf"[\s(]*(?:(?:hari|{_PART})\b[\s(]*)*")
_BOUND_TO_DATE = re.compile(rf"[\s,(|]*(?:(?:hari|depan|tgl|tanggal|{_PART})\b[\s,.(|]*)*")
_DPN = re.compile(r"\b(?:dpn|depn)\b")  # "minggu dpn"


class _Named(Struct, frozen=True):
    """A day, and where its name begins and ends.

    vague: what follows may say which one, if it is a date: "jumat, 4 desember"
    """

    start: int
    end: int
    day: date | None
    vague: bool = False
    a_date: bool = True


def find_day(words: str, today: date) -> date | None:
    """The first day named in the words, None when there is none. Without a year the next such day is meant."""
    text = _spelt(words)
    for no_plan in (_NO_DAY, _NOT_THEN, _BEFORE):
        text = no_plan.sub(" | ", text)
    found: list[_Named] = []
    for read in (_iso, _named, _numbers, _of_month, _ahead, _spoken):
        more = list(read(text, today))
        found += [one for one in more if not any(_more_exact(text, one, other) for other in found)]
        for one in more:  # "tanggal 5 desember" is not the fifth of this month as well
            text = text[: one.start] + "#" * (one.end - one.start) + text[one.end :]
    days = sorted((one.start, one.day) for one in found if one.day is not None)
    if days:
        return days[0][1]
    return _coming(6, today) if _says(text, "minggu") else None  # "minggu ini"


def _more_exact(text: str, spoken: _Named, other: _Named) -> bool:
    """Does the other say with figures which day was just spoken of?"""
    if not (spoken.vague and other.a_date and other.day) or other.start < spoken.end:
        return False
    return _BOUND_TO_DATE.fullmatch(text[spoken.end : other.start]) is not None


def _spelt(words: str) -> str:
    """As they are read: small letters, single gaps, "dpn" written out."""
    return _DPN.sub("depan", " ".join(words.casefold().split())[:400])


def says_more(words: str) -> bool:
    """Do the words tell more than a day: an hour, or why it is this day?"""
    text = _spelt(words)
    return bool(_NO_DAY.search(text)) or sum(map(str.isalpha, _beside(text))) >= MORE


def names_somebody(words: str) -> bool:
    """Is anything left of "PLN, 25/11" without its day and without "ok", "siap pak", "tunggu saja"?"""
    left = _NOBODY.sub(" ", _beside(_NO_DAY.sub(" ", _spelt(words))))
    return sum(map(str.isalnum, left)) > 1


def somebody(words: str, today: date) -> str:
    """Who is waited for, out of "nunggu PLN sampai jumat, trafo rusak": without the day and without "nunggu".

    The day is told beside the name; in it, it would be read twice.
    """
    said = " ".join(words.split())
    text = said.lower()
    if len(text) != len(said):  # a letter that is longer when small: the places would not fit
        return said
    for span in _told_days(text, today):
        said = said[: span[0]] + " " + said[span[1] :]
    said = _EDGES.sub("", _GAPS.sub(r"\1", _WAITING.sub("", said.strip())))
    return said if names_somebody(said) else " ".join(words.split())


def _told_days(text: str, today: date) -> list[tuple[int, int]]:
    """Where days stand, with "sampai tanggal" before and "lagi" after them; the last one first."""
    for no_plan in (_NO_DAY, _NOT_THEN, _BEFORE):
        text = no_plan.sub(lambda found: "#" * len(found[0]), text)
    places: list[tuple[int, int]] = []
    for read in (_iso, _named, _numbers, _of_month, _ahead, _spoken):
        for one in [one for one in read(text, today) if one.day is not None]:
            text = text[: one.start] + "#" * (one.end - one.start) + text[one.end :]
            before, after = _LED_BY.search(text[: one.start]), _FOLLOWED_BY.match(text, one.end)
            places.append((before.start() if before else one.start, after.end() if after else one.end))
    return sorted(places, reverse=True)


def _beside(text: str) -> str:
    """What is said beside a day."""
    for known in (_ISO, _NUMBERS, _NAMED, _AHEAD, _DAY_ONLY, _NAME):
        text = known.sub(" ", text)
    return _AROUND.sub(" ", text)


def _iso(text: str, today: date) -> Iterator[_Named]:
    for found in _ISO.finditer(text):
        yield _Named(*found.span(), _date(int(found[1]), int(found[2]), int(found[3])))


def _numbers(text: str, today: date) -> Iterator[_Named]:
    for found in _NUMBERS.finditer(text):
        day, month = int(found[1]), int(found[2])
        year = int(found[3] or 0)
        full = _date(year if year > 99 else 2000 + year, month, day) if found[3] else _next(day, month, today)
        yield _Named(*found.span(), full)


def _named(text: str, today: date) -> Iterator[_Named]:
    for found in _NAMED.finditer(text):
        month = next((n for n, names in enumerate(_MONTHS, 1) if any(m.startswith(found[3]) for m in names)), None)
        if month is None:  # "2 desa" is no December
            continue
        day, start = int(found[2]), found.start(2)
        if found[1] and int(found[1]) < day:  # of several days the first
            day, start = int(found[1]), found.start()
        yield _Named(start, found.end(), _date(int(found[4]), month, day) if found[4] else _next(day, month, today))


def _of_month(text: str, today: date) -> Iterator[_Named]:
    for found in _DAY_ONLY.finditer(text):
        yield _Named(*found.span(), _next_of_month(int(found[1]), today))


def _ahead(text: str, today: date) -> Iterator[_Named]:
    for found in _AHEAD.finditer(text):
        count = _COUNTED.get(found[1]) or int(found[1])
        if found["work"] or found["kerja"]:
            yield _Named(*found.span(), _working_days_on(today, count), a_date=False)
        else:
            length = 7 if found[3].startswith(("minggu", "pekan", "week")) else 1
            yield _Named(*found.span(), today + timedelta(days=count * length), a_date=False)


def _working_days_on(day: date, count: int) -> date:
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day


def _spoken(text: str, today: date) -> Iterator[_Named]:
    """Days by their names; those that stand together are one: "besok kamis", "kamis minggu depan"."""
    together: list[re.Match[str]] = []
    for name in _NAME.finditer(text):
        if together and not _BOUND.fullmatch(text[together[-1].end() : name.start()]):
            yield _one(together, today)
            together = []
        together.append(name)
    if together:
        yield _one(together, today)
    for sunday in _SUNDAY.finditer(text):
        yield _Named(*sunday.span(), _coming(6, today), vague=True)


def _one(together: list[re.Match[str]], today: date) -> _Named:
    names = [name[0] for name in together]
    relative = next((today + timedelta(days=n) for name, n in _RELATIVE.items() if name in names), None)
    weekday = next((_WEEKDAYS[name] for name in names if name in _WEEKDAYS), None)
    next_week = any(_NEXT_WEEK.fullmatch(name) for name in names)
    day = relative
    if weekday is not None and (relative is None or relative.weekday() != weekday):
        # "senin besok" is the coming Monday, not tomorrow
        day = _coming(weekday, today)
        if next_week and weekday != 6:  # "kamis minggu depan"
            day = today + timedelta(days=7 - today.weekday() + weekday)
    return _Named(together[0].start(), together[-1].end(), day, vague=weekday is not None or next_week)


def _coming(weekday: int, today: date) -> date:
    return today + timedelta(days=(weekday - today.weekday()) % 7 or 7)


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
