"""Reads the official boundaries a city may drop into its folder; what is wrong is told in a civil servant's words."""

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from cities.errors import CityError
from routing.place import Box, Kelurahan
from routing.polygons import Area, Areas, Ring

# Under which a file may keep the official code or the name, whatever the case of its letters.
CODES = ("code", "kode", "kode_desa", "kode_kel", "kdepum", "kdppum", "iddesa", "kode_kemendagri", "kemendagri", "id")
NAMES = ("name", "nama", "kelurahan", "namobj", "nama_kelurahan", "nama_desa", "desa", "wadmkd", "desakel")
NEIGHBOUR = ("neighbour", "neighbor", "tetangga")
LARGEST_FILE = 50 * 2**20
MOST_POINTS = 1_000_000
ROOM = 0.05  # degrees that boundaries may reach beyond the city's box
OUTSIDE_ITS_OWN = 3  # kelurahan whose point may lie outside their own area before the file is doubted


def boundaries(file: Path, known: Sequence[Kelurahan], box: Box) -> Areas:
    """All kelurahan with their areas. Raises CityError with the remedy."""
    features = _features(file)
    found: list[Area] = []
    points = 0
    for number, feature in enumerate(features, 1):
        where = f"feature {number}"
        about = {str(k).casefold(): v for k, v in _object(file, where, feature, "properties").items()}
        neighbour = _first(about, NEIGHBOUR)
        name = neighbour or _code(file, where, about, known)
        for rings in _polygons(file, where, _object(file, where, feature, "geometry")):
            points += sum(len(ring) for ring in rings)
            if points > MOST_POINTS:
                raise CityError(file, f"more than {MOST_POINTS:,} points: simplify the lines before saving", where)
            found.append(Area(name, rings, ours=not neighbour))
            if not neighbour:
                _check_place(file, where, rings, box)
    areas = Areas(found)
    _check_whole(file, areas, known)
    return areas


def _features(file: Path) -> list[Any]:
    try:
        if file.stat().st_size > LARGEST_FILE:
            raise CityError(file, "larger than 50 MB: save only this city, with simplified lines")
        whole = json.loads(file.read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError, ValueError, RecursionError) as error:
        raise CityError(file, f"not readable as GeoJSON: {error}. Export it again as GeoJSON (UTF-8)") from error
    features = whole.get("features") if isinstance(whole, dict) else None
    if not isinstance(features, list) or not features:
        raise CityError(file, "holds no FeatureCollection with features: export the layer as GeoJSON")
    return features


def _object(file: Path, where: str, feature: Any, key: str) -> dict[str, Any]:
    found = feature.get(key) if isinstance(feature, dict) else None
    if not isinstance(found, dict):
        raise CityError(file, f"has no {key}: export the layer again, one feature per kelurahan", where)
    return found


def _first(about: Mapping[str, Any], keys: Iterable[str]) -> str:
    return next((str(about[key]).strip() for key in keys if about.get(key) not in (None, "")), "")


def _digits(code: str) -> str:
    return "".join(c for c in code if c.isdigit())


def _plain(name: str) -> str:
    return "".join(c for c in name.casefold().removeprefix("kelurahan ") if c.isalnum())


def _code(file: Path, where: str, about: Mapping[str, Any], known: Sequence[Kelurahan]) -> str:
    """The kelurahan that a feature means, by its code or else by its name."""
    codes = {_digits(k.code): k.code for k in known}
    names = {_plain(k.name): k.code for k in known}
    for key in CODES:
        code = codes.get(_digits(str(about.get(key) or "")))
        if code:
            return code
    for key in NAMES:
        code = names.get(_plain(str(about.get(key) or "")))
        if code:
            return code
    said = _first(about, NAMES) or _first(about, CODES)
    if not said:
        keys = ", ".join(sorted(about)[:8]) or "none"
        raise CityError(file, f"names no kelurahan: give it a property `kode` or `kelurahan` (it has: {keys})", where)
    raise CityError(
        file,
        f"{said!r} is no kelurahan of kelurahan.csv: correct the name, or add the property `tetangga` with the "
        "neighbour's name",
        where,
    )


def _polygons(file: Path, where: str, geometry: Mapping[str, Any]) -> Iterator[tuple[Ring, ...]]:
    kind, listed = geometry.get("type"), geometry.get("coordinates")
    if kind == "Polygon":
        listed = [listed]
    elif kind != "MultiPolygon":
        raise CityError(file, f"is a {kind}: only Polygon and MultiPolygon are borders", where)
    if not isinstance(listed, list) or not listed:
        raise CityError(file, "has no coordinates: export the layer again", where)
    for polygon in listed:
        if not isinstance(polygon, list) or not polygon:
            raise CityError(file, "has an empty polygon: remove it or draw it again", where)
        yield tuple(_ring(file, where, ring) for ring in polygon)


def _ring(file: Path, where: str, ring: Any) -> Ring:
    try:
        points = [(float(point[0]), float(point[1])) for point in ring]
    except (TypeError, ValueError, IndexError, KeyError, OverflowError) as error:
        raise CityError(file, "has coordinates that are no numbers: export the layer again", where) from error
    if not all(math.isfinite(lon) and math.isfinite(lat) for lon, lat in points):
        raise CityError(file, "has coordinates that are no numbers: export the layer again", where)
    if len(set(points)) < 3:
        raise CityError(file, "has a ring of fewer than three points: draw it again", where)
    return points


def _check_place(file: Path, where: str, rings: Sequence[Ring], box: Box) -> None:
    """Swapped or projected coordinates would make every pin an outsider."""
    for lon, lat in rings[0]:
        if box.south - ROOM <= lat <= box.north + ROOM and box.west - ROOM <= lon <= box.east + ROOM:
            continue
        if box.holds(lon, lat):
            raise CityError(file, "has latitude and longitude swapped: GeoJSON wants [longitude, latitude]", where)
        if abs(lon) > 180 or abs(lat) > 90:
            raise CityError(file, "is in metres, not degrees: save it in WGS 84 (EPSG:4326) before exporting", where)
        raise CityError(file, f"reaches to {lat:.4f}, {lon:.4f}, far outside the box of city.toml: correct one", where)


def _check_whole(file: Path, areas: Areas, known: Sequence[Kelurahan]) -> None:
    missing = [k.name for k in known if k.code not in areas.names]
    if missing:
        raise CityError(
            file,
            f"lacks {len(missing)} of {len(known)} kelurahan ({', '.join(missing[:5])}): add them",
        )
    strange = []
    for k in known:
        at = areas.at(k.lat, k.lon)
        if at is None or at.name != k.code:
            strange.append(k.name)
    if len(strange) > max(OUTSIDE_ITS_OWN, len(known) // 5):
        raise CityError(
            file,
            f"the points of {', '.join(strange[:5])} in kelurahan.csv lie in other areas: are the names on the right "
            "shapes, and is it WGS 84 (EPSG:4326)?",
        )
