"""What officers write to us below a card instead of pressing its buttons: no citizen reads it."""

from __future__ import annotations

import pytest

from conversations.inbound import Attachment, MediaKind
from tests.usecases.town import Town, button, buttons
from texts.office_words import PRESSED
from texts.text import say
from tickets.actions import BY_STATUS
from tickets.ticket import Status
from usecases.ports import Outgoing
from usecases.records import Chat

PHOTO = (Attachment(MediaKind.PHOTO, "file-9", "image/jpeg", 10),)


def replied(town: Town, chat: Chat, to: Outgoing, words: str, sender: str = "501", **more: object) -> list[Outgoing]:
    town.take(town.message(chat.peer, words, reply_to=f"out-{to.id}", sender=sender, group=True, **more))
    return town.deliver()


def pressed(town: Town, chat: Chat, below: Outgoing, label: str, sender: str = "501") -> list[Outgoing]:
    data = button([below], label).data
    town.take(town.press(chat.peer, data, pressed_on=f"out-{below.id}", sender=sender, group=True))
    return town.deliver()


def labels(said: list[Outgoing]) -> list[str]:
    return [one.label for one in buttons(said)]


def carded(town: Town) -> tuple[Chat, Outgoing, int]:
    group = town.office("DISHUB", "501", "502")
    ticket = town.report()
    return group, next(m for m in town.deliver() if m.peer == group.peer), ticket.id


def desk(town: Town) -> tuple[Chat, Chat, Outgoing, int]:
    """The triage desk and the centre, an office, and a report that nobody owns yet."""
    triage = town.office(town.house.city.triage, "701")
    town.office("DBMSDA", "801")
    centre = town.centre("601")
    ticket = town.report(category="LAINNYA", text="ada lubang besar di depan pasar")
    return triage, centre, next(m for m in town.deliver() if m.peer == triage.peer), ticket.id


def test_terima_and_mulai_are_the_buttons_of_that_name(town: Town):
    group, card, ticket = carded(town)
    said = replied(town, group, card, "Siap, terima pak")
    assert town.ticket(ticket).status is Status.ACKNOWLEDGED
    assert not [m for m in said if m.peer == "1001" and "terima pak" in m.text]
    assert [m for m in said if m.peer == group.peer and "Diterima" in m.text]
    replied(town, group, card, "mulai")
    assert town.ticket(ticket).status is Status.IN_PROGRESS
    assert town.breaches() == {}


@pytest.mark.parametrize("words", ["tolak", "bukan wewenang kami"])
def test_a_button_that_asks_something_asks_it(town: Town, words: str):
    group, card, ticket = carded(town)
    (asked,) = replied(town, group, card, words)
    assert "OPD mana yang berwenang" in asked.text
    assert town.ticket(ticket).status is Status.ASSIGNED


def test_a_button_that_is_not_there_now_sends_nothing_either(town: Town):
    group, card, _ = carded(town)
    replied(town, group, card, "terima")
    (told,) = replied(town, group, card, "terima", sender="502")
    assert "Sudah ditangani Petugas 501" in told.text
    assert "Pesan Anda kami simpan" in told.text
    assert labels([told]) == ["Mulai", "Jadwalkan", "Kirim ke warga"]


def test_what_was_written_by_mistake_is_taken_back_by_writing(town: Town):
    group, card, ticket = carded(town)
    replied(town, group, card, "terima")
    replied(town, group, card, "urungkan")
    assert town.ticket(ticket).status is Status.ASSIGNED


def test_every_label_below_a_card_is_that_button_when_it_is_written(town: Town):
    """ "Selesai" is heard in tickets.finished."""
    labels = {name: town.house.render(say(f"action.{name}"), "id") for names in BY_STATUS.values() for name in names}
    own = {"done": "", "decline_reopen": "decline", "route": "route"}
    for name, label in labels.items():
        if name not in ("done", "not_ours"):
            assert PRESSED.get(label.casefold()) == own.get(name, name), label


def test_mulai_before_terima_takes_it_too(town: Town):
    group, card, ticket = carded(town)
    replied(town, group, card, "mulai")
    assert town.ticket(ticket).status is Status.IN_PROGRESS


@pytest.mark.parametrize("words", ["siap", "otw pak", "👍"])
def test_siap_below_an_untaken_card_offers_to_take_it(town: Town, words: str):
    group, card, ticket = carded(town)
    (asked,) = replied(town, group, card, words)
    assert "Belum diteruskan ke warga" in asked.text
    assert labels([asked]) == ["Terima", "Kirim ke warga"]
    pressed(town, group, asked, "terima")
    assert town.ticket(ticket).status is Status.ACKNOWLEDGED
    sent = replied(town, group, card, words)
    assert [m for m in sent if m.peer == "1001" and words in m.text], "who took it may say so"


def test_words_of_another_office_wait(town: Town):
    group, card, _ = carded(town)
    words = "bukan dinas kami pak ini punya PLN"
    (asked,) = replied(town, group, card, words, attachments=PHOTO)
    assert labels([asked]) == ["Bukan wewenang kami", "Kirim ke warga"]
    assert "OPD mana" in pressed(town, group, asked, "bukan wewenang")[0].text
    sent = pressed(town, group, asked, "kirim ke warga")
    assert [m for m in sent if m.peer == "1001" and words in m.text]
    (told,) = [m for m in sent if m.peer == group.peer]
    assert "Statusnya tetap: Menunggu diterima" in told.text
    assert labels([told]) == ["Terima", "Bukan wewenang kami"]


def test_the_office_that_was_named_is_one_tap_away(town: Town):
    triage, _, card, ticket = desk(town)
    (asked,) = replied(town, triage, card, "ini ke dbmsda aja", sender="701")
    assert labels([asked]) == ["Teruskan ke DBMSDA", "Teruskan ke OPD", "Kirim ke warga"]
    pressed(town, triage, asked, "teruskan ke dbmsda", sender="701")
    assert (town.ticket(ticket).status, town.ticket(ticket).agency) == (Status.ASSIGNED, "DBMSDA")
    assert town.breaches() == {}


def test_the_centre_speaks_to_the_desk(town: Town):
    _, centre, _, ticket = desk(town)
    town.take(town.message(centre.peer, town.ticket(ticket).number, command="tiket", sender="601", group=True))
    card = next(m for m in reversed(town.deliver()) if m.peer == centre.peer and m.rows)
    (asked,) = replied(town, centre, card, "tolong diskominfo segera salurkan ya", sender="601")
    assert "Belum diteruskan ke warga" in asked.text
    assert "Teruskan ke OPD" in labels([asked])


@pytest.mark.parametrize("words", ["Bapak, tiangnya nomor berapa?", "Besok tim kami ke sana", "Terima kasih pak"])
def test_what_is_for_the_citizen_goes_without_a_question(town: Town, words: str):
    group, card, _ = carded(town)
    said = replied(town, group, card, words)
    assert [m for m in said if m.peer == "1001" and words in m.text]
    (told,) = [m for m in said if m.peer == group.peer]
    assert "Sudah kami teruskan" in told.text
    assert "Statusnya tetap: Menunggu diterima" in told.text
    assert labels([told]) == ["Terima", "Bukan wewenang kami"]


def test_siap_below_the_citizens_own_words_answers_them(town: Town):
    group, _, _ = carded(town)
    town.take(town.message("1001", "mohon segera ya pak, gelap sekali di sini"))
    relayed = [m for m in town.deliver() if m.peer == group.peer]
    for below in relayed:
        assert [m for m in replied(town, group, below, "siap bu") if m.peer == "1001"]


def test_an_onlookers_words_below_a_reminder_are_for_colleagues(town: Town):
    group, _, _ = carded(town)
    town.clock.forward(hours=30)
    town.beat()
    nudge = next(m for m in town.deliver() if m.peer == group.peer and "belum diterima" in m.text and m.rows)
    assert replied(town, group, nudge, "siap bu", sender="999") == []
    assert town.value("select count(*) from officer where state = 'pending'") == 0


def test_an_onlookers_words_below_a_card_say_how_to_be_admitted(town: Town):
    group, card, _ = carded(town)
    (said,) = replied(town, group, card, "siap bu", sender="999")
    assert "Belum diteruskan: Anda belum terdaftar sebagai petugas Dinas Perhubungan" in said.text
    assert labels([said]) == ["Saya petugas di sini"]
    (asked,) = pressed(town, group, said, "saya petugas", sender="999")
    assert labels([asked]) == ["✅ Setujui", "Tolak"]
    pictures = [m for _ in range(2) for m in replied(town, group, card, "", "998", attachments=PHOTO, album="a")]
    assert len(pictures) == 1
