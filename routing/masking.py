"""Hides people's numbers in outward copies of a text: NIK, telephone numbers, e-mail addresses.

Meter, plate, invoice and licence numbers, dates and prices stay, because officers need them to act. Numbers are looked
for in a folded copy, in which every sign has its place, and replaced in the text itself.
"""

import re

from routing.folding import folded
from routing.numbers_apart import numbers_apart
from routing.personal_numbers import Found, kept_spans, personal_numbers

EMAIL_MASK = "[EMAIL]"

SHORTEST = 8  # digits of a number of a person

_USER = r"[A-Za-z0-9._%+-]{1,64}"
_NAME = r"[A-Za-z0-9-]{1,63}"
_EMAIL = re.compile(rf"{_USER}\s?@\s?{_NAME}(?:\.{_NAME}){{1,4}}")
# Spelt out: only what ends as addresses do, since "di jembatan @ pasar. Tolong" is none.
_IN_BRACKETS = r"\s{{0,2}}[(\[{{<]\s?(?:{})\s?[)\]}}>]\s{{0,2}}"
_AT = rf"(?:\s{{0,2}}@\s{{0,2}}|{_IN_BRACKETS.format('at|et|@')})"
_DOT_SAID = rf"(?:{_IN_BRACKETS.format(r'dot|titik|[.]')}|\s{{1,2}}(?:dot|titik)\s{{1,2}})"
_DOT = rf"(?:\s{{0,2}}\.\s{{0,2}}|{_DOT_SAID})"
_ENDING = r"(?:com|co|net|org|id|info|me|sch|web|my|biz)\b"
_MAIL_HOST = r"(?:gmail|ymail|yahoo|rocketmail|hotmail|outlook|live|icloud|proton(?:mail)?)"
_SPELT = re.compile(
    rf"(?<![A-Za-z0-9._%+-]){_USER}"
    rf"(?:{_AT}{_NAME}(?:{_DOT}{_NAME}){{0,2}}{_DOT}{_ENDING}"
    rf"|\s{{1,2}}(?:at|et)\s{{1,2}}(?:{_MAIL_HOST}{_DOT}|{_NAME}{_DOT_SAID}(?:{_NAME}{_DOT}){{0,2}}){_ENDING})"
    rf"(?:{_DOT}id\b)?",
    re.IGNORECASE,
)
_UNFINISHED = re.compile(  # "budi.santoso@gmail", "...@gmail,com": whose post it is suffices
    rf"(?<![A-Za-z0-9._%+-]){_USER}@(?:gmail|ymail|yahoo|rocketmail|hotmail|icloud)"
    rf"(?:\s?[.,]\s?{_ENDING}|com\b)?(?![A-Za-z0-9-])",
    re.IGNORECASE,
)

_AT_SAID = re.compile(r"\b(?:at|et)\b", re.IGNORECASE)


def mask(text: str) -> str:
    """The text with every NIK (a KK number looks the same), telephone number and e-mail address replaced."""
    copy = folded(text)
    if "@" in copy or _AT_SAID.search(copy):
        for addresses in (_EMAIL, _SPELT, _UNFINISHED):
            text = _replaced(text, [(*m.span(), EMAIL_MASK) for m in addresses.finditer(copy)])
            copy = folded(text)
    if sum(map(copy.count, "0123456789")) < SHORTEST:  # most messages, and each is looked at more than once
        return text
    kept = kept_spans(copy)
    found = list(personal_numbers(copy, kept))
    # What is hidden already parts the digits around it.
    rest = _replaced(copy, [(start, end, "x" * (end - start)) for start, end, _ in found])
    return _replaced(text, sorted([*found, *numbers_apart(rest, kept)]))


def has_personal_numbers(text: str) -> bool:
    """Whether `mask` would hide anything."""
    return mask(text) != text


def _replaced(text: str, found: list[Found]) -> str:
    parts: list[str] = []
    done = 0
    for start, end, name in found:
        parts += [text[done:start], name]
        done = end
    return "".join(parts) + text[done:]
