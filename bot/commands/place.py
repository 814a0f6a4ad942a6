"""`sahut place`: where texts say they are, line by line, so that anybody can measure it from outside."""

import argparse
import sys
from collections.abc import Iterable
from typing import Any, TextIO

from bot.commands.lines import answered, from_files
from bot.settings import Settings
from cities import kept
from routing.place import PlaceGuess
from tickets.city import City


def run(lines: Iterable[str], out: TextIO, city: City) -> int:
    """One JSON line for each text: `{"text", "candidates", "outside"}`, and `owner` beside a true `outside`.

    One candidate alone is stated, several are asked about. A row whose kelurahan and kode are null says that only
    the kecamatan is known. A line that cannot be read gets no candidates and an `error`.
    returns: 0 when every line was understood as input, 1 when some were not
    """
    return answered(lines, out, lambda text: _row(text, city), _refusal)


def _row(text: str, city: City) -> dict[str, Any]:
    reading = city.places.read(text)
    found = [_candidate(guess) for guess in reading.candidates]
    row: dict[str, Any] = {"text": text, "candidates": found, "outside": bool(reading.outside)}
    return row | ({"owner": reading.outside} if reading.outside else {})


def _candidate(guess: PlaceGuess) -> dict[str, Any]:
    k = guess.kelurahan
    return {
        "kelurahan": k.name if k else None,
        "kecamatan": guess.kecamatan,
        "kode": k.code if k else None,
        "score": guess.score,
    }


def _refusal(text: str, problem: str) -> dict[str, Any]:
    return {"text": text, "candidates": [], "outside": False, "error": problem}


def command(settings: Settings, asked: argparse.Namespace) -> int:
    """Texts from the named files, or from standard input."""
    city = kept.load(settings.city, settings.data_dir / "cache", keep=False)
    return from_files(asked.files, lambda lines: run(lines, sys.stdout, city))
