"""Who may decide in the operations centre's chat, and what else its people do there."""

from __future__ import annotations

import pytest

from tests.usecases.test_offices import bind
from tests.usecases.town import Town, button, buttons
from tickets.moves import Action, Actor, Details, Role
from tickets.ticket import Status
from usecases.change import change
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


def test_who_also_works_in_a_chat_of_their_own_can_be_admitted_to_the_centre(town: Town):
    number = centred(town)
    town.take(town.message("701", town.house.city.triage, command="daftarpetugas"))
    town.deliver()
    _, asked = pressed(town, shown(town, number), "teruskan", "701")
    toast, _ = pressed(town, asked, "setujui", "77")
    assert "disetujui" in toast
    assert town.rows("select 1 from officer where role = 'ops' and name like '%701'")


@pytest.mark.parametrize("typed", [False, True])
def test_where_desk_and_centre_are_one_a_third_reopening_is_decided(town: Town, typed: bool):
    desk = town.house.city.triage
    town.office(desk, "701", peer=CENTRE)
    bind(town, desk, "ops", peer=CENTRE, sender="77", group=True)
    ticket = town.report()  # its office has no chat: the desk stands in
    officer = Actor(Role.OFFICER, 1, "Petugas", ticket.agency)
    for time in range(3):
        moves = [(a, officer, "lampunya sudah menyala") for a in (Action.ACKNOWLEDGE, Action.START, Action.DONE)]
        moves.append((Action.REOPEN, Actor(Role.CITIZEN, ticket.reporter), "belum menyala pak"))
        for action, actor, note in [*moves, *([(Action.ACCEPT_REOPEN, officer, "")] if time < 2 else [])]:
            now, details = town.ticket(ticket.id), Details(note=note, media=int(action is Action.DONE))
            town.do(lambda unit, n=now, a=action, w=actor, d=details: change(unit, town.house, n, a, w, d))  # type: ignore[misc]
    said = town.deliver()
    for _ in range(5):
        town.clock.forward(minutes=1)
        said += town.deliver()
    if typed:
        card = town.value("select max(platform_message_id) from card where platform_message_id <> ''")
        town.take(town.message(CENTRE, "buka kembali", reply_to=card, sender="77", group=True))
        assert town.ticket(ticket.id).status is Status.ASSIGNED
        return
    _, asked = pressed(town, said, "tolak", "77")
    why = "Lampu sudah kami periksa dan menyala normal sejak kemarin"
    town.take(town.message(CENTRE, why, reply_to=f"out-{asked[-1].id}", sender="77", group=True))
    assert town.ticket(ticket.id).status is Status.CLOSED


def test_a_danger_is_never_told_that_it_was_ruled(town: Town):
    town.office("DISHUB", "501")
    ticket = town.report(danger="listrik")
    town.execute("update ticket set danger = true")
    officer = Actor(Role.OFFICER, 1, "Petugas", ticket.agency)
    for _ in range(5):
        moves = [(a, officer, "sudah aman") for a in (Action.ACKNOWLEDGE, Action.START, Action.DONE)]
        for action, actor, note in [*moves, (Action.REOPEN, Actor(Role.CITIZEN, ticket.reporter), "masih menjuntai")]:
            now, details = town.ticket(ticket.id), Details(note=note, media=int(action is Action.DONE))
            town.do(lambda unit, n=now, a=action, w=actor, d=details: change(unit, town.house, n, a, w, d))  # type: ignore[misc]
        assert town.ticket(ticket.id).status is Status.ASSIGNED


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


def test_in_such_a_chat_the_desk_admits_to_the_desk(town: Town):
    desk = town.house.city.triage
    bind(town, desk, "group", peer=CENTRE, sender="701", group=True)
    join = town.deliver()
    bind(town, desk, "ops", peer=CENTRE, sender="77", group=True)
    _, asked = pressed(town, join, "saya petugas", "702")
    toast, said = pressed(town, asked, "setujui", "701")
    assert "disetujui" in toast
    assert "pusat operasi" not in said[-1].text
    (row,) = town.rows("select role from officer where name = 'Nama702'")
    assert row.role == "officer"


def told(town: Town, peer: str, words: str, to: Outgoing, who: str, *, group: bool) -> list[Outgoing]:
    town.take(town.message(peer, words, reply_to=f"out-{to.id}", sender=who, group=group))
    return town.deliver()


def escalated(town: Town, peer: str, *, group: bool) -> tuple[str, Outgoing]:
    """An office and its head; what the head hears of a report that nobody took. The office's chat."""
    office = town.office("DISHUB", "501").peer
    bind(town, "DISHUB", "head", peer=peer, sender="900", group=group)
    town.report()
    town.deliver()
    for hours in (29, 1):
        town.clock.forward(hours=hours)
        town.beat()
    return office, next(m for m in reversed(town.deliver()) if m.peer == peer and "pimpinan" in m.text)


def test_a_head_who_is_asked_for_help_sees_the_card_at_one_tap(town: Town):
    _, above = escalated(town, "900", group=False)
    town.take(town.press("900", button([above], "lihat kartu").data, sender="900"))
    assert button(town.deliver(), "terima", "900")


def test_a_heads_words_reach_the_office(town: Town):
    office, above = escalated(town, "900", group=False)
    (asked,) = told(town, "900", "siap, saya tegur petugasnya", above, "900", group=False)
    assert "abaikan" not in asked.text, "no colleague reads there"
    assert [b.label for b in buttons([asked])] == ["Kirim ke grup dinas", "Kirim ke warga"]
    send = button([asked], "grup dinas").data
    for _ in range(2):
        toast = town.take(town.press("900", send, pressed_on=f"out-{asked.id}", sender="900"))[0].toast
        assert "sudah kami teruskan ke dinasnya" in toast
    (said,) = town.deliver()
    assert (said.peer, "Pesan pimpinan" in said.text, "saya tegur" in said.text) == (office, True, True)
    assert town.breaches() == {}


def test_in_a_heads_group_colleagues_may_be_meant(town: Town):
    _, above = escalated(town, "-900", group=True)
    (asked,) = told(town, "-900", "Budi, tolong dicek", above, "900", group=True)
    assert "abaikan" in asked.text
    assert button([asked], "grup dinas")


def test_a_head_is_told_what_a_head_can_do(town: Town):
    escalated(town, "900", group=False)
    town.take(town.message("900", command="bantuan"))
    (said,) = town.deliver()
    assert "pimpinan" in said.text
    assert "hubungkan" not in said.text


def test_the_centre_settles_what_three_offices_refused(town: Town):
    desk = town.house.city.triage
    offices = {agency: town.office(agency, who).peer for agency, who in (("DISHUB", "501"), ("DBMSDA", "801"))}
    town.office(desk, "701")
    bind(town, desk, "ops", peer=CENTRE, sender="77", group=True)
    ticket = town.report()
    said = town.deliver()
    for agency, other in (("DISHUB", "DBMSDA"), ("DBMSDA", "Dishub"), ("DISHUB", "DBMSDA")):
        who = {"DISHUB": "501", "DBMSDA": "801"}[agency]
        for label in ("bukan wewenang", other, "di luar tugas"):
            _, said = pressed(town, said, label, who, offices[agency])
    asked = next(m for m in said if m.peer == CENTRE)
    assert "3 kali" in asked.text
    (offered,) = told(town, CENTRE, "ke dishub saja", asked, "77", group=True)
    assert [b.label for b in buttons([offered])][:2] == ["Teruskan ke Dishub", "Teruskan ke OPD"]
    _, choice = pressed(town, [asked], "teruskan", "77")
    assert buttons(choice)
    pressed(town, [offered], "teruskan ke dishub", "77")
    assert town.ticket(ticket.id).agency == "DISHUB"
