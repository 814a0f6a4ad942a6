"""What the chat's doors take in, what they refuse, and that nothing is answered before it is kept."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.channels.webchat.inbound import BadMessage, Speaker, read
from conversations.inbound import Kind
from tests.channels.webchat.conftest import Visitor

ME = Speaker("v-abc", "v-abc")
NOW = datetime(2026, 11, 21, tzinfo=UTC)


def told(**data: Any) -> Any:
    return read({"id": "0123-4567-89ab", **data}, ME, NOW)


def test_words_become_a_message_with_the_visitors_key() -> None:
    event = told(text="  lampu mati\x00 ", reply_to="17", lang="id")
    assert (event.text, event.key, event.message_id) == ("lampu mati", "w:abc:0123-4567-89ab", "0123-4567-89ab")
    assert (event.reply_to, event.language, event.kind) == ("17", "id", Kind.MESSAGE)


def test_a_press_names_the_line_and_can_be_answered() -> None:
    event = told(action="3|send", on="17")
    assert (event.kind, event.action, event.pressed_on, event.press_id) == (
        Kind.PRESS, "3|send", "17", "0123-4567-89ab",
    )  # fmt: skip


def test_a_place_is_a_pin() -> None:
    pin = told(place={"lat": -6, "lon": 106.9}).pin
    assert (pin.lat, pin.lon, pin.source) == (-6.0, 106.9, "pin")


@pytest.mark.parametrize(
    ("text", "command", "rest"),
    [
        ("/antrean", "antrean", ""),
        ("/tiket BKS-26-000001-9", "tiket", "BKS-26-000001-9"),
        ("/Hubungkan@sahut_bot ABC", "hubungkan", "ABC"),
        ("/ bukan", "", "/ bukan"),
        ("lihat /antrean", "", "lihat /antrean"),
    ],
)
def test_commands_are_split_from_their_arguments(text: str, command: str, rest: str) -> None:
    event = told(text=text)
    assert (event.command, event.text) == (command, rest)


BAD: list[Any] = [
    None, [], "text", 7, {}, {"id": "x", "text": "a"}, {"id": "../../etc/passwd", "text": "a"},
    {"id": "0123-4567", "text": "a", "action": "b"}, {"id": "0123-4567"}, {"id": "0123-4567", "text": ""},
    {"id": "0123-4567", "text": "\x00 \n"}, {"id": "0123-4567", "text": 5}, {"id": "0123-4567", "text": ["a"]},
    {"id": "0123-4567", "text": "a" * 4097}, {"id": "0123-4567", "action": "é" * 40}, {"id": "0123-4567", "action": ""},
    {"id": "0123-4567", "action": "a\nb"}, {"id": "0123-4567", "action": {"a": 1}},
    {"id": "0123-4567", "action": "a", "on": "<b>"}, {"id": "0123-4567", "text": "a", "reply_to": 9},
    {"id": "0123-4567", "place": "here"}, {"id": "0123-4567", "place": {"lat": "1", "lon": "2"}},
    {"id": "0123-4567", "place": {"lat": 91, "lon": 0}}, {"id": "0123-4567", "place": {"lat": 0, "lon": 10**19}},
    {"id": "0123-4567", "place": {"lat": True, "lon": 0}}, {"id": "0123-4567", "place": {"lat": 0}},
    {"id": 12345678, "text": "a"}, {"id": "0123-4567\n", "text": "a"}, {"id": "٠١٢٣٤٥٦٧", "text": "a"},
]  # fmt: skip


@pytest.mark.parametrize("data", BAD)
def test_what_a_page_of_ours_never_sends_is_refused(data: Any) -> None:
    with pytest.raises(BadMessage):
        read(data, ME, NOW)


async def test_every_bad_message_gets_400_and_none_gets_inside(visitor: Visitor) -> None:
    for data in BAD[1:]:  # no JSON at all is another refusal
        answer = await visitor.http.post("/chat/messages", json=data)
        assert (answer.status, await answer.json()) == (400, {"error": "bad"}), data
    assert visitor.town.hall.taken == []


async def test_a_message_is_acknowledged_after_it_was_taken_and_once(visitor: Visitor) -> None:
    first = await visitor.say("lampu mati")
    again = await visitor.say("lampu mati")
    assert (first.status, (await first.json())["fresh"]) == (200, True)
    assert (again.status, (await again.json())["fresh"]) == (200, False)
    assert len(visitor.town.hall.taken) == 1


async def test_storage_away_means_503_and_try_again(visitor: Visitor) -> None:
    visitor.town.hall.down = True
    answer = await visitor.say("lampu mati")
    assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
    visitor.town.hall.down = False
    assert (await (await visitor.say("lampu mati")).json())["fresh"]


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"{", {}, 400),
        (b"[" * 60_000, {}, 400),
        (b'{"id":"0123-4567","text":NaN}', {}, 400),
        (b"\xff\xfe", {}, 400),
        (b'{"id":' + b"9" * 5000 + b"}", {}, 400),
        (b"x" * 70_000, {}, 413),
        (b"{}", {"Content-Type": "text/plain"}, 415),
        (b"{}", {"Content-Type": "application/x-www-form-urlencoded"}, 415),
        (b"\x1f\x8b", {"Content-Encoding": "gzip"}, 415),
        (b"{}", {"Sec-Fetch-Site": "cross-site"}, 403),
        (b"{}", {"Sec-Fetch-Site": "same-site"}, 403),
        (b"{}", {"Origin": "https://evil.example"}, 403),
        (b"{}", {"Origin": "null"}, 403),
    ],
)
async def test_hostile_bodies(visitor: Visitor, body: bytes, headers: dict[str, str], status: int) -> None:
    sent = {"Content-Type": "application/json"} | headers
    answer = await visitor.http.post("/chat/messages", data=body, headers=sent, skip_auto_headers=["User-Agent"])
    assert answer.status == status
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert visitor.town.hall.taken == []


async def test_our_own_page_may_post(visitor: Visitor) -> None:
    own = f"http://{visitor.http.host}:{visitor.http.port}"
    for headers in ({"Origin": own}, {"Sec-Fetch-Site": "same-origin", "Origin": own}):
        answer = await visitor.http.post("/chat/messages", json={"id": "0123-4567", "text": "a"}, headers=headers)
        assert answer.status == 200


async def test_hostile_words_travel_unchanged_as_words(visitor: Visitor) -> None:
    words = '<img src=x onerror=alert(1)> \u202e {{7*7}} "; DROP TABLE'
    await visitor.say(words)
    assert visitor.town.hall.taken[0].text == words
