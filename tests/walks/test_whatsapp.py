"""Whole walks of citizens on WhatsApp, with the offices' groups on Telegram, over real HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.bench.telegram_media import jpeg
from tests.bench.telegram_places import says
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
    siti.presses(done, "Sudah beres")
    stars = await siti.gets("penanganan|nilai|bintang")
    siti.presses(stars, "5 ★")
    await siti.gets("bintang|penilaian")
    await shows(group, number, "Ditutup (sudah beres menurut pelapor)")
    await here.settled()
    assert not here.whatsapp.refused, here.whatsapp.refused
