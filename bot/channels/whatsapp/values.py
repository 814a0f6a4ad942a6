"""Reads single values out of a webhook's JSON, or says what is wrong with them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from bot.channels.body import Unreadable, clean

Json = dict[str, Any]


def words(source: Json, name: str) -> str:
    """A text field made fit for storage; "" when absent or null."""
    value = source.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Unreadable(f"{name} is not text")
    return clean(value)


def obj(source: Json, name: str) -> Json:
    value = source.get(name)
    if not isinstance(value, dict):
        raise Unreadable(f"{name} is not an object")
    return value


def maybe(source: Json, name: str) -> Json:
    """An object, or an empty one when it is absent or null."""
    return {} if source.get(name) is None else obj(source, name)


def items(source: Json, name: str) -> list[Any]:
    """A list, empty when it is absent or null."""
    value = source.get(name)
    if value is None:
        return []
    if not isinstance(value, list):
        raise Unreadable(f"{name} is not a list")
    return value


def degrees(source: Json, name: str, most: float) -> float:
    """A coordinate; some senders write it as text."""
    value = source.get(name)
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            value = None
    if type(value) not in (int, float) or not -most <= value <= most:  # type: ignore[operator]
        raise Unreadable(f"{name} is no place on earth")
    return float(value)  # type: ignore[arg-type]


def moment(source: Json, name: str, now: datetime) -> datetime:
    """Seconds since 1970, as text or as a number. A missing or impossible time costs nobody a message: it is now."""
    value = source.get(name)
    if isinstance(value, str) and value.isdecimal() and value.isascii() and len(value) <= 11:
        value = int(value)
    if type(value) is not int or not 0 < value < 10**11:
        return now
    return min(datetime.fromtimestamp(value, UTC), now)
