"""Who may decide in the operations centre's chat, and what else its people do there."""

from __future__ import annotations

import pytest

from tests.usecases.test_offices import bind
from tests.usecases.town import Town, button, buttons
from tickets.ticket import Status
from usecases.ports import Outgoing

CENTRE = "-901"


def pressed(town: Town, said: list[Outgoing], label: str, who: str, peer: str = CENTRE) -> tuple[str, list[Outgoing]]:
    data = button(said, label, peer).data
    toast = town.take(town.press(peer, data, sender=who, sender_name=f"Nama{who}", group=True))[0].toast
    return toast, town.deliver()


def shown(town: Town, number: str, who: str = "77", peer: str = CENTRE) -> list[Outgoing]:
    town.take(town.message(peer, number, command="tiket", sender=who, group=True))
    return town.deliver()


def centred(town: Town) -> str:
    """A desk, a centre that 77 connected, two offices and a report; its number."""
    desk = town.house.city.triage
    town.office(desk, "701")
    town.office("DISHUB", "501")
    town.office("DBMSDA", "801")
    bind(town, desk, "ops", peer=CENTRE, sender="77", group=True)
    number = town.report().number
    town.deliver()
    return number


def test_whom_the_centre_admits_decides_there(town: Town):
    number = centred(town)
    card = shown(town, number)
    toast, asked = pressed(town, card, "teruskan", "78")
    assert "hanya untuk petugas pusat operasi" in toast
    assert "menangani tiket untuk pusat operasi" in asked[-1].text
    _, said = pressed(town, asked, "setujui", "77")
    assert "sekarang petugas pusat operasi" in said[-1].text
    toast, choice = pressed(town, card, "teruskan", "78")
    assert toast == ""
    pressed(town, choice, "DBMSDA", "78")
    assert town.ticket(1).agency == "DBMSDA"
    assert town.breaches() == {}


def test_who_serves_the_desk_is_admitted_to_the_centre_and_keeps_the_desk_meanwhile(town: Town):
    number = centred(town)
    card = shown(town, number)
    toast, asked = pressed(town, card, "teruskan", "701")
    assert "sudah kami teruskan" in toast
    assert buttons(asked, CENTRE)
    officers = town.rows("select state from officer where name = 'Petugas 701' or name = 'Nama701'")
    assert [row.state for row in officers] == ["active"]
    pressed(town, card, "teruskan", "701")
    assert town.deliver() == [], "asked once a day"
    toast, _ = pressed(town, asked, "tolak", "701")
    assert "Hanya petugas pusat operasi" in toast, "nobody decides about themselves"
    toast, _ = pressed(town, asked, "setujui", "77")
    assert "disetujui" in toast
    toast, choice = pressed(town, card, "teruskan", "701")
    assert (toast, bool(buttons(choice))) == ("", True)


def test_a_refusal_by_the_centre_takes_the_desk_from_nobody(town: Town):
    number = centred(town)
    _, asked = pressed(town, shown(town, number), "teruskan", "701")
    toast, _ = pressed(town, asked, "tolak", "77")
    assert "ditolak" in toast
    states = town.rows("select role, state from officer where approved_by <> 0 or name like '%701'")
    assert ("officer", "active") in [(row.role, row.state) for row in states]


@pytest.mark.parametrize(("role", "words"), [("ops", "pusat operasi"), ("head", "pimpinan")])
def test_a_chat_that_is_no_longer_the_centre_hears_just_that(town: Town, role: str, words: str):
    desk = town.house.city.triage
    bind(town, desk, role, peer="-901", sender="77", group=True)
    town.deliver()
    bind(town, desk, role, peer="-902", sender="77", group=True)
    (moved,) = [m.text for m in town.deliver() if m.peer == "-901"]
    assert words in moved
    assert "Tiket dan kabar" not in moved


def test_in_a_chat_of_desk_and_centre_the_higher_rank_can_do_all(town: Town):
    """A small city begins with one chat."""
    desk = town.house.city.triage
    for role in ("group", "ops"):
        bind(town, desk, role, peer=CENTRE, sender="77", group=True)
    town.office("DBMSDA", "801")
    town.deliver()
    first, second = town.report(), town.report("1002", category="JLN-RUSAK")
    said = town.deliver()
    assert second.agency == "DBMSDA"
    card = [m for m in said if m.peer == CENTRE and first.number in m.text]
    toast, said = pressed(town, card, "terima", "77")
    assert "Diterima" in toast
    assert town.ticket(first.id).status is Status.ACKNOWLEDGED
    pressed(town, said, "mulai", "77")
    assert town.ticket(first.id).status is Status.IN_PROGRESS
    toast, choice = pressed(town, shown(town, second.number), "teruskan", "77")
    assert (toast, bool(buttons(choice))) == ("", True), "of an office with a chat it decides as the centre"
    third = town.report("1003", category="LAINNYA")
    _, choice = pressed(town, town.deliver(), "teruskan", "77")
    pressed(town, choice, "DBMSDA", "77")
    assert town.ticket(third.id).agency == "DBMSDA"
    assert town.breaches() == {}
