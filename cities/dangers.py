"""Dangers: how citizens speak of them is shared by all cities, whom to call and what they count as is the city's."""

from collections.abc import Mapping
from pathlib import Path

from cities.files import Table, table
from cities.words import COMMON
from routing.catalogue import Catalogue
from routing.danger import Danger, Hedges
from routing.errors import UnknownGroupOfWords
from routing.phrases import phrase

FILE = "dangers.toml"
HEDGES = ("fear", "almost", "past", "apart", "never", "soft", "maybe")


def dangers(home: Path, book: Catalogue) -> tuple[list[Danger], Hedges]:
    """Kinds of danger in the city's order, and the words that take the alarm out of them. Raises CityError."""
    shared, own = table(COMMON / FILE), table(home / FILE)
    groups = {**_groups(shared), **_groups(own)}
    found = [_danger(entry, shared, book) for entry in own.each("danger")]
    hedges = {key: _both(shared, own, "hedges", key) for key in HEDGES}
    urgent = _both(shared, own, "urgent", "words")
    try:
        for written in (*(p for danger in found for p in danger.phrases + danger.faint), *sum(hedges.values(), ())):
            phrase(written, groups)
    except UnknownGroupOfWords as error:
        raise own.wrong(error) from error
    return found, Hedges(**hedges, urgent=urgent, groups=groups)


def _danger(entry: Table, shared: Table, book: Catalogue) -> Danger:
    kind, category = entry.text("kind"), entry.text("category")
    if category not in book.categories:
        raise entry.wrong(f"category {category} is unknown: use a code of categories.toml")
    common = shared.inner(kind) if kind in shared.data else None
    phrases = _listed(common, "phrases") + _listed(entry, "phrases")
    if not phrases:
        raise entry.wrong(f"{kind} has no phrases: write some, or use a kind of cities/common/{FILE}")
    faint = _listed(common, "faint") + _listed(entry, "faint")
    return Danger(kind, entry.text("tell"), category, phrases, entry.yes("past_counts"), faint)


def _listed(entry: Table | None, key: str) -> tuple[str, ...]:
    return tuple(entry.texts(key)) if entry is not None and key in entry.data else ()


def _both(shared: Table, own: Table, name: str, key: str) -> tuple[str, ...]:
    return sum((_listed(whole.inner(name), key) for whole in (shared, own) if name in whole.data), ())


def _groups(whole: Table) -> Mapping[str, tuple[str, ...]]:
    if "groups" not in whole.data:
        return {}
    listed = whole.inner("groups")
    return {name: tuple(listed.texts(name)) for name in listed.data}
