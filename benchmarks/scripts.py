"""What a citizen does at each step: from the bot's last reply to the next update."""

from __future__ import annotations

import asyncio
import functools
import itertools
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from benchmarks.fast_bot_api import Sent
from benchmarks.yardsticks import dialogue as d
from tests.bench import sahut_dialogue as talk

_updates = itertools.count(500_000_001)
_people = itertools.count(2_000_001)
Json = dict[str, Any]


@dataclass(slots=True)
class Person:
    """One chat: what was said to it, and what it says next."""

    chat_id: int = field(default_factory=lambda: next(_people))
    said: int = 0
    unread: list[Sent] = field(default_factory=list)
    last: Sent | None = None
    buttons: dict[str, tuple[int, Json]] = field(default_factory=dict)
    waiter: asyncio.Future[None] | None = None

    def hears(self, sent: Sent) -> None:
        self.unread.append(sent)
        if self.waiter is not None and not self.waiter.done():
            self.waiter.set_result(None)

    async def reply(self, expects: re.Pattern[str]) -> Sent:
        """The next message that fits; earlier ones only leave their buttons."""
        while True:
            while self.unread:
                self.last = self.unread.pop(0)
                self._remember_buttons(self.last)
                if expects.search(self.last.text):
                    return self.last
            self.waiter = asyncio.get_running_loop().create_future()
            await self.waiter

    def _remember_buttons(self, sent: Sent) -> None:
        rows = sent.markup.get("inline_keyboard") or sent.markup.get("keyboard") or []
        flat = [b if isinstance(b, dict) else {"text": b} for row in rows for b in row]
        if flat:
            self.buttons = {b["text"]: (sent.message_id, b) for b in flat}

    # ── updates ──
    def _update(self, kind: str, body: Json) -> bytes:
        return json.dumps({"update_id": next(_updates), kind: body}).encode()

    @property
    def _who(self) -> Json:
        return {"id": self.chat_id, "is_bot": False, "first_name": "Siti", "language_code": "id"}

    def message(self, **content: Any) -> bytes:
        self.said += 1
        chat = {"id": self.chat_id, "type": "private", "first_name": "Siti"}
        number = 1_000_000 + self.said
        return self._update(
            "message", {"message_id": number, "from": self._who, "chat": chat, "date": 1_800_000_000} | content
        )

    def writes(self, text: str) -> bytes:
        if text.startswith("/"):
            return self.message(text=text, entities=[{"type": "bot_command", "offset": 0, "length": len(text)}])
        return self.message(text=text)

    def location(self) -> bytes:
        latitude, longitude = talk.somewhere(self.chat_id)
        return self.message(location={"latitude": latitude, "longitude": longitude})

    def photo(self) -> bytes:
        file_id = f"AgACAgUAAxkBAAI{self.chat_id}x{self.said}"
        size = {"file_id": file_id, "file_unique_id": file_id[-12:], "width": 1280, "height": 960, "file_size": 159}
        return self.message(photo=[size | {"width": 90, "height": 68}, size])

    def presses(self, label: str = "") -> bytes:
        """Press the first button that fits: inline as a callback, reply keyboard as its text."""
        fits = [text for text in self.buttons if re.search(label, text, re.IGNORECASE)]
        if not fits:
            raise LookupError(f"no button {label!r} among {list(self.buttons)} after {self.last and self.last.text!r}")
        message_id, button = self.buttons[fits[0]]
        if "callback_data" not in button:
            return self.writes(button["text"])
        chat = {"id": self.chat_id, "type": "private", "first_name": "Siti"}
        message = {"message_id": message_id, "chat": chat, "date": 1_800_000_000, "text": "x"}
        query = {"id": str(4_000_000_000 + next(_updates)), "chat_instance": "1", "data": button["callback_data"]}
        return self._update("callback_query", query | {"from": self._who, "message": message})


@dataclass(frozen=True, slots=True)
class Step:
    """One thing the citizen does, and how the answer to it begins or what it contains."""

    name: str
    act: Callable[[Person], bytes]
    expects: re.Pattern[str]


def step(name: str, act: Callable[[Person], bytes], expects: str = "") -> Step:
    return Step(name, act, re.compile(expects, re.IGNORECASE | re.DOTALL))


def complaint(person: Person) -> bytes:
    return person.writes(talk.complaint(person.chat_id))


Script = Callable[[Person], Iterator[Step]]

YARDSTICK_STEPS = (
    step("start", lambda p: p.writes("/start"), "Ceritakan"),
    step("words", complaint, "Kategori"),
    step("category", lambda p: p.presses(d.YES), "lokasi"),
    step("location", lambda p: p.location(), "foto"),
    step("photo", lambda p: p.photo(), "Kirim"),
    step("send", lambda p: p.presses(d.SEND), "Nomor"),
)


def yardstick(person: Person) -> Iterator[Step]:
    """The six steps, always the same."""
    yield from YARDSTICK_STEPS


def sahut(person: Person) -> Iterator[Step]:
    """Sahut's own dialogue: what comes next depends on what it asks, as for a real citizen."""
    yield Step("start", lambda p: p.writes("/start"), talk.prompts())
    yield Step("words", complaint, talk.prompts())
    while True:
        said = person.last.text if person.last else ""
        if talk.ticket_number(said):
            return
        wish = talk.answer_to(said)
        yield Step(wish.name, functools.partial(_acts, wish), talk.prompts())


def _acts(wish: talk.Wish, person: Person) -> bytes:
    if wish.what == "location":
        return person.location()
    if wish.what == "photo":
        return person.photo()
    return person.presses(wish.label)
