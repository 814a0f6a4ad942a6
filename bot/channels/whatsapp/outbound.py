"""Sends one message: its files, its words, its choices; remembers what is out, so that nothing is said twice."""

from __future__ import annotations

import asyncio
import logging
import mimetypes
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from bot.channels.memory import Recent
from bot.channels.steps import Left, Step, go_on
from bot.channels.whatsapp import errors, people
from bot.channels.whatsapp.client import Client, GraphError, Refused
from bot.channels.whatsapp.interactive import Words, forms, with_picture
from bot.channels.whatsapp.wording import plain
from usecases.ports import Failure, MessageIds, Outgoing, Photo, SendFailed, Template

log = logging.getLogger(__name__)

Json = dict[str, Any]

DEADLINE_S = 19.0
FILES_DEADLINE_S = 44.0
KEPT_THERE_S = 25 * 86_400.0  # an uploaded file lives 30 days
KINDS = {"photo": "image", "video": "video", "voice": "audio", "audio": "audio"}
ALLOWED = {
    "image": ("image/jpeg", "image/png"),
    "video": ("video/mp4", "video/3gpp"),
    "audio": ("audio/ogg", "audio/mpeg", "audio/mp4", "audio/aac", "audio/amr"),
}


class Outbound:
    """The sending half of the channel."""

    def __init__(self, client: Client, words: Words, *, ticks: Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._words = words
        self._ticks = ticks
        self._scoped = True  # messages may be addressed to a scoped id
        self._left: Left = Recent(2_000)
        self._uploaded: Recent[str, tuple[str, float]] = Recent(5_000)  # hash -> the platform's id, until when

    async def send(self, message: Outgoing) -> MessageIds:
        """Deliver; the platform's ids, that of the message that carries the words last. raises: SendFailed.

        Nothing can be edited here: what replaces an earlier message is a new one.
        """
        until = self._ticks() + (FILES_DEADLINE_S if message.photos else DEADLINE_S)
        try:
            return await self._deliver(message, until)
        except GraphError as error:
            failed = errors.explain(error)
        if failed.retry_after_s == errors.SPAM_PAUSE_S:
            log.error("WhatsApp takes our messages for spam; sending pauses for %d minutes", errors.SPAM_PAUSE_S / 60)
        raise failed

    async def _deliver(self, message: Outgoing, until: float) -> MessageIds:
        sent = await go_on(self._left, message, self._plan, until)
        if not sent:
            raise SendFailed(Failure.REFUSED, "none of its files could be shown")
        return sent

    # ── what to send ──
    def _plan(self, message: Outgoing) -> list[Step]:
        """The calls a message needs, in order. The last one is the message itself, the others lead up to it."""
        if message.template is not None:
            return [partial(self._post, message, _template(message.template), "")]
        said = forms(message, self._words) if plain(message.text).strip() or message.rows else []
        photos = list(message.photos)
        if len(photos) == 1 and photos[0].kind == "photo" and len(said) == 1:
            return [partial(self._picture, message, photos[0], said[0])]
        steps: list[Step] = []
        for place, photo in enumerate(photos):
            lesser = bool(said) or place < len(photos) - 1
            steps.append(partial(self._file, message, photo, f".{place + 1}" if lesser else ""))
        for place, form in enumerate(said):
            steps.append(partial(self._post, message, form, f".{place + 51}" if place < len(said) - 1 else ""))
        return steps

    async def _post(self, message: Outgoing, form: Json, part: str, until: float) -> MessageIds:
        number = "" if self._scoped else _number(message)
        return (await self._send(message, _address(number or message.peer) | form | _tags(message, part), until),)

    async def _picture(self, message: Outgoing, photo: Photo, form: Json, until: float) -> MessageIds:
        """A picture and its words in one message, or one after the other where that cannot be."""
        media = await self._upload(photo, until)
        if media and (whole := with_picture(form, media)) is not None:
            return await self._post(message, whole, "", until)
        image = {"type": "image", "image": {"id": media}}
        above = await self._post(message, image, ".1", until) if media else ()
        return above + await self._post(message, form, "", until)

    async def _file(self, message: Outgoing, photo: Photo, part: str, until: float) -> MessageIds:
        media = await self._upload(photo, until)
        if not media:
            return ()
        kind = _kind(photo)
        more = {"filename": _name(photo)} if kind == "document" else {}
        return await self._post(message, {"type": kind, kind: {"id": media, **more}}, part, until)

    async def _upload(self, photo: Photo, until: float) -> str:
        """The platform's id of a file, put there once; "" when it was erased meanwhile."""
        known, valid = self._uploaded.get(photo.sha256) or ("", 0.0)
        if known and valid > self._ticks():
            return known
        try:
            data = await asyncio.to_thread(photo.path.read_bytes)
        except FileNotFoundError:
            log.warning("a kept file is gone and was left out of a message", extra={"sha256": photo.sha256})
            return ""
        try:
            media = await self._client.upload(data, photo.mime, _name(photo), deadline_s=self._left_until(until))
        except Refused as refused:
            if errors.explain(refused).failure is not Failure.REFUSED:
                raise
            log.warning("a file was refused and left out of a message", extra={"sha256": photo.sha256})
            return ""
        except GraphError as error:  # a file that may lie there twice does no harm
            raise SendFailed(Failure.NOT_SENT, str(error)) from None
        self._uploaded.put(photo.sha256, (media, self._ticks() + KEPT_THERE_S))
        return media

    # ── calls ──
    async def _send(self, message: Outgoing, payload: Json, until: float) -> str:
        """One message; what the platform refuses for a reason we can remove is tried again without it."""
        while True:
            try:
                return await self._client.send(payload, deadline_s=min(self._left_until(until), DEADLINE_S))
            except Refused as refused:
                mended = _mended(refused, payload, message)
                if mended is None:
                    raise
                if "recipient" in payload and "to" in mended and refused.code in errors.PARAMETER:
                    self._scoped = False  # this server does not know the field yet: not asked again before a restart
                payload = mended

    def _left_until(self, until: float) -> float:
        left = until - self._ticks()
        if left < 1:
            raise SendFailed(Failure.NOT_SENT, "no time left")
        return left


def callback(outbox_id: int, part: str = "") -> str:
    """What comes back with every status of this message; a part that only leads up to it is marked."""
    return f"s{outbox_id}{part}"


def _tags(message: Outgoing, part: str) -> Json:
    tags: Json = {"biz_opaque_callback_data": callback(message.id, part)}
    if message.reply_to and not part:
        tags["context"] = {"message_id": message.reply_to}
    return tags


def _number(message: Outgoing) -> str:
    """The telephone number of somebody known by another id, as far as we know it."""
    return next((number for other in message.aliases if (number := people.phone(other))), "")


def _address(to: str) -> Json:
    """A scoped id and a phone number go into fields of their own."""
    envelope: Json = {"messaging_product": "whatsapp", "recipient_type": "individual"}
    if people.is_scoped(to):
        return envelope | {"recipient": to}
    number = people.phone(to)
    if not number:
        raise SendFailed(Failure.REFUSED, "not an address of WhatsApp")
    return envelope | {"to": number}


def _mended(refused: Refused, payload: Json, message: Outgoing) -> Json | None:
    """The message without what was refused; None when nothing of the kind is in it."""
    if refused.code in errors.PARAMETER and "context" in payload:  # the quoted message is too old or gone
        return {name: value for name, value in payload.items() if name != "context"}
    number = _number(message)
    if refused.code in (errors.NEEDS_PHONE, *errors.PARAMETER) and "recipient" in payload and number:
        bare = {name: value for name, value in payload.items() if name != "recipient"}
        return bare | {"to": number}
    return None


def _template(template: Template) -> Json:
    components: list[Json] = []
    if template.values:
        slots = [{"type": "text", "text": value or "-"} for value in template.values]
        components.append({"type": "body", "parameters": slots})
    for place, data in enumerate(template.buttons):
        if data:
            pressed = [{"type": "payload", "payload": data}]
            components.append({"type": "button", "sub_type": "quick_reply", "index": str(place), "parameters": pressed})
    inner: Json = {"name": template.name, "language": {"code": template.language}}
    return {"type": "template", "template": inner | ({"components": components} if components else {})}


def _kind(photo: Photo) -> str:
    kind = KINDS.get(photo.kind, "document")
    return kind if photo.mime in ALLOWED.get(kind, ()) else "document"


def _name(photo: Photo) -> str:
    return f"{photo.kind}-{photo.sha256[:12]}{mimetypes.guess_extension(photo.mime) or ''}"
