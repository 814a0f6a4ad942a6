"""A city hall whose citizen uses WhatsApp: every event goes through a webhook's JSON, every answer through a form's."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from msgspec.structs import replace

from bot.channels.whatsapp.inbound import parse
from bot.channels.whatsapp.interactive import forms
from conversations.inbound import Inbound, Kind, MediaKind
from tests.bench.fake_whatsapp import NUMBER
from tests.bench.whatsapp_people import shown
from tests.bench.whatsapp_rules import check_message
from tests.channels.whatsapp.bodies import body, contact, said
from tests.conversations.hall import Hall
from tests.usecases.town import Town
from texts.text import say
from usecases.deliver import Job
from usecases.ports import Outgoing

ME = "6281200005001"
FILES = {
    MediaKind.PHOTO: "image",
    MediaKind.VIDEO: "video",
    MediaKind.DOCUMENT: "document",
    MediaKind.AUDIO: "audio",
    MediaKind.VOICE: "audio",
}
UNREADABLE = {"sticker": "sticker", "contact": "contacts", "poll": "poll"}
Json = dict[str, Any]


class WhatsAppTown(Town):
    """Its citizens write through webhooks; what it says becomes forms, and each is held against the rules."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.screen: dict[str, str] = {}  # data of what can be pressed now -> "" or the number to be typed
        self.forms: list[Json] = []

    def chat(self, peer: str, *, group: bool = False, channel: str = "") -> Any:
        return super().chat(peer, group=group, channel=channel or ("telegram" if group else "whatsapp"))

    def report(self, peer: str = ME, category: str = "PJU", channel: str = "", **draft: Any) -> Any:
        return super().report(peer, category, channel or "whatsapp", **draft)

    def message(self, peer: str, text: str = "", **more: Any) -> Inbound:
        made = super().message(peer, text, **more)
        if len(made.attachments) > 1 or (made.kind is Kind.EDIT and made.pin):
            return replace(made, channel="whatsapp")  # an app of Telegram's kind only
        content = _content(made)
        wire: Json = {
            "from": peer,
            "id": f"wamid.{made.key.rsplit(':', 1)[1]}",
            "timestamp": str(int(made.at.timestamp())),
        }
        if made.reply_to:
            wire["context"] = {"id": made.reply_to}
        parsed = parse(body(said(wire | content, contacts=[contact(peer)])), number=NUMBER, now=self.clock.now())
        assert not parsed.odd, parsed.odd
        [event] = parsed.messages
        return event

    def deliver_jobs(self) -> list[Job]:
        jobs = super().deliver_jobs()
        for job in jobs:
            if job.row.channel == "whatsapp" and not job.message.photos and job.message.template is None:
                self._shows(job.message)
        return jobs

    def _shows(self, message: Outgoing) -> None:
        envelope = {"messaging_product": "whatsapp", "to": message.peer}
        made = forms(message, lambda name, locale: self.house.render(say(f"whatsapp.{name}"), locale))
        seen = []
        for number, form in enumerate(made):
            check_message(envelope | form)
            seen.append(shown(form, f"{message.id}.{number}"))
        self.forms += made
        presses = [b.data for row in message.rows for b in row if b.kind == "press"]
        offered = [b["id"] for screen in seen for b in screen["buttons"]]
        if seen[-1]["kind"] == "location_request_message":
            self.screen |= {data: str(place) for place, data in enumerate(presses, 1)}
            assert all(f"\n{place}. " in seen[-1]["text"] for place in range(1, len(presses) + 1))
        else:
            assert offered == presses, "a choice was lost on the way"
            self.screen |= dict.fromkeys(presses, "")


class WhatsAppHall(Hall):
    """The world of stories, on WhatsApp."""

    town: WhatsAppTown

    def __init__(self, town: WhatsAppTown) -> None:
        super().__init__(town)
        self._open_window()

    def given(self, ticket: Mapping[str, Any]) -> None:
        self._open_window()
        super().given(ticket)
        self._open_window()

    def _open_window(self) -> None:
        """The citizen wrote a moment ago, before the story begins."""
        late = datetime(2027, 1, 1, tzinfo=UTC)
        self.town.do(lambda unit: unit.chats._update(self.chat.id, window_until=late))  # type: ignore[attr-defined]

    def _event(self, happens: Mapping[str, Any]) -> Inbound:
        if "press" in happens:
            data = self.data.get(self._real(happens["press"]), "0|" + happens["press"])
            if number := self.town.screen.get(data, ""):
                return self.town.message(ME, number)
        return super()._event(happens)


def _content(made: Inbound) -> Json:
    """What a message holds, as Meta writes it."""
    if made.kind is Kind.PRESS or made.action:
        reply = {"id": made.action, "title": "…"}
        return {"type": "interactive", "interactive": {"type": "button_reply", "button_reply": reply}}
    if made.kind is Kind.EDIT:
        inner = {"type": "text", "text": {"body": made.text}}
        return {"type": "edit", "edit": {"original_message_id": made.message_id, "message": inner}}
    if made.pin is not None:
        return {"type": "location", "location": {"latitude": made.pin.lat, "longitude": made.pin.lon}}
    if made.attachments:
        [file] = made.attachments
        name = FILES[file.kind]
        caption = {"caption": made.text} if made.text else {}
        return {"type": name, name: {"id": file.ref, "voice": file.kind is MediaKind.VOICE} | caption}
    if made.unreadable:
        name = UNREADABLE.get(made.unreadable, "unsupported")
        return {"type": name, name: {}}
    return {"type": "text", "text": {"body": f"/{made.command} {made.text}".strip() if made.command else made.text}}


def tickets(town: Town) -> list[Json]:
    """What became of all reports, without what differs by nature (ids, who is told where)."""
    columns = (
        "number, status, outcome, cycle, category, agency, text, lat, lon, kelurahan, place_words, "
        "place_source, named, confidential, danger, questions, reopenings, bounces, followers, citizen_note, last_note"
    )
    found = [dict(row._mapping) for row in town.rows(f"select {columns} from ticket order by id")]
    moves = town.rows(
        "select ticket_id, action, from_status, to_status, note from ticket_event order by ticket_id, seq"
    )
    files = town.rows("select ticket_id, kind, purpose from media order by id")
    ratings = town.rows("select ticket_id, cycle, stars, remark from rating order by ticket_id")
    rest = [json.dumps([list(row) for row in rows]) for rows in (moves, files, ratings)]
    return [*found, {"moves": rest[0], "files": rest[1], "ratings": rest[2]}]
