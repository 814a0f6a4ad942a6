"""Ticket numbers with a check digit, tracking codes, and finding both in what people type."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

_DAMM = (  # Damm's quasigroup of order ten: catches every wrong digit and every swap of neighbours
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})
CODE_LENGTH = 8
MOST_DIGITS = 9  # of a running number
FULL = 8  # digits of a year and a running number written together
_CODE = re.compile(r"[0-9A-Z]{8}")


def check_digit(digits: str) -> int:
    """Damm's check digit of a string of decimal digits."""
    interim = 0
    for digit in digits:
        interim = _DAMM[interim][int(digit)]
    return interim


def ticket_number(prefix: str, year: int, n: int) -> str:
    """The public number of the n-th ticket of a year: "BKS-26-000123-7". The check covers year and n."""
    if n < 1:
        raise ValueError("Ticket numbers begin with 1.")
    short = f"{year % 100:02d}"
    running = f"{n:06d}"
    return f"{prefix}-{short}-{running}-{check_digit(short + running)}"


def find_number(text: str, prefix: str) -> str | None:
    """The first valid ticket number of this city in a text, in its official form; None when there is none.

    Forgives lower case, other or missing separators and missing zeros: "bks26 123 7".
    A number whose check digit is wrong is not found: better to ask than to show another person's ticket.
    """
    return next(iter(find_numbers(text, prefix)), None)


def find_numbers(text: str, prefix: str) -> list[str]:
    """All of them, each once, in their order."""
    read = (_read(match, prefix) for match in _pattern(prefix).finditer(text))
    return list(dict.fromkeys(number for number in read if number))


def _read(match: re.Match[str], prefix: str) -> str | None:
    if match["tail"] is not None:  # separators tell where the check digit stands
        return _checked(prefix, match["year"], match["n"], match["tail"])
    digits = match["run"]
    return _checked(prefix, digits[:2], digits[2:-1], digits[-1])


def possible_numbers(text: str, prefix: str, year: int) -> tuple[str, ...]:
    """The numbers that somebody may mean who typed nothing but one, in their official form, the likeliest first.

    Prefix, year and check digit may be missing: "26-000123-7", "26/123", "123". Without a year it is this one or the
    last. A check digit that was typed has to be right.
    """
    typed = _alone(prefix).fullmatch(text)
    parts = re.findall(r"[0-9]+", typed["number"]) if typed else []
    shorts = tuple(f"{one % 100:02d}" for one in (year, year - 1))
    found: list[str] = []
    for short, running, check in _readings(parts, shorts):
        running = running.lstrip("0").zfill(6)
        right = str(check_digit(short + running))
        if running != "000000" and len(running) <= MOST_DIGITS and check in ("", right):
            found.append(f"{prefix}-{short}-{running}-{right}")
    return tuple(dict.fromkeys(found))


def _readings(parts: list[str], shorts: tuple[str, ...]) -> Iterator[tuple[str, str, str]]:
    """(year, running number, check digit or "") as the digits may be meant."""
    if len(parts) == 3 and len(parts[0]) == 2 and len(parts[2]) == 1:
        yield parts[0], parts[1], parts[2]
    elif len(parts) == 2:
        if parts[0] in shorts:
            yield parts[0], parts[1], ""
            yield parts[0], parts[1][:-1], parts[1][-1]
        if len(parts[1]) == 1:
            yield from ((short, parts[0], parts[1]) for short in shorts)
    elif len(parts) == 1:
        (run,) = parts
        if len(run) >= FULL and run[:2] in shorts:
            yield run[:2], run[2:], ""
            yield run[:2], run[2:-1], run[-1]
        yield from ((short, run, "") for short in shorts)


def _checked(prefix: str, short: str, running: str, check: str) -> str | None:
    running = running.lstrip("0").zfill(6)
    if running == "000000" or check_digit(short + running) != int(check):
        return None
    return f"{prefix}-{short}-{running}-{check}"


@cache
def _alone(prefix: str) -> re.Pattern[str]:
    """Nothing but a number, as people write it: "no. 123", "#123", "bks 26 123"."""
    letters = r"\s?".join(map(re.escape, prefix))
    return re.compile(
        rf"\W{{0,3}}(?:(?:no|nomor|nomer|tiket|laporan)\b\W{{0,3}}){{0,3}}(?:{letters})?\W{{0,3}}"
        r"(?P<number>[0-9](?:[0-9\s\-–—_./#:]{0,30}[0-9])?)\W{0,3}",
        re.IGNORECASE,
    )


@cache
def _pattern(prefix: str) -> re.Pattern[str]:
    apart = r"[\s\-–—_./#:]{0,3}"
    together = apart.replace("{0,3}", "{1,3}")
    letters = r"\s?".join(map(re.escape, prefix))
    return re.compile(
        rf"(?<![A-Za-z0-9]){letters}{apart}"
        rf"(?:(?P<year>[0-9]{{2}}){apart}(?P<n>[0-9]{{1,9}}){together}(?P<tail>[0-9])"
        rf"|(?P<run>[0-9]{{4,12}}))(?![0-9])",
        re.IGNORECASE,
    )


def tracking_code(digest: bytes) -> str:
    """Eight characters of Crockford's base 32 (40 bits) from the first five bytes of a secret digest."""
    if len(digest) < 5:
        raise ValueError("A tracking code needs at least 5 bytes.")
    value = int.from_bytes(digest[:5], "big")
    return "".join(_CROCKFORD[value >> shift & 31] for shift in range(35, -1, -5))


def normalise_code(text: str) -> str:
    """A tracking code as typed, in its official form; "" when it cannot be one. O reads 0, I and L read 1."""
    folded = re.sub(r"[\s\-–—_.]", "", text).upper().translate(_MISREAD)
    return folded if _CODE.fullmatch(folded) else ""
