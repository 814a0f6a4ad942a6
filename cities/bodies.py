"""Matters of other bodies: those of every city, and what a city adds or says otherwise."""

from __future__ import annotations

from pathlib import Path

from cities.errors import CityError
from cities.files import Table, table
from cities.words import COMMON
from routing.bodies import Bodies, Body, Signs, Stems

FILE = "bodies.toml"
LINES = ("code", "owner", "owner_en", "matter", "matter_en", "through", "through_en")
WORDS = ("words", "doubtful", "unless", "never")


def bodies(home: Path, stems: Stems) -> Bodies:
    """The city's own entry wins over the shared one of the same code. raises: CityError"""
    files = [COMMON / FILE, *([home / FILE] if (home / FILE).is_file() else [])]
    found: dict[str, tuple[Body, Signs]] = {}
    for file in files:
        own: set[str] = set()
        whole = table(file)
        if strange := set(whole.data) - {"body"}:
            raise whole.wrong(f"[{'], ['.join(sorted(strange))}] is unknown here: only [[body]] is read")
        for entry in whole.each("body"):
            body, signs = _one(entry)
            if body.code in own:
                raise CityError(file, f"code {body.code} stands twice: remove one of the two", entry.where)
            own.add(body.code)
            found[body.code] = body, signs
    return Bodies(found.values(), stems)


def _one(entry: Table) -> tuple[Body, Signs]:
    unknown = set(entry.data) - {*LINES, *WORDS}
    if unknown:
        raise entry.wrong(f"{', '.join(sorted(unknown))} is unknown here: use {', '.join((*LINES, *WORDS))}")
    if "words" not in entry.data and "doubtful" not in entry.data:
        raise entry.wrong('no phrase tells of it: write words = ["...", "..."]')
    if "doubtful" in entry.data and "unless" not in entry.data:
        raise entry.wrong('`doubtful` phrases count `unless` some word is said: write unless = ["..."]')
    listed = [entry.texts(key) if key in entry.data else () for key in WORDS]
    return Body(*(entry.text(key) for key in LINES)), Signs(*listed)
