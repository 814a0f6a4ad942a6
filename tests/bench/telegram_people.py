"""People and groups as a test speaks of them: write, send, press, reply, edit, block, move."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from tests.bench import telegram_media as media
from tests.bench.telegram_methods import member
from tests.bench.telegram_places import Place
from tests.bench.telegram_rules import found_entities
from tests.bench.telegram_world import ANONYMOUS, CHANNEL_POST, INSIDE, Chat, Json, Query

if TYPE_CHECKING:
    from tests.bench.fake_telegram import FakeTelegram


class Speaker:
    """Somebody in one chat (and topic). Every act returns the message as the platform keeps it."""

    def __init__(self, place: Place, user: Json, *, topic: int | None = None, sender_chat: Json | None = None) -> None:
        self.place, self.user, self.topic, self.sender_chat = place, user, topic, sender_chat
        self.server, self.chat = place.server, place.chat

    def _says(self, content: Json, reply_to: Json | None = None) -> Json:
        self._come_in()
        extra: Json = {"sender_chat": self.sender_chat} if self.sender_chat else {}
        extra |= self._place_in_thread(reply_to)
        message = self.server.world.keep(self.chat, self.user, extra | content)
        if self._bot_sees(message):
            self.server.updates.push("message", message)
        return message

    def _place_in_thread(self, reply_to: Json | None) -> Json:
        """Topic and quote; a reply outside topics carries the thread of its root, as supergroups have it."""
        place: Json = {}
        if self.topic is not None:
            place = {"message_thread_id": self.topic, "is_topic_message": True}
        if reply_to is None:
            return place
        quoted = self.chat.messages.get(reply_to["message_id"], reply_to)
        if self.topic is None and self.chat.type == "supergroup":
            inherited: Json = {k: quoted[k] for k in ("message_thread_id", "is_topic_message") if k in quoted}
            place = inherited or {"message_thread_id": quoted["message_id"]}
        return place | {"reply_to_message": {k: v for k, v in quoted.items() if k != "reply_to_message"}}

    def _come_in(self) -> None:
        """Writing to a bot starts the chat; writing in a group takes membership."""
        if self.chat.private and self.chat.bot == "not started":
            self.chat.bot = "member"
        if not self.chat.private and not self.user["is_bot"]:
            self.chat.members.setdefault(self.user["id"], "member")

    def _bot_sees(self, message: Json) -> bool:
        """Privacy mode: in groups only commands, replies to the bot and mentions, unless the bot is admin."""
        if self.chat.private:
            return self.chat.bot == "member"
        if self.chat.bot not in {*INSIDE, "muted"}:
            return False
        if self.chat.bot == "administrator" or not self.server.privacy:
            return True
        bot, text = self.server.world.bot, message.get("text") or message.get("caption") or ""
        quoted = message.get("reply_to_message", {}).get("from", {}).get("id") == bot["id"]
        command = re.match(r"/\w+(?:@(\w+))?", text)
        mine = bool(command) and (command[1] is None or command[1].lower() == bot["username"].lower())  # type: ignore[index]
        return quoted or mine or f"@{bot['username']}".lower() in text.lower()

    def writes(self, text: str, *, reply_to: Json | None = None, **extra: Any) -> Json:
        entities = found_entities(text)
        return self._says({"text": text} | ({"entities": entities} if entities else {}) | extra, reply_to)

    def replies_to(self, message: Json, text: str) -> Json:
        return self.writes(text, reply_to=message)

    def sends_photo(
        self,
        caption: str = "",
        *,
        data: bytes | None = None,
        album: str | None = None,
        reply_to: Json | None = None,
    ) -> Json:
        sizes = media.photo_sizes(self.server.world, media.jpeg() if data is None else data)
        extra = ({"caption": caption} if caption else {}) | ({"media_group_id": album} if album else {})
        return self._says({"photo": sizes} | extra, reply_to)

    def sends_album(self, count: int, caption: str = "", *, reply_to: Json | None = None) -> list[Json]:
        """Each photo is a message and an update of its own; the caption sits on the first."""
        album = self.server.world.new_album()
        shades = [media.jpeg(640, 480, 20 * n % 256) for n in range(1, count + 1)]
        return [
            self.sends_photo(caption if n == 0 else "", data=data, album=album, reply_to=reply_to)
            for n, data in enumerate(shades)
        ]

    def sends_location(self, latitude: float, longitude: float, *, reply_to: Json | None = None) -> Json:
        return self._says({"location": {"latitude": latitude, "longitude": longitude}}, reply_to)

    def sends_document(self, data: bytes | None = None, name: str = "berkas.jpg", mime: str = "image/jpeg") -> Json:
        return self._sends_file("document", data or media.jpeg(), name, {"file_name": name, "mime_type": mime})

    def sends_voice(self, seconds: int = 4) -> Json:
        return self._sends_file("voice", media.OGG, "*.oga", {"duration": seconds, "mime_type": "audio/ogg"})

    def sends_video(self, caption: str = "", seconds: int = 6) -> Json:
        facts = {"duration": seconds, "width": 640, "height": 360, "mime_type": "video/mp4"}
        return self._sends_file("video", media.MP4, "*.mp4", facts, {"caption": caption} if caption else {})

    def sends_sticker(self) -> Json:
        facts = {
            "width": 512,
            "height": 512,
            "is_animated": False,
            "is_video": False,
            "type": "regular",
            "emoji": "👍",
        }
        return self._sends_file("sticker", media.webp(), "*.webp", facts)

    def sends_contact(self, phone: str = "+628000000000") -> Json:
        return self._says({"contact": {"phone_number": phone, "first_name": self.user["first_name"]}})

    def sends(self, content: Json, *, reply_to: Json | None = None) -> Json:
        """Anything else, kinds nobody knows yet included."""
        return self._says(content, reply_to)

    def _sends_file(self, kind: str, data: bytes, name: str, facts: Json, extra: Json | None = None) -> Json:
        file = self.server.world.keep_file(kind, data, name if "*" in name else f"file_*_{name}")
        return self._says({kind: media.described(file) | facts} | (extra or {}))

    def edits(self, message: Json, text: str) -> Json:
        """Change an own earlier message; the bot gets edited_message."""
        kept = self.chat.messages[message["message_id"]]
        kept |= {"caption" if "photo" in kept else "text": text, "edit_date": self.server.world.date()}
        if self._bot_sees(kept):
            self.server.updates.push("edited_message", kept)
        return kept

    def presses(self, message: Json, label: str) -> Query | Json:
        """Press a button by its label or a pattern: a callback, or a text for reply keyboards."""
        button = self.place.button(message, label)
        if "callback_data" in button:
            return self.presses_data(message, button["callback_data"])
        if "url" in button:
            return button
        asked = [wish for wish in ("request_location", "request_contact") if button.get(wish)]
        assert not asked, f"button {button['text']!r} asks for {asked}: use sends_location or sends_contact"
        return self.writes(button["text"])

    def presses_data(self, message: Json, data: str, *, inaccessible: bool = False) -> Query:
        """Press with callback data of the test's choice: forged, old, or from another message."""
        current = self.chat.messages.get(message["message_id"], message)
        query = self.server.world.ask(self.user["id"], message | {"chat": self.chat.as_json()}, data)
        shown = (
            {"message_id": current["message_id"], "chat": self.chat.as_json(), "date": 0} if inaccessible else current
        )
        facts = {
            "id": query.id,
            "from": self.user,
            "message": shown,
            "chat_instance": str(self.chat.id * 7),
            "data": data,
        }
        self.server.updates.push("callback_query", facts)
        return query


class User(Speaker, Place):
    """A person and their private chat with the bot; `.in_group` speaks elsewhere."""

    def __init__(self, server: FakeTelegram, user: Json) -> None:
        Place.__init__(self, server, server.world.chats[user["id"]])
        Speaker.__init__(self, self, user)

    def in_group(self, group: Group, topic: str | None = None) -> Speaker:
        group.chat.members.setdefault(self.user["id"], "member")
        return Speaker(group, self.user, topic=None if topic is None else group.chat.topic(topic))

    def starts(self, payload: str = "") -> Json:
        return self.writes(f"/start {payload}".strip())

    def blocks_bot(self) -> None:
        self._becomes("kicked")

    def unblocks_bot(self) -> None:
        self._becomes("member")

    def is_deactivated(self) -> None:
        self.chat.deactivated = True

    def _becomes(self, status: str) -> None:
        old, self.chat.bot = self.chat.bot, status
        self.server.updates.push("my_chat_member", change(self.server, self.chat, self.user, old))


class Group(Place):
    """A group, supergroup or forum the bot may sit in."""

    def member(self, user: User, status: str = "member", *, topic: str | None = None) -> Speaker:
        """Somebody of this group, ready to speak in it."""
        self.chat.members[user.user["id"]] = status
        return user.in_group(self, topic)

    def anonymous_admin(self, topic: str | None = None) -> Speaker:
        """An admin who hides behind the group: every message comes from user 1087968824."""
        thread = None if topic is None else self.chat.topic(topic)
        return Speaker(self, ANONYMOUS, topic=thread, sender_chat=self.chat.as_json())

    def linked_channel(self, title: str = "Kanal Kota") -> Speaker:
        """Posts of the linked channel, forwarded by the platform itself as user 777000."""
        return Speaker(self, CHANNEL_POST, sender_chat={"id": -1009000000001, "type": "channel", "title": title})

    def bot_becomes(self, status: str, by: User) -> None:
        """The bot is added, promoted, removed or muted; my_chat_member tells it."""
        old, self.chat.bot = self.chat.bot, status
        self.server.updates.push("my_chat_member", change(self.server, self.chat, by.user, old))

    def adds_bot(self, by: User) -> None:
        self.chat.members.setdefault(by.user["id"], "administrator")
        self.bot_becomes("member", by)
        joined = self.server.world.keep(self.chat, by.user, {"new_chat_members": [self.server.world.bot]})
        self.server.updates.push("message", joined)

    def removes_bot(self, by: User) -> None:
        self.bot_becomes("kicked", by)

    def loses(self, user: User) -> None:
        """Somebody leaves; the bot sees the service message."""
        self.chat.members[user.user["id"]] = "left"
        gone = self.server.world.keep(self.chat, user.user, {"left_chat_member": user.user})
        self.server.updates.push("message", gone)

    def adds_topics(self, names: Iterable[str]) -> None:
        for name in names:
            made = self.server.world.keep(
                self.chat, CHANNEL_POST, {"forum_topic_created": {"name": name, "icon_color": 1}}
            )
            self.chat.topics[made["message_id"]] = {"name": name}

    def migrates(self, new_id: int | None = None) -> Group:
        """The group becomes a supergroup with another id; the old id answers with the new one from now on."""
        world, old = self.server.world, self.chat
        new = world.add_group(new_id or -1_001_000_000_000 + old.id, old.title, bot=old.bot)
        new.members, old.migrated_to = dict(old.members), new.id
        sender = next((world.users[u] for u in old.members), ANONYMOUS)
        self.server.updates.push("message", world.keep(old, sender, {"migrate_to_chat_id": new.id}))
        self.server.updates.push("message", world.keep(new, ANONYMOUS, {"migrate_from_chat_id": old.id}))
        return Group(self.server, new)


def change(server: FakeTelegram, chat: Chat, by: Json, old: str) -> Json:
    """A ChatMemberUpdated about the bot itself."""
    status = {"not started": "left", "muted": "restricted"}
    before, after = (status.get(s, s) for s in (old, chat.bot))
    bot = server.world.bot
    facts = {"chat": chat.as_json(), "from": by, "date": server.world.date()}
    return facts | {"old_chat_member": member(bot, before), "new_chat_member": member(bot, after)}
