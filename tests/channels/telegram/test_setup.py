"""What the bot makes of itself at Telegram, and how it keeps it so."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.channels.telegram import Commands, Telegram, menus, setup
from bot.channels.telegram.client import Client
from bot.channels.telegram.problems import InvalidToken
from bot.channels.telegram.setup import ALLOWED_UPDATES, Webhook
from tests.bench.fake_telegram import FakeTelegram
from tests.channels.telegram.conftest import NOW, RecordingIntake, Sleeps, config
from texts.catalogue import Catalogue
from texts.text import say

HOOK = Webhook("http://127.0.0.1:9/telegram/webhook", "rahasia")


@pytest.fixture
async def client(server: FakeTelegram) -> AsyncIterator[Client]:
    made = Client(server.token, server.url)
    yield made
    await made.close()


def test_there_is_a_menu_for_every_chat_and_language():
    catalogue = Catalogue.load()

    def words(name: str, locale: str) -> str:
        return catalogue.render(say(f"telegram.{name}"), locale, None, "")  # type: ignore[arg-type]

    made = menus(words, catalogue.locales)
    assert {(m.scope, m.language) for m in made} >= {
        ("all_private_chats", ""),
        ("all_private_chats", "en"),
        ("all_group_chats", ""),
        ("all_group_chats", "en"),
    }
    for menu in made:
        for name, description in menu.items:
            assert name == name.lower()
            assert 3 <= len(description) <= 256, name
    groups = next(m for m in made if (m.scope, m.language) == ("all_group_chats", ""))
    assert {"antrean", "tiket", "rekap", "hubungkan"} <= {name for name, _ in groups.items}


async def test_the_menus_are_set(client: Client, server: FakeTelegram):
    await setup.offer(client, [Commands("all_private_chats", "en", (("lapor", "Report a problem"),))])
    call = server.sent(method="setMyCommands")[0]
    assert call.params["commands"] == [{"command": "lapor", "description": "Report a problem"}]
    assert call.params["language_code"] == "en"


async def test_a_menu_that_is_refused_does_no_harm(client: Client, server: FakeTelegram):
    server.faults.on("setMyCommands").answers(400)
    await setup.offer(client, [Commands("all_private_chats", "", (("lapor", "Lapor"),))] * 2)
    assert len(server.sent(method="setMyCommands")) == 1


async def test_the_webhook_is_set_with_all_we_need(client: Client, server: FakeTelegram):
    assert await setup.point(client, HOOK)
    call = server.sent(method="setWebhook")[0]
    assert call.params["secret_token"] == "rahasia"
    assert set(call.params["allowed_updates"]) == set(ALLOWED_UPDATES)
    assert "callback_query" in ALLOWED_UPDATES
    assert "my_chat_member" in ALLOWED_UPDATES
    assert "edited_message" in ALLOWED_UPDATES


async def test_an_address_telegram_refuses_is_explained(client: Client, server: FakeTelegram, caplog):
    server.updates.hosted_rules = True
    assert not await setup.point(client, HOOK)
    assert "TELEGRAM_WEBHOOK_URL" in caplog.text


@pytest.mark.parametrize(
    "change",
    [{"url": "http://127.0.0.1:9/lain"}, {"url": ""}, {"url": HOOK.url, "allowed_updates": ["message"]}],
)
async def test_what_somebody_changed_is_repaired(client: Client, server: FakeTelegram, change: dict, caplog):
    await setup.point(client, HOOK)
    await client.call("setWebhook", change)
    assert await setup.check(client, HOOK)
    info = await client.call("getWebhookInfo", {})
    assert (info["url"], set(info["allowed_updates"])) == (HOOK.url, set(ALLOWED_UPDATES))
    assert "changed by somebody" in caplog.text


async def test_a_good_webhook_is_left_alone(client: Client, server: FakeTelegram):
    await setup.point(client, HOOK)
    assert await setup.check(client, HOOK)
    assert len(server.sent(method="setWebhook")) == 1


async def test_it_is_looked_at_every_five_minutes(client: Client, server: FakeTelegram, sleeps: Sleeps):
    server.faults.on("setWebhook").answers(400)
    task = asyncio.ensure_future(setup.keep_pointing(client, HOOK, sleep=sleeps))
    await server.until(lambda: len(server.sent(method="getWebhookInfo")) >= 2)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert sleeps.asked[:3] == [30.0, 300.0, 300.0]


async def test_a_token_that_is_revoked_behind_a_webhook_is_told(client: Client, server: FakeTelegram, sleeps: Sleeps):
    async def revoked(seconds: float) -> None:
        server.token_revoked = True
        await sleeps(seconds)

    with pytest.raises(InvalidToken):
        await asyncio.wait_for(setup.keep_pointing(client, HOOK, sleep=revoked), 5)


async def test_in_webhook_mode_updates_come_in_by_http(server: FakeTelegram, intake: RecordingIntake):
    """The whole way: the platform's own sender, our door, its answer."""
    app = web.Application()
    listening = TestServer(app)
    holder: list[Telegram] = []

    async def forward(request: web.Request) -> web.StreamResponse:
        return await holder[0].routes()[0].handler(request)  # type: ignore[return-value, misc]

    app.router.add_post("/telegram/webhook", forward)
    await listening.start_server(auto_decompress=False)
    base = f"http://127.0.0.1:{listening.port}"
    made = Telegram(config(server, webhook_url=base, webhook_secret="s3"), intake, now=lambda: NOW)
    holder.append(made)
    task = asyncio.ensure_future(made.run())
    await server.until(lambda: bool(server.sent(method="setWebhook")))
    intake.failures = 1
    server.user(5001).writes("halo")
    await server.until(lambda: len(intake.events) == 1)
    await server.until(lambda: server.updates.pending == 0)
    assert [d.status for d in server.sender.deliveries] == [503, 200]
    assert server.sender.deliveries[-1].body == "ok"
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await made.close()
    await listening.close()
