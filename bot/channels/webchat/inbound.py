"""What the page sends, checked field by field and turned into an Inbound."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct

from bot.channels.body import clean
from conversations.inbound import Attachment, Inbound, Kind, Pin

CHANNEL = "web"
MAX_TEXT = 4096
MAX_ACTION = 64  # bytes, as on every other channel
_CLIENT_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
_LINE_ID = re.compile(r"[A-Za-z0-9:_.-]{0,80}")
_LANGUAGE = re.compile(r"[a-z]{2}(-[A-Za-z]{2,4})?")


class BadMessage(Exception):
    """The page (or somebody in its place) sent what a page of ours never sends."""


class Speaker(Struct, frozen=True):
    """Who speaks in which chat: a visitor in the own chat, or an officer in a group of the try-out."""

    peer: str
    sender: str
    name: str = ""
    group: bool = False


def line_id(value: Any) -> str:
    """The id of a line of the chat, "" for none. raises: BadMessage"""
    if value is None:
        return ""
    if not isinstance(value, str) or not _LINE_ID.fullmatch(value):
        raise BadMessage("not the id of a line")
    return value


def client_id(value: Any) -> str:
    """The id that the page gave to its message; the same for every try. raises: BadMessage"""
    if not isinstance(value, str) or not _CLIENT_ID.fullmatch(value):
        raise BadMessage("a message needs an id of 8 to 64 letters, digits or hyphens")
    return value


def words(value: Any) -> str:
    """What somebody wrote, cleaned. raises: BadMessage"""
    if not isinstance(value, str):
        raise BadMessage("text must be a string")
    text = clean(value).strip()
    if len(text) > MAX_TEXT:
        raise BadMessage("text is too long")
    return text


def read(data: Any, who: Speaker, at: datetime) -> Inbound:
    """One JSON message: {id, text | action, on | place: {lat, lon}, reply_to?, lang?}. raises: BadMessage"""
    if not isinstance(data, Mapping):
        raise BadMessage("a message is a JSON object")
    told = [name for name in ("text", "action", "place") if data.get(name) is not None]
    if len(told) != 1:
        raise BadMessage("a message holds one of text, action, place")
    base = _base(data, who, at)
    if told == ["text"]:
        command, text = _command(words(data["text"]))
        if not text and not command:
            raise BadMessage("the text is empty")
        return Inbound(**base, text=text, command=command)
    if told == ["action"]:
        return Inbound(
            **base | {"kind": Kind.PRESS, "message_id": ""},
            action=_action(data["action"]),
            press_id=base["message_id"],
            pressed_on=line_id(data.get("on")),
        )
    return Inbound(**base, pin=_pin(data["place"]))


def with_files(data: Mapping[str, Any], files: tuple[Attachment, ...], who: Speaker, at: datetime) -> Inbound:
    """Files with one caption. raises: BadMessage"""
    return Inbound(**_base(data, who, at), text=words(data.get("caption") or ""), attachments=files)


def _base(data: Mapping[str, Any], who: Speaker, at: datetime) -> dict[str, Any]:
    mine = client_id(data.get("id"))
    language = data.get("lang")
    known = isinstance(language, str) and _LANGUAGE.fullmatch(language)
    return {
        "channel": CHANNEL,
        "key": f"w:{who.peer.removeprefix('v-')}:{mine}",
        "peer": who.peer,
        "sender": who.sender,
        "sender_name": who.name,
        "group": who.group,
        "at": at,
        "language": language if known else "",
        "message_id": mine,
        "reply_to": line_id(data.get("reply_to")),
    }


def _command(text: str) -> tuple[str, str]:
    """Split a command from its arguments, /antrean semua into antrean and semua; anything else has none."""
    found = re.match(r"/([A-Za-z_]{1,32})(?:@\w+)?(?:\s+|$)", text)
    return (found[1].lower(), text[found.end() :]) if found else ("", text)


def _action(value: Any) -> str:
    if not isinstance(value, str) or not value.isprintable() or not 1 <= len(value.encode()) <= MAX_ACTION:
        raise BadMessage("not the data of a button")
    return value


def _pin(value: Any) -> Pin:
    if not isinstance(value, Mapping):
        raise BadMessage("a place is {lat, lon}")
    lat, lon = value.get("lat"), value.get("lon")
    for number, limit in ((lat, 90), (lon, 180)):
        if isinstance(number, bool) or not isinstance(number, int | float):
            raise BadMessage("lat and lon are numbers")
        if abs(number) > limit or not math.isfinite(number):
            raise BadMessage("lat is within 90 and lon within 180 degrees")
    return Pin(float(lat), float(lon))  # type: ignore[arg-type]
