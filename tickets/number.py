"""Ticket numbers with a check digit, tracking codes, and finding both in what people type."""

from __future__ import annotations

import re
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
    for match in _pattern(prefix).finditer(text):
        if match["tail"] is not None:  # separators tell where the check digit stands
            found = _checked(prefix, match["year"], match["n"], match["tail"])
        else:
            digits = match["run"]
            found = _checked(prefix, digits[:2], digits[2:-1], digits[-1])
        if found:
            return found
    return None


def _checked(prefix: str, short: str, running: str, check: str) -> str | None:
    running = running.lstrip("0").zfill(6)
    if running == "000000" or check_digit(short + running) != int(check):
        return None
    return f"{prefix}-{short}-{running}-{check}"


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
