"""Reads a point out of what people paste: "lat, lon", map links of several makers, geo: addresses."""

import re
from urllib.parse import unquote

from msgspec import Struct

_NUMBER = r"([-+]?\d{1,3}(?:\.\d+)?)"
_DECIMAL = r"([-+]?\d{1,3}\.\d{3,})"
_APART = r"\s*(?:,|%2C|\s)[\s+]*"

# From the most telling to the least: a Google place link holds the place (!3d!4d) and the camera (@).
_LINK_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"!3d{_NUMBER}!4d{_NUMBER}",
        rf"[?&](?:q|query|ll|sll|daddr|destination|center|coordinate|cp|pt)=(?:loc:)?{_NUMBER}{_APART}{_NUMBER}",
        rf"[?&]mlat={_NUMBER}&(?:amp;)?mlon={_NUMBER}",
        rf"[?&]lat={_NUMBER}&(?:amp;)?lo?ng?(?:itude)?={_NUMBER}",
        rf"/maps/(?:search|place|dir)/(?:[^/]*/)*{_NUMBER}{_APART}{_NUMBER}",
        rf"@{_NUMBER},{_NUMBER}",
        rf"#map=\d+(?:\.\d+)?/{_NUMBER}/{_NUMBER}",
        rf"^geo:{_NUMBER},{_NUMBER}",
        rf"\bgeo:{_NUMBER},{_NUMBER}",
    )
)
_PAIR = re.compile(rf"(?<![\d.]){_DECIMAL}\s*°?\s*[,;/ ]\s*{_DECIMAL}(?![\d.])")
_COMPASS = re.compile(
    r"(\d{1,3}(?:\.\d+)?)\s*°?\s*(?:(\d{1,2})\s*['′’]\s*(?:(\d{1,2}(?:\.\d+)?)\s*(?:\"|″|”|'')?)?)?\s*L?([NSU])[\s,;]+"
    r"(\d{1,3}(?:\.\d+)?)\s*°?\s*(?:(\d{1,2})\s*['′’]\s*(?:(\d{1,2}(?:\.\d+)?)\s*(?:\"|″|”|'')?)?)?\s*B?([EWTB])",
    re.IGNORECASE,
)
_LINK = re.compile(r"(?:https?://|geo:|maps:|comgooglemaps:)\S+", re.IGNORECASE)
_SHORT = re.compile(
    r"(?:maps\.app\.goo\.gl|goo\.gl/maps|g\.co/kgs|share\.google|bit\.ly|s\.id|maps\.apple/p|osm\.org/go|waze\.com/ul/h)",
    re.IGNORECASE,
)
_MAP = re.compile(r"google\.[a-z.]+/maps|maps\.google|maps\.apple|openstreetmap|osm\.org|waze\.com", re.IGNORECASE)
_DECIMAL_COMMA = re.compile(r"^\s*([-+]?\d{1,2}),(\d{3,})\s*[,;\s]\s*(\d{2,3}),(\d{3,})\s*$")


class Point(Struct, frozen=True):
    """Degrees, WGS 84."""

    lat: float
    lon: float


class LinkOnly(Struct, frozen=True):
    """A map link that does not carry its point (a shortened one, or a place by name): ask for a pin instead."""

    link: str


def parse_point(text: str) -> Point | LinkOnly | None:
    """The point a text holds; LinkOnly for a map link without one; None when there is neither.

    Swapped pairs ("107.01, -6.23") are put right where only one order can be in Indonesia.
    """
    text = text[:4000]
    for link in _LINK.findall(text):
        found = _from_link(link)
        if found:
            return found
    for link in _LINK.findall(text):
        if _SHORT.search(link) or _MAP.search(link):
            return LinkOnly(link)
    bare = _LINK.sub(" ", text)
    short = _SHORT.search(bare)
    return LinkOnly(short[0]) if short else _from_numbers(bare)


def _from_link(link: str) -> Point | None:
    for form in _LINK_FORMS:
        for readable in (link, unquote(link)):
            match = form.search(readable)
            if match:
                point = _point(float(match[1]), float(match[2]))
                if point:
                    return point
    return None


def _from_numbers(text: str) -> Point | None:
    comma = _DECIMAL_COMMA.match(text)
    if comma:
        return _point(float(f"{comma[1]}.{comma[2]}"), float(f"{comma[3]}.{comma[4]}"))
    compass = _COMPASS.search(text)
    if compass:
        lat = _degrees(compass[1], compass[2], compass[3]) * (-1 if compass[4].upper() == "S" else 1)
        lon = _degrees(compass[5], compass[6], compass[7]) * (-1 if compass[8].upper() in "WB" else 1)
        return _point(lat, lon)
    for pair in _PAIR.finditer(text):
        point = _point(float(pair[1]), float(pair[2]))
        if point and _in_indonesia(point):  # "12.500, 13.500" are prices
            return point
    return None


def _in_indonesia(point: Point) -> bool:
    return -11.5 <= point.lat <= 6.5 and 94.5 <= point.lon <= 141.5


def _degrees(degrees: str, minutes: str | None, seconds: str | None) -> float:
    return float(degrees) + float(minutes or 0) / 60 + float(seconds or 0) / 3600


def _point(lat: float, lon: float) -> Point | None:
    if abs(lat) > 90 and abs(lon) <= 15:  # Indonesia lies between 11 south and 6 north: this pair is turned round
        lat, lon = lon, lat
    if abs(lat) > 90 or abs(lon) > 180 or (lat == 0 and lon == 0):
        return None
    return Point(round(lat, 7), round(lon, 7))
