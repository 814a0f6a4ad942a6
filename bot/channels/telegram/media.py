"""Fetches a received file; the address with the token never leaves the client."""

from __future__ import annotations

import re

import aiohttp

from bot.channels import whole
from bot.channels.telegram import errors
from bot.channels.telegram.client import Client
from bot.channels.telegram.content import DOWNLOAD_LIMIT
from bot.channels.telegram.problems import ApiError, BadRequest
from usecases.ports import FetchFailed

DEADLINE_S = 30.0
_PATH = re.compile(r"[A-Za-z0-9_.\-]+(?:/[A-Za-z0-9_.\-]+)*")
_FOR_GOOD = ("file is too big", "invalid file_id", "wrong file_id", "wrong remote file identifier",
             "wrong file identifier", "file_reference")  # fmt: skip
_FOR_NOW = ("temporarily unavailable",)


async def fetch(client: Client, ref: str, *, limit: int = DOWNLOAD_LIMIT, deadline_s: float = DEADLINE_S) -> bytes:
    """The bytes of a file, at most 20 MB, from the API's own host. raises: FetchFailed."""
    path = await _path(client, ref, limit)
    try:
        async with client.file(path, deadline_s=deadline_s) as answer:
            if answer.status != 200:  # an old path: the next try asks for a new one
                raise FetchFailed(f"HTTP {answer.status}")
            if (answer.content_length or 0) > limit:
                raise FetchFailed("larger than 20 MB", permanent=True)
            return await whole.read(answer.content, limit)
    except whole.TooLong:
        raise FetchFailed("larger than 20 MB", permanent=True) from None
    except (aiohttp.ClientError, OSError, TimeoutError, ApiError) as caught:
        problem = type(caught).__name__  # its words would hold the address
    raise FetchFailed(problem)


async def _path(client: Client, ref: str, limit: int) -> str:
    try:
        file = await client.call("getFile", {"file_id": ref})
    except BadRequest as error:
        lasting = errors.says(error, _FOR_GOOD) and not errors.says(error, _FOR_NOW)
        raise FetchFailed("the platform does not give this file", permanent=lasting) from None
    except ApiError as error:
        raise FetchFailed(type(error).__name__) from None
    path, size = (file.get("file_path"), file.get("file_size")) if isinstance(file, dict) else (None, None)
    if type(size) is int and size > limit:
        raise FetchFailed("larger than 20 MB", permanent=True)
    if not isinstance(path, str) or not _PATH.fullmatch(path) or ".." in path:
        raise FetchFailed("no usable path", permanent=True)
    return path
