"""People on the fake WhatsApp: they write, send pictures and places, press what they are shown, and read."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.bench.fake_whatsapp import FakeWhatsApp

Json = dict[str, Any]


class Person:
    """Somebody with the app. phone "": only the scoped id is told; scoped "": an older account."""

    def __init__(self, server: FakeWhatsApp, phone: str, name: str, scoped: str) -> None:
        self.server, self.phone, self.name, self.scoped = server, phone, name, scoped
        self.screen: list[Json] = []  # what arrived, oldest first
        self.wrote_at: float | None = None
        self.blocked = False
        self._seen = 0

    # ── what the person does ──
    def writes(self, text: str, *, reply_to: Json | None = None, **extra: Any) -> Json:
        return self.sends({"type": "text", "text": {"body": text}} | extra, reply_to=reply_to)

    def replies_to(self, message: Json, text: str) -> Json:
        return self.writes(text, reply_to=message)

    def sends_location(self, lat: float, lon: float, **more: Any) -> Json:
        return self.sends({"type": "location", "location": {"latitude": lat, "longitude": lon} | more})

    def sends_photo(self, caption: str = "", *, data: bytes, mime: str = "image/jpeg", **more: Any) -> Json:
        media = self.server.keeps_file(data, mime)
        digest = base64.b64encode(hashlib.sha256(data).digest()).decode()
        image = {"id": media, "mime_type": mime, "sha256": digest} | ({"caption": caption} if caption else {})
        return self.sends({"type": "image", "image": image | more})

    def sends_voice(self, data: bytes = b"OggS" + bytes(100)) -> Json:
        media = self.server.keeps_file(data, "audio/ogg; codecs=opus")
        return self.sends(
            {"type": "audio", "audio": {"id": media, "mime_type": "audio/ogg; codecs=opus", "voice": True}}
        )

    def reacts(self, message: Json, emoji: str) -> Json:
        return self.sends({"type": "reaction", "reaction": {"message_id": message["id"], "emoji": emoji}})

    def presses(self, message: Json, label: str) -> Json:
        """A button or a row of a list, by its words or their beginning."""
        button = next((b for b in message["buttons"] if label in (b["title"] + " " + b.get("description", ""))), None)
        assert button is not None, f"no {label!r} among {[b['title'] for b in message['buttons']]}"
        kind = "list_reply" if message["kind"] == "list" else "button_reply"
        reply = {name: button[name] for name in ("id", "title", "description") if name in button}
        if message["kind"] == "template":
            return self.sends({"type": "button", "button": {"payload": button["id"], "text": button["title"]}}, message)
        return self.sends({"type": "interactive", "interactive": {"type": kind, kind: reply}}, message)

    def sends(self, content: Json, reply_to: Json | None = None) -> Json:
        """Anything; the message as the platform puts it into a webhook."""
        self.wrote_at = self.server.wall()
        message: Json = {"id": self.server.new_id(), "timestamp": str(int(self.server.wall()))} | content
        if self.phone:
            message["from"] = self.phone
        if self.scoped:
            message["from_user_id"] = self.scoped
        if reply_to is not None:
            message["context"] = {"from": self.server.display, "id": reply_to["id"]}
        self.server.arrives({"messages": [message], "contacts": [self.contact()]})
        return message

    def contact(self) -> Json:
        contact: Json = {"profile": {"name": self.name}}
        if self.phone:
            contact["wa_id"] = self.phone
        if self.scoped:
            contact["user_id"] = self.scoped
        return contact

    # ── what the person sees ──
    async def gets(self, pattern: str = "", timeout: float = 5.0) -> Json:
        """The next message not looked at yet whose words fit; those before it count as looked at."""
        loop = asyncio.get_running_loop()
        end = loop.time() + timeout
        while True:
            while self._seen < len(self.screen):
                message = self.screen[self._seen]
                self._seen += 1
                if re.search(pattern, message["text"], re.IGNORECASE | re.DOTALL):
                    return message
            left = end - loop.time()
            assert left > 0, f"{self.name} waited in vain for {pattern!r}:\n{self.transcript()}"
            await asyncio.sleep(0.01)

    def buttons(self, message: Json) -> list[str]:
        """Labels as somebody reads them; a request for the position has one too."""
        labels = [b.get("description") or b["title"] for b in message["buttons"]]
        return [*labels, "Kirim lokasi"] if message["kind"] == "location_request_message" else labels

    def transcript(self) -> str:
        return "\n".join(f"{m['kind']}: {m['text']}  {self.buttons(m)}" for m in self.screen)


def shown(payload: Json, wamid: str) -> Json:
    """A payload as it looks on the telephone."""
    kind, text, buttons = payload["type"], "", []
    inner = payload[kind]
    if kind == "text":
        text = inner["body"]
    elif kind == "template":
        texts = [p["text"] for c in inner.get("components", []) if c["type"] == "body" for p in c["parameters"]]
        text = " | ".join([inner["name"], *texts])
        buttons = [
            {"id": c["parameters"][0]["payload"], "title": f"#{c['index']}"}
            for c in inner.get("components", [])
            if c["type"] == "button"
        ]
    elif kind == "interactive":
        kind, text = inner["type"], inner["body"]["text"]
        if kind == "button":
            buttons = [b["reply"] for b in inner["action"]["buttons"]]
        elif kind == "list":
            buttons = [row for section in inner["action"]["sections"] for row in section["rows"]]
    else:
        text = inner.get("caption", "")
    return {"id": wamid, "kind": kind, "text": text, "buttons": buttons, "payload": payload}
