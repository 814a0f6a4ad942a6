"""Hides people's numbers in outward copies of a text: NIK, telephone numbers, e-mail addresses.

Meter, plate, invoice and licence numbers, dates and prices stay, because officers need them to act.
"""

import re
from collections.abc import Iterator
from functools import cached_property

from msgspec import Struct

NIK_MASK = "[NIK]"
PHONE_MASK = "[HP]"
EMAIL_MASK = "[EMAIL]"

_EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}\s?@\s?[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4}")
# Numbers that are plainly something else: dates, times, prices, coordinates, a pair of decimals.
_PLAINLY_OTHER = re.compile(
    r"(?<!\d)\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)\d{2}(?!\d)(?:[ ,]+\d{1,2}[.:]\d{2}(?![\d.]))?"
    r"|(?<!\d)(?:19|20)\d{2}[-/]\d{1,2}[-/]\d{1,2}(?!\d)"
    r"|(?:rp|idr)\.?\s?\d[\d.,]*"
    r"|(?<![\d.])\d{1,3}(?:\.\d{3}){1,4}(?:,\d{2})?(?=\s*(?:rupiah|perak|ribu|juta|,-))"
    r"|-?(?<![\d.])\d{1,3}\.\d{4,}[\s,]+-?\d{1,3}\.\d{4,}(?![\d.])"
    r"|(?<![\d.])\d{1,2}[.:]\d{2}\s*(?:wib|wita|wit|pm|am)\b",
    re.IGNORECASE,
)
_JOIN = r"[ \t.\-–—‐‑_·*()+\u00a0]{0,3}"  # what people put between the digits of one number
_RUN = re.compile(rf"\(?\+?\(?\d(?:{_JOIN}\d)*")
_GROUP = re.compile(r"\d+")

_LABEL = (
    r"(?:\W{0,3}(?:no(?:mor|mer|r)?|id|pel|pelanggan|air|listrik|pln|pdam|pbb|saya|kami|nya|bank|adalah|yaitu))*"
    r"\W{0,3}$"
)
_OF_A_THING = re.compile(
    r"(?:meter(?:an|nya)?|kwh|id\s?pel|idpel|pelanggan|invoice|inv|faktur|kwitansi|resi|nop|npwpd?|sppt|nib|pbg|imb"
    r"|virtual account|\bva|rek(?:ening)?|order|pesanan|token|serial|seri|imei|barcode)" + _LABEL,
    re.IGNORECASE,
)
_OF_A_PERSON = re.compile(r"(?:nik|ktp|\bkk|kartu keluarga)" + _LABEL, re.IGNORECASE)
_TO_CALL = re.compile(
    r"(?:\bhp|\bwa|whatsapp|wa\.me/|telp?|telepon|tlp|hub(?:ungi)?|kontak|contact|call|sms|ponsel)" + _LABEL,
    re.IGNORECASE,
)

_MOBILE = re.compile(r"^(?:0|62|0062|620)8[1-9]\d{6,11}$")
_MOBILE_BARE = re.compile(r"^8[1-9]\d{7,10}$")
_LANDLINE = re.compile(r"^(?:0|62)(?:2[1-9]|3[1-8]|4\d|5[1-6]|6[0-5]|7[0-7]|9\d)\d{6,9}$")
_AREA_CODE = re.compile(r"^\(?(?:\+?62|0\d{2,3})[\s)\-–]")


class _Piece(Struct, frozen=True):
    """One unbroken group of digits and where it stands in the text."""

    start: int
    end: int
    digits: str


def mask(text: str) -> str:
    """The text with every NIK (a KK number looks the same), telephone number and e-mail address replaced."""
    hidden = _EMAIL.sub(EMAIL_MASK, text)
    kept = [m.span() for m in _PLAINLY_OTHER.finditer(hidden)]
    parts: list[str] = []
    done = 0
    for start, end, name in _personal(hidden, kept):
        parts += [hidden[done:start], name]
        done = end
    return "".join(parts) + hidden[done:]


def has_personal_numbers(text: str) -> bool:
    """Whether `mask` would hide anything."""
    return mask(text) != text


def _personal(text: str, kept: list[tuple[int, int]]) -> Iterator[tuple[int, int, str]]:
    for run in _RUN.finditer(text):
        if len(run[0]) < 8:
            continue
        pieces = [
            _Piece(run.start() + g.start(), run.start() + g.end(), g[0])
            for g in _GROUP.finditer(run[0])
            if not any(a <= run.start() + g.start() < b for a, b in kept)
        ]
        first = 0
        while first < len(pieces):
            found = _number_from(text, pieces, first)
            if found is None:
                first = _after_thing(text, pieces, first)
                continue
            last, name = found
            yield _opening(text, pieces[first].start), pieces[last].end, name
            first = last + 1


def _after_thing(text: str, pieces: list[_Piece], first: int) -> int:
    """The next piece to look at; a token or meter number written in fours is passed over as a whole."""
    following = first + 1
    if _OF_A_THING.search(text[max(0, pieces[first].start - 40) : pieces[first].start]):
        while following < len(pieces) and len(pieces[following].digits) <= len(pieces[first].digits) <= 6:
            following += 1
    return following


def _number_from(text: str, pieces: list[_Piece], first: int) -> tuple[int, str] | None:
    """The longest personal number that begins with that piece: index of its last piece and its mask."""
    if first and not _free(text, pieces[first - 1], pieces[first]):
        return None
    before = _Before(text[max(0, pieces[first].start - 40) : _opening(text, pieces[first].start)])
    digits = ""
    found: tuple[int, str] | None = None
    for last in range(first, min(len(pieces), first + 20)):
        digits += pieces[last].digits
        if len(digits) > 17:
            break
        if last + 1 < len(pieces) and not _free(text, pieces[last], pieces[last + 1]):
            continue
        name = _kind(digits, before, text[_opening(text, pieces[first].start) : pieces[last].end])
        if name == NIK_MASK:
            return last, name
        found = (last, name) if name else found
    return found


def _free(text: str, left: _Piece, right: _Piece) -> bool:
    """Two numbers side by side: only a space parts them, no dot or dash binds them together."""
    return text[left.end : right.start].isspace()


def _opening(text: str, start: int) -> int:
    while start and text[start - 1] in "+(":
        start -= 1
    return start


class _Before:
    """What stands before a number, looked at only when somebody asks."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def of_a_thing(self) -> bool:
        return bool(_OF_A_THING.search(self._text))

    @cached_property
    def of_a_person(self) -> bool:
        return bool(_OF_A_PERSON.search(self._text))

    @cached_property
    def to_call(self) -> bool:
        return bool(_TO_CALL.search(self._text))


def _kind(digits: str, before: _Before, written: str) -> str | None:
    if len(digits) < 8:
        return None
    if len(digits) == 16 and not before.of_a_thing:
        return NIK_MASK
    if 15 <= len(digits) <= 17 and before.of_a_person:
        return NIK_MASK
    if before.of_a_thing:
        return None
    if _MOBILE.match(digits) and not (len(digits) > 13 and digits[0] == "0"):
        return PHONE_MASK
    if _LANDLINE.match(digits) and (before.to_call or _AREA_CODE.match(written)):
        return PHONE_MASK
    if before.to_call and (_MOBILE_BARE.match(digits) or 10 <= len(digits) <= 13):
        return PHONE_MASK
    return None
