"""Which area a point lies in: boundaries as rings of points, asked with a box first and a ray after it."""

import math
from collections.abc import Iterable, Sequence

from msgspec import Struct

Ring = Sequence[tuple[float, float]]  # (lon, lat), as in GeoJSON

METRES_PER_DEGREE = 111_195.0


class Area(Struct, frozen=True):
    """One polygon: its first ring is the outline, the others are holes. `name` is a code, or a neighbour's name."""

    name: str
    rings: tuple[Ring, ...]
    ours: bool = True


class Areas:
    """All areas of a city, and its neighbours' where the city has them; built once, safe to share."""

    def __init__(self, areas: Iterable[Area]) -> None:
        self._areas = tuple((_box(area.rings[0]), area) for area in areas)
        self.names = frozenset(area.name for _, area in self._areas if area.ours)

    def at(self, lat: float, lon: float) -> Area | None:
        """The area that holds the point; the smaller number of a shared edge does not matter."""
        for (west, south, east, north), area in self._areas:
            if west <= lon <= east and south <= lat <= north and _holds(area.rings, lat, lon):
                return area
        return None

    def within(self, lat: float, lon: float, metres: float) -> list[str]:
        """Names of our areas that the point lies in or near, nearest border first; its own first of all."""
        found: dict[str, float] = {}
        reach = metres / METRES_PER_DEGREE
        across = reach / max(0.01, math.cos(math.radians(lat)))
        for (west, south, east, north), area in self._areas:
            if not area.ours or not (west - across <= lon <= east + across and south - reach <= lat <= north + reach):
                continue
            off = 0.0 if _holds(area.rings, lat, lon) else _metres_to(area.rings, lat, lon)
            if off <= metres:
                found[area.name] = min(off, found.get(area.name, off))
        return sorted(found, key=lambda name: found[name])


def _box(ring: Ring) -> tuple[float, float, float, float]:
    lons, lats = [lon for lon, _ in ring], [lat for _, lat in ring]
    return min(lons), min(lats), max(lons), max(lats)


def _holds(rings: Sequence[Ring], lat: float, lon: float) -> bool:
    """A ray to the east crosses the edges an odd number of times, holes counted along."""
    inside = False
    for ring in rings:
        west, south = ring[-1]
        for east, north in ring:
            if (north > lat) != (south > lat) and lon < (west - east) * (lat - north) / (south - north) + east:
                inside = not inside
            west, south = east, north
    return inside


def _metres_to(rings: Sequence[Ring], lat: float, lon: float) -> float:
    """Metres to the nearest edge, on a flat map: it is used for metres, not for kilometres."""
    narrow = math.cos(math.radians(lat))
    best = math.inf
    for ring in rings:
        before = ring[-1]
        for corner in ring:
            ax, ay = (before[0] - lon) * narrow, before[1] - lat
            bx, by = (corner[0] - lon) * narrow, corner[1] - lat
            dx, dy = bx - ax, by - ay
            length = dx * dx + dy * dy
            along = 0.0 if length == 0 else min(1.0, max(0.0, -(ax * dx + ay * dy) / length))
            best = min(best, math.hypot(ax + along * dx, ay + along * dy))
            before = corner
    return best * METRES_PER_DEGREE
