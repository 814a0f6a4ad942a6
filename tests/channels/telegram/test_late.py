"""python-telegram-bot is loaded when it is needed. An installation in which it cannot be loses no message by that."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from aiohttp import web

from bot.channels.telegram import Config, Telegram, late
from tests.bench.fake_telegram import FakeTelegram
from tests.channels.telegram.conftest import a_message
from usecases.ports import Failure, Photo, SendFailed

TOKEN = "123456:SECRETsecretSECRETsecretSECRETsecret"


async def outcome(channel: Telegram, **more: object) -> SendFailed:
    with pytest.raises(SendFailed) as failed:
        await channel.send(a_message(5001, **more))  # type: ignore[arg-type]
    return failed.value


@pytest.fixture(params=[ImportError("No module named 'telegram'"), AttributeError("half installed")])
def broken(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(name: str) -> ModuleType:
        raise request.param

    monkeypatch.setattr(late, "import_module", fails)


@pytest.mark.usefixtures("broken")
async def test_without_the_library_what_needs_it_waits(channel: Telegram, server: FakeTelegram, tmp_path: Path):
    server.user(5001).starts()
    await channel.send(a_message(5001))  # plain words need no more than the wire
    picture = tmp_path / "picture"
    picture.write_bytes(b"jpeg")
    photo = Photo(picture, "image/jpeg", "0" * 64, "photo")
    assert (await outcome(channel, photos=(photo,))).failure is Failure.BROKEN
    server.faults.on("sendMessage").answers(403, "Forbidden: bot was blocked by the user")
    assert (await outcome(channel)).failure is Failure.BROKEN


@pytest.mark.usefixtures("broken")
async def test_without_the_library_polling_goes_on(channel: Telegram, server: FakeTelegram, intake, caplog):
    server.faults.on("getUpdates").answers(409, "Conflict: terminated by other getUpdates request")
    server.user(5001).starts()
    polling = asyncio.ensure_future(channel.run())
    with caplog.at_level(logging.CRITICAL):
        await server.until(lambda: bool(intake.events))
    assert not polling.done()
    assert "cannot be loaded" in caplog.text
    polling.cancel()


async def test_many_first_refusals_at_once_are_all_understood(channel: Telegram, server: FakeTelegram):
    for peer in range(6001, 6021):
        server.user(peer)
    found = await asyncio.gather(*(channel.send(a_message(peer)) for peer in range(6001, 6021)), return_exceptions=True)
    assert [one.failure for one in found if isinstance(one, SendFailed)] == [Failure.GONE] * 20


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409])
@pytest.mark.parametrize("photo", [False, True])
async def test_a_page_in_between_that_repeats_the_address_is_not_quoted(
    intake, tmp_path: Path, status: int, photo: bool, caplog: pytest.LogCaptureFixture
):
    async def reflect(request: web.Request) -> web.Response:
        await request.read()
        return web.Response(status=status, text=f"<html>no entry: {request.path}</html>", content_type="text/html")

    async with serving(reflect) as address:
        channel = Telegram(Config(TOKEN, address), intake, now=lambda: None)  # type: ignore[arg-type, return-value]
        (tmp_path / "picture").write_bytes(b"jpeg")
        photos = (Photo(tmp_path / "picture", "image/jpeg", "0" * 64, "photo"),) if photo else ()
        with caplog.at_level(logging.DEBUG):
            failed = await outcome(channel, photos=photos)
            logging.getLogger("test").exception("broken", exc_info=failed)
        await channel.close()
    assert "SECRET" not in f"{failed}{failed.detail}{caplog.text}"


async def test_a_call_after_the_end_is_not_made(channel: Telegram, server: FakeTelegram, tmp_path: Path):
    server.user(5001).starts()
    (tmp_path / "picture").write_bytes(b"jpeg")
    await channel.close()
    photo = Photo(tmp_path / "picture", "image/jpeg", "0" * 64, "photo")
    assert (await outcome(channel, photos=(photo,))).failure is Failure.NOT_SENT
    assert not server.calls


class serving:
    """A web server that answers everything in one way."""

    def __init__(self, answer: Callable[[web.Request], object]) -> None:
        app = web.Application()
        app.router.add_route("*", "/{rest:.*}", answer)  # type: ignore[arg-type]
        self._runner = web.AppRunner(app, access_log=None)

    async def __aenter__(self) -> str:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()
