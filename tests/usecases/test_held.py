"""What officers write below our other messages is for colleagues until somebody says otherwise."""

from __future__ import annotations

import pytest

from conversations.inbound import Attachment, MediaKind
from tests.usecases.town import Town, button
from tickets.ticket import Status
from usecases.ports import Outgoing
from usecases.records import Chat

WORDS = "Budi, kenapa belum dikerjakan? Jangan bikin malu dinas!"
PHOTO = (Attachment(MediaKind.PHOTO, "file-9", "image/jpeg", 10),)


def replied(town: Town, chat: Chat, to: Outgoing, words: str, **more: object) -> list[Outgoing]:
    about = {"reply_to": f"out-{to.id}", "sender": "501", "group": True} | more
    town.take(town.message(chat.peer, words, **about))
    return town.deliver()


def pressed(town: Town, chat: Chat, below: Outgoing, label: str = "kirim ke warga", sender: str = "501") -> str:
    data = button([below], label).data
    about = {"pressed_on": f"out-{below.id}", "sender": sender, "group": True}
    return town.take(town.press(chat.peer, data, **about))[0].toast


def nudged(town: Town) -> tuple[Chat, Outgoing, int]:
    """An office and the reminder of a ticket that it has not accepted."""
    group = town.office("DISHUB", "501", "502")
    ticket = town.report()
    town.deliver()
    town.clock.forward(hours=30)
    town.beat()
    nudge = next(m for m in town.deliver() if m.peer == group.peer and "belum diterima" in m.text and m.rows)
    return group, nudge, ticket.id


def heard(said: list[Outgoing], words: str) -> int:
    return sum(1 for m in said if m.peer == "1001" and words in m.text)


def test_words_below_a_reminder_wait_for_a_tap(town: Town):
    group, nudge, _ = nudged(town)
    (asked,) = replied(town, group, nudge, WORDS)
    assert asked.text.startswith("Belum diteruskan ke warga.")
    assert pressed(town, group, asked) == ""
    said = town.deliver()
    assert heard(said, WORDS) == 1
    assert [m.text for m in said if m.peer == group.peer and "Sudah kami teruskan" in m.text]
    assert "sudah kami teruskan" in pressed(town, group, asked, sender="502")
    assert town.deliver() == [], "once is enough"
    assert town.breaches() == {}


def test_the_file_goes_along_with_its_words(town: Town):
    group, nudge, ticket = nudged(town)
    (asked,) = replied(town, group, nudge, "Ini kabelnya", attachments=PHOTO)
    assert town.value("select count(*) from media where purpose = 'proof'") == 0
    pressed(town, group, asked)
    assert heard(town.deliver(), "Ini kabelnya") == 1
    assert town.value("select count(*) from media where purpose = 'proof' and ticket_id = :id", id=ticket) == 1


def test_an_album_is_asked_back_once(town: Town):
    group, nudge, _ = nudged(town)
    said = [m for n in range(3) for m in replied(town, group, nudge, "" if n else WORDS, album="a", attachments=PHOTO)]
    (asked,) = said
    assert "Belum diteruskan ke warga" in asked.text
    pressed(town, group, asked, "lihat kartu")
    (card,) = [m for m in town.deliver() if m.rows]
    assert heard(replied(town, group, card, WORDS), WORDS) == 1


def test_below_an_escalation_a_history_a_choice_and_plain_news(town: Town):
    head = town.office("DISHUB", "501", peer="-700", role="head")
    group = town.office("DISHUB", "501")
    number = town.report().number
    town.deliver()
    for hours in (29, 1):
        town.clock.forward(hours=hours)
        town.beat()
    above = next(m for m in town.deliver() if m.peer == head.peer and "pimpinan" in m.text)
    town.take(town.message(group.peer, number, command="tiket", sender="501", group=True))
    said = [m for m in town.deliver() if m.peer == group.peer and not m.edit_of]
    history, card = next(m for m in said if not m.rows), next(m for m in said if m.rows)
    town.take(town.press(group.peer, button([card], "bukan wewenang").data, sender="501", group=True))
    choice = next(m for m in town.deliver() if m.peer == group.peer)
    for chat, to in ((head, above), (group, history), (group, choice)):
        (asked,) = replied(town, chat, to, WORDS)
        assert (asked.peer, "Belum diteruskan" in asked.text) == (chat.peer, True)
        assert "Belum diteruskan" in replied(town, chat, asked, WORDS)[0].text
    assert heard(replied(town, group, card, "Kami datang"), "Kami datang") == 1


def test_selesai_below_a_reminder_still_finishes(town: Town):
    group, nudge, ticket = nudged(town)
    replied(town, group, nudge, "sudah selesai pak", attachments=PHOTO)
    assert town.ticket(ticket).status is Status.RESOLVED


def test_nothing_is_asked_where_nothing_was_written(town: Town):
    group, nudge, _ = nudged(town)
    (said,) = replied(town, group, nudge, "")
    assert "Mohon balas dengan kata-kata" in said.text


@pytest.mark.parametrize("sender", ["777", "501"])
def test_only_its_officers_send_it_and_only_while_it_is_theirs(town: Town, sender: str):
    group, nudge, ticket = nudged(town)
    (asked,) = replied(town, group, nudge, WORDS)
    if sender == "501":
        town.office("DBMSDA", "601")
        town.execute("update ticket set agency = 'DBMSDA' where id = :id", id=ticket)
    assert pressed(town, group, asked, sender=sender)
    assert heard(town.deliver(), WORDS) == 0


def test_a_button_below_another_message_sends_nothing(town: Town):
    group, nudge, _ = nudged(town)
    (asked,) = replied(town, group, nudge, WORDS)
    data = button([asked], "kirim ke warga").data
    for below in ("", f"out-{nudge.id}"):
        receipts = town.take(town.press(group.peer, data, pressed_on=below, sender="501", group=True))
        assert "tidak berlaku" in receipts[0].toast


def finished(town: Town) -> tuple[Chat, Outgoing, int]:
    """Selesai was pressed and answered by a photo without words; the question that was answered."""
    group = town.office("DISHUB", "501", "502")
    ticket = town.report()
    for label in ("terima", "mulai", "selesai"):
        town.take(town.press(group.peer, button(town.deliver(), label, group.peer).data, sender="501", group=True))
    question = next(m for m in reversed(town.deliver()) if m.ask_reply)
    replied(town, group, question, "", attachments=PHOTO)
    assert town.ticket(ticket.id).status is Status.RESOLVED
    return group, question, ticket.id


@pytest.mark.parametrize("photo", [(), PHOTO])
@pytest.mark.parametrize("sender", ["501", "502"])
def test_words_after_the_photo_reach_the_citizen(town: Town, photo: tuple[Attachment, ...], sender: str):
    group, question, _ = finished(town)
    words = "Lampu diganti LED 40 watt"
    said = replied(town, group, question, words, attachments=photo, sender=sender)
    assert heard(said, words) == 1
    (told,) = [m.text for m in said if m.peer == group.peer]
    assert "Sudah kami teruskan" in told
    assert ("Petugas 501 lebih dulu" in told) is (sender == "502")
    assert town.value("select count(*) from media where purpose = 'proof'") == 1 + len(photo)


def test_a_bare_selesai_after_it_tells_the_citizen_nothing(town: Town):
    group, question, _ = finished(town)
    said = replied(town, group, question, "selesai", sender="502")
    assert [m.peer for m in said] == [group.peer]
    assert "lebih dulu" in said[0].text


def test_another_photo_alone_is_passed_on_in_silence(town: Town):
    group, question, _ = finished(town)
    assert replied(town, group, question, "", attachments=PHOTO) == []
    assert town.value("select count(*) from media where purpose = 'proof'") == 2


@pytest.mark.parametrize(
    ("words", "photo", "hinted"),
    [
        ("Sudah kami ganti lampunya semua", (), True),
        ("sdh di cek ya", (), True),
        ("Kami datang besok pagi", (), True),
        ("Ini tiangnya", PHOTO, True),
        ("Kami sedang ke sana", (), False),
    ],
)
def test_who_tells_of_a_step_hears_that_it_was_not_taken(
    town: Town, words: str, photo: tuple[Attachment, ...], hinted: bool
):
    group = town.office("DISHUB", "501")
    ticket = town.report()
    said = town.deliver()
    card = next(m for m in said if m.peer == group.peer)
    for label, next_ in (("", "terima"), ("terima", "mulai"), ("mulai", "selesai")):
        if label:
            town.take(town.press(group.peer, button(said, label, group.peer).data, sender="501", group=True))
            said = town.deliver()
        answers = [m for m in replied(town, group, card, words, attachments=photo) if m.peer == group.peer]
        told = hinted or not label  # while nobody took it that is said whatever is written
        assert ["Statusnya tetap" in m.text for m in answers] == [told]
        assert bool(answers[0].rows) is told
        if told:
            assert button(answers, next_)
    assert town.ticket(ticket.id).status is Status.IN_PROGRESS


def test_the_centre_gets_its_own_buttons(town: Town):
    town.office("DISHUB", "501")
    centre = town.centre("601")
    ticket = town.report()
    town.deliver()
    town.take(town.message(centre.peer, f"{ticket.number}", command="tiket", sender="601", group=True))
    card = next(m for m in reversed(town.deliver()) if m.peer == centre.peer and m.rows)
    (told,) = [m for m in replied(town, centre, card, "Besok dikerjakan", sender="601") if m.peer == centre.peer]
    assert {b.label for row in told.rows for b in row} == {b.label for row in card.rows for b in row}


def test_what_is_done_is_not_said_to_be_unchanged(town: Town):
    group, _, ticket = finished(town)
    town.take(town.message(group.peer, town.ticket(ticket).number, command="tiket", sender="501", group=True))
    card = [m for m in town.deliver() if m.peer == group.peer and not m.edit_of][-1]
    (told,) = [m for m in replied(town, group, card, "Sudah kami cek besok") if m.peer == group.peer]
    assert "Statusnya tetap" not in told.text
