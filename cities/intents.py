"""Cues for what kind of message something is: those all cities share, and what a city adds or takes away."""

from collections.abc import Mapping
from pathlib import Path

from cities.files import Table, table
from cities.words import COMMON
from routing.intent import INTENTS, STRENGTHS, Cues, IntentWords

FILE = "intents.toml"
KNOWN = {"small", "groups", *INTENTS}


def intents(home: Path) -> IntentWords:
    """The shared cues and what the city's own file adds to them; a phrase under [without] is taken away.

    raises: CityError naming file, place and what to change
    """
    tables = [table(COMMON / FILE)]
    if (home / FILE).is_file():
        tables.append(table(home / FILE))
    without = _without(tables[-1])
    for whole in tables:
        unknown = set(whole.data) - KNOWN - {"without"}
        if unknown:
            raise whole.wrong(f"{', '.join(sorted(unknown))} is no intent: use {', '.join(INTENTS)}")
    cues = tuple(Cues(intent, _phrases(tables, intent, without)) for intent in INTENTS)
    small = frozenset(word for whole in tables if "small" in whole.data for word in whole.texts("small"))
    return IntentWords(cues, _groups(tables), small)


def _without(whole: Table) -> frozenset[str]:
    if "without" not in whole.data:
        return frozenset()
    return frozenset(whole.inner("without").texts("phrases"))


def _phrases(tables: list[Table], intent: str, without: frozenset[str]) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for whole in tables:
        if intent not in whole.data:
            continue
        listed = whole.inner(intent)
        unknown = set(listed.data) - set(STRENGTHS)
        if unknown:
            raise listed.wrong(f"{', '.join(sorted(unknown))} is no strength: use {', '.join(STRENGTHS)}")
        for strength in listed.data:
            fresh = tuple(written for written in listed.texts(strength) if written not in without)
            found[strength] = found.get(strength, ()) + fresh
    return found


def _groups(tables: list[Table]) -> dict[str, tuple[str, ...]]:
    groups: dict[str, tuple[str, ...]] = {}
    for whole in tables:
        if "groups" not in whole.data:
            continue
        listed = whole.inner("groups")
        for name in listed.data:
            words = listed.texts(name)
            several = [word for word in words if " " in word or "|" in word]
            if several:
                raise listed.wrong(f"group {name} holds {several[0]!r}: a group is made of single words")
            groups[name] = groups.get(name, ()) + tuple(words)
    return groups
