"""A third "belum beres": who decides, and what everybody reads of it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.usecases.test_handover import told
from tests.usecases.town import Town, button, buttons
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
    assert "pusat operasi kota yang memutuskan" in office
    assert "Mohon putuskan" not in office
    assert "koordinator" not in office
    centre = Actor(Role.OPS, 9, "Pusat", "DISKOMINFOSTANDI")
    said = moved(town, ticket.id, Action.DECLINE_REOPEN, actor=centre)
    assert "Penjelasan *pusat" in told(said) or "Penjelasan pusat" in told(said)


@pytest.mark.parametrize("label", ["Buka kembali", "Tolak"])
def test_without_a_centre_the_supervisor_decides(town: Town, label: str):
    ticket, said = asked_thrice(town)
    assert "pusat operasi" not in told(said)
    assert "pusat operasi" not in told(said, "-100DISHUB")
    assert "koordinator" in press(town, said, "Buka kembali", "501")
    assert town.ticket(ticket.id).status is Status.REOPEN_REQUESTED

    def promote(unit):  # type: ignore[no-untyped-def]
        boss = unit.chats.person("telegram", "502", "Bu Kabid", "id")
        unit.agencies.set_officer(boss, "DISHUB", "Bu Kabid", role="supervisor", state="active")

    town.do(promote)
    toast = press(town, said, label, "502")
    assert "pusat operasi" not in toast
    asked = town.deliver()
    assert (town.ticket(ticket.id).status is Status.ASSIGNED) is (label == "Buka kembali")
    assert label == "Buka kembali" or "alasan penolakan" in told(asked, "-100DISHUB")


def test_after_the_last_ruling_only_what_will_be_taken_is_offered(town: Town):
    town.centre("77")
    ticket, _ = asked_thrice(town)
    centre = Actor(Role.OPS, 9, "Pusat", "DISKOMINFOSTANDI")
    moved(town, ticket.id, Action.ACCEPT_REOPEN, actor=centre)
    said = moved(town, ticket.id, Action.ACKNOWLEDGE, Action.START, Action.DONE)
    said += [m for hour in town.hours(24 * 8) for m in hour]
    assert town.ticket(ticket.id).status is Status.CLOSED
    citizens = [m for m in said if m.peer == "1001"]
    assert not [b for b in buttons(citizens) if "Belum beres" in b.label]
    assert not [m.text for m in citizens if "tekan Belum beres" in m.text]
    assert sum("Buat laporan" in b.label for b in buttons(citizens)) == 3, "when done, when reminded, when closed"
    town.take(town.press("1001", button(citizens, "Buat laporan").data))
    assert "Belum" not in told(town.deliver())


def test_without_anybody_who_decides_silence_reopens_as_promised(town: Town):
    ticket, _ = asked_thrice(town)
    town.clock.forward(hours=26)
    town.beat()
    assert town.ticket(ticket.id).status is Status.ASSIGNED
    assert "dibuka kembali" in told(town.deliver())


def test_a_danger_that_is_not_over_does_not_sleep_over_the_weekend(town: Town):
    """Friday evening: the office, its head and the centre hear it in the same minute, and the ladder begins anew."""
    town.office("DISHUB", "501")
    town.office("DISHUB", peer="900", role="head")
    town.centre("77")
    town.clock.at = datetime(2026, 11, 27, 2, 0, tzinfo=UTC)
    ticket = town.report()
    town.execute("update ticket set danger = true where id = :id", id=ticket.id)
    moved(town, ticket.id, Action.ACKNOWLEDGE, Action.START, Action.DONE)
    town.clock.forward(hours=12)
    said = moved(town, ticket.id, Action.REOPEN)
    assert town.ticket(ticket.id).status is Status.ASSIGNED
    for peer in ("-100DISHUB", "900", "-600"):
        assert "BAHAYA" in told(said, peer)
        assert told(said, peer).count("masih gelap sekali di sini") <= 2, "its card and one message"
    assert "langsung dibuka kembali" in told(said)
    night = [m for hour in town.hours(6) for m in hour if m.peer == "-100DISHUB" and not m.edit_of]
    assert any(m.text.startswith("⚠️") and "belum diterima" in m.text for m in night)
    assert town.breaches() == {}


def test_a_chat_that_is_the_office_and_the_centre_is_alarmed_once(town: Town):
    town.office("DISHUB", "501")
    town.centre("77", peer="-100DISHUB")
    ticket = town.report()
    town.execute("update ticket set danger = true where id = :id", id=ticket.id)
    said = moved(town, ticket.id, Action.ACKNOWLEDGE, Action.START, Action.DONE, Action.REOPEN)
    assert sum("langsung dibuka kembali" in m.text for m in said if m.peer == "-100DISHUB") == 1
    assert town.breaches() == {}


def test_before_silence_decides_the_office_is_reminded_once(town: Town):
    town.office("DISHUB", "501")
    ticket = town.report()
    moved(town, ticket.id, Action.ACKNOWLEDGE, Action.START, Action.DONE, Action.REOPEN)
    heard = [m.text for hour in town.hours(25) for m in hour if m.peer == "-100DISHUB" and not m.edit_of]
    assert sum("menunggu keputusan" in text for text in heard) == 1
    assert town.ticket(ticket.id).status is Status.ASSIGNED


def test_without_a_centre_the_card_that_is_asked_for_has_the_decision(town: Town):
    """With /tiket, weeks later: the question that brought its buttons along is far up in the chat."""
    ticket, _ = asked_thrice(town)
    assert decisions(town, ticket.number) == {"Buka kembali", "Tolak"}
    town.centre("77")
    assert decisions(town, ticket.number) == set()
    town.do(lambda unit: unit.chats.set_reachable(unit.agencies.chat_of(town.house.city.triage, "ops"), "blocked"))
    assert decisions(town, ticket.number) == {"Buka kembali", "Tolak"}


def decisions(town: Town, number: str) -> set[str]:
    town.take(town.message("-100DISHUB", number, command="tiket", sender="501", group=True))
    labels = [one.label for one in buttons(town.deliver(), "-100DISHUB")]
    return {name for name in ("Buka kembali", "Tolak") if any(label.startswith(name) for label in labels)}
