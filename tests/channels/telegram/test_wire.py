"""The short way to the Bot API: open connections, and what becomes of them when something goes wrong."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.channels.telegram import wire
from bot.channels.telegram.wire import NoAnswer, NoConnection, Wire


class Server:
    """Answers each request with the next of `answers`; counts connections."""

    def __init__(self, *answers: bytes) -> None:
        self.answers = list(answers)
        self.connections = 0
        self.requests: list[bytes] = []
        self.hangs_up_after = False
        self.gate: asyncio.Event | None = None
        self.listening: asyncio.Server | None = None

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        while head := await self._head(reader):
            length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
            self.requests.append(head + await reader.readexactly(length))
            if self.gate is not None:
                await self.gate.wait()
            writer.write(self.answers.pop(0))
            if self.hangs_up_after:
                break
        writer.close()

    async def _head(self, reader: asyncio.StreamReader) -> bytes:
        try:
            return await reader.readuntil(b"\r\n\r\n")
        except (asyncio.IncompleteReadError, ConnectionError):
            return b""


@asynccontextmanager
async def reached(server: Server) -> AsyncIterator[Wire]:
    listening = server.listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    made = Wire(f"http://127.0.0.1:{port}")
    yield made
    await made.close()
    listening.close()
    await asyncio.sleep(0.01)  # the server's tasks see that the connections ended


def ok(body: bytes, more: bytes = b"") -> bytes:
    return b"HTTP/1.1 200 OK\r\n" + more + b"Content-Length: %d\r\n\r\n" % len(body) + body


async def test_one_connection_serves_many_requests():
    server = Server(ok(b"1"), ok(b"2"), ok(b"3"))
    async with reached(server) as made:
        answers = [await made.post("/x", b"{}", deadline_s=5) for _ in range(3)]
    assert answers == [(200, b"1"), (200, b"2"), (200, b"3")]
    assert server.connections == 1
    assert server.requests[0].startswith(b"POST /x HTTP/1.1\r\nHost: 127.0.0.1:")


async def test_an_answer_in_pieces_and_one_after_a_go_on():
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n"
    server = Server(chunked, b"HTTP/1.1 100 Continue\r\n\r\n" + ok(b"d"))
    async with reached(server) as made:
        assert await made.post("/x", b"{}", deadline_s=5) == (200, b"abc")
        assert await made.post("/x", b"{}", deadline_s=5) == (200, b"d")
    assert server.connections == 1


async def test_a_connection_the_server_closes_is_not_used_again():
    server = Server(ok(b"1", b"Connection: close\r\n"), ok(b"2"))
    server.hangs_up_after = True
    async with reached(server) as made:
        assert (await made.post("/x", b"{}", deadline_s=5))[1] == b"1"
        await asyncio.sleep(0.01)
        assert (await made.post("/x", b"{}", deadline_s=5))[1] == b"2"
    assert server.connections == 2


async def test_a_connection_that_rested_too_long_is_not_used_again(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(wire, "IDLE_S", -1.0)
    server = Server(ok(b"1"), ok(b"2"))
    async with reached(server) as made:
        assert (await made.post("/x", b"{}", deadline_s=5))[1] == b"1"
        assert (await made.post("/x", b"{}", deadline_s=5))[1] == b"2"
    assert server.connections == 2


async def test_the_late_answer_of_a_cancelled_caller_is_nobodys():
    server = Server(ok(b"late"), ok(b"mine"))
    server.gate = asyncio.Event()
    async with reached(server) as made:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await made.post("/x", b"{}", deadline_s=5)
        server.gate.set()
        assert (await made.post("/x", b"{}", deadline_s=5))[1] == b"mine"


async def test_an_answer_nobody_asked_for_ends_the_connection():
    server = Server(ok(b"1") + ok(b"forged"), ok(b"2"))
    async with reached(server) as made:
        assert (await made.post("/x", b"{}", deadline_s=5))[1] == b"1"
        assert (await made.post("/x", b"{}", deadline_s=5))[1] == b"2"


@pytest.mark.parametrize("said", [b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort", b""])
async def test_what_is_no_whole_answer_is_no_answer(said: bytes):
    server = Server(said)
    server.hangs_up_after = True
    async with reached(server) as made:
        with pytest.raises(NoAnswer):
            await made.post("/x", b"{}", deadline_s=5)


async def test_an_endless_answer_is_cut(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(wire, "MOST", 100)
    async with reached(Server(ok(b"x" * 101))) as made:
        with pytest.raises(NoAnswer):
            await made.post("/x", b"{}", deadline_s=5)


async def test_silence_ends_at_the_deadline():
    server = Server(ok(b"1"), ok(b"2"))
    async with reached(server) as made:
        await made.post("/x", b"{}", deadline_s=5)  # a connection stands, so that only the answer is waited for
        server.gate = asyncio.Event()
        with pytest.raises(NoAnswer, match="deadline"):
            await made.post("/x", b"{}", deadline_s=0.05)
        server.gate.set()


async def test_whoever_finds_no_free_connection_waits_for_one(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(wire, "CONNECTIONS", 1)
    server = Server(ok(b"1"), ok(b"2"), ok(b"3"))
    async with reached(server) as made:
        answers = await asyncio.gather(*(made.post("/x", b"{}", deadline_s=5) for _ in range(3)))
    assert [body for _, body in answers] == [b"1", b"2", b"3"]
    assert server.connections == 1


async def test_who_is_woken_and_leaves_at_the_same_moment_wakes_the_next(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(wire, "CONNECTIONS", 1)
    server = Server(ok(b"1"), ok(b"2"))
    server.gate = asyncio.Event()
    async with reached(server) as made, asyncio.timeout(2):

        async def first() -> None:
            await made.post("/x", b"{}", deadline_s=60)
            leaves.cancel()  # as its time limit does; the connection has become free in this very step

        going = asyncio.create_task(first())
        await asyncio.sleep(0)
        leaves = asyncio.create_task(made.post("/x", b"{}", deadline_s=60))
        await asyncio.sleep(0)
        stays = asyncio.create_task(made.post("/x", b"{}", deadline_s=60))
        await asyncio.sleep(0)
        server.gate.set()
        await going
        assert await stays == (200, b"2")
        assert leaves.cancelled()


async def test_who_is_woken_and_finds_no_server_wakes_the_next(monkeypatch: pytest.MonkeyPatch):
    """Each is told at once; the others waited for nothing until their own time limit."""
    monkeypatch.setattr(wire, "CONNECTIONS", 1)
    server = Server(ok(b"1", b"Connection: close\r\n"))
    server.gate = asyncio.Event()
    async with reached(server) as made, asyncio.timeout(2):
        posts = [asyncio.create_task(made.post("/x", b"{}", deadline_s=60)) for _ in range(3)]
        while not server.requests:
            await asyncio.sleep(0)

        assert server.listening is not None
        server.listening.close()
        server.gate.set()
        ended = await asyncio.gather(*posts, return_exceptions=True)
    assert ended[0] == (200, b"1")
    assert [type(one) for one in ended[1:]] == [NoConnection, NoConnection]
