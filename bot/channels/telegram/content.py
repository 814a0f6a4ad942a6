"""What one Telegram message holds: words, files, a place, or something we cannot read."""

from __future__ import annotations

from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from bot.channels.body import Unreadable, clean
from conversations.inbound import Attachment, MediaKind, Pin, kind_of_file

Json = dict[str, Any]
DOWNLOAD_LIMIT = 20 * 2**20  # a bot may fetch no more; larger sizes of a photo are passed over

FILES = {
    "voice": (MediaKind.VOICE, "audio/ogg"),
    "video": (MediaKind.VIDEO, "video/mp4"),
    "video_note": (MediaKind.VIDEO, "video/mp4"),
    "animation": (MediaKind.VIDEO, "video/mp4"),  # comes with a `document` of the same file: asked for first
    "audio": (MediaKind.AUDIO, "audio/mpeg"),
    "document": (MediaKind.DOCUMENT, ""),
}
UNREADABLE = (
    "sticker", "contact", "poll", "dice", "game", "story", "invoice", "paid_media", "checklist", "giveaway",
    "giveaway_winners", "passport_data", "web_app_data", "successful_payment", "gift", "unique_gift",
)  # fmt: skip

# Lines Telegram itself writes into a chat. Nobody waits for an answer to them.
SERVICE = frozenset({
    "new_chat_title", "new_chat_photo", "delete_chat_photo", "group_chat_created", "supergroup_chat_created",
    "channel_chat_created", "message_auto_delete_timer_changed", "pinned_message", "connected_website",
    "write_access_allowed", "proximity_alert_triggered", "boost_added", "chat_background_set",
    "forum_topic_created", "forum_topic_edited", "forum_topic_closed", "forum_topic_reopened",
    "general_forum_topic_hidden", "general_forum_topic_unhidden", "giveaway_created", "giveaway_completed",
    "video_chat_scheduled", "video_chat_started", "video_chat_ended", "video_chat_participants_invited",
    "users_shared", "chat_shared", "refunded_payment", "paid_message_price_changed", "checklist_tasks_done",
    "checklist_tasks_added", "direct_message_price_changed", "suggested_post_approved", "chat_owner_left",
    "suggested_post_approval_failed", "suggested_post_declined", "suggested_post_paid", "chat_owner_changed",
    "suggested_post_refunded", "gift_upgrade_sent", "new_chat_members", "left_chat_member",
})  # fmt: skip


class Content(Struct, frozen=True):
    """The fields of an Inbound that come from what was sent; `quiet`: nothing that calls for an answer."""

    text: str = ""
    attachments: tuple[Attachment, ...] = ()
    pin: Pin | None = None
    unreadable: str = ""
    quiet: bool = False


def read(message: Json) -> Content:
    """The content of a message. raises: Unreadable."""
    if "text" in message:
        return Content(text=words(message, "text"))
    caption = words(message, "caption") if "caption" in message else ""
    if "photo" in message:
        return Content(caption, _photo(message))
    for name, (kind, mime) in FILES.items():
        if name in message:
            return _kept(_file(obj(message, name), kind, mime), caption)
    if "venue" in message:
        venue = obj(message, "venue")
        return Content(pin=_pin(obj(venue, "location"), _label(venue)))
    if "location" in message:
        return Content(pin=_pin(obj(message, "location"), ""))
    for name in UNREADABLE:
        if name in message:
            return Content(caption, unreadable=name)
    if not SERVICE.isdisjoint(message):
        return Content(quiet=True)
    return Content(caption, unreadable="unknown")


def words(source: Json, name: str) -> str:
    """A text field made fit for storage; "" when absent."""
    value = source.get(name, "")
    if not isinstance(value, str):
        raise Unreadable(f"{name} is not text")
    return clean(value)


def number(source: Json, name: str) -> int:
    value = source.get(name)
    if type(value) is not int or not -(2**63) <= value < 2**63:
        raise Unreadable(f"{name} is not a 64-bit integer")
    return value


def obj(source: Json, name: str) -> Json:
    value = source.get(name)
    if not isinstance(value, dict):
        raise Unreadable(f"{name} is not an object")
    return value


def _photo(message: Json) -> tuple[Attachment, ...]:
    """The largest size a bot may fetch; the smallest of all when Telegram says that none is small enough."""
    sizes = message["photo"]
    if not isinstance(sizes, list) or not all(isinstance(size, dict) for size in sizes):
        raise Unreadable("photo is not a list of sizes")
    if not sizes:
        raise Unreadable("photo has no sizes")
    files = [(_area(size), _file(size, MediaKind.PHOTO, "image/jpeg")) for size in sizes]
    fitting = [pair for pair in files if pair[1].size <= DOWNLOAD_LIMIT] or [min(files, key=lambda p: p[0])]
    return (max(fitting, key=lambda pair: pair[0])[1],)


def _kept(file: Attachment, caption: str) -> Content:
    """A file we can fetch and show; what we could not keep is refused now, not after a promise."""
    kind = kind_of_file(file.mime) if file.kind is MediaKind.DOCUMENT else file.kind
    if kind is None:
        return Content(caption, unreadable="document")
    if file.size > DOWNLOAD_LIMIT:
        return Content(caption, unreadable="too_big")
    return Content(caption, (replace(file, kind=kind),))


def _area(size: Json) -> int:
    return number(size, "width") * number(size, "height")


def _file(source: Json, kind: MediaKind, mime: str) -> Attachment:
    ref = words(source, "file_id")
    if not ref:
        raise Unreadable("a file without file_id")
    size = max(0, number(source, "file_size")) if "file_size" in source else 0
    return Attachment(kind, ref, words(source, "mime_type") or mime, size)


def _pin(location: Json, label: str) -> Pin:
    lat, lon = location.get("latitude"), location.get("longitude")
    if type(lat) not in (int, float) or type(lon) not in (int, float):
        raise Unreadable("a location without degrees")
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):  # type: ignore[operator]
        raise Unreadable("a location beyond the poles")
    source = "live" if location.get("live_period") else "pin"
    return Pin(float(lat), float(lon), source, label)  # type: ignore[arg-type]


def _label(venue: Json) -> str:
    return ", ".join(part for part in (words(venue, "title"), words(venue, "address")) if part)
