"""Buttons as Telegram has them: below a message, or, where the phone's position is asked, in place of the keys."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from bot.channels.memory import Recent
from usecases.ports import Button, Failure, Outgoing, SendFailed

Json = dict[str, Any]
DATA_LIMIT = 64  # bytes
PER_ROW = 8
OPENS = ("https://", "http://", "tg://")
REMOVE: Json = {"remove_keyboard": True}
REMEMBERED = 20_000  # chats with a reply keyboard out; older ones are forgotten, the keyboard folds by itself


class Keys(Struct, frozen=True):
    """What goes below a message: its markup, and lines for buttons that Telegram cannot make."""

    markup: Json | None
    instead: tuple[str, ...] = ()
    reply_keyboard: bool = False


def keys(message: Outgoing, *, links: bool = True) -> Keys:
    """The keyboard of a message. raises: SendFailed when a button's data is too long (our own fault).

    links False: buttons that open an address become lines of text (the platform refused the address)
    """
    private = not message.group and not message.peer.startswith("-")
    instead = tuple(
        line
        for row in message.rows
        for button in row
        if button.kind == "url" and (line := _as_line(button, message.text, links))
    )
    if private and not message.edit_of and any(b.kind == "location" for row in message.rows for b in row):
        return Keys(_reply_keyboard(message.rows), instead, reply_keyboard=True)
    inline = [made for row in message.rows if (made := [key for b in row if (key := _inline(b, links))])]
    if inline:
        return Keys({"inline_keyboard": [part for row in inline for part in _chunks(row)]}, instead)
    if message.ask_reply and not message.edit_of:
        return Keys({"force_reply": True, "selective": True}, instead)
    return Keys(None, instead)


def labels(markup: Json) -> frozenset[str]:
    """What the buttons of a reply keyboard write when they are tapped."""
    return frozenset(key["text"] for row in markup.get("keyboard", ()) for key in row)


def _inline(button: Button, links: bool) -> Json | None:
    if button.kind == "location":
        return None
    if button.kind == "url":
        return {"text": button.label, "url": button.data} if _opens(button, links) else None
    if not 1 <= len(button.data.encode()) <= DATA_LIMIT:
        raise SendFailed(Failure.REFUSED, "the data of a button is not 1 to 64 bytes long")
    return {"text": button.label, "callback_data": button.data}


def _reply_keyboard(rows: tuple[tuple[Button, ...], ...]) -> Json:
    keyboard = [
        [{"text": b.label, "request_location": True} if b.kind == "location" else {"text": b.label} for b in row]
        for row in ([b for b in row if b.kind != "url"] for row in rows)
        if row
    ]
    return {"keyboard": keyboard, "resize_keyboard": True, "one_time_keyboard": True}


def _opens(button: Button, links: bool) -> bool:
    return links and button.data.startswith(OPENS)


def _as_line(button: Button, text: str, links: bool) -> str:
    """A line for a link Telegram makes no button of (tel:112), unless the text says it already."""
    target = button.data.removeprefix("tel:").removeprefix("mailto:")
    return "" if _opens(button, links) or target in text else f"{button.label}: {target}"


def _chunks(row: list[Json]) -> list[list[Json]]:
    return [row[at : at + PER_ROW] for at in range(0, len(row), PER_ROW)]


class Shown(Struct, frozen=True):
    """A reply keyboard: what its buttons write, and what is known of it."""

    labels: frozenset[str]
    stays: bool = False  # something else was written while it was there: it still covers half of the screen


class ReplyKeyboards:
    """Which private chats have a reply keyboard out, and whether it still covers half of the screen.

    Only a memory of this process: when it is lost, or the answer went to another worker, the keyboard has folded away
    at the first tap all the same.
    """

    def __init__(self) -> None:
        self._out: Recent[str, Shown] = Recent(REMEMBERED)

    def shown(self, peer: str, markup: Json) -> None:
        """Said before the call: who is quick answers before it has ended, and folds the keyboard with it. (A point sent
        while the question is on its way is taken for such an answer: rarer, and it costs no more than half a screen.)
        """
        self._out.put(peer, Shown(labels(markup)))

    def heard(self, peer: str, text: str, *, pin: bool) -> None:
        """A tap on a one-time keyboard folds it; a typed answer does not."""
        out = self._out.get(peer)
        if out is None:
            return
        if pin or text in out.labels:
            self._out.put(peer, Shown(frozenset()))
        elif text and out.labels:
            self._out.put(peer, Shown(out.labels, stays=True))

    def removed(self, peer: str) -> None:
        self._out.drop(peer)

    def is_out(self, peer: str) -> bool:
        return self._out.get(peer) is not None

    def is_open(self, peer: str) -> bool:
        out = self._out.get(peer)
        return out is not None and out.stays
