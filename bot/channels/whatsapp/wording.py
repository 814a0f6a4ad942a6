"""Words as WhatsApp wants them: its own signs for bold, nobody else's; counted and cut where it does not hurt."""

from __future__ import annotations

import re

from bot.channels.cutting import before_cluster, cut, fitting, units
from texts.catalogue import BOLD_OFF, BOLD_ON

TEXT_LIMIT = 4096
BODY_LIMIT = 1024  # words above buttons, and below a picture

_MARKS = re.compile(f"[{BOLD_ON}{BOLD_OFF}]")
_BOLD = re.compile(f"{BOLD_ON}(\\s*)([^{BOLD_ON}{BOLD_OFF}]*?)(\\s*){BOLD_OFF}")
_LINK = re.compile(r"https?://\S+")
_QUOTE = re.compile(r"^(\s*)>", re.MULTILINE)
# Signs that would change how words look; each has a twin that looks the same and does nothing.
_TWINS = {"*": "\u2217", "_": "\u02cd", "~": "\u223c", "`": "\u02cb"}
_PAIR = re.compile(r"(?<!\w)([*_~`]{1,3})(?=\S)(?:(?!\1).)*?(?<=\S)\1(?!\w)", re.DOTALL)


def plain(text: str) -> str:
    """The words alone, for labels and for asking whether there are any."""
    return _MARKS.sub("", text)


def written(text: str) -> str:
    """The words as they are sent: what stands between our bold marks between asterisks, and a citizen's own
    asterisks without effect."""
    parts, at = [], 0
    for link in _LINK.finditer(text):  # an address must stay what it is
        parts += [_quiet(text[at : link.start()]), link.group()]
        at = link.end()
    words = "".join([*parts, _quiet(text[at:])])
    return _MARKS.sub("", _BOLD.sub(_asterisks, words))


def split(text: str, limit: int = TEXT_LIMIT) -> list[str]:
    """The written words in parts that fit; almost always one."""
    parts = []
    while units(text) > limit:
        part, text = cut(text, limit)
        parts.append(part)
    return [part for part in (*parts, text) if part.strip()]


def head_and_foot(text: str, limit: int = BODY_LIMIT) -> tuple[str, str]:
    """Words that are too long to stand above buttons: all but the last paragraphs, and those."""
    for gap in ("\n\n", "\n", ". "):
        at = text.find(gap, max(0, len(text) - limit))
        while at >= 0 and units(text[at:].strip()) > limit:
            at = text.find(gap, at + 1)
        if at > 0 and (foot := text[at + len(gap.rstrip(" \n")) :].strip()):
            return text[: at + len(gap.rstrip())].rstrip(), foot
    return text, ""


def shorten(text: str, limit: int) -> str:
    """The words, or as many of them as fit with "…"."""
    text = text.strip()
    if units(text) <= limit:
        return text
    end = before_cluster(text, fitting(text, limit - 1))
    at = text.rfind(" ", 0, end + 1)
    return text[: at if at > end // 2 else end].rstrip(" /,-(") + "…"


def _asterisks(found: re.Match[str]) -> str:
    """WhatsApp knows bold only within a line and with the asterisks close to the words."""
    lines = [f"*{line.strip()}*" if line.strip() else line for line in found[2].split("\n")]
    return found[1] + "\n".join(lines) + found[3]


def _quiet(text: str) -> str:
    text = _PAIR.sub(lambda found: _twins(found.group(), len(found[1])), text)
    return _QUOTE.sub(r"\1›", text)


def _twins(words: str, marks: int) -> str:
    """The same words between signs that only look the same; pairs inside of them, too."""
    swap = "".join(_TWINS[sign] for sign in words[:marks])
    inside = _PAIR.sub(lambda found: _twins(found.group(), len(found[1])), words[marks : len(words) - marks])
    return swap + inside + swap
