"""Where learned versions stand: one folder per city below DATA_DIR, numbered files, and a note which one is in use.

A file is a line with the checksum of the rest, then JSON: numbers and words, nothing that could be run.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import math
from array import array
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from sys import byteorder
from typing import Any

from msgspec import Struct

from routing.model import Block, Mix, Model

FORMAT = 2
LARGEST = 100_000_000  # bytes; a model of 10,000 texts has about 5 million
KEEP = 10  # versions beside the one in use
COLD = 0  # the version number that stands for "nothing learned"


class UnusableModel(ValueError):
    """A version cannot be used; the message says why and what to do."""


class Entry(Struct, frozen=True):
    """One version as `sahut learn --list` shows it. `about` is what was noted when it was made."""

    version: int
    active: bool
    about: Mapping[str, Any]
    trouble: str = ""


class Shelf:
    """The versions of one city."""

    def __init__(self, data: Path, city: str) -> None:
        self._folder = data / "learned" / city
        self._city = city

    def put(self, model: Model, about: Mapping[str, Any]) -> int:
        """Write a new version beside the others; it is not in use yet. Old ones beyond KEEP go."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        version = max(self.versions(), default=0) + 1
        body = json.dumps({"format": FORMAT, "about": dict(about), "model": _plain(model)}, ensure_ascii=False)
        _write(self._file(version), f"sha256:{_sum(body)}\n{body}")
        kept = {*sorted(self.versions())[-KEEP:], self.active()}
        for old in self.versions():
            if old not in kept:
                self._file(old).unlink(missing_ok=True)
        return version

    def use(self, version: int) -> None:
        """From now on this version, 0 for none. raises: UnusableModel"""
        if version != COLD:
            self.get(version)
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write(self._folder / "active", f"{version}\n")

    def active(self) -> int:
        """The number of the version in use; 0 when there is none, also when the note is not readable."""
        try:
            return max(int((self._folder / "active").read_text("ascii")), COLD)
        except (OSError, ValueError):
            return COLD

    def versions(self) -> list[int]:
        """All numbers on the shelf, ascending. raises: OSError when they cannot be looked at"""
        try:
            names = [file.name for file in self._folder.iterdir()]
        except FileNotFoundError:
            return []
        return sorted(int(name[:-5]) for name in names if name.endswith(".json") and name[:-5].isdigit())

    def before(self, version: int) -> int:
        """The version to go back to from this one; 0 when there is none."""
        return max((v for v in self.versions() if v < version), default=COLD)

    def entries(self) -> Iterator[Entry]:
        """Every version, the oldest first; a broken one with what is wrong with it."""
        active = self.active()
        for version in self.versions():
            try:
                about = self._read(version).get("about")
                yield Entry(version, version == active, about if isinstance(about, dict) else {})
            except UnusableModel as trouble:
                yield Entry(version, version == active, {}, str(trouble))

    def get(self, version: int) -> Model:
        """A version, checked. raises: UnusableModel"""
        whole = self._read(version)
        try:
            if whole["format"] != FORMAT:
                raise UnusableModel(f"{self._file(version)} was made by another version of Sahut. Learn again.")
            model = _model(whole["model"])
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError, binascii.Error) as error:
            if isinstance(error, UnusableModel):
                raise
            raise UnusableModel(f"{self._file(version)} does not hold a model ({error!r}). Learn again.") from error
        if model.city != self._city:
            raise UnusableModel(f"{self._file(version)} was learned from {model.city}, not {self._city}. Learn again.")
        return model

    def _file(self, version: int) -> Path:
        return self._folder / f"{version:04}.json"

    def _read(self, version: int) -> dict[str, Any]:
        file = self._file(version)
        try:
            if file.stat().st_size > LARGEST:
                raise UnusableModel(f"{file} is larger than any model. Learn again.")
            head, _, body = file.read_text("utf-8").partition("\n")
        except FileNotFoundError as error:
            raise UnusableModel(f"there is no version {version}; `sahut learn --list` shows all.") from error
        except (OSError, UnicodeDecodeError) as error:
            raise UnusableModel(f"{file} cannot be read ({type(error).__name__}). Choose another version.") from error
        if head != f"sha256:{_sum(body)}":
            raise UnusableModel(
                f"{file} is damaged: its checksum does not fit. Choose another version, or learn again."
            )
        try:
            found = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise UnusableModel(f"{file} is not readable as JSON. Learn again.") from error
        if not isinstance(found, dict):
            raise UnusableModel(f"{file} does not hold a model. Learn again.")
        return found


def _sum(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()


def _write(file: Path, text: str) -> None:
    """Whole or not at all: beside it first, then in its place."""
    draft = file.with_suffix(".new")
    draft.write_text(text, "utf-8")
    draft.replace(file)


def _plain(model: Model) -> dict[str, Any]:
    return {
        "city": model.city,
        "categories": list(model.categories),
        "lessons": list(model.lessons),
        "bias": list(model.bias),
        "mix": {name: getattr(model.mix, name) for name in Mix.__struct_fields__},
        "words": _plain_block(model.words),
        "pieces": _plain_block(model.pieces),
        "hints": _plain_block(model.hints),
    }


def _plain_block(block: Block) -> dict[str, Any]:
    weights = array("h", block.weights)
    if byteorder == "big":
        weights.byteswap()
    return {
        "features": list(block.places),
        "rarity": list(block.rarity),
        "scale": block.scale,
        "weights": base64.b64encode(weights.tobytes()).decode("ascii"),  # 16 bits each, the lower byte first
    }


def _model(plain: Mapping[str, Any]) -> Model:
    categories = tuple(str(code) for code in plain["categories"])
    lessons = tuple(int(n) for n in plain["lessons"])
    bias = tuple(_number(b) for b in plain["bias"])
    if not categories or not len(set(categories)) == len(categories) == len(lessons) == len(bias) - 1:
        raise ValueError("categories, lessons and bias are not of one length")
    mix = Mix(**{name: _number(plain["mix"][name]) for name in Mix.__struct_fields__})
    spoken, spelled, hints = (_block(plain[name], len(bias)) for name in ("words", "pieces", "hints"))
    return Model(str(plain["city"]), categories, lessons, bias, spoken, spelled, hints, mix)


def _block(plain: Mapping[str, Any], width: int) -> Block:
    features: Sequence[str] = plain["features"]
    weights = array("h", base64.b64decode(plain["weights"], validate=True))
    if byteorder == "big":
        weights.byteswap()
    places = {str(feature): i for i, feature in enumerate(features)}
    rarity = [_number(r) for r in plain["rarity"]]
    if not len(places) == len(features) == len(rarity) or len(weights) != len(features) * width:
        raise ValueError("features, rarity and weights do not fit together")
    if any(r <= 0 for r in rarity):
        raise ValueError("a rarity must be above zero")
    return Block(places, rarity, weights, _number(plain["scale"]))


def _number(value: Any) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise ValueError("a number is not finite")
    return number
