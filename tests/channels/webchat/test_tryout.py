"""The officers' side of the try-out and its clock: only there, only for chats that the visitor may see."""

from pathlib import Path
from typing import Any

import pytest

from tests.channels.webchat.conftest import JPEG, Visitor, serve
from tests.channels.webchat.test_files import form, packed
from tests.channels.webchat.test_visitors import events
from tests.web.fakes import GROUP, HEAD, START, town


async def report(visitor: Visitor) -> str:
    """A report made by the visitor; its number."""
    await visitor.say("lampu mati", "report-1")
    await visitor.http.post("/chat/messages", json={"id": "report-2", "place": {"lat": -6.3, "lon": 106.9}})
    for number, action in enumerate(("skip", "send"), 3):
        await visitor.http.post("/chat/messages", json={"id": f"report-{number}", "action": action, "on": "1"})
    return visitor.town.hall.tickets[-1].number


async def press(visitor: Visitor, action: str, **more: Any) -> tuple[int, dict[str, Any]]:
    data = {"id": "press-123", "action": action, "on": "1", "chat": GROUP, "as": "budi"} | more
    answer = await visitor.http.post("/tryout/group/messages", json=data)
    return answer.status, await answer.json()


async def test_an_officers_press_comes_from_the_group_and_is_answered(visitor: Visitor) -> None:
    number = await report(visitor)
    status, answer = await press(visitor, f"acknowledged:{number}")
    event = visitor.town.hall.taken[-1]
    assert (status, answer["toast"]) == (200, "Dicatat: Terima")
    assert (event.peer, event.sender, event.sender_name, event.group) == (GROUP, "o-budi", "Pak Budi", True)
    _, second = await press(visitor, f"acknowledged:{number}", id="press-456", **{"as": "sari"})
    assert second["toast"] == "Sudah diambil Pak Budi."


async def test_proof_can_be_sent_to_the_group(visitor: Visitor) -> None:
    await report(visitor)
    body, kind = await packed(form(JPEG, chat=GROUP, **{"as": "sari"}, reply_to="3"))
    sent = {"Content-Type": kind, "X-Sahut": "1"}
    answer = await visitor.http.post("/tryout/group/photos", data=body, headers=sent)
    event = visitor.town.hall.taken[-1]
    assert (answer.status, event.peer, event.reply_to, len(event.attachments)) == (200, GROUP, "3", 1)


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"chat": "g-DLH"}, 404),
        ({"chat": "v-somebody"}, 404),
        ({"chat": 7}, 400),
        ({"as": "wali-kota"}, 400),
        ({"as": None}, 400),
        ({"chat": ""}, 400),
    ],
)
async def test_nobody_speaks_in_other_chats_or_as_others(visitor: Visitor, more: dict[str, Any], status: int) -> None:
    await report(visitor)
    before = len(visitor.town.hall.taken)
    assert (await press(visitor, "x", **more))[0] == status
    assert len(visitor.town.hall.taken) == before


async def test_before_a_report_there_is_no_group(visitor: Visitor) -> None:
    assert (await press(visitor, "x"))[0] == 404
    assert (await visitor.http.get(f"/tryout/events?chat={GROUP}")).status == 404
    [(name, overview)] = [e for e in await events(visitor, "/tryout/events", 2) if e[0] == "overview"]
    assert (name, overview["tickets"], overview["chats"]) == ("overview", [], [])


async def test_a_heads_chat_speaks_for_the_head(visitor: Visitor) -> None:
    await report(visitor)
    await press(visitor, "x", chat=HEAD)
    event = visitor.town.hall.taken[-1]
    assert (event.sender, event.sender_name) == ("o-head", "Kepala Dinas")


async def test_the_stream_of_a_group_shows_its_card_and_the_overview(visitor: Visitor) -> None:
    number = await report(visitor)
    found = await events(visitor, f"/tryout/events?chat={GROUP}", 3)
    assert [name for name, _ in found] == ["line", "ready", "overview"]
    assert number in found[0][1]["text"]
    assert found[2][1]["tickets"][0]["number"] == number


@pytest.mark.parametrize("seconds", [0, -3600, 1, 3601, 10**9, "3600", None, True, 3600.0, [3600]])
async def test_the_clock_moves_only_by_its_buttons(visitor: Visitor, seconds: Any) -> None:
    assert (await visitor.http.post("/tryout/clock", json={"seconds": seconds})).status == 400
    assert visitor.town.hall.now() == START


async def test_the_clock_moves(visitor: Visitor) -> None:
    answer = await visitor.http.post("/tryout/clock", json={"seconds": 21600})
    assert (answer.status, (await answer.json())["now"]) == (200, "2026-11-21T18:40:00+00:00")


async def test_with_a_real_channel_there_is_no_try_out(tmp_path: Path) -> None:
    made = town(tmp_path, tryout=False)
    async with serve(made) as client:
        await client.post("/chat/session", json={})
        for path in ("/tryout/group/messages", "/tryout/group/photos", "/tryout/clock"):
            assert (await client.post(path, json={})).status == 404
        assert (await client.get("/tryout/events")).status == 404
        page = await (await client.get("/")).text()
        assert "tryout.js" not in page
        assert "data-forward" not in page
