"""Words as Telegram wants them: escaped HTML, counted in UTF-16 units, cut where it does not hurt."""

from __future__ import annotations

import re

from bot.channels import cutting
from bot.channels.cutting import cut
from texts.catalogue import BOLD_OFF, BOLD_ON

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
TOAST_LIMIT = 200

_MARKS = BOLD_ON + BOLD_OFF
_MARKED = re.compile(f"([{_MARKS}])")
_NUMBER = re.compile(r"\b[A-Z]{2,6}-\d{2}-\d{4,9}-[0-9A-Z]\b")  # a ticket's number: BKS-26-000123-7
_LINK = re.compile(r"https?://\S+")
_MENTION = re.compile(r"(?<!\w)@(?=[A-Za-z0-9_]{3})")


def units(text: str) -> int:
    """Length as Telegram counts it, without the bold marks."""
    return len(text) if text.isascii() else cutting.units(text, _MARKS)


def plain(text: str) -> str:
    """The words alone, for where they are counted and for sending without formatting."""
    return text.replace(BOLD_ON, "").replace(BOLD_OFF, "")


def quiet(text: str) -> str:
    """The same words, but "@somebody" in them calls nobody: Telegram would make a mention of it by itself.

    To be applied before anything is counted: it adds an invisible sign per mention.
    """
    return text if "@" not in text else _MENTION.sub("@\u2060", text)


def html(text: str) -> str:
    """Escaped words; what stands between bold marks becomes bold. Stray marks do no harm."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    if BOLD_ON not in escaped and BOLD_OFF not in escaped:
        return escaped
    parts, bold = [], False
    for piece in _MARKED.split(escaped):
        if piece in (BOLD_ON, BOLD_OFF):
            if bold is not (piece == BOLD_ON):
                bold = piece == BOLD_ON
                parts.append("<b>" if bold else "</b>")
        else:
            parts.append(piece)
    return "".join(parts) + ("</b>" if bold else "")


def split(text: str, limit: int = TEXT_LIMIT) -> list[str]:
    """The text in parts of at most `limit` units; a ticket's number and a link are in the first part already."""
    if len(text) * 2 <= limit or units(text) <= limit:
        return [text]
    first, rest = _head(text, limit)
    parts = [first]
    while rest:
        part, rest = cut(rest, limit, _MARKS)
        parts.append(part)
    return [part for part in _balanced(parts) if plain(part).strip()]


def shorten(text: str, limit: int = TEXT_LIMIT) -> str:
    """The text itself, or its beginning with "…", the ticket's number and the link."""
    if len(text) * 2 <= limit or units(text) <= limit:
        return text
    first, _ = _head(text, limit, ending="…")
    return _balanced([first])[0]


def paragraphs(text: str) -> tuple[str, str] | None:
    """All but the last paragraph (or line), and the last one; None when there is only one."""
    for gap in ("\n\n", "\n"):
        head, found, tail = text.rpartition(gap)
        if found and plain(head).strip() and plain(tail).strip():
            first, last = _balanced([head, tail])
            return first, last
    return None


def _head(text: str, limit: int, ending: str = "") -> tuple[str, str]:
    """The first part, with what must be in it, and the rest."""
    found = (_NUMBER.search(plain(text)), _LINK.search(plain(text)))
    needed = [one[0] for one in found if one and units(one[0]) < limit // 3]
    tail, added = "", 0
    while True:
        first, rest = cut(text, limit - units(ending) - units(tail), _MARKS)
        missing = [words for words in needed if words not in plain(first)]
        if len(missing) == added:
            return first + ending + tail, rest
        # making room for the one may push the other out: until nothing more is missing
        tail, added = "\n\n" + "\n".join(missing), len(missing)


def _balanced(parts: list[str]) -> list[str]:
    """Close bold at the end of each part and open it again in the next."""
    done, bold = [], False
    for part in parts:
        opened = BOLD_ON + part if bold else part
        last = max(part.rfind(BOLD_ON), part.rfind(BOLD_OFF))
        bold = part[last] == BOLD_ON if last >= 0 else bold
        done.append(opened + BOLD_OFF if bold else opened)
    return done
