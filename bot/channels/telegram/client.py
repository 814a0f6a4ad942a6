"""The Bot API as one function: `call(method, parameters)`; the token stays inside."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import aiohttp
from yarl import URL

from bot.channels.telegram.late import loaded
from bot.channels.telegram.problems import EndPointNotFound, InvalidToken, Unclear
from bot.channels.telegram.request import DEADLINE_S, Transport, decoded, dumps

if TYPE_CHECKING:
    from bot.channels.telegram.library import Library

OFFICIAL = "https://api.telegram.org"


class Client:
    """A token at a server.

    A call of plain values takes the short way (docs/decisions/0010): JSON over an open connection. Calls with files,
    and the meaning of refusals, are python-telegram-bot's, which is loaded when it is first needed, or by `get_ready`.
    """

    def __init__(self, token: str, api_url: str = OFFICIAL) -> None:
        # Its debug lines hold the URL with the token, and the words of every message.
        logging.getLogger("telegram").setLevel(logging.WARNING)
        self._token, self._api_url = token, api_url
        self.elsewhere = "" if api_url == OFFICIAL else api_url
        self._transport = Transport(api_url)
        self._path = f"{URL(api_url).raw_path.rstrip('/')}/bot{token}/"
        self._files = f"{api_url}/file/bot{token}/"
        self._loaded: Library | None = None

    async def get_ready(self) -> None:
        """Load what the first call with a file, or the first refusal, would have to wait for."""
        await self._library()

    async def call(self, method: str, params: Mapping[str, Any], *, deadline_s: float | None = None) -> Any:
        """The `result` of one method. raises: ApiError.

        Files are passed as telegram.InputFile (or input media that hold one).
        """
        body = _plain(params) if self._transport.short else None
        if body is None:
            library = await self._library()
            answer = library.call(method, params, deadline_s)
        else:
            answer = self._short_way(method, body, deadline_s or DEADLINE_S)
        try:
            return await answer
        except (KeyError, TypeError, AttributeError, ValueError) as odd:
            problem = Unclear(f"answer of unexpected form ({type(odd).__name__})")
        raise problem

    async def _short_way(self, method: str, body: bytes, deadline_s: float) -> Any:
        status, payload = await self._transport.short_way(self._path + method, body, deadline_s)
        if status < 300:
            return decoded(payload)["result"]
        library = await self._library()
        refused = await library.refusal(status, payload)
        if status == 404 and isinstance(refused, InvalidToken):  # the library takes it for 401
            refused = EndPointNotFound(refused.message)
        raise refused

    def file(self, path: str, *, deadline_s: float) -> Any:
        """A download in progress (an aiohttp request context); redirects are not followed."""
        return self._transport.session.get(
            URL(self._files + path, encoded=False),
            timeout=aiohttp.ClientTimeout(total=deadline_s, connect=8),
            allow_redirects=False,
        )

    async def close(self) -> None:
        await self._transport.close()

    async def _library(self) -> Library:
        if self._loaded is None:
            kind = await asyncio.to_thread(_load)  # takes a quarter of a second: the loop goes on meanwhile
            self._loaded = kind(self._token, self._api_url, self._transport)
        return self._loaded


def _load() -> type[Library]:
    """raises: NotLoaded"""
    kind: type[Library] = loaded("bot.channels.telegram.library").Library
    return kind


def _plain(params: Mapping[str, Any]) -> bytes | None:
    """The parameters as JSON; None when they hold files or objects of the library."""
    try:
        return dumps(params)
    except TypeError:
        return None
