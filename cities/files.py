"""Opens a city's TOML and CSV files; a missing or misspelt entry is told with its file and place."""

import csv
import tomllib
from pathlib import Path
from typing import Any

from msgspec import Struct

from cities.errors import CityError


class Table(Struct, frozen=True):
    """One table of a TOML file, which knows where it stands so that its errors can say so."""

    file: Path
    data: dict[str, Any]
    where: str = ""

    def text(self, key: str, default: str | None = None) -> str:
        value = self.data.get(key, default)
        if not isinstance(value, str) or (default is None and not value.strip()):
            raise self.wrong(f'`{key}` is missing or no text: write {key} = "..."')
        return value

    def texts(self, key: str) -> list[str]:
        value = self.data.get(key)
        if not isinstance(value, list) or not value or not all(isinstance(v, str) and v.strip() for v in value):
            raise self.wrong(f'`{key}` must be a list of texts: write {key} = ["...", "..."]')
        return value

    def number(self, key: str) -> float:
        value = self.data.get(key)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.wrong(f"`{key}` is missing or no number: write {key} = 1.5 without quotes")
        return float(value)

    def yes(self, key: str) -> bool:
        value = self.data.get(key, False)
        if not isinstance(value, bool):
            raise self.wrong(f"`{key}` must be true or false, without quotes")
        return value

    def pairs(self, key: str) -> dict[str, str]:
        value = self.data.get(key, {})
        if not isinstance(value, dict) or not all(isinstance(v, str) for v in value.values()):
            raise self.wrong(f'[{key}] must hold lines such as word = "meaning"')
        return value

    def inner(self, key: str) -> "Table":
        value = self.data.get(key)
        if not isinstance(value, dict):
            raise self.wrong(f"[{key}] is missing: add that table")
        return Table(self.file, value, f"[{key}]")

    def each(self, key: str) -> list["Table"]:
        """The entries of [[key]], each known by its number and code."""
        value = self.data.get(key)
        if not isinstance(value, list) or not value or not all(isinstance(v, dict) for v in value):
            raise self.wrong(f"there is no [[{key}]]: add at least one")
        named = [str(v.get("code") or v.get("kind") or "without a code") for v in value]
        places = [f"[[{key}]] number {i} ({name})" for i, name in enumerate(named, 1)]
        return [Table(self.file, v, place) for v, place in zip(value, places, strict=True)]

    def wrong(self, problem: object) -> CityError:
        return CityError(self.file, problem, self.where)


def table(file: Path) -> Table:
    """A whole TOML file. Raises CityError with the line where its syntax breaks."""
    try:
        return Table(file, tomllib.loads(file.read_text("utf-8")))
    except FileNotFoundError as error:
        raise CityError(file, "this file is missing: every city needs it") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CityError(file, f"not readable as TOML: {error}") from error


def rows(file: Path) -> list[tuple[str, dict[str, str]]]:
    """The rows of a CSV file, each with its place ("row 7"; the heading is row 1)."""
    try:
        with file.open(encoding="utf-8", newline="") as lines:
            reader = csv.DictReader(lines)
            found = [(f"row {reader.line_num}", {k or "": v or "" for k, v in row.items()}) for row in reader]
    except FileNotFoundError as error:
        raise CityError(file, "this file is missing: every city needs it") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise CityError(file, f"not readable as CSV in UTF-8: {error}") from error
    if not found:
        raise CityError(file, "holds no rows: add at least one below the heading")
    return found


def sentences(file: Path) -> tuple[str, ...]:
    """The lines of a text file, without empty ones and those that begin with #. Raises CityError."""
    try:
        lines = file.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CityError(file, f"cannot be read: {error}. Save it as plain text in UTF-8") from error
    return tuple(line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#"))
