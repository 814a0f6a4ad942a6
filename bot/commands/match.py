"""`sahut match`: asks the understanding about texts, line by line, so that anybody can measure it from outside."""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from bot.settings import Settings
from cities.loader import load_city
from routing.errors import CatalogueError
from tickets.city import City

LONGEST_LINE = 1_000_000  # characters; a longer line is nobody's complaint


def run(lines: Iterable[str], out: TextIO, city: City) -> int:
    """Read texts (JSON lines `{"text": ...}` or plain lines), write one JSON line for each, flushed at once.

    One row out for each line in: a line that cannot be read gets the decision "unknown" and an `error`.
    returns: 0 when every line was understood as input, 1 when some were not
    """
    broken = 0
    today = datetime.now(UTC).astimezone(city.zone).date()
    for line in _without_ends(lines):
        text, problem = _text_of(line)
        row = _row(text, city, today) if problem is None else _unknown(text, problem)
        broken += problem is not None
        out.write(json.dumps(row, ensure_ascii=True) + "\n")  # ASCII, so that no terminal chokes on any character
        out.flush()
    return 1 if broken else 0


def _without_ends(lines: Iterable[str]) -> Iterator[str]:
    for number, line in enumerate(lines):
        yield (line.lstrip("\ufeff") if number == 0 else line).rstrip("\r\n")


def _text_of(line: str) -> tuple[str, str | None]:
    """The text of a line and what is wrong with the line, if anything."""
    if len(line) > LONGEST_LINE:
        return line[:200], f"line longer than {LONGEST_LINE} characters"
    if not line.lstrip().startswith("{"):
        return line, None
    try:
        found: Any = json.loads(line)
    except (ValueError, RecursionError) as error:
        return line, f"not readable as JSON: {error}"
    if not isinstance(found.get("text"), str):
        return line, 'the object has no "text" that is a string'
    return found["text"], None


def _row(text: str, city: City, today: Any) -> dict[str, Any]:
    understood = city.understander.understand(text)
    danger = understood.emergency
    return {
        "text": text,
        "decision": understood.decision,
        "candidates": [{"code": match.code, "score": match.score} for match in understood.candidates],
        "agency": _agency(understood.best, city, today),
        "emergency": {"kind": danger.kind, "tell": danger.tell} if danger else None,
        "intent": understood.intent,
        "because": list(understood.because),
    }


def _agency(category: str | None, city: City, today: Any) -> str | None:
    if category is None:
        return None
    try:
        return city.catalogue.owner(category, today).code
    except CatalogueError:
        return city.triage


def _unknown(text: str, problem: str) -> dict[str, Any]:
    nothing: dict[str, Any] = {"candidates": [], "agency": None, "emergency": None, "intent": "report", "because": []}
    return {"text": text, "decision": "unknown", **nothing, "error": problem}


def command(settings: Settings, asked: argparse.Namespace) -> int:
    """Texts from the named files, or from standard input."""
    city = load_city(settings.city)
    if not asked.files:
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
        return run(sys.stdin, sys.stdout, city)
    broken = 0
    for name in asked.files:
        try:
            with Path(name).open(encoding="utf-8", errors="replace") as lines:
                broken |= run(lines, sys.stdout, city)
        except OSError as error:
            print(f"sahut: {name} cannot be read ({error.strerror}).", file=sys.stderr)
            return 2
    return broken
