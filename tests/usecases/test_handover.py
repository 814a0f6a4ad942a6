"""A report that changes its office: what the citizen is promised then, and what the former office hears."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.usecases import wa
from tests.usecases.test_reminders import take_up
from tests.usecases.town import Town
from tickets.moves import Action, Actor, Details, Role
from tickets.ticket import Status, Ticket
from usecases.change import change
from usecases.ports import Outgoing

OPS = Actor(Role.OPS, 9, "Pusat", "DISKOMINFOSTANDI")
OFFICER = Actor(Role.OFFICER, 1, "Petugas 501", "DISHUB")


def moved(town: Town, ticket: Ticket, action: Action, actor: Actor, agency: str = "DLH") -> list[Outgoing]:
    details = Details(agency=agency, note="Bukan aset kami di sana")
    town.do(lambda unit: change(unit, town.house, unit.tickets.get(ticket.id) or ticket, action, actor, details))
    return town.deliver()


def told(said: list[Outgoing], peer: str = "1001") -> str:
    return "\n".join(m.text for m in said if m.peer == peer and not m.edit_of)


@pytest.mark.parametrize(
    ("action", "actor", "agency"),
    [(Action.NOT_OURS, OFFICER, "DLH"), (Action.NOT_OURS, OFFICER, ""), (Action.ROUTE, OPS, "DLH")],
)
def test_shortly_before_its_end_the_promise_is_not_repeated_as_if_it_could_be_kept(
    town: Town, action: Action, actor: Actor, agency: str
):
    town.office("DISHUB", "501")
    town.office("DLH", "601")
    ticket = town.report()
    town.deliver()
    town.clock.forward(hours=23, minutes=50)
    said = told(moved(town, ticket, action, actor, agency))
    assert "mungkin belum terkejar" in said
    assert "24 November pukul 09.00" in said, "the clock goes on"
    assert "dijanjikan paling lambat" not in said
    assert town.ticket(ticket.id).resolve_due == ticket.resolve_due


def test_with_time_enough_the_promise_stays_as_it_was(town: Town):
    town.office("DISHUB", "501")
    town.office("DLH", "601")
    ticket = town.report()
    town.deliver()
    town.clock.forward(hours=3)
    assert "dijanjikan paling lambat" in told(moved(town, ticket, Action.NOT_OURS, OFFICER))


def test_who_takes_it_up_in_the_last_minutes_promises_nothing_impossible(town: Town):
    town.office("DISHUB", "501")
    ticket = town.report()
    town.deliver()
    town.clock.forward(hours=23, minutes=50)
    take_up(town, ticket.id)
    said = told(town.deliver())
    assert "sudah menerima laporan" in said
    assert "mungkin belum terkejar" in said


def test_the_former_office_hears_that_the_operations_centre_moved_it(town: Town):
    old, new = town.office("DISHUB", "501"), town.office("DLH", "601")
    ticket = town.report()
    town.deliver()
    take_up(town, ticket.id)
    town.deliver()
    said = moved(town, ticket, Action.ROUTE, OPS)
    (line,) = [m.text for m in said if m.peer == old.peer and not m.edit_of]
    assert ticket.number in line
    assert "Dinas Lingkungan Hidup" in line
    assert "pusat operasi" in line
    assert "dipindahkan" not in told(said, new.peer)
    assert [m.rows for m in said if m.edit_of] == [()], "its card lost its buttons"


def test_who_sent_it_on_needs_no_telling(town: Town):
    desk = town.office(town.house.city.triage, "700", peer="-800")
    old = town.office("DISHUB", "501")
    town.office("DLH", "601")
    ticket, unrouted = town.report(), town.report("1002", category="LAINNYA")
    town.deliver()
    assert "dipindahkan" not in told(moved(town, ticket, Action.NOT_OURS, OFFICER), old.peer)
    assert unrouted.status is Status.NEW
    assert "dipindahkan" not in told(moved(town, unrouted, Action.ROUTE, OPS), desk.peer)


def test_an_office_in_private_chats_hears_it_where_its_card_stands(town: Town):
    from tests.usecases.test_whatsapp_officers import SARI, TONO, enlist
    from tests.usecases.test_whatsapp_officers import take_up as taken

    enlist(town, SARI)
    enlist(town, TONO)
    town.office("DLH", "601")
    ticket = town.report()
    taken(town, SARI, town.deliver())
    town.deliver()
    said = moved(town, ticket, Action.ROUTE, OPS)
    for peer in (SARI, TONO):
        assert "pusat operasi" in told([m for m in said if m.channel == wa.WHATSAPP], peer)


def test_an_office_that_began_hands_it_over_and_the_citizen_hears_it_once(town: Town):
    """Planned for a day after the promise, then found to be somebody else's: that day is void, and said so."""
    town.office("DISHUB", "501")
    town.office("DLH", "601")
    ticket = town.report()
    take_up(town, ticket.id)
    day = town.clock.at.date() + timedelta(days=5)
    taken = town.ticket(ticket.id)
    town.do(lambda unit: change(unit, town.house, taken, Action.SCHEDULE, OFFICER, Details(day=day)))
    town.deliver()
    town.clock.forward(days=2)
    town.beat()
    town.deliver()
    said = told(moved(town, town.ticket(ticket.id), Action.NOT_OURS, OFFICER))
    town.beat()
    said += told(town.deliver())
    assert "tidak berlaku lagi" in said
    assert said.count("Mohon maaf") == 1
    after = town.ticket(ticket.id)
    assert (after.status, after.agency, after.scheduled_for) == (Status.ASSIGNED, "DLH", None)
    assert town.breaches() == {}


def test_the_history_names_the_office_of_who_sent_it_on_and_where_it_went(town: Town):
    group = town.office("DISHUB", "501").peer
    town.office("DLH", "601")
    ticket = town.report()
    town.deliver()
    moved(town, ticket, Action.NOT_OURS, OFFICER)
    moved(town, ticket, Action.ROUTE, OPS, "DBMSDA")
    moved(town, ticket, Action.ROUTE, OPS, "DISHUB")
    town.take(town.message(group, ticket.number, command="tiket", sender="501", group=True))
    said = told(town.deliver(), group)
    assert "Petugas 501 (Dishub) → DLH" in said
    assert "Pusat (Diskominfostandi) → DBMSDA" in said
    assert town.breaches() == {}
