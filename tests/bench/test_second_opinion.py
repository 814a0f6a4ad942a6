"""The second opinion must notice what our own builder would not."""

from __future__ import annotations

from typing import Any

import pytest

from tests.bench.fake_telegram import Call
from tests.bench.second_opinion import Mismatch, check, check_all


def call(method: str, **params: Any) -> Call:
    return Call(method, params, (), (), 0.0)


MARKUP = {"inline_keyboard": [[{"text": "Terima", "callback_data": "t:1"}]]}


def test_good_calls_are_read():
    good = [
        call(
            "sendMessage",
            chat_id="5001",
            text="x",
            parse_mode="HTML",
            reply_markup=MARKUP,
            disable_notification="true",
        ),
        call("sendMediaGroup", chat_id=5, media=[{"type": "photo", "media": "attach://a"}] * 2),
        call("answerCallbackQuery", callback_query_id="1", text="x"),
        call(
            "sendMessage",
            chat_id=1,
            text="x",
            reply_markup={"keyboard": [[{"text": "L", "request_location": True}]]},
        ),
        call("setMyCommands", commands=[{"command": "status", "description": "Status"}]),
        call("getUpdates", offset=5),
    ]
    assert check_all(good) == 5
    assert check(good[0]).reply_markup.inline_keyboard[0][0].callback_data == "t:1"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "bad",
    [
        call("sendTelepathy", chat_id=1),
        call("sendMessage", chat_id=1),
        call("sendMessage", chat_id=1, text="x", reply_to="5"),
        call("sendMessage", chat_id=1, text="x", reply_markup={"inline_keyboard": [{"text": "x"}]}),
        call(
            "sendMessage",
            chat_id=1,
            text="x",
            reply_markup={"inline_keyboard": [[{"text": "x", "calback_data": "y"}]]},
        ),
        call("sendLocation", chat_id=1, latitude="utara", longitude=3),
        call("answerCallbackQuery", text="x"),
    ],
)
def test_bad_calls_are_noticed(bad):
    with pytest.raises(Mismatch):
        check(bad)
