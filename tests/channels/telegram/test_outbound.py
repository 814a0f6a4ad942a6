"""What the bot sends, against the strict server; every call is also read by a second library."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from telegram import InputFile

from bot.channels.telegram import Telegram
from bot.channels.telegram.keyboards import REMOVE
from tests.bench import telegram_media
from tests.bench.fake_telegram import FakeTelegram
from tests.channels.telegram.conftest import Ticks, a_message
from texts.catalogue import BOLD_OFF, BOLD_ON
from usecases.ports import Button, Failure, Photo, SendFailed

GROUP = -1001234567890
PRESS = (Button("Terima", "t|1"),)


@pytest.fixture
def siti(server: FakeTelegram):
    user = server.user(5001, "Siti")
    user.starts()
    return user


@pytest.fixture
def group(server: FakeTelegram):
    return server.group(GROUP, "Dishub", bot="administrator")


def a_photo(folder: Path, name: str = "a", kind: str = "photo", data: bytes | None = None) -> Photo:
    mime = {"photo": "image/jpeg", "voice": "audio/ogg", "video": "video/mp4"}.get(kind, "application/pdf")
    given_data = {"voice": telegram_media.OGG, "video": telegram_media.MP4}.get(kind, telegram_media.jpeg())
    path = folder / name
    path.write_bytes(data or given_data)
    return Photo(path, mime, f"{name:0>64}", kind)


# ── words ──
async def test_words_are_escaped_and_bold_stands_between_marks(channel: Telegram, siti):
    text = f"Nomor {BOLD_ON}BKS-26-000123-7{BOLD_OFF}: <b>lubang</b> & 1 < 2"
    await channel.send(a_message(text=text))
    assert siti.last["text"] == "Nomor BKS-26-000123-7: <b>lubang</b> & 1 < 2"
    bold = [e for e in siti.last["entities"] if e["type"] == "bold"]
    assert bold == [{"type": "bold", "offset": 6, "length": 15}]


async def test_the_answer_is_the_id_of_the_message(channel: Telegram, siti):
    assert await channel.send(a_message()) == (str(siti.last["message_id"]),)


async def test_links_are_not_previewed(channel: Telegram, server: FakeTelegram, siti):
    await channel.send(a_message(text="https://example.test/lacak"))
    assert server.calls[-1].params["link_preview_options"] == {"is_disabled": True}


async def test_a_long_text_goes_in_parts_with_the_keyboard_below_the_last(channel: Telegram, siti):
    text = "Laporan " + "jalan rusak parah sekali 🚧 " * 400 + "\nBKS-26-000123-7\nhttps://lapor.test/t/abc"
    sent = await channel.send(a_message(text=text, rows=(PRESS,)))
    parts = siti.screen
    assert len(parts) > 2
    assert list(sent) == [str(part["message_id"]) for part in parts], "the one with the keyboard last"
    assert "BKS-26-000123-7" in parts[0]["text"]
    assert "https://lapor.test/t/abc" in parts[0]["text"]
    assert [bool(part.get("reply_markup")) for part in parts] == [False] * (len(parts) - 1) + [True]


async def test_nothing_to_send_is_refused_without_asking_the_platform(channel: Telegram, server: FakeTelegram, siti):
    with pytest.raises(SendFailed) as failed:
        await channel.send(a_message(text="  "))
    assert failed.value.failure is Failure.REFUSED
    assert not server.refused


async def test_if_the_platform_refuses_our_html_the_words_go_out_plain(channel: Telegram, server: FakeTelegram, siti):
    server.faults.on("sendMessage").answers(400, "Bad Request: can't parse entities: Unclosed start tag")
    await channel.send(a_message(text=f"{BOLD_ON}1 < 2{BOLD_OFF}"))
    assert siti.last["text"] == "1 < 2"
    assert "parse_mode" not in server.calls[-1].params


async def test_html_refused_twice_is_bad_text(channel: Telegram, server: FakeTelegram, siti):
    server.faults.on("sendMessage", times=2).answers(400, "Bad Request: can't parse entities: whatever")
    with pytest.raises(SendFailed) as failed:
        await channel.send(a_message())
    assert failed.value.failure is Failure.BAD_TEXT


NASTY = ["<", ">", "&", "&lt;", "<b>", "</b>", "<a href='x'>", BOLD_ON, BOLD_OFF, "🇮🇩", "👩‍👩‍👧", "é", "\n\n", " "]
hostile = st.lists(
    st.one_of(st.characters(exclude_categories=["Cs", "Cc"]), st.sampled_from(NASTY)), min_size=1, max_size=400
).map("".join)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=hostile, times=st.integers(1, 40))
async def test_any_text_is_accepted_word_for_word(words: str, times: int):
    async with FakeTelegram() as server:
        server.pace.on = False
        from bot.channels.telegram import Config

        channel = Telegram(Config(server.token, server.url), intake=None, now=lambda: None)  # type: ignore[arg-type]
        user = server.user(5001)
        user.starts()
        text = "x" + words * times
        try:
            await channel.send(a_message(text=text))
        finally:
            await channel.close()
        assert not server.refused
        said = "".join(part["text"] for part in user.screen)
        bare = re.sub(f"[{BOLD_ON}{BOLD_OFF}]", "", text)
        assert re.sub(r"\s", "", said) == re.sub(r"\s", "", bare)


@pytest.mark.parametrize(
    "words",
    ["@siti_rahma tolong", "lapor ke @walikota_bekasi, @dinas_x!", "(@siapa_saja)", "a.@siti_uji", "@@siti_uji"],
)
async def test_nobody_is_called_by_the_words_of_a_citizen(channel: Telegram, group, words: str):
    await channel.send(a_message(GROUP, text=words))
    assert not [e for e in group.last.get("entities", ()) if e["type"] == "mention"]
    assert group.last["text"].replace("\u2060", "") == words


async def test_an_address_of_mail_is_left_as_it_is(channel: Telegram, group):
    await channel.send(a_message(GROUP, text="Tulis ke info@bekasikota.go.id"))
    assert group.last["text"] == "Tulis ke info@bekasikota.go.id"


# ── keyboards ──
async def test_buttons_stand_below_the_message(channel: Telegram, siti):
    rows = ((Button("Ya", "1|ya"), Button("Tidak", "1|tidak")), (Button("Lihat", "https://lapor.test/x", "url"),))
    await channel.send(a_message(rows=rows))
    assert siti.last["reply_markup"]["inline_keyboard"] == [
        [{"text": "Ya", "callback_data": "1|ya"}, {"text": "Tidak", "callback_data": "1|tidak"}],
        [{"text": "Lihat", "url": "https://lapor.test/x"}],
    ]


async def test_a_row_of_more_than_eight_is_broken(channel: Telegram, siti):
    await channel.send(a_message(rows=(tuple(Button(str(n), f"1|{n}") for n in range(10)),)))
    assert [len(row) for row in siti.last["reply_markup"]["inline_keyboard"]] == [8, 2]


@pytest.mark.parametrize(("data", "fits"), [("x" * 64, True), ("x" * 65, False), ("é" * 32, True), ("é" * 33, False)])
async def test_button_data_is_counted_in_bytes(channel: Telegram, siti, data: str, fits: bool):
    message = a_message(rows=((Button("Ya", data),),))
    if fits:
        await channel.send(message)
        return
    with pytest.raises(SendFailed) as failed:
        await channel.send(message)
    assert failed.value.failure is Failure.REFUSED


async def test_a_telephone_number_becomes_a_line(channel: Telegram, siti):
    call = Button("Telepon 112", "tel:112", "url")
    await channel.send(a_message(text="Darurat?", rows=((call,),)))
    assert siti.last["text"] == "Darurat?\n\nTelepon 112: 112"
    await channel.send(a_message(text="Hubungi 112 sekarang.", rows=((call,),)))
    assert siti.last["text"] == "Hubungi 112 sekarang."
    assert "reply_markup" not in siti.last


async def test_a_link_the_platform_refuses_becomes_a_line(channel: Telegram, server: FakeTelegram, siti):
    server.faults.on("sendMessage").answers(
        400, "Bad Request: inline keyboard button URL 'x' is invalid: Wrong HTTP URL"
    )
    rows = ((Button("Lihat", "http://127.0.0.1:8080/t", "url"),), PRESS)
    await channel.send(a_message(text="Pantau & lihat", rows=rows))
    assert siti.last["text"] == "Pantau & lihat\nLihat: http://127.0.0.1:8080/t"
    assert siti.buttons() == ["Terima"]


ASK_PLACE = ((Button("Kirim lokasi", "@location", "location"),), (Button("Tulis saja", "3|tulis"),))


async def test_the_location_button_takes_the_place_of_the_keys_in_private(
    channel: Telegram, server: FakeTelegram, siti
):
    await channel.send(a_message(rows=ASK_PLACE))
    markup = server.calls[-1].params["reply_markup"]
    assert markup["keyboard"] == [[{"text": "Kirim lokasi", "request_location": True}], [{"text": "Tulis saja"}]]
    assert markup["one_time_keyboard"]
    assert markup["resize_keyboard"]


async def test_in_a_group_the_location_button_is_left_out(channel: Telegram, group):
    await channel.send(a_message(GROUP, rows=ASK_PLACE))
    assert group.buttons() == ["Tulis saja"]


async def test_the_location_keyboard_goes_with_the_next_plain_message(channel: Telegram, server: FakeTelegram, siti):
    await channel.send(a_message(rows=ASK_PLACE))
    await channel.send(a_message(text="Terima kasih."))
    assert server.calls[-1].params["reply_markup"] == REMOVE
    await channel.send(a_message(text="Sampai jumpa."))
    assert "reply_markup" not in server.calls[-1].params


async def test_news_leave_the_location_keyboard_where_it_is(channel: Telegram, server: FakeTelegram, siti):
    """The place is still being asked for; whatever comes in between takes the button away from nobody."""
    await channel.send(a_message(rows=ASK_PLACE))
    for rows in ((), (PRESS,)):
        await channel.send(a_message(text="Kabar\n\nlaporan lain", rows=rows, keeps_keyboard=True))
        assert REMOVE not in [call.params.get("reply_markup") for call in server.calls]
    await channel.send(a_message(text="Kabar"))
    assert server.calls[-1].params["reply_markup"] == REMOVE


async def test_an_open_location_keyboard_and_new_buttons_go_out_as_two_messages(
    channel: Telegram, server: FakeTelegram, siti
):
    await channel.send(a_message(rows=ASK_PLACE))
    channel._outbound.keyboards.heard("5001", "dekat masjid", pin=False)
    await channel.send(a_message(text="Kelurahan Jatirasa.\n\nBetul di sini?", rows=(PRESS,)))
    first, second = server.calls[-2:]
    assert (first.params["text"], first.params["reply_markup"]) == ("Kelurahan Jatirasa.", REMOVE)
    assert second.params["text"] == "Betul di sini?"
    assert "inline_keyboard" in second.params["reply_markup"]


async def test_an_answer_that_another_worker_took_in_costs_no_second_message(
    channel: Telegram, server: FakeTelegram, siti
):
    """Nothing was heard here since the question: as a rule the pin was sent to a worker beside this one."""
    await channel.send(a_message(rows=ASK_PLACE))
    await channel.send(a_message(text="Kelurahan Jatirasa.\n\nBetul di sini?", rows=(PRESS,)))
    assert len(server.sent(5001)) == 2
    await channel.send(a_message(text="Baik."))
    assert server.calls[-1].params["reply_markup"] == REMOVE


async def test_a_tapped_location_keyboard_has_folded_and_is_removed_later(
    channel: Telegram, server: FakeTelegram, siti
):
    await channel.send(a_message(rows=ASK_PLACE))
    channel._outbound.keyboards.heard("5001", "", pin=True)
    await channel.send(a_message(text="Kelurahan Jatirasa.\n\nBetul di sini?", rows=(PRESS,)))
    assert len(server.sent(5001)) == 2
    await channel.send(a_message(text="Baik."))
    assert server.calls[-1].params["reply_markup"] == REMOVE


async def test_who_answers_before_the_platform_has_confirmed_has_folded_the_keyboard_too(
    channel: Telegram, server: FakeTelegram, siti
):
    """The question shows on the phone before its call has ended: a quick pin comes in between."""

    def pins(call) -> None:
        if "keyboard" in (call.params.get("reply_markup") or {}):
            channel._outbound.keyboards.heard("5001", "", pin=True)

    server.watchers.append(pins)
    await channel.send(a_message(rows=ASK_PLACE))
    await channel.send(a_message(text="Kelurahan Jatirasa.\n\nBetul di sini?", rows=(PRESS,)))
    assert len(server.sent(5001)) == 2


async def test_an_answer_is_asked_for_with_the_answer_box(channel: Telegram, server: FakeTelegram, group):
    asked = group.member(server.user(7001)).writes("/tiket")
    await channel.send(a_message(GROUP, ask_reply=True, reply_to=str(asked["message_id"])))
    assert server.calls[-1].params["reply_markup"] == {"force_reply": True, "selective": True}


# ── where it goes ──
async def test_a_topic_is_kept(channel: Telegram, server: FakeTelegram):
    forum = server.group(GROUP, "Dishub", forum=True, topics=("Aduan",))
    thread = forum.chat.topic("Aduan")
    await channel.send(a_message(f"{GROUP}/{thread}"))
    assert forum.last["message_thread_id"] == thread


async def test_a_topic_that_is_gone_moves_to_the_group(channel: Telegram, server: FakeTelegram):
    server.group(GROUP, "Dishub", forum=True)
    with pytest.raises(SendFailed) as failed:
        await channel.send(a_message(f"{GROUP}/99"))
    assert (failed.value.failure, failed.value.moved_to) == (Failure.MOVED, str(GROUP))


async def test_a_group_that_became_a_supergroup_moves(channel: Telegram, server: FakeTelegram):
    old = server.group(-4001, "Dishub")
    new = old.migrates()
    with pytest.raises(SendFailed) as failed:
        await channel.send(a_message(-4001))
    assert (failed.value.failure, failed.value.moved_to) == (Failure.MOVED, str(new.id))


async def test_a_quoted_message_that_is_gone_does_not_stop_the_answer(channel: Telegram, server: FakeTelegram, group):
    server.faults.on("sendMessage").answers(400, "Bad Request: message to be replied not found")
    await channel.send(a_message(GROUP, reply_to="12345"))
    assert "reply_parameters" not in server.calls[-1].params
    await channel.send(a_message(GROUP, reply_to="12345"))
    assert server.calls[-1].params["reply_parameters"] == {"message_id": 12345, "allow_sending_without_reply": True}


async def test_an_address_that_is_none_is_refused(channel: Telegram, server: FakeTelegram):
    with pytest.raises(SendFailed) as failed:
        await channel.send(a_message("siti"))
    assert failed.value.failure is Failure.REFUSED


# ── edits ──
async def test_an_edit_replaces_words_and_buttons(channel: Telegram, group):
    (card,) = await channel.send(a_message(GROUP, text="Baru", rows=(PRESS,)))
    assert await channel.send(a_message(GROUP, text="Diterima", edit_of=card)) == (card,)
    assert group.last["text"] == "Diterima"
    assert not group.buttons()


async def test_the_same_edit_twice_is_a_success(channel: Telegram, server: FakeTelegram, group):
    (card,) = await channel.send(a_message(GROUP, text="Baru"))
    assert await channel.send(a_message(GROUP, text="Baru", edit_of=card)) == (card,)
    assert "not modified" in server.refused[-1].description


@pytest.mark.parametrize("why", ["message can't be edited", "message to edit not found", "MESSAGE_ID_INVALID"])
async def test_what_cannot_be_edited_says_so(channel: Telegram, server: FakeTelegram, group, why: str):
    server.faults.on("editMessageText").answers(400, f"Bad Request: {why}")
    with pytest.raises(SendFailed) as failed:
        await channel.send(a_message(GROUP, edit_of="5"))
    assert failed.value.failure is Failure.CANNOT_EDIT


async def test_an_edit_that_is_too_long_is_shortened_but_keeps_number_and_link(channel: Telegram, group):
    (card,) = await channel.send(a_message(GROUP, text="Baru"))
    text = "kata " * 2000 + "BKS-26-000123-7 https://lapor.test/t/abc"
    await channel.send(a_message(GROUP, text=text, edit_of=card))
    assert "…" in group.last["text"]
    assert group.last["text"].endswith("BKS-26-000123-7\nhttps://lapor.test/t/abc")


async def test_a_lost_answer_to_an_edit_may_be_repeated_freely(channel: Telegram, server: FakeTelegram, group):
    (card,) = await channel.send(a_message(GROUP, text="Baru"))
    server.faults.on("editMessageText").closes()
    with pytest.raises(SendFailed) as failed:
        await channel.send(a_message(GROUP, text="Diterima", edit_of=card))
    assert failed.value.failure is Failure.NOT_SENT


# ── files ──
async def test_one_picture_carries_the_words_and_buttons(channel: Telegram, group, tmp_path: Path):
    await channel.send(a_message(GROUP, text="Kartu", rows=(PRESS,), photos=(a_photo(tmp_path),)))
    assert group.last["caption"] == "Kartu"
    assert group.last["photo"]
    assert group.buttons() == ["Terima"]


@pytest.mark.parametrize("restarted", [False, True])
async def test_a_card_with_a_picture_can_be_edited(
    channel: Telegram, server: FakeTelegram, group, tmp_path: Path, restarted: bool
):
    (card,) = await channel.send(a_message(GROUP, text="Baru", rows=(PRESS,), photos=(a_photo(tmp_path),)))
    if restarted:
        channel._outbound._captions.drop((str(GROUP), card))
    assert await channel.send(a_message(GROUP, text="Diterima", edit_of=card)) == (card,)
    assert group.last["caption"] == "Diterima"
    assert len(server.refused) == (1 if restarted else 0)
    await channel.send(a_message(GROUP, text="Diterima", edit_of=card))
    with pytest.raises(SendFailed) as failed:
        await channel.send(a_message(GROUP, text="x" * 1025, edit_of=card))
    assert failed.value.failure is Failure.CANNOT_EDIT


async def test_several_pictures_are_an_album_before_the_words(channel: Telegram, server: FakeTelegram, group, tmp_path):
    photos = tuple(a_photo(tmp_path, str(n)) for n in range(12))
    sent = await channel.send(a_message(GROUP, text="Kartu", rows=(PRESS,), photos=photos))
    assert [call.method for call in server.calls] == ["sendMediaGroup", "sendMediaGroup", "sendMessage"]
    assert [len(call.files) for call in server.calls[:2]] == [10, 2]
    assert list(sent) == [str(message["message_id"]) for message in group.screen], "a reply to any is understood"
    assert "Kartu" in group.last["text"]


async def test_files_without_words_hang_below_the_card(channel: Telegram, group, tmp_path):
    (posted,) = await channel.send(a_message(GROUP, text="Kartu"))
    card = int(posted)
    photos = (a_photo(tmp_path, "1"), a_photo(tmp_path, "2"))
    for some in (photos[:1], photos):
        await channel.send(a_message(GROUP, text="", photos=some, reply_to=str(card)))
    assert [m["reply_to_message"]["message_id"] for m in group.screen[1:]] == [card] * 3


async def test_kinds_are_sent_as_what_they_are(channel: Telegram, server: FakeTelegram, group, tmp_path):
    kinds = ("photo", "video", "voice", "document")
    photos = tuple(a_photo(tmp_path, kind, kind) for kind in kinds)
    await channel.send(a_message(GROUP, photos=photos))
    assert [c.method for c in server.calls] == ["sendMediaGroup", "sendVoice", "sendDocument", "sendMessage"]


async def test_a_file_erased_meanwhile_is_left_out(channel: Telegram, server: FakeTelegram, group, tmp_path):
    kept, gone = a_photo(tmp_path, "a"), a_photo(tmp_path, "b")
    gone.path.unlink()
    await channel.send(a_message(GROUP, text="Kartu", photos=(kept, gone)))
    assert [c.method for c in server.calls] == ["sendPhoto", "sendMessage"]
    await channel.send(a_message(GROUP, text="Kartu", photos=(gone,)))
    assert group.last["text"] == "Kartu"


async def test_a_picture_the_platform_cannot_show_goes_as_a_file(
    channel: Telegram, server: FakeTelegram, group, tmp_path
):
    server.faults.on("sendPhoto").answers(400, "Bad Request: PHOTO_INVALID_DIMENSIONS")
    await channel.send(a_message(GROUP, text="Kartu", rows=(PRESS,), photos=(a_photo(tmp_path),)))
    assert group.last["document"]
    assert group.last["caption"] == "Kartu"
    server.faults.on("sendMediaGroup").answers(400, "Bad Request: IMAGE_PROCESS_FAILED")
    await channel.send(a_message(GROUP, text="Kartu", photos=(a_photo(tmp_path, "1"), a_photo(tmp_path, "2"))))
    assert [c.method for c in server.calls[-3:]] == ["sendDocument", "sendDocument", "sendMessage"]


async def test_a_group_without_pictures_still_gets_the_words(channel: Telegram, server: FakeTelegram, group, tmp_path):
    server.faults.on("sendPhoto").answers(400, "Bad Request: not enough rights to send photos to the chat")
    await channel.send(a_message(GROUP, text="Kartu", photos=(a_photo(tmp_path),)))
    assert group.last["text"] == "Kartu"


async def test_a_repeat_goes_on_where_it_stopped(channel: Telegram, server: FakeTelegram, group, tmp_path):
    """The album is out, the words failed: the repeat must not show the album again."""
    message = a_message(GROUP, text="Kartu", photos=(a_photo(tmp_path, "1"), a_photo(tmp_path, "2")))
    server.faults.on("sendMessage").answers(500)
    with pytest.raises(SendFailed) as failed:
        await channel.send(message)
    assert failed.value.failure is Failure.NOT_SENT
    await channel.send(message)
    assert [c.method for c in server.calls] == ["sendMediaGroup", "sendMessage"]
    await channel.send(replace(message, id=message.id + 10**6))
    assert len(server.calls) == 4


async def test_a_repeat_of_two_messages_for_one_keyboard_loses_nothing(channel: Telegram, server: FakeTelegram, siti):
    await channel.send(a_message(rows=ASK_PLACE))
    channel._outbound.keyboards.heard("5001", "dekat masjid", pin=False)
    message = a_message(text="Kelurahan Jatirasa.\n\nBetul di sini?", rows=(PRESS,))
    server.faults.on("sendMessage", nth=2).answers(500)
    with pytest.raises(SendFailed):
        await channel.send(message)
    await channel.send(message)
    assert [m["text"] for m in siti.screen[1:]] == ["Kelurahan Jatirasa.", "Betul di sini?"]


@pytest.mark.parametrize("trouble", [403, 429, 500])
async def test_a_refused_file_is_not_held_by_its_error(
    channel: Telegram, server: FakeTelegram, siti, tmp_path: Path, trouble: int
):
    """Where Telegram refuses one picture after the other, memory must not wait for the next collection."""
    message = a_message(photos=(a_photo(tmp_path),))
    gc.collect()  # what other tests left lying
    gc.disable()
    try:
        for _ in range(3):
            server.faults.on("sendPhoto").answers(trouble)
            with contextlib.suppress(SendFailed):
                await channel.send(message)
        for _ in range(50):
            if not (held := sum(isinstance(one, InputFile) for one in gc.get_objects())):
                break
            await asyncio.sleep(0.02)  # the thread that read the last picture may still be on its way home
    finally:
        gc.enable()
    assert held == 0


# ── pace ──
async def test_a_pause_is_for_one_chat_until_a_second_one_is_paused_too(
    channel: Telegram, server: FakeTelegram, ticks: Ticks
):
    async def pause(chat: int) -> SendFailed:
        server.user(chat).starts()
        server.faults.on("sendMessage", chat=chat).answers(429, retry_after=7)
        with pytest.raises(SendFailed) as failed:
            await channel.send(a_message(chat))
        assert (failed.value.failure, failed.value.retry_after_s) == (Failure.NOT_SENT, 7.0)
        return failed.value

    assert not (await pause(5001)).whole_bot
    assert not (await pause(5001)).whole_bot
    assert (await pause(5002)).whole_bot
    ticks.now += 8
    assert not (await pause(5003)).whole_bot


def test_pace_zero_takes_off_every_limit_of_our_own():
    from bot.channels.telegram import Config

    made = Telegram(Config("1:a", pace=0), intake=None, now=lambda: None)  # type: ignore[arg-type]
    assert (made.pace.account_per_s, made.pace.chat_per_s, made.pace.group_per_min) == (0, 0, 0)
    kept = Telegram(Config("1:a", pace=28), intake=None, now=lambda: None)  # type: ignore[arg-type]
    assert (kept.pace.account_per_s, kept.pace.chat_per_s, kept.pace.chat_burst) == (28, 1, 3)
    assert kept.pace.group_per_min == 18


# ── toasts ──
async def test_a_toast_is_cut_to_what_fits_and_a_late_one_is_swallowed(channel: Telegram, server: FakeTelegram, siti):
    await channel.send(a_message(rows=(PRESS,)))
    query = siti.presses(siti.last, "Terima")
    await channel.toast(query.id, "kata " * 100, alert=True)
    assert len(query.answer["text"]) <= 200
    assert query.answer["show_alert"]
    await channel.toast("123", "terlambat")
    assert "query is too old" in server.refused[-1].description
