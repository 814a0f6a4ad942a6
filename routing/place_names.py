"""Names of places and how they may be written: run together or apart, shortened, or with a slip of the finger."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Literal

from msgspec import Struct, field

from routing.match import nearly
from routing.normalise import plain
from routing.stem import Stemmer

SLIP_LETTERS = 6  # "setu" and "satu" are two words, not one and a slip
TWO_SLIPS_LETTERS = 9  # a long name bears two slips
LOST = 1  # so many letters fewer may have been typed
SLIP_CACHE = 20_000

# "far" are well-known cities of the country, "near" the neighbours' places, "body" whoever owns toll roads and such
NameKind = Literal["kelurahan", "kecamatan", "street", "spot", "city", "near", "far", "body"]
OUTSIDE: frozenset[NameKind] = frozenset({"near", "far", "body"})


class Kelurahan(Struct, frozen=True):
    """A kelurahan with its official code and one point inside it (WGS 84)."""

    code: str
    name: str
    kecamatan: str
    postal: str
    lat: float
    lon: float


class PlaceName(Struct, frozen=True):
    """A way to write a place and what it stands for.

    targets: codes of kelurahan (of a street: all it runs through), or the name of a kecamatan
    owner:   for what lies outside: who looks after it
    careful: in so many words also an everyday expression ("pejuang" 1, "kali baru" 2): counts only where the
             sentence speaks of a place; 0 for most names
    """

    written: str
    kind: NameKind
    targets: tuple[str, ...] = ()
    owner: str = ""
    careful: int = 0


class Everyday:
    """Everyday words with their affixes: none of them is a mistyped name ("karyawan" is not Karawang)."""

    def __init__(self, words: Iterable[str] = ()) -> None:
        self._words = frozenset(words)
        self._stem = lru_cache(SLIP_CACHE)(Stemmer(self._words).stem)

    def __contains__(self, word: str) -> bool:
        return word in self._words or self._stem(word) in self._words


class PlaceLanguage(Struct, frozen=True):
    """How a language speaks of places.

    marks:    word -> its part in naming a place ("kelurahan", "street", "towards", "beside" ...)
    spelling: short word -> whole word ("jl" -> "jalan")
    short:    part of names -> its short forms ("pondok" -> "pd", "pdk")
    ordinary: everyday words, which are no slips of a name
    careful:  names that are everyday words too ("pejuang", "kali baru") by their letters, with their number of words
    """

    marks: Mapping[str, str] = field(default_factory=dict)
    spelling: Mapping[str, str] = field(default_factory=dict)
    short: Mapping[str, Sequence[str]] = field(default_factory=dict)
    ordinary: Everyday = field(default_factory=Everyday)
    careful: Mapping[str, int] = field(default_factory=dict)


def letters(name: str, language: PlaceLanguage) -> str:
    """A name as it is compared: one spelling per word, titles left out, no spaces."""
    cut = "".join(c if c.isalnum() else " " for c in plain(name)).split()
    whole = [language.spelling.get(word, word) for word in cut]
    return "".join(word for word in whole if language.marks.get(word) != "title")


class NameBook:
    """All names of a city and around it, found by their letters."""

    def __init__(self, names: Iterable[PlaceName], language: PlaceLanguage) -> None:
        self._exact: dict[str, list[PlaceName]] = defaultdict(list)
        for name in names:
            for written in _writings(letters(name.written, language), language.short):
                if not any(_same(name, known) for known in self._exact[written]):
                    self._exact[written].append(name)
        self._by_start: dict[str, list[str]] = defaultdict(list)
        for written, meant in self._exact.items():
            if len(written) >= SLIP_LETTERS and any(_telling(name) for name in meant):
                self._by_start[written[:1]].append(written)
                self._by_start[written[:2]].append(written)
        self.slips = lru_cache(SLIP_CACHE)(self._slips)

    def exact(self, written: str) -> Sequence[PlaceName]:
        return self._exact.get(written, ())

    def _slips(self, written: str, sure: int = 1) -> tuple[tuple[PlaceName, ...], int]:
        """The names nearest to a mistyped one and how many slips away; several when they are equally near.

        sure: so many letters at the beginning must be right
        """
        if len(written) < SLIP_LETTERS - LOST:
            return (), 0
        most = 2 if len(written) >= TWO_SLIPS_LETTERS - LOST else 1
        close = [whole for whole in self._by_start.get(written[:sure], ()) if abs(len(whole) - len(written)) <= most]
        measured = [(slips, whole) for whole, slips in nearly(written, close, most) if slips <= _bearable(whole)]
        best = min((slips for slips, _ in measured), default=0)
        return tuple(name for slips, whole in sorted(measured) if slips == best for name in self._exact[whole]), best


def _same(a: PlaceName, b: PlaceName) -> bool:
    return (a.kind, a.targets, a.owner) == (b.kind, b.targets, b.owner)


def _telling(name: PlaceName) -> bool:
    """Whether a name may be recognised when mistyped: not the far ones, nor outsiders that are everyday words."""
    return name.kind != "far" and not (name.careful and name.kind in OUTSIDE)


def _writings(whole: str, short: Mapping[str, Sequence[str]]) -> set[str]:
    """A name and its shortened forms: the first part, the last part, or both."""
    found = {whole}
    for part, forms in short.items():
        if whole.startswith(part) and whole != part:
            found |= {form + whole[len(part) :] for form in forms}
    for part, forms in short.items():
        if whole.endswith(part) and whole != part:
            begun = [one[: len(one) - len(part)] for one in found if one.endswith(part)]
            found |= {one + form for one in begun for form in forms}
    return found


def _bearable(written: str) -> int:
    return 2 if len(written) >= TWO_SLIPS_LETTERS else 1
