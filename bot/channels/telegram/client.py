"""The Bot API as one function: `call(method, parameters)`; the token stays inside."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

import aiohttp
from telegram import Bot
from telegram.error import TelegramError
from telegram.request import BaseRequest
from yarl import URL

from bot.channels.telegram.request import DEADLINE_S, AiohttpRequest, Unclear, dumps

OFFICIAL = "https://api.telegram.org"


class Client:
    """python-telegram-bot's Bot for a token and a server, used through its raw calls.

    `Bot.do_api_request` keeps the library's mapping of errors and returns the platform's own JSON. The typed
    methods would build a Message object from each answer, of which we read one number, for twice the CPU.

    A call of plain values takes the short way (docs/decisions/0010): JSON over an open connection. Only its refusal
    goes through the library, which knows what each means.
    """

    def __init__(self, token: str, api_url: str = OFFICIAL) -> None:
        # Its debug lines hold the URL with the token, and the words of every message.
        logging.getLogger("telegram").setLevel(logging.WARNING)
        self._request = AiohttpRequest(api_url)
        self._path = f"{URL(api_url).raw_path.rstrip('/')}/bot{token}/"
        self._files = f"{api_url}/file/bot{token}/"
        self._bot = Bot(
            token,
            base_url=f"{api_url}/bot",
            base_file_url=f"{api_url}/file/bot",
            request=self._request,
            get_updates_request=self._request,
        )

    async def call(self, method: str, params: Mapping[str, Any], *, deadline_s: float | None = None) -> Any:
        """The `result` of one method. raises: telegram.error.TelegramError.

        Files are passed as telegram.InputFile (or input media that hold one).
        """
        try:
            if self._request.short and (body := _plain(params)) is not None:
                return await self._request.short_way(self._path + method, body, deadline_s or DEADLINE_S)
            deadline: Any = BaseRequest.DEFAULT_NONE if deadline_s is None else deadline_s
            # The underscore vanishes on the way. Without it the library warns, on every call, that a typed
            # method exists.
            return await self._bot.do_api_request(f"{method}_", api_kwargs=dict(params), read_timeout=deadline)
        except (KeyError, TypeError, AttributeError, ValueError) as odd:
            problem: TelegramError = Unclear(f"answer of unexpected form ({type(odd).__name__})")
        raise problem

    def file(self, path: str, *, deadline_s: float) -> Any:
        """A download in progress (an aiohttp request context); redirects are not followed."""
        return self._request.session.get(
            URL(self._files + path, encoded=False),
            timeout=aiohttp.ClientTimeout(total=deadline_s, connect=8),
            allow_redirects=False,
        )

    async def close(self) -> None:
        await self._request.shutdown()


def _plain(params: Mapping[str, Any]) -> bytes | None:
    """The parameters as JSON; None when they hold files or objects of the library."""
    try:
        return dumps(params)
    except TypeError:
        return None
