"""Turns an update of the Bot API into Inbound events; reads plain JSON values, does nothing else."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from bot.channels.body import Unreadable
from bot.channels.telegram.content import number, obj, read, words
from conversations.inbound import Inbound, Kind

Json = dict[str, Any]
CHANNEL = "telegram"
SEATS = frozenset({1087968824, 777000, 136817688})  # anonymous admin, linked channel, "post as channel"

# Kinds we did not ask for; a server that sends them anyway is not answered with an alarm.
UNWANTED = frozenset({
    "channel_post", "edited_channel_post", "business_connection", "business_message", "edited_business_message",
    "deleted_business_messages", "message_reaction", "message_reaction_count", "inline_query", "poll",
    "chosen_inline_result", "shipping_query", "pre_checkout_query", "purchased_paid_media", "poll_answer",
    "chat_join_request", "chat_boost", "removed_chat_boost", "managed_bot", "guest_message",
})  # fmt: skip

_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@([A-Za-z0-9_]{1,64}))?(?:\s+|$)")


class BotSelf(Struct, frozen=True):
    """Who we are on Telegram; username "" while the platform has not told yet."""

    id: int
    username: str = ""


def parse(update: object, *, bot: BotSelf, now: datetime) -> list[Inbound]:
    """The events of one update, often one, none when nobody waits for an answer. raises: Unreadable.

    now: the time of a press, which Telegram does not tell
    """
    if not isinstance(update, dict):
        raise Unreadable("an update is not an object")
    number(update, "update_id")
    for kind, reader in _READERS.items():
        if kind in update:
            return reader(update, obj(update, kind), bot, now)
    if UNWANTED & update.keys():
        return []
    raise Unreadable("an unknown kind of update")


def update_key(update: Json) -> str:
    """Natural key of an update that carries none itself; ids alone may repeat after a jump."""
    body = json.dumps(update, sort_keys=True, separators=(",", ":"))
    return f"u:{update['update_id']}:{hashlib.sha256(body.encode()).hexdigest()[:16]}"


def _message(update: Json, message: Json, bot: BotSelf, now: datetime) -> list[Inbound]:
    key = f"m:{number(obj(message, 'chat'), 'id')}:{number(message, 'message_id')}"
    if "migrate_to_chat_id" in message or "migrate_from_chat_id" in message:
        return [_migrated(message, key)]
    if "new_chat_members" in message or "left_chat_member" in message:
        return _came_or_went(message, key, bot)
    return _said(message, key, bot, Kind.MESSAGE, _moment(message, "date"))


def _edited(update: Json, message: Json, bot: BotSelf, now: datetime) -> list[Inbound]:
    at = _moment(message, "edit_date" if "edit_date" in message else "date")
    key = f"e:{number(obj(message, 'chat'), 'id')}:{number(message, 'message_id')}:{int(at.timestamp())}"
    if "location" in message:  # a live location moves every few seconds; its first point is enough
        return []
    return _said(message, key, bot, Kind.EDIT, at)


def _said(message: Json, key: str, bot: BotSelf, kind: Kind, at: datetime) -> list[Inbound]:
    """A message somebody wrote; other bots, our own lines and commands for other bots are passed over."""
    author = obj(message, "from") if "from" in message else {}
    if author.get("is_bot") and not _is_seat(message, author):
        return []
    content = read(message)
    if content.quiet:
        return []
    command, text = "", content.text
    if text.startswith("/") and (found := _COMMAND.match(text)):
        addressed = (found[2] or "").lower()
        if addressed and bot.username and addressed != bot.username.lower():
            return []
        command, text = found[1].lower(), text[found.end() :].strip()
    reply_to, quoted, other = _quote(message, bot)
    return [
        _envelope(
            message,
            key,
            kind,
            at,
            text=text,
            command=command,
            reply_to=reply_to,
            quoted_text=quoted,
            quoted_other=other,
            attachments=content.attachments,
            album=words(message, "media_group_id"),
            pin=content.pin,
            unreadable=content.unreadable,
        )
    ]


def _envelope(message: Json, key: str, kind: Kind, at: datetime, **content: Any) -> Inbound:
    """Who, where and when, around the content."""
    chat = obj(message, "chat")
    sender, name, language, anonymous = _author(message)
    return Inbound(
        CHANNEL,
        key,
        peer_of(message),
        sender,
        at,
        kind,
        sender_name=name,
        group=chat.get("type") != "private",
        anonymous=anonymous,
        language=language,
        message_id=str(number(message, "message_id")),
        **content,
    )


def peer_of(message: Json) -> str:
    """The chat's key: its id, with the topic when the message lies in one ("General" is the plain chat)."""
    chat = obj(message, "chat")
    place = str(number(chat, "id"))
    if message.get("is_topic_message") and "message_thread_id" in message and chat.get("type") != "private":
        return f"{place}/{number(message, 'message_thread_id')}"
    return place


def _author(message: Json) -> tuple[str, str, str, bool]:
    """Id, name, language, and whether it is a seat rather than a person."""
    if "from" not in message:  # a post of a channel: only the chat speaks
        chat = obj(message, "sender_chat") if "sender_chat" in message else obj(message, "chat")
        return str(number(chat, "id")), words(chat, "title"), "", True
    user = obj(message, "from")
    return str(number(user, "id")), _name(user), words(user, "language_code"), _is_seat(message, user)


def _is_seat(message: Json, user: Json) -> bool:
    return number(user, "id") in SEATS or "sender_chat" in message


def _name(user: Json) -> str:
    return f"{words(user, 'first_name')} {words(user, 'last_name')}".strip()


def _quote(message: Json, bot: BotSelf) -> tuple[str, str, bool]:
    """Id and words of the quoted message, and whether somebody else than we wrote it.

    In a topic every message formally replies to the topic's first line.
    """
    if "reply_to_message" not in message:
        return "", "", False
    quoted = obj(message, "reply_to_message")
    quoted_id = number(quoted, "message_id")
    if "forum_topic_created" in quoted or (
        message.get("is_topic_message") and quoted_id == message.get("message_thread_id")
    ):
        return "", "", False
    author = obj(quoted, "from") if "from" in quoted else {}
    other = author.get("id") != bot.id
    return str(quoted_id), words(quoted, "text") or words(quoted, "caption"), other


def _press(update: Json, query: Json, bot: BotSelf, now: datetime) -> list[Inbound]:
    if "message" not in query:  # the button of an inline result: we make none
        return []
    message, user = obj(query, "message"), obj(query, "from")
    press_id = words(query, "id")
    if not press_id:
        raise Unreadable("a press without id")
    return [
        Inbound(
            CHANNEL,
            f"c:{press_id}",
            peer_of(message),
            str(number(user, "id")),
            now,
            Kind.PRESS,
            sender_name=_name(user),
            group=obj(message, "chat").get("type") != "private",
            anonymous=number(user, "id") in SEATS,
            language=words(user, "language_code"),
            action=words(query, "data"),
            press_id=press_id,
            pressed_on=str(number(message, "message_id")),
        )
    ]


def _own_membership(update: Json, change: Json, bot: BotSelf, now: datetime) -> list[Inbound]:
    """The bot was added, removed, blocked or unblocked; the sender is the person who did it."""
    user, group = obj(change, "from"), obj(change, "chat").get("type") != "private"
    status = _status(obj(change, "new_chat_member"))
    if not group:
        status = "unblocked" if status == "member" else "blocked"
    return [_membership(update, change, user, status, group, of_bot=True)]


def _membership_of_others(update: Json, change: Json, bot: BotSelf, now: datetime) -> list[Inbound]:
    after = obj(change, "new_chat_member")
    user = obj(after, "user")
    if number(user, "id") == bot.id:  # told by my_chat_member
        return []
    group = obj(change, "chat").get("type") != "private"
    return [_membership(update, change, user, _status(after), group, of_bot=False)]


def _membership(update: Json, change: Json, user: Json, status: str, group: bool, *, of_bot: bool) -> Inbound:
    return Inbound(
        CHANNEL,
        update_key(update),
        str(number(obj(change, "chat"), "id")),
        str(number(user, "id")),
        _moment(change, "date"),
        Kind.MEMBER,
        sender_name=_name(user),
        group=group,
        anonymous=number(user, "id") in SEATS,
        language=words(user, "language_code"),
        membership=status,
        of_bot=of_bot,
    )


def _status(member: Json) -> str:
    status = words(member, "status")
    if status in ("creator", "administrator", "member"):
        return "member"
    if status == "restricted":
        return "member" if member.get("is_member") else "left"
    if status in ("left", "kicked"):
        return status
    raise Unreadable("an unknown membership")


def _came_or_went(message: Json, key: str, bot: BotSelf) -> list[Inbound]:
    """Service lines about people. An ordinary group member bot hears of them only this way."""
    came = "new_chat_members" in message
    people = message["new_chat_members"] if came else [obj(message, "left_chat_member")]
    if not isinstance(people, list) or not all(isinstance(user, dict) for user in people):
        raise Unreadable("new_chat_members is not a list of users")
    event = _envelope(message, key, Kind.MEMBER, _moment(message, "date"))
    return [
        replace(
            event,
            key=f"{key}:{number(user, 'id')}",
            sender=str(number(user, "id")),
            sender_name=_name(user),
            language=words(user, "language_code"),
            anonymous=False,
            membership="member" if came else "left",
        )
        for user in people
        if not user.get("is_bot")
    ]


def _migrated(message: Json, key: str) -> Inbound:
    """Both groups tell of the move; either way round the event speaks of the old chat and its new id."""
    here = number(obj(message, "chat"), "id")
    outgoing = "migrate_to_chat_id" in message
    old = here if outgoing else number(message, "migrate_from_chat_id")
    new = number(message, "migrate_to_chat_id") if outgoing else here
    event = _envelope(message, key, Kind.MIGRATED, _moment(message, "date"))
    return replace(event, peer=str(old), group=True, moved_to=str(new))


def _moment(source: Json, name: str) -> datetime:
    try:
        return datetime.fromtimestamp(number(source, name), UTC)
    except (OverflowError, OSError, ValueError):
        raise Unreadable(f"{name} is not a time") from None


_READERS: dict[str, Callable[[Json, Json, BotSelf, datetime], list[Inbound]]] = {
    "message": _message,
    "callback_query": _press,
    "edited_message": _edited,
    "my_chat_member": _own_membership,
    "chat_member": _membership_of_others,
}
