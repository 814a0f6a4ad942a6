"""NIK and telephone numbers as people commonly write them, found in a folded text; what is plainly something else."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property

from msgspec import Struct

Found = tuple[int, int, str]  # from, to, the mask that stands there afterwards

NIK_MASK = "[NIK]"
PHONE_MASK = "[HP]"

_CLOCK = r"(?:[01]?\d|2[0-4])[.:][0-5]\d"
# Numbers that are plainly something else: dates, times, prices, coordinates, a pair of decimals.
_PLAINLY_OTHER = re.compile(
    r"(?<!\d)\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)\d{2}(?!\d)(?:[ ,]+\d{1,2}[.:]\d{2}(?![\d.]))?"
    r"|(?<!\d)(?:19|20)\d{2}[-/]\d{1,2}[-/]\d{1,2}(?!\d)"
    r"|(?<![\d./-])(?:0?[1-9]|[12]\d|3[01])[-/.](?:0?[1-9]|1[0-2])[-/.][0-2]\d(?![-/.]?\d)"
    r"|(?:rp|idr)\.?\s?\d[\d.,]*"
    r"|(?<![\d.])\d{1,3}(?:\.\d{3}){1,4}(?:,\d{2})?(?=\s*(?:rupiah|perak|ribu|juta|,-))"
    r"|[+-]?(?<![\d.])\d{1,3}\.\d{4,}[\s,]+[+-]?\d{1,3}\.\d{4,}(?![\d.])"
    r"|(?<![\d.])\d{1,2}[.:]\d{2}\s*(?:wib|wita|wit|pm|am)\b"
    rf"|(?<![\d.:]){_CLOCK}(?:(?:\s{{0,3}}[-–,/]\s{{0,3}}|\s{{1,3}}){_CLOCK})+(?![\d.:])",
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
# A mask that stands before a number is no label of it.
_OF_A_PERSON = re.compile(r"(?<!\[)(?:nik|ktp|\bkk|kartu keluarga)" + _LABEL, re.IGNORECASE)
_TO_CALL = re.compile(
    r"(?<!\[)(?:\bhp|\bwa|whatsapp|wa\.me/|telp?|telepon|tlp|hub(?:ungi)?|kontak|contact|call|sms|ponsel)" + _LABEL,
    re.IGNORECASE,
)

FULL_MOBILE = re.compile(r"(?:0|62|0062|620)8[1-9]\d{7,10}")
PROVINCE = re.compile(r"(?:1[1-9]|21|3[1-6]|5[1-3]|6[1-5]|7[1-6]|8[12]|9[1-7])")  # a NIK begins with its number
_MOST_TOGETHER = 48  # digits of three numbers written as one
_MOBILE = re.compile(r"^(?:0|62|0062|620)8[1-9]\d{6,11}$")
_MOBILE_BARE = re.compile(r"^8[1-9]\d{7,10}$")
_LANDLINE = re.compile(r"^(?:0|62)(?:2[1-9]|3[1-8]|4\d|5[1-6]|6[0-5]|7[0-7]|9\d)\d{6,9}$")
_FOREIGN = re.compile(r"\(?\+\(?[1-9][^+]*")
_THOUSANDS = re.compile(r"\+\d{1,3}(?:\.\d{3})+")
_LIST = re.compile(r"(?:(?:19|20)\d\d(?!\d)\D*){2,}|(?:\d+00(?!\d)\D*){3,}")  # years or prices, not a NIK
_AREA_CODE = re.compile(r"^\(?(?:\+?62|0\d{2,3})[\s)\-–]")


class Piece(Struct, frozen=True):
    """One unbroken group of digits and where it stands in the text."""

    start: int
    end: int
    digits: str


class Kept:
    """The stretches of a text in which no personal number begins."""

    def __init__(self, spans: Sequence[tuple[int, int]]) -> None:
        self._starts = [start for start, _ in spans]
        self._ends = [end for _, end in spans]

    def __contains__(self, place: object) -> bool:
        assert isinstance(place, int)
        at = bisect_right(self._starts, place) - 1
        return at >= 0 and place < self._ends[at]


def kept_spans(text: str) -> Kept:
    """Dates, times, prices, coordinates: to be left alone."""
    return Kept([m.span() for m in _PLAINLY_OTHER.finditer(text)])


def personal_numbers(text: str, kept: Kept) -> Iterator[Found]:
    """Every number of a person in a folded text."""
    for run in _RUN.finditer(text):
        if len(run[0]) < 8:
            continue
        pieces = pieces_of(run, kept)
        first = 0
        while first < len(pieces):
            found = _number_from(text, pieces, first)
            if found is None:
                first = after_thing(text, pieces, first)
                continue
            last, name = found
            yield opening(text, pieces[first].start), pieces[last].end, name
            first = last + 1


def pieces_of(run: re.Match[str], kept: Kept) -> list[Piece]:
    """The groups of digits in a run."""
    at = run.start()
    every = (Piece(at + g.start(), at + g.end(), g[0]) for g in _GROUP.finditer(run[0]))
    return [piece for piece in every if piece.start not in kept]


def after_thing(text: str, pieces: list[Piece], first: int) -> int:
    """The next piece to look at; a token or meter number written in fours is passed over as a whole."""
    following = first + 1
    if _OF_A_THING.search(text[max(0, pieces[first].start - 40) : pieces[first].start]):
        while following < len(pieces) and len(pieces[following].digits) <= len(pieces[first].digits) <= 6:
            following += 1
    return following


def _number_from(text: str, pieces: list[Piece], first: int) -> tuple[int, str] | None:
    """The longest personal number that begins with that piece: index of its last piece and its mask."""
    if first and not _free(text, pieces[first - 1], pieces[first]):
        return None
    before = before_of(text, pieces[first])
    digits = ""
    found: tuple[int, str] | None = None
    for last in range(first, min(len(pieces), first + 20)):
        digits += pieces[last].digits
        if len(digits) > (_MOST_TOGETHER if last == first else 17):
            break
        if last + 1 < len(pieces) and not _free(text, pieces[last], pieces[last + 1]):
            continue
        name = _kind(digits, before, text[opening(text, pieces[first].start) : pieces[last].end])
        if name == NIK_MASK:
            return last, name
        found = (last, name) if name else found
    return found


def _free(text: str, left: Piece, right: Piece) -> bool:
    """Two numbers side by side: only a space parts them, no dot or dash binds them together."""
    return text[left.end : right.start].isspace()


def opening(text: str, start: int) -> int:
    """Where the number begins with its "+" or "("."""
    while start and text[start - 1] in "+(":
        start -= 1
    return start


def before_of(text: str, piece: Piece) -> "Before":
    """What stands before a number that begins with this piece."""
    start = opening(text, piece.start)
    return Before(text[max(0, piece.start - 40) : start], "+" in text[start : piece.start])


class Before:
    """What stands before a number, looked at only when somebody asks."""

    def __init__(self, text: str, plus: bool) -> None:
        self.text = text
        self.plus = plus

    @cached_property
    def of_a_thing(self) -> bool:
        return bool(_OF_A_THING.search(self.text))

    @cached_property
    def of_a_person(self) -> bool:
        return bool(_OF_A_PERSON.search(self.text))

    @cached_property
    def to_call(self) -> bool:
        return bool(_TO_CALL.search(self.text))


def _kind(digits: str, before: Before, written: str) -> str | None:
    if len(digits) < 8:
        return None
    if len(digits) > 17:
        return None if before.of_a_thing else _together(digits)
    if len(digits) == 16 and not before.of_a_thing and (before.of_a_person or not _LIST.fullmatch(written)):
        return NIK_MASK
    if 15 <= len(digits) <= 17 and before.of_a_person:
        return NIK_MASK
    if before.of_a_thing:
        return None
    if _MOBILE.match(digits) and not (len(digits) > 13 and digits[0] == "0"):
        return PHONE_MASK
    if 9 <= len(digits) <= 15 and _FOREIGN.fullmatch(written) and not _THOUSANDS.fullmatch(written):
        return PHONE_MASK
    if _LANDLINE.match(digits) and (before.to_call or _AREA_CODE.match(written)):
        return PHONE_MASK
    if before.to_call and (_MOBILE_BARE.match(digits) or 10 <= len(digits) <= 13):
        return PHONE_MASK
    return None


def _together(digits: str) -> str | None:
    """The masks of two or three numbers written as one, without any sign between them."""
    for size in (16, 15, 14, 13, 12, 11, 10):
        name = _whole(digits[:size])
        if name is None or len(digits) < size:
            continue
        rest = "" if len(digits) == size else _together(digits[size:])
        if rest is not None:
            return f"{name} {rest}".rstrip()
    return None


def _whole(digits: str) -> str | None:
    if len(digits) == 16 and PROVINCE.match(digits):
        return NIK_MASK
    return PHONE_MASK if FULL_MOBILE.fullmatch(digits) else None
