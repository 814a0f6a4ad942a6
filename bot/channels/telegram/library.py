"""python-telegram-bot, for what needs it: calls with files, and what a refusal means. Loaded after the start."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import aiohttp
from telegram import Bot
from telegram import error as library
from telegram.request import BaseRequest, RequestData

from bot.channels.telegram import problems
from bot.channels.telegram.problems import ApiError
from bot.channels.telegram.request import DEADLINE_S, Transport, decoded, dumps

_JSON = {"Content-Type": "application/json"}
_KINDS = ("BadRequest", "Forbidden", "InvalidToken", "EndPointNotFound", "Conflict")


class Library:
    """The library's Bot for a token and a server, used through its raw calls.

    `Bot.do_api_request` keeps the library's mapping of errors and returns the platform's own JSON. The typed methods
    would build a Message object from each answer, of which we read one number, for twice the CPU.
    """

    def __init__(self, token: str, api_url: str, transport: Transport) -> None:
        request = _Request(transport)
        self._bot = Bot(
            token,
            base_url=f"{api_url}/bot",
            base_file_url=f"{api_url}/file/bot",
            request=request,
            get_updates_request=request,
        )

    async def call(self, method: str, params: Mapping[str, Any], deadline_s: float | None) -> Any:
        """The `result` of one method. raises: ApiError."""
        deadline: Any = BaseRequest.DEFAULT_NONE if deadline_s is None else deadline_s
        try:
            # The underscore vanishes on the way. Without it the library warns, on every call, that a typed
            # method exists.
            return await self._bot.do_api_request(f"{method}_", api_kwargs=dict(params), read_timeout=deadline)
        except library.TelegramError as caught:
            problem = understood(caught)
            caught.with_traceback(None)  # see `Outbound.send`
        raise problem

    async def refusal(self, status: int, payload: bytes) -> ApiError:
        """What an answer means that is here already."""
        try:
            await _Answered(status, payload).post("")
        except library.TelegramError as caught:
            return understood(caught)
        return problems.Unclear("answer of unexpected form")


def understood(error: library.TelegramError) -> ApiError:
    """The library's error as one of ours, without its causes: they may hold the address."""
    if isinstance(error, _Carried):
        return error.problem
    if isinstance(error, library.ChatMigrated):
        return problems.ChatMigrated(error.message, error.new_chat_id)
    for kind in _KINDS:
        if isinstance(error, getattr(library, kind)):
            found: ApiError = getattr(problems, kind)(error.message)
            return found
    return ApiError(error.message)


class _Carried(library.NetworkError):
    """A problem of ours on its way through the library."""

    def __init__(self, problem: ApiError) -> None:
        super().__init__(problem.message)
        self.problem = problem


class _Request(BaseRequest):
    """The library's requests on our transport: a sixth of the CPU of its own, and no URL in any error."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def read_timeout(self) -> float:
        return DEADLINE_S

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """The transport belongs to the client."""

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """One request with one total deadline; `read_timeout`, when given, is that deadline."""
        total = read_timeout if isinstance(read_timeout, int | float) else DEADLINE_S
        try:
            return _told(*await self._transport.send(method, url, total, **_body(request_data)))
        except ApiError as caught:
            problem = caught
        raise _Carried(problem)

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The answer as an object. Unlike the library's own, never logs what the platform said."""
        try:
            return decoded(payload)
        except ApiError as caught:
            problem = caught
        raise _Carried(problem)


class _Answered(_Request):
    """An answer that is here already, for the library's own reading of it."""

    def __init__(self, status: int, payload: bytes) -> None:
        self._answer = _told(status, payload)

    async def do_request(self, *_: Any, **__: Any) -> tuple[int, bytes]:
        return self._answer


def _told(status: int, payload: bytes) -> tuple[int, bytes]:
    """An answer without a page somebody in between wrote: the library would quote it, and it may quote the address."""
    if status < 300:
        return status, payload
    try:
        decoded(payload)
    except ApiError:
        return status, b"{}"
    return status, payload


def _body(data: RequestData | None) -> dict[str, Any]:
    """JSON as it is meant to be, or multipart when files travel along."""
    if data is None:
        return {}
    if not data.contains_files:
        return {"data": dumps(data.parameters), "headers": _JSON}
    form = aiohttp.FormData()
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, mime) in data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=mime)
    return {"data": form}
