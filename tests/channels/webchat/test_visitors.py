"""Who a visitor is: keys that cannot be forged, budgets that run out and fill up again, streams that resume."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, CookieJar, web
from aiohttp.test_utils import make_mocked_request

from bot.channels.webchat import visitor as visitors
from bot.channels.webchat.budget import Buckets, Budgets, Purse, Rate
from tests.channels.webchat.conftest import Visitor, serve
from tests.web.fakes import town
from usecases.ports import Unavailable

KEY = b"k" * 32


def test_a_key_proves_its_visitor_and_nothing_else_does() -> None:
    peer, cookie = visitors.issue(KEY)
    assert visitors.read(KEY, cookie) == peer
    name, _, signature = cookie.partition(".")
    forged = [
        "", ".", name, f"{name}.", f"{name}.{'0' * 40}", f"x{name[1:]}.{signature}" if name[0] != "x" else "y",
        f"../../../etc/passwd.{signature}", f"{name}.{signature}x", f"{name}.{signature.upper()}é", cookie * 2,
    ]  # fmt: skip
    assert [visitors.read(KEY, wrong) for wrong in forged] == [""] * len(forged)
    assert visitors.read(b"another" * 5, cookie) == ""


async def test_without_a_key_every_door_stays_shut(tmp_path: Path) -> None:
    made = town(tmp_path)
    async with serve(made) as client:
        for cookies in ({}, {visitors.COOKIE: "a" * 22 + "." + "0" * 40}):
            client.session.cookie_jar.clear()
            client.session.cookie_jar.update_cookies(cookies)
            for path in ("/chat/messages", "/tryout/group/messages", "/tryout/clock"):
                answer = await client.post(path, json={"id": "0123-4567", "text": "a", "seconds": 3600})
                assert (answer.status, await answer.json()) == (401, {"error": "session"})
            for path in ("/chat/events", "/tryout/events"):
                assert (await client.get(path)).status == 401
        assert made.hall.taken == []


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(visitor: Visitor) -> None:
    answer = await visitor.begin(anew=True)
    told = answer.headers["Set-Cookie"]
    assert "HttpOnly" in told
    assert "SameSite=Lax" in told
    assert "Path=/" in told


async def test_a_session_stays_until_a_new_one_is_asked_for(visitor: Visitor) -> None:
    first = await visitor.peer()
    assert await (await visitor.begin()).json() == {"fresh": False}
    assert await visitor.peer() == first
    assert await (await visitor.begin(anew=True)).json() == {"fresh": True}
    assert await visitor.peer() != first


def test_buckets_run_out_say_how_long_and_fill_again() -> None:
    now = [0.0]
    bucket = Buckets(Rate(2, 0.1), lambda: now[0])
    assert [bucket.take("a"), bucket.take("a"), bucket.take("a"), bucket.take("b")] == [0, 0, 10, 0]
    now[0] = 10
    assert [bucket.take("a"), bucket.take("a")] == [0, 10]


def test_addresses_are_counted_and_nobody_pays_for_a_neighbour() -> None:
    purse = Purse(Budgets(visitor=Rate(5, 1), address=Rate(6, 1)), lambda: 0.0)
    assert [purse.message("v-a", "1.1.1.1") for _ in range(6)] == [0, 0, 0, 0, 0, 1]
    assert [purse.message("v-b", "1.1.1.1") for _ in range(2)] == [0, 1]
    assert purse.message("v-c", "2.2.2.2") == 0


async def test_a_flood_is_slowed_and_what_was_slowed_can_be_sent_later(tmp_path: Path) -> None:
    made = town(tmp_path, budgets=Budgets(visitor=Rate(3, 0.001)))
    async with serve(made) as client:
        one = Visitor(made, client)
        await one.begin()
        answers = [await one.say("halo", f"message-{n}") for n in range(5)]
        assert [answer.status for answer in answers] == [200, 200, 200, 429, 429]
        assert int(answers[-1].headers["Retry-After"]) > 100
        assert len(made.hall.taken) == 3


@pytest.mark.parametrize(
    ("remote", "forwarded", "told"),
    [
        ("127.0.0.1", None, ""),
        ("127.0.0.1", "9.9.9.9, 8.8.8.8", "8.8.8.8"),
        ("127.0.0.1", "nonsense", ""),
        ("10.0.0.7", "8.8.4.4", "8.8.4.4"),
        ("10.0.0.7", None, "10.0.0.7"),
        ("36.68.1.1", "1.2.3.4", "36.68.1.1"),
        ("2001:448a::5", None, "2001:448a::/64"),
    ],
)
def test_only_our_own_proxy_is_believed(remote: str, forwarded: str | None, told: str) -> None:
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    assert visitors.address(make_mocked_request("GET", "/", headers).clone(remote=remote)) == told


async def events(visitor: Visitor, path: str, wanted: int, **headers: str) -> list[tuple[str, dict[str, Any]]]:
    """The first events of a stream."""
    found: list[tuple[str, dict[str, Any]]] = []
    async with visitor.http.get(path, headers=headers) as response:
        assert response.headers["Content-Type"].startswith("text/event-stream")
        name = ""
        async for raw in response.content:
            field, _, value = raw.decode().rstrip("\n").partition(": ")
            if field == "event":
                name = value
            elif field == "data":
                found.append((name, json.loads(value)))
                if len(found) == wanted:
                    return found
    return found


async def test_a_stream_tells_what_stands_there_and_resumes_where_it_was_cut(visitor: Visitor) -> None:
    await visitor.say("lampu mati\nevent: line\n\ndata: palsu")
    first = await events(visitor, "/chat/events", 3)
    assert [name for name, _ in first] == ["line", "line", "ready"]
    mine, answer = first[0][1], first[1][1]
    assert (mine["author"], mine["mine"], answer["author"]) == ("me", "message-1", "sahut")
    assert mine["text"].endswith("data: palsu")
    later = await events(visitor, "/chat/events?rev=0", 2, **{"Last-Event-ID": str(mine["rev"])})
    assert [data.get("id") for _, data in later] == [answer["id"], None]


async def test_a_database_that_goes_away_ends_a_stream_and_nothing_worse(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An answer is under way: a second one inside it is no HTTP any more, and the page would not know what it reads."""

    async def away(peer: str, rev: int, limit: int = 0) -> list[Any]:
        raise Unavailable("away")

    monkeypatch.setattr(visitor.town.door.mailbox, "since", away)
    async with visitor.http.get("/chat/events") as response:
        assert response.status == 200
        assert await response.read() == b""


async def test_nobody_reads_another_visitors_lines(visitor: Visitor) -> None:
    await visitor.say("rahasia saya")
    await visitor.begin(anew=True)
    assert [name for name, _ in await events(visitor, "/chat/events", 1)] == ["ready"]


async def test_streams_are_counted_and_given_back(tmp_path: Path) -> None:
    made = town(tmp_path, budgets=Budgets(streams_per_visitor=2))
    async with serve(made) as client:
        one = Visitor(made, client)
        await one.begin()
        async with client.get("/chat/events"), client.get("/chat/events"):
            refused = await client.get("/chat/events")
            assert (refused.status, refused.headers["Retry-After"]) == (503, "30")
    assert made.door.streams == {}


async def test_a_page_that_was_reloaded_makes_room_for_itself(tmp_path: Path) -> None:
    made = town(tmp_path, budgets=Budgets(streams_per_visitor=2))
    # as the program serves: aiohttp's test server would end by itself what a client has left
    runner = web.AppRunner(made.app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    async with ClientSession(address, cookie_jar=CookieJar(unsafe=True)) as client:
        await client.post("/chat/session", json={})
        for _ in range(5):
            answer = await client.get("/chat/events")
            assert answer.status == 200
            answer.close()  # as a browser does it: the line is cut
            await asyncio.sleep(0.02)
        async with client.get("/chat/events"), client.get("/chat/events"):
            assert (await client.get("/chat/events")).status == 503
    await runner.cleanup()
    assert made.door.streams == {}
