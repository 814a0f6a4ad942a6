"""A chat as a test looks at it: what the bot said there, its buttons, and waiting for what it says next."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.bench.telegram_world import Chat, Json

if TYPE_CHECKING:
    from tests.bench.fake_telegram import FakeTelegram


class Place:
    """A chat one can look at: what the bot said there, and what it says next."""

    def __init__(self, server: FakeTelegram, chat: Chat) -> None:
        self.server, self.chat, self.id = server, chat, chat.id

    @property
    def screen(self) -> list[Json]:
        """Messages of the bot still in the chat, oldest first, edits applied."""
        return list(self.chat.from_bot)

    @property
    def last(self) -> Json:
        assert self.chat.from_bot, f"the bot has said nothing in chat {self.id}"
        return self.chat.from_bot[-1]

    def unread(self, pattern: str = "") -> Json | None:
        """The next message of the bot not read yet that fits, or None; does not wait."""
        for at in range(self.chat.read, len(self.chat.from_bot)):
            message = self.chat.from_bot[at]
            if re.search(pattern, says(message), re.IGNORECASE | re.DOTALL):
                self.chat.read = at + 1
                return message
        return None

    async def gets(self, pattern: str = "", timeout: float = 10.0) -> Json:
        """The next message of the bot not read yet that fits the pattern; waits for it."""
        await self.server.until(lambda: bool(self._peek(pattern)), timeout, self._complaint(pattern))
        return self.unread(pattern) or {}

    def waits_for(self, pattern: str = "", timeout: float = 10.0) -> Json:
        """The same for tests that run in another thread than the server."""
        self.server.wait_until(lambda: bool(self._peek(pattern)), timeout, self._complaint(pattern))
        return self.unread(pattern) or {}

    def _peek(self, pattern: str) -> bool:
        unread = self.chat.from_bot[self.chat.read :]
        return any(re.search(pattern, says(m), re.IGNORECASE | re.DOTALL) for m in unread)

    def _complaint(self, pattern: str) -> str:
        return f"no message fitting {pattern[:80]!r} in chat {self.id}; last said: " + " | ".join(
            says(m)[:120] for m in self.chat.from_bot[-3:]
        )

    def read_all(self) -> None:
        self.chat.read = len(self.chat.from_bot)

    def buttons(self, message: Json | None = None) -> list[str]:
        """Labels under a message (the last one unless said), inline or reply keyboard."""
        return [label for label, _ in self._buttons(message or self.last)]

    def _buttons(self, message: Json) -> list[tuple[str, Json]]:
        current = self.chat.messages.get(message["message_id"], {})
        markup = current.get("reply_markup") or self.chat.keyboards.get(message["message_id"]) or {}
        rows = markup.get("inline_keyboard") or markup.get("keyboard") or []
        flat = [button if isinstance(button, dict) else {"text": button} for row in rows for button in row]
        return [(button["text"], button) for button in flat]

    def button(self, message: Json, label: str) -> Json:
        """The button with this label, else the first whose label fits it as a pattern."""
        offered = self._buttons(message)
        found = [b for text, b in offered if text == label]
        found = found or [b for text, b in offered if re.search(label, text, re.IGNORECASE)]
        assert found, f"no button {label!r} under {says(message)[:80]!r}; there are {[t for t, _ in offered]}"
        return found[0]


def says(message: Json) -> str:
    return str(message.get("text") or message.get("caption") or "")


def poll_until(fits: Callable[[], bool], timeout: float, complaint: str) -> None:
    until = time.monotonic() + timeout
    while not fits():
        if time.monotonic() > until:
            raise AssertionError(complaint)
        time.sleep(0.01)
