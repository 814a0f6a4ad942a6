"""Matters that are no city's: a power cut, a passport. Told by a few clear phrases, because a wrong guess would send
somebody away who came to the right door."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from msgspec import Struct

GAP = 1  # other words that may stand between two of a phrase: "listrik rumah padam"
LONG = 25  # words that mean something; a longer story names many things

_WORD = re.compile(r"\w+")

Stems = Callable[[str], list[str]]
# The stems of a phrase; and its words as written, where only one of them means something: "no electricity" must not be
# heard in "electricity pole", nor "bikin SIM" wherever a SIM is named.
Phrase = tuple[tuple[str, ...], tuple[str, ...]]


class Body(Struct, frozen=True):
    """Who looks after a matter, what that is, and through what they are reached; in both languages."""

    code: str
    owner: str
    owner_en: str
    matter: str
    matter_en: str
    through: str
    through_en: str


class Signs(Struct, frozen=True):
    """words: phrases that name the matter. doubtful: those that count only where none of `unless` is said.
    never: with one of these words no phrase counts"""

    words: Sequence[str]
    doubtful: Sequence[str] = ()
    unless: Sequence[str] = ()
    never: Sequence[str] = ()


class Bodies:
    """All of a city's neighbours in the matter, not in the place."""

    def __init__(self, known: Iterable[tuple[Body, Signs]], stems: Stems) -> None:
        """stems: the meaningful stems of a text, in their order"""
        listed = list(known)
        self._stems = stems
        self._by_code = {body.code: body for body, _ in listed}
        self._signs = [
            (
                body,
                _phrases(signs.words, stems),
                _phrases(signs.doubtful, stems),
                _either_way(signs.unless, stems),
                _either_way(signs.never, stems),
            )
            for body, signs in listed
        ]

    def get(self, code: str) -> Body | None:
        return self._by_code.get(code)

    def whose(self, text: str) -> Body | None:
        """Whose matter these words are about; None when it may well be the city's."""
        said = self._stems(text)
        if not said or len(said) > LONG:
            return None
        written = _words(text)
        there = {*said, *written}
        for body, words, doubtful, unless, never in self._signs:
            if never & there:
                continue
            if any(_told(phrase, said, written, there) for phrase in words):
                return body
            if not unless & there and any(_told(phrase, said, written, there) for phrase in doubtful):
                return body
        return None


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _phrases(written: Iterable[str], stems: Stems) -> list[Phrase]:
    """A phrase of stop words alone says nothing and is left out."""
    found: list[Phrase] = []
    for phrase in written:
        meant, words = tuple(stems(phrase)), tuple(_words(phrase))
        if meant:
            found.append((meant, words if len(meant) == 1 < len(words) else ()))
    return found


def _either_way(written: Iterable[str], stems: Stems) -> frozenset[str]:
    """Words as they are written too: "depan" has no stem of its own, and tells all the same that a place is meant."""
    return frozenset(one for word in written for one in (*stems(word), *_words(word)))


def _told(phrase: Phrase, said: Sequence[str], written: Sequence[str], there: set[str]) -> bool:
    meant, words = phrase
    return _said(meant, said, there) and (not words or _said(words, written, there))


def _said(phrase: tuple[str, ...], said: Sequence[str], there: set[str]) -> bool:
    """Whether the phrase stands in the text in its order, with at most one word between two of its own."""
    if not there.issuperset(phrase):
        return False
    first, *rest = phrase
    return any(word == first and _follows(rest, said, at + 1) for at, word in enumerate(said))


def _follows(rest: Sequence[str], said: Sequence[str], at: int) -> bool:
    for word in rest:
        window = said[at : at + GAP + 1]
        if word not in window:
            return False
        at += window.index(word) + 1
    return True


NO_BODIES = Bodies((), str.split)
