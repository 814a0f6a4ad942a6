"""What an officer's reply is about: another report's number, a second question, a name that is none, one's own line."""

from __future__ import annotations

import pytest

from conversations.inbound import Attachment, MediaKind
from tests.usecases.test_reminders import take_up
from tests.usecases.town import Town, button, buttons
from tickets.ticket import Status, Ticket
from usecases.ports import Outgoing
from usecases.records import Chat

PHOTO = (Attachment(MediaKind.PHOTO, "file-9", "image/jpeg", 10),)


def replied(town: Town, chat: Chat, to: Outgoing, words: str, **more: object) -> list[Outgoing]:
    about = {"reply_to": f"out-{to.id}", "sender": "501", "group": True} | more
    town.take(town.message(chat.peer, words, **about))
    return town.deliver()


def pressed(town: Town, chat: Chat, below: Outgoing, label: str) -> list[Outgoing]:
    data = button([below], label).data
    town.take(town.press(chat.peer, data, pressed_on=f"out-{below.id}", sender="501", group=True))
    return town.deliver()


def heard(said: list[Outgoing], words: str, peer: str = "1001") -> int:
    return sum(1 for m in said if m.peer == peer and words in m.text)


def desk(town: Town) -> tuple[Chat, Ticket, Outgoing, Ticket]:
    """An office with two reports, of 1001 and of 1002, both under way, and the card of the first."""
    group = town.office("DISHUB", "501", "502")
    first, second = town.report("1001"), town.report("1002")
    said = town.deliver()
    card = next(m for m in said if m.peer == group.peer and first.number in m.text)
    for ticket in (first, second):
        take_up(town, ticket.id)
    town.deliver()
    return group, first, card, second


# -- the number of another report ----------------------------------------------------------------------


@pytest.mark.parametrize("words", ["{0} sudah selesai", "{0} besok kami kerjakan", "tolong cek {0} dulu"])
def test_words_that_name_another_report_are_not_told_to_this_ones_citizen(town: Town, words: str):
    group, first, card, second = desk(town)
    said = replied(town, group, card, words.format(second.number))
    (asked,) = said
    assert asked.peer == group.peer
    assert first.number in asked.text
    assert second.number in asked.text
    assert {town.ticket(one.id).status for one in (first, second)} == {Status.ACKNOWLEDGED}
    shown = pressed(town, group, asked, "lihat kartu")
    assert [second.number in m.text for m in shown if m.rows] == [True]
    sent = pressed(town, group, asked, "kirim ke warga")
    assert heard(sent, words.format(second.number)) == 1
    assert heard(sent, second.number, peer="1002") == 0
    assert town.breaches() == {}


def test_who_names_this_report_too_is_understood(town: Town):
    group, first, card, second = desk(town)
    words = f"Laporan {first.number} kami kerjakan bersama {second.number}"
    assert heard(replied(town, group, card, words), words) == 1


def test_the_work_of_another_report_is_no_answer_to_this_ones_question(town: Town):
    group, first, card, second = desk(town)
    (question,) = [m for m in replied(town, group, card, "selesai", attachments=()) if m.ask_reply]
    (asked,) = [
        m for m in replied(town, group, question, f"{second.number} lampu sudah diganti") if m.peer == group.peer
    ]
    assert second.number in asked.text
    assert town.ticket(first.id).status is not Status.RESOLVED
    said = replied(town, group, asked, "Lampu sudah diganti baru", attachments=PHOTO)
    assert town.ticket(first.id).status is Status.RESOLVED
    assert heard(said, "Lampu sudah diganti baru") == 1


def test_an_account_of_the_work_may_name_another_report(town: Town):
    group, first, card, second = desk(town)
    (question,) = [m for m in replied(town, group, card, "selesai", attachments=()) if m.ask_reply]
    words = f"Sudah diganti sekaligus dengan {second.number}"
    said = replied(town, group, question, words, attachments=PHOTO)
    assert town.ticket(first.id).status is Status.RESOLVED
    assert heard(said, words) == 1


def test_the_number_of_another_office_shows_no_card(town: Town):
    group, _, card, _ = desk(town)
    town.office("DLH", "601")
    foreign = town.report("1003", category="SAMPAH-LIAR")
    town.deliver()
    (asked,) = replied(town, group, card, f"sama dengan {foreign.number}")
    assert [one.label for one in buttons([asked])] == ["Kirim ke warga"]


# -- a second question ---------------------------------------------------------------------------------


def test_a_second_question_below_the_same_prompt_is_kept_for_one_tap(town: Town):
    group, first, _, _ = desk(town)
    town.take(town.message(group.peer, first.number, command="tiket", sender="501", group=True))
    shown = next(m for m in town.deliver() if m.rows)
    prompt = next(m for m in pressed(town, group, shown, "tanya") if m.ask_reply)
    assert heard(replied(town, group, prompt, "Lampu yang sebelah mana?"), "Lampu yang sebelah mana?") == 1
    (held,) = replied(town, group, prompt, "Apakah tiangnya bengkok?", attachments=PHOTO)
    assert "masih menunggu jawaban" in held.text
    sent = pressed(town, group, held, "kirim ke warga")
    assert heard(sent, "Apakah tiangnya bengkok?") == 1
    assert town.value("select count(*) from media where purpose = 'proof'") == 1
    assert town.ticket(first.id).status is Status.WAITING_CITIZEN


def test_a_question_too_many_is_kept_with_the_reason(town: Town):
    group, first, _, _ = desk(town)
    town.take(town.message(group.peer, first.number, command="tiket", sender="501", group=True))
    shown = next(m for m in town.deliver() if m.rows)
    prompt = next(m for m in pressed(town, group, shown, "tanya") if m.ask_reply)
    town.execute("update ticket set questions = 2")
    (held,) = replied(town, group, prompt, "Masih ada satu lagi")
    assert heard(pressed(town, group, held, "kirim ke warga"), "Masih ada satu lagi") == 1
    (empty,) = replied(town, group, prompt, "")
    assert not empty.rows


# -- who is waited for ---------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["ok", "besok", "siap pak", "25/11", "baik, minggu depan", "ya tunggu saja", "👍"])
def test_who_is_waited_for_is_asked_again(town: Town, words: str):
    group, first, _, _ = desk(town)
    town.execute("update ticket set status = 'in_progress'")
    town.take(town.message(group.peer, first.number, command="tiket", sender="501", group=True))
    shown = next(m for m in town.deliver() if m.rows)
    prompt = next(m for m in pressed(town, group, shown, "tunggu pihak lain") if m.ask_reply)
    (again,) = replied(town, group, prompt, words)
    assert "siapa yang ditunggu" in again.text
    assert town.ticket(first.id).status is Status.IN_PROGRESS
    said = replied(town, group, again, "PLN, besok")
    assert town.ticket(first.id).status is Status.WAITING_EXTERNAL
    assert heard(said, "PLN") == 1


# -- one's own line ------------------------------------------------------------------------------------


def test_more_words_below_the_confirmation_go_the_same_way(town: Town):
    group, _, card, _ = desk(town)
    (confirmed,) = [m for m in replied(town, group, card, "Kami datang nanti sore") if m.peer == group.peer]
    assert heard(replied(town, group, confirmed, "Sekitar jam empat"), "Sekitar jam empat") == 1


@pytest.mark.parametrize("sender", ["501", "502"])
def test_below_a_line_that_was_relayed_it_is_known_whose_it_is(town: Town, sender: str):
    group, first, card, _ = desk(town)
    line = town.message(group.peer, "Kami datang nanti sore", reply_to=f"out-{card.id}", sender="501", group=True)
    town.take(line)
    town.deliver()
    about = {
        "reply_to": line.message_id,
        "quoted_text": line.text,
        "quoted_other": True,
        "sender": sender,
        "group": True,
    }
    town.take(town.message(group.peer, "Sekitar jam empat", **about))
    (held,) = town.deliver()
    assert first.number in held.text
    assert heard(pressed(town, group, held, "kirim ke warga"), "Sekitar jam empat") == 1
    town.take(town.message(group.peer, "lainnya", reply_to="77", quoted_other=True, sender=sender, group=True))
    assert town.deliver() == [], "what officers say to each other is theirs"
