"""An office without coordinator or officers: who hears of it, and the way out."""

from __future__ import annotations

from conversations.inbound import Kind
from tests.usecases.test_offices import bind
from tests.usecases.town import Town, button, buttons
from usecases.ports import Outgoing

CENTRE, GROUP = "-901", "-500"


def press(town: Town, said: list[Outgoing], label: str, who: str, peer: str) -> str:
    data = button(said, label, peer).data
    about = {"sender": who, "sender_name": f"Nama{who}", "group": True}
    return town.take(town.press(peer, data, **about))[0].toast


def leaves(town: Town, who: str) -> list[Outgoing]:
    town.take(town.message(GROUP, kind=Kind.MEMBER, membership="left", sender=who, group=True))
    return town.deliver()


def everybody_leaves(town: Town) -> list[Outgoing]:
    """What is said when the last one goes."""
    return [leaves(town, who) for who in ("501", "502", "503")][-1]


def asked_before(town: Town) -> list[Outgoing]:
    """504 asked to join while there were officers; returns the card in the group."""
    town.report()
    card = town.deliver()
    press(town, card, "terima", "504", GROUP)
    town.deliver()
    return card


def led(town: Town, *, centre: bool) -> None:
    """501 leads, 502 and 503 are officers."""
    bind(town, "DISHUB", "group", peer=GROUP, sender="501", group=True)
    said = town.deliver()
    for who in ("502", "503"):
        press(town, said, "saya petugas", who, GROUP)
        press(town, town.deliver(), "setujui", "501", GROUP)
    if centre:
        bind(town, town.house.city.triage, "ops", peer=CENTRE, sender="77", group=True)
    town.deliver()


def test_the_centre_appoints_where_the_last_coordinator_left(town: Town):
    led(town, centre=True)
    said = leaves(town, "501")
    assert {m.peer for m in said} == {GROUP, CENTRE}
    assert all("tidak memiliki koordinator" in m.text for m in said)
    assert [b.label for b in buttons(said, CENTRE)] == ["Koordinator: Nama502", "Koordinator: Nama503"]
    assert "Hanya petugas pusat operasi" in press(town, said, "nama502", "78", CENTRE)
    assert "Nama502 sekarang koordinator" in press(town, said, "nama502", "77", CENTRE)
    assert [m.peer for m in town.deliver()] == [GROUP]
    assert "Nama502 sekarang koordinator" in press(town, said, "nama502", "77", CENTRE)
    assert town.deliver() == [], "said once"
    assert leaves(town, "503") == [], "somebody leads"
    assert "bukan lagi petugas" in press(town, said, "nama503", "77", CENTRE)
    town.take(town.message(GROUP, command="petugas", sender="502", group=True))
    assert press(town, town.deliver(), "cabut: nama502", "502", GROUP)
    assert town.breaches() == {}


def test_without_a_centre_the_group_hears_of_the_code(town: Town):
    led(town, centre=False)
    (said,) = leaves(town, "501")
    assert said.peer == GROUP
    assert "/hubungkan KODE" in said.text


def test_a_coordinator_who_is_dismissed_leaves_the_same_gap(town: Town):
    led(town, centre=True)
    town.take(town.message(CENTRE, command="petugas", sender="77", group=True))
    press(town, town.deliver(), "cabut: warga -500", "77", CENTRE)
    assert {m.peer for m in town.deliver() if "koordinator" in m.text} == {GROUP, CENTRE}


def test_the_centre_lets_in_the_first_of_an_office_that_everybody_left(town: Town):
    led(town, centre=True)
    card = asked_before(town)
    said = everybody_leaves(town)
    assert button(said, "saya petugas", GROUP)
    assert "pusat operasi" in press(town, card, "terima", "504", GROUP), "asked before, of those who are gone"
    assert "pusat operasi" in press(town, card, "terima", "504", GROUP)
    (asked,) = town.deliver()
    assert asked.peer == CENTRE
    assert "Hanya petugas" in press(town, [asked], "setujui", "78", CENTRE)
    assert "disetujui" in press(town, [asked], "setujui", "77", CENTRE)
    assert {m.peer for m in town.deliver()} == {CENTRE, GROUP}
    press(town, card, "terima", "504", GROUP)
    assert town.value("select status from ticket") == "acknowledged"
    assert town.value("select role from officer where agency = 'DISHUB' and state = 'active'") == "supervisor"
    assert "diteruskan" in press(town, card, "terima", "505", GROUP).casefold().replace("kami teruskan", "diteruskan")
    assert [m.peer for m in town.deliver() if "505" in m.text] == [GROUP], "the office decides about the next"
    assert town.breaches() == {}


def test_from_a_chat_of_their_own_too(town: Town):
    led(town, centre=True)
    everybody_leaves(town)
    town.take(town.message("506", "DISHUB", command="daftarpetugas"))
    said = town.deliver()
    assert "pusat operasi" in next(m.text for m in said if m.peer == "506")
    press(town, said, "setujui", "77", CENTRE)
    assert "506" in {m.peer for m in town.deliver()}
    assert town.value("select count(*) from officer where agency = 'DISHUB' and state = 'active'") == 1


def test_who_comes_back_to_an_office_without_anybody_is_not_told_that_somebody_was_asked(town: Town):
    led(town, centre=False)
    everybody_leaves(town)
    town.take(town.message("503", "DISHUB", command="daftarpetugas"))
    (said,) = town.deliver()
    assert "belum memiliki petugas" in said.text
    assert not town.rows("select 1 from officer where state = 'pending'")


def test_no_request_is_put_that_nobody_can_grant(town: Town):
    led(town, centre=False)
    card = asked_before(town)
    everybody_leaves(town)
    for who in ("504", "505"):
        assert "belum ada petugas yang dapat menyetujui" in press(town, card, "terima", who, GROUP)
    assert town.deliver() == []
