"""Every method the fake platform knows, by name; an unknown one is 404 as on the platform."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.bench import telegram_media as media
from tests.bench.telegram_rules import Refusal, bad_request, utf16_units
from tests.bench.telegram_sending import SINGLE_FILES, Sending
from tests.bench.telegram_updates import Updates
from tests.bench.telegram_wire import Params
from tests.bench.telegram_world import INSIDE, Json, World

ACTIONS = {
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
}
COMMAND = re.compile(r"[a-z0-9_]{1,32}")
Method = Callable[[Params], Any]


@dataclass(frozen=True, slots=True)
class Described:
    """A result that also carries a description beside it, as webhook calls do."""

    result: Any
    description: str


class Methods:
    """The table of methods for one bot."""

    def __init__(self, world: World, sending: Sending, updates: Updates) -> None:
        self.world, self.sending, self.updates = world, sending, updates
        self.commands: dict[str, list[Json]] = {}
        self.profile: dict[str, str] = {}
        self.menu: Json = {"type": "commands"}
        table: dict[str, Method] = {
            "getMe": self.get_me,
            "logOut": lambda p: True,
            "close": lambda p: True,
            "setWebhook": lambda p: Described(True, updates.set_webhook(p)),
            "deleteWebhook": lambda p: Described(True, updates.delete_webhook(p)),
            "getWebhookInfo": lambda p: updates.info(),
            "sendMessage": sending.message,
            "sendPhoto": sending.photo,
            "sendMediaGroup": sending.media_group,
            "sendLocation": sending.location,
            "sendVenue": sending.venue,
            "sendContact": sending.contact,
            "editMessageText": lambda p: sending.edit("text", p),
            "editMessageCaption": lambda p: sending.edit("caption", p),
            "editMessageReplyMarkup": lambda p: sending.edit("markup", p),
            "editMessageMedia": sending.edit_media,
            "deleteMessage": sending.delete,
            "deleteMessages": self.delete_messages,
            "forwardMessage": lambda p: sending.forward(p, copy=False),
            "copyMessage": lambda p: sending.forward(p, copy=True),
            "sendChatAction": self.chat_action,
            "answerCallbackQuery": self.answer_query,
            "setMessageReaction": self.react,
            "pinChatMessage": self.pin,
            "unpinChatMessage": self.pin,
            "getFile": self.get_file,
            "getChat": self.get_chat,
            "getChatMember": self.get_member,
            "getChatAdministrators": self.get_administrators,
            "getChatMemberCount": self.count_members,
            "leaveChat": self.leave,
            "setMyCommands": self.set_commands,
            "getMyCommands": self.get_commands,
            "deleteMyCommands": self.delete_commands,
            "setMyName": self.set_profile,
            "setMyDescription": self.set_profile,
            "setMyShortDescription": self.set_profile,
            "setChatMenuButton": self.set_menu,
            "getChatMenuButton": lambda p: self.menu,
            "createForumTopic": self.create_topic,
        }
        for kind in SINGLE_FILES:
            table[f"send{kind.title()}"] = functools.partial(sending.file, kind)
        self._table = {name.lower(): method for name, method in table.items()}

    def call(self, name: str, params: Params) -> Any:
        method = self._table.get(name.lower())
        if method is None:
            raise Refusal(404, "Not Found: method not found")
        with self.world.lock:
            return method(params)

    def get_me(self, params: Params) -> Json:
        extras = {
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
        }
        return self.world.bot | extras | {"can_connect_to_business": False, "has_main_web_app": False}

    def delete_messages(self, params: Params) -> bool:
        numbers = params.get("message_ids")
        if not isinstance(numbers, list) or not 1 <= len(numbers) <= 100:
            raise bad_request("can't parse message identifiers: 1-100 expected")
        for number in numbers:
            if int(number) in self.world.writable_chat(params.get("chat_id")).messages:
                self.sending.delete(Params(params.values | {"message_id": number}))
        return True

    def chat_action(self, params: Params) -> bool:
        chat = self.world.writable_chat(params.get("chat_id"))
        self.world.thread(chat, params.number("message_thread_id"))
        if params.text("action") not in ACTIONS:
            raise bad_request("wrong parameter action in request")
        return True

    def answer_query(self, params: Params) -> bool:
        query = self.world.open_query(params.text("callback_query_id"))
        if utf16_units(params.text("text")) > 200:
            raise bad_request("MESSAGE_TOO_LONG")
        if params.text("url"):
            raise bad_request("URL_INVALID")
        query.answer = {"text": params.text("text"), "show_alert": params.flag("show_alert")}
        return True

    def react(self, params: Params) -> bool:
        chat = self.world.writable_chat(params.get("chat_id"))
        if params.number("message_id") not in chat.messages:
            raise bad_request("message to react not found")
        return True

    def pin(self, params: Params) -> bool:
        chat = self.world.writable_chat(params.get("chat_id"))
        if params.number("message_id") not in chat.messages:
            raise bad_request("message to pin not found")
        if not chat.private and chat.bot != "administrator":
            raise bad_request("not enough rights to manage pinned messages in the chat")
        return True

    def get_file(self, params: Params) -> Json:
        file = self.world.files.get(params.text("file_id"))
        if file is None:
            raise bad_request("wrong file_id or the file is temporarily unavailable")
        if len(file.data) > media.DOWNLOAD_BYTES:
            raise bad_request("file is too big")
        return media.described(file) | {"file_path": file.path}

    def get_chat(self, params: Params) -> Json:
        chat = self.world.find_chat(params.get("chat_id"))
        if not chat.private:
            self.world.writable_chat(chat.id)
        return chat.as_json() | {
            "accent_color_id": 0,
            "max_reaction_count": 11,
            "accepted_gift_types": {
                "unlimited_gifts": True,
                "limited_gifts": True,
                "unique_gifts": True,
                "premium_subscription": True,
                "gifts_from_channels": True,
            },
        }

    def get_member(self, params: Params) -> Json:
        chat = self.world.writable_chat(params.get("chat_id"))
        user_id = params.need_number("user_id", "invalid user_id specified")
        if user_id == self.world.bot["id"]:
            return member(self.world.bot, chat.bot)
        if user_id not in self.world.users:
            raise bad_request("invalid user_id specified")
        return member(self.world.users[user_id], chat.members.get(user_id, "left"))

    def get_administrators(self, params: Params) -> list[Json]:
        chat = self.world.writable_chat(params.get("chat_id"))
        if chat.private:
            raise bad_request("there are no administrators in the private chat")
        chosen = {u: s for u, s in chat.members.items() if s in {"administrator", "creator"}}
        return [member(self.world.users[user_id], status) for user_id, status in chosen.items()]

    def count_members(self, params: Params) -> int:
        chat = self.world.writable_chat(params.get("chat_id"))
        return sum(status in INSIDE for status in chat.members.values()) + 1

    def leave(self, params: Params) -> bool:
        chat = self.world.writable_chat(params.get("chat_id"))
        if chat.private:
            raise bad_request("chat member status can't be changed in private chats")
        chat.bot = "left"
        return True

    def set_commands(self, params: Params) -> bool:
        commands = params.get("commands")
        if not isinstance(commands, list) or len(commands) > 100:
            raise bad_request("can't parse list of bot commands")
        for command in commands:
            if not COMMAND.fullmatch(str(command.get("command", "")).removeprefix("/")):
                raise bad_request("BOT_COMMAND_INVALID")
            if not 1 <= utf16_units(str(command.get("description", ""))) <= 256:
                raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
        self.commands[_scope(params)] = commands
        return True

    def get_commands(self, params: Params) -> list[Json]:
        return self.commands.get(_scope(params), [])

    def delete_commands(self, params: Params) -> bool:
        self.commands.pop(_scope(params), None)
        return True

    def set_profile(self, params: Params) -> bool:
        for name, limit in {"name": 64, "description": 512, "short_description": 120}.items():
            if utf16_units(params.text(name)) > limit:
                raise bad_request(f"{name} is too long")
            self.profile |= {name: params.text(name)} if name in params.values else {}
        return True

    def set_menu(self, params: Params) -> bool:
        self.menu = params.get("menu_button") or {"type": "default"}
        return True

    def create_topic(self, params: Params) -> Json:
        chat = self.world.writable_chat(params.get("chat_id"))
        if not chat.forum:
            raise bad_request("the chat is not a forum")
        if chat.bot != "administrator":
            raise bad_request("not enough rights to create a topic")
        name = params.text("name")
        if not 1 <= utf16_units(name) <= 128:
            raise bad_request("TOPIC_TITLE_EMPTY" if not name else "TOPIC_TITLE_TOO_LONG")
        message = self.world.keep(chat, self.world.bot, {"forum_topic_created": {"name": name, "icon_color": 7322096}})
        chat.topics[message["message_id"]] = {"name": name}
        return {"message_thread_id": message["message_id"], "name": name, "icon_color": 7322096}


def member(user: Json, status: str) -> Json:
    """A ChatMember with the fields its status must have."""
    extra: Json = {"user": user, "status": status}
    if status == "administrator":
        rights = (
            "can_be_edited",
            "is_anonymous",
            "can_manage_chat",
            "can_delete_messages",
            "can_manage_video_chats",
            "can_restrict_members",
            "can_promote_members",
            "can_change_info",
            "can_invite_users",
            "can_post_stories",
            "can_edit_stories",
            "can_delete_stories",
        )
        extra |= dict.fromkeys(rights, False) | {"can_manage_chat": True}
    if status == "restricted":
        limits = (
            "is_member",
            "can_send_messages",
            "can_send_audios",
            "can_send_documents",
            "can_send_photos",
            "can_send_videos",
            "can_send_video_notes",
            "can_send_voice_notes",
            "can_send_polls",
            "can_send_other_messages",
            "can_add_web_page_previews",
            "can_react_to_messages",
            "can_change_info",
            "can_invite_users",
            "can_pin_messages",
            "can_manage_topics",
            "can_edit_tag",
        )
        extra |= dict.fromkeys(limits, False) | {"is_member": True, "until_date": 0}
    if status == "kicked":
        extra |= {"until_date": 0}
    if status == "creator":
        extra |= {"is_anonymous": False}
    return extra


def _scope(params: Params) -> str:
    return f"{params.get('scope') or {'type': 'default'}}/{params.text('language_code')}"
