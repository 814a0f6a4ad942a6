"""The Graph API as four calls; the token travels in one header and in no address, error or log line."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.request import getproxies, proxy_bypass

import aiohttp
from yarl import URL

from bot.channels import whole

OFFICIAL = "https://graph.facebook.com/v23.0"
DEADLINE_S = 19.0  # the sender gives a send 20 s: we know better than it whether anything left
UPLOAD_S = 40.0
CONNECT_S = 8.0
CONNECTIONS = 100
MOST = 2 * 2**20  # no answer of the API itself is longer

Json = dict[str, Any]


class GraphError(Exception):
    """A call that did not succeed."""


class NotSent(GraphError):
    """The request never reached the platform: no connection was made."""


class Unclear(GraphError):
    """The request left us and no usable answer came back: it may have been carried out."""


class Refused(GraphError):
    """An answer that is no success. code: the platform's own, 0 when its error object is missing.

    wait_s: the pause the platform asks for, 0 when it names none
    """

    def __init__(self, status: int, code: int = 0, subcode: int = 0, wait_s: float = 0.0) -> None:
        super().__init__(f"HTTP {status}, code {code}")
        self.status = status
        self.code = code
        self.subcode = subcode
        self.wait_s = wait_s


class Client:
    """One business number at one server.

    Errors are made new outside the `except` that caught aiohttp's: those hold the request with its header.
    """

    def __init__(self, token: str, phone_number_id: str, api_url: str = OFFICIAL) -> None:
        self.base = URL(api_url.rstrip("/"))
        self.number = phone_number_id
        self._headers = {"Authorization": f"Bearer {token}"}
        self._proxy = _proxy_for(self.base)
        self._session: aiohttp.ClientSession | None = None

    async def send(self, payload: Json, *, deadline_s: float = DEADLINE_S) -> str:
        """Post one message; the platform's id for it. raises: GraphError."""
        body = json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()
        headers = {"Content-Type": "application/json"}
        said = await self._call("POST", f"{self.number}/messages", deadline_s, data=body, headers=headers)
        messages = said.get("messages")
        found = messages[0].get("id") if isinstance(messages, list) and messages and _is(messages[0]) else None
        if not isinstance(found, str) or not found:
            raise Unclear("an answer without the message's id")
        return found

    async def get(self, path: str, params: Mapping[str, str] | None = None, *, deadline_s: float = DEADLINE_S) -> Json:
        """One object of the API. raises: GraphError."""
        return await self._call("GET", path, deadline_s, params=dict(params or {}))

    async def upload(self, data: bytes, mime: str, name: str, *, deadline_s: float = UPLOAD_S) -> str:
        """Put a file at the platform's; its id there. raises: GraphError."""
        form = aiohttp.FormData()
        form.add_field("messaging_product", "whatsapp")
        form.add_field("type", mime)
        form.add_field("file", data, filename=name, content_type=mime)
        said = await self._call("POST", f"{self.number}/media", deadline_s, data=form)
        found = said.get("id")
        if not isinstance(found, str) or not found:
            raise Unclear("an answer without the file's id")
        return found

    def download(self, url: URL, *, deadline_s: float) -> Any:
        """A download in progress (an aiohttp request context); redirects are not followed. The token goes along, so
        the address must have been looked at before."""
        timeout = aiohttp.ClientTimeout(total=deadline_s, connect=CONNECT_S)
        return self._open().get(url, headers=self._headers, timeout=timeout, allow_redirects=False, proxy=self._proxy)

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def _call(
        self, method: str, path: str, deadline_s: float, *, headers: Mapping[str, str] | None = None, **rest: Any
    ) -> Json:
        problem: GraphError
        try:
            async with self._open().request(
                method,
                self.base.joinpath(*path.split("/")),
                headers={**self._headers, **(headers or {})},
                timeout=aiohttp.ClientTimeout(total=deadline_s, connect=min(CONNECT_S, deadline_s / 2)),
                allow_redirects=False,
                proxy=self._proxy,
                **rest,
            ) as answer:
                status, pause = answer.status, answer.headers.get("Retry-After", "")
                payload = await _payload(answer)
        except (aiohttp.ClientError, OSError, TimeoutError) as caught:
            problem = _translated(caught)
        else:
            said = _object(payload)
            if status < 300 and said is not None:
                return said
            problem = Unclear("an unreadable answer") if status < 300 else _refusal(status, said or {}, pause)
        raise problem

    def _open(self) -> aiohttp.ClientSession:
        """The one session, opened at the first use because it belongs to the running loop."""
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=CONNECTIONS, keepalive_timeout=25),
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        return self._session


def _is(value: object) -> bool:
    return isinstance(value, dict)


async def _payload(answer: aiohttp.ClientResponse) -> bytes:
    """What was answered; nothing when there is no end of it, for then the status alone counts."""
    try:
        return await whole.read(answer.content, MOST)
    except whole.TooLong:
        return b""


def _object(payload: bytes) -> Json | None:
    try:
        value = json.loads(payload.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _translated(caught: BaseException) -> GraphError:
    """Our own error for one of aiohttp's; only its class is told."""
    kind = type(caught).__name__
    if isinstance(caught, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError | aiohttp.InvalidURL):
        return NotSent(kind)
    return Unclear(kind)  # also the total deadline, which passed after the request began


def _refusal(status: int, said: Json, pause: str) -> Refused:
    error = said.get("error")
    error = error if isinstance(error, dict) else {}
    wait = float(pause) if pause.isdecimal() and len(pause) < 6 else 0.0
    return Refused(status, _number(error.get("code")), _number(error.get("error_subcode")), wait)


def _number(value: object) -> int:
    return value if type(value) is int else 0


def _proxy_for(base: URL) -> str | None:
    """The proxy the system names for the API, looked up once."""
    host = base.host or ""
    if host in ("localhost", "127.0.0.1", "::1") or proxy_bypass(host):
        return None
    return getproxies().get(base.scheme)
