"""Received files: from the API's own host, within 20 MB and 30 seconds, by a path that is one."""

from __future__ import annotations

import pytest

from bot.channels.telegram import Telegram, media
from tests.bench.fake_telegram import FakeTelegram
from usecases.ports import FetchFailed


@pytest.fixture
def ref(server: FakeTelegram) -> str:
    return str(server.user(5001).sends_document(b"x" * 1000, "bukti.jpg")["document"]["file_id"])


async def failure(channel: Telegram, ref: str, **given: object) -> FetchFailed:
    with pytest.raises(FetchFailed) as failed:
        await media.fetch(channel._client, ref, **given)  # type: ignore[arg-type]
    return failed.value


async def test_the_bytes_of_a_photo(channel: Telegram, server: FakeTelegram):
    sizes = server.user(5001).sends_photo()["photo"]
    data = await channel.fetch(sizes[-1]["file_id"])
    assert data[:2] == b"\xff\xd8"


async def test_too_large_is_permanent_whether_announced_or_not(channel: Telegram, server: FakeTelegram, ref: str):
    failed = await failure(channel, ref, limit=999)
    assert failed.permanent
    server.faults.on("getFile").answers(400, "Bad Request: file is too big")
    assert (await failure(channel, ref)).permanent
    assert len(await media.fetch(channel._client, ref, limit=1000)) == 1000


async def test_a_size_that_was_a_lie_is_cut_off_while_reading(channel: Telegram, monkeypatch, ref: str):
    real = channel._client.call

    async def lies(method: str, params: dict, **given: object) -> object:
        return (await real(method, params, **given)) | {"file_size": 5}

    monkeypatch.setattr(channel._client, "call", lies)
    assert (await failure(channel, ref, limit=500)).permanent


@pytest.mark.parametrize("said", ["invalid file_id", "wrong file_id", "wrong remote file identifier specified"])
async def test_a_reference_that_is_none_is_permanent(channel: Telegram, server: FakeTelegram, ref: str, said: str):
    server.faults.on("getFile").answers(400, f"Bad Request: {said}")
    assert (await failure(channel, ref)).permanent


async def test_temporary_trouble_is_not_permanent(channel: Telegram, server: FakeTelegram, ref: str):
    server.faults.on("getFile").answers(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
    assert not (await failure(channel, ref)).permanent
    server.faults.on("getFile").answers(502)
    assert not (await failure(channel, ref)).permanent
    server.faults.on("getFile").answers(429, retry_after=3)
    assert not (await failure(channel, ref)).permanent
    assert await channel.fetch(ref)


@pytest.mark.parametrize("trouble", ["closes", "resets", "breaks_length"])
async def test_a_download_that_breaks_off_may_be_tried_again(
    channel: Telegram, server: FakeTelegram, ref: str, trouble: str
):
    getattr(server.faults.on("file", times=5), trouble)()  # aiohttp itself repeats a GET on a stale connection
    failed = await failure(channel, ref)
    assert not failed.permanent
    assert server.token not in str(failed)


async def test_a_slow_download_is_given_up(channel: Telegram, server: FakeTelegram, ref: str):
    server.faults.on("file").hangs(5)
    assert not (await failure(channel, ref, deadline_s=0.3)).permanent


async def test_a_link_that_expired_may_be_tried_again(channel: Telegram, server: FakeTelegram, ref: str):
    server.faults.on("file").answers(404)
    assert not (await failure(channel, ref)).permanent
    server.faults.on("file").answers(302)
    assert not (await failure(channel, ref)).permanent


@pytest.mark.parametrize("path", ["/etc/passwd", "../x", "a/../../x", "http://evil.test/x", "a b", "a?b", "", None, 5])
async def test_a_path_that_leads_elsewhere_is_not_followed(channel: Telegram, monkeypatch, path: object):
    async def lies(*_: object, **__: object) -> object:
        return {"file_id": "x", "file_path": path}

    monkeypatch.setattr(channel._client, "call", lies)
    assert (await failure(channel, "x")).permanent
