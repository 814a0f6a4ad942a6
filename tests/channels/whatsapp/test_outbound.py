"""Messages on their way out: forms that fit, in as few messages as possible, and what each refusal means."""

from __future__ import annotations

import asyncio
import hashlib
from pathlib import Path

import pytest

from bot.channels.whatsapp import WhatsApp
from bot.channels.whatsapp.client import Client, NotSent, Refused, Unclear
from bot.channels.whatsapp.errors import FAILURES, PAUSES, explain
from bot.channels.whatsapp.interactive import forms
from tests.bench.fake_whatsapp import BUSINESS, NUMBER, FakeWhatsApp
from tests.bench.whatsapp_people import Person
from tests.channels.whatsapp.conftest import WORDS, Ticks, a_message
from texts.catalogue import BOLD_OFF, BOLD_ON
from usecases.ports import Button, Failure, Photo, SendFailed, Template

PLACE = Button("📍 Kirim lokasi", "", "location")


@pytest.fixture
def siti(server: FakeWhatsApp) -> Person:
    person = server.person()
    person.wrote_at = server.wall()
    return person


def rows(*labels: str) -> tuple[tuple[Button, ...], ...]:
    return tuple((Button(label, f"1|choice{n}"),) for n, label in enumerate(labels))


async def fails(channel: WhatsApp, **given: object) -> SendFailed:
    with pytest.raises(SendFailed) as caught:
        await channel.send(a_message(**given))  # type: ignore[arg-type]
    return caught.value


# -- forms ---------------------------------------------------------------------------------------------


async def test_words(channel: WhatsApp, server: FakeWhatsApp, siti: Person):
    message = a_message(f"Nomor: {BOLD_ON}BKS-26-000001-9{BOLD_OFF}")
    (wamid,) = await channel.send(message)
    assert siti.screen[0]["text"] == "Nomor: *BKS-26-000001-9*"
    assert server.sent[0].wamid == wamid
    assert server.sent[0].payload["biz_opaque_callback_data"] == f"s{message.id}"


async def test_up_to_three_short_choices_are_buttons(channel: WhatsApp, siti: Person):
    await channel.send(a_message(rows=rows("Ya", "Tidak", "Lewati")))
    assert (siti.screen[0]["kind"], siti.buttons(siti.screen[0])) == ("button", ["Ya", "Tidak", "Lewati"])


@pytest.mark.parametrize(
    "labels",
    [
        ("Ya", "Tidak", "Lewati", "Batal"),
        ("Yang ini jelas terlalu panjang untuk sebuah tombol", "Tidak"),
        ("Sama", "Sama"),
        tuple(f"Pilihan {n}" for n in range(10)),
    ],
)
async def test_other_choices_are_a_list(channel: WhatsApp, siti: Person, labels: tuple[str, ...]):
    await channel.send(a_message(rows=rows(*labels)))
    assert len(siti.screen) == 1
    assert (siti.screen[0]["kind"], siti.buttons(siti.screen[0])) == ("list", list(labels))


async def test_a_long_label_is_cut_between_words_and_stands_in_full_below(channel: WhatsApp, siti: Person):
    await channel.send(a_message(rows=rows("Bangunan tanpa izin / melanggar tata ruang", "Lainnya", "x" * 30, "Ya")))
    titles = [(b["title"], b.get("description", "")) for b in siti.screen[0]["buttons"]]
    assert titles[0] == ("Bangunan tanpa izin…", "Bangunan tanpa izin / melanggar tata ruang")
    assert titles[1:3] == [("Lainnya", ""), ("x" * 23 + "…", "x" * 30)]


async def test_more_than_ten_choices_are_several_lists_and_none_is_lost(channel: WhatsApp, siti: Person):
    labels = [f"Pilihan {n}" for n in range(23)]
    await channel.send(a_message(rows=rows(*labels)))
    assert [len(m["buttons"]) for m in siti.screen] == [10, 10, 3]
    assert [b for m in siti.screen for b in siti.buttons(m)] == labels


async def test_the_position_is_asked_for_with_other_choices_as_numbers(channel: WhatsApp, siti: Person):
    await channel.send(a_message("Di mana?", rows=((PLACE,), *rows("Tulis alamat", "Kembali"))))
    [shown] = siti.screen
    assert shown["kind"] == "location_request_message"
    assert shown["text"] == "Di mana?\n\nAtau angka:\n1. Tulis alamat\n2. Kembali"


async def test_links(channel: WhatsApp, siti: Person):
    link = Button("Lacak", "https://lapor.kota.go.id/t/1", "url")
    await channel.send(a_message("Sudah masuk.", rows=((link,),)))
    await channel.send(a_message("Sudah masuk.", rows=((link,), *rows("Ya"))))
    await channel.send(a_message("Bahaya!", rows=((Button("☎ 112", "tel:112", "url"),),)))
    assert [m["kind"] for m in siti.screen] == ["cta_url", "button", "text"]
    assert siti.screen[1]["text"].endswith("Lacak: https://lapor.kota.go.id/t/1")
    assert siti.screen[2]["text"] == "Bahaya!\n\n☎ 112: 112"


@pytest.mark.parametrize(("length", "count"), [(1024, 1), (1025, 2), (4096, 2), (8000, 3)])
async def test_long_words_above_buttons(channel: WhatsApp, siti: Person, length: int, count: int):
    text = ("kata " * 2000)[: length - 1] + "!"
    await channel.send(a_message(text, rows=rows("Ya")))
    assert len(siti.screen) == count
    assert siti.screen[-1]["kind"] == "button"
    everything = "".join(m["text"] for m in siti.screen).replace(WORDS["choose"], "")
    assert everything.replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize(("length", "count"), [(4096, 1), (4097, 2), (8000, 2)])
async def test_long_words_alone(channel: WhatsApp, siti: Person, length: int, count: int):
    await channel.send(a_message("x" * length))
    assert [m["kind"] for m in siti.screen] == ["text"] * count
    assert "".join(m["text"] for m in siti.screen) == "x" * length


async def test_only_the_last_part_carries_our_id(channel: WhatsApp, server: FakeWhatsApp, siti: Person):
    message = a_message("x" * 5000, reply_to="wamid.0")
    await channel.send(message)
    tags = [sent.payload["biz_opaque_callback_data"] for sent in server.sent]
    assert tags == [f"s{message.id}.51", f"s{message.id}"]


@pytest.mark.parametrize("label", ["", "   ", "😀" * 20, "é" * 24, "👨‍👩‍👧‍👦" * 5])
async def test_odd_labels_fit(channel: WhatsApp, siti: Person, label: str):
    await channel.send(a_message(rows=rows(label, "Lain")))
    assert len(siti.screen) == 1


@pytest.mark.parametrize(
    ("given", "seen"),
    [
        ("harga *murah* sekali", "harga ∗murah∗ sekali"),
        ("~~~ini~~~", "∼∼∼ini∼∼∼"),
        ("_a_ dan `b`", "ˍaˍ dan ˋbˋ"),
        ("5*3*2 dan nama_file_saya", "5*3*2 dan nama_file_saya"),
        ("https://x.id/_a_/*b*", "https://x.id/_a_/*b*"),
        ("> kutipan", "› kutipan"),
        (f"{BOLD_ON}a\nb{BOLD_OFF}", "*a*\n*b*"),
        (f"{BOLD_ON} a {BOLD_OFF}.", " *a* ."),
        (f"{BOLD_ON}a{BOLD_OFF}{BOLD_ON}", "*a*"),
        ("*_~`a`~_*", "∗ˍ∼ˋaˋ∼ˍ∗"),
    ],
)
async def test_only_we_write_bold(channel: WhatsApp, siti: Person, given: str, seen: str):
    await channel.send(a_message(f"x {given}" if not given.startswith(">") else given))
    assert siti.screen[0]["text"].removeprefix("x ") == seen


async def test_a_quote(channel: WhatsApp, server: FakeWhatsApp, siti: Person):
    await channel.send(a_message(reply_to="wamid.5"))
    assert server.sent[0].payload["context"] == {"message_id": "wamid.5"}


async def test_a_message_that_quotes_what_is_gone_leaves_without_the_quote(
    channel: WhatsApp, server: FakeWhatsApp, siti: Person
):
    server.faults = [131009]
    await channel.send(a_message(reply_to="wamid.5"))
    assert "context" not in server.sent[0].payload


async def test_what_cannot_be_edited_is_said_anew(channel: WhatsApp, siti: Person):
    assert await channel.send(a_message("Kartu", edit_of="wamid.5")) != ("wamid.5",)
    assert siti.screen[0]["text"] == "Kartu"


async def test_a_template(channel: WhatsApp, server: FakeWhatsApp):
    siti = server.person()
    server.templates["tiket_selesai", "id"] = {"slots": 2}
    form = Template("tiket_selesai", "id", ("BKS-26-000001-9", ""), ("c.1.confirm.x", "c.1.reopen.x"))
    await channel.send(a_message("", template=form))
    [shown] = siti.screen
    assert shown["text"] == "tiket_selesai | BKS-26-000001-9 | -"
    assert [b["id"] for b in shown["buttons"]] == ["c.1.confirm.x", "c.1.reopen.x"]


# -- people ---------------------------------------------------------------------------------------------


async def test_a_scoped_id_goes_into_its_own_field(channel: WhatsApp, server: FakeWhatsApp):
    ani = server.person("", "Ani", "ID.1A2b3C")
    ani.wrote_at = server.wall()
    await channel.send(a_message(peer="ID.1A2b3C"))
    assert server.sent[0].payload["recipient"] == "ID.1A2b3C"
    assert "to" not in server.sent[0].payload


async def test_where_a_scoped_id_is_not_taken_the_number_is(channel: WhatsApp, server: FakeWhatsApp):
    ani = server.person("6281200003333", "Ani", "ID.1A2b3C")
    ani.wrote_at = server.wall()
    server.scoped_sending = False
    await channel.send(a_message(peer="ID.1A2b3C", aliases=("6281200003333",)))
    assert server.sent[0].payload["to"] == "6281200003333"
    assert (await fails(channel, peer="ID.1A2b3C")).failure is Failure.GONE


async def test_a_server_that_does_not_know_scoped_ids_is_asked_once(channel: WhatsApp, server: FakeWhatsApp):
    ani = server.person("6281200003333", "Ani", "ID.1A2b3C")
    ani.wrote_at = server.wall()
    server.knows_scoped = False
    for _ in range(3):
        await channel.send(a_message(peer="ID.1A2b3C", aliases=("6281200003333",)))
    assert [sent.payload.get("to") for sent in server.sent] == ["6281200003333"] * 3
    assert len(server.refused) == 1


@pytest.mark.parametrize("peer", ["", "siti", "ID.", "id.1", "ID.a-b", "0", "12"])
async def test_no_address(channel: WhatsApp, server: FakeWhatsApp, peer: str):
    assert (await fails(channel, peer=peer)).failure is Failure.REFUSED
    assert not server.sent


# -- pictures --------------------------------------------------------------------------------------------


def a_photo(
    folder: Path, data: bytes = b"\xff\xd8\xff" + bytes(100), kind: str = "photo", mime: str = "image/jpeg"
) -> Photo:
    digest = hashlib.sha256(data).hexdigest()
    (folder / digest).write_bytes(data)
    return Photo(folder / digest, mime, digest, kind)


async def test_a_picture_with_words_and_buttons_is_one_message(channel: WhatsApp, siti: Person, tmp_path: Path):
    photo = a_photo(tmp_path)
    await channel.send(a_message("Sudah beres?", photos=(photo,), rows=rows("Sudah", "Belum")))
    await channel.send(a_message("Sudah.", photos=(photo,)))
    assert [m["kind"] for m in siti.screen] == ["button", "image"]
    assert siti.screen[0]["payload"]["interactive"]["header"]["type"] == "image"
    assert siti.screen[1]["text"] == "Sudah."


async def test_a_picture_is_put_there_once(channel: WhatsApp, server: FakeWhatsApp, siti: Person, tmp_path: Path):
    photo = a_photo(tmp_path)
    for _ in range(3):
        await channel.send(a_message("", photos=(photo,)))
    assert (len(server.uploads), len(siti.screen)) == (1, 3)


async def test_a_picture_above_a_list_goes_before_it(channel: WhatsApp, siti: Person, tmp_path: Path):
    await channel.send(a_message("Yang mana?", photos=(a_photo(tmp_path),), rows=rows(*"abcd")))
    assert [m["kind"] for m in siti.screen] == ["image", "list"]


async def test_other_files(channel: WhatsApp, siti: Person, tmp_path: Path):
    voice = a_photo(tmp_path, b"OggS1", "voice", "audio/ogg")
    odd = a_photo(tmp_path, b"%PDF", "photo", "application/pdf")
    await channel.send(a_message("", photos=(voice, odd)))
    assert [m["kind"] for m in siti.screen] == ["audio", "document"]


async def test_an_erased_file_is_left_out(channel: WhatsApp, siti: Person, tmp_path: Path):
    gone = Photo(tmp_path / "gone", "image/jpeg", "0" * 64)
    await channel.send(a_message("Sudah.", photos=(gone,)))
    assert siti.screen[0]["text"] == "Sudah."
    assert (await fails(channel, text="", photos=(gone,))).failure is Failure.REFUSED


async def test_a_repeat_goes_on_where_it_stopped(channel: WhatsApp, server: FakeWhatsApp, siti: Person, tmp_path: Path):
    two = (a_photo(tmp_path), a_photo(tmp_path, b"\xff\xd8\xff" + bytes(200)))
    message = a_message("", photos=two)
    server.faults = ["", 131016]
    with pytest.raises(SendFailed):
        await channel.send(message)
    await channel.send(message)
    assert len(siti.screen) == 2


# -- refusals -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", sorted(FAILURES))
async def test_every_code_of_the_table(channel: WhatsApp, server: FakeWhatsApp, siti: Person, code: int):
    server.faults = [code]
    failed = await fails(channel)
    assert failed.failure is FAILURES[code]
    if code in PAUSES:
        assert (failed.retry_after_s, failed.whole_bot) == PAUSES[code]


async def test_the_rules_of_the_platform_itself(channel: WhatsApp, server: FakeWhatsApp, siti: Person, ticks: Ticks):
    assert (await fails(channel, peer="6281277778888")).failure is Failure.GONE
    ticks.now += 86_399
    await channel.send(a_message())
    ticks.now += 1
    assert (await fails(channel)).failure is Failure.OUTSIDE_WINDOW
    assert (await fails(channel, template=Template("tak_ada", "id"))).failure is Failure.TEMPLATE
    siti.wrote_at = server.wall()
    server.pace, server.burst = True, 1
    await channel.send(a_message())
    failed = await fails(channel)
    assert (failed.failure, failed.whole_bot) == (Failure.NOT_SENT, False)
    server.token = "another"
    assert (await fails(channel)).failure is Failure.BROKEN


@pytest.mark.parametrize("fault", ["502", "504", "500", "drop"])
async def test_what_may_have_been_sent_waits_for_word(
    channel: WhatsApp, server: FakeWhatsApp, siti: Person, fault: str
):
    server.faults = [fault]
    failed = await fails(channel)
    assert (failed.failure, failed.retry_after_s) == (Failure.AMBIGUOUS, 60)


async def test_a_server_that_is_not_there(channel: WhatsApp, server: FakeWhatsApp):
    server.port = 1
    client = Client("t" * 20, NUMBER, "http://127.0.0.1:1/v23.0")
    with pytest.raises(NotSent) as caught:
        await client.send({})
    assert explain(caught.value).failure is Failure.NOT_SENT
    await client.close()


async def test_a_server_that_hangs(server: FakeWhatsApp, siti: Person):
    server.faults = ["hang"]
    client = Client(server.token, NUMBER, server.url)
    text = {"type": "text", "text": {"body": "x"}, "to": siti.phone, "messaging_product": "whatsapp"}
    with pytest.raises(Unclear):
        await client.send(text, deadline_s=0.2)
    await client.close()


async def test_an_answer_that_comes_in_pieces_is_read_to_its_end(server: FakeWhatsApp, siti: Person):
    """The server answers in two pieces; a list of templates needs many more, for one holds 64 kB at most."""
    server.submitted = [{"name": f"sahut_{n}", "components": [{"type": "BODY", "text": "x" * 700}]} for n in range(400)]
    client = Client(server.token, NUMBER, server.url)
    assert (await client.get(f"{BUSINESS}/message_templates"))["data"] == server.submitted
    text = {"type": "text", "text": {"body": "x"}, "to": siti.phone, "messaging_product": "whatsapp"}
    assert await client.send(text) == server.sent[0].wamid
    await client.close()


async def test_an_answer_without_end_is_not_read(server: FakeWhatsApp, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("bot.channels.whatsapp.client.MOST", 50)
    client = Client(server.token, NUMBER, server.url)
    with pytest.raises(Unclear):
        await client.get(NUMBER)
    with pytest.raises(Refused) as caught:
        await client.get("1234")
    assert (caught.value.status, caught.value.code) == (400, 0), "a refusal is known by its status alone"
    await client.close()


async def test_the_token_is_in_no_error(channel: WhatsApp, server: FakeWhatsApp, caplog: pytest.LogCaptureFixture):
    for fault in ("drop", "502", 190):
        server.faults = [fault]
        server.person().wrote_at = server.wall()
        failed = await fails(channel)
        seen, error = "", failed
        while error is not None:
            seen += f"{error!r} {error.args}"
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)  # type: ignore[assignment]
        assert server.token not in seen
    assert server.token not in caplog.text


async def test_many_at_once(channel: WhatsApp, server: FakeWhatsApp, siti: Person):
    await asyncio.gather(*(channel.send(a_message(f"{n}")) for n in range(30)))
    assert len({m["text"] for m in siti.screen}) == 30


def test_nothing_we_make_breaks_a_limit():
    """Any words with any number of choices become forms within every limit, and no choice is lost."""
    from tests.bench.whatsapp_rules import check_message

    envelope = {"messaging_product": "whatsapp", "to": "6281200001111"}
    for length in (0, 1, 19, 1023, 1025, 3000, 9000):
        for count in (0, 1, 2, 3, 4, 10, 11, 25):
            for size in (1, 20, 21, 24, 25, 72, 73, 200):
                labels = [f"{n} " + "é" * size for n in range(count)]
                made = forms(a_message("k" * length, rows=rows(*labels)), lambda name, locale: WORDS[name])
                for form in made:
                    check_message(envelope | form)
                assert str(made).count("1|choice") == count
