"""Words that went to an office and were about something else: one tap makes a report of them, and the office hears."""

from __future__ import annotations

from tests.usecases.test_secret_later import reported
from tests.usecases.town import Town, button
from tickets.moves import Action, Actor, Details, Role
from tickets.ticket import Status
from usecases.change import change
from usecases.ports import Outgoing

CAT = "kucing saya hilang"
OFFICER = Actor(Role.OFFICER, 1, "Petugas", "DISHUB")


def asked(town: Town) -> str:
    """The number of a report whose office waits for an answer."""
    number, _ = reported(town)
    (row,) = town.rows("select id from ticket")
    for action, details in ((Action.ACKNOWLEDGE, Details()), (Action.ASK, Details(note="Tiang nomor berapa?"))):
        town.do(lambda unit, a=action, d=details: change(unit, town.house, unit.tickets.get(row.id), a, OFFICER, d))
    town.deliver()
    return number


def to_office(said: list[Outgoing]) -> list[str]:
    return [m.text for m in said if m.group and "tentang hal lain" in m.text]


def test_the_office_hears_that_it_was_no_answer(town: Town):
    number = asked(town)
    town.take(town.message("1001", CAT))
    said = town.deliver()
    assert any(m.group and CAT in m.text for m in said)
    back = button(said, "Itu laporan baru", "1001")
    town.take(town.press("1001", back.data))
    said = town.deliver()
    assert [number in text for text in to_office(said)] == [True]
    assert any(CAT in m.text or m.rows for m in said if m.peer == "1001"), "the report goes on"
    assert town.value("select count(*) from ticket") == 1
    assert town.breaches() == {}
    town.take(town.message("-100DISHUB", number, command="tiket", sender="501", group=True))
    assert any("Warga menarik pesannya" in m.text for m in town.deliver())


def test_the_office_may_ask_again_below_it(town: Town):
    asked(town)
    town.take(town.message("1001", CAT))
    town.take(town.press("1001", button(town.deliver(), "Itu laporan baru", "1001").data))
    town.deliver()
    (row,) = town.rows(
        "select platform_message_id as id from outbox_message where dedupe_key like 'retract:%' and state = 'sent'"
    )
    town.take(town.message("-100DISHUB", "Tiangnya nomor berapa, pak?", reply_to=row.id, sender="501", group=True))
    assert any("nomor berapa" in m.text for m in town.deliver() if m.peer == "1001")


def test_two_taps_tell_the_office_once(town: Town):
    asked(town)
    town.take(town.message("1001", CAT))
    back = button(town.deliver(), "Itu laporan baru", "1001")
    town.take(town.press("1001", back.data))
    town.take(town.press("1001", back.data))
    town.clock.forward(minutes=2)
    town.take(town.press("1001", back.data))
    assert len(to_office(town.deliver())) == 1
    assert town.breaches() == {}


def test_a_stranger_takes_nothing_back(town: Town):
    asked(town)
    town.take(town.message("1001", CAT))
    back = button(town.deliver(), "Itu laporan baru", "1001")
    town.take(town.press("1002", back.data))
    assert not to_office(town.deliver())
    assert town.ticket(town.value("select id from ticket")).status is not Status.WAITING_CITIZEN
