"""Fetches a received file: its id → an address that lives five minutes → its bytes, from WhatsApp's own hosts only."""

from __future__ import annotations

import base64
import binascii
import hashlib

import aiohttp
from yarl import URL

from bot.channels import whole
from bot.channels.whatsapp.client import Client, GraphError, Refused
from usecases.ports import FetchFailed

DEADLINE_S = 25.0
HOSTS = ("lookaside.fbsbx.com",)
DOMAINS = (".fbcdn.net", ".whatsapp.net")
MEGABYTE = 2**20
LIMITS = {"image": 5 * MEGABYTE, "audio": 16 * MEGABYTE, "video": 16 * MEGABYTE}
LIMIT = 20 * MEGABYTE
GONE = (400, 404, 410)


async def fetch(client: Client, ref: str, *, deadline_s: float = DEADLINE_S) -> bytes:
    """The bytes of a file; what they hash to must be what was announced. raises: FetchFailed."""
    found, _, digest = ref.partition("#")
    for attempt in (1, 2):
        url, limit, digests = await _address(client, found)
        wanted = {value for value in (_plain_hash(digest), *digests) if value}
        data = await _bytes(client, url, limit, deadline_s)
        if data is None:  # the address had run out: once more with a new one
            if attempt == 1:
                continue
            raise FetchFailed("the address runs out before it is used")
        if wanted and hashlib.sha256(data).hexdigest() not in wanted:
            raise FetchFailed("not the file that was announced")
        return data
    raise FetchFailed("unreachable")


async def _address(client: Client, found: str) -> tuple[URL, int, list[str]]:
    """Where a file lies now, how large it may be, what it hashes to."""
    if not found.isalnum():
        raise FetchFailed("no usable file id", permanent=True)
    try:
        told = await client.get(found, {"phone_number_id": client.number})
    except Refused as refused:
        lasting = refused.status in GONE and refused.code not in (1, 2, 4, 130429, 131000, 131016)
        raise FetchFailed(f"the platform does not give this file (code {refused.code})", permanent=lasting) from None
    except GraphError as error:
        raise FetchFailed(str(error)) from None
    address, mime, size = told.get("url"), told.get("mime_type"), told.get("file_size")
    limit = LIMITS.get(mime.split("/")[0], LIMIT) if isinstance(mime, str) else LIMIT
    if isinstance(size, str) and size.isdecimal():
        size = int(size)
    if type(size) is int and size > limit:
        raise FetchFailed(f"larger than {limit // MEGABYTE} MB", permanent=True)
    digest = told.get("sha256")
    return _allowed(client, address), limit, [_plain_hash(digest)] if isinstance(digest, str) else []


def _allowed(client: Client, address: object) -> URL:
    """The token goes along, so only hosts that we know get to see it."""
    try:
        url = URL(address) if isinstance(address, str) else URL()
    except ValueError:
        url = URL()
    host = url.host or ""
    own = (url.scheme, host, url.port) == (client.base.scheme, client.base.host, client.base.port)
    known = url.scheme == "https" and url.port == 443 and (host in HOSTS or host.endswith(DOMAINS))
    if not (own or known) or url.user:
        raise FetchFailed("an address of strangers", permanent=True)
    return url


async def _bytes(client: Client, url: URL, limit: int, deadline_s: float) -> bytes | None:
    """None when the address is not valid any more."""
    try:
        async with client.download(url, deadline_s=deadline_s) as answer:
            if answer.status in (401, 403, 404, 410):
                return None
            if answer.status != 200:
                raise FetchFailed(f"HTTP {answer.status}")
            if (answer.content_length or 0) > limit:
                raise FetchFailed(f"larger than {limit // MEGABYTE} MB", permanent=True)
            return await whole.read(answer.content, limit)
    except whole.TooLong:
        raise FetchFailed(f"larger than {limit // MEGABYTE} MB", permanent=True) from None
    except (aiohttp.ClientError, OSError, TimeoutError) as caught:
        problem = type(caught).__name__  # its words would hold the address
    raise FetchFailed(problem)


def _plain_hash(digest: str) -> str:
    """A SHA-256 as hex, written as hex or base64; "" when it is none."""
    if len(digest) == 64 and all(sign in "0123456789abcdefABCDEF" for sign in digest):
        return digest.lower()
    try:
        raw = base64.b64decode(digest, validate=True)
    except (binascii.Error, ValueError):
        return ""
    return raw.hex() if len(raw) == 32 else ""
