"""A minimal, fast Bot API for load: answers after a fixed delay and notes when each message went out.

It accepts everything; the strict one lives with the tests. As a process: python -m benchmarks.fast_bot_api --port N
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import html
import itertools
import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from benchmarks.wire import ServerProtocol

TOKEN = "7000000001:AAHsahut-uji-token-bukan-rahasia-000"
FIELD = re.compile(rb'name="(\w+)"[^\r]*\r\n(?:[^\r\n]+\r\n)*\r\n(.*?)\r\n--', re.DOTALL)
TAG = re.compile(r"<[^>]*>")
PIXEL = base64.b64decode(
    "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////////////"
    "////////////////wAALCAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAACf/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8A"
    "KwD/2Q=="
)


@dataclass(frozen=True, slots=True)
class Sent:
    """One message or edit as the bot asked for it; `at` is when the request was complete (monotonic)."""

    chat_id: int
    message_id: int
    method: str
    text: str
    markup: dict[str, Any]
    at: float


class FastBotApi:
    """Answers every call with something a client library can read."""

    def __init__(self, delay: float = 0.0) -> None:
        self.delay = delay
        self.sent: list[Sent] = []
        self.calls = 0
        self.on_sent: Callable[[Sent], None] = lambda sent: None
        self._numbers = itertools.count(1)
        self._server: asyncio.Server | None = None
        self.port = 0

    async def start(self, port: int = 0) -> None:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: ServerProtocol(self.handle), "127.0.0.1", port, backlog=1024)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()

    def handle(self, _verb: bytes, path: bytes, head: bytes, body: bytes, answer: Callable[[bytes], None]) -> None:
        if path.startswith(b"/file/"):
            answer(PIXEL)
            return
        self.calls += 1
        method = path.split(b"?", 1)[0].rsplit(b"/", 1)[-1].decode()
        result = self._result(method, head, body)
        text = json.dumps({"ok": True, "result": result}).encode()
        if self.delay:
            asyncio.get_running_loop().call_later(self.delay, answer, text)
        else:
            answer(text)

    def _result(self, method: str, head: bytes, body: bytes) -> Any:
        name = method.lower()
        if name == "getme":
            return {"id": int(TOKEN.split(":")[0]), "is_bot": True, "first_name": "Bot", "username": "sahut_uji_bot"}
        if name == "getwebhookinfo":
            return {"url": "", "has_custom_certificate": False, "pending_update_count": 0}
        if name == "getupdates":
            return []
        params = parameters(head, body)
        if name == "getfile":
            return {
                "file_id": params.get("file_id"),
                "file_unique_id": "u",
                "file_size": len(PIXEL),
                "file_path": "p.jpg",
            }
        if not name.startswith(("send", "edit")) or name == "sendchataction":
            return True
        sent = self._note(method, params)
        chat = {"id": sent.chat_id, "type": "private", "first_name": "Uji"}
        return {"message_id": sent.message_id, "date": 1_700_000_000, "chat": chat, "text": sent.text}

    def _note(self, method: str, params: dict[str, Any]) -> Sent:
        at = time.perf_counter()
        markup = params.get("reply_markup") or "{}"
        sent = Sent(
            int(params.get("chat_id") or 0), int(params.get("message_id") or next(self._numbers)), method,
            _plain(params),
            json.loads(markup) if isinstance(markup, str) else markup, at,
        )  # fmt: skip
        self.sent.append(sent)
        self.on_sent(sent)
        return sent


def _plain(params: dict[str, Any]) -> str:
    """The words as a reader sees them."""
    words = str(params.get("text") or params.get("caption") or "")
    return html.unescape(TAG.sub("", words)) if params.get("parse_mode") == "HTML" else words


def parameters(head: bytes, body: bytes) -> dict[str, Any]:
    if b"content-type: application/json" in head:
        return dict(json.loads(body))
    if b"multipart/form-data" in head:
        return {name.decode(): value.decode(errors="replace") for name, value in FIELD.findall(body)}
    return dict(parse_qsl(body.decode()))


async def _serve(port: int, delay: float) -> None:
    api = FastBotApi(delay)
    await api.start(port)
    print(f"fast Bot API on http://127.0.0.1:{api.port}, delay {delay * 1000:.0f} ms", flush=True)
    await asyncio.Event().wait()


def main() -> None:
    parser = argparse.ArgumentParser(description="A minimal, fast Bot API for load.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--delay-ms", type=float, default=0.0)
    chosen = parser.parse_args()
    asyncio.run(_serve(chosen.port, chosen.delay_ms / 1000))


if __name__ == "__main__":
    main()
