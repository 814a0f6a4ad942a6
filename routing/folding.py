"""Digits in disguise: a copy of a text, sign for sign as long, in which numbers are written as machines read them."""

import re
from unicodedata import category, decimal, normalize

_MIXED = re.compile(r"(?<![0-9oOlI])(?:[0-9]+[oOlI]|[oOlI]+[0-9])[0-9oOlI]*")
_LETTERS = str.maketrans("oOlI", "0011")


def folded(text: str) -> str:
    """Plain digits for those of other alphabets and full width, a space for invisible signs, 0 and 1 for o and l
    among digits ("O8l2"). A place in the copy is the same place in the text."""
    plain = text if text.isascii() else text.translate(_SIGNS)
    return _MIXED.sub(_digits, plain)


class _Signs(dict[int, str]):
    """One sign for one sign, worked out when asked for: there are a million of them."""

    def __missing__(self, code: int) -> str:
        sign = chr(code)
        if code < 128:
            return sign
        if category(sign) in ("Cf", "Me", "Mn"):  # zero width, soft hyphens, the frame of an emoji's digit
            return " "
        plain = normalize("NFKC", sign)
        if len(plain) != 1:
            return sign
        digit = decimal(plain, None)
        return plain if digit is None else str(digit)


_SIGNS = _Signs()


def _digits(found: re.Match[str]) -> str:
    """Letters among digits become digits; those that belong to a word beside them stay: "no12", "20liter"."""
    token, text = found[0], found.string
    first, last = 0, len(token)
    if found.start() and text[found.start() - 1].isalpha():
        first = last - len(token.lstrip("oOlI"))
    if found.end() < len(text) and text[found.end()].isalpha():
        last = len(token.rstrip("oOlI"))
    core = token[first:last]
    if not any(sign.isdigit() for sign in core):
        return token
    return token[:first] + core.translate(_LETTERS) + token[last:]
