"""Received files: an id becomes an address, an address becomes bytes, and the token goes nowhere else."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import pytest
from yarl import URL

from bot.channels.whatsapp import WhatsApp
from bot.channels.whatsapp.client import Client
from bot.channels.whatsapp.media import _allowed
from tests.bench.fake_whatsapp import NUMBER, FakeWhatsApp
from usecases.ports import FetchFailed

DATA = b"\xff\xd8\xff" + bytes(range(256)) * 20


async def fails(channel: WhatsApp, ref: str) -> FetchFailed:
    with pytest.raises(FetchFailed) as caught:
        await channel.fetch(ref)
    return caught.value


async def test_bytes_come_as_they_were_sent(channel: WhatsApp, server: FakeWhatsApp):
    found = server.keeps_file(DATA, "image/jpeg")
    announced = base64.b64encode(hashlib.sha256(DATA).digest()).decode()
    assert await channel.fetch(f"{found}#{announced}") == DATA
    assert await channel.fetch(found) == DATA
    assert all(headers["Authorization"] == f"Bearer {server.token}" for headers in server.downloads)


async def test_an_address_that_ran_out_is_asked_for_again(channel: WhatsApp, server: FakeWhatsApp):
    found = server.keeps_file(DATA, "image/jpeg")
    now = server.wall()
    times = iter([now, now + 300, now + 300, now + 301])
    server.wall = lambda: next(times)
    assert await channel.fetch(found) == DATA
    assert len(server.links) == 2


async def test_other_bytes_than_announced_are_not_taken(channel: WhatsApp, server: FakeWhatsApp):
    found = server.keeps_file(DATA, "image/jpeg")
    server.file_says = {"sha256": hashlib.sha256(b"something else").hexdigest()}
    assert not (await fails(channel, found)).permanent
    server.file_says = {"sha256": "no hash at all"}
    assert await channel.fetch(found) == DATA


@pytest.mark.parametrize(
    ("mime", "megabytes", "fits"),
    [
        ("image/jpeg", 5, True),
        ("image/jpeg", 6, False),
        ("audio/ogg", 16, True),
        ("video/mp4", 17, False),
        ("application/pdf", 20, True),
        ("application/pdf", 21, False),
    ],
)
@pytest.mark.parametrize("told", [True, False])
async def test_sizes(channel: WhatsApp, server: FakeWhatsApp, mime: str, megabytes: int, fits: bool, told: bool):
    found = server.keeps_file(bytes(megabytes * 2**20), mime)
    if not told:
        server.file_says = {"file_size": None}
    if fits:
        assert len(await channel.fetch(found)) == megabytes * 2**20
    else:
        assert (await fails(channel, found)).permanent


@pytest.mark.parametrize(
    ("address", "good"),
    [
        ("https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1&ext=2&hash=3", True),
        ("https://scontent.xx.fbcdn.net/a/b.jpg", True),
        ("https://mmg.whatsapp.net/a", True),
        ("https://graph.facebook.com/v23.0/x", True),
        ("http://lookaside.fbsbx.com/a", False),
        ("https://lookaside.fbsbx.com:444/a", False),
        ("https://fbcdn.net.example.org/a", False),
        ("https://example.org/a?lookaside.fbsbx.com", False),
        ("https://evilfbcdn.net/a", False),
        ("https://user@lookaside.fbsbx.com/a", False),
        ("https://169.254.169.254/latest/meta-data", False),
        ("http://localhost/a", False),
        ("file:///etc/passwd", False),
        ("//lookaside.fbsbx.com/a", False),
        ("", False),
        (None, False),
        (7, False),
        ("https://[::1", False),
    ],
)
def test_only_known_hosts_see_the_token(address: Any, good: bool):
    client = Client("t" * 20, NUMBER)
    if good:
        assert _allowed(client, address) == URL(address)
    else:
        with pytest.raises(FetchFailed) as caught:
            _allowed(client, address)
        assert caught.value.permanent


async def test_nobody_is_sent_elsewhere(channel: WhatsApp, server: FakeWhatsApp):
    found = server.keeps_file(DATA, "image/jpeg")
    server.download_says = (302, {"Location": "http://127.0.0.1:9/x"})
    assert "302" in str(await fails(channel, found))
    assert len(server.downloads) == 1


@pytest.mark.parametrize("ref", ["", "../me", "12/34", "12?x=1", "%2e%2e"])
async def test_odd_ids_are_not_even_asked_for(channel: WhatsApp, server: FakeWhatsApp, ref: str):
    assert (await fails(channel, ref)).permanent


async def test_what_is_gone_is_gone_and_what_is_refused_for_now_is_not(channel: WhatsApp, server: FakeWhatsApp):
    assert (await fails(channel, "4711")).permanent
    found = server.keeps_file(DATA, "image/jpeg")
    server.token = "another"
    assert not (await fails(channel, found)).permanent
