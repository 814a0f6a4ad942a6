"""Whole walks over real HTTP: citizens and officers on the strict server, the program in between."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.bench.telegram_places import says
from tests.walks.town import Town, numbers, reports, town, transcript

GROUP, OTHER, OPS = -1001234567890, -1001234567891, -1001234567892
ROADS, STREETS = "DBMSDA", "DISHUB"
HOLE = "Jalan berlubang besar di depan SDN 3 Jatiasih, banyak motor jatuh"


@pytest.fixture(params=["polling", "webhook"])
async def bekasi(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(tmp_path, webhook=request.param == "webhook") as made:
        yield made


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Town]:
    """For walks in which the way of delivery makes no difference."""
    async with town(tmp_path, webhook=True) as made:
        yield made


async def an_office(made: Town, agency: str = ROADS, group_id: int = GROUP, **given: object):  # type: ignore[no-untyped-def]
    """A group bound to an office, and its first officer."""
    group = made.server.group(group_id, f"Grup {agency}", bot="administrator", **given)  # type: ignore[arg-type]
    budi = group.member(made.server.user(7001, "Budi Santoso"))
    await made.connects(budi, agency)
    return group, budi


async def card_of(group, number: str):  # type: ignore[no-untyped-def]
    """The card of a ticket as it stands in the group now."""
    await group.server.until(lambda: any(number in says(m) and "Status" in says(m) for m in group.screen), 5)
    return next(m for m in group.screen if number in says(m) and "Status" in says(m))


async def shows(group, number: str, status: str) -> None:  # type: ignore[no-untyped-def]
    async def current() -> str:
        return says(await card_of(group, number))

    for _ in range(200):
        if f"Status: {status}" in await current():
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"{number} does not show {status!r}:\n{transcript(group)}")


@pytest.mark.slow
async def test_from_the_first_word_to_sudah_beres(bekasi: Town):
    group, budi = await an_office(bekasi)
    siti = bekasi.server.user(5001, "Siti Rahma")
    number = await reports(siti, HOLE)
    card = await card_of(group, number)
    assert HOLE in says(card)
    assert "Siti" not in transcript(group)

    budi.presses(card, "Terima")
    await siti.gets("sudah menerima laporan")
    await shows(group, number, "Sudah diterima dinas")

    budi.presses(card, "Tanya warga")
    question = await group.gets("pertanyaan untuk warga")
    budi.replies_to(question, "Sisi kiri atau kanan?")
    asked = await siti.gets("Sisi kiri atau kanan")
    assert "Budi" not in transcript(siti)
    siti.replies_to(asked, "Sisi kiri")
    await group.gets("jawaban warga:\nSisi kiri")

    budi.presses(card, "Selesai")
    proof = await group.gets("balas pesan ini dengan foto")
    budi.sends_photo("Sudah diaspal", reply_to=proof)
    done = await siti.gets("beres")
    assert any("Sudah beres" in label for label in siti.buttons(done))
    siti.presses(done, "Sudah beres")
    stars = await siti.gets("penanganan|nilai|bintang")
    siti.presses(stars, "5 ★")
    await siti.gets("bintang|penilaian")
    await shows(group, number, "Ditutup (sudah beres menurut pelapor)")

    cards = [m for m in group.screen if f"{number} ·" in says(m) and "Status" in says(m)]
    assert len(cards) == 1, "one card, edited as it moves"
    assert not bekasi.server.refused
    await bekasi.sahut.settle()


@pytest.mark.slow
async def test_the_same_on_postgresql(tmp_path: Path, postgres_url: str):
    async with town(tmp_path, webhook=True, database_url=postgres_url) as made:
        group, budi = await an_office(made)
        siti = made.server.user(5001, "Siti Rahma")
        number = await reports(siti, HOLE)
        budi.presses(await card_of(group, number), "Terima")
        await siti.gets("sudah menerima laporan")
        await shows(group, number, "Sudah diterima dinas")


async def test_words_photos_and_pin_in_any_order_are_one_report(bekasi: Town):
    group, budi = await an_office(bekasi)
    siti = bekasi.server.user(5001, "Siti")
    siti.sends_album(2, caption="Jalan berlubang besar di Jatiasih")
    siti.sends_location(-6.2935, 106.9568)
    await bekasi.server.until(lambda: bool(siti.screen), 5)
    number = ""
    for _ in range(8):
        said = await siti.gets(timeout=8)
        if found := numbers(siti):
            number = found[0]
            break
        label = next((b for b in siti.buttons(said) if any(w in b for w in ("✅", "lanjut", "Rahasiakan"))), None)
        if label:
            siti.presses(said, label)
    assert number, transcript(siti)
    await bekasi.sahut.settle()
    assert len(numbers(siti)) == 1
    await group.gets(number)
    await bekasi.server.until(lambda: sum("photo" in m for m in group.screen) == 2, 8)
    card = await card_of(group, number)
    assert {m["reply_to_message"]["message_id"] for m in group.screen if "photo" in m} == {card["message_id"]}
    assert "uraian" not in transcript(siti).split("Sudah lengkap")[0].lower(), "what was said is not asked again"
    await bekasi.sahut.settle()
    for n, picture in enumerate([m for m in group.screen if "photo" in m], 1):
        budi.replies_to(picture, f"Terlihat di foto {n}, terima kasih")
        await siti.gets(f"Terlihat di foto {n}")


async def test_a_message_delivered_twice_is_answered_once(bekasi: Town):
    bekasi.server.updates.duplicate_every = 1
    siti = bekasi.server.user(5001, "Siti")
    siti.writes("halo")
    await siti.gets()
    await asyncio.sleep(0.5)
    await bekasi.sahut.settle()
    assert len(siti.screen) == 1


async def test_an_edit_a_sticker_and_a_kind_nobody_knows_get_an_answer(bekasi: Town):
    siti = bekasi.server.user(5001, "Siti")
    first = siti.writes("Jalan berlubang di Jatiasih")
    await siti.gets()
    for act in (
        lambda: siti.edits(first, "Jalan berlubang besar sekali di Jatiasih"),
        siti.sends_sticker,
        siti.sends_contact,
        siti.sends_voice,
        lambda: siti.sends({"hologram": {"file_id": "x"}}),
    ):
        before = len(siti.screen)
        act()
        await bekasi.server.until(lambda before=before: len(siti.screen) > before, 5, f"silence\n{transcript(siti)}")  # type: ignore[misc]
        await bekasi.sahut.settle()


# ── groups ──
async def test_only_a_registered_officer_acts_and_another_is_admitted_by_one_tap(here: Town):
    group, budi = await an_office(here)
    wati = group.member(here.server.user(7002, "Wati"))
    number = await reports(here.server.user(5001, "Siti"), HOLE)
    card = await card_of(group, number)
    press = wati.presses(card, "Terima")
    await here.server.until(lambda: press.answer is not None, 5)
    assert "hanya untuk petugas" in press.answer["text"]
    await shows(group, number, "Menunggu diterima dinas")
    request = await group.gets("ingin menangani")
    refused = wati.presses(request, "Setujui")
    await here.server.until(lambda: refused.answer is not None, 5)
    assert "Hanya petugas" in refused.answer["text"]
    budi.presses(request, "Setujui")
    await group.gets("sekarang petugas|disetujui")
    wati.presses(card, "Terima")
    await shows(group, number, "Sudah diterima dinas")


async def test_two_officers_press_at_once_and_one_wins(here: Town):
    group, budi = await an_office(here)
    wati = group.member(here.server.user(7002, "Wati"))
    wati.presses(group.screen[0], "Saya petugas di sini")
    budi.presses(await group.gets("ingin menangani"), "Setujui")
    await group.gets("sekarang petugas")
    number = await reports(here.server.user(5001, "Siti"), HOLE)
    card = await card_of(group, number)
    here.server.updates.hold()
    presses = [budi.presses(card, "Terima"), wati.presses(card, "Terima")]
    here.server.updates.release()
    await here.server.until(lambda: all(p.answer is not None for p in presses), 5)
    answers = [p.answer["text"] for p in presses]
    assert sum("Sudah ditangani" in words for words in answers) == 1, answers
    assert says(await card_of(group, number)).count("Ditangani:") <= 1


async def test_forged_foreign_and_copied_buttons_change_nothing(here: Town):
    group, budi = await an_office(here)
    other = here.server.group(OTHER, "Grup lain", bot="administrator")
    eve = other.member(here.server.user(7009, "Eva"))
    siti = here.server.user(5001, "Siti")
    number = await reports(siti, HOLE)
    card = await card_of(group, number)
    data = card["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    pressed = [
        eve.presses_data(card, data),  # a forwarded card
        siti.presses_data(siti.last, data),  # in a private chat
        budi.presses_data(card, data[:-1] + ("A" if data[-1] != "A" else "B")),
        budi.presses_data(card, "c.1.acknowledge.AAAA"),
        budi.presses_data(card, "x" * 64),
        budi.presses_data(card, ""),
    ]
    await here.server.until(lambda: all(p.answer is not None for p in pressed), 5)
    for press in pressed:
        assert press.answer["text"], press.data
    await shows(group, number, "Menunggu diterima dinas")
    inaccessible = budi.presses_data(card, data, inaccessible=True)
    await here.server.until(lambda: inaccessible.answer is not None, 5)
    await shows(group, number, "Sudah diterima dinas")


async def test_an_anonymous_admin_is_asked_to_show_themselves(here: Town):
    group, _ = await an_office(here)
    group.anonymous_admin().writes("/antrean")
    await group.gets("anonim")
    group.linked_channel().writes("Pengumuman dari kanal")
    await asyncio.sleep(0.3)
    assert len(group.screen) == 2


async def test_queue_ticket_and_recap_are_told_in_the_group(here: Town):
    group, budi = await an_office(here)
    number = await reports(here.server.user(5001, "Siti"), HOLE)
    await card_of(group, number)
    budi.writes("/antrean")
    assert number in says(await group.gets("terbuka"))
    budi.writes(f"/tiket@{here.server.world.bot['username']} {number}")
    assert number in says(await group.gets("Riwayat"))
    budi.writes("/rekap")
    await group.gets("Rekap")
    budi.writes("/antrean@bot_lain")
    await asyncio.sleep(0.3)
    assert "Rekap" in says(group.last)


async def test_a_reply_to_the_card_reaches_the_citizen_and_back(here: Town):
    group, budi = await an_office(here)
    siti = here.server.user(5001, "Siti Rahma")
    number = await reports(siti, HOLE)
    card = await card_of(group, number)
    budi.presses(card, "Terima")
    await siti.gets("sudah menerima")
    budi.replies_to(card, "Tim kami berangkat siang ini.")
    relayed = await siti.gets("Tim kami berangkat")
    siti.replies_to(relayed, "Baik, terima kasih infonya, saya tunggu di lokasi")
    await group.gets("saya tunggu di lokasi")
    assert "Siti" not in transcript(group)
    assert "Budi" not in "".join(says(m) for m in siti.screen)


async def test_forum_topics_are_kept(bekasi: Town):
    forum = bekasi.server.group(GROUP, "Dishub", forum=True, topics=("Aduan", "Umum"), bot="administrator")
    thread = forum.chat.topic("Aduan")
    budi = forum.member(bekasi.server.user(7001, "Budi"), topic="Aduan")
    await bekasi.connects(budi, ROADS)
    number = await reports(bekasi.server.user(5001, "Siti"), HOLE)
    card = await card_of(forum, number)
    budi.presses(card, "Terima")
    await shows(forum, number, "Sudah diterima dinas")
    budi.presses(card, "Tanya warga")
    await forum.gets("pertanyaan untuk warga")
    assert {message["message_thread_id"] for message in forum.screen} == {thread}
    forum.member(bekasi.server.user(7001), topic="Umum").writes("/antrean")
    await forum.gets("belum terhubung")


async def test_a_topic_that_is_deleted_leaves_the_group_at_work(here: Town):
    forum = here.server.group(GROUP, "Dishub", forum=True, topics=("Aduan",), bot="administrator")
    budi = forum.member(here.server.user(7001, "Budi"), topic="Aduan")
    await here.connects(budi, ROADS)
    forum.chat.topics[forum.chat.topic("Aduan")]["deleted"] = True
    number = await reports(here.server.user(5001, "Siti"), HOLE)
    card = await card_of(forum, number)
    assert "message_thread_id" not in card
    forum.member(here.server.user(7001)).presses(card, "Terima")
    await shows(forum, number, "Sudah diterima dinas")
    assert len(here.server.refused) < 5


async def test_a_group_that_becomes_a_supergroup_goes_on(bekasi: Town):
    group, _ = await an_office(bekasi, group_id=-4001)
    siti = bekasi.server.user(5001, "Siti")
    first = await reports(siti, HOLE)
    await card_of(group, first)
    bigger = group.migrates()
    await asyncio.sleep(0.3)
    budi = bigger.member(bekasi.server.user(7001))
    second = await reports(bekasi.server.user(5002, "Andi"), "Jalan rusak parah di Jatimekar", at=(-6.282, 106.938))
    card = await card_of(bigger, second)
    budi.presses(card, "Terima")
    await shows(bigger, second, "Sudah diterima dinas")


async def test_a_group_that_moved_unnoticed_is_found_again(here: Town):
    """The service message got lost; the platform's refusal tells the new id."""
    group, _ = await an_office(here, group_id=-4001)
    here.server.updates.hold()
    bigger = group.migrates()
    here.server.updates.release(lambda held: [])
    number = await reports(here.server.user(5001, "Siti"), HOLE)
    await card_of(bigger, number)
    assert sum("upgraded" in c.description for c in here.server.refused) == 1


# ── the clock ──
@pytest.mark.slow
async def test_a_silent_office_is_nudged_escalated_and_the_citizen_told(here: Town):
    group, _ = await an_office(here)
    head = here.server.group(OTHER, "Pimpinan", bot="administrator")
    await here.connects(head.member(here.server.user(8001, "Kepala")), ROADS, "head")
    siti = here.server.user(5001, "Siti")
    number = await reports(siti, HOLE)
    await card_of(group, number)
    for _ in range(40):
        await here.passes(hours=3)
    assert "belum diterima" in transcript(group)
    assert number in transcript(head)
    assert "belum selesai pada waktu yang kami janjikan" in transcript(siti)
    for place in (group, head, siti):
        said = [says(m) for m in place.screen if "lewat" in says(m)]
        assert len(said) == len(set(said)), "each once"


async def test_a_blocked_bot_is_quiet_until_it_is_unblocked(bekasi: Town):
    group, budi = await an_office(bekasi)
    siti = bekasi.server.user(5001, "Siti")
    number = await reports(siti, HOLE)
    card = await card_of(group, number)
    siti.blocks_bot()
    await asyncio.sleep(0.3)
    budi.presses(card, "Terima")
    await shows(group, number, "Sudah diterima dinas")
    await asyncio.sleep(0.3)
    assert not [c for c in bekasi.server.refused if c.chat_id == siti.id], "nobody knocks at a closed door"
    siti.unblocks_bot()
    siti.writes("status")
    await siti.gets(number)


# ── trouble ──
async def test_a_card_that_cannot_be_edited_is_posted_anew(here: Town):
    group, budi = await an_office(here)
    number = await reports(here.server.user(5001, "Siti"), HOLE)
    card = await card_of(group, number)
    here.server.faults.on("editMessageText").answers(400, "Bad Request: message can't be edited")
    budi.presses(card, "Terima")
    await here.server.until(
        lambda: any("Status: Sudah diterima" in says(m) for m in group.screen[1:]), 8, transcript(group)
    )


async def test_trouble_of_the_platform_delays_and_loses_nothing(bekasi: Town):
    siti = bekasi.server.user(5001, "Siti")
    bekasi.server.faults.on("sendMessage", times=2).answers(500)
    bekasi.server.faults.on("sendMessage", nth=3).answers(429, retry_after=1)
    siti.writes("Jalan berlubang di Jatiasih")
    for _ in range(3):
        await asyncio.sleep(0.3)
        bekasi.clock.forward(seconds=5)
    await siti.gets(timeout=15)
    assert len(siti.screen) == 1


@pytest.mark.slow
async def test_our_own_pace_is_never_refused(tmp_path: Path):
    """The platform counts messages as the real one does; a busy group and a busy citizen."""
    async with town(tmp_path, webhook=True, pace=28) as made:
        group, budi = await an_office(made)
        siti = made.server.user(5001, "Siti")
        number = await reports(siti, HOLE)
        await card_of(group, number)
        for _ in range(4):
            budi.writes("/antrean")
            siti.writes("status")
        await made.server.until(lambda: sum("terbuka" in says(m) for m in group.screen) >= 4, 40)
        assert not [c for c in made.server.refused if c.code == 429]


async def test_hostile_words_arrive_as_words(here: Town):
    group, _ = await an_office(here)
    words = "Jalan berlubang <b>parah</b> & <a href='http://jahat.test'>klik</a> </pre> {number} %s \u202e di Jatiasih"
    number = await reports(here.server.user(5001, "<i>Siti</i>"), words)
    card = await card_of(group, number)
    assert "<b>parah</b> & <a href=" in says(card)
    assert not [e for e in card.get("entities", ()) if e["type"] == "text_link"]
    assert not [c for c in here.server.refused if "entities" in c.description]


async def test_what_cannot_be_read_is_kept_and_does_not_stop_the_rest(bekasi: Town):
    siti = bekasi.server.user(5001, "Siti")
    bekasi.server.updates.push_raw({"message": {"message_id": "x", "chat": {"id": 5001}}})
    bekasi.server.updates.push_raw({"sesuatu_yang_baru": {}})
    siti.writes("halo")
    await siti.gets()
    kept = await bekasi.ask(lambda unit: unit.connection.exec_driver_sql("select body from inbox_quarantine").all())
    assert sorted(b"sesuatu_yang_baru" in bytes(body) for (body,) in kept) == [False, True]
