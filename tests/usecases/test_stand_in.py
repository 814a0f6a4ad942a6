"""The triage desk stands in for an office without a chat, until that office connects one."""

from __future__ import annotations

from tests.usecases.test_offices import bind
from tests.usecases.town import Town, button, buttons
from usecases.ports import Outgoing


def stood_in(town: Town) -> tuple[str, str, list[Outgoing]]:
    """The desk's chat, the number of a report of an office without one, and what was said of it."""
    desk = town.office(town.house.city.triage, "701").peer
    number = town.report().number
    return desk, number, town.deliver()


def test_the_card_says_that_the_office_is_not_connected(town: Town):
    desk, _, said = stood_in(town)
    (card,) = [m for m in said if m.peer == desk]
    assert "OPD: Dinas Perhubungan" in card.text
    assert "Belum terhubung" in card.text
    assert button([card], "terima")
    bind(town, "DISHUB", "officer", peer="900", sender="900", group=False)
    other = town.report("1002")
    town.deliver()
    town.take(town.message(desk, other.number, command="tiket", sender="701", group=True))
    assert not [m for m in town.deliver() if "Belum terhubung" in m.text], "it works in its officer's own chat"


def test_when_the_office_connects_the_desk_keeps_no_live_card(town: Town):
    desk, number, said = stood_in(town)
    take = button(said, "terima", desk).data
    town.take(town.press(desk, take, sender="701", group=True))
    town.deliver()
    bind(town, "DISHUB", "group", peer="-500", sender="501", group=True)
    said = town.deliver()
    (card,) = [m for m in said if m.peer == desk and m.edit_of]
    assert "Kini ditangani Dinas Perhubungan" in card.text
    assert not card.rows
    assert [m for m in said if m.peer == desk and "kini terhubung" in m.text]
    assert button(said, "mulai", "-500")
    town.take(town.message(desk, number, command="tiket", sender="701", group=True))
    (told,) = town.deliver()
    assert "kini ditangani Dinas Perhubungan" in told.text
    town.take(town.message("-500", number, command="tiket", sender="501", group=True))
    assert buttons(town.deliver(), "-500")
    assert town.breaches() == {}


def test_an_office_that_moves_keeps_no_live_card_in_its_old_chat(town: Town):
    bind(town, "DISHUB", "group", peer="-500", sender="501", group=True)
    number = town.report().number
    town.deliver()
    bind(town, "DISHUB", "group", peer="-501", sender="501", group=True)
    said = town.deliver()
    (card,) = [m for m in said if m.peer == "-500" and m.edit_of]
    assert number in card.text
    assert not card.rows
    assert len([m for m in said if m.peer == "-500" and not m.edit_of]) == 1, "that it moved"


def test_a_number_tells_nothing_where_the_report_never_was(town: Town):
    stood_in(town)
    office = town.office("DLH", "601")
    bind(town, "DISHUB", "group", peer="-500", sender="501", group=True)
    town.deliver()
    town.take(town.message(office.peer, town.ticket(1).number, command="tiket", sender="601", group=True))
    (said,) = town.deliver()
    assert "tidak ditemukan" in said.text
