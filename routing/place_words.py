"""Finds mentions of places in free text, each with the words around it that say what part it plays."""

import re
from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct

from routing.normalise import plain
from routing.place_names import OUTSIDE, NameBook, PlaceLanguage, PlaceName

LONGEST_NAME = 5  # words: "Jatibening Baru" may be written "jati bening baru"
LONGEST_SLIP = 3
LONG_LETTERS = 12  # "kayu rngin jya": so long a name in several words bears two slips
EVERYDAY_LETTERS = 7
NAMED = frozenset({"kelurahan", "kecamatan", "unit"})
MOST_WORDS = 300
GLUED = ("di", "ke")  # "dijatiasih"
GLUED_LETTERS = 4
TRANSPARENT = frozenset({"filler", "number", "and"})
BEFORE_AT = frozenset({"at", "beside", "border", "towards", "goods"})  # "jalan di Kranji" is no street of that name

_TOKEN = re.compile(r"[a-z]+|\d+|[.,;!?()\n]")
_STRETCHED = re.compile(r"([a-z])\1{2,}")
_SHORT_FORM = 4  # letters before a full stop that only shortens: "kel.", "jln."


Reading = tuple[Sequence[PlaceName], int]  # names, and how many letters were mistyped


class Spoken(Struct, frozen=True):
    """A word, its part in naming places ("" for most), and whether a sentence or clause begins with it."""

    word: str
    mark: str = ""
    fresh: bool = False


class Mention(Struct, frozen=True):
    """Names that one span of words may mean. `marks` stand right before it.

    slips:  letters that were mistyped
    unlike: so many that it may be another name altogether
    """

    start: int
    end: int
    names: tuple[PlaceName, ...]
    marks: frozenset[str]
    slips: int = 0
    unlike: bool = False


def spoken(text: str, language: PlaceLanguage) -> list[Spoken]:
    """The words of a text, short forms spelled out, titles of people left out."""
    found: list[Spoken] = []
    fresh, previous = True, ""
    for piece in _TOKEN.findall(plain(text)):
        if not piece.isalnum():
            fresh = fresh or piece != "." or len(previous) > _SHORT_FORM or not previous.isalpha()
            continue
        previous = piece
        word = _STRETCHED.sub(r"\1", piece)
        word = language.spelling.get(word, word)
        mark = "number" if word.isdigit() else language.marks.get(word, "")
        if mark == "title":
            continue
        found.append(Spoken(word, mark, fresh))
        fresh = False
        if len(found) == MOST_WORDS:
            break
    return found


def mentions(said: Sequence[Spoken], book: NameBook, language: PlaceLanguage) -> list[Mention]:
    """All mentions in their order. Longer readings win over shorter ones, right spellings over slips."""
    taken = bytearray(len(said))
    spans = list(_spans(said, taken, range(LONGEST_NAME, 1, -1), lambda words, _: (_right(words, book), 0)))
    spans += _spans(said, taken, range(LONGEST_SLIP, 1, -1), lambda words, _: _more_than_part(words, book, language))
    spans += _spans(said, taken, range(1, 0, -1), lambda words, _: (_right(words, book), 0))
    spans += _spans(said, taken, range(LONGEST_SLIP, 0, -1), lambda words, _: _nearly(words, book, language))
    spans += _spans(said, taken, range(LONGEST_SLIP, 0, -1), lambda words, at: _perhaps(words, book, said, at))
    found: list[Mention] = []
    for start, end, names, slips in sorted(spans, key=lambda span: span[0]):
        marks = _marks_before(said, start)
        if found and _joined(said, found[-1].end, start):
            marks |= found[-1].marks & {"border", "towards", "kelurahan"}
        elif found and found[-1].end == start and not said[start].fresh:
            marks |= found[-1].marks & {"border"}
        far_off = slips > 1 and sum(len(one.word) for one in said[start:end]) < LONG_LETTERS - 1
        everyday = slips > 0 and not marks & NAMED and all(one.word in language.ordinary for one in said[start:end])
        unlike = far_off or everyday
        found.append(Mention(start, end, tuple(names), marks, slips, unlike))
    return found


def _spans(
    said: Sequence[Spoken], taken: bytearray, sizes: range, reading: Callable[[Sequence[Spoken], int], Reading]
) -> Iterator[tuple[int, int, Sequence[PlaceName], int]]:
    """The longest reading wins: "Jatibening Baru" before "Jatibening"."""
    ends = _clause_ends(said)
    for size in sizes:
        for start in range(len(said) - size + 1):
            end = start + size
            if end > ends[start] or 1 in taken[start:end]:
                continue
            names, slips = reading(said[start:end], start)
            if names:
                taken[start:end] = b"\1" * size
                yield start, end, names, slips


def _clause_ends(said: Sequence[Spoken]) -> list[int]:
    """For each word the end of its clause, which no name reaches over."""
    ends, end = [0] * len(said), len(said)
    for at in range(len(said) - 1, -1, -1):
        ends[at] = end
        if said[at].fresh:
            end = at
    return ends


def _right(words: Sequence[Spoken], book: NameBook) -> Sequence[PlaceName]:
    whole = "".join([one.word for one in words])
    names = book.exact(whole)
    if names or len(words) > 1 or not whole.startswith(GLUED) or len(whole) < GLUED_LETTERS + 2:
        return names
    return book.exact(whole[2:])


def _more_than_part(words: Sequence[Spoken], book: NameBook, language: PlaceLanguage) -> Reading:
    """ "Medan satra" is Medansatria with a slip, although Medan is a name too."""
    if not any(book.exact(one.word) for one in words):
        return (), 0
    names, slips = _nearly(words, book, language)
    return tuple(name for name in names if name.kind in ("kelurahan", "kecamatan")), slips


def _nearly(words: Sequence[Spoken], book: NameBook, language: PlaceLanguage) -> Reading:
    if any(one.mark for one in words) or all(one.word in language.ordinary for one in words):
        return (), 0
    whole = "".join([one.word for one in words])
    names, slips = book.slips(whole, 2 if words[0].word in language.ordinary else 1)
    if len(words) > 1 and slips > 1 and len(whole) < LONG_LETTERS:
        return (), 0
    if slips > 1:
        names = tuple(name for name in names if name.kind in ("kelurahan", "kecamatan"))
    elif len(words) > 1:
        names = tuple(name for name in names if name.kind not in OUTSIDE)
    return names, slips


def _perhaps(words: Sequence[Spoken], book: NameBook, said: Sequence[Spoken], at: int) -> Reading:
    """Everyday words only, but where a place stands: "di jati sih", "kel. dure jaya"."""
    if at == 0 or not said[at - 1].mark or any(one.mark for one in words):
        return (), 0
    whole = "".join([one.word for one in words])
    if len(whole) < EVERYDAY_LETTERS or not _marks_before(said, at) & (NAMED | {"at"}):
        return (), 0
    names, slips = book.slips(whole)
    return tuple(name for name in names if slips == 1 and name.kind in ("kelurahan", "kecamatan")), slips


def _marks_before(said: Sequence[Spoken], start: int) -> frozenset[str]:
    """The unbroken row of marks before a name: "di perbatasan kel." gives at, border, kelurahan."""
    marks: set[str] = set()
    at = start - 1
    if said[start].fresh:
        return frozenset()
    while at >= 0 and said[at].mark:
        if "at" not in marks or said[at].mark in BEFORE_AT:
            marks.add(said[at].mark)
        if said[at].fresh:
            break
        at -= 1
    if "road" in marks:
        marks.add("street")
    return frozenset(marks - TRANSPARENT)


def _joined(said: Sequence[Spoken], end: int, start: int) -> bool:
    """ "perbatasan Kranji dan Bintara": what is said of the one holds for the other."""
    between = said[end:start]
    return bool(between) and between[0].mark == "and" and all(one.mark for one in between)
