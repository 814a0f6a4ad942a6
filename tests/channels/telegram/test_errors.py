"""Every known answer of the platform and every way a request can fail, as an outcome for a message."""

from __future__ import annotations

import asyncio
import logging
import socket

import pytest
import telegram.error
from telegram.error import TelegramError

from bot.channels.telegram import Config, Telegram
from bot.channels.telegram.errors import explain
from bot.channels.telegram.library import understood
from bot.channels.telegram.problems import BadRequest, NotSent, OddStatus, TooMany, Unclear
from tests.bench.fake_telegram import FakeTelegram
from tests.channels.telegram.conftest import a_message, config
from usecases.ports import Failure, SendFailed

GONE, REFUSED, BROKEN = Failure.GONE, Failure.REFUSED, Failure.BROKEN
NOT_SENT, AMBIGUOUS = Failure.NOT_SENT, Failure.AMBIGUOUS

ANSWERS = [
    (400, "Bad Request: chat not found", GONE),
    (400, "Bad Request: user not found", GONE),
    (400, "Bad Request: PEER_ID_INVALID", GONE),
    (400, "Bad Request: CHANNEL_PRIVATE", GONE),
    (400, "Bad Request: CHAT_WRITE_FORBIDDEN", GONE),
    (400, "Bad Request: CHAT_RESTRICTED", GONE),
    (400, "Bad Request: have no rights to send a message", GONE),
    (400, "Bad Request: not enough rights to send text messages to the chat", GONE),
    (400, "Bad Request: need administrator rights in the channel chat", GONE),
    (400, "Bad Request: group chat was upgraded to a supergroup chat", GONE),
    (400, "Bad Request: group chat was deactivated", GONE),
    (400, "Bad Request: TOPIC_CLOSED", GONE),
    (400, "Bad Request: message thread not found", GONE),
    (403, "Forbidden: bot was blocked by the user", GONE),
    (403, "Forbidden: user is deactivated", GONE),
    (403, "Forbidden: bot was kicked from the group chat", GONE),
    (403, "Forbidden: bot was kicked from the supergroup chat", GONE),
    (403, "Forbidden: bot was kicked from the channel chat", GONE),
    (403, "Forbidden: bot is not a member of the supergroup chat", GONE),
    (403, "Forbidden: bot is not a member of the channel chat", GONE),
    (403, "Forbidden: the group chat was deleted", GONE),
    (403, "Forbidden: bot can't initiate conversation with a user", GONE),
    (403, "Forbidden: bot can't send messages to bots", GONE),
    (403, "Forbidden: CHAT_SEND_PLAIN_FORBIDDEN", GONE),
    (403, "Forbidden: something new", GONE),
    (400, "Bad Request: can't parse entities: Unclosed start tag at byte offset 3", Failure.BAD_TEXT),
    (400, "Bad Request: ENTITY_BOUNDS_INVALID", Failure.BAD_TEXT),
    (400, "Bad Request: strings must be encoded in UTF-8", Failure.BAD_TEXT),
    (400, "Bad Request: message text is empty", REFUSED),
    (400, "Bad Request: message is too long", REFUSED),
    (400, "Bad Request: reply markup is too long", REFUSED),
    (400, "Bad Request: BUTTON_DATA_INVALID", REFUSED),
    (400, "Bad Request: message can't be edited", REFUSED),  # cannot be said of a new message: ours is the bug
    (400, "Bad Request: something new", REFUSED),
    (400, "Logged out", BROKEN),
    (401, "Unauthorized", BROKEN),
    (404, "Not Found", BROKEN),
    (409, "Conflict: terminated by other getUpdates request", NOT_SENT),
    (302, "Found", NOT_SENT),
    (405, "Method Not Allowed", NOT_SENT),
    (413, "Request Entity Too Large", REFUSED),
    (429, "Too Many Requests: retry after 3", NOT_SENT),
    (500, "Internal Server Error", NOT_SENT),
    (503, "Service Unavailable", NOT_SENT),
    (502, "Bad Gateway", AMBIGUOUS),
    (504, "Gateway Timeout", AMBIGUOUS),
]
FOR_EDITS = [
    (400, "Bad Request: message can't be edited", Failure.CANNOT_EDIT),
    (400, "Bad Request: message to edit not found", Failure.CANNOT_EDIT),
    (400, "Bad Request: MESSAGE_ID_INVALID", Failure.CANNOT_EDIT),
    (400, "Bad Request: MESSAGE_AUTHOR_REQUIRED", Failure.CANNOT_EDIT),
    (400, "Bad Request: chat not found", GONE),
    (502, "Bad Gateway", NOT_SENT),
]


async def outcome(channel: Telegram, peer: object = 5001, **given: object) -> SendFailed:
    with pytest.raises(SendFailed) as failed:
        await channel.send(a_message(peer, **given))  # type: ignore[arg-type]
    return failed.value


@pytest.mark.parametrize(("code", "said", "failure"), ANSWERS)
async def test_every_known_answer_to_a_new_message(
    channel: Telegram, server: FakeTelegram, code: int, said: str, failure: Failure
):
    server.user(5001).starts()
    server.faults.on("sendMessage", times=2).answers(code, said)
    assert (await outcome(channel)).failure is failure


@pytest.mark.parametrize(("code", "said", "failure"), FOR_EDITS)
async def test_every_known_answer_to_an_edit(
    channel: Telegram, server: FakeTelegram, code: int, said: str, failure: Failure
):
    server.user(5001).starts()
    server.faults.on("editMessageText", times=2).answers(code, said)
    assert (await outcome(channel, edit_of="7")).failure is failure


@pytest.mark.parametrize("code", [500, 502, 503])
async def test_an_error_page_of_something_in_between_may_hide_a_success(
    channel: Telegram, server: FakeTelegram, code: int
):
    server.user(5001).starts()
    server.faults.on("sendMessage").html(code)
    assert (await outcome(channel)).failure is AMBIGUOUS


@pytest.mark.parametrize("trouble", ["closes", "resets", "truncates", "breaks_length"])
@pytest.mark.parametrize("accepted", [True, False])
async def test_an_answer_that_does_not_arrive_is_ambiguous(
    channel: Telegram, server: FakeTelegram, trouble: str, accepted: bool
):
    siti = server.user(5001)
    siti.starts()
    getattr(server.faults.on("sendMessage"), trouble)(accepted=accepted)
    assert (await outcome(channel)).failure is AMBIGUOUS
    assert len(siti.screen) == accepted


async def test_silence_until_the_deadline_is_ambiguous(server: FakeTelegram, intake, monkeypatch):
    monkeypatch.setattr("bot.channels.telegram.outbound.DEADLINE_S", 1.2)
    channel = Telegram(config(server), intake, now=lambda: None)  # type: ignore[arg-type, return-value]
    server.user(5001).starts()
    server.faults.on("sendMessage").hangs(5)
    assert (await outcome(channel)).failure is AMBIGUOUS
    await channel.close()


async def test_a_closed_port_is_not_sent(intake):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    channel = Telegram(Config("1:abc", f"http://127.0.0.1:{port}"), intake, now=lambda: None)  # type: ignore[arg-type, return-value]
    failed = await outcome(channel)
    assert (failed.failure, failed.retry_after_s) == (NOT_SENT, 0)
    await channel.close()


async def test_no_room_in_the_pool_is_not_sent(server: FakeTelegram, intake, monkeypatch):
    monkeypatch.setattr("bot.channels.telegram.wire.CONNECTIONS", 1)
    monkeypatch.setattr("bot.channels.telegram.wire.CONNECT_S", 0.3)
    channel = Telegram(config(server), intake, now=lambda: None)  # type: ignore[arg-type, return-value]
    for chat in (5001, 5002):
        server.user(chat).starts()
    server.faults.on("sendMessage", chat=5001).hangs(3)
    first = asyncio.ensure_future(channel.send(a_message(5001)))
    await server.until(lambda: bool(server.calls))
    assert (await outcome(channel, 5002)).failure is NOT_SENT
    first.cancel()
    await channel.close()


async def test_the_pause_asked_for_is_passed_on(channel: Telegram, server: FakeTelegram):
    server.user(5001).starts()
    server.faults.on("sendMessage").answers(429, retry_after=41)
    assert (await outcome(channel)).retry_after_s == 41.0


def test_every_error_class_of_the_library_has_an_outcome():
    """Special before general: BadRequest and TimedOut are both a NetworkError there."""
    outcomes = {
        "BadRequest": REFUSED,
        "ChatMigrated": Failure.MOVED,
        "Conflict": NOT_SENT,
        "EndPointNotFound": BROKEN,
        "Forbidden": GONE,
        "InvalidToken": BROKEN,
        "NetworkError": AMBIGUOUS,
        "PassportDecryptionError": AMBIGUOUS,
        "TelegramError": AMBIGUOUS,
        "TimedOut": AMBIGUOUS,
    }
    classes = {
        name: kind
        for name, kind in vars(telegram.error).items()
        if isinstance(kind, type) and issubclass(kind, TelegramError) and name != "RetryAfter"  # see TooMany
    }
    assert classes.keys() == outcomes.keys()
    for name, kind in classes.items():
        error = kind(-100123) if name == "ChatMigrated" else kind("x")
        assert explain(understood(error), peer="1", editing=False).failure is outcomes[name], name
    assert explain(NotSent("x"), peer="1", editing=False).failure is NOT_SENT
    assert explain(Unclear("x"), peer="1", editing=False).failure is AMBIGUOUS
    assert explain(TooMany(3), peer="1", editing=False).retry_after_s == 3
    assert explain(OddStatus(500, clean=False), peer="1", editing=False).failure is AMBIGUOUS


def test_the_detail_quotes_neither_words_nor_numbers_of_people():
    said = 'Bad Request: can\'t parse entities: Unsupported start tag "rumahsayadijalanmelati" at byte offset 3'
    detail = explain(BadRequest(said), peer="1", editing=False).detail
    assert "melati" not in detail
    detail = explain(BadRequest("Bad Request: no user 628123456789"), peer="1", editing=False).detail
    assert "628123456789" not in detail


async def test_no_error_and_no_log_line_holds_the_token(
    channel: Telegram, server: FakeTelegram, caplog: pytest.LogCaptureFixture
):
    """Debug logging on, every kind of failure, tracebacks included."""
    secret = server.token.split(":")[1]
    server.user(5001).starts()
    with caplog.at_level(logging.DEBUG):
        for trouble in ("closes", "resets", "truncates", "breaks_length"):
            getattr(server.faults.on("sendMessage"), trouble)()
            failed = await outcome(channel, text="rahasia sekali")
            assert secret not in str(failed)
            logging.getLogger("test").exception("broken", exc_info=failed)
        server.faults.on("getFile").closes()
        with pytest.raises(Exception) as fetched:  # noqa: PT011
            await channel.fetch("abc")
        logging.getLogger("test").exception("broken", exc_info=fetched.value)
    lines = caplog.text
    assert "broken" in lines
    assert secret not in lines
    assert "rahasia sekali" not in lines
