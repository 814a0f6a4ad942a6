"""How requests travel to the Bot API: one aiohttp session, one deadline, and exact knowledge of what failed."""

from __future__ import annotations

import contextlib
import json
from typing import Any
from urllib.request import getproxies, proxy_bypass

import aiohttp
import msgspec
from yarl import URL

from bot.channels.telegram.problems import ApiError, NotSent, OddStatus, TooMany, Unclear
from bot.channels.telegram.wire import CONNECT_S, CONNECTIONS, IDLE_S, NoAnswer, NoConnection, Wire

DEADLINE_S = 20.0
EXPLAINED = frozenset({400, 401, 403, 404, 409})  # python-telegram-bot has an error of its own for each of these
PAUSE_S = 5.0  # after a 429 that names no time


class Transport:
    """The connections to one Bot API server.

    The URL holds the token. Errors are therefore made new here, outside the `except` that caught aiohttp's,
    so that not even a traceback with causes can show it.
    """

    def __init__(self, api_url: str) -> None:
        self._proxy = _proxy_for(api_url)
        self._wire = Wire(api_url)
        self._session: aiohttp.ClientSession | None = None
        self._urls: dict[str, URL] = {}
        self._closed = False

    @property
    def session(self) -> aiohttp.ClientSession:
        """The one session, opened at the first use because it belongs to the running loop. raises: NotSent."""
        if self._closed:
            raise NotSent("closed")
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

    async def short_way(self, path: str, body: bytes, deadline_s: float) -> tuple[int, bytes]:
        """Status and answer of a call of plain values; a status is below 300 or in EXPLAINED. raises: ApiError."""
        problem: ApiError
        try:
            status, payload = await self._wire.post(path, body, deadline_s=deadline_s)
        except NoConnection as caught:
            problem = NotSent(str(caught))
        except NoAnswer as caught:
            problem = Unclear(str(caught))
        else:
            if status < 300 or status in EXPLAINED:
                return status, payload
            problem = _refusal(status, payload)
        raise problem

    async def send(self, method: str, url: str, total_s: float, **more: Any) -> tuple[int, bytes]:
        """The same for any request of aiohttp's. raises: ApiError."""
        problem: ApiError
        try:
            async with self.session.request(
                method,
                self._url(url),
                timeout=aiohttp.ClientTimeout(total=total_s, connect=min(CONNECT_S, total_s / 2)),
                allow_redirects=False,
                **more,
            ) as answer:
                status, payload = answer.status, await answer.read()
        except (aiohttp.ClientError, OSError, TimeoutError) as caught:
            problem = _translated(caught)
        else:
            if status < 300 or status in EXPLAINED:
                return status, payload
            problem = _refusal(status, payload)
        raise problem

    async def close(self) -> None:
        self._closed = True
        await self._wire.close()
        if self._session is not None:
            await self._session.close()

    def _url(self, url: str) -> URL:
        known = self._urls.get(url)
        if known is None:
            known = self._urls[url] = URL(url, encoded=True)
        return known


def decoded(payload: bytes) -> dict[str, Any]:
    """An answer as an object. raises: ApiError."""
    value: object = None
    try:
        value = msgspec.json.decode(payload)
    except (msgspec.MsgspecError, ValueError, RecursionError):  # half a sign in somebody's name is no reason
        with contextlib.suppress(ValueError, RecursionError):
            value = json.loads(payload.decode("utf-8", "replace"))
    if not isinstance(value, dict):
        raise ApiError("unreadable answer")
    return value


dumps = msgspec.json.Encoder().encode  # raises TypeError for objects of the library, such as files


def _proxy_for(api_url: str) -> str | None:
    """The proxy the system names for the API, looked up once: aiohttp's own look-up costs on every request."""
    address = URL(api_url)
    host = address.host or ""
    if host in ("localhost", "127.0.0.1", "::1") or proxy_bypass(host):
        return None
    return getproxies().get(address.scheme)


def _translated(caught: BaseException) -> ApiError:
    """Our own error for one of aiohttp's; only its class is told, its words hold the URL."""
    kind = type(caught).__name__
    if isinstance(caught, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError | aiohttp.InvalidURL):
        return NotSent(kind)
    return Unclear(kind)  # also asyncio's own timeout: the total deadline passed after the request began


def _refusal(status: int, payload: bytes) -> ApiError:
    try:
        said = decoded(payload)
    except ApiError:
        said = {}
    if status != 429:
        return OddStatus(status, clean=said.get("ok") is False)
    parameters = said.get("parameters")
    seconds = parameters.get("retry_after") if isinstance(parameters, dict) else None
    usable = type(seconds) in (int, float) and seconds > 0  # type: ignore[operator]
    return TooMany(float(seconds) if usable else PAUSE_S)  # type: ignore[arg-type]
