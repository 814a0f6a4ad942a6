"""A report near by that was called solved, and the problem is there again: taking it up, or telling it anew."""

from __future__ import annotations

from conversations.inbound import Pin
from tests.usecases.town import Town, button, buttons
from tickets.ticket import Outcome, Status, Ticket
from usecases.ports import Outgoing

AGAIN = "terjadi lagi"


def solved(town: Town, **facts: object) -> Ticket:
    """A lamp that its citizen confirmed to be repaired a day ago."""
    town.office("DISHUB", "501")
    lamp = town.report("2001")
    closed = {"status": Status.CLOSED, "outcome": Outcome.CONFIRMED, "closed_at": town.clock.now()}
    town.amend(lamp.id, **closed, **facts)
    town.clock.forward(days=1)
    town.deliver()
    return lamp


def told(town: Town) -> list[Outgoing]:
    """A neighbour tells of a lamp at the same place, as far as a question about others' reports may come."""
    for event in (
        town.message("1001", "lampu jalan mati di depan SDN 3 Jatiasih"),
        town.message("1001", pin=Pin(-6.298, 106.959)),
        town.message("1001", "ya"),
        town.message("1001", "lewati"),
    ):
        town.take(event)
        town.clock.forward(minutes=1)
        said = town.deliver()
    return said


def sent(town: Town, said: list[Outgoing]) -> None:
    """On to the end, whatever is still asked."""
    for label in ("rahasiakan", "kirim"):
        if any(label in one.label.casefold() for one in buttons(said, "1001")):
            town.take(town.press("1001", button(said, label, "1001").data))
            town.clock.forward(minutes=1)
            said = town.deliver()


def tickets(town: Town) -> list[Ticket]:
    return [town.ticket(row.id) for row in town.rows("select id from ticket order by id")]


def test_it_is_opened_again(town: Town):
    lamp = solved(town)
    town.take(town.press("1001", button(told(town), AGAIN, "1001").data))
    (only,) = tickets(town)
    assert (only.id, only.status) == (lamp.id, Status.REOPEN_REQUESTED)
    assert town.value("select ticket_id from ticket_follower") == lamp.id


def test_one_that_was_ruled_on_is_not_offered(town: Town):
    solved(town, reopenings=town.house.city.policy.max_reopenings + 1)
    said = told(town)
    assert not [one for one in buttons(said, "1001") if AGAIN in one.label.casefold()]
    sent(town, said)
    assert [one.status for one in tickets(town)] == [Status.CLOSED, Status.ASSIGNED]


def test_one_that_was_ruled_on_after_it_was_offered_costs_nobody_their_report(town: Town):
    lamp = solved(town)
    said = told(town)
    town.amend(lamp.id, reopenings=town.house.city.policy.max_reopenings + 1)
    town.take(town.press("1001", button(said, AGAIN, "1001").data))
    town.clock.forward(minutes=1)
    after = town.deliver()
    assert any("baru saja berubah" in message.text for message in after)
    sent(town, after)
    assert [one.status for one in tickets(town)] == [Status.CLOSED, Status.ASSIGNED]
    assert not town.rows("select 1 from ticket_follower")
