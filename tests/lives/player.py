"""Plays whole lives of reports, written as data (stories/*.toml), in a real city hall: citizens, offices and the clock.

tests/conversations/stories tell what one citizen says and hears; here everybody has a part: the officers in their
group, a head and the operations centre. Words are looked for as people read them.
"""

from __future__ import annotations

import hashlib
import itertools
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from conversations.inbound import Attachment, Inbound, MediaKind, Pin
from tests.usecases.town import Town
from texts.catalogue import BOLD_OFF, BOLD_ON
from usecases import binding, collect
from usecases.ports import Button, Outgoing
from usecases.records import Stored

STORIES = Path(__file__).parent / "stories"
PEOPLE = {
    "siti": "5001", "jaya": "5002",  # citizens
    "budi": "501", "sari": "502", "tono": "601", "lina": "901", "ningsih": "902",
}  # fmt: skip
BEAT = timedelta(hours=1)
CHECKS = frozenset({"hears", "never_hears", "silent", "toasts", "buttons", "status", "agency", "note"})


@dataclass(frozen=True, slots=True)
class Life:
    """offices: who works in each office's group. report: one that is there already. turns: what happens, and what of it
    is heard: fragments by chat (a person's own, or a group), in order"""

    name: str
    covers: tuple[str, ...]
    offices: Mapping[str, Sequence[str]]
    reports: Sequence[Mapping[str, Any]]
    turns: Sequence[Mapping[str, Any]]


def lives(folder: Path = STORIES) -> list[Life]:
    return [_read(path) for path in sorted(folder.glob("*.toml"))]


def _read(path: Path) -> Life:
    data = tomllib.loads(path.read_text("utf-8"))
    return Life(path.stem, tuple(data["covers"]), data.get("offices", {}), data.get("report", ()), data["turn"])


def play(life: Life, town: Town) -> None:
    """Play it to its end. raises: AssertionError naming the turn where something else happened"""
    stage = Stage(town)
    for agency, officers in life.offices.items():
        town.office(agency, *(PEOPLE[name] for name in officers), peer=stage.peer(agency))
    for report in life.reports:
        given = {name: value for name, value in report.items() if name != "by"}
        stage.ticket = town.report(PEOPLE[report["by"]], **given).id
    stage.hear()
    for number, turn in enumerate(life.turns, 1):
        what = {name: value for name, value in turn.items() if name not in CHECKS}
        toasts = stage.do(what)
        stage.check(f"{life.name}, turn {number} {what}", turn, stage.hear(), toasts)
    assert not (wrong := town.breaches()), f"{life.name}: {wrong}"


@dataclass
class Stage:
    town: Town
    ticket: int = 0  # the newest one
    said: dict[str, list[Outgoing]] = field(default_factory=dict)  # by peer, the newest last
    code: str = ""
    _count: Iterator[int] = field(default_factory=itertools.count)

    def peer(self, chat: str) -> str:
        return PEOPLE.get(chat) or f"-100{chat}"

    # ── what happens ──
    def do(self, what: Mapping[str, Any]) -> list[str]:
        """The toasts that came of it."""
        if "wait" in what:
            self._wait(timedelta(**what["wait"]))
            return []
        if "invite" in what:
            self.code = f"KODE{next(self._count)}23456"
            role = what.get("role", "group")
            self.town.do(lambda unit: binding.invite(unit, what["invite"], role, self.code))
            return []
        who = what["who"] if isinstance(what["who"], list) else [what["who"]]
        return [one.toast for one in self.town.take(*[self._event(name, what) for name in who])]

    def _wait(self, span: timedelta) -> None:
        for said in self.town.step_by_step(self.town.clock.at + span, BEAT):
            self._keep(said)

    def _event(self, name: str, what: Mapping[str, Any]) -> Inbound:
        chat = what.get("in", name)
        peer = self.peer(chat)
        given: dict[str, Any] = {"sender": PEOPLE[name], "sender_name": name.title(), "group": chat not in PEOPLE}
        if "press" in what:
            carrier, button = self._button(peer, what["press"], oldest=what.get("old", False))
            return self.town.press(peer, what.get("forged") or button.data, pressed_on=_id(carrier), **given)
        words = what.get("text", "").format(code=self.code, number=self._number())
        if words.startswith("/"):
            given["command"], _, words = words[1:].partition(" ")
        if "replies_to" in what:
            given["reply_to"] = _id(self._message(peer, what["replies_to"].format(number=self._number())))
        if what.get("photo"):
            ref = f"photo-{next(self._count)}"
            given["attachments"] = (Attachment(MediaKind.PHOTO, ref, "image/jpeg", 1000),)
        if "pin" in what:
            given["pin"] = Pin(*what["pin"])
        return self.town.message(peer, words, **given)

    def _number(self) -> str:
        return self.town.ticket(self.ticket).number if self.ticket else ""

    def _button(self, peer: str, label: str, *, oldest: bool) -> tuple[Outgoing, Button]:
        found = [(m, b) for m in self.said.get(peer, []) for row in m.rows for b in row if label in b.label]
        assert found, f"no button {label!r} in {[b.label for m in self.said.get(peer, []) for r in m.rows for b in r]}"
        return found[0 if oldest else -1]

    def _message(self, peer: str, words: str) -> Outgoing:
        found = [message for message in self.said.get(peer, []) if words in plain(message)]
        assert found, f"nobody said {words!r} in {[plain(m) for m in self.said.get(peer, [])]}"
        return found[-1]

    def _files_arrive(self) -> None:
        """As the collector does it, without a platform (what a file goes through: tests/usecases/test_media.py)."""
        for (media,) in self.town.rows("select id from media where state = 'pending'"):
            content = f"a picture, number {media}".encode()
            sha256 = hashlib.sha256(content).hexdigest()
            place = self.town.house.media / sha256[:2] / sha256
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
            stored = Stored(sha256, "image/jpeg", len(content), 640, 480)
            self.town.do(lambda unit, media=media, stored=stored: collect.stored(unit, self.town.house, media, stored))  # type: ignore[misc]

    # ── what is heard ──
    def hear(self) -> dict[str, list[Outgoing]]:
        self._files_arrive()
        self._keep(self.town.deliver())
        heard, self._new = self._new, {}
        self.ticket = self.town.value("select max(id) from ticket") or 0
        return heard

    _new: dict[str, list[Outgoing]] = field(default_factory=dict)

    def _keep(self, messages: Sequence[Outgoing]) -> None:
        for message in messages:
            self.said.setdefault(message.peer, []).append(message)
            self._new.setdefault(message.peer, []).append(message)

    def check(
        self, where: str, turn: Mapping[str, Any], heard: Mapping[str, Sequence[Outgoing]], toasts: Sequence[str]
    ) -> None:
        words = {peer: [plain(message) for message in messages] for peer, messages in heard.items()}
        for chat, wanted in turn.get("hears", {}).items():
            rest = "\n".join(words.get(self.peer(chat), []))
            for fragment in wanted:
                _, found, rest = rest.partition(fragment.format(number=self._number()))
                assert found, f"{where}: {chat} hears {fragment!r} (in order), but there was {words}"
        for chat, unwanted in turn.get("never_hears", {}).items():
            told = "\n".join(words.get(self.peer(chat), []))
            assert not [one for one in unwanted if one in told], f"{where}: {chat} must not hear {unwanted}: {told!r}"
        for chat in turn.get("silent", ()):
            assert not words.get(self.peer(chat)), f"{where}: {chat} should hear nothing, but heard {words}"
        for fragment in turn.get("toasts", ()):
            assert any(fragment in toast for toast in toasts), f"{where}: toast {fragment!r}, but there was {toasts}"
        for chat, labels in turn.get("buttons", {}).items():
            rows = [row for message in heard.get(self.peer(chat), []) for row in message.rows]
            there = [button.label for row in rows for button in row]
            missing = [label for label in labels if not any(label in one for one in there)]
            assert not missing, f"{where}: {chat} gets no button {missing}, but {there}"
        for name in {"status", "agency"} & turn.keys():
            assert getattr(self.town.ticket(self.ticket), name) == turn[name], f"{where}: {name}"


def plain(message: Outgoing) -> str:
    return message.text.replace(BOLD_ON, "").replace(BOLD_OFF, "")


def _id(message: Outgoing) -> str:
    return message.edit_of or f"out-{message.id}"
