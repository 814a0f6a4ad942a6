"""The Bot API methods that put messages into chats, change them or take them away."""

from __future__ import annotations

from typing import Any

from tests.bench import telegram_media as media
from tests.bench.telegram_markup import checked_markup
from tests.bench.telegram_pace import Pace
from tests.bench.telegram_rules import bad_request, checked_caption, checked_text
from tests.bench.telegram_wire import Params
from tests.bench.telegram_world import Chat, Json, World

SINGLE_FILES = ("document", "voice", "video", "audio", "animation", "sticker")
CAPTIONED = (*SINGLE_FILES[:-1], "photo")
TWO_DAYS = 48 * 3600
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as "
    "a current content and reply markup of the message"
)


class Sending:
    """Sends, edits and deletes for one bot, with the platform's checks before each."""

    def __init__(self, world: World, pace: Pace) -> None:
        self.world, self.pace = world, pace

    def post(self, params: Params, content: Json) -> Json:
        """One new message of the bot, after every check that concerns its place."""
        chat = self.world.writable_chat(params.get("chat_id"))
        place = self._place(chat, params)
        markup = checked_markup(params.get("reply_markup"), private=chat.private)
        self.pace.take(chat.id, private=chat.private)
        return self._keep(chat, place | content, markup)

    def _keep(self, chat: Chat, content: Json, markup: Json | None) -> Json:
        inline = {"reply_markup": markup} if markup and "inline_keyboard" in markup else {}
        message = self.world.keep(chat, self.world.bot, content | inline)
        if markup and not inline:
            chat.keyboards[message["message_id"]] = markup
        chat.from_bot.append(message)
        return message

    def _place(self, chat: Chat, params: Params) -> Json:
        """Thread and quoted message; a reply inside a topic stays in that topic."""
        place = self.world.thread(chat, params.number("message_thread_id"))
        reply = params.get("reply_parameters") or {}
        number = reply.get("message_id") or params.number("reply_to_message_id")
        if number is None:
            return place
        quoted = chat.messages.get(int(number))
        if quoted is None:
            if reply.get("allow_sending_without_reply") or params.flag("allow_sending_without_reply"):
                return place
            raise bad_request("message to be replied not found")
        inherited = {k: quoted[k] for k in ("message_thread_id", "is_topic_message") if quoted.get("is_topic_message")}
        return inherited | place | {"reply_to_message": {k: v for k, v in quoted.items() if k != "reply_to_message"}}

    def message(self, params: Params) -> Json:
        text, entities = checked_text(params.text("text"), params.text("parse_mode"))
        return self.post(params, _with_entities("text", text, entities))

    def photo(self, params: Params) -> Json:
        file = media.incoming(self.world, params, "photo", "photo")
        return self.post(params, {"photo": media.photo_sizes(self.world, file.data)} | self._caption(params))

    def file(self, kind: str, params: Params) -> Json:
        file = media.incoming(self.world, params, kind, kind)
        caption = self._caption(params) if kind in CAPTIONED else {}
        return self.post(params, {kind: media.described(file)} | caption)

    def location(self, params: Params) -> Json:
        return self.post(params, {"location": _point(params)})

    def venue(self, params: Params) -> Json:
        title, address = params.text("title"), params.text("address")
        if not title or not address:
            raise bad_request("venue must have a title and an address")
        return self.post(params, {"location": _point(params), "venue": {"title": title, "address": address}})

    def contact(self, params: Params) -> Json:
        if not params.text("phone_number") or not params.text("first_name"):
            raise bad_request("contact phone number and first name must be non-empty")
        return self.post(params, {"contact": {k: params.text(k) for k in ("phone_number", "first_name")}})

    def media_group(self, params: Params) -> list[Json]:
        """An album of 2 to 10, all accepted or none."""
        items = params.get("media")
        if not isinstance(items, list):
            raise bad_request("can't parse media: expected an Array")
        if not 2 <= len(items) <= 10:
            raise bad_request("group send failed: wrong number of items in the album, 2-10 are allowed")
        if params.get("reply_markup"):
            raise bad_request("can't attach a reply markup to an album")
        contents = [self._album_item(item, params) for item in items]
        chat = self.world.writable_chat(params.get("chat_id"))
        place = self._place(chat, params)
        self.pace.take(chat.id, private=chat.private, cost=len(items))
        album = {"media_group_id": self.world.new_album()}
        return [self._keep(chat, place | album | content, None) for content in contents]

    def _album_item(self, item: Any, params: Params) -> Json:
        kind = item.get("type") if isinstance(item, dict) else None
        if kind not in {"photo", "video", "document", "audio"}:
            raise bad_request("can't use the media of the specified type in the album")
        file = media.incoming(self.world, params, "media", kind, item.get("media"))
        caption = checked_caption(item.get("caption") or "", item.get("parse_mode"))
        body = {kind: media.photo_sizes(self.world, file.data) if kind == "photo" else media.described(file)}
        return body | (_with_entities("caption", *caption) if caption[0] else {})

    def _caption(self, params: Params) -> Json:
        caption, entities = checked_caption(params.text("caption"), params.text("parse_mode"))
        return _with_entities("caption", caption, entities) if caption else {}

    def edit(self, what: str, params: Params) -> Json:
        """Change text, caption or buttons of one of the bot's own messages."""
        chat = self.world.writable_chat(params.get("chat_id"))
        old = chat.messages.get(params.need_number("message_id", "message identifier is not specified"))
        if old is None:
            raise bad_request("message to edit not found")
        if old["from"]["id"] != self.world.bot["id"] or old["message_id"] in chat.keyboards or "forward_origin" in old:
            raise bad_request("message can't be edited")
        markup = checked_markup(params.get("reply_markup"), private=chat.private, inline_only=True)
        new = self._edited(what, old, params) | ({"reply_markup": markup} if markup else {})
        if _face(new) == _face(old):
            raise bad_request(NOT_MODIFIED)
        self.pace.take(chat.id, private=chat.private, cost=0)
        old.clear()
        old.update(new | {"edit_date": self.world.date()})
        return old

    def _edited(self, what: str, old: Json, params: Params) -> Json:
        kept = {k: v for k, v in old.items() if k not in {"reply_markup", "edit_date"}}
        if what == "text":
            if "text" not in old:
                raise bad_request("there is no text in the message to edit")
            kept = {k: v for k, v in kept.items() if k != "entities"}
            return kept | _with_entities("text", *checked_text(params.text("text"), params.text("parse_mode")))
        if what == "caption":
            if not any(kind in old for kind in CAPTIONED):
                raise bad_request("there is no caption in the message to edit")
            kept = {k: v for k, v in kept.items() if k not in {"caption", "caption_entities"}}
            return kept | self._caption(params)
        return kept

    def edit_media(self, params: Params) -> Json:
        chat = self.world.writable_chat(params.get("chat_id"))
        old = chat.messages.get(params.need_number("message_id", "message identifier is not specified"))
        if old is None:
            raise bad_request("message to edit not found")
        if old["from"]["id"] != self.world.bot["id"]:
            raise bad_request("message can't be edited")
        content = self._album_item(params.get("media"), params)
        markup = checked_markup(params.get("reply_markup"), private=chat.private, inline_only=True)
        gone = {"text", "entities", "caption", "caption_entities", "reply_markup", *CAPTIONED}
        kept = {k: v for k, v in old.items() if k not in gone}
        old.clear()
        old.update(kept | content | ({"reply_markup": markup} if markup else {}) | {"edit_date": self.world.date()})
        return old

    def delete(self, params: Params) -> bool:
        chat = self.world.writable_chat(params.get("chat_id"))
        number = params.need_number("message_id", "message identifier is not specified")
        message = chat.messages.get(number)
        if message is None:
            raise bad_request("message to delete not found")
        mine = message["from"]["id"] == self.world.bot["id"] or chat.private or chat.bot == "administrator"
        if not mine or self.world.date() - message["date"] > TWO_DAYS:
            raise bad_request("message can't be deleted")
        del chat.messages[number]
        chat.from_bot[:] = [m for m in chat.from_bot if m["message_id"] != number]
        return True

    def forward(self, params: Params, *, copy: bool) -> Json:
        """Forwarded and copied messages lose their buttons."""
        source = self.world.find_chat(params.get("from_chat_id"))
        message = source.messages.get(params.need_number("message_id", "message identifier is not specified"))
        if message is None:
            raise bad_request(f"message to {'copy' if copy else 'forward'} not found")
        gone = {"message_id", "from", "chat", "date", "reply_markup", "edit_date", "reply_to_message",
                "message_thread_id", "is_topic_message", "media_group_id"}  # fmt: skip
        content = {k: v for k, v in message.items() if k not in gone}
        if copy:
            return {"message_id": self.post(params, content)["message_id"]}
        origin = {"type": "user", "sender_user": message["from"], "date": message["date"]}
        return self.post(params, content | {"forward_origin": origin})


def _with_entities(name: str, text: str, entities: list[Json]) -> Json:
    key = "entities" if name == "text" else "caption_entities"
    return {name: text} | ({key: entities} if entities else {})


def _face(message: Json) -> Json:
    return {k: message.get(k) for k in ("text", "entities", "caption", "caption_entities", "reply_markup")}


def _point(params: Params) -> Json:
    latitude, longitude = params.decimal("latitude"), params.decimal("longitude")
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise bad_request("wrong latitude or longitude specified")
    return {"latitude": latitude, "longitude": longitude}
