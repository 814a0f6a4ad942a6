"""Bare HTTP/1.1 for load drivers: a server and a keep-alive client that cost almost nothing themselves."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Sequence
from contextlib import suppress

OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b"
HEAD_END = b"\r\n\r\n"
# method, path, headers as raw lower-case bytes, body, answer(body bytes)
Handler = Callable[[bytes, bytes, bytes, bytes, Callable[[bytes], None]], None]


class ServerProtocol(asyncio.Protocol):
    """One connection; requests one after the other, answers whenever the handler gives them."""

    def __init__(self, handler: Handler) -> None:
        self.handler, self.buffer = handler, bytearray()
        self.transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment]

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while (end := self.buffer.find(HEAD_END)) >= 0:
            head = bytes(self.buffer[:end])
            lower = head.lower()
            length = _content_length(lower)
            if b"transfer-encoding: chunked" in lower:
                found = _dechunk(bytes(self.buffer[end + 4 :]))
                if found is None:
                    return
                body, used = found
            elif len(self.buffer) < end + 4 + length:
                return
            else:
                body, used = bytes(self.buffer[end + 4 : end + 4 + length]), length
            del self.buffer[: end + 4 + used]
            method, path, _ = head.split(b"\r\n", 1)[0].split(b" ", 2)
            self.handler(method, path, lower, body, self.answer)

    def answer(self, body: bytes) -> None:
        if self.transport is not None and not self.transport.is_closing():
            self.transport.write(OK % (len(body), body))


class ClientProtocol(asyncio.Protocol):
    """One keep-alive connection that carries one request at a time."""

    def __init__(self) -> None:
        self.buffer = bytearray()
        self.transport: asyncio.WriteTransport | None = None
        self.waiting: asyncio.Future[int] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment]

    def connection_lost(self, exc: Exception | None) -> None:
        self.transport = None
        if self.waiting is not None and not self.waiting.done():
            self.waiting.set_exception(exc or ConnectionResetError("closed without an answer"))

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        end = self.buffer.find(HEAD_END)
        if end < 0 or self.waiting is None or self.waiting.done():
            return
        lower = bytes(self.buffer[:end]).lower()
        if b"transfer-encoding: chunked" in lower:
            if _dechunk(bytes(self.buffer[end + 4 :])) is None:
                return
        elif len(self.buffer) < end + 4 + _content_length(lower):
            return
        status = int(lower.split(b" ", 2)[1])
        self.buffer.clear()
        self.waiting.set_result(status)


class Poster:
    """Posts JSON to one address over a pool of connections; several ports, of identical workers, have their turns."""

    def __init__(self, ports: Sequence[int], path: str, secret: str) -> None:
        self.turns = itertools.cycle(ports)
        self.head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            f"X-Telegram-Bot-Api-Secret-Token: {secret}\r\nContent-Length: "
        ).encode()
        self.idle: dict[int, list[ClientProtocol]] = {port: [] for port in ports}

    async def post(self, body: bytes) -> int:
        """The status of the answer; raises OSError when there was none."""
        loop, port = asyncio.get_running_loop(), next(self.turns)
        idle = self.idle[port]
        while idle:
            line = idle.pop()
            if line.transport is not None and not line.transport.is_closing():
                break
        else:
            _, line = await loop.create_connection(ClientProtocol, "127.0.0.1", port)
        assert line.transport is not None
        line.waiting = loop.create_future()
        line.transport.write(self.head + b"%d\r\n\r\n" % len(body) + body)
        status = await line.waiting
        idle.append(line)
        return status

    def close(self) -> None:
        for idle in self.idle.values():
            for line in idle:
                if line.transport is not None:
                    line.transport.close()
            idle.clear()


async def can_connect(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


async def get_status(port: int, path: str) -> int:
    """Status of a GET, 0 when nobody answers."""
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode())
        line = await asyncio.wait_for(reader.readline(), 2)
        writer.close()
    except (OSError, TimeoutError):
        return 0
    with suppress(IndexError, ValueError):
        return int(line.split(b" ", 2)[1])
    return 0


def _content_length(lower_head: bytes) -> int:
    at = lower_head.find(b"content-length:")
    return int(lower_head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0


def _dechunk(data: bytes) -> tuple[bytes, int] | None:
    """Body and bytes used, or None while the last chunk is missing."""
    body, at = b"", 0
    while (line := data.find(b"\r\n", at)) >= 0:
        size = int(data[at:line].split(b";")[0], 16)
        if len(data) < line + 2 + size + 2:
            return None
        if size == 0:
            return body, line + 4
        body += data[line + 2 : line + 2 + size]
        at = line + 2 + size + 2
    return None
