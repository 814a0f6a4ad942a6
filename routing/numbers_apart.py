"""Personal numbers with uncommon signs between their digits: "0812/3456/7890", one group a line, "3275|0123|4567|8901".

Such signs also part what belongs to different things, so only what begins like a mobile number or is as long as a NIK
counts, and lists of house numbers, years, prices and hours stay.
"""

import re
from collections.abc import Iterator, Sequence

from routing.personal_numbers import (
    FULL_MOBILE,
    NIK_MASK,
    PHONE_MASK,
    PROVINCE,
    Before,
    Found,
    Kept,
    Piece,
    after_thing,
    before_of,
    opening,
    pieces_of,
)

_RUN = re.compile(r"\d(?:[\W_]{0,6}\d)*")
_NIK_SHAPES = {(2, 2, 2, 6, 4), (6, 2, 2, 2, 4), (2, 2, 2, 2, 2, 2, 4)}
_BORN = re.compile(r"\d{6}(?:[04][1-9]|[1256]\d|[37][01])(?:0[1-9]|1[0-2])\d{6}")  # with the day of birth of a NIK
# Things whose numbers are written in groups, too.
_NUMBERED = re.compile(
    r"(?:tiang|gardu|panel|pju|surat|berkas|sertifikat|\bsk)\W{0,3}(?:no(?:mor|mer|r)?)?\W{0,3}$", re.IGNORECASE
)


def numbers_apart(text: str, kept: Kept) -> Iterator[Found]:
    """Every such number in a folded text from which the common ones were taken away."""
    for run in _RUN.finditer(text):
        pieces = pieces_of(run, kept)
        first = free = 0
        while first < len(pieces):
            found = _from(text, pieces, first) if first == free or _begins(text, pieces, first) else None
            if found is None:
                first = after_thing(text, pieces, first) if len(pieces[first].digits) > 2 else first + 1
                continue
            last, name = found
            yield opening(text, pieces[first].start), pieces[last].end, name
            first = free = last + 1


def _gap(text: str, pieces: Sequence[Piece], right: int) -> str:
    return text[pieces[right - 1].end : pieces[right].start]


def _begins(text: str, pieces: Sequence[Piece], first: int) -> bool:
    """May a number begin within a run? After a space, or where another sign parts it from what was before."""
    gap = _gap(text, pieces, first)
    return any(sign.isspace() for sign in gap) or (first + 1 < len(pieces) and gap != _gap(text, pieces, first + 1))


def _from(text: str, pieces: Sequence[Piece], first: int) -> tuple[int, str] | None:
    """The longest number that begins with that piece; once complete, only the same sign continues it."""
    before = before_of(text, pieces[first])
    digits = pieces[first].digits
    if len(digits) == 1 and digits not in "06" and not before.of_a_person:
        return None
    gaps: list[str] = []
    found: tuple[int, str] | None = None
    for last in range(first + 1, min(len(pieces), first + 16)):
        gap = _gap(text, pieces, last)
        digits += pieces[last].digits
        if len(digits) > 16 or any(sign.isdigit() for sign in gap) or (found and gap != gaps[-1]):
            break
        gaps.append(gap)
        name = NIK_MASK if len(digits) == 16 else PHONE_MASK if FULL_MOBILE.fullmatch(digits) else None
        if name is None:
            continue
        groups = [piece.digits for piece in pieces[first : last + 1]]
        if (_nik if name == NIK_MASK else _phone)(groups, gaps, before):
            found = last, name
    return None if found and (before.of_a_thing or _NUMBERED.search(before.text)) else found


def _nik(groups: list[str], gaps: list[str], before: Before) -> bool:
    digits = "".join(groups)
    if before.of_a_person:
        return True
    if not PROVINCE.match(digits) or _years(groups) or all(group.endswith("00") for group in groups):
        return False
    if min(map(len, groups)) < 4 and tuple(map(len, groups)) not in _NIK_SHAPES:
        return False
    return bool(_BORN.fullmatch(digits)) or (len(set(gaps)) == 1 and not _listing(gaps))


def _phone(groups: list[str], gaps: list[str], before: Before) -> bool:
    singly = all(len(group) == 1 for group in groups)
    if singly or before.to_call or before.plus:  # cut in any way
        return True
    if len({group[:2] for group in groups}) == 1:  # "0812, 0813, 0815": poles
        return False
    shortest = min(map(len, groups[1:]))
    if groups[0] in ("62", "062", "0062"):
        return shortest >= 3 and not _listing(gaps)
    return len(groups[0]) >= 3 and shortest >= (3 if _listing(gaps) else 2)


def _listing(gaps: list[str]) -> bool:
    """Are these signs that also stand between the parts of a list?"""
    return any(sign in gap for gap in gaps for sign in ",;\n")


def _years(groups: list[str]) -> bool:
    return all(len(group) == 4 and group[:2] in ("19", "20") for group in groups)
