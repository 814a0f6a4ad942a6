"""The fake platform itself: two real client libraries find it real, and it refuses as the platform does."""

from __future__ import annotations

import io

import pytest
import telegram
from PIL import Image

from tests.bench.client import png, refusal
from tests.bench.telegram_rules import Refusal, parse_html
from tests.bench.telegram_world import Query

BUTTON = telegram.InlineKeyboardButton("Terima", callback_data="t:1")


# ── two clients ──
async def test_both_libraries_read_messages_and_answers(server, bot, other):
    from aiogram.types import BufferedInputFile  # see `other` for why here

    siti = server.user(5001, "Siti Aminah", "id")
    siti.starts()
    siti.writes("Lampu jalan mati, lihat https://contoh.id/x")
    siti.sends_photo("gelap")
    siti.sends_location(-6.23, 106.99)
    siti.sends_voice()
    siti.sends_sticker()
    siti.sends_video("video")
    siti.sends_document()
    siti.sends_contact()
    updates = await bot.get_updates()
    assert [u.message.text or "" for u in updates][:2] == [
        "/start",
        "Lampu jalan mati, lihat https://contoh.id/x",
    ]
    assert updates[2].message.photo[-1].width == 1280
    again = await other.get_updates()
    assert [u.update_id for u in again] == [u.update_id for u in updates]
    assert again[4].message.voice.mime_type == "audio/ogg"

    sent = await bot.send_message(5001, "<b>Halo</b> 👋 &lt;Siti&gt;", parse_mode="HTML")
    assert sent.text == "Halo 👋 <Siti>"
    assert sent.parse_entity(sent.entities[0]) == "Halo"
    photo = await other.send_photo(5001, BufferedInputFile(png(), "a.png"), caption="bukti")
    assert (await bot.send_photo(5001, photo.photo[-1].file_id)).photo
    assert [c.method for c in server.calls] == ["getMe", "sendMessage", "sendPhoto", "sendPhoto"]
    assert siti.last["photo"]


async def test_files_travel_both_ways(server, bot):
    server.user(5001).sends_photo()
    photo = (await bot.get_updates())[0].message.photo[-1]
    data = bytes(await (await bot.get_file(photo.file_id)).download_as_bytearray())
    exif = Image.open(io.BytesIO(data)).getexif()
    assert exif[0x010F] == "Kamera Uji"
    assert exif.get_ifd(0x8825)[1] == "S"
    album = await bot.send_media_group(5001, [telegram.InputMediaPhoto(data), telegram.InputMediaPhoto(photo.file_id)])
    assert len({m.media_group_id for m in album}) == 1
    assert "2-10" in await refusal(bot.send_media_group(5001, [telegram.InputMediaPhoto(data)]))
    assert "image_process_failed" in await refusal(bot.send_photo(5001, b"bukan gambar"))
    assert "can't use file of type photo" in await refusal(bot.send_document(5001, photo.file_id))
    assert "wrong file_id" in await refusal(bot.get_file("tidak-ada"))


# ── refusals ──
async def test_unknown_methods_and_wrong_tokens(server, raw):
    assert (await raw("sendTelepathy"))[0] == 404
    assert (await raw("getMe", token="7000000001:salah"))[0] == 401
    assert (await raw("getMe", token="ngawur"))[0] == 404
    assert (await raw("GETME"))[0] == 200
    server.token_revoked = True
    assert (await raw("getMe"))[0] == 401


async def test_lengths_are_counted_in_utf16_units_after_parsing(server, bot):
    server.user(5001).starts()
    await bot.send_message(5001, "👋" * 2048)
    await bot.send_message(5001, "<b>" + "a" * 4096 + "</b>", parse_mode="HTML")
    assert "too long" in await refusal(bot.send_message(5001, "a" * 4097))
    assert "too long" in await refusal(bot.send_message(5001, "👋" * 2049))
    assert "empty" in await refusal(bot.send_message(5001, ""))
    assert "non-empty" in await refusal(bot.send_message(5001, " \n "))
    await bot.send_photo(5001, png(), caption="a" * 1024)
    server.pace.on = False
    assert "caption is too long" in await refusal(bot.send_photo(5001, png(), caption="a" * 1025))


@pytest.mark.parametrize(
    ("html", "why"),
    [
        ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        ("<h1>a</h1>", 'Unsupported start tag "h1" at byte offset 0'),
        ("é <br> a", 'Unsupported start tag "br" at byte offset 3'),
        ("<b><i>a</b></i>", 'Unmatched end tag, expected "</i>", found "</b>" at byte offset 7'),
        ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
        ("<a href=x y>a</a>", None),
        ("<a href='x", "Unclosed start tag at byte offset 0"),
        ("<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("&nbsp; &amp; &#65; &#x42;", None),
    ],
)
def test_html_is_parsed_like_the_platform_does(html, why):
    if why is None:
        parse_html(html)
        return
    with pytest.raises(Refusal) as caught:
        parse_html(html)
    assert caught.value.description == f"Bad Request: can't parse entities: {why}"


def test_entities_have_utf16_offsets():
    assert parse_html('👋 <b>a<i>é</i></b> <a href="https://x.id/?a=1&amp;b=2">link</a> &nbsp;&lt;') == (
        "👋 aé link &nbsp;<",
        [
            {"type": "bold", "offset": 3, "length": 2},
            {"type": "italic", "offset": 4, "length": 1},
            {"type": "text_link", "offset": 6, "length": 4, "url": "https://x.id/?a=1&b=2"},
        ],
    )


async def test_buttons_have_limits(server, bot):
    server.user(5001).starts()
    group = server.group(-1001234567890, "Dishub")

    async def inline(*rows: list[telegram.InlineKeyboardButton]) -> None:
        await bot.send_message(5001, "x", reply_markup=telegram.InlineKeyboardMarkup(rows))

    def pressed(data: str) -> telegram.InlineKeyboardButton:
        return telegram.InlineKeyboardButton("a", callback_data=data)

    await inline([pressed("x" * 64)])
    assert "button_data_invalid" in await refusal(inline([pressed("x" * 63 + "é")]))
    assert "button_data_invalid" in await refusal(inline([pressed("")]))
    assert "row" in await refusal(inline([BUTTON] * 9))
    assert "too long" in await refusal(inline(*[[BUTTON] * 8] * 13))
    assert (
        "wrong http url"
        in (await refusal(inline([telegram.InlineKeyboardButton("a", url="http://localhost/x")]))).lower()
    )
    assert "is invalid" in await refusal(inline([telegram.InlineKeyboardButton("112", url="tel:112")]))
    assert "unallowed" in await refusal(inline([telegram.InlineKeyboardButton("a")]))
    asks = telegram.ReplyKeyboardMarkup([[telegram.KeyboardButton("Lokasi", request_location=True)]])
    await bot.send_message(5001, "x", reply_markup=asks)
    assert "private chats only" in await refusal(bot.send_message(group.id, "x", reply_markup=asks))


async def test_chats_that_cannot_be_written_to(server, bot):
    siti, budi = server.user(5001), server.user(5002, "Budi")
    assert await refusal(bot.send_message(999, "x")) == "chat not found"
    assert await refusal(bot.send_message(budi.id, "x")) == "forbidden: bot can't initiate conversation with a user"
    siti.starts()
    siti.blocks_bot()
    assert await refusal(bot.send_message(siti.id, "x")) == "forbidden: bot was blocked by the user"
    siti.unblocks_bot()
    await bot.send_message(siti.id, "x")
    group = server.group(-1001234567890, "Dishub", bot="left")
    assert "not a member of the supergroup chat" in await refusal(bot.send_message(group.id, "x"))
    group.adds_bot(siti)
    await bot.send_message(group.id, "x")
    group.removes_bot(siti)
    assert "kicked from the supergroup chat" in await refusal(bot.send_message(group.id, "x"))
    kinds = [u.to_dict() for u in await bot.get_updates(allowed_updates=telegram.Update.ALL_TYPES)]
    assert [u["my_chat_member"]["new_chat_member"]["status"] for u in kinds if "my_chat_member" in u] == [
        "kicked", "member", "member", "kicked",
    ]  # fmt: skip


async def test_topics_and_migration(server, bot):
    siti = server.user(5001)
    forum = server.group(-1001234567890, "Dishub", forum=True, topics=("Kartu", "Obrolan"))
    cards = forum.chat.topic("Kartu")
    sent = await bot.send_message(forum.id, "kartu", message_thread_id=cards)
    assert sent.message_thread_id == cards
    assert sent.is_topic_message
    assert await refusal(bot.send_message(forum.id, "x", message_thread_id=1)) == "message thread not found"
    assert await refusal(bot.send_message(forum.id, "x", message_thread_id=4242)) == "message thread not found"
    reply = forum.member(siti, topic="Kartu").replies_to(sent.to_dict(), "saya ambil")
    assert (await bot.get_updates())[-1].message.message_thread_id == cards == reply["message_thread_id"]

    group = server.group(-4321, "Pokja", bot="administrator")
    group.member(siti).writes("/rekap")
    new = group.migrates()
    with pytest.raises(telegram.error.ChatMigrated) as moved:
        await bot.send_message(group.id, "x")
    assert moved.value.new_chat_id == new.id
    await bot.send_message(new.id, "x")
    service = [u.message for u in await bot.get_updates()][-2:]
    assert (service[0].migrate_to_chat_id, service[1].migrate_from_chat_id) == (new.id, group.id)
    with pytest.raises(telegram.error.BadRequest, match="thread not found"):
        await bot.send_message(new.id, "x", message_thread_id=3)


async def test_edits_and_deletes(server, bot):
    siti = server.user(5001)
    first = siti.starts()
    card = await bot.send_message(5001, "Baru", reply_markup=telegram.InlineKeyboardMarkup([[BUTTON]]))
    assert "not modified" in await refusal(card.edit_text("Baru", reply_markup=card.reply_markup))
    await card.edit_text("Baru")
    assert siti.buttons() == []
    await card.edit_text("<i>Diterima</i>", parse_mode="HTML")
    assert siti.last["text"] == "Diterima"
    assert "to edit not found" in await refusal(bot.edit_message_text("x", 5001, 999))
    assert "can't be edited" in await refusal(bot.edit_message_text("x", 5001, first["message_id"]))
    asked = await bot.send_message(5001, "?", reply_markup=telegram.ReplyKeyboardMarkup([["Ya"]]))
    assert "can't be edited" in await refusal(asked.edit_text("!"))
    picture = await bot.send_photo(5001, png(), caption="a")
    assert "no text in the message" in await refusal(bot.edit_message_text("b", 5001, picture.message_id))
    await picture.edit_caption("b")
    assert siti.last["caption"] == "b"
    await picture.delete()
    assert "to delete not found" in await refusal(picture.delete())
    server.world.wall = lambda: 10**10
    assert "can't be deleted" in await refusal(card.delete())


async def test_button_presses_and_late_answers(server, bot):
    siti = server.user(5001)
    siti.starts()
    card = await bot.send_message(5001, "Baru", reply_markup=telegram.InlineKeyboardMarkup([[BUTTON]]))
    press = siti.presses(card.to_dict(), "terima")
    assert isinstance(press, Query)
    update = (await bot.get_updates())[-1]
    assert update.callback_query.data == "t:1"
    assert update.callback_query.message.message_id == card.message_id
    assert "too_long" in await refusal(bot.answer_callback_query(press.id, "x" * 201))
    await bot.answer_callback_query(press.id, "Diterima")
    assert press.answer == {"text": "Diterima", "show_alert": False}
    late = siti.presses_data(card.to_dict(), "palsu", inaccessible=True)
    old = (await bot.get_updates())[-1].callback_query
    assert not old.message.is_accessible
    server.world.callback_timeout = -1
    assert "query is too old" in await refusal(bot.answer_callback_query(late.id))
    assert "query is too old" in await refusal(bot.answer_callback_query("123"))


async def test_pace_refuses_what_comes_too_fast(server, bot):
    seconds = [0.0]
    server.pace.monotonic = lambda: seconds[0]
    server.user(5001).starts()
    group = server.group(-1001234567890, "Dishub")
    for _ in range(5):
        await bot.send_message(5001, "x")
    with pytest.raises(telegram.error.RetryAfter) as slow:
        await bot.send_message(5001, "x")
    assert slow.value.retry_after.total_seconds() == 1
    seconds[0] += 1.0
    await bot.send_message(5001, "x")
    for _ in range(20):
        await bot.send_message(group.id, "x")
    seconds[0] += 2.0
    with pytest.raises(telegram.error.RetryAfter):
        await bot.send_message(group.id, "x")
    assert [c.code for c in server.refused] == [429, 429]
    seconds[0] += 60.0
    citizens = [server.user(6000 + n) for n in range(31)]
    for citizen in citizens:
        citizen.starts()
    for citizen in citizens[:30]:
        await bot.send_message(citizen.id, "x")
    with pytest.raises(telegram.error.RetryAfter):
        await bot.send_message(citizens[30].id, "x")
    server.pace.on = False
    await bot.send_message(citizens[30].id, "x")


async def test_privacy_mode_in_groups(server, bot):
    siti = server.user(5001)
    group = server.group(-1001234567890, "Dishub")
    inside = group.member(siti)
    card = await bot.send_message(group.id, "kartu")
    inside.writes("ngobrol")
    inside.writes("/antrean")
    inside.writes("/antrean@bot_lain")
    inside.writes("/antrean@sahut_uji_bot")
    inside.replies_to(card.to_dict(), "jawaban")
    group.anonymous_admin().writes("/rekap")
    group.chat.bot = "administrator"
    inside.writes("kini terlihat")
    seen = [u.message for u in await bot.get_updates()]
    expected = ["/antrean", "/antrean@sahut_uji_bot", "jawaban", "/rekap", "kini terlihat"]
    assert [m.text for m in seen] == expected
    assert seen[3].from_user.id == 1087968824
    assert seen[3].sender_chat.id == group.id
    assert seen[2].message_thread_id == card.message_id
    assert not seen[2].is_topic_message


async def test_a_second_library_sees_what_the_platform_sees(server, other):
    from aiogram.exceptions import TelegramBadRequest  # see `other` for why here
    from aiogram.types import BotCommand

    server.user(5001).starts()
    with pytest.raises(TelegramBadRequest, match="can't parse entities"):
        await other.send_message(5001, "<b>", parse_mode="HTML")
    await other.set_my_commands([BotCommand(command="status", description="Status")])
    with pytest.raises(TelegramBadRequest, match="BOT_COMMAND_INVALID"):
        await other.set_my_commands([BotCommand(command="Setatus Baru", description="x")])
    assert (await other.get_my_commands())[0].command == "status"
    assert (await other.get_chat_member(5001, 5001)).status == "left"
    await other.send_chat_action(5001, "typing")
