"""A day of silence, a new number and two apps, over real HTTP: what leaves, what waits, and who sees what."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.walks.test_telegram import an_office, card_of
from tests.walks.test_whatsapp import states
from tests.walks.town import reports
from tests.walks.whatsapp_town import Both, both
from usecases.ports import AccountEvent
from usecases.templates import STATUS_EVENT, told

LAMP = "Lampu jalan mati sejak kemarin di depan SDN 3 Jatiasih"


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Both]:
    async with both(tmp_path) as made:
        yield made


async def approve(here: Both) -> None:
    """Meta approves everything, and says so."""
    for form in here.town.sahut.house.city.templates:
        value = {"event": "APPROVED", "message_template_name": form.name, "message_template_language": "id"}
        here.whatsapp.templates[form.name, "id"] = {"slots": len(form.values)}
        event = AccountEvent("whatsapp", f"a:{form.name}", STATUS_EVENT, here.town.clock.now(), value)
        await here.town.ask(lambda unit, event=event: told(unit, event))


@pytest.mark.slow
async def test_after_a_day_a_template_asks_and_its_button_answers(here: Both):
    group, budi = await an_office(here.town, "DISHUB")
    siti = here.whatsapp.person(name="Siti Rahma")
    number = await reports(siti, LAMP)
    card = await card_of(group, number)
    budi.presses(card, "Terima")
    await siti.gets("sudah menerima laporan")
    await approve(here)
    await here.passes(hours=25)
    budi.presses(card, "Tanya warga")
    budi.replies_to(await group.gets("pertanyaan untuk warga"), "Sisi kiri atau kanan?")
    asked = await siti.gets("sahut_pertanyaan_petugas")
    assert asked["kind"] == "template"
    assert "Sisi kiri atau kanan?" in asked["text"]
    siti.presses(asked, "#0")
    await here.settled()
    siti.writes("Sisi kiri")
    await group.gets("jawaban warga:\nSisi kiri")
    assert not here.whatsapp.refused, here.whatsapp.refused


@pytest.mark.slow
async def test_without_templates_it_waits_until_she_writes(here: Both):
    group, budi = await an_office(here.town, "DISHUB")
    siti = here.whatsapp.person(name="Siti Rahma")
    number = await reports(siti, LAMP)
    card = await card_of(group, number)
    await here.settled()
    seen = len(siti.screen)
    await here.passes(hours=25)
    budi.presses(card, "Terima")
    await here.settled()
    assert len(siti.screen) == seen
    assert ("held", "") in await states(here)
    siti.writes("status")
    news = await siti.gets("sudah menerima laporan")
    assert number in news["text"]
    assert not here.whatsapp.refused, here.whatsapp.refused


@pytest.mark.slow
async def test_telegram_and_whatsapp_are_linked_by_a_code(here: Both):
    await an_office(here.town, "DISHUB")
    tono = here.town.server.user(5002, "Tono")
    siti = here.whatsapp.person(name="Siti Rahma")
    number = await reports(siti, LAMP)
    tono.writes("/hubungkanakun")
    code = re.search(r"AKUN ([2-9A-Z]{10})", (await tono.gets("HUBUNGKAN AKUN"))["text"])
    assert code
    siti.writes(f"hubungkan akun {code[1]}")
    sure = await siti.gets("Telegram")
    siti.presses(sure, "Hubungkan")
    await siti.gets("Sudah terhubung")
    await tono.gets("PUTUSKAN AKUN")
    tono.writes("/status")
    await tono.gets(number)


@pytest.mark.slow
async def test_a_new_number_needs_the_code_of_the_old_one_s_report(here: Both):
    siti = here.whatsapp.person("6281200001111", "Siti Rahma")
    number = await reports(siti, LAMP)
    code = re.search(r"[0-9A-HJKMNP-TV-Z]{8}", siti.transcript().partition("Kode lacak")[2])
    assert code
    new = here.whatsapp.person("6281200007777", "Siti Rahma")
    system = {"type": "user_changed_number", "wa_id": new.phone, "body": "changed"}
    here.whatsapp.arrives(
        {
            "messages": [
                {
                    "id": here.whatsapp.new_id(),
                    "timestamp": str(int(here.whatsapp.wall())),
                    "from": siti.phone,
                    "type": "system",
                    "system": system,
                }
            ]
        }
    )
    await here.settled()
    new.writes("halo")
    await new.gets("nomor lama")
    new.writes("status")
    await here.settled()
    assert number not in new.transcript()
    new.writes(f"{number} {code[0]}")
    await new.gets("kodenya cocok")
    new.writes("status")
    await new.gets(number)
