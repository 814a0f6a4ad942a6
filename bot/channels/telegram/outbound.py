"""Sends one message: its files, its words in parts, its keyboard; mends small refusals, explains the others."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Any

from msgspec.structs import replace

from bot.channels.memory import Recent
from bot.channels.steps import Left, Step, go_on
from bot.channels.telegram import errors, files
from bot.channels.telegram.client import Client
from bot.channels.telegram.keyboards import REMOVE, Keys, ReplyKeyboards, keys
from bot.channels.telegram.problems import ApiError
from bot.channels.telegram.wording import CAPTION_LIMIT, html, paragraphs, plain, quiet, shorten, split, units
from usecases.ports import Failure, MessageIds, Outgoing, SendFailed

Json = dict[str, Any]
DEADLINE_S = 19.0  # the sender gives a send 20 s: we know better than it whether anything left
FILES_DEADLINE_S = 45.0  # below the lease of an outbox row (60 s) by more than the start may be late (5 s)
NO_PREVIEW = {"is_disabled": True}


class Outbound:
    """The sending half of the channel.

    A message may need several calls (an album, then words). What is done is remembered by the message's id, so
    that a repeat after a failure goes on where it stopped instead of showing everything twice.
    """

    def __init__(self, client: Client, *, ticks: Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._ticks = ticks
        self.keyboards = ReplyKeyboards()
        self._left: Left = Recent(2_000)
        self._captions: Recent[tuple[str, str], bool] = Recent(10_000)  # messages whose words are a caption
        self._blocked: Recent[str, float] = Recent(100)  # chat: until when it is paused after a 429

    async def send(self, message: Outgoing) -> MessageIds:
        """Deliver or edit; the platform's ids, that of the message with words and buttons last. raises: SendFailed."""
        until = self._ticks() + (FILES_DEADLINE_S if message.photos else DEADLINE_S)
        try:
            return await (self._edit if message.edit_of else self._deliver)(message, until)
        except ApiError as error:
            failed = errors.explain(error, peer=message.peer, editing=bool(message.edit_of))
            error.with_traceback(None)  # its frames hold the files that were to be sent, and it is held by one of them
        except ValueError:  # a peer or id that is no number
            failed = SendFailed(Failure.REFUSED, "not an address of Telegram")
        if failed.retry_after_s:
            failed.whole_bot = self._pauses_everybody(message.peer, failed.retry_after_s)
        try:
            raise failed
        finally:
            del failed  # for the same reason

    # ── new messages ──
    async def _deliver(self, message: Outgoing, until: float) -> MessageIds:
        return await go_on(self._left, message, self._plan, until)

    def _plan(self, message: Outgoing) -> list[Step]:
        """The calls a message needs, in order."""
        below = keys(message)
        text = _with_lines(message.text, below.instead)
        if files.fits_one_picture(message.photos) and plain(text).strip() and units(text) <= CAPTION_LIMIT:
            return [partial(self._picture, message, text, below)]
        steps: list[Step] = [partial(self._files, message, batch) for batch in files.batches(message.photos)]
        if plain(text).strip():
            steps += self._words(message, text, below)
        return steps

    def _words(self, message: Outgoing, text: str, below: Keys) -> list[Step]:
        parts: list[tuple[str, Json | None]] = [(part, None) for part in split(text)]
        parts[-1] = (parts[-1][0], below.markup)
        stays = message.group or message.keeps_keyboard or below.reply_keyboard
        if not stays and self.keyboards.is_out(message.peer):
            parts = self._without_old_keyboard(message.peer, parts)
        return [partial(self._say, message, part, markup, at == 0) for at, (part, markup) in enumerate(parts)]

    def _without_old_keyboard(self, peer: str, parts: list[tuple[str, Json | None]]) -> list[tuple[str, Json | None]]:
        """Take the location keyboard away. Telegram allows one markup per message, so when this message has
        buttons of its own and the old keyboard still covers the screen, it goes out as two messages."""
        for at, (part, markup) in enumerate(parts):
            if markup is None:
                return [*parts[:at], (part, REMOVE), *parts[at + 1 :]]
        cut = paragraphs(parts[0][0]) if self.keyboards.is_open(peer) else None
        return parts if cut is None else [(cut[0], REMOVE), (cut[1], parts[0][1])]

    async def _say(self, message: Outgoing, text: str, markup: Json | None, first: bool, until: float) -> MessageIds:
        params = _address(message, reply=first) | {
            "text": html(text),
            "parse_mode": "HTML",
            "link_preview_options": NO_PREVIEW,
        }
        if markup is not None:
            params["reply_markup"] = markup
            if "keyboard" in markup:
                self.keyboards.shown(message.peer, markup)
        sent = await self._call("sendMessage", params, message, plain(text), until)
        if markup is REMOVE:
            self.keyboards.removed(message.peer)
        return _ids(sent)

    async def _picture(self, message: Outgoing, text: str, below: Keys, until: float) -> MessageIds:
        """One picture with the words as its caption and the buttons below: a card."""
        upload = await files.load(message.photos[0])
        if upload is None:
            return await self._say(message, text, below.markup, True, until)
        caption = {"caption": html(text), "parse_mode": "HTML"}
        params = _address(message, reply=True) | caption
        if below.markup is not None:
            params["reply_markup"] = below.markup
            if below.reply_keyboard:
                self.keyboards.shown(message.peer, below.markup)
        try:
            sent = await self._call("sendPhoto", params | {"photo": upload}, message, plain(text), until)
        except ApiError as error:
            if errors.says(error, errors.NO_FILES_HERE):
                return await self._say(message, text, below.markup, True, until)
            if not errors.says(error, errors.BAD_FILE):
                raise
            sent = await self._call("sendDocument", params | {"document": upload}, message, plain(text), until)
        (posted,) = _ids(sent)
        self._captions.put((message.peer, posted), True)
        return (posted,)

    async def _files(self, message: Outgoing, batch: files.Batch, until: float) -> MessageIds:
        """One file, or an album. What the group does not allow, or the platform cannot show, is not insisted on."""
        try:
            return await self._upload(message, batch, until)
        except ApiError as error:
            if errors.says(error, errors.NO_FILES_HERE):
                return ()
            if not errors.says(error, errors.BAD_FILE):
                raise
        sent: MessageIds = ()
        for file in batch:
            try:
                sent += await self._upload(message, (replace(file, kind="document"),), until)
            except ApiError as error:
                if not errors.says(error, errors.BAD_FILE + errors.NO_FILES_HERE):
                    raise
        return sent

    async def _upload(self, message: Outgoing, batch: files.Batch, until: float) -> MessageIds:
        method, params = await files.call(batch)
        if not method:
            return ()
        alone = not plain(message.text).strip()  # with words, it is they that quote
        sent = await self._call(method, _address(message, reply=alone) | params, message, "", until)
        return _ids(*sent) if isinstance(sent, list) else _ids(sent)

    # ── edits ──
    async def _edit(self, message: Outgoing, until: float) -> MessageIds:
        place = (message.peer, message.edit_of)
        below = keys(message)
        text = _with_lines(message.text, below.instead)
        params: Json = {"chat_id": _chat(message.peer), "message_id": int(message.edit_of), "parse_mode": "HTML"}
        if below.markup is not None:
            params["reply_markup"] = below.markup
        words = shorten(text)
        try:
            if not self._captions.get(place):
                edit = params | {"text": html(words), "link_preview_options": NO_PREVIEW}
                await self._call("editMessageText", edit, message, plain(words), until)
                return (message.edit_of,)
        except ApiError as error:
            if errors.says(error, errors.NOT_MODIFIED):
                return (message.edit_of,)
            if not errors.says(error, errors.NO_TEXT):
                raise
            self._captions.put(place, True)
        return await self._edit_caption(message, params, text, until)

    async def _edit_caption(self, message: Outgoing, params: Json, text: str, until: float) -> MessageIds:
        if units(text) > CAPTION_LIMIT:
            raise SendFailed(Failure.CANNOT_EDIT, "too long for the words of a picture")
        try:
            await self._call("editMessageCaption", params | {"caption": html(text)}, message, plain(text), until)
        except ApiError as error:
            if not errors.says(error, errors.NOT_MODIFIED):
                raise
        return (message.edit_of,)

    # ── calls ──
    async def _call(self, method: str, params: Json, message: Outgoing, words: str, until: float) -> Any:
        """One call; what the platform refuses for a reason we can remove is tried again without it.

        words: the same words without formatting, should the platform not accept our HTML
        """
        while True:
            left = until - self._ticks()
            if left < 1:
                raise SendFailed(Failure.NOT_SENT, "no time left")
            try:
                return await self._client.call(method, params, deadline_s=min(left, DEADLINE_S * 2))
            except ApiError as error:
                mended = _mended(error, params, message, words)
                if mended is None:
                    raise
                params = mended

    def _pauses_everybody(self, peer: str, seconds: float) -> bool:
        """A 429 does not say whom it means. Two chats paused at once mean the whole bot."""
        now = self._ticks()
        others = [until for chat, until in self._blocked.items() if chat != peer and until > now]
        self._blocked.put(peer, now + seconds)
        return bool(others)


def _ids(*sent: Json) -> MessageIds:
    return tuple(str(one["message_id"]) for one in sent)


def _mended(error: ApiError, params: Json, message: Outgoing, words: str) -> Json | None:
    """The parameters without what was refused; None when nothing of the kind is in them."""
    field = "caption" if "caption" in params else "text"
    if "parse_mode" in params and errors.says(error, errors.MARKUP):
        bare = {name: value for name, value in params.items() if name != "parse_mode"}
        return bare | {field: words}
    if "reply_parameters" in params and errors.says(error, errors.QUOTED_GONE):
        return {name: value for name, value in params.items() if name != "reply_parameters"}
    if errors.says(error, errors.BAD_LINK) and "url" in str(params.get("reply_markup")):
        return _without_links(params, message, field)
    return None


def _without_links(params: Json, message: Outgoing, field: str) -> Json:
    """Buttons whose address was refused become lines of text."""
    below = keys(message, links=False)
    lines = "".join(f"\n{line}" for line in below.instead if line not in str(params.get(field)))
    lines = html(lines) if "parse_mode" in params else lines
    bare = {name: value for name, value in params.items() if name != "reply_markup"}
    markup = {"reply_markup": below.markup} if below.markup else {}
    return bare | {field: f"{params.get(field, '')}{lines}"} | markup


def _with_lines(text: str, lines: tuple[str, ...]) -> str:
    """All the words of a message, as they are then counted, cut and sent."""
    return quiet(text if not lines else "\n\n".join(part for part in (text, "\n".join(lines)) if part))


def _chat(peer: str) -> int:
    return int(peer.partition("/")[0])


def _address(message: Outgoing, *, reply: bool) -> Json:
    """Chat, topic and quoted message."""
    chat, _, topic = message.peer.partition("/")
    params: Json = {"chat_id": int(chat)}
    if topic:
        params["message_thread_id"] = int(topic)
    if reply and message.reply_to:
        params["reply_parameters"] = {"message_id": int(message.reply_to), "allow_sending_without_reply": True}
    return params
