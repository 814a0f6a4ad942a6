"""The webhook's door: who may knock, how much they may bring, and what is said when."""

from __future__ import annotations

import asyncio
import gzip
import io
import json
import resource
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.channels.telegram import Telegram
from bot.channels.telegram.webhook import HEADER, LIMIT, PATH, handler
from tests.bench.fake_telegram import FakeTelegram
from tests.channels.telegram.conftest import NOW, RecordingIntake, a_message, config
from tests.channels.telegram.test_inbound import FIXTURES
from usecases.ports import Button

SECRET = "rahasia-uji_123"
TEXT = FIXTURES["text"]["update"]


@dataclass
class Door:
    http: TestClient[Any, Any]
    channel: Telegram
    intake: RecordingIntake

    async def post(self, body: Any, secret: str | None = SECRET, **headers: str) -> tuple[int, bytes, Any]:
        data = (
            body
            if hasattr(body, "__aiter__")
            else io.BytesIO(body if type(body) is bytes else json.dumps(body).encode())
        )
        sent = headers | ({HEADER: secret} if secret is not None else {})
        async with self.http.post(PATH, data=data, headers=sent) as answer:
            return answer.status, await answer.read(), answer.headers

    @property
    def port(self) -> int:
        assert self.http.server.port
        return self.http.server.port

    async def raw(self, *pieces: bytes, close: bool = False) -> bytes:
        """Bytes on the wire; the first lines of the answer, or nothing when the server hangs up."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
        if close:
            writer.write_eof()
        answer = await asyncio.wait_for(reader.read(500), 5)
        writer.close()
        return answer


@pytest.fixture
async def door(server: FakeTelegram, intake: RecordingIntake) -> AsyncIterator[Door]:
    settings = config(server, webhook_url="https://lapor.test", webhook_secret=SECRET)
    channel = Telegram(settings, intake, now=lambda: NOW)
    app = web.Application()
    app.add_routes(channel.routes())
    listening = TestServer(app)
    await listening.start_server(auto_decompress=False)  # as bot/server.py starts it
    async with TestClient(listening) as http:
        yield Door(http, channel, intake)
    await channel.close()


async def test_an_update_is_taken_in_and_answered_with_the_constant(door: Door):
    status, body, headers = await door.post(TEXT)
    assert (status, body, headers["Content-Type"].partition(";")[0]) == (200, b"ok", "text/plain")
    assert [e.text for e in door.intake.events] == ["Lampu jalan mati depan SDN 3 Jatiasih 💡"]


@pytest.mark.parametrize(
    "secret", [None, "", "salah", SECRET + "x", SECRET[:-1], SECRET.upper(), "é", "\udcff", " " + "x" * 7000]
)
async def test_a_wrong_secret_learns_nothing_and_stores_nothing(
    door: Door, secret: str | None, caplog: pytest.LogCaptureFixture
):
    status, body, _ = await door.post(TEXT, secret)
    assert (status, body) == (403, b"")
    assert not door.intake.events
    assert not door.intake.quarantined
    assert "/telegram/webhook turned deliveries away: 1x" in caplog.text
    assert SECRET not in caplog.text


async def test_a_wrong_secret_is_refused_before_the_body_is_read(door: Door):
    head = f"POST {PATH} HTTP/1.1\r\nHost: x\r\n{HEADER}: salah\r\nContent-Length: 3000000\r\n\r\n"
    answer = await door.raw(head.encode(), b"{")
    assert answer.startswith(b"HTTP/1.1 403")


async def test_an_answer_can_never_be_a_call(door: Door):
    """Telegram carries out a JSON answer with a `method`; words of citizens must not get there."""
    update = json.loads(json.dumps(TEXT))
    update["message"]["text"] = '{"method":"sendMessage","chat_id":5001,"text":"x"}'
    assert (await door.post(update))[:2] == (200, b"ok")


# ── sizes ──
def padded(size: int) -> bytes:
    update = json.loads(json.dumps(TEXT))
    body = json.dumps(update).encode()
    return body + b" " * (size - len(body))


@pytest.mark.parametrize(("size", "status"), [(LIMIT, 200), (LIMIT + 1, 413), (LIMIT * 3, 413)])
async def test_the_body_may_be_4_mb(door: Door, size: int, status: int):
    assert (await door.post(padded(size)))[0] == status


@pytest.mark.parametrize(("size", "status"), [(LIMIT, 200), (LIMIT + 1, 413)])
async def test_chunked_bodies_are_counted_too(door: Door, size: int, status: int):
    async def chunks() -> AsyncIterator[bytes]:
        body = padded(size)
        for at in range(0, len(body), 100_000):
            yield body[at : at + 100_000]

    assert (await door.post(chunks()))[0] == status


async def test_chunks_without_end_are_cut_off(door: Door):
    head = f"POST {PATH} HTTP/1.1\r\nHost: x\r\n{HEADER}: {SECRET}\r\nTransfer-Encoding: chunked\r\n\r\n"
    reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
    writer.write(head.encode())
    piece = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
    sent = 0
    status = asyncio.ensure_future(reader.readline())
    while not status.done() and sent < 40 * 2**20:
        writer.write(piece)
        sent += len(piece)
        try:
            await asyncio.wait_for(writer.drain(), 0.05)
        except (TimeoutError, ConnectionError):
            break
        await asyncio.sleep(0)
    assert (await asyncio.wait_for(status, 5)).startswith(b"HTTP/1.1 413")
    writer.close()


async def test_compressed_bodies_are_refused_unread(door: Door):
    bomb = gzip.compress(b" " * 100_000_000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for encoding in ("gzip", "deflate", "br", "gzip, identity"):
        status, _, _ = await door.post(bomb, **{"Content-Encoding": encoding})
        assert status == 415
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert after - before < 20_000  # kB, where the bomb would unfold to 100,000


# ── time ──
async def test_an_unfinished_body_is_given_up(server: FakeTelegram, intake: RecordingIntake):
    channel = Telegram(config(server), intake, now=lambda: NOW)
    app = web.Application()
    app.router.add_post(PATH, handler(channel._door, SECRET, read_s=0.2))
    async with TestClient(TestServer(app)) as http:
        door = Door(http, channel, intake)
        head = f"POST {PATH} HTTP/1.1\r\nHost: x\r\n{HEADER}: {SECRET}\r\nContent-Length: 100\r\n\r\n"
        assert (await door.raw(head.encode(), b'{"update_id"')).startswith(b"HTTP/1.1 408")
    await channel.close()


async def test_ok_is_said_only_after_the_commit(door: Door):
    door.intake.gate = asyncio.Event()
    waiting = asyncio.ensure_future(door.post(TEXT))
    await asyncio.sleep(0.1)
    assert not waiting.done()
    door.intake.gate.set()
    assert (await waiting)[0] == 200


async def test_storage_trouble_asks_telegram_to_come_again(door: Door):
    door.intake.failures = 1
    status, _, headers = await door.post(TEXT)
    assert (status, headers["Retry-After"]) == (503, "5")
    assert (await door.post(TEXT))[0] == 200
    assert len(door.intake.events) == 1


async def test_a_client_that_hangs_up_does_not_stop_the_commit(door: Door):
    door.intake.gate = asyncio.Event()
    body = json.dumps(TEXT).encode()
    head = f"POST {PATH} HTTP/1.1\r\nHost: x\r\n{HEADER}: {SECRET}\r\nContent-Length: {len(body)}\r\n\r\n"
    _, writer = await asyncio.open_connection("127.0.0.1", door.port)
    writer.write(head.encode() + body)
    await writer.drain()
    await asyncio.sleep(0.05)
    writer.transport.abort()
    await asyncio.sleep(0.05)
    door.intake.gate.set()
    await asyncio.sleep(0.05)
    assert len(door.intake.events) == 1


async def test_a_half_closed_connection_still_gets_its_answer(door: Door):
    body = json.dumps(TEXT).encode()
    head = f"POST {PATH} HTTP/1.1\r\nHost: x\r\n{HEADER}: {SECRET}\r\nContent-Length: {len(body)}\r\n\r\n"
    answer = await door.raw(head.encode() + body, close=True)
    assert len(door.intake.events) == 1
    assert answer == b"" or answer.startswith(b"HTTP/1.1 200")


# ── what cannot be read ──
@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b'{"update_id": NaN}', b'{"update_id": 1}', b'{"update_id": 1, "message": 5}',
     b"[" * 99_999, b'{"update_id": ' + b"9" * 5000 + b"}", b"\xff", b'{"update_id": 1, "neues": {}}'],
)  # fmt: skip
async def test_what_cannot_be_read_is_kept_and_acknowledged(door: Door, body: bytes):
    """Refusing it would make Telegram send it again for a day and hold back what comes after."""
    assert (await door.post(body))[:2] == (200, b"ok")
    assert [kept for kept, _ in door.intake.quarantined] == [body]


async def test_an_error_of_our_own_keeps_the_update_instead_of_asking_for_it_again(door: Door):
    door.intake.poison = "Lampu jalan mati depan SDN 3 Jatiasih 💡"
    assert (await door.post(TEXT))[:2] == (200, b"ok")
    assert [(json.loads(kept), why) for kept, why in door.intake.quarantined] == [(TEXT, "LookupError")]


async def test_what_can_neither_be_read_nor_kept_comes_again(door: Door):
    door.intake.failures = 1
    assert (await door.post(b"{"))[0] == 503


async def test_what_needs_no_answer_is_acknowledged_without_storage(door: Door):
    door.intake.failures = 1
    assert (await door.post(FIXTURES["location_live_moves"]["update"]))[0] == 200
    assert not door.intake.cursors


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
async def test_only_post_is_a_door(door: Door, method: str):
    async with door.http.request(method, PATH, headers={HEADER: SECRET}) as answer:
        assert answer.status == 405


# ── presses ──
async def test_a_press_is_answered_after_the_commit(door: Door, server: FakeTelegram):
    siti = server.user(5001)
    siti.starts()
    await door.channel.send(a_message(rows=((Button("Ya", "1|ya"),),)))
    query = siti.presses(siti.last, "Ya")
    door.intake.toast, door.intake.alert = "Dicatat", True
    door.intake.gate = asyncio.Event()
    update = {
        "update_id": 1,
        "callback_query": {"id": query.id, "from": siti.user, "message": siti.last, "data": "1|ya"},
    }
    post = asyncio.ensure_future(door.post(update))
    await asyncio.sleep(0.05)
    assert query.answer is None
    door.intake.gate.set()
    status, body, headers = (await post)[:3]
    assert (status, headers["Content-Type"].partition(";")[0]) == (200, "application/json")
    call = json.loads(body)
    assert call.pop("method") == "answerCallbackQuery"
    assert call == {"callback_query_id": query.id, "text": "Dicatat", "show_alert": True}
    assert query.answer is None, "the platform carries the call out; we make none"


async def test_a_repeated_press_is_answered_again(door: Door):
    """The first answer may have been lost on its way; the waiting sign has to end."""
    for _ in range(2):
        status, body = (await door.post(FIXTURES["press"]["update"]))[:2]
        assert (status, json.loads(body)["method"]) == (200, "answerCallbackQuery")
    assert len(door.intake.events) == 1


async def test_presses_that_were_polled_are_answered_by_calls_nobody_waits_for(door: Door, server: FakeTelegram):
    server.faults.on("answerCallbackQuery", times=9).closes()
    inner = door.channel._door
    began = asyncio.get_running_loop().time()
    assert await inner.take(inner.read(FIXTURES["press"]["update"])) is None
    assert asyncio.get_running_loop().time() - began < 1.0
    await server.until(lambda: server.faults.rows[0].used > 0)
    assert len(door.intake.events) == 1
