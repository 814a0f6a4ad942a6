"""A citizen who wants their name secret after the report is sent: the card forgets it, whoever read it is told."""

from __future__ import annotations

import pytest

from tests.usecases.town import Town, button
from tickets.moves import Action, Actor, Details, Role
from usecases.change import change
from usecases.deliver import Sent
from usecases.ports import Outgoing


def reported(town: Town, *, named: bool = True, peer: str = "1001") -> tuple[str, list[Outgoing]]:
    """The number of a report, and what was said when it came."""
    group = town.office("DISHUB", "501")
    ticket = town.report(peer, named=named)
    said = town.deliver()
    assert group.peer in {message.peer for message in said}
    return ticket.number, said


def shown(said: list[Outgoing]) -> list[str]:
    return [message.text for message in said if message.group and "Pelapor" in message.text]


@pytest.mark.parametrize("words", ["eh tolong rahasiain nama saya ya", "saya takut, nama saya jangan disebut"])
def test_the_name_leaves_the_card(town: Town, words: str):
    number, before = reported(town)
    assert "Warga 1001" in shown(before)[0]
    town.take(town.message("1001", words))
    said = town.deliver()
    (card,) = shown(said)
    assert "Warga 1001" not in card
    assert "dirahasiakan" in card
    assert next(message for message in said if message.group and message.edit_of).text == card
    assert [m.peer for m in said if "meminta namanya dirahasiakan" in m.text] == ["-100DISHUB"]
    assert any(number in m.text and "tidak ditampilkan lagi" in m.text for m in said if m.peer == "1001")
    assert town.breaches() == {}


def test_once_is_enough_and_who_was_never_shown_hears_so(town: Town):
    reported(town, named=False)
    town.take(town.message("1001", "rahasiakan nama saya"))
    (told,) = town.deliver()
    assert "sudah dirahasiakan" in told.text


def test_the_button_below_the_report(town: Town):
    reported(town)
    town.take(town.message("1001", "status"))
    below = button(town.deliver(), "rahasiakan nama", "1001")
    town.take(town.press("1001", below.data))
    assert "dirahasiakan" in shown(town.deliver())[0]
    town.take(town.message("1001", "status"))
    assert not [b.label for m in town.deliver() for row in m.rows for b in row if "Rahasiakan" in b.label]


def test_a_neighbour_who_follows_hides_nobody(town: Town):
    reported(town)
    (ticket,) = town.rows("select id from ticket")
    neighbour = town.chat("1002")
    town.do(lambda unit: unit.tickets.follow(ticket.id, neighbour.person, neighbour.id))
    town.take(town.message("1002", "rahasiakan nama saya"))
    assert not shown(town.deliver())
    assert town.value("select named from ticket")


def test_the_history_tells_that_it_was_asked_for(town: Town):
    number, _ = reported(town)
    town.take(town.message("1001", "rahasiakan nama saya"))
    town.deliver()
    town.take(town.message("-100DISHUB", number, command="tiket", sender="501", group=True))
    told = [message.text for message in town.deliver() if "Riwayat" in message.text]
    assert "meminta namanya dirahasiakan" in told[0]


def test_a_report_that_asks_for_secrecy_is_a_report(town: Town):
    reported(town)
    town.take(town.message("1001", "rahasiakan nama saya, ada pungli di kelurahan jatirasa"))
    town.deliver()
    assert town.value("select named from ticket")


def test_every_office_that_had_the_name_is_asked_to_keep_it(town: Town):
    group = town.office("DISHUB", "501")
    town.office("DISDIK", "601")
    ticket = town.report(named=True)
    town.deliver()
    officer = Actor(Role.OFFICER, 1, "Petugas", "DISHUB")
    details = Details(note="Ini urusan sekolah", agency="DISDIK")
    town.do(lambda unit: change(unit, town.house, ticket, Action.NOT_OURS, officer, details))
    town.deliver()
    town.take(town.message("1001", "rahasiakan nama saya"))
    asked = {message.peer for message in town.deliver() if "meminta namanya dirahasiakan" in message.text}
    assert asked == {group.peer, "-100DISDIK"}


def test_who_only_heard_of_it_is_shown_nothing(town: Town):
    """A reminder in the head's chat hangs below no card there, and must not make one."""
    head = town.office("DISHUB", "501", peer="-700", role="head")
    reported(town)
    town.clock.forward(hours=30)
    for _ in range(3):
        town.beat()
        town.clock.forward(hours=1)
    assert any(message.peer == head.peer for message in town.deliver())
    town.take(town.message("1001", "rahasiakan nama saya"))
    assert [message.text for message in town.deliver() if message.peer == head.peer] == []


def test_a_row_without_a_card_is_no_card(town: Town):
    """Versions before left such rows wherever a report was spoken of."""
    head = town.office("DISHUB", "501", peer="-700", role="head")
    reported(town)
    town.do(lambda unit: unit.tickets.card(1, head.id))
    town.take(town.message("1001", "rahasiakan nama saya"))
    assert {message.peer for message in town.deliver()} == {"1001", "-100DISHUB"}


def test_a_card_on_its_way_loses_the_name_too(town: Town):
    town.office("DISHUB", "501")
    town.report(named=True)
    under_way = [job for job in town.claim() if job.message.group]
    assert "Warga 1001" in under_way[0].message.text
    town.take(town.message("1001", "rahasiakan nama saya"))
    town.settle(*(Sent(job, f"out-{job.row.id}") for job in under_way))
    (card,) = shown(town.deliver())
    assert "dirahasiakan" in card


def test_a_followers_name_stands_on_no_card(town: Town):
    town.office("DISHUB", "501")
    ticket = town.report(named=True)
    neighbour = town.chat("1002")
    town.execute("update person set name = 'Siti Aminah' where id = :id", id=neighbour.person)
    town.do(lambda unit: unit.tickets.follow(ticket.id, neighbour.person, neighbour.id))
    officer = Actor(Role.OFFICER, 1, "Petugas", "DISHUB")
    for action, details in ((Action.ACKNOWLEDGE, None), (Action.START, None), (Action.DONE, Details("Sudah", media=1))):
        now = town.ticket(ticket.id)
        town.do(lambda unit, now=now, action=action, d=details: change(unit, town.house, now, action, officer, d))
    town.deliver()
    asks = Actor(Role.CITIZEN, neighbour.person)
    words = Details(note="Masih mati. Saya Siti Aminah rumah no 5")
    now = town.ticket(ticket.id)
    town.do(lambda unit: change(unit, town.house, now, Action.REOPEN, asks, words, writer=neighbour.id))
    said = [message.text for message in town.deliver() if message.group]
    assert any("Masih mati. Saya [NAMA] rumah no 5" in text for text in said)
    assert not [text for text in said if "Siti Aminah" in text]
