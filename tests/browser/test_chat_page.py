"""The pages in a real browser over the fake city hall: hostile words, lost networks, tabs, keyboard, labels."""

import asyncio
import re
from typing import Any

import pytest
from aiohttp.test_utils import TestServer
from playwright.async_api import Page, expect

from bot.channels.webchat.budget import Budgets, Rate
from tests.browser.conftest import LAPTOP, PHONE, Open, Place
from tests.web.fakes import GROUP, Button

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

RUN = "<script>alert(1)</script>"
HOSTILE = [
    RUN, "<img src=x onerror=alert(1)>", '"><svg onload=alert(1)>', "{{constructor.constructor('alert(1)')()}}",
    "javascript:alert(1)", f"</textarea>{RUN}", "' onmouseover='alert(1)", f"data:text/html,{RUN}",
    'https://x" onclick="alert(1)', f"http://a.b/{RUN}", "\u202egpj.exe", f"<iframe srcdoc='{RUN}'>",
]  # fmt: skip


async def report(page: Page) -> None:
    """From the first example to a sent report, on the citizen's phone."""
    await page.click("#citizen .chip >> nth=0")
    await page.click("#citizen .key:has-text('Kirim lokasi')")
    await page.click("#citizen .option >> nth=1")
    await page.click("#citizen .key:has-text('Lewati')")
    await page.click("#citizen .key:has-text('Kirim laporan')")
    await expect(page.locator("#citizen .line", has_text="Nomor laporan")).to_be_visible()


@pytest.mark.parametrize("place", [{"starters": HOSTILE[:3]}], indirect=True)
async def test_hostile_words_are_shown_as_words_everywhere(place: Place, open_page: Open) -> None:
    eyes = await open_page(place.address)
    page, hall = eyes.page, place.town.hall
    await expect(page.locator(".chip >> nth=0")).to_have_text(HOSTILE[0])
    await page.fill("#citizen textarea", HOSTILE[5])
    await page.press("#citizen textarea", "Enter")
    await expect(page.locator("#citizen .mine")).to_have_count(1)
    await expect(page.locator("#citizen .mine .state")).to_have_count(0)  # it has arrived
    peer = hall.taken[0].peer
    for words in HOSTILE:
        buttons = (Button(words, words[:60]), Button(words, words, "url"), Button(words, words, words))
        await hall.tell(peer, words, buttons, reply_to="1")
    lines = page.locator("#citizen .line .words")
    await expect(lines.last).to_have_text(HOSTILE[-1])
    assert await lines.filter(has_text="<script>").count() >= 3
    assert (
        await page.locator("#citizen .lines script, #citizen .lines iframe, #citizen .lines svg:not(.icon)").count()
        == 0
    )
    links = await page.locator("#citizen .lines a").evaluate_all("all => all.map(a => a.protocol)")
    assert set(links) <= {"http:", "https:"}
    for key in await page.locator("#citizen .key").all():
        await key.dispatch_event("mouseover")


async def test_what_is_written_without_a_network_is_sent_when_it_comes_back(place: Place, open_page: Open) -> None:
    eyes = await open_page(place.address, **PHONE)
    page, hall = eyes.page, place.town.hall
    await page.wait_for_selector(".chip")
    await page.context.set_offline(True)
    for words in ("satu", "dua", "tiga"):
        await page.fill("#citizen textarea", words)
        await page.click("#citizen .send")
    await expect(page.locator("#citizen .mine .state")).to_have_count(3)
    assert hall.taken == []
    await page.context.set_offline(False)
    await expect(page.locator("#citizen .mine .state")).to_have_count(0)
    assert [event.text for event in hall.taken] == ["satu", "dua", "tiga"]
    eyes.forgive("ERR_INTERNET_DISCONNECTED")
    # the line may come through the stream before the answer to its own request: only that empties the queue
    await page.wait_for_function("!Object.keys(localStorage).some(k => k.startsWith('sahut.q.'))")


async def test_a_closed_tab_keeps_what_was_not_yet_sent(place: Place, open_page: Open) -> None:
    eyes = await open_page(place.address)
    context, hall = eyes.page.context, place.town.hall
    await eyes.page.wait_for_selector(".chip")
    hall.down = True
    await eyes.page.fill("#citizen textarea", "belum terkirim")
    await eyes.page.press("#citizen textarea", "Enter")
    await expect(eyes.page.locator("#citizen .mine .state")).to_be_visible()
    await eyes.page.close()
    eyes.forgive("503")
    hall.down = False
    again = await open_page(place.address, context=context)
    await expect(again.page.locator("#citizen .mine")).to_have_text(re.compile("belum terkirim"))
    await expect(again.page.locator("#citizen .sahut")).to_have_count(1)
    assert [event.text for event in hall.taken] == ["belum terkirim"]


async def test_a_lost_answer_does_not_double_a_message(place: Place, open_page: Open) -> None:
    eyes = await open_page(place.address)
    page, lost = eyes.page, []

    async def swallow(route: Any) -> None:
        if not lost:
            lost.append(await route.fetch())  # the server takes it, the page never hears
            await route.abort("connectionreset")
        else:
            await route.continue_()

    await page.route("**/chat/messages", swallow)
    await page.wait_for_selector(".chip")
    await page.click(".chip >> nth=0")
    await expect(page.locator("#citizen .mine .state")).to_have_count(0)
    await asyncio.sleep(1.5)
    await expect(page.locator("#citizen .mine")).to_have_count(1)
    assert len(place.town.hall.taken) == 1
    eyes.forgive("ERR_CONNECTION_RESET")


async def test_the_newest_line_stays_in_sight_until_somebody_scrolls_up(place: Place, open_page: Open) -> None:
    eyes = await open_page(place.address, **LAPTOP)
    page, hall = eyes.page, place.town.hall
    await page.click("#citizen .chip >> nth=0")
    await expect(page.locator("#citizen .sahut")).to_have_count(1)
    peer = hall.taken[0].peer
    last = page.locator("#citizen .line").last
    for number in range(8):
        await hall.tell(peer, f"kabar {number}\n" + "baris\n" * 6, (Button("Ya", "ya"), Button("Tidak", "tidak")))
    await expect(last).to_contain_text("kabar 7")
    await expect(last.locator(".key").last).to_be_in_viewport()
    await page.hover("#citizen .lines")
    await page.mouse.wheel(0, -900)
    await expect(last.locator(".key").last).not_to_be_in_viewport()
    await hall.tell(peer, "kabar terakhir")
    await expect(page.locator("#citizen .more")).to_be_visible()
    await expect(page.locator("#citizen .line", has_text="kabar terakhir")).not_to_be_in_viewport()
    await page.click("#citizen .more")
    await expect(page.locator("#citizen .line", has_text="kabar terakhir")).to_be_in_viewport()


@pytest.mark.parametrize("place", [{"budgets": Budgets(visitor=Rate(1000, 100))}], indirect=True)
async def test_a_bad_network_loses_and_doubles_nothing(place: Place, open_page: Open) -> None:
    eyes = await open_page(place.address)
    page, tries = eyes.page, 0

    async def cut(route: Any) -> None:
        nonlocal tries
        tries += 1
        if tries % 3 == 0:
            await route.abort("connectionreset")  # never arrives
        elif tries % 4 == 0:
            await route.fetch()
            await route.abort("connectionreset")  # arrives, the answer does not
        else:
            await route.continue_()

    await page.route("**/chat/messages", cut)
    await page.wait_for_selector(".chip")
    sent = [f"pesan nomor {number}" for number in range(24)]
    for words in sent:
        await page.fill("#citizen textarea", words)
        await page.press("#citizen textarea", "Enter")
    await expect(page.locator("#citizen .mine .state")).to_have_count(0, timeout=45_000)
    await expect(page.locator("#citizen .mine")).to_have_count(len(sent))
    assert [event.text for event in place.town.hall.taken] == sent
    assert tries > len(sent)
    eyes.forgive("ERR_CONNECTION_RESET")


async def test_a_page_comes_back_by_itself_after_the_server_was_away(place: Place, open_page: Open) -> None:
    eyes = await open_page(place.address)
    page, port = eyes.page, place.server.port
    await page.click("#citizen .chip >> nth=0")
    await expect(page.locator("#citizen .line")).to_have_count(2)
    await place.server.close()
    await expect(page.locator("#citizen-state")).to_have_text("Menyambung kembali…")
    await page.fill("#citizen textarea", "ditulis saat server mati")
    await page.press("#citizen textarea", "Enter")
    async with TestServer(place.town.again(), port=port):
        await expect(page.locator("#citizen .sahut")).to_have_count(2, timeout=25_000)
        await expect(page.locator("#citizen .mine .state")).to_have_count(0)
        await expect(page.locator("#citizen .line")).to_have_count(4)
        await expect(page.locator("#citizen-state")).to_have_text("Siap membantu, 24 jam")
        await page.close()
    eyes.forgive("ERR_CONNECTION_REFUSED")
    eyes.forgive("ERR_INCOMPLETE_CHUNKED_ENCODING")
    eyes.forgive("ERR_EMPTY_RESPONSE")


async def test_words_that_were_not_sent_outlive_a_reload(place: Place, open_page: Open) -> None:
    page = (await open_page(place.address, **PHONE)).page
    box = page.locator("#citizen .composer textarea")
    await expect(page.locator("#citizen .chip").first).to_be_visible()
    await box.fill("lampu mati di depan")
    await page.reload()
    await expect(box).to_have_value("lampu mati di depan")
    await page.click("#citizen .send")
    await expect(page.locator("#citizen .mine").first).to_be_visible()
    await page.reload()
    await expect(page.locator("#citizen .mine").first).to_be_visible()
    await expect(box).to_have_value("")


async def test_a_long_history_stands_there_at_once(place: Place, open_page: Open) -> None:
    page = (await open_page(place.address, **PHONE)).page
    await expect(page.locator("#citizen .chip").first).to_be_visible()
    compared = await page.evaluate(
        """async () => {
          const { Chat } = await import(`${JSON.parse(document.body.dataset.config).base}/chat.js`);
          const chat = new Chat({ chat: "long", door: {}, label: "", placeholder: "" });
          document.getElementById("citizen-chat").append(chat.node);
          let asked = 0;
          const get = chat.lines.get.bind(chat.lines);
          chat.lines.get = (id) => (asked++, get(id));
          for (let number = 1; number <= 300; number++) {
            const at = new Date(1.79e12 + number * 1000).toISOString();
            chat.take({ rev: number, id: String(number), author: "sahut", name: "", text: `baris ${number}`, at,
              buttons: [], photos: [], reply_to: "" });
          }
          return asked / 300;
        }"""
    )
    assert compared < 6  # looks at its neighbours, not at every line before it


async def test_two_tabs_and_a_reload_show_the_same_lines_once(place: Place, open_page: Open) -> None:
    first = await open_page(place.address)
    await first.page.click("#citizen .chip >> nth=0")
    await expect(first.page.locator("#citizen .line")).to_have_count(2)
    second = await open_page(place.address, context=first.page.context)
    await expect(second.page.locator("#citizen .line")).to_have_count(2)
    await second.page.fill("#citizen textarea", "dari tab kedua")
    await second.page.press("#citizen textarea", "Enter")
    await expect(first.page.locator("#citizen .line", has_text="dari tab kedua")).to_have_count(1)
    await first.page.reload()
    for eyes in (first, second):
        await expect(eyes.page.locator("#citizen .mine", has_text="dari tab kedua")).to_have_count(1)
        assert await eyes.page.locator("#citizen .line").count() == 4


async def test_two_officers_press_and_the_second_is_told_who_was_first(place: Place, open_page: Open) -> None:
    eyes = await open_page(place.address)
    page = eyes.page
    await report(page)
    card = page.locator("#officer .line", has_text="Lampu jalan").first
    await expect(card).to_be_visible()
    number = place.town.hall.tickets[0].number
    stale = place.town.hall.mailbox.lines[GROUP][0]
    await page.click("#officer .key:has-text('Terima')")
    await expect(page.locator(".toast").last).to_have_text("Dicatat: Terima")
    await expect(card).to_contain_text("Dipegang Pak Budi")
    await page.click("#officer .seat:has-text('Bu Sari')")
    place.town.hall.mailbox.lines[GROUP].append(stale)  # her phone still shows the old card
    await place.town.hall.tell(GROUP, "kartu lama", (Button("Terima", f"acknowledged:{number}"),))
    await page.click("#officer .key:has-text('Terima')")
    await expect(page.locator(".toast").last).to_have_text("Sudah diambil Pak Budi.")
    assert place.town.hall.taken[-1].sender_name == "Bu Sari"


async def test_a_question_opens_the_answer_box_and_the_answer_quotes_it(place: Place, open_page: Open) -> None:
    eyes = await open_page(place.address)
    page = eyes.page
    await report(page)
    await page.click("#officer .key:has-text('Tanya warga')")
    await expect(page.locator("#officer .chat:not([hidden]) .quote")).to_contain_text("Tulis pertanyaan")
    await page.keyboard.type("Di tiang nomor berapa?")
    await page.keyboard.press("Enter")
    await expect(page.locator("#officer .mine .quoted")).to_be_visible()
    await expect(page.locator("#officer .mine .state")).to_have_count(0)
    asked = place.town.hall.taken[-1]
    assert (asked.text, asked.peer) == ("Di tiang nomor berapa?", GROUP)
    assert asked.reply_to == place.town.hall.mailbox.lines[GROUP][-2].id
    await expect(page.locator("#officer .chat:not([hidden]) .quote")).to_be_hidden()


async def test_on_a_phone_one_side_is_seen_and_the_other_calls(place: Place, open_page: Open) -> None:
    eyes = await open_page(place.address, **PHONE)
    page = eyes.page
    await report(page)
    await expect(page.locator("#officer")).to_be_hidden()
    await expect(page.locator("#to-officer")).to_have_class(re.compile("dot"))
    await page.click("button.toast")
    await expect(page.locator("#officer .key:has-text('Terima')")).to_be_visible()
    await expect(page.locator("#to-officer")).not_to_have_class(re.compile("dot"))
    await page.click("#officer .key:has-text('Terima')")
    await expect(page.locator("#to-citizen")).to_have_class(re.compile("dot"))
    width = await page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390


async def test_a_photo_is_made_smaller_and_loses_what_it_hides(place: Place, open_page: Open) -> None:
    eyes = await open_page(place.address)
    page = eyes.page
    await page.wait_for_selector(".chip")
    await page.click("#citizen [aria-label='Kirim foto']")
    await page.click("#citizen .option:has-text('Pakai foto contoh')")
    await expect(page.locator("#citizen .mine img")).to_be_visible()
    await expect(page.locator("#citizen .mine .state")).to_have_count(0)
    [file] = place.town.hall.taken[0].attachments
    content = await place.town.door.incoming.fetch(file.ref)
    assert content[:3] == b"\xff\xd8\xff"
    assert b"Exif" not in content


async def test_what_was_refused_stays_where_it_was_and_says_so(place: Place, open_page: Open) -> None:
    eyes = await open_page(place.address, **PHONE)
    page = eyes.page
    letter = {"name": "surat.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 " + b"x" * 300}
    await page.locator("#citizen input[type=file]").set_input_files(letter)
    refused = page.locator("#citizen .line.failed")
    await expect(refused).to_contain_text("Tidak terkirim")
    await expect(refused.locator("img")).to_have_count(0)
    await page.click("#citizen .composer textarea")
    await page.fill("#citizen .composer textarea", "lampu mati di jatiasih")
    await page.click("#citizen .send")
    await expect(page.locator("#citizen .line.sahut").first).to_be_visible()
    assert await page.locator("#citizen .line").first.evaluate("(node) => node.classList.contains('failed')")
    eyes.forgive("415")


async def test_a_picker_that_gave_nothing_leaves_what_is_written(place: Place, open_page: Open) -> None:
    page = (await open_page(place.address, **PHONE)).page
    await page.fill("#citizen textarea", "lampu mati di jatiasih")
    await page.locator("#citizen input[type=file]").dispatch_event("change")
    await expect(page.locator("#citizen textarea")).to_have_value("lampu mati di jatiasih")


async def test_who_begins_anew_where_nothing_may_be_stored_is_somebody_new(place: Place, open_page: Open) -> None:
    page = (await open_page(place.address)).page
    await report(page)
    denied = "{ get() { throw new DOMException('denied', 'SecurityError'); } }"
    for name in ("localStorage", "sessionStorage"):
        await page.evaluate(f"Object.defineProperty(window, '{name}', {denied})")
    await page.click("#anew")
    await page.click("#sure .main")
    await expect(page.locator("#citizen .line")).to_have_count(0)
    await page.wait_for_selector("#citizen .chip")


async def test_a_place_can_be_typed_and_nonsense_is_explained(place: Place, open_page: Open) -> None:
    eyes = await open_page(place.address)
    page = eyes.page
    await page.wait_for_selector(".chip")
    await page.click("#citizen [aria-label='Kirim lokasi']")
    await page.fill("#citizen .typed input", "dekat pasar")
    await page.press("#citizen .typed input", "Enter")
    await expect(page.locator(".toast.alert")).to_contain_text("belum terbaca")
    await page.fill("#citizen .typed input", "-6,29799; 106,95911")
    await page.press("#citizen .typed input", "Enter")
    await expect(page.locator("#citizen .sahut")).to_have_count(1)
    assert place.town.hall.taken[0].pin is not None
    assert place.town.hall.taken[0].pin.lon == pytest.approx(106.95911)


@pytest.mark.parametrize("place", [{"tryout": False}], indirect=True)
async def test_the_plain_chat_shows_no_try_out(place: Place, open_page: Open) -> None:
    eyes = await open_page(place.address, **PHONE)
    page = eyes.page
    await page.click(".chip >> nth=0")
    await expect(page.locator(".line")).to_have_count(2)
    await expect(page.locator("footer")).to_contain_text("112")
    assert await page.locator("[data-forward], #officer, #anew").count() == 0
