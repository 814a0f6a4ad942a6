"""The body of an outbox row: texts as keys and parameters, rendered only when the message leaves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec.structs import replace

from conversations.effects import LOCATION, URL, Say
from texts.text import Choice, Text, from_json
from usecases.buttons import is_ticket_action, seal
from usecases.house import House
from usecases.ports import Button


def body(
    text: Text,
    choices: Sequence[Choice] = (),
    *,
    columns: int = 1,
    ask_reply: bool = False,
    reply_to: str = "",
    media: Sequence[int] = (),
) -> dict[str, Any]:
    """Values that msgspec writes as JSON; empty parts are left out, because most messages have none."""
    made: dict[str, Any] = {"text": text}
    if choices:
        made["choices"] = [(choice.action, choice.label) for choice in choices]
        made["columns"] = columns
    if ask_reply:
        made["ask_reply"] = True
    if reply_to:
        made["reply_to"] = reply_to
    if media:
        made["media"] = list(media)
    return made


def of_say(said: Say) -> dict[str, Any]:
    return body(said.text, said.choices, columns=said.columns)


def words(house: House, stored: dict[str, Any], locale: str) -> str:
    text = from_json(stored["text"])
    if "link" in stored:  # a code that is written nowhere
        text = replace(text, params={**text.params, "code": house.link_code(int(stored["link"]))})
    return house.render(text, locale)


def rows(house: House, stored: dict[str, Any], locale: str, chat: int) -> tuple[tuple[Button, ...], ...]:
    """The buttons of a stored body in rows, labels rendered, ticket buttons sealed for this chat."""
    made = [
        button(house, action, house.render(from_json(label), locale), chat)
        for action, label in stored.get("choices", ())
    ]
    wide = max(1, int(stored.get("columns", 1)))
    return tuple(tuple(made[n : n + wide]) for n in range(0, len(made), wide))


def button(house: House, action: str, label: str, chat: int) -> Button:
    if action == LOCATION:
        return Button(label, "", "location")
    if action.startswith(URL):
        return Button(label, action.removeprefix(URL), "url")
    if is_ticket_action(action):
        return Button(label, seal(house.key, chat, action))
    return Button(label, action)
