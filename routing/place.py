"""Where the problem is: a pin, a pasted link or words become a kelurahan; the only door to geopy's distances."""

import heapq
import math
from collections.abc import Iterable, Sequence
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from routing.place_names import Kelurahan, NameBook, PlaceLanguage, PlaceName, letters
from routing.place_reading import PlaceGuess, PlaceReader, PlaceReading
from routing.point import LinkOnly, Point, parse_point
from routing.polygons import Areas

__all__ = [
    "Areas", "Around", "Box", "Door", "Kelurahan", "LinkOnly", "Near", "PlaceGuess", "PlaceLanguage", "PlaceName",
    "PlaceReading", "Places", "Point", "cell", "distance_m", "map_link", "parse_point", "surroundings",
]  # fmt: skip

EARTH_METRES_PER_DEGREE = 111_195.0
CELL_METRES = 250
_CELL_DEGREES = CELL_METRES / EARTH_METRES_PER_DEGREE
_COLUMNS = 1 << 20  # more than the 160,000 columns around the globe, so that row and column share one integer


class Box(Struct, frozen=True):
    """The rectangle around a city in degrees: outside it is certainly outside the city, inside is only likely."""

    south: float
    north: float
    west: float
    east: float

    def holds(self, lat: float, lon: float) -> bool:
        return self.south <= lat <= self.north and self.west <= lon <= self.east


class Around(Struct, frozen=True):
    """What may lie within a distance of a point: the grid squares an index finds, and the rectangle to narrow them."""

    cells: tuple[int, ...]
    box: Box


class Near(Struct, frozen=True):
    kelurahan: Kelurahan
    metres: int


class Door(Struct, frozen=True):
    """Whom to turn to for what lies outside: whose it is, and through what, in both languages."""

    owner: str
    owner_en: str
    through: str
    through_en: str


SPARE = 1  # candidates beyond those asked for
READ_CACHE = 64  # one turn of a dialogue asks about its words more than once
LIKELY_CACHE = 1024  # a point is asked about again with the next answers of its dialogue
BORDER_M = 40.0  # a pin is no sharper than this; so near a border both sides are possible


class Places:
    """The kelurahan of one city."""

    def __init__(
        self,
        kelurahan: Iterable[Kelurahan],
        box: Box,
        names: Iterable[PlaceName] = (),
        language: PlaceLanguage | None = None,
        areas: Areas | None = None,
        doors: Iterable[Door] = (),
    ) -> None:
        """names: what else places are called, in the city and around it; kelurahan and kecamatan need no mention.

        areas: the official boundaries, where the city has them
        """
        self.kelurahan = tuple(kelurahan)
        self.box = box
        self.areas = areas
        self.doors = {door.owner: door for door in doors}
        self.by_code = {k.code: k for k in self.kelurahan}
        self.kecamatan = tuple(dict.fromkeys(k.kecamatan for k in self.kelurahan))
        language = language or PlaceLanguage()
        official = [PlaceName(k.name, "kelurahan", (k.code,)) for k in self.kelurahan]
        official += [PlaceName(name, "kecamatan", (name,)) for name in self.kecamatan]
        official = [
            replace(name, careful=language.careful.get(letters(name.written, language), 0)) for name in official
        ]
        book = NameBook([*official, *names], language)
        self._read = lru_cache(READ_CACHE)(PlaceReader(book, language, self.by_code, self._around).read)
        self._likely = lru_cache(LIKELY_CACHE)(self._may_hold)

    def _around(self, k: Kelurahan, limit: int) -> list[Kelurahan]:
        return [near.kelurahan for near in self.nearest(k.lat, k.lon, limit)]

    def read(self, text: str) -> PlaceReading:
        """Where a text says the problem is: one kelurahan, several to ask about, none, or outside the city."""
        return self._read(text)

    def nearest(self, lat: float, lon: float, limit: int = 3) -> list[Near]:
        """The kelurahan whose points are nearest, nearest first. The true one is nearly always among three."""
        # a flat map picks the candidates, the sphere measures only those: a city is too small for them to differ
        narrow = math.cos(math.radians(lat))
        close = heapq.nsmallest(
            limit + SPARE, self.kelurahan, key=lambda k: (k.lat - lat) ** 2 + ((k.lon - lon) * narrow) ** 2
        )
        metres = {k.code: distance_m((lat, lon), (k.lat, k.lon)) for k in close}
        found = sorted(close, key=lambda k: metres[k.code])[:limit]
        return [Near(k, round(metres[k.code])) for k in found]

    def likely(self, lat: float, lon: float) -> Sequence[Near]:
        """The kelurahan that may hold the point, most likely first: by the boundaries, else the three nearest."""
        return self._likely(lat, lon)

    def _may_hold(self, lat: float, lon: float) -> Sequence[Near]:
        codes = self.areas.within(lat, lon, BORDER_M) if self.areas else []
        held = [self.by_code[code] for code in codes]
        near = [Near(k, round(distance_m((lat, lon), (k.lat, k.lon)))) for k in held]
        return tuple(near or self.nearest(lat, lon))

    def inside(self, lat: float, lon: float) -> bool:
        """Whether the point may lie in the city. Without boundaries a neighbour's corner of the box counts as inside,
        so ask."""
        if self.areas:
            return bool(self.areas.within(lat, lon, BORDER_M))
        return self.box.holds(lat, lon)

    def owner_at(self, lat: float, lon: float) -> str:
        """The neighbour whose area holds a point outside; "" when the boundaries do not tell."""
        found = self.areas.at(lat, lon) if self.areas else None
        return found.name if found and not found.ours else ""


def load_distances() -> None:
    """Load geopy, which brings thirty geocoders along and takes a part of every start: soon after it instead."""
    import geopy.distance  # noqa: F401


def distance_m(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Metres between two (lat, lon) points on the great circle; good to 0.5 %."""
    from geopy.distance import great_circle  # see `load_distances`

    return float(great_circle(a, b).meters)


def cell(lat: float, lon: float) -> int:
    """The grid square of about 250 m that holds the point, as one integer for an index column."""
    row = math.floor((lat + 90.0) / _CELL_DEGREES)
    return row * _COLUMNS + _column(row, lon)


def surroundings(lat: float, lon: float, metres: float) -> Around:
    """All grid squares that a circle of that radius can touch, and the rectangle around it; whoever lies in the
    circle lies in both."""
    reach = metres / EARTH_METRES_PER_DEGREE
    first = math.floor((lat - reach + 90.0) / _CELL_DEGREES)
    last = math.floor((lat + reach + 90.0) / _CELL_DEGREES)
    across = reach / max(0.01, math.cos(math.radians(min(89.0, abs(lat) + reach))))
    found: list[int] = []
    for row in range(first, last + 1):
        west, east = _column(row, lon - across), _column(row, lon + across)
        found.extend(row * _COLUMNS + column for column in range(west, east + 1))
    return Around(tuple(found), Box(lat - reach, lat + reach, lon - across, lon + across))


def _column(row: int, lon: float) -> int:
    """Squares stay square: the farther from the equator, the more degrees one column spans."""
    middle = math.radians((row + 0.5) * _CELL_DEGREES - 90.0)
    return math.floor((lon + 180.0) * max(0.01, math.cos(middle)) / _CELL_DEGREES)


def map_link(lat: float, lon: float) -> str:
    """A link that opens the point in any map."""
    return f"https://www.google.com/maps?q={lat:.6f},{lon:.6f}"
