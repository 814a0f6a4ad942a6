"""What leaves right after the commit that decided it, and what a new ticket's first moment costs."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.usecases.town import Town, last_step
from tickets.moves import Action, Actor, Role
from usecases import receive
from usecases.carry_out import Hands
from usecases.change import change
from usecases.deliver import Job, Sent
from usecases.records import Leave, Queued


def send(town: Town, fence: str) -> tuple[list[Job], int]:
    """The last "kirim" of a report."""
    event = last_step(town, "1")
    taken = town.do(lambda unit: receive.take(unit, town.house, [event], leaves=[Leave(fence) if fence else None]))
    return taken.jobs, taken.queued


def test_the_ticket_number_leaves_with_the_commit_that_made_it(town: Town):
    town.office("DISHUB", "501")
    jobs, queued = send(town, "f1")
    number = town.value("select number from ticket")
    assert [number in job.message.text for job in jobs] == [True]
    assert jobs[0].row.ticket == 1
    assert queued == town.value("select count(*) from outbox_message where state = 'queued'") > 0, (
        "the office's card waits"
    )
    town.settle(Sent(jobs[0], "m1"))
    assert town.breaches() == {}


def test_without_a_fence_everything_waits_its_turn(town: Town):
    jobs, queued = send(town, "")
    assert jobs == []
    assert queued == town.value("select count(*) from outbox_message where state = 'queued'") == 1


@pytest.mark.parametrize("alone", [False, True])
@pytest.mark.parametrize(
    ("scope", "born"),
    [("telegram:-100", True), ("telegram:11", True), ("whatsapp", True), ("telegram", False), ("telegram:1", False)],
)
def test_a_pause_forbids_answers_at_once_only_where_it_was_asked_for(town: Town, scope: str, born: bool, alone: bool):
    """Alone: as on PostgreSQL when the group it was to be written with has failed."""
    town.do(lambda unit: unit.system.block(scope, unit.now + timedelta(seconds=30), "429"))
    event = town.message("1", "halo")

    def work(unit):  # type: ignore[no-untyped-def]
        if alone and unit.group is not None:
            raise ZeroDivisionError
        return receive.take(unit, town.house, [event], leaves=[Leave("f1")])

    jobs = town.do(work).jobs
    assert (len(jobs), town.value("select count(*) from outbox_message where state = 'sending'")) == (born, born)


def test_a_new_ticket_moved_in_the_same_transaction_keeps_one_history_and_the_right_reminders(town: Town):
    """Nothing is looked up for a ticket that was just made; what comes after must see it all the same."""
    ticket = town.report()

    def moved(unit):  # type: ignore[no-untyped-def]
        change(
            unit,
            town.house,
            unit.tickets.get(ticket.id),
            Action.ACKNOWLEDGE,
            Actor(Role.OFFICER, 1, "Budi", ticket.agency),
        )

    town.do(moved)
    lines = town.rows("select seq, action, prev_hash, hash from ticket_event order by seq")
    assert [(line.seq, line.action) for line in lines] == [(1, "open"), (2, "acknowledge")]
    assert lines[1].prev_hash == lines[0].hash
    kinds = {row.kind for row in town.rows("select kind from reminder where state = 'pending'")}
    assert "acknowledge_late" not in kinds
    assert "resolve_late" in kinds
    town.clock.forward(days=120)
    assert len(town.do(lambda unit: unit.reminders.due(100))) == len(
        town.rows("select id from reminder where state = 'pending'")
    )


def test_a_thought_that_fails_leaves_no_permission_behind(town: Town, monkeypatch: pytest.MonkeyPatch):
    """Else a later message to that chat in the same transaction is claimed, and nobody sends it."""
    event = town.message("1", "halo")

    def fails(*_: object) -> None:
        raise ZeroDivisionError

    def work(unit):  # type: ignore[no-untyped-def]
        with monkeypatch.context() as broken:
            broken.setattr(Hands, "_one", fails)
            receive.take(unit, town.house, [event], leaves=[Leave("f1")])
        chat = unit.chats.find(event.channel, event.peer)
        unit.outbox.add([Queued(chat.id, "news", {"text": {"key": "common.nothing", "params": {}}})])

    town.do(work)
    assert [row.state for row in town.rows("select state from outbox_message")] == ["queued"]
