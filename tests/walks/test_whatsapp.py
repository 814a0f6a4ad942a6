"""Whole walks of citizens on WhatsApp, with the offices' groups on Telegram, over real HTTP."""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot import settings, wiring
from storage.database import run
from tests.bench.fake_whatsapp import NUMBER, SECRET, VERIFY, FakeWhatsApp
from tests.bench.telegram_media import jpeg
from tests.bench.telegram_places import says
from tests.bench.whatsapp_people import Person
from tests.walks.test_telegram import HOLE, an_office, card_of, shows
from tests.walks.town import reports, transcript
from tests.walks.whatsapp_town import Both, both


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Both]:
    async with both(tmp_path) as made:
        yield made


@pytest.mark.slow
async def test_from_the_first_word_to_sudah_beres(here: Both):
    group, budi = await an_office(here.town)
    siti = here.whatsapp.person(name="Siti Rahma")
    number = await reports(siti, HOLE)
    card = await card_of(group, number)
    assert HOLE in says(card)
    assert "Siti" not in transcript(group)

    budi.presses(card, "Terima")
    await siti.gets("sudah menerima laporan")
    budi.presses(card, "Tanya warga")
    budi.replies_to(await group.gets("pertanyaan untuk warga"), "Sisi kiri atau kanan?")
    siti.replies_to(await siti.gets("Sisi kiri atau kanan"), "Sisi kiri")
    await group.gets("jawaban warga:\nSisi kiri")

    budi.presses(card, "Selesai")
    budi.sends_photo("Sudah diaspal", reply_to=await group.gets("balas pesan ini dengan foto"))
    done = await siti.gets("beres")
    await group.server.until(lambda: any(m["kind"] == "image" for m in siti.screen), 8, "the proof is not shown")
    siti.presses(done, "Sudah beres")
    stars = await siti.gets("penanganan|nilai|bintang")
    siti.presses(stars, "5 ★")
    await siti.gets("bintang|penilaian")
    await shows(group, number, "Ditutup (sudah beres menurut pelapor)")
    await here.settled()
    assert not here.whatsapp.refused, here.whatsapp.refused


async def test_photos_sent_one_by_one_are_one_report(here: Both):
    group, _ = await an_office(here.town)
    siti = here.whatsapp.person(name="Siti Rahma")
    with here.whatsapp.one_post():
        siti.sends_photo(HOLE, data=jpeg(shade=80))
        siti.sends_photo(data=jpeg(shade=120))
        siti.sends_photo(data=jpeg(shade=160))
    await here.settled()
    await here.passes(seconds=3)
    asked = sum("Foto kami simpan" in message["text"] for message in siti.screen)
    assert (asked, len(siti.screen) <= 2) == (1, True), siti.transcript()
    number = await goes_on(siti)
    await group.gets(number)
    await group.server.until(lambda: sum("photo" in m for m in group.screen) == 3, 8)


async def test_a_lost_answer_is_settled_by_the_report_and_nothing_is_said_twice(here: Both):
    siti = here.whatsapp.person()
    here.whatsapp.faults = ["drop"]
    siti.writes("halo")
    await siti.gets("Halo")
    await here.settled()
    await here.passes(minutes=2)
    assert len(siti.screen) == 1, siti.transcript()
    assert await states(here) == [("sent", "delivered")]


async def test_a_lost_answer_without_a_report_is_repeated_after_a_minute(here: Both):
    siti = here.whatsapp.person()
    here.whatsapp.statuses = []
    here.whatsapp.faults = ["drop"]
    siti.writes("halo")
    await siti.gets("Halo")
    await here.settled()
    await here.passes(seconds=50)
    assert len(siti.screen) == 1
    await here.passes(seconds=15)
    assert len(siti.screen) == 2
    assert await states(here) == [("sent", "")]


async def test_a_bad_gateway_waits_for_the_report_too(here: Both):
    siti = here.whatsapp.person()
    here.whatsapp.faults = ["502"]
    siti.writes("halo")
    await here.settled()
    await here.passes(seconds=50)
    assert not siti.screen
    await here.passes(seconds=15)
    assert len(siti.screen) == 1


@pytest.mark.parametrize("order", [["delivered", "sent", "read", "sent"], ["read", "delivered", "sent"]])
async def test_reports_in_any_order_only_go_up(here: Both, order: list[str]):
    siti = here.whatsapp.person()
    here.whatsapp.statuses = [*order, *order]
    siti.writes("halo")
    await siti.gets("Halo")
    await here.settled()
    assert await states(here) == [("sent", "read")]


async def test_somebody_who_cannot_be_reached_is_known_from_the_report(here: Both):
    siti = here.whatsapp.person()
    here.whatsapp.late = True
    siti.blocked = True
    siti.writes("halo")
    await here.settled()
    assert await states(here) == [("failed", "failed")]
    reachable = await here.town.ask(lambda unit: unit.chats.find("whatsapp", siti.phone).reachable)
    assert reachable == "blocked"


async def test_the_pace_of_one_person_never_meets_the_platforms_limit(tmp_path: Path):
    async with both(tmp_path, whatsapp_burst=3) as here:
        here.whatsapp.pace, here.whatsapp.burst = True, 3
        siti, ani = here.whatsapp.person(), here.whatsapp.person("6281200002222", "Ani")
        for _ in range(5):
            siti.writes("halo")
            await here.whatsapp.settled()
        ani.writes("halo")
        await ani.gets("Halo")
        for _ in range(3):
            await siti.gets("Halo")
        await asyncio.sleep(0.3)
        assert len(siti.screen) == 3, "the others wait for their turn"
        assert not here.whatsapp.refused, here.whatsapp.refused


async def states(here: Both) -> list[tuple[str, str]]:
    """What became of all messages to people on WhatsApp."""

    def work(unit: Any) -> list[tuple[str, str]]:
        rows = unit.connection.exec_driver_sql(
            "select o.state, o.reach from outbox_message o join conversation c on c.id = o.conversation_id "
            "where c.channel = 'whatsapp' order by o.id"
        )
        return [tuple(row) for row in rows]

    return await here.town.ask(work)


async def goes_on(siti: Person) -> str:
    """On to the number, the shortest way."""
    wanted = ("✅", "Jalan rusak", "Lewati", "lanjut", "Selesai", "Tetap lapor baru", "Rahasiakan")
    for _ in range(10):
        said = await siti.gets(timeout=8)
        if found := re.search(r"[A-Z]{3}-\d{2}-\d{6}-\w", said["text"]):
            return found[0]
        if said["kind"] == "location_request_message":
            siti.sends_location(-6.2935, 106.9568)
        elif pick := next((label for label in siti.buttons(said) if any(want in label for want in wanted)), None):
            siti.presses(said, pick)
    raise AssertionError(siti.transcript())


async def test_a_town_without_telegram(tmp_path: Path):
    """WhatsApp alone is a real channel: no try-out, and a database that stays real."""
    async with FakeWhatsApp() as server:
        door = socket.create_server(("127.0.0.1", 0))
        made = settings.load(
            None,
            data_dir=tmp_path / "data",
            database_url=f"sqlite:///{tmp_path / 'alone.db'}",
            whatsapp_phone_number_id=NUMBER,
            whatsapp_token=server.token,
            whatsapp_app_secret=SECRET,
            whatsapp_verify_token=VERIFY,
            whatsapp_api_url=server.url,
        )
        sahut = wiring.build(made)
        runner = web.AppRunner(sahut.app, access_log=None, shutdown_timeout=1.0, auto_decompress=False)
        await runner.setup()
        await web.SockSite(runner, door).start()
        await sahut.start()
        server.hook = f"http://127.0.0.1:{door.getsockname()[1]}/whatsapp/webhook"
        try:
            siti = server.person()
            siti.writes("halo")
            assert "Kota Bekasi" in (await siti.gets("Halo"))["text"]
            assert sahut.telegram is None
            assert await run(sahut.database, lambda unit: unit.system.identity()) == ("live", "")
        finally:
            await server.settled()
            await runner.cleanup()
            await sahut.stop()


@pytest.mark.slow
async def test_an_office_without_telegram_works_one_to_one(here: Both):
    """Officer and citizen on WhatsApp: the card with its buttons, who is first, a question and its answer."""
    budi = here.whatsapp.person("6281300001111", "Budi Santoso")
    ani = here.whatsapp.person("6281300002222", "Ani Wijaya", "ID.9Kk2aZ")
    budi.writes(f"HUBUNGKAN {await here.town.invites('DBMSDA')}")
    await budi.gets("Bina Marga")
    ani.writes("DAFTAR PETUGAS DBMSDA")
    asked = await budi.gets("Ani Wijaya")
    budi.presses(asked, budi.buttons(asked)[0])
    await ani.gets("Bina Marga|petugas")
    await here.settled()

    siti = here.whatsapp.person(name="Siti Rahma")
    number = await reports(siti, HOLE)
    card = await budi.gets(number)
    same = await ani.gets(number)
    assert HOLE in card["text"]
    assert "Siti" not in budi.transcript()
    budi.presses(card, "Terima")
    await siti.gets("sudah menerima laporan")
    await ani.gets("Budi")
    ani.presses(same, "Terima")
    await here.settled()
    card = next(m for m in reversed(budi.screen) if number in m["text"] and "Status" in m["text"])
    budi.presses(card, "Tanya warga")
    await budi.gets("pertanyaan untuk warga")
    budi.writes("Sisi kiri atau kanan?")
    siti.replies_to(await siti.gets("Sisi kiri atau kanan"), "Sisi kiri")
    await budi.gets("Sisi kiri")
    await here.settled()
    assert "Budi" not in siti.transcript()
    assert not here.whatsapp.refused, here.whatsapp.refused


async def test_the_same_words_are_the_same_report_on_both_apps(here: Both):
    group, _ = await an_office(here.town)
    tono = here.town.server.user(5002, "Tono")
    siti = here.whatsapp.person(name="Siti Rahma")
    numbers = [await reports(tono, HOLE), await reports(siti, HOLE, at=(-6.3035, 106.9568))]

    def work(unit: Any) -> list[Any]:
        columns = "status, category, agency, text, named, confidential, danger, place_source, version"
        return [
            tuple(unit.connection.exec_driver_sql(f"select {columns} from ticket where number = '{number}'").one())
            for number in numbers
        ]

    one, other = await here.town.ask(work)
    assert one == other
    for number in numbers:
        await group.gets(number)
