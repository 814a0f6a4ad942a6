"""Where words that are too long may be cut: by the units in which platforms count, never inside one visible sign."""

from __future__ import annotations

import unicodedata

_BREAKS = ("\n\n", "\n", ". ", " ")
_JOINS = frozenset("\u200d\ufe0e\ufe0f\u20e3")  # they belong to the sign before them
_LONGEST = 32  # signs that may be seen as one


def units(text: str, weightless: str = "") -> int:
    """Length in UTF-16 units, the strictest way to count: signs beyond the basic plane are two.

    weightless: signs of ours that do not count
    """
    if text.isascii() and not weightless:
        return len(text)
    return sum(2 if sign > "\uffff" else sign not in weightless for sign in text)


def cut(text: str, budget: int, weightless: str = "") -> tuple[str, str]:
    """As much as fits, up to the last good place to break; the rest without the white space between.

    weightless: signs of ours that do not count
    """
    end = fitting(text, budget, weightless)
    if end == len(text):
        return text, ""
    for gap in _BREAKS:
        at = text.rfind(gap, end * 2 // 3, end + 1)
        if at > 0:
            end = min(at + len(gap.rstrip()), end)
            break
    else:
        end = before_cluster(text, end)
    return text[:end].rstrip(), text[end:].lstrip()


def fitting(text: str, budget: int, weightless: str = "") -> int:
    """How many signs fit into so many UTF-16 units."""
    used = 0
    for at, sign in enumerate(text):
        used += 2 if sign > "\uffff" else sign not in weightless
        if used > budget:
            return at
    return len(text)


def before_cluster(text: str, end: int) -> int:
    """Step back until the cut does not fall inside an emoji sequence or a flag, or before a combining sign."""
    if end >= len(text):
        return end
    for at in range(end, max(end - _LONGEST, 1), -1):
        sign = text[at]
        joined = sign in _JOINS or unicodedata.combining(sign) or "\U0001f3fb" <= sign <= "\U0001f3ff"
        flag = "\U0001f1e6" <= sign <= "\U0001f1ff" and "\U0001f1e6" <= text[at - 1] <= "\U0001f1ff"
        if not joined and not flag and text[at - 1] != "\u200d":
            return at
    return end
