"""What the fake platform remembers: users, chats, topics, messages, files and button presses."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.bench.telegram_rules import Refusal, bad_request

Json = dict[str, Any]
ANONYMOUS = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
CHANNEL_POST = {"id": 777000, "is_bot": False, "first_name": "Telegram"}
INSIDE = ("member", "administrator", "restricted", "creator")


@dataclass(slots=True)
class File:
    id: str
    unique_id: str
    kind: str
    path: str
    data: bytes


@dataclass(slots=True)
class Chat:
    """One chat as the platform knows it; `bot` is the bot's own membership in it."""

    id: int
    type: str
    title: str
    username: str | None = None
    bot: str = "member"
    forum: bool = False
    deactivated: bool = False
    migrated_to: int | None = None
    members: dict[int, str] = field(default_factory=dict)
    topics: dict[int, Json] = field(default_factory=dict)
    messages: dict[int, Json] = field(default_factory=dict)
    from_bot: list[Json] = field(default_factory=list)
    keyboards: dict[int, Json] = field(default_factory=dict)
    read: int = 0
    numbers: Any = None

    @property
    def private(self) -> bool:
        return self.type == "private"

    def as_json(self) -> Json:
        name = {"first_name": self.title} if self.private else {"title": self.title}
        extra = {"username": self.username} if self.username else {}
        return {"id": self.id, "type": self.type} | name | extra | ({"is_forum": True} if self.forum else {})

    def topic(self, name: str) -> int:
        """Thread id of a topic by its name."""
        return next(thread for thread, topic in self.topics.items() if topic["name"] == name)


@dataclass(slots=True)
class Query:
    """A pressed button that waits for its answer."""

    id: str
    user_id: int
    chat_id: int
    message_id: int
    data: str
    at: float
    answer: Json | None = None


class World:
    """All state of the fake platform; every change is made under `lock`, so tests may run in threads."""

    def __init__(self, token: str, wall: Callable[[], float] = time.time) -> None:
        self.token, self.wall = token, wall
        self.lock = threading.RLock()
        self.bot: Json = {
            "id": int(token.split(":")[0]),
            "is_bot": True,
            "first_name": "Sahut",
            "username": "sahut_uji_bot",
        }
        self.users: dict[int, Json] = {}
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, File] = {}
        self.queries: dict[str, Query] = {}
        self.callback_timeout = 30.0
        self._shared_numbers = itertools.count(1)
        self._file_numbers = itertools.count(1)
        self._query_numbers = itertools.count(4_611_686_018_427_387_904)
        self._album_numbers = itertools.count(13_000_000_000_000_001)

    def date(self) -> int:
        return int(self.wall())

    def add_user(self, user_id: int, name: str, language: str | None, username: str | None = None) -> Json:
        first, _, last = name.partition(" ")
        user = {"id": user_id, "is_bot": False, "first_name": first}
        user |= {"last_name": last} if last else {}
        user |= {"username": username} if username else {}
        self.users[user_id] = user | ({"language_code": language} if language else {})
        chat = Chat(user_id, "private", name, username, bot="not started", numbers=self._shared_numbers)
        self.chats.setdefault(user_id, chat)
        return self.users[user_id]

    def add_group(self, chat_id: int, title: str, *, forum: bool = False, bot: str = "member") -> Chat:
        kind = "supergroup" if forum or str(chat_id).startswith("-100") else "group"
        numbers = itertools.count(2) if kind == "supergroup" else self._shared_numbers
        self.chats[chat_id] = Chat(chat_id, kind, title, bot=bot, forum=forum, numbers=numbers)
        return self.chats[chat_id]

    def new_album(self) -> str:
        return str(next(self._album_numbers))

    def keep(self, chat: Chat, sender: Json, content: Json) -> Json:
        """A new message in a chat, with the next number of that chat."""
        with self.lock:
            number = next(chat.numbers)
            message = {"message_id": number, "from": sender, "chat": chat.as_json(), "date": self.date()}
            chat.messages[number] = message | content
            return chat.messages[number]

    def keep_file(self, kind: str, data: bytes, name: str) -> File:
        number = next(self._file_numbers)
        file_id = f"{kind[:2].upper()}AgACAgUAAxkBAAI{number:08d}-{kind}"
        file = File(file_id, f"AQAD{number:08d}", kind, f"{kind}s/{name.replace('*', str(number))}", data)
        self.files[file_id] = file
        return file

    def ask(self, user_id: int, message: Json, data: str) -> Query:
        query = Query(
            str(next(self._query_numbers)),
            user_id,
            message["chat"]["id"],
            message["message_id"],
            data,
            self.wall(),
        )
        self.queries[query.id] = query
        return query

    def open_query(self, query_id: str) -> Query:
        query = self.queries.get(query_id)
        if query is None or self.wall() - query.at > self.callback_timeout:
            raise bad_request("query is too old and response timeout expired or query ID is invalid")
        return query

    def find_chat(self, chat_id: Any) -> Chat:
        """The chat a call speaks of; raises as the platform does when the bot does not know it."""
        if chat_id in (None, ""):
            raise bad_request("chat_id is empty")
        if isinstance(chat_id, str) and chat_id.startswith("@"):
            found = next((c for c in self.chats.values() if c.username == chat_id[1:] and not c.private), None)
        else:
            try:
                found = self.chats.get(int(chat_id))
            except (TypeError, ValueError):
                found = None
        if found is None:
            raise bad_request("chat not found")
        return found

    def writable_chat(self, chat_id: Any) -> Chat:
        """The chat, once it is sure that the bot may write there."""
        chat = self.find_chat(chat_id)
        kind = "supergroup chat" if chat.type == "supergroup" else f"{chat.type} chat"
        if chat.migrated_to is not None:
            raise bad_request("group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.migrated_to)
        if chat.deactivated:
            raise Refusal(
                403,
                "Forbidden: user is deactivated" if chat.private else "Forbidden: the group chat was deleted",
            )
        if chat.private and chat.bot == "not started":
            raise Refusal(403, "Forbidden: bot can't initiate conversation with a user")
        if chat.private and chat.bot == "kicked":
            raise Refusal(403, "Forbidden: bot was blocked by the user")
        if chat.bot == "kicked":
            raise Refusal(403, f"Forbidden: bot was kicked from the {kind}")
        if chat.bot == "left":
            raise Refusal(403, f"Forbidden: bot is not a member of the {kind}")
        if chat.bot == "muted":
            raise bad_request("not enough rights to send text messages to the chat")
        return chat

    def thread(self, chat: Chat, thread_id: int | None) -> Json:
        """Message fields of a topic; the General topic takes no id, as on the platform."""
        if thread_id is None:
            return {}
        topic = chat.topics.get(thread_id) if chat.forum else None
        if topic is None or topic.get("deleted"):
            raise bad_request("message thread not found")
        if topic.get("closed") and chat.bot != "administrator":
            raise bad_request("TOPIC_CLOSED")
        return {"message_thread_id": thread_id, "is_topic_message": True}
