"""What an error of the Bot API means for a message: the table, and the small things that can be mended at once."""

from __future__ import annotations

import re

from bot.channels.telegram.problems import (
    ApiError,
    BadRequest,
    ChatMigrated,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NotLoaded,
    NotSent,
    OddStatus,
    TooMany,
    Unclear,
)
from usecases.ports import Failure, SendFailed

# Parts of descriptions, lower case. The server writes "Bad Request: " and a sentence, or a name in CAPITALS.
NOT_MODIFIED = ("message is not modified", "message_not_modified")
NO_TEXT = ("there is no text in the message",)
MARKUP = ("can't parse entities", "entity_bounds_invalid", "entities_too_long", "entity_textlength")
QUOTED_GONE = ("message to be replied not found", "reply message not found", "replied message not found",
               "message to reply not found", "reply_message_id_invalid")  # fmt: skip
BAD_LINK = ("button_url_invalid", "wrong http url", "url host is empty", "url_invalid", "wrong port number",
            "inline keyboard button url", "unsupported url protocol")  # fmt: skip
BAD_FILE = ("photo_invalid", "image_process_failed", "photo_ext_invalid", "photo_save_file_invalid",
            "media_invalid", "media_grouped_invalid", "can't use the media of the specified type",
            "voice_messages_forbidden", "video_file_invalid", "photo_content_type_invalid")  # fmt: skip
NO_FILES_HERE = ("not enough rights to send photo", "not enough rights to send video",
                 "not enough rights to send document", "not enough rights to send voice",
                 "not enough rights to send media", "chat_send_media_forbidden", "chat_send_photos_forbidden",
                 "chat_send_videos_forbidden", "chat_send_voices_forbidden", "chat_send_docs_forbidden")  # fmt: skip
TOPIC_GONE = ("message thread not found", "topic_deleted", "topic_closed", "topic_id_invalid", "topic_not_found")

TABLE: tuple[tuple[Failure, tuple[str, ...]], ...] = (
    (Failure.CANNOT_EDIT, (
        "message can't be edited", "message to edit not found", "message_id_invalid", "message_edit_time_expired",
        "message_author_required", "there is no caption in the message", "there is no reply markup",
        "message identifier is not specified", *NO_TEXT,
    )),
    (Failure.BAD_TEXT, (*MARKUP, "must be encoded in utf-8")),
    (Failure.GONE, (
        "chat not found", "user not found", "peer_id_invalid", "chat_id_invalid", "chat_id is empty",
        "bot was blocked", "user is deactivated", "input_user_deactivated", "user_is_blocked", "bot was kicked",
        "bot is not a member", "group chat was deleted", "group chat was deactivated", "group is deactivated",
        "group chat was upgraded", "channel_private", "have no rights to send", "chat_write_forbidden",
        "not enough rights to send text", "need administrator rights", "chat_restricted", "chat_forbidden",
        "can't initiate conversation", "can't send messages to bots", "chat_admin_required", "user_deleted",
        "chat_send_plain_forbidden", "chat_guest_send_forbidden", "privacy_premium_required",
        "user_bot_required", *TOPIC_GONE,
    )),
    (Failure.BROKEN, ("logged out", "unauthorized", "bot_method_invalid")),
)  # fmt: skip


def says(error: ApiError, parts: tuple[str, ...]) -> bool:
    """Whether the platform's description holds one of the parts. Only refusals have a description."""
    if not isinstance(error, BadRequest | Forbidden):
        return False
    said = error.message.lower()
    return any(part in said for part in parts)


def explain(error: ApiError, *, peer: str, editing: bool) -> SendFailed:
    """The outcome for a message to `peer`; looks at the most special class first.

    A lost answer to an edit counts as not sent: the same edit twice does no harm.
    """
    if isinstance(error, TooMany):
        return SendFailed(Failure.NOT_SENT, "429", retry_after_s=error.seconds)
    if isinstance(error, ChatMigrated):
        return SendFailed(Failure.MOVED, "became a supergroup", moved_to=str(error.new_chat_id))
    if isinstance(error, BadRequest | Forbidden):
        return _refused(error, peer, editing)
    if isinstance(error, InvalidToken | EndPointNotFound):
        return SendFailed(Failure.BROKEN, "the token was refused")
    if isinstance(error, NotLoaded):
        return SendFailed(Failure.BROKEN, error.message)
    if isinstance(error, NotSent | Conflict):
        return SendFailed(Failure.NOT_SENT, type(error).__name__)
    if isinstance(error, OddStatus):
        return SendFailed(_after_status(error, editing), str(error.status))
    lost = Failure.NOT_SENT if editing else Failure.AMBIGUOUS
    return SendFailed(lost, error.message if isinstance(error, Unclear) else "an unreadable answer")


def _refused(error: ApiError, peer: str, editing: bool) -> SendFailed:
    detail = _safe(error.message)
    chat, _, topic = peer.partition("/")
    if topic and says(error, TOPIC_GONE):  # the group is still there: go on in its general topic
        return SendFailed(Failure.MOVED, detail, moved_to=chat)
    for failure, parts in TABLE:
        if says(error, parts) and (editing or failure is not Failure.CANNOT_EDIT):
            return SendFailed(failure, detail)
    return SendFailed(Failure.GONE if isinstance(error, Forbidden) else Failure.REFUSED, detail)


def _after_status(error: OddStatus, editing: bool) -> Failure:
    """5xx in the platform's own words is a refusal; from a proxy it may hide a success. 3xx and 4xx do nothing."""
    if error.status == 413:
        return Failure.REFUSED
    sure = editing or error.status < 500 or (error.clean and error.status not in (502, 504))
    return Failure.NOT_SENT if sure else Failure.AMBIGUOUS


def _safe(description: str) -> str:
    """The platform's sentence without what it may quote from the message, and without numbers of people."""
    return re.sub(r"\d{5,}", "#", re.split(r"[\"“]|: Unsupported| at byte", description)[0])[:80].strip()
