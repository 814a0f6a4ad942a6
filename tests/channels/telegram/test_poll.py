"""Polling: what is confirmed to the platform is stored before, whatever happens in between."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator

import pytest

from bot.channels.telegram import Telegram, WrongToken
from tests.bench.fake_telegram import FakeTelegram
from tests.channels.telegram.conftest import NOW, RecordingIntake, Sleeps, config


@pytest.fixture
async def running(server: FakeTelegram, channel: Telegram) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.ensure_future(channel.run())
    yield task
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def texts(intake: RecordingIntake) -> list[str]:
    return [event.text for event in intake.events]


async def test_updates_come_in_with_their_offset(server: FakeTelegram, intake: RecordingIntake, running):
    siti = server.user(5001)
    siti.writes("satu")
    await server.until(lambda: texts(intake) == ["satu"])
    siti.writes("dua")
    await server.until(lambda: texts(intake) == ["satu", "dua"])
    assert intake.stored_cursor == server.updates.next_id
    await server.until(lambda: server.updates.pending == 0)


async def test_a_restart_goes_on_at_the_stored_offset(server: FakeTelegram, intake: RecordingIntake, channel: Telegram):
    server.user(5001).writes("lama")
    intake.stored_cursor = server.updates.next_id
    task = asyncio.ensure_future(channel.run())
    server.user(5001).writes("baru")
    await server.until(lambda: texts(intake) == ["baru"])
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_nothing_is_confirmed_that_is_not_stored(server: FakeTelegram, intake: RecordingIntake, running):
    """The next call (which confirms) waits for the commit."""
    intake.gate = asyncio.Event()
    server.user(5001).writes("satu")
    await asyncio.sleep(0.15)
    assert server.updates.pending == 1
    intake.gate.set()
    await server.until(lambda: server.updates.pending == 0)


async def test_what_storage_refuses_is_tried_again(
    server: FakeTelegram, intake: RecordingIntake, sleeps: Sleeps, running
):
    intake.failures = 3
    server.user(5001).writes("satu")
    await server.until(lambda: texts(intake) == ["satu"])
    assert sleeps.asked.count(5.0) == 3


async def test_chunks_hold_at_most_twenty(server: FakeTelegram, intake: RecordingIntake, channel: Telegram):
    for number in range(45):
        server.user(5001).writes(str(number))
    task = asyncio.ensure_future(channel.run())
    await server.until(lambda: len(intake.events) == 45)
    first = server.updates.next_id - 45
    assert intake.cursors[:3] == [first + 20, first + 40, first + 45]
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_an_unreadable_update_is_kept_and_passed(server: FakeTelegram, intake: RecordingIntake, running):
    server.updates.push_raw({"brand_new_thing": {"x": 1}})
    server.updates.push_raw({"message": {"message_id": "bukan angka"}})
    server.user(5001).writes("satu")
    await server.until(lambda: texts(intake) == ["satu"])
    assert len(intake.quarantined) == 2


async def test_an_update_we_stumble_over_is_kept_and_does_not_stop_the_rest(
    server: FakeTelegram, intake: RecordingIntake, channel: Telegram
):
    """F88: else the poller, or after its restart the same updates, would be stuck for ever."""
    intake.poison = "racun"
    for words in ("satu", "racun", "dua"):
        server.user(5001).writes(words)
    task = asyncio.ensure_future(channel.run())
    await server.until(lambda: texts(intake) == ["satu", "dua"] and server.updates.pending == 0)
    assert [reason for _, reason in intake.quarantined] == ["LookupError"]
    assert b"racun" in intake.quarantined[0][0]
    assert intake.stored_cursor == server.updates.next_id
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_press_is_answered(server: FakeTelegram, intake: RecordingIntake, channel: Telegram, running):
    intake.toast = "Dicatat"
    siti = server.user(5001)
    siti.starts()
    query = siti.presses_data(siti.chat.messages[1], "1|ya")
    await server.until(lambda: query.answer is not None)
    assert query.answer["text"] == "Dicatat"


async def test_a_webhook_is_taken_away_and_nothing_dropped(
    server: FakeTelegram, intake: RecordingIntake, channel: Telegram
):
    await channel._client.call("setWebhook", {"url": "http://127.0.0.1:9/x"})
    server.user(5001).writes("satu")
    task = asyncio.ensure_future(channel.run())
    await server.until(lambda: texts(intake) == ["satu"])
    dropped = server.sent(method="deleteWebhook")[0].params["drop_pending_updates"]
    assert dropped in (False, "false")
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_webhook_set_while_polling_is_taken_away(
    server: FakeTelegram, intake: RecordingIntake, channel: Telegram, running, caplog: pytest.LogCaptureFixture
):
    await asyncio.wait_for(channel.ready.wait(), 5)
    await channel._client.call("setWebhook", {"url": "http://127.0.0.1:9/x"})
    server.user(5001).writes("satu")
    await server.until(lambda: texts(intake) == ["satu"])
    assert "a webhook is set" in caplog.text


async def test_trouble_is_met_with_patience(
    server: FakeTelegram, intake: RecordingIntake, sleeps: Sleeps, channel: Telegram, caplog: pytest.LogCaptureFixture
):
    server.faults.on("getUpdates", times=2).answers(502)
    server.faults.on("getUpdates", nth=3).closes(accepted=False)
    server.faults.on("getUpdates", nth=4).truncates(accepted=False)
    server.faults.on("getUpdates", nth=5).answers(429, retry_after=17)
    server.user(5001).writes("satu")
    task = asyncio.ensure_future(channel.run())
    await server.until(lambda: texts(intake) == ["satu"])
    assert sleeps.asked[:5] == [1, 2, 5, 10, 17]
    assert "not been reachable" in caplog.text
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_second_poller_is_reported(
    server: FakeTelegram, intake: RecordingIntake, channel: Telegram, caplog: pytest.LogCaptureFixture
):
    server.faults.on("getUpdates", times=3).answers(409)
    task = asyncio.ensure_future(channel.run())
    server.user(5001).writes("satu")
    await server.until(lambda: texts(intake) == ["satu"])
    assert caplog.text.count("second program") == 1, "the first two may be our own run before a crash"
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_stopping_in_the_middle_of_a_commit_finishes_it(server: FakeTelegram, intake: RecordingIntake):
    channel = Telegram(config(server), intake, now=lambda: NOW)
    intake.gate = asyncio.Event()
    server.user(5001).writes("satu")
    task = asyncio.ensure_future(channel.run())
    await server.until(lambda: len(channel._door.begun) > 0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    intake.gate.set()
    await channel.close()
    assert texts(intake) == ["satu"]


async def test_a_wrong_token_is_told_in_a_sentence(server: FakeTelegram, intake: RecordingIntake, sleeps: Sleeps):
    channel = Telegram(config(server, token="123:salah"), intake, now=lambda: NOW, sleep=sleeps)
    with pytest.raises(WrongToken) as wrong:
        await channel.run()
    assert "TELEGRAM_BOT_TOKEN" in str(wrong.value)
    assert "salah" not in str(wrong.value)
    await channel.close()


async def test_a_token_revoked_while_running_is_told(
    server: FakeTelegram, intake: RecordingIntake, channel: Telegram, running
):
    await asyncio.wait_for(channel.ready.wait(), 5)
    server.token_revoked = True
    with pytest.raises(WrongToken):
        await asyncio.wait_for(asyncio.shield(running), 5)


async def test_telegram_away_at_start_is_waited_for(
    server: FakeTelegram, intake: RecordingIntake, channel: Telegram, sleeps: Sleeps, caplog: pytest.LogCaptureFixture
):
    server.faults.on("getMe", times=3).answers(503)
    with caplog.at_level(logging.ERROR):
        task = asyncio.ensure_future(channel.run())
        await asyncio.wait_for(channel.ready.wait(), 5)
    assert sleeps.asked[:3] == [1, 2, 5]
    assert "cannot be reached" in caplog.text
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
