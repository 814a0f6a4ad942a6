"""Weighs the places a text mentions: one kelurahan without doubt, several to ask about, or elsewhere."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec import Struct, field

from routing.place_names import OUTSIDE, Kelurahan, NameBook, PlaceLanguage
from routing.place_words import Mention, Spoken, mentions, spoken

CERTAIN = 0.95
BY_LANDMARK = 0.9
BY_SLIP = 0.85
FIRST = 0.6  # of several to ask about
OTHER = 0.5
KECAMATAN = 0.55
NEIGHBOURS = 3  # offered beside a kelurahan that is only a guess
MOST = 8
FEW_WORDS = 3  # a text of so few words is an answer to "where?"
SHORT_TEXT = 5  # ... and of so few may be one
ASIDE = frozenset({"towards", "border"})  # where something leads to or ends is not where it is
SPEAKS_OF_A_PLACE = frozenset(
    {"at", "kelurahan", "kecamatan", "street", "beside", "building", "border", "city", "unit"}
)

GOES_ON = frozenset({"unit", "border", "kelurahan", "kecamatan"})  # an address does, after a name


class PlaceGuess(Struct, frozen=True):
    """A place named in words. Without a kelurahan only the kecamatan was named. `score` 0..1."""

    kelurahan: Kelurahan | None
    kecamatan: str
    score: float


class PlaceReading(Struct, frozen=True):
    """What a text says about where.

    candidates: best first; one alone is certain enough to be stated, several are to be asked about
    outside:    whose place or matter it is, when it is clearly not the city's; "" otherwise
    """

    candidates: tuple[PlaceGuess, ...] = ()
    outside: str = ""

    @property
    def clear(self) -> Kelurahan | None:
        return self.candidates[0].kelurahan if len(self.candidates) == 1 else None


class _Heard(Struct):
    """What the mentions of one text amount to. Lists keep the order of the text; codes unless said otherwise."""

    named: list[str] = field(default_factory=list)
    marked: list[str] = field(default_factory=list)  # named, with "kelurahan" before it
    mistyped: set[str] = field(default_factory=set)
    kecamatan: list[str] = field(default_factory=list)  # names
    areas: list[tuple[str, ...]] = field(default_factory=list)  # what landmarks and streets leave open
    doubtful: list[str] = field(default_factory=list)  # a street or estate that only bears a kelurahan's name
    aside: list[tuple[str, ...]] = field(default_factory=list)
    firm: bool = False  # something in the city was named that is more than "near"
    owner: str = ""
    owner_beside: bool = False
    owner_near: bool = False  # a neighbour's place, named after a street or landmark
    body: str = ""


class PlaceReader:
    """Reads places out of words for one city."""

    def __init__(
        self,
        book: NameBook,
        language: PlaceLanguage,
        kelurahan: Mapping[str, Kelurahan],
        beside: Callable[[Kelurahan, int], Sequence[Kelurahan]],
    ) -> None:
        """beside: the kelurahan nearest to one, itself first."""
        self._book = book
        self._language = language
        self._kelurahan = kelurahan
        self._beside = beside
        self._of: dict[str, tuple[str, ...]] = {}
        for code, k in kelurahan.items():
            self._of[k.kecamatan] = (*self._of.get(k.kecamatan, ()), code)

    def read(self, text: str) -> PlaceReading:
        """Never raises, whatever the text."""
        said = spoken(text, self._language)
        heard = _Heard()
        for mention in mentions(said, self._book, self._language):
            self._take(heard, mention, said)
        outside = _outside(heard)
        if outside:
            return PlaceReading((), outside)
        return PlaceReading(tuple(self._candidates(heard)[:MOST]))

    # -- what one mention says ----------------------------------------------------------------------

    def _take(self, heard: _Heard, mention: Mention, said: Sequence[Spoken]) -> None:
        size = mention.end - mention.start
        everyday = any(name.careful and (mention.slips or name.careful == size) for name in mention.names)
        vague = mention.slips > 1 or any(name.kind == "far" for name in mention.names)
        if (everyday or vague) and not _of_a_place(mention, said, FEW_WORDS if everyday else SHORT_TEXT):
            return
        beyond = [name for name in mention.names if name.kind in OUTSIDE]
        within = [name for name in mention.names if name.kind not in OUTSIDE and name.kind != "city"]
        near = bool(mention.marks & {"beside", *ASIDE})
        if beyond and not (within and near):
            if said[mention.start].mark == "city" or not _is_street(mention, beyond[0]):
                _take_outside(heard, mention, beyond[0])
        elif within:
            self._take_inside(heard, mention, within)

    def _take_inside(self, heard: _Heard, mention: Mention, within: Sequence[Any]) -> None:
        marks = mention.marks
        kinds = {name.kind for name in within}
        if "kelurahan" in marks and "kelurahan" in kinds:
            kinds = {"kelurahan", *({"kecamatan"} & kinds if "kecamatan" in marks else ())}
        elif "kecamatan" in marks and "kecamatan" in kinds:
            kinds = {"kecamatan"}
        elif "street" in kinds and kinds != {"street"}:
            kinds = {"street"} if "street" in marks else kinds - {"street"}
        elif kinds == {"street"} and not marks & SPEAKS_OF_A_PLACE:
            return
        kept = [name for name in within if name.kind in kinds]
        codes = tuple(dict.fromkeys(c for name in kept for c in self._codes(name.kind, name.targets)))
        if marks & ASIDE:
            heard.aside.append(codes)
            return
        heard.firm = heard.firm or "beside" not in marks or bool(marks & {"kelurahan"})
        named = [code for name in kept if name.kind == "kelurahan" for code in name.targets]
        districts = [target for name in kept if name.kind == "kecamatan" for target in name.targets]
        if "street" in marks and kinds & {"kelurahan", "kecamatan"}:
            heard.doubtful += named or self._of[districts[0]]
            return
        vague = mention.unlike or marks & {"beside", "building"}
        if named and not districts and vague and "kelurahan" not in marks:
            heard.doubtful += named
            return
        heard.named += named
        heard.mistyped |= set(named) if mention.slips else set()
        heard.marked += named if "kelurahan" in marks else []
        heard.kecamatan += districts
        if kinds <= {"spot", "street"}:
            heard.areas.append(codes)

    def _codes(self, kind: str, targets: tuple[str, ...]) -> tuple[str, ...]:
        return self._of[targets[0]] if kind == "kecamatan" else targets

    # -- what they say together ---------------------------------------------------------------------

    def _candidates(self, heard: _Heard) -> list[PlaceGuess]:
        within = {code for name in heard.kecamatan for code in self._of[name]}
        named = list(dict.fromkeys(heard.marked or heard.named))
        both = [code for code in named if self._kelurahan[code].name in self._of and code not in heard.marked]
        plain = [code for code in named if code not in both]
        if plain:
            return self._from_names(heard, plain, within)
        if both:
            return self._from_shared_names(heard, both)
        if heard.doubtful or heard.areas:
            return self._from_areas(heard, within)
        if heard.kecamatan:
            return self._from_kecamatan(list(dict.fromkeys(heard.kecamatan)))
        return self._ask([code for codes in heard.aside for code in codes])

    def _from_names(self, heard: _Heard, named: list[str], within: set[str]) -> list[PlaceGuess]:
        if len(named) > 1:
            fitting = [code for code in named if code in within or any(code in area for area in heard.areas)]
            named = fitting if len(fitting) == 1 else named
        if len(named) > 1:
            return self._ask(named)
        (code,) = named
        against = [area for area in heard.areas if code not in area]
        if code in heard.marked or not ((within and code not in within) or against):
            return [self._guess(code, BY_SLIP if code in heard.mistyped else CERTAIN)]
        others = [c for area in against for c in area] or sorted(within)
        return self._ask([code, *others])

    def _from_shared_names(self, heard: _Heard, both: list[str]) -> list[PlaceGuess]:
        """A name of a kelurahan and of its kecamatan: which of the two was meant?"""
        code = both[0]
        area = {c for codes in heard.areas for c in codes}
        if heard.kecamatan.count(self._kelurahan[code].name) > 1 and not area:
            return [self._guess(code, CERTAIN)]  # "Jatiasih, Jatiasih": first the one, then the other
        among = [c for name in dict.fromkeys(heard.kecamatan) for c in self._of[name]]
        fitting = [c for c in among if c in area]
        if area:
            return self._ask(fitting or [*both, *sorted(area)], alone=BY_LANDMARK)
        doubtful = [c for c in heard.doubtful if c in among]
        return self._ask([*doubtful, *both, *among])

    def _from_areas(self, heard: _Heard, within: set[str]) -> list[PlaceGuess]:
        found = list(dict.fromkeys(c for area in heard.areas for c in area))
        shared = [c for c in found if all(c in area for area in heard.areas)] or found
        if heard.doubtful:
            shared = [c for c in heard.doubtful if c in shared] or [*heard.doubtful, *shared]
            if not heard.areas:
                shared += [k.code for k in self._beside(self._kelurahan[shared[0]], NEIGHBOURS)]
        if within:
            shared = [c for c in shared if c in within] or [*shared, *sorted(within)]
        if heard.doubtful and len(set(shared)) == 1 and not heard.areas:
            shared += [k.code for k in self._beside(self._kelurahan[shared[0]], NEIGHBOURS)]
        return self._ask(shared, alone=BY_LANDMARK)

    def _from_kecamatan(self, names: list[str]) -> list[PlaceGuess]:
        rows = [PlaceGuess(None, name, KECAMATAN) for name in names]
        return rows + [self._guess(code, OTHER) for name in names for code in self._of[name]]

    def _ask(self, codes: Sequence[str], alone: float = OTHER) -> list[PlaceGuess]:
        """Several to choose from; a single one is stated with the score `alone`, or gets its neighbours beside it."""
        order = list(dict.fromkeys(codes))
        if len(order) == 1:
            if alone > FIRST:
                return [self._guess(order[0], alone)]
            order = [k.code for k in self._beside(self._kelurahan[order[0]], NEIGHBOURS)]
        return [self._guess(code, OTHER if place else FIRST) for place, code in enumerate(order)]

    def _guess(self, code: str, score: float) -> PlaceGuess:
        k = self._kelurahan[code]
        return PlaceGuess(k, k.kecamatan, score)


def _of_a_place(mention: Mention, said: Sequence[Spoken], few: int) -> bool:
    """Whether a name that is an everyday word too ("kali baru", "pejuang") is meant as a name."""
    if mention.marks & SPEAKS_OF_A_PLACE or len(said) <= few:
        return True
    after = [one.mark for one in said[mention.end : mention.end + 2] if not one.fresh]
    return after == ["number", "unit"] or bool({*after[:1]} & GOES_ON)  # "Bintara 14 RT 3"


def _is_street(mention: Mention, name: Any) -> bool:
    """Streets bear the names of far places: "Jalan Bandung" is not in Bandung."""
    return "street" in mention.marks and (name.kind == "far" or (name.kind == "near" and "road" not in mention.marks))


def _take_outside(heard: _Heard, mention: Mention, name: Any) -> None:
    marks = mention.marks
    if marks & {"towards", "border", "goods"}:
        return
    if name.kind == "body" and "beside" not in marks:
        heard.body = heard.body or name.owner
    elif name.kind != "body":
        if not heard.owner:
            heard.owner_beside = "beside" in marks
            heard.owner_near = name.kind == "near" and bool(heard.areas)
        heard.owner = heard.owner or name.owner


def _outside(heard: _Heard) -> str:
    if heard.body:
        return heard.body
    if not heard.owner:
        return ""
    if not (heard.named or heard.kecamatan or heard.doubtful):
        # "Jalan Kalimalang, Cibitung": a long street and then whose part of it
        by_neighbour = heard.owner_near and not heard.owner_beside and all(len(area) > 1 for area in heard.areas)
        return heard.owner if not heard.areas or by_neighbour else ""
    if not heard.firm and not heard.owner_beside:
        return heard.owner
    exact = [code for code in heard.named if code not in heard.mistyped] or heard.areas or heard.doubtful
    return "" if exact or heard.kecamatan else heard.owner
