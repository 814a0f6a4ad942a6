"""Where the problem is: a pin, a pasted link or words become a kelurahan; the only door to geopy's distances."""

import heapq
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from geopy.distance import great_circle

from routing.place_words import NameIndex, PlaceName
from routing.point import LinkOnly, Point, parse_point

__all__ = [
    "Box", "Kelurahan", "LinkOnly", "Near", "PlaceGuess", "Places", "Point",
    "cell", "distance_m", "map_link", "neighbour_cells", "parse_point",
]  # fmt: skip

EARTH_METRES_PER_DEGREE = 111_195.0
CELL_METRES = 250
_CELL_DEGREES = CELL_METRES / EARTH_METRES_PER_DEGREE
_COLUMNS = 1 << 20  # more than the 160,000 columns around the globe, so that row and column share one integer


@dataclass(frozen=True, slots=True)
class Kelurahan:
    """A kelurahan with its official code and one point inside it (WGS 84)."""

    code: str
    name: str
    kecamatan: str
    postal: str
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Box:
    """The rectangle around a city in degrees: outside it is certainly outside the city, inside is only likely."""

    south: float
    north: float
    west: float
    east: float

    def holds(self, lat: float, lon: float) -> bool:
        return self.south <= lat <= self.north and self.west <= lon <= self.east


@dataclass(frozen=True, slots=True)
class Near:
    kelurahan: Kelurahan
    metres: int


@dataclass(frozen=True, slots=True)
class PlaceGuess:
    """A place named in words. Without a kelurahan only the kecamatan was named. `score` 0..1."""

    kelurahan: Kelurahan | None
    kecamatan: str
    score: float


SPARE = 3  # candidates beyond those asked for


class Places:
    """The kelurahan of one city."""

    def __init__(
        self,
        kelurahan: Iterable[Kelurahan],
        box: Box,
        aliases: Mapping[str, str] | None = None,
        outside: Mapping[str, str] | None = None,
    ) -> None:
        """`aliases`: another name -> kelurahan name or code. `outside`: a word -> the neighbour it belongs to."""
        self.kelurahan = tuple(kelurahan)
        self.box = box
        self.by_code = {k.code: k for k in self.kelurahan}
        self.kecamatan = tuple(dict.fromkeys(k.kecamatan for k in self.kelurahan))
        self._names = NameIndex(_names(self.kelurahan, aliases or {}))
        self._outside = NameIndex([PlaceName(word, neighbour) for word, neighbour in (outside or {}).items()])

    def nearest(self, lat: float, lon: float, limit: int = 3) -> list[Near]:
        """The kelurahan whose points are nearest, nearest first. The true one is nearly always among three."""
        # a flat map picks the candidates, the sphere measures only those: a city is too small for them to differ
        narrow = math.cos(math.radians(lat))
        close = heapq.nsmallest(
            limit + SPARE, self.kelurahan, key=lambda k: (k.lat - lat) ** 2 + ((k.lon - lon) * narrow) ** 2
        )
        found = [Near(k, round(distance_m((lat, lon), (k.lat, k.lon)))) for k in close]
        return sorted(found, key=lambda near: near.metres)[:limit]

    def inside(self, lat: float, lon: float) -> bool:
        """Whether the point may lie in the city. A neighbour's corner of the box counts as inside, so ask."""
        return self.box.holds(lat, lon)

    def by_words(self, text: str, limit: int = 5) -> list[PlaceGuess]:
        """Places named in the text, best first. A name both of a kecamatan and a kelurahan gives both, and naming
        the kecamatan as well lifts its kelurahan."""
        found = self._names.find(text)
        districts = {name.target: score for name, score in found if name.target in self.kecamatan}
        guesses: dict[str, PlaceGuess] = {}
        for name, score in found:
            k = self.by_code.get(name.target)
            if k is None:
                guess = PlaceGuess(None, name.target, round(score * 0.8, 3))
            else:
                together = k.kecamatan in districts and len(districts) == 1
                guess = PlaceGuess(k, k.kecamatan, round(min(1.0, score * (1.0 if together else 0.9)), 3))
            known = guesses.get(name.target)
            if known is None or guess.score > known.score:
                guesses[name.target] = guess
        return sorted(guesses.values(), key=lambda g: -g.score)[:limit]

    def outside_hint(self, text: str) -> str | None:
        """The neighbour or other body the words point to ("Cikarang", "jalan tol"), or None."""
        found = self._outside.find(text)
        return found[0][0].target if found else None


def _names(kelurahan: Sequence[Kelurahan], aliases: Mapping[str, str]) -> list[PlaceName]:
    names = [PlaceName(k.name, k.code) for k in kelurahan]
    names += [PlaceName(name, name) for name in dict.fromkeys(k.kecamatan for k in kelurahan)]
    target = {k.name.casefold(): k.code for k in kelurahan} | {k.code: k.code for k in kelurahan}
    districts = {k.kecamatan.casefold(): k.kecamatan for k in kelurahan}
    for alias, meant in aliases.items():
        code = target.get(meant.casefold()) or districts.get(meant.casefold())
        if code is None:
            raise ValueError(f"alias {alias!r} points to {meant!r}, which is neither a kelurahan nor a kecamatan")
        names.append(PlaceName(alias, code))
    return names


def distance_m(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Metres between two (lat, lon) points on the great circle; good to 0.5 %."""
    return float(great_circle(a, b).meters)


def cell(lat: float, lon: float) -> int:
    """The grid square of about 250 m that holds the point, as one integer for an index column."""
    row = math.floor((lat + 90.0) / _CELL_DEGREES)
    return row * _COLUMNS + _column(row, lon)


def neighbour_cells(lat: float, lon: float, metres: float) -> tuple[int, ...]:
    """All grid squares that a circle of that radius can touch; whoever lies in it lies in one of these."""
    reach = metres / EARTH_METRES_PER_DEGREE
    first = math.floor((lat - reach + 90.0) / _CELL_DEGREES)
    last = math.floor((lat + reach + 90.0) / _CELL_DEGREES)
    across = reach / max(0.01, math.cos(math.radians(min(89.0, abs(lat) + reach))))
    found: list[int] = []
    for row in range(first, last + 1):
        west, east = _column(row, lon - across), _column(row, lon + across)
        found.extend(row * _COLUMNS + column for column in range(west, east + 1))
    return tuple(found)


def _column(row: int, lon: float) -> int:
    """Squares stay square: the farther from the equator, the more degrees one column spans."""
    middle = math.radians((row + 0.5) * _CELL_DEGREES - 90.0)
    return math.floor((lon + 180.0) * max(0.01, math.cos(middle)) / _CELL_DEGREES)


def map_link(lat: float, lon: float) -> str:
    """A link that opens the point in any map."""
    return f"https://www.google.com/maps?q={lat:.6f},{lon:.6f}"
