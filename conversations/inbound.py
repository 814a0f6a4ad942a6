"""Anything a person can send, free of channel details: what the channels hand to the dialogue."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct


class Kind(StrEnum):
    """What sort of event arrived."""

    MESSAGE = "message"
    EDIT = "edit"  # a message changed after it was sent
    PRESS = "press"  # a button below one of our messages
    MEMBER = "member"  # somebody or the bot itself joined or left a group, or blocked the bot
    MIGRATED = "migrated"  # a Telegram group became a supergroup with a new id
    RENUMBERED = "renumbered"  # this person has another number or id in the channel now, see `moved_to`
    WAKE = "wake"  # the clock: the time asked for by an earlier turn has come


class MediaKind(StrEnum):
    PHOTO = "photo"
    VOICE = "voice"
    VIDEO = "video"
    AUDIO = "audio"
    DOCUMENT = "document"  # of no known type; kept as a photo when it turns out to be a picture


SENT_AS_FILE = {"video": MediaKind.VIDEO, "audio": MediaKind.AUDIO}
PICTURES = frozenset(f"image/{form}" for form in ("jpeg", "jpg", "png", "webp", "heic", "heif"))  # that can be opened
UNTOLD = ("", "application/octet-stream")
NOT_KEPT = ("document", "too_big")  # as `unreadable`: the file is let go, the words beside it count


def kind_of_file(mime: str) -> MediaKind | None:
    """What was sent "as a file": a picture, film or recording, or of no told type; None: letters, which we keep not."""
    if mime in PICTURES:
        return MediaKind.PHOTO
    return SENT_AS_FILE.get(mime.partition("/")[0]) or (MediaKind.DOCUMENT if mime in UNTOLD else None)


class Attachment(Struct, frozen=True):
    """A file that came along; `ref` is the channel's own id for fetching the bytes later."""

    kind: MediaKind
    ref: str
    mime: str = ""
    size: int = 0  # bytes, 0 when the channel does not say


class Pin(Struct, frozen=True):
    """A point the person sent, WGS 84 degrees. source: "pin" or "live"."""

    lat: float
    lon: float
    source: str = "pin"
    label: str = ""


class Inbound(Struct, frozen=True):
    """One event from one person in one chat.

    key:    natural key of the event in its channel; the same event always has the same key
    peer:   the chat's key in its channel ("12345", "-100987", "-100987/5" for a forum topic)
    action: data of the pressed button, "" when nothing was pressed
    unreadable: the kind of thing we cannot read ("sticker", "contact", "poll", ...) or keep (NOT_KEPT), else ""
    """

    channel: str
    key: str
    peer: str
    sender: str
    at: datetime
    kind: Kind = Kind.MESSAGE
    sender_name: str = ""
    group: bool = False
    anonymous: bool = False  # an anonymous group admin or a channel post: a seat, not a person
    language: str = ""  # as the channel reports it ("id", "en-GB"), "" when absent
    message_id: str = ""
    text: str = ""  # text, caption or transcript-free "" ; already cleaned of NUL and lone surrogates
    command: str = ""  # "/start" -> "start"; arguments stay in `text`
    action: str = ""
    press_id: str = ""  # what the channel needs to answer the press with a toast
    pressed_on: str = ""  # id of our message that carries the button
    reply_to: str = ""  # id of the message this one quotes
    quoted_text: str = ""  # words of the quoted message, when the channel passes them on
    quoted_other: bool = False  # the quoted message is a person's, not ours
    attachments: tuple[Attachment, ...] = ()
    album: str = ""  # ties the photos of one album together
    pin: Pin | None = None
    unreadable: str = ""
    membership: str = ""  # for MEMBER: "member", "left", "kicked", "blocked", "unblocked"
    of_bot: bool = False  # for MEMBER: it is about the bot itself, not about `sender`
    moved_to: str = ""  # for MIGRATED and RENUMBERED: the new peer
    aliases: tuple[str, ...] = ()  # other ids by which the channel knows this sender, strongest first
