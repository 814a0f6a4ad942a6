"""What arrives from outside as bytes: read as strict JSON, its words made fit for every database."""

from __future__ import annotations

import json
import math
import re
from typing import Any, NoReturn

import msgspec

MAX_DEPTH = 64
MAX_DIGITS = 20

_MANY_DIGITS = b"0" * (MAX_DIGITS + 1)
_AS_ZEROS = bytes(48 if 48 <= byte <= 57 else 32 for byte in range(256))  # every digit as 0, all others as a space
_UNFIT = re.compile("\x00|[\ud800-\udfff]")  # PostgreSQL refuses NUL, UTF-8 refuses half a surrogate pair


class Unreadable(ValueError):
    """The body cannot be read; the message says why and never quotes it."""


def clean(text: str) -> str:
    """The same words without NUL; half a surrogate pair becomes the replacement sign."""
    if text.isascii() and "\x00" not in text:
        return text
    return _UNFIT.sub(_replacement, text)


def parse_json(body: bytes) -> object:
    """The value of a JSON body. raises: Unreadable.

    Refused although Python would take them: NaN and infinities, more than 64 levels, integers of more than
    20 digits (each of these breaks something further inside), and bytes that are not UTF-8.
    """
    value: object
    try:
        value = _strictly(body)
    except (msgspec.MsgspecError, ValueError, RecursionError):  # the slow way knows why, and forgives half a sign
        value = _slowly(body)
    if body.count(b"{") + body.count(b"[") > MAX_DEPTH and _deeper_than(value, MAX_DEPTH):
        raise Unreadable("nested too deeply")
    return value


def _strictly(body: bytes) -> object:
    if _MANY_DIGITS in body.translate(_AS_ZEROS):
        raise ValueError("perhaps an integer of too many digits")
    return msgspec.json.decode(body)


def _slowly(body: bytes) -> object:
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise Unreadable("not UTF-8") from None
    try:
        return _DECODER.decode(text)
    except Unreadable:
        raise
    except RecursionError:
        raise Unreadable("nested too deeply") from None
    except ValueError:  # the decoder's own error would quote the body
        raise Unreadable("not JSON") from None


def _replacement(found: re.Match[str]) -> str:
    return "" if found.group() == "\x00" else "\ufffd"


def _integer(digits: str) -> int:
    if len(digits.lstrip("-")) > MAX_DIGITS:
        raise Unreadable("an integer has too many digits")
    return int(digits)


def _decimal(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise Unreadable("a number is not finite")
    return number


def _constant(name: str) -> NoReturn:
    raise Unreadable(f"{name} is not JSON")


def _deeper_than(value: Any, limit: int) -> bool:
    """Whether lists and objects stand in each other more than `limit` deep; level by level, no recursion."""
    level = [value]
    for _ in range(limit):
        level = [
            child
            for outer in level
            if isinstance(outer, dict | list)
            for child in (outer.values() if isinstance(outer, dict) else outer)
        ]
        if not level:
            return False
    return any(isinstance(outer, dict | list) for outer in level)


_DECODER = json.JSONDecoder(parse_int=_integer, parse_float=_decimal, parse_constant=_constant)
