"""How requests travel to the Bot API: one aiohttp session, one deadline, and exact knowledge of what failed."""

from __future__ import annotations

import contextlib
import json
from typing import Any
from urllib.request import getproxies, proxy_bypass

import aiohttp
import msgspec
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData
from yarl import URL

from bot.channels.telegram.wire import CONNECT_S, CONNECTIONS, IDLE_S, NoAnswer, NoConnection, Wire

DEADLINE_S = 20.0
EXPLAINED = frozenset({400, 401, 403, 404, 409})  # the library has an error of its own for each of these
PAUSE_S = 5.0  # after a 429 that names no time
_JSON = {"Content-Type": "application/json"}


class NotSent(NetworkError):
    """The request never reached the platform: no connection was made."""


class Unclear(TimedOut):
    """The request left us and its answer did not come back: it may have been carried out."""


class TooMany(NetworkError):
    """429: come back after so many seconds. (The library's own error warns about itself when it is made.)"""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"too many requests, retry after {seconds:g} s")
        self.seconds = seconds


class OddStatus(NetworkError):
    """An HTTP status that is no answer to our call. clean: it came with the platform's own error object."""

    def __init__(self, status: int, *, clean: bool) -> None:
        super().__init__(f"HTTP {status}")
        self.status = status
        self.clean = clean


class AiohttpRequest(BaseRequest):
    """python-telegram-bot's transport on aiohttp: a sixth of the CPU of its own, and no URL in any error.

    The URL holds the token. Errors are therefore made new here, outside the `except` that caught aiohttp's,
    so that not even a traceback with causes can show it.
    """

    def __init__(self, api_url: str) -> None:
        self._proxy = _proxy_for(api_url)
        self._wire = Wire(api_url)
        self._session: aiohttp.ClientSession | None = None
        self._urls: dict[str, URL] = {}

    @property
    def read_timeout(self) -> float:
        return DEADLINE_S

    @property
    def session(self) -> aiohttp.ClientSession:
        """The one session, opened at the first use because it belongs to the running loop."""
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=CONNECTIONS, keepalive_timeout=IDLE_S),
                cookie_jar=aiohttp.DummyCookieJar(),
                proxy=self._proxy,
            )
        return self._session

    @property
    def short(self) -> bool:
        """Whether plain calls may take the short way; through a proxy they may not."""
        return self._proxy is None

    async def short_way(self, path: str, body: bytes, deadline_s: float) -> Any:
        """The `result` of a call of plain values. raises: TelegramError."""
        problem: TelegramError
        try:
            status, payload = await self._wire.post(path, body, deadline_s=deadline_s)
        except NoConnection as caught:
            problem = NotSent(str(caught))
        except NoAnswer as caught:
            problem = Unclear(str(caught))
        else:
            if status < 300:
                return self.parse_json_payload(payload)["result"]
            if status in EXPLAINED:
                return await _Answered(status, payload).post("")  # the library finds the error that fits, and raises it
            problem = _refusal(status, payload)
        raise problem

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        await self._wire.close()
        if self._session is not None:
            await self._session.close()

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
        problem: TelegramError
        try:
            async with self.session.request(
                method,
                self._url(url),
                timeout=aiohttp.ClientTimeout(total=total, connect=min(CONNECT_S, total / 2)),
                allow_redirects=False,
                **_body(request_data),
            ) as answer:
                status, payload = answer.status, await answer.read()
        except (aiohttp.ClientError, OSError, TimeoutError) as caught:
            problem = _translated(caught)
        else:
            if status < 300 or status in EXPLAINED:
                return status, payload
            problem = _refusal(status, payload)
        raise problem

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The answer as an object. Unlike the library's own, never logs what the platform said."""
        value: object = None
        try:
            value = msgspec.json.decode(payload)
        except (msgspec.MsgspecError, ValueError, RecursionError):  # half a sign in somebody's name is no reason
            with contextlib.suppress(ValueError, RecursionError):
                value = json.loads(payload.decode("utf-8", "replace"))
        if not isinstance(value, dict):
            raise TelegramError("unreadable answer")
        return value

    def _url(self, url: str) -> URL:
        known = self._urls.get(url)
        if known is None:
            known = self._urls[url] = URL(url, encoded=True)
        return known


class _Answered(AiohttpRequest):
    """An answer that is here already, for the library's own reading of it."""

    def __init__(self, status: int, payload: bytes) -> None:
        self._answer = status, payload

    async def do_request(self, *_: Any, **__: Any) -> tuple[int, bytes]:
        return self._answer


def _proxy_for(api_url: str) -> str | None:
    """The proxy the system names for the API, looked up once: aiohttp's own look-up costs on every request."""
    address = URL(api_url)
    host = address.host or ""
    if host in ("localhost", "127.0.0.1", "::1") or proxy_bypass(host):
        return None
    return getproxies().get(address.scheme)


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


dumps = msgspec.json.Encoder().encode  # raises TypeError for objects of the library, such as files


def _translated(caught: BaseException) -> TelegramError:
    """Our own error for one of aiohttp's; only its class is told, its words hold the URL."""
    kind = type(caught).__name__
    if isinstance(caught, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError | aiohttp.InvalidURL):
        return NotSent(kind)
    return Unclear(kind)  # also asyncio's own timeout: the total deadline passed after the request began


def _refusal(status: int, payload: bytes) -> TelegramError:
    try:
        said = AiohttpRequest.parse_json_payload(payload)
    except TelegramError:
        said = {}
    if status != 429:
        return OddStatus(status, clean=said.get("ok") is False)
    parameters = said.get("parameters")
    seconds = parameters.get("retry_after") if isinstance(parameters, dict) else None
    usable = type(seconds) in (int, float) and seconds > 0  # type: ignore[operator]
    return TooMany(float(seconds) if usable else PAUSE_S)  # type: ignore[arg-type]
