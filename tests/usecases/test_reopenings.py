"""A third "belum beres": who decides, and what everybody reads of it."""

from __future__ import annotations

import pytest

from tests.usecases.test_handover import told
from tests.usecases.town import Town, button
from tickets.moves import Action, Actor, Details, Role
from tickets.ticket import Status, Ticket
from usecases.change import change
from usecases.ports import Outgoing

OFFICER = Actor(Role.OFFICER, 1, "Petugas 501", "DISHUB")


def moved(town: Town, ticket_id: int, *actions: Action, actor: Actor = OFFICER) -> list[Outgoing]:
    details = Details(note="masih gelap sekali di sini", media=1)
    for action in actions:
        ticket = town.ticket(ticket_id)
        who = Actor(Role.CITIZEN, ticket.reporter) if action is Action.REOPEN else actor
        town.do(lambda unit, t=ticket, a=action, w=who: change(unit, town.house, t, a, w, details))  # type: ignore[misc]
    return town.deliver()


def asked_thrice(town: Town) -> tuple[Ticket, list[Outgoing]]:
    town.office("DISHUB", "501")
    ticket = town.report()
    work = (Action.ACKNOWLEDGE, Action.START, Action.DONE, Action.REOPEN)
    moved(town, ticket.id, *work, Action.ACCEPT_REOPEN, *work, Action.ACCEPT_REOPEN, *work[:3])
    return ticket, moved(town, ticket.id, Action.REOPEN)


def press(town: Town, said: list[Outgoing], label: str, who: str) -> str:
    data = button(said, label, "-100DISHUB").data
    receipts = town.take(town.press("-100DISHUB", data, sender=who, group=True))
    return next((receipt.toast for receipt in receipts if receipt.toast), "")


def test_with_a_centre_the_office_waits_for_its_decision(town: Town):
    town.centre("77")
    ticket, said = asked_thrice(town)
    office = told(said, "-100DISHUB")
    assert "pusat kendali kota yang memutuskan" in office
    assert "Mohon putuskan" not in office
    assert "koordinator" not in office
    centre = Actor(Role.OPS, 9, "Pusat", "DISKOMINFOSTANDI")
    said = moved(town, ticket.id, Action.DECLINE_REOPEN, actor=centre)
    assert "Penjelasan *pusat" in told(said) or "Penjelasan pusat" in told(said)


@pytest.mark.parametrize("label", ["Buka kembali", "Tolak"])
def test_without_a_centre_the_supervisor_decides(town: Town, label: str):
    ticket, said = asked_thrice(town)
    assert "pusat kendali" not in told(said)
    assert "pusat kendali" not in told(said, "-100DISHUB")
    assert "koordinator" in press(town, said, "Buka kembali", "501")
    assert town.ticket(ticket.id).status is Status.REOPEN_REQUESTED

    def promote(unit):  # type: ignore[no-untyped-def]
        boss = unit.chats.person("telegram", "502", "Bu Kabid", "id")
        unit.agencies.set_officer(boss, "DISHUB", "Bu Kabid", role="supervisor", state="active")

    town.do(promote)
    toast = press(town, said, label, "502")
    assert "pusat kendali" not in toast
    asked = town.deliver()
    assert (town.ticket(ticket.id).status is Status.ASSIGNED) is (label == "Buka kembali")
    assert label == "Buka kembali" or "alasan penolakan" in told(asked, "-100DISHUB")


def test_without_anybody_who_decides_silence_reopens_as_promised(town: Town):
    ticket, _ = asked_thrice(town)
    town.clock.forward(hours=26)
    town.beat()
    assert town.ticket(ticket.id).status is Status.ASSIGNED
    assert "dibuka kembali" in told(town.deliver())
