"""`sahut match`: asks the understanding about texts, line by line, so that anybody can measure it from outside."""

import argparse
import sys
from collections.abc import Iterable
from datetime import date
from typing import Any, TextIO

from bot import warm
from bot.clock import SystemClock
from bot.commands.lines import answered, from_files
from bot.settings import Settings
from cities import kept
from tickets.city import City


def run(lines: Iterable[str], out: TextIO, city: City) -> int:
    """Read texts (JSON lines `{"text": ...}` or plain lines), write one JSON line for each, flushed at once.

    One row out for each line in: a line that cannot be read gets the decision "unknown" and an `error`.
    returns: 0 when every line was understood as input, 1 when some were not
    """
    today = SystemClock().now().astimezone(city.zone).date()
    return answered(lines, out, lambda text: _row(text, city, today), _unknown)


def _row(text: str, city: City, today: date) -> dict[str, Any]:
    understood = city.understander.understand(text)
    danger = understood.emergency
    return {
        "text": text,
        "decision": understood.decision,
        "candidates": [{"code": match.code, "score": match.score} for match in understood.candidates],
        "agency": city.catalogue.owner(understood.best, today).code if understood.best else None,
        "emergency": {"kind": danger.kind, "tell": danger.tell} if danger else None,
        "intent": understood.intent,
        "because": list(understood.because),
    }


def _unknown(text: str, problem: str) -> dict[str, Any]:
    nothing: dict[str, Any] = {"candidates": [], "agency": None, "emergency": None, "intent": "report", "because": []}
    return {"text": text, "decision": "unknown", **nothing, "error": problem}


def command(settings: Settings, asked: argparse.Namespace) -> int:
    """Texts from the named files, or from standard input."""
    city = kept.load(settings.city, settings.data_dir / "cache", keep=False)
    if not asked.cold:
        city = warm.warmed(city, settings.data_dir)
    return from_files(asked.files, lambda lines: run(lines, sys.stdout, city))
