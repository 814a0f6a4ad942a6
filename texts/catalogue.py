"""Turns a key and its parameters into words of one language; every template is cut into pieces once, at loading."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct

from texts.text import Moment, Param, Span, Text

BOLD_ON = "\ue000"  # private-use signs: no keyboard writes them, and they are taken out of every parameter
BOLD_OFF = "\ue001"
FALLBACK = "id"

_BOLD = re.compile(r"\*(?=\S)([^*\n]+?)(?<=\S)\*")
_SLOT = re.compile(r"\{([a-z_]+)\}")
# Control signs (except line ends), our own markers, and signs that turn the writing direction or hide.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb"
    f"{BOLD_ON}{BOLD_OFF}]"
)
_MARKS = re.compile(f"[{BOLD_ON}{BOLD_OFF}]")


class Piece(Struct, frozen=True):
    """A stretch of a template: fixed words, or a slot to be filled (bold: it stands between bold marks)."""

    words: str = ""
    slot: str = ""
    bold: bool = False


Template = tuple[Piece, ...]


class UnknownText(KeyError):
    """The catalogue has no such text."""


class Catalogue:
    """All texts of all languages found. Rendering for a person never raises."""

    def __init__(self, languages: Mapping[str, Mapping[str, str]]) -> None:
        self._templates = {
            locale: {key: cut(words) for key, words in texts.items()} for locale, texts in languages.items()
        }
        self._base = self._templates.get(FALLBACK, {})
        self._fixed = {  # most labels have no slots
            locale: {key: pieces[0].words for key, pieces in texts.items() if len(pieces) == 1 and not pieces[0].slot}
            for locale, texts in self._templates.items()
        }

    @staticmethod
    def load(folder: Path | None = None) -> Catalogue:
        """Every `<language>.toml` of the folder; by default the texts that come with Sahut."""
        folder = folder or Path(__file__).parent
        return Catalogue({path.stem: _flat(tomllib.loads(path.read_text("utf-8"))) for path in folder.glob("*.toml")})

    @property
    def locales(self) -> tuple[str, ...]:
        return tuple(self._templates)

    def keys(self, locale: str = FALLBACK) -> frozenset[str]:
        return frozenset(self._templates.get(locale, {}))

    def slots(self, key: str, locale: str = FALLBACK) -> frozenset[str]:
        """The names of the slots of one text. Raises UnknownText."""
        template = self._templates.get(locale, {}).get(key)
        if template is None:
            raise UnknownText(key)
        return frozenset(piece.slot for piece in template if piece.slot)

    def check(self, keys: Iterable[str]) -> None:
        """Raises UnknownText when one of the keys has no words: called at start, not while people wait."""
        missing = sorted(set(keys) - set(self._base))
        if missing:
            raise UnknownText(", ".join(missing))

    def render(self, text: Text, locale: str, zone: ZoneInfo, zone_name: str) -> str:
        """The words of a text. What a language lacks is said in Indonesian; times are told in `zone`."""
        if not text.params and (fixed := self._fixed.get(locale, {}).get(text.key)) is not None:
            return fixed
        if text.key == "literal":
            return clean(str(text.params.get("words", "")))
        template = self._find(text, locale)
        params = text.params
        parts: list[str] = []
        for piece in template:
            if not piece.slot:
                parts.append(piece.words)
                continue
            words = self._param(params.get(piece.slot, ""), locale, zone, zone_name)
            parts.append(_MARKS.sub("", words) if piece.bold else words)
        return "".join(parts)

    def value(self, value: Param, locale: str, zone: ZoneInfo, zone_name: str) -> str:
        """The words of a single parameter, without bold marks: for forms that are filled slot by slot."""
        return _MARKS.sub("", self._param(value, locale, zone, zone_name))

    def _find(self, text: Text, locale: str) -> Template:
        own = self._templates.get(locale) or self._templates.get(locale[:2].lower()) or self._base
        if text.params.get("count") == 1:
            single = own.get(text.key + ".one")
            if single is not None:
                return single
        found = own.get(text.key) or self._base.get(text.key)
        return found if found is not None else self._base.get("common.sorry", ())

    def _param(self, value: Param, locale: str, zone: ZoneInfo, zone_name: str) -> str:
        if isinstance(value, str):
            return clean(value)
        if isinstance(value, Text):
            return self.render(value, locale, zone, zone_name)
        if isinstance(value, Moment):
            return self.render(_moment(value.at.astimezone(zone), value.form, zone_name), locale, zone, zone_name)
        if isinstance(value, Span):
            return self.render(_span(value.seconds), locale, zone, zone_name)
        return str(value)


def clean(words: str) -> str:
    """Words from outside without signs that hide, turn the writing direction or could pass for our bold marks."""
    if words.isascii() and words.isprintable():
        return words
    return _UNSAFE.sub("", words.replace("\r\n", "\n").replace("\r", "\n"))


def cut(template: str) -> Template:
    """A template as pieces; `*words*` become bold marks."""
    marked = _BOLD.sub(rf"{BOLD_ON}\1{BOLD_OFF}", template)
    pieces: list[Piece] = []
    end, bold = 0, False
    for slot in _SLOT.finditer(marked):
        before = marked[end : slot.start()]
        if before:
            pieces.append(Piece(words=before))
            bold = before.rfind(BOLD_ON) > before.rfind(BOLD_OFF) or (bold and BOLD_OFF not in before)
        pieces.append(Piece(slot=slot[1], bold=bold))
        end = slot.end()
    if end < len(marked) or not pieces:
        pieces.append(Piece(words=marked[end:]))
    return tuple(pieces)


@cache
def shipped() -> Catalogue:
    """The texts that come with Sahut, read once."""
    return Catalogue.load()


def _flat(table: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for name, value in table.items():
        if isinstance(value, Mapping):
            flat.update(_flat(value, f"{prefix}{name}."))
        else:
            flat[prefix + name] = str(value)
    return flat


def _moment(local: datetime, form: str, zone_name: str) -> Text:
    return Text(
        f"date.{form}" if form in ("moment", "day", "hour", "short") else "date.moment",
        {
            "weekday": Text(f"date.weekday_{local.weekday() + 1}"),
            "weekday_short": Text(f"date.weekday_short_{local.weekday() + 1}"),
            "day": local.day,
            "month": Text(f"date.month_{local.month}"),
            "month_short": Text(f"date.month_short_{local.month}"),
            "year": local.year,
            "hour": f"{local.hour:02d}",
            "minute": f"{local.minute:02d}",
            "zone": zone_name,
        },
    )


def _span(seconds: int) -> Text:
    seconds = max(0, seconds)
    if seconds < 45:
        return Text("span.moment")
    for unit, length, from_s in (("days", 86_400, 172_800), ("hours", 3_600, 5_400)):
        if seconds >= from_s:
            return Text(f"span.{unit}", {"count": round(seconds / length)})
    return Text("span.minutes", {"count": max(1, round(seconds / 60))})
