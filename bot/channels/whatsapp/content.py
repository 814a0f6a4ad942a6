"""What one WhatsApp message holds: words, files, a place, a pressed button, or something we cannot read."""

from __future__ import annotations

from msgspec import Struct

from bot.channels.body import Unreadable
from bot.channels.whatsapp.values import Json, degrees, maybe, obj, words
from conversations.inbound import Attachment, MediaKind, Pin, kind_of_file

FILES = {
    "image": (MediaKind.PHOTO, "image/jpeg"),
    "video": (MediaKind.VIDEO, "video/mp4"),
    "document": (MediaKind.DOCUMENT, ""),
}
UNREADABLE = {"sticker": "sticker", "contacts": "contact", "order": "order", "poll": "poll"}
MOMENT = "moment"  # pictures are sent one by one: those that come close together belong together


class Content(Struct, frozen=True):
    """The fields of an Inbound that come from what was sent; `quiet`: nothing that calls for an answer."""

    text: str = ""
    action: str = ""
    attachments: tuple[Attachment, ...] = ()
    album: str = ""
    pin: Pin | None = None
    unreadable: str = ""
    reply_to: str = ""
    quiet: bool = False


def read(message: Json) -> Content:
    """The content of a message. raises: Unreadable."""
    kind = words(message, "type")
    match kind:
        case "text":
            return Content(words(obj(message, "text"), "body"))
        case "image" | "video" | "document":
            return _file(obj(message, kind), *FILES[kind])
        case "audio":
            audio = obj(message, "audio")
            return _file(audio, MediaKind.VOICE if audio.get("voice") is True else MediaKind.AUDIO, "audio/ogg")
        case "location":
            return Content(pin=_pin(obj(message, "location")))
        case "interactive":
            return _chosen(obj(message, "interactive"))
        case "button":  # a quick reply of a template
            button = obj(message, "button")
            return _pressed(words(button, "payload"), words(button, "text"))
        case "reaction":
            reaction = obj(message, "reaction")
            gone = not words(reaction, "emoji")
            return Content(unreadable="reaction", reply_to=words(reaction, "message_id"), quiet=gone)
        case "request_welcome":
            return Content("/start")
        case "revoke":
            return Content(quiet=True)
    return Content(unreadable=UNREADABLE.get(kind, "unknown"))


def _file(file: Json, kind: MediaKind, mime: str) -> Content:
    found = words(file, "id")
    if not found:
        raise Unreadable("a file without id")
    digest = words(file, "sha256")
    given = words(file, "mime_type").split(";")[0].strip() or mime
    known = kind_of_file(given) if kind is MediaKind.DOCUMENT else kind
    if known is None:
        return Content(words(file, "caption"), unreadable="document")
    ref = f"{found}#{digest}" if digest else found
    album = MOMENT if known is MediaKind.PHOTO else ""
    return Content(words(file, "caption"), attachments=(Attachment(known, ref, given),), album=album)


def _pin(location: Json) -> Pin:
    label = ", ".join(part for part in (words(location, "name"), words(location, "address")) if part)
    return Pin(degrees(location, "latitude", 90), degrees(location, "longitude", 180), "pin", label)


def _chosen(interactive: Json) -> Content:
    for kind in ("button_reply", "list_reply"):
        if interactive.get(kind) is not None:
            reply = obj(interactive, kind)
            return _pressed(words(reply, "id"), words(reply, "title"))
    return Content(unreadable="form" if interactive.get("nfm_reply") is not None else "unknown")


def _pressed(action: str, title: str) -> Content:
    """A button of ours brings its action back; one that brings none was as good as typed."""
    if not action and not title:
        raise Unreadable("a press of nothing")
    return Content(action=action) if action and action != title else Content(title)


def edited(message: Json) -> tuple[str, Json]:
    """The id of the changed message and what it says now."""
    edit = obj(message, "edit")
    return words(edit, "original_message_id"), maybe(edit, "message")
