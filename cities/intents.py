"""Cues and sentences for what kind of message something is: those all cities share, and what a city adds."""

from collections.abc import Mapping
from pathlib import Path

from cities.errors import CityError
from cities.files import Table, sentences, table
from cities.words import COMMON
from routing.errors import UnknownGroupOfWords
from routing.intent import INTENTS, STRENGTHS, Cues, IntentWords
from routing.phrases import phrase

FILE = "intents.toml"
TOLD = "kinds"  # a folder with a file of sentences for each kind
KNOWN = {"small", "groups", *INTENTS}


def intents(home: Path) -> IntentWords:
    """The shared cues and sentences, and what the city's own files add; a phrase under [without] is taken away.

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
    groups = _groups(tables)
    cues = tuple(Cues(intent, _phrases(tables, intent, without)) for intent in INTENTS)
    try:
        for written in (written for cue in cues for phrases in cue.phrases.values() for written in phrases):
            phrase(written, groups)
    except UnknownGroupOfWords as error:
        raise tables[-1].wrong(error) from error
    small = frozenset(word for whole in tables if "small" in whole.data for word in whole.texts("small"))
    reports = tuple(saying for file in sorted((COMMON / "sayings").glob("*.txt")) for saying in sentences(file))
    return IntentWords(cues, groups, small, _told(COMMON / TOLD, home / TOLD), reports)


def _told(*folders: Path) -> Mapping[str, tuple[str, ...]]:
    """Whole sentences by kind, one a line, in a file named after it."""
    found: dict[str, tuple[str, ...]] = {}
    for file in (file for folder in folders for file in sorted(folder.glob("*.txt"))):
        if file.stem not in INTENTS:
            raise CityError(file, f"is named after no kind of message: use one of {', '.join(INTENTS)}")
        found[file.stem] = found.get(file.stem, ()) + sentences(file)
    return found


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
