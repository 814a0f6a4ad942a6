"""Plays whole dialogues written as data (stories/*.toml) against any world: the bare engine, or the real use cases."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

STORIES = Path(__file__).parent / "stories"
# What a turn may hold besides what the citizen does.
CHECKS = frozenset({"says", "silent", "never_says", "offers", "never_offers", "does", "never_does", "delayed", "note"})


@dataclass(frozen=True, slots=True)
class Heard:
    """What came back in one turn.

    keys:    keys of everything said, inner texts after the text that holds them, in the order of saying
    actions: bare actions of all buttons (no prompt numbers), LOCATION as "@location"
    does:    what happened besides: "OpenTicket", "JoinTicket:7", "MoveTicket:7:reopen", "Relay:7", "Rate:7:5",
             "Rate:7:remark", "KeepMedia", "KeepMedia:7", "SetLocale:en"; None when this world cannot tell
    """

    keys: Sequence[str] = ()
    actions: Sequence[str] = ()
    does: Sequence[str] | None = ()
    delayed: bool = False


class World(Protocol):
    """Somewhere a story can be played."""

    def given(self, ticket: Mapping[str, Any]) -> None:
        """A ticket exists before the story begins: id, status, category, mine, metres (from SDN 3) and so on."""

    def send(self, event: Mapping[str, Any]) -> Heard:
        """The citizen does one thing: text, photo, album, pin, voice, press, command, edit, reply_to ..."""

    def wait(self, span: Mapping[str, float]) -> Heard:
        """Time passes (timedelta's words); what the clock brings on the way is heard."""

    def opened(self) -> Sequence[Mapping[str, Any]]:
        """The reports sent so far: category, text, kelurahan, pinned, photos, named, danger."""


@dataclass(frozen=True, slots=True)
class Story:
    name: str
    title: str
    covers: tuple[str, ...]
    given: tuple[Mapping[str, Any], ...]
    turns: tuple[Mapping[str, Any], ...]
    opened: tuple[Mapping[str, Any], ...] | None = None
    start: Mapping[str, Any] = field(default_factory=dict)


def stories(folder: Path = STORIES) -> list[Story]:
    """All stories, in the order of their names."""
    return [read(path) for path in sorted(folder.glob("*.toml"))]


def read(path: Path) -> Story:
    data = tomllib.loads(path.read_text("utf-8"))
    opened = tuple(data["opened"]) if "opened" in data else None
    return Story(
        path.stem,
        data["title"],
        tuple(data.get("covers", ())),
        tuple(data.get("given", ())),
        tuple(data["turn"]),
        opened,
        data.get("start", {}),
    )


def play(story: Story, world: World) -> None:
    """Play a story to its end. Raises AssertionError naming the turn where something else happened."""
    for ticket in story.given:
        world.given(ticket)
    for number, turn in enumerate(story.turns, 1):
        event = {name: value for name, value in turn.items() if name not in CHECKS}
        heard = world.wait(event["wait"]) if "wait" in event else world.send(event)
        _check(f"{story.name}, turn {number} {event}", turn, heard)
    if story.opened is not None:
        _check_opened(story, world.opened())


def _check(where: str, turn: Mapping[str, Any], heard: Heard) -> None:
    _in_order(f"{where}: says", turn.get("says", ()), heard.keys)
    _absent(f"{where}: never says", turn.get("never_says", ()), heard.keys)
    for action in turn.get("offers", ()):
        assert action in heard.actions, f"{where}: offers {action!r}, but there were {list(heard.actions)}"
    _absent(f"{where}: never offers", turn.get("never_offers", ()), heard.actions)
    if turn.get("silent"):
        assert not heard.keys, f"{where}: should be silent, but said {list(heard.keys)}"
    if "delayed" in turn and heard.does is not None:
        assert heard.delayed is turn["delayed"], f"{where}: delayed is {heard.delayed}"
    if heard.does is not None:
        _in_order(f"{where}: does", turn.get("does", ()), heard.does)
        _absent(f"{where}: never does", turn.get("never_does", ()), heard.does)


def _in_order(where: str, wanted: Sequence[str], found: Sequence[str]) -> None:
    rest = iter(found)
    for one in wanted:
        assert any(one == other for other in rest), f"{where} {one!r} (in order), but there was {list(found)}"


def _absent(where: str, unwanted: Sequence[str], found: Sequence[str]) -> None:
    for one in unwanted:
        assert one not in found, f"{where} {one!r}, but there was {list(found)}"


def _check_opened(story: Story, found: Sequence[Mapping[str, Any]]) -> None:
    assert len(found) == len(story.opened or ()), f"{story.name}: {len(found)} reports were sent: {list(found)}"
    for wanted, report in zip(story.opened or (), found, strict=True):
        for name, value in wanted.items():
            if name == "text_has":
                assert value in report["text"], f"{story.name}: {value!r} is not in {report['text']!r}"
            else:
                assert report[name] == value, f"{story.name}: {name} is {report[name]!r}, not {value!r}"
