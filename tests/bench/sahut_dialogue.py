"""How a made-up citizen answers Sahut: by what is asked, with the words of texts/id.toml."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

TEXTS = Path(__file__).parents[2] / "texts" / "id.toml"
COMPLAINTS = (
    "lampu jalan mati sudah tiga malam",
    "sampah menumpuk di pinggir kali sudah seminggu",
    "jalan berlubang parah dekat pasar",
    "got mampet, air meluap setiap hujan",
    "angkot ngetem sembarangan di depan stasiun",
)
NUMBER = re.compile(r"\b[A-Z]{2,5}-\d{2}-[\d-]{4,}\d\b")
SOUTH, NORTH, WEST, EAST = -6.33, -6.20, 106.94, 107.02  # well inside the city


@dataclass(frozen=True, slots=True)
class Wish:
    """What the citizen does: `press` a button that fits `label`, or send a `location` or a `photo`."""

    name: str
    what: str
    label: str = ""


@cache
def texts() -> dict[str, str]:
    """All Indonesian words by flat key."""
    flat: dict[str, str] = {}

    def walk(table: dict[str, Any], prefix: str) -> None:
        for key, value in table.items():
            if isinstance(value, dict):
                walk(value, f"{prefix}{key}.")
            else:
                flat[prefix + key] = str(value)

    walk(tomllib.loads(TEXTS.read_text(encoding="utf-8")), "")
    return flat


def fits(*keys: str) -> str:
    """A pattern for any of these texts as a citizen sees them, slots filled with whatever."""
    return "|".join(f"(?:{_one(texts()[key])})" for key in keys)


def _one(words: str) -> str:
    pieces = re.split(r"\{[^}]*\}", words.replace("*", "").strip())
    return ".{0,400}?".join(re.escape(piece).replace(r"\ ", r"\s+").replace("\\\n", r"\s+") for piece in pieces)


def somewhere(number: int) -> tuple[float, float]:
    """A place in the city that hangs on the number only, spread evenly."""
    across, along = (number * 0.6180339887) % 1, (number * 0.7548776662) % 1
    return round(SOUTH + (NORTH - SOUTH) * across, 6), round(WEST + (EAST - WEST) * along, 6)


def complaint(number: int) -> str:
    return COMPLAINTS[number % len(COMPLAINTS)]


# What Sahut asks, in the order of looking; the first that fits decides. Keys of texts/id.toml.
_PLACE = ("ask", "ask_hint", "ask_beside", "ask_which", "ask_area", "ask_pin", "ask_maybe")
LOCATION_QUESTIONS = tuple(f"location.{key}" for key in _PLACE)
_QUESTIONS: tuple[tuple[tuple[str, ...], Wish], ...] = (
    (("summary.ask",), Wish("send", "press", "summary.send")),
    (("name.ask",), Wish("name", "press", "name.named")),
    (("nearby.ask",), Wish("nearby", "press", "nearby.new")),
    (("photo.more",), Wish("photos done", "press", "photo.done")),
    (("photo.ask",), Wish("photo", "photo")),
    (("location.confirm", "location.confirm_words"), Wish("place", "press", "location.yes_here")),
    (LOCATION_QUESTIONS, Wish("location", "location")),
    (("category.ask_guess", "category.ask_group", "category.ask_menu"), Wish("category", "press", "")),
)


@cache
def prompts() -> re.Pattern[str]:
    """Any message a citizen answers or ends with."""
    keys = [key for keys, _ in _QUESTIONS for key in keys]
    asked = fits(*keys, "notice.opened", "notice.opened_triage", "menu.ask", "menu.welcome", "describe.ask")
    return re.compile(asked, re.IGNORECASE | re.DOTALL)


@cache
def _rules() -> tuple[tuple[re.Pattern[str], Wish], ...]:
    return tuple(
        (re.compile(fits(*keys), re.DOTALL), Wish(wish.name, wish.what, label(wish.label))) for keys, wish in _QUESTIONS
    )


def label(key: str) -> str:
    """The pattern of a button's label; "" is any button."""
    return fits(key) if key else ""


def answer_to(said: str) -> Wish:
    """What a willing citizen does next. Raises LookupError when nothing is known to answer."""
    for pattern, wish in _rules():
        if pattern.search(said):
            return wish
    raise LookupError(f"no answer known to {said!r}")


def ticket_number(said: str) -> str:
    """The number told with an opened ticket, "" in any other message."""
    if not re.search(fits("notice.opened", "notice.opened_triage"), said, re.DOTALL):
        return ""
    found = NUMBER.search(said)
    return found[0] if found else ""
