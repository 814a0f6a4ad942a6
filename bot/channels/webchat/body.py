"""Reading requests with limits: sizes are checked while bytes arrive, never after."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import BodyPartReader, web

from bot.channels import whole
from bot.channels.body import Unreadable, parse_json
from bot.channels.webchat.inbound import BadMessage
from bot.channels.webchat.incoming import MAX_FILE, sniff
from conversations.inbound import MediaKind

MAX_JSON = 64 * 1024
MAX_FIELD = 20 * 1024
MAX_FILES = 10
MAX_UPLOAD = MAX_FILES * MAX_FILE + 64 * 1024
JSON_S = 20.0
UPLOAD_S = 180.0  # a slow phone with a large picture
FIELDS = frozenset({"id", "caption", "reply_to", "lang", "chat", "as"})


class Refused(Exception):
    """The request is answered with this status and code; the page has words for every code."""

    def __init__(self, status: int, code: str, *, wait_s: float = 0.0) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.wait_s = wait_s

    def response(self) -> web.Response:
        headers = {"Retry-After": str(int(self.wait_s + 0.999))} if self.wait_s else {}
        response = answer({"error": self.code}, self.status, headers)
        if self.status in (408, 411, 413, 415):  # the rest of the body is not worth reading
            response.force_close()
        return response


def answer(data: dict[str, Any], status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """A small JSON answer that nothing may keep or guess at."""
    safe = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    return web.json_response(data, status=status, headers=safe | (headers or {}))


async def json_of(request: web.Request) -> Any:
    """The JSON of a request. raises: Refused"""
    _plain(request)
    if request.content_type != "application/json":
        raise Refused(415, "json")
    try:
        async with asyncio.timeout(JSON_S):
            body = await whole.read(request.content, MAX_JSON)
        return parse_json(body)
    except whole.TooLong:
        raise Refused(413, "big") from None
    except TimeoutError:
        raise Refused(408, "late") from None
    except Unreadable:
        raise Refused(400, "bad") from None


def upload_size(request: web.Request) -> int:
    """The announced size of an upload. raises: Refused"""
    _plain(request)
    if request.content_type != "multipart/form-data":
        raise Refused(415, "form")
    size = request.content_length
    if size is None:
        raise Refused(411, "length")
    if size > MAX_UPLOAD:
        raise Refused(413, "big")
    return size


async def form_of(request: web.Request) -> tuple[dict[str, str], list[tuple[MediaKind, str, bytes]]]:
    """Fields and files (kind, type, bytes) of a multipart form. raises: Refused"""
    try:
        async with asyncio.timeout(UPLOAD_S):
            return await _form(request)
    except TimeoutError:
        raise Refused(408, "late") from None
    except (ValueError, AssertionError, UnicodeDecodeError):  # what aiohttp raises on broken multipart
        raise Refused(400, "bad") from None


async def _form(request: web.Request) -> tuple[dict[str, str], list[tuple[MediaKind, str, bytes]]]:
    fields: dict[str, str] = {}
    files: list[tuple[MediaKind, str, bytes]] = []
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            raise Refused(400, "bad")
        if part.name == "files":
            if len(files) == MAX_FILES:
                raise Refused(413, "many")
            files.append(await _file(part))
        elif part.name in FIELDS and part.name not in fields:
            fields[part.name] = (await _read(part, MAX_FIELD)).decode()
        else:
            raise Refused(400, "bad")
    if not files:
        raise Refused(400, "empty")
    return fields, files


async def _file(part: BodyPartReader) -> tuple[MediaKind, str, bytes]:
    content = await _read(part, MAX_FILE)
    found = sniff(content[:16], part.headers.get("Content-Type", ""))
    if found is None:
        raise Refused(415, "kind")
    return (*found, content)


async def _read(part: BodyPartReader, limit: int) -> bytes:
    content = bytearray()
    while chunk := await part.read_chunk(64 * 1024):
        content += chunk
        if len(content) > limit:
            raise Refused(413, "big")
    return bytes(content)


def _plain(request: web.Request) -> None:
    """Compressed bodies are refused: a page of ours never sends one, a bomb is always one."""
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Refused(415, "packed")


def text_field(data: Any, name: str) -> str:
    """A short string of a JSON object. raises: BadMessage"""
    value = data.get(name) if isinstance(data, dict) else None
    if not isinstance(value, str) or not 1 <= len(value) <= 64:
        raise BadMessage(f"{name} is missing")
    return value
