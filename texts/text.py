"""What somebody is told, as a key and its parameters; the words are in the language files beside this module."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct


class Moment(Struct, frozen=True, rename={"at": "moment"}):
    """A point in time (aware UTC), shown in the city's zone: "Senin, 23 November pukul 14.00 WIB"."""

    at: datetime
    form: str = "moment"  # "moment" day and hour · "day" only the day · "hour" only the hour · "short" for lists


class Span(Struct, frozen=True, rename={"seconds": "span"}):
    """A duration in seconds, shown in its largest sensible unit: "3 jam", "2 hari"."""

    seconds: int


class Text(Struct, frozen=True):
    """A sentence to be said: `key` into the catalogue and the values for its {slots}."""

    key: str
    params: Mapping[str, Param] = {}


Param = str | int | Text | Moment | Span


class Choice(Struct, frozen=True):
    """A button: `action` comes back when it is pressed, `label` is what it says."""

    action: str
    label: Text


def say(key: str, **params: Param) -> Text:
    """Shorthand: say("photo.kept", count=2)."""
    return Text(key, params)


def literal(words: str) -> Text:
    """Words that come from data (an agency's name, a citizen's sentence), the same in every language."""
    return Text("literal", {"words": words})


def from_json(value: Any) -> Any:
    """A parameter as it was before it became JSON (by msgspec): plain values of the outbox become what they say."""
    if not isinstance(value, dict):
        return value
    if "key" in value:
        return Text(value["key"], {name: from_json(v) for name, v in value["params"].items()})
    if "moment" in value:
        return Moment(datetime.fromisoformat(value["moment"]), value["form"])
    return Span(value["span"])
