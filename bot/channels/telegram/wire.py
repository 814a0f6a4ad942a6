"""Small POST requests to one server over connections that stay open; knows exactly whether anything left us.

Almost every call of the Bot API is a few hundred bytes of JSON each way. A general HTTP client spends more on such a
call than the whole transaction behind it (docs/decisions/0010), so these few go straight from the socket to the
parser. Everything else, files and proxies above all, stays with the general client.
"""

from __future__ import annotations

import asyncio
import ssl
from collections import deque
from typing import cast
from urllib.parse import urlsplit

import aiohappyeyeballs
import httptools

CONNECTIONS = 128
IDLE_S = 25.0  # a connection that rested longer may be closed by the server at any moment
CONNECT_S = 8.0  # waiting for a free connection, DNS, TCP and TLS together
NEXT_ADDRESS_S = 0.25  # one address of the server may be dead: how long until the next one is tried beside it
MOST = 16 * 2**20  # bytes of one answer


class NoConnection(Exception):
    """Nothing of the request left us."""


class NoAnswer(Exception):
    """The request left us, and its answer did not come back whole."""


class _Line(asyncio.Protocol):
    """One connection with at most one request under way."""

    def __init__(self) -> None:
        self.transport: asyncio.WriteTransport | None = None
        self.rested_at = 0.0
        self._answer: asyncio.Future[tuple[int, bytes]] | None = None
        self._parser = httptools.HttpResponseParser(self)
        self._body: list[bytes] = []
        self._size = 0

    @property
    def usable(self) -> bool:
        return self.transport is not None and not self.transport.is_closing()

    def ask(self, request: bytes, answer: asyncio.Future[tuple[int, bytes]]) -> None:
        assert self.transport is not None
        self._answer = answer
        self.transport.write(request)

    def close(self) -> None:
        if self.transport is not None:
            self.transport.close()

    # ── asyncio.Protocol ──
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.WriteTransport, transport)

    def data_received(self, data: bytes) -> None:
        if self._answer is None:  # nobody asked: whatever this is, it must not become the next answer
            self.close()
            return
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self._broken("not HTTP")

    def connection_lost(self, error: Exception | None) -> None:
        self.transport = None
        self._broken(type(error).__name__ if error else "hung up")

    # ── the parser ──
    def on_body(self, part: bytes) -> None:
        self._size += len(part)
        if self._size > MOST:
            self._broken("too long")
        else:
            self._body.append(part)

    def on_message_complete(self) -> None:
        status, body = self._parser.get_status_code(), b"".join(self._body)
        self._body, self._size = [], 0
        if status < 200:  # "go on": the answer itself is still to come
            return
        answer, self._answer = self._answer, None
        if answer is None or not self._parser.should_keep_alive():
            self.close()
        if answer is not None and not answer.done():
            answer.set_result((status, body))

    def _broken(self, why: str) -> None:
        answer, self._answer = self._answer, None
        self.close()
        if answer is not None and not answer.done():
            answer.set_exception(NoAnswer(why))


class Wire:
    """Connections to the server of `url`, kept open between requests."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._secure = parts.scheme == "https"
        self._host = parts.hostname or ""
        self._port = parts.port or (443 if self._secure else 80)
        self._head = (
            f"Host: {parts.netloc.rpartition('@')[2]}\r\nContent-Type: application/json\r\nAccept: application/json\r\n"
        )
        self._context: ssl.SSLContext | None = None
        self._resting: list[_Line] = []  # the one used last is used next
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._free = CONNECTIONS

    async def post(self, path: str, body: bytes, *, deadline_s: float) -> tuple[int, bytes]:
        """Status and body of the answer. raises: NoConnection, NoAnswer."""
        line = self._rested()
        if line is None:
            line = await self._new(min(CONNECT_S, deadline_s / 2))
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[tuple[int, bytes]] = loop.create_future()
        head = f"POST {path} HTTP/1.1\r\n{self._head}Content-Length: {len(body)}\r\n\r\n"
        late = loop.call_later(deadline_s, _give_up, answer)
        try:
            line.ask(head.encode("latin-1") + body, answer)
            return await answer
        except BaseException:  # also a cancelled caller: an answer that comes yet must not be taken for the next one's
            line.close()
            raise
        finally:
            late.cancel()
            self._back(line)

    async def close(self) -> None:
        resting, self._resting = self._resting, []
        for line in resting:
            line.close()

    def _rested(self) -> _Line | None:
        oldest = asyncio.get_running_loop().time() - IDLE_S
        while self._resting:
            line = self._resting.pop()
            if line.usable and line.rested_at > oldest:
                self._free -= 1
                return line
            line.close()
        return None

    def _back(self, line: _Line) -> None:
        if line.usable:
            line.rested_at = asyncio.get_running_loop().time()
            self._resting.append(line)
        self._one_more()

    def _one_more(self) -> None:
        """A connection may be had again: by the one that has waited longest."""
        self._free += 1
        self._wake_next()

    def _wake_next(self) -> None:
        while self._waiting:
            if not (waiting := self._waiting.popleft()).done():
                waiting.set_result(None)
                break

    async def _new(self, within_s: float) -> _Line:
        """Another connection, or the first one that becomes free. raises: NoConnection."""
        try:
            async with asyncio.timeout(within_s):
                while self._free <= 0:
                    waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
                    self._waiting.append(waiting)
                    try:
                        await waiting
                    except BaseException:
                        if not waiting.cancelled():  # woken, and out of time in the same moment
                            self._wake_next()
                        raise
                    if (line := self._rested()) is not None:
                        return line
                self._free -= 1
                try:
                    return await self._connect()
                except BaseException:
                    self._one_more()
                    raise
        except (OSError, TimeoutError) as error:  # also ssl's errors, and names that no server answers to
            problem = NoConnection(type(error).__name__)
        raise problem

    async def _connect(self) -> _Line:
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(self._host, self._port, type=1)
        sock = await aiohappyeyeballs.start_connection(found, happy_eyeballs_delay=NEXT_ADDRESS_S, loop=loop)
        if self._secure and self._context is None:
            self._context = await asyncio.to_thread(ssl.create_default_context)
        name = self._host if self._secure else None
        _, line = await loop.create_connection(_Line, sock=sock, ssl=self._context, server_hostname=name)
        return line


def _give_up(answer: asyncio.Future[tuple[int, bytes]]) -> None:
    if not answer.done():
        answer.set_exception(NoAnswer("deadline"))
