"""Dangers: how citizens speak of them is shared by all cities, whom to call and what they count as is the city's."""

from collections.abc import Mapping
from pathlib import Path

from cities.errors import CityError
from cities.files import Table, sentences, table
from cities.words import COMMON
from routing.catalogue import Catalogue
from routing.danger import Danger, Hedges
from routing.errors import UnknownGroupOfWords
from routing.phrases import phrase

FILE = "dangers.toml"
TOLD = "dangers"  # a folder of whole sentences: one file for each kind, and one for what only sounds like it
CALM = "calm"
HEDGES = ("fear", "almost", "past", "apart", "never", "soft", "maybe")


def dangers(home: Path, book: Catalogue) -> tuple[list[Danger], Hedges]:
    """Kinds of danger in the city's order, and the words that take the alarm out of them. Raises CityError."""
    shared, own = table(COMMON / FILE), table(home / FILE)
    groups = {**_groups(shared), **_groups(own)}
    told = _told(shared, own)
    found = [_danger(entry, shared, book, told) for entry in own.each("danger")]
    hedges = {key: _both(shared, own, "hedges", key) for key in HEDGES}
    urgent = _both(shared, own, "urgent", "words")
    try:
        for written in (*(p for d in found for p in d.phrases + d.faint + d.always), *sum(hedges.values(), ())):
            phrase(written, groups)
    except UnknownGroupOfWords as error:
        raise own.wrong(error) from error
    aside = _both(shared, own, "told", "aside")
    return found, Hedges(**hedges, urgent=urgent, groups=groups, calm=told.get(CALM, ()), aside=aside)


def _told(shared: Table, own: Table) -> Mapping[str, tuple[str, ...]]:
    """Whole sentences by kind of danger, one a line, from the folders beside both files. Raises CityError."""
    kinds = {*shared.data, *(entry.text("kind") for entry in own.each("danger"))}
    known = {CALM, *kinds.difference(("groups", "hedges", "told", "urgent"))}
    found: dict[str, tuple[str, ...]] = {}
    for whole in (shared, own):
        for file in sorted((whole.file.parent / TOLD).glob("*.txt")):
            if file.stem not in known:
                raise CityError(file, f"is named after no kind of danger: use one of {', '.join(sorted(known))}")
            found[file.stem] = found.get(file.stem, ()) + sentences(file)
    return found


def _danger(entry: Table, shared: Table, book: Catalogue, told: Mapping[str, tuple[str, ...]]) -> Danger:
    kind, category = entry.text("kind"), entry.text("category")
    if category not in book.categories:
        raise entry.wrong(f"category {category} is unknown: use a code of categories.toml")
    common = shared.inner(kind) if kind in shared.data else None
    phrases = _listed(common, "phrases") + _listed(entry, "phrases")
    if not phrases:
        raise entry.wrong(f"{kind} has no phrases: write some, or use a kind of cities/common/{FILE}")
    faint, always = (_listed(common, key) + _listed(entry, key) for key in ("faint", "always"))
    past = entry.yes("past_counts")
    return Danger(kind, entry.text("tell"), category, phrases, past, faint, always, told.get(kind, ()))


def _listed(entry: Table | None, key: str) -> tuple[str, ...]:
    return tuple(entry.texts(key)) if entry is not None and key in entry.data else ()


def _both(shared: Table, own: Table, name: str, key: str) -> tuple[str, ...]:
    return sum((_listed(whole.inner(name), key) for whole in (shared, own) if name in whole.data), ())


def _groups(whole: Table) -> Mapping[str, tuple[str, ...]]:
    if "groups" not in whole.data:
        return {}
    listed = whole.inner("groups")
    return {name: tuple(listed.texts(name)) for name in listed.data}
