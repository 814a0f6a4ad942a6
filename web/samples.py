"""What the try-out offers a newcomer of one city: first sentences and places, from a file beside the city's data."""

from __future__ import annotations

import tomllib
from pathlib import Path

from msgspec import Struct


class Spot(Struct, frozen=True):
    label: str
    lat: float
    lon: float


class Samples(Struct, frozen=True):
    """Nothing in it is needed: a city without samples has a try-out without them."""

    starters: tuple[str, ...] = ()
    places: tuple[Spot, ...] = ()


def load(path: Path) -> Samples:
    """The samples in a `tryout.toml`; empty when there is no such file. raises: ValueError, saying what is wrong"""
    if not path.is_file():
        return Samples()
    data = tomllib.loads(path.read_text("utf-8"))
    try:
        return Samples(
            tuple(str(words) for words in data.get("starters", ())),
            tuple(Spot(str(p["label"]), float(p["lat"]), float(p["lon"])) for p in data.get("place", ())),
        )
    except (KeyError, TypeError, ValueError) as wrong:
        raise ValueError(f"{path.name}: every [[place]] needs label, lat and lon ({wrong})") from None
