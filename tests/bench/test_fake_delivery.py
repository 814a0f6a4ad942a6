"""How the fake platform brings updates and trouble: polling, webhooks, odd orders, the scenario table, control."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import telegram
from aiohttp import web

from tests.bench.client import refusal
from tests.bench.fake_telegram import TOKEN, FakeTelegram


# ── polling ──
async def test_polling_confirms_by_offset_and_conflicts(server, bot, raw):
    siti = server.user(5001)
    siti.writes("satu")
    siti.writes("dua")
    first, second = await bot.get_updates()
    assert second.update_id == first.update_id + 1
    assert [u.update_id for u in await bot.get_updates(offset=second.update_id)] == [second.update_id]
    assert (await bot.get_updates(offset=second.update_id + 1)) == ()
    waiting = asyncio.create_task(raw("getUpdates", timeout=20))
    await asyncio.sleep(0.05)
    siti.writes("tiga")
    assert (await waiting)[1]["result"][0]["message"]["text"] == "tiga"
    elder = asyncio.create_task(raw("getUpdates", timeout=20, offset=-1))
    await elder
    elder = asyncio.create_task(raw("getUpdates", timeout=20, offset=second.update_id + 2))
    await asyncio.sleep(0.05)
    younger = asyncio.create_task(raw("getUpdates", timeout=1))
    assert (await elder)[0] == 409
    assert (await younger)[0] == 200
    await bot.set_webhook(f"{server.url}/nirgends", allowed_updates=["message"])
    assert (await raw("getUpdates"))[0] == 409
    info = await bot.get_webhook_info()
    assert info.url.endswith("/nirgends")
    assert info.allowed_updates == ("message",)
    await bot.delete_webhook()
    siti.edits(siti.writes("empat"), "lima")
    assert [u.message.text for u in await bot.get_updates()] == ["empat"]


async def test_webhook_settings_are_checked(server, bot):
    assert "unallowed characters" in await refusal(bot.set_webhook("https://a.id/x", secret_token="a b"))
    assert "max_connections" in await refusal(bot.set_webhook("https://a.id/x", max_connections=101))
    server.updates.hosted_rules = True
    assert "https" in await refusal(bot.set_webhook("http://a.id/x"))
    assert "8443" in await refusal(bot.set_webhook("https://a.id:8080/x"))


# ── webhook ──
class Hook:
    """A receiver that answers what it is told to."""

    def __init__(self) -> None:
        self.got: list[tuple[str, dict[str, Any]]] = []
        self.answers: list[web.Response] = []

    async def handle(self, request: web.Request) -> web.Response:
        self.got.append((request.headers.get("X-Telegram-Bot-Api-Secret-Token", ""), await request.json()))
        return self.answers.pop(0) if self.answers else web.Response(text="ok")


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    receiver = Hook()
    app = web.Application()
    app.router.add_post("/hook", receiver.handle)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"  # type: ignore[attr-defined]
    yield receiver
    await runner.cleanup()


async def test_webhook_repeats_until_taken_and_keeps_the_order_of_a_chat(server, bot, hook):
    siti, budi = server.user(5001), server.user(5002, "Budi")
    hook.answers = [web.Response(status=500), web.Response(status=503, headers={"Retry-After": "1"})]
    server.sender.retry_after_scale = 0.05
    await bot.set_webhook(hook.url, secret_token="rahasia_1")
    siti.writes("satu")
    await server.until(lambda: len(hook.got) == 2)
    siti.writes("dua")
    budi.writes("lain")
    await server.until(lambda: server.updates.pending == 0)
    texts = [u["message"]["text"] for _, u in hook.got]
    assert [t for t in texts if t != "lain"] == ["satu", "satu", "satu", "dua"]
    assert {secret for secret, _ in hook.got} == {"rahasia_1"}
    assert [d.status for d in server.sender.deliveries if d.status != 200] == [500, 503]


async def test_webhook_answers_that_name_a_method_are_executed(server, bot, hook):
    siti = server.user(5001)
    hook.answers = [web.json_response({"method": "sendMessage", "chat_id": 5001, "text": "dari jawaban"})]
    await bot.set_webhook(hook.url)
    siti.writes("halo")
    await siti.gets("dari jawaban")
    assert server.calls[-1].via == "webhook"


async def test_duplicates_jumps_and_other_orders(server, bot, hook):
    siti = server.user(5001)
    server.updates.duplicate_every = 2
    await bot.set_webhook(hook.url)
    first = siti.writes("a") and server.updates.next_id
    siti.writes("b")
    server.updates.jump(1000)
    server.updates.hold()
    siti.writes("c")
    siti.writes("d")
    server.updates.release(lambda held: held[::-1])
    await server.until(lambda: server.updates.pending == 0)
    assert [u["message"]["text"] for _, u in hook.got] == ["a", "b", "b", "d", "c", "c"]
    ids = [u["update_id"] for _, u in hook.got]
    assert ids[1] == ids[2] == first
    assert ids[3] == ids[2] + 1001


# ── trouble ──
async def test_the_scenario_table(server, bot):
    server.user(5001).starts()
    server.faults.on("sendMessage", chat=5001, nth=2).answers(429, retry_after=7)
    await bot.send_message(5001, "satu")
    with pytest.raises(telegram.error.RetryAfter) as slow:
        await bot.send_message(5001, "dua")
    assert slow.value.retry_after.total_seconds() == 7
    accepted_before = len(server.sent(5001))

    async def meets(error: type[Exception], accepted: int, **limits: float) -> None:
        before = len(server.sent(5001))
        with pytest.raises(error):
            await bot.send_message(5001, "x", **limits)
        assert len(server.sent(5001)) - before == accepted

    server.pace.on = False
    for code, error in ((400, telegram.error.BadRequest), (401, telegram.error.InvalidToken),
                        (403, telegram.error.Forbidden), (409, telegram.error.Conflict),
                        (500, telegram.error.NetworkError), (503, telegram.error.NetworkError)):  # fmt: skip
        server.faults.on("sendMessage").answers(code)
        await meets(error, 0)
    server.faults.on("sendMessage").html(502)
    await meets(telegram.error.NetworkError, 0)
    server.faults.on("sendMessage").closes()
    await meets(telegram.error.NetworkError, 1)
    server.faults.on("sendMessage").resets()
    await meets(telegram.error.NetworkError, 1)
    server.faults.on("sendMessage").hangs(5)
    await meets(telegram.error.TimedOut, 1, read_timeout=0.1)
    server.faults.on("sendMessage").closes(accepted=False)
    await meets(telegram.error.NetworkError, 0)
    server.faults.on("sendMessage").truncates()
    await meets(telegram.error.TelegramError, 1)
    server.faults.on("sendMessage").breaks_length()
    await meets(telegram.error.NetworkError, 1)
    assert accepted_before == 1
    server.faults.on("sendMessage").delays(0.05)
    server.faults.on("sendMessage").drips(0.0001)
    await bot.send_message(5001, "telat")
    await bot.send_message(5001, "menetes")


async def test_the_control_door(server):
    async with aiohttp.ClientSession() as session:

        async def post(path: str, body: Any) -> Any:
            async with session.post(f"{server.url}/control/{path}", json=body) as answer:
                return await answer.json()

        group = await post("group", {"id": -1001, "title": "Dishub", "forum": True, "topics": ["Kartu"]})
        await post("do", {"user": 5001, "name": "Siti", "do": "writes", "args": ["halo"]})
        await post("do", {"user": 5001, "do": "writes", "args": ["/antrean"], "group": -1001, "topic": "Kartu"})
        await post("faults", [{"method": "getMe", "kind": "error", "code": 500, "description": "rusak"}])
        async with session.get(f"{server.url}/bot{TOKEN}/getMe") as answer:
            assert answer.status == 500
        async with session.get(f"{server.url}/bot{TOKEN}/getUpdates") as answer:
            updates = (await answer.json())["result"]
        assert updates[1]["message"]["message_thread_id"] == group["topics"]["Kartu"]
        form = {"chat_id": "5001", "text": "<u>ok</u>", "parse_mode": "HTML"}
        async with session.post(f"{server.url}/bot{TOKEN}/sendMessage", data=form) as answer:
            assert answer.status == 200
        async with session.get(f"{server.url}/control/screen?chat=5001") as answer:
            assert (await answer.json())[0]["text"] == "ok"


def test_it_also_runs_in_a_thread():
    with FakeTelegram().in_thread() as server:
        siti = server.user(5001)
        siti.starts()

        async def answer() -> None:
            async with telegram.Bot(TOKEN, base_url=f"{server.url}/bot") as client:
                await client.send_message(5001, "Halo Siti")

        asyncio.run(answer())
        assert siti.waits_for("halo")["text"] == "Halo Siti"
