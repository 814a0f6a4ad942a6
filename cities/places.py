"""A city's places: kelurahan, what people call them, what lies around, and boundaries if the city has them."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from cities.boundaries import boundaries
from cities.errors import CityError
from cities.files import Table, rows, table
from cities.words import COMMON, lexicon
from routing.place import Box, Door, Kelurahan, PlaceLanguage, PlaceName, Places
from routing.place_names import Everyday, NameKind, letters
from routing.place_words import LONGEST_NAME, spoken

STREET = "jalan"  # the kind of a row in places.csv that is a street; any other kind is a spot
COLUMNS = ("name", "kind", "kelurahan", "aliases")


def places(home: Path, about: Table, ordinary: frozenset[str]) -> Places:
    """All of it, checked. `ordinary`: everyday words, which are never slips of a place's name. Raises CityError."""
    box = _box(about)
    known = _kelurahan(home / "kelurahan.csv", box)
    around = table(home / "outside.toml")
    common = table(COMMON / "places.toml")
    words = lexicon(table(home / "slang.toml"))
    language = _language(common, around, Everyday(ordinary.union(words.slang, words.keep, words.stop)))
    named = _Named(known, language)
    own = about.text("name")
    names = [*named.aliases(around), *named.listed(home / "places.csv"), *_outside(common, around, named, own)]
    names.append(PlaceName(own, "city"))
    file = home / "boundaries.geojson"
    areas = boundaries(file, known, box) if file.is_file() else None
    return Places(known, box, names, language, areas, [*_doors(common), *_doors(around)])


def _doors(listed: Table) -> list[Door]:
    """Whom to turn to for what is not the city's; the city's own words win over the shared ones."""
    if "door" not in listed.data:
        return []
    keys = ("owner", "owner_en", "through", "through_en")
    return [Door(*(entry.text(key) for key in keys)) for entry in listed.each("door")]


def _box(about: Table) -> Box:
    edges = about.inner("box")
    return Box(edges.number("south"), edges.number("north"), edges.number("west"), edges.number("east"))


def _kelurahan(file: Path, box: Box) -> list[Kelurahan]:
    known: dict[str, Kelurahan] = {}
    for where, row in rows(file):
        one = _one(file, where, row)
        if one.code in known:
            raise CityError(file, f"code {one.code} stands twice: remove one of the two", where)
        if not box.holds(one.lat, one.lon):
            raise CityError(file, f"{one.name} lies outside the box of city.toml: correct lat, lon or the box", where)
        known[one.code] = one
    return list(known.values())


def _one(file: Path, where: str, row: dict[str, str]) -> Kelurahan:
    missing = [key for key in ("code", "kecamatan", "name", "postal", "lat", "lon") if not row.get(key, "").strip()]
    if missing:
        raise CityError(file, f"{', '.join(missing)} empty or missing: fill in that column", where)
    try:
        lat, lon = float(row["lat"]), float(row["lon"])
    except ValueError as error:
        raise CityError(file, f"lat and lon must be numbers with a point: {error}", where) from error
    return Kelurahan(row["code"], row["name"], row["kecamatan"], row["postal"], lat, lon)


def _language(common: Table, around: Table, ordinary: Everyday) -> PlaceLanguage:
    kinds = common.inner("marks")
    marks = {word: kind for kind in kinds.data for word in kinds.texts(kind)}
    short = {part: common.inner("short").texts(part) for part in common.inner("short").data}
    if "short" in around.data:
        short |= {part: around.inner("short").texts(part) for part in around.inner("short").data}
    plain = PlaceLanguage(marks, common.pairs("spelling") | around.pairs("spelling"), short, ordinary)
    careful = [w for file in (common, around) if "everyday" in file.data for w in file.inner("everyday").texts("words")]
    return PlaceLanguage(
        marks, plain.spelling, short, ordinary, {letters(word, plain): len(word.split()) for word in careful}
    )


class _Named:
    """Turns the names on the right-hand side of the city's files into codes."""

    def __init__(self, known: Iterable[Kelurahan], language: PlaceLanguage) -> None:
        self.language = language
        self.codes = {letters(k.name, language): k.code for k in known} | {k.code: k.code for k in known}
        self.kecamatan = {letters(k.kecamatan, language): k.kecamatan for k in known}
        self.inside = {k.kecamatan: [o.code for o in known if o.kecamatan == k.kecamatan] for k in known}

    def name(self, written: str, kind: NameKind, targets: Iterable[str] = (), owner: str = "") -> PlaceName:
        return PlaceName(
            written, kind, tuple(targets), owner, self.language.careful.get(letters(written, self.language), 0)
        )

    def aliases(self, around: Table) -> Iterator[PlaceName]:
        """Other names of a kelurahan or a kecamatan; a name that both bear stands for both."""
        for alias, meant in around.pairs("aliases").items():
            whole = letters(meant, self.language)
            if meant not in self.codes and whole not in self.codes and whole not in self.kecamatan:
                raise around.wrong(
                    f"alias {alias!r} points to {meant!r}, which is neither a kelurahan nor a kecamatan: "
                    "correct the name on the right"
                )
            code = self.codes.get(meant) or self.codes.get(whole)
            if code:
                yield self.name(alias, "kelurahan", (code,))
            if whole in self.kecamatan:
                yield self.name(alias, "kecamatan", (self.kecamatan[whole],))

    def listed(self, file: Path) -> Iterator[PlaceName]:
        """Streets and landmarks of places.csv; a city may have none."""
        if not file.is_file():
            return
        for where, row in rows(file):
            lacking = [key for key in COLUMNS[:3] if not row.get(key, "").strip()]
            if lacking:
                raise CityError(file, f"{', '.join(lacking)} empty or missing: fill in that column", where)
            targets = list(self._targets(file, where, row["kelurahan"]))
            kind: NameKind = "street" if row["kind"].strip().casefold() == STREET else "spot"
            for written in (row["name"], *row.get("aliases", "").split("|")):
                if len(spoken(written, self.language)) > LONGEST_NAME:
                    raise CityError(file, f"{written!r} is too long to be recognised: at most 5 words", where)
                if written.strip():
                    yield self.name(written.strip(), kind, targets)

    def _targets(self, file: Path, where: str, listed: str) -> Iterator[str]:
        for one in listed.split("|"):
            word = one.strip()
            whole = letters(word.removeprefix("Kec. "), self.language)
            if word.startswith("Kec. ") and whole in self.kecamatan:
                yield from self.inside[self.kecamatan[whole]]
            elif not word.startswith("Kec. ") and (word in self.codes or whole in self.codes):
                yield self.codes.get(word) or self.codes[whole]
            else:
                raise CityError(
                    file,
                    f"{word!r} is no kelurahan of this city: write names or codes of kelurahan.csv with | between "
                    'them, or "Kec. " and a kecamatan',
                    where,
                )


def _outside(common: Table, around: Table, named: _Named, city: str) -> Iterator[PlaceName]:
    """What the neighbours and the whole country bring; the city's own names and its own words win."""
    own = {*named.codes, *named.kecamatan, *(letters(word, named.language) for word in (city, *city.split()))}
    said: set[str] = set()
    tables: tuple[tuple[Mapping[str, str], NameKind], ...] = (
        (around.pairs("bodies"), "body"),
        (around.pairs("outside"), "near"),
        (common.pairs("bodies"), "body"),
        (common.pairs("outside"), "far"),
    )
    for listed, kind in tables:
        for word, owner in listed.items():
            whole = letters(word, named.language)
            if whole not in own and whole not in said:
                said.add(whole)
                yield named.name(word, kind, owner=owner)
