"""Who joined a neighbour's report: what the office answers to their words reaches them, and theirs come back."""

from __future__ import annotations

import pytest

from conversations.state import Draft
from tests.usecases.town import Town, button
from tickets.ticket import Ticket
from usecases.open_ticket import join_ticket
from usecases.ports import Outgoing
from usecases.records import Chat


def joined(town: Town, words: str = "PJU padam di depan Indomaret") -> tuple[Chat, Ticket, Outgoing]:
    """A group, a ticket of 1001 that 1002 joined, and the group's message with what 1002 wrote."""
    group = town.office("DISHUB", "501")
    ticket = town.report()
    town.deliver()
    chat = town.chat("1002")
    town.do(lambda unit: join_ticket(unit, town.house, chat, ticket, Draft(text=words)))
    return group, ticket, next(m for m in town.deliver() if m.peer == group.peer and "Indomaret" in m.text)


def replied(town: Town, group: Chat, quoted: Outgoing, words: str) -> list[Outgoing]:
    town.take(town.message(group.peer, words, reply_to=f"out-{quoted.id}", sender="501", group=True))
    return town.deliver()


def test_an_answer_reaches_the_follower_who_wrote_and_theirs_comes_back(town: Town):
    group, _, quoted = joined(town)
    for question, answer in (("Indomaret yang mana, Pak?", "Yang di Jatiasih"), ("Sisi kiri?", "Sisi kanan")):
        said = replied(town, group, quoted, question)
        assert [m.peer for m in said if question in m.text] == ["1002"]
        (told,) = [m.text for m in said if m.peer == group.peer]
        assert "ikut melaporkan" in told
        assert "Warga 1002" not in told
        town.take(town.press("1002", button(said, "jawab", "1002").data))
        town.take(town.message("1002", answer))
        quoted = next(m for m in town.deliver() if m.peer == group.peer and answer in m.text)


def test_a_reply_to_our_confirmation_goes_on_to_the_same_person(town: Town):
    group, _, quoted = joined(town)
    confirmed = next(m for m in replied(town, group, quoted, "Yang mana?") if m.peer == group.peer)
    said = replied(town, group, confirmed, "Maksud kami, sisi mana?")
    assert [m.peer for m in said if "sisi mana" in m.text] == ["1002"]


def test_a_reply_to_the_card_is_still_the_reporter_s(town: Town):
    group, ticket, _ = joined(town)
    town.take(town.message(group.peer, ticket.number, command="tiket", sender="501", group=True))
    card = next(m for m in town.deliver() if m.peer == group.peer and m.rows)
    said = replied(town, group, card, "Kami datang besok")
    assert [m.peer for m in said if "datang besok" in m.text] == ["1001"]


@pytest.mark.parametrize("blocked", [False, True])
def test_the_confirmation_is_true_of_the_follower(town: Town, blocked: bool):
    group, _, quoted = joined(town)
    chat = town.chat("1002")
    town.do(lambda unit: unit.chats.set_reachable(chat.id, "blocked" if blocked else "ok"))
    said = replied(town, group, quoted, "Yang mana?")
    told = next(m.text for m in said if m.peer == group.peer and "ikut melaporkan" in m.text)
    assert ("belum dapat kami hubungi" in told) is blocked
    assert [m for m in said if m.peer == "1001"] == []


def test_who_belongs_to_the_report_no_more_is_not_mistaken_for_the_reporter(town: Town):
    group, _, quoted = joined(town)
    town.execute("delete from ticket_follower")
    said = replied(town, group, quoted, "Yang mana?")
    assert [m.peer for m in said] == [group.peer]
    assert "tidak kami teruskan" in said[0].text


def test_what_a_follower_finds_undone_is_answered_to_them(town: Town):
    group, _, _ = joined(town)
    cards = town.deliver()
    town.take(town.message(group.peer, town.ticket(1).number, command="tiket", sender="501", group=True))
    cards += town.deliver()
    for label in ("terima", "mulai", "selesai"):
        town.take(town.press(group.peer, button(cards, label, group.peer).data, sender="501", group=True))
        cards += town.deliver()
    town.take(
        town.message(group.peer, "Lampu sudah diganti baru", reply_to=f"out-{cards[-1].id}", sender="501", group=True)
    )
    town.take(town.press("1002", button(town.deliver(), "belum beres", "1002").data))
    town.deliver()
    third, done = town.chat("1003"), town.ticket(1)
    town.do(lambda unit: join_ticket(unit, town.house, third, done, Draft(text="")))
    town.deliver()
    town.take(town.message("1002", "Yang di ujung gang masih mati"))
    heard = town.deliver()
    news = {m.peer: m.text for m in heard if "meninjaunya" in m.text}
    assert set(news) == {"1001", "1002", "1003"}
    assert news["1002"].startswith("Kami catat")
    assert news["1001"].startswith("Warga lain yang ikut melapor menyatakan")
    assert news["1001"] == news["1003"]
    quoted = next(m for m in heard if m.peer == group.peer and "ujung gang" in m.text and not m.rows)
    said = replied(town, group, quoted, "Gang yang mana?")
    assert [m.peer for m in said if "Gang yang mana" in m.text] == ["1002"]
