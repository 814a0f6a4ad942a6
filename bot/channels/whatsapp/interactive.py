"""Words with choices as WhatsApp's own forms: reply buttons, a list, a request for the position, a link."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from bot.channels.cutting import units
from bot.channels.whatsapp.wording import BODY_LIMIT, head_and_foot, plain, shorten, split, written
from usecases.ports import Button, Failure, Outgoing, SendFailed

Json = dict[str, Any]
Words = Callable[[str, str], str]  # key and locale -> the channel's own few words

BUTTONS, BUTTON_TITLE, BUTTON_ID = 3, 20, 256
ROWS, ROW_TITLE, ROW_TEXT, ROW_ID = 10, 24, 72, 200
LIST_BUTTON = 20
LINK_TITLE = 20
OPENS = ("https://", "http://")


def forms(message: Outgoing, words: Words) -> list[Json]:
    """The messages for the words and buttons of one message, in order: one, unless it does not fit into one."""
    presses = _presses(message)
    asks_place = any(button.kind == "location" for row in message.rows for button in row)
    links = [button for row in message.rows for button in row if button.kind == "url"]
    text = message.text
    alone = len(links) == 1 and not presses and not asks_place and links[0].data.startswith(OPENS)
    if not alone:
        text = "\n\n".join(part for part in (text, _lines(text, links)) if part.strip())
    if asks_place:
        return _place(_numbered(text, presses, message.locale, words))
    if presses:
        return _choices(text, presses, message.locale, words)
    if alone and units(written(text)) <= BODY_LIMIT and text.strip():
        return [_link(written(text), links[0])]
    if alone:
        text = "\n\n".join(part for part in (text, _lines(text, links)) if part.strip())
    return [{"type": "text", "text": {"body": part, "preview_url": False}} for part in split(written(text))]


def with_picture(form: Json, media_id: str) -> Json | None:
    """The same message with a picture above its words; None when this kind of message cannot hold one."""
    picture = {"id": media_id}
    if form["type"] == "text":
        body = form["text"]["body"]
        return {"type": "image", "image": picture | {"caption": body}} if units(body) <= BODY_LIMIT else None
    inner = form["interactive"]
    if inner["type"] != "button":
        return None
    return {"type": "interactive", "interactive": inner | {"header": {"type": "image", "image": picture}}}


def _presses(message: Outgoing) -> list[Button]:
    """The buttons that bring something back, each thing once. raises: SendFailed."""
    found: dict[str, Button] = {}
    for press in (button for row in message.rows for button in row if button.kind == "press"):
        if not 1 <= len(press.data.encode()) <= ROW_ID:
            raise SendFailed(Failure.REFUSED, f"the data of a button is not 1 to {ROW_ID} bytes long")
        found.setdefault(press.data, press)
    return list(found.values())


def _choices(text: str, presses: list[Button], locale: str, words: Words) -> list[Json]:
    """Up to three short ones as buttons, up to ten as a list, more as several lists: none is left out."""
    head, body = _above(text, words("choose", locale))
    titles = [plain(press.label).strip() for press in presses]
    short = all(0 < units(title) <= BUTTON_TITLE for title in titles)
    if len(presses) <= BUTTONS and short and len(set(titles)) == len(titles):
        return [*head, _buttons(body, titles, presses)]
    lists = [presses[at : at + ROWS] for at in range(0, len(presses), ROWS)]
    bodies = [body, *[words("more", locale)] * (len(lists) - 1)]
    open_ = shorten(words("open", locale), LIST_BUTTON)
    return [*head, *(_list(said, part, open_) for said, part in zip(bodies, lists, strict=True))]


def _above(text: str, instead: str) -> tuple[list[Json], str]:
    """What is too long goes out before; the last paragraphs stand above the buttons."""
    text = written(text).strip()
    if units(text) <= BODY_LIMIT:
        return [], text or instead
    head, foot = head_and_foot(text)
    return [{"type": "text", "text": {"body": part, "preview_url": False}} for part in split(head)], foot or instead


def _buttons(body: str, titles: list[str], presses: list[Button]) -> Json:
    replies = [
        {"type": "reply", "reply": {"id": press.data, "title": title}}
        for press, title in zip(presses, titles, strict=True)
    ]
    inner = {"type": "button", "body": {"text": body}, "action": {"buttons": replies}}
    return {"type": "interactive", "interactive": inner}


def _list(body: str, presses: list[Button], open_: str) -> Json:
    section = {"rows": [_row(press) for press in presses]}
    inner = {"type": "list", "body": {"text": body}, "action": {"button": open_, "sections": [section]}}
    return {"type": "interactive", "interactive": inner}


def _row(press: Button) -> Json:
    """A label that is too long for the row stands in full below it."""
    label = plain(press.label).strip() or "…"
    row = {"id": press.data, "title": shorten(label, ROW_TITLE)}
    return row if row["title"] == label else row | {"description": shorten(label, ROW_TEXT)}


def _place(text: str) -> list[Json]:
    """A button that opens the map. It stands alone: other choices are numbered lines above it."""
    head, body = _above(text, "📍")
    inner = {
        "type": "location_request_message",
        "body": {"text": body},
        "action": {"name": "send_location"},
    }
    return [*head, {"type": "interactive", "interactive": inner}]


def _numbered(text: str, presses: Sequence[Button], locale: str, words: Words) -> str:
    """The dialogue understands the place of a choice as a number."""
    if not presses:
        return text
    lines = [f"{place}. {plain(press.label).strip()}" for place, press in enumerate(presses, 1)]
    return "\n\n".join(part for part in (text, "\n".join((words("number", locale), *lines))) if part.strip())


def _link(body: str, link: Button) -> Json:
    shown = {"display_text": shorten(plain(link.label), LINK_TITLE), "url": link.data}
    inner = {"type": "cta_url", "body": {"text": body}, "action": {"name": "cta_url", "parameters": shown}}
    return {"type": "interactive", "interactive": inner}


def _lines(text: str, links: Sequence[Button]) -> str:
    """Links as lines, unless the words hold them already."""
    lines = []
    for link in links:
        target = link.data.removeprefix("tel:").removeprefix("mailto:")
        if target not in text:
            lines.append(f"{plain(link.label).strip()}: {target}")
    return "\n".join(lines)
