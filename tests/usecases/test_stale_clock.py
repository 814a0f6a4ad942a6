"""The clock never acts on an old picture of a ticket, and nothing it wants to say is lost or stands in others' way."""

from concurrent.futures import Future, wait

from msgspec.structs import replace

from tests.usecases.town import Town
from tickets.moves import Action, Actor, Role
from tickets.rule import Due, Fired, Rule
from tickets.ticket import Status
from usecases import run_due
from usecases.change import change
from usecases.records import Queued

MOVER = Actor(Role.OFFICER, 1, "Petugas", "DISHUB")


def pending(town: Town, ticket: int) -> set[tuple[str, str]]:
    rows = town.rows("select kind, occurrence from reminder where ticket_id = :t and state = 'pending'", t=ticket)
    return {(row.kind, row.occurrence) for row in rows}


def wanted(town: Town, ticket_id: int) -> set[tuple[str, str]]:
    ticket = town.ticket(ticket_id)
    return {
        (rule.kind, due.occurrence) for rule in town.house.rules.values() for due in rule.plan(ticket, town.house.city)
    }


def test_a_press_in_the_middle_of_a_reminder_leaves_the_right_reminders(workers: tuple[Town, Town]):
    """The clock read the ticket, then an officer took it up: what the clock plans afterwards must fit."""
    town, other = workers
    town.office("DISHUB", "501")
    ticket = town.report()
    presses: list[Future[object]] = []

    def take_up(unit) -> None:
        change(unit, town.house, unit.tickets.get(ticket.id), Action.ACKNOWLEDGE, MOVER)

    real = town.house.rules["resolve_late"]

    def speak(*given) -> Fired:
        presses.append(other.database.submit(take_up))
        wait(presses, 0.5)  # done, or waiting for us
        return real.speak(*given)

    house = replace(town.house, rules={**town.house.rules, "resolve_late": replace(real, speak=speak)})
    town.execute("update reminder set state = 'fired' where kind not in ('resolve_late', 'still_open')")
    town.clock.forward(hours=26)
    assert town.do(lambda unit: run_due.fire_due(unit, house)) == 1
    assert [press.result(10) for press in presses] == [None]
    assert town.ticket(ticket.id).status is Status.ACKNOWLEDGED
    assert pending(town, ticket.id) <= wanted(town, ticket.id)
    assert "resolve_soon" in {kind for kind, _ in pending(town, ticket.id)}, "planned by the press, not withdrawn"


def test_the_clock_passes_over_a_ticket_that_somebody_moves_and_comes_back(workers: tuple[Town, Town]):
    town, other = workers
    town.office("DISHUB", "501")
    held, free = town.report("1001"), town.report("1002")
    town.clock.forward(hours=7)

    def hold(unit) -> int:
        change(unit, town.house, unit.tickets.get(held.id), Action.ACKNOWLEDGE, MOVER)
        return int(other.database.submit(lambda unit: run_due.fire_due(unit, other.house)).result(10))

    assert town.do(hold) > 0
    fired = {row.ticket_id for row in town.rows("select ticket_id from reminder where state = 'fired'")}
    assert fired == {free.id}
    town.beat()
    assert "not-stuck" not in town.breaches()


def test_an_occasion_that_moved_away_is_kept_for_its_new_time(town: Town):
    """The city changed its quiet hours after the reminder was planned: it speaks later, not never."""
    ticket = town.report()
    town.execute("update reminder set state = 'fired'")
    at = town.clock.at.replace(hour=5)

    def plan(_ticket, _city) -> tuple[Due, ...]:
        return (Due("1:once", at),)

    rule = Rule("acknowledge_late", plan, lambda *_: Fired(), at_night=True)
    house = replace(town.house, rules={"acknowledge_late": rule})
    town.execute(
        "insert into reminder (ticket_id, kind, occurrence, due_at, state)"
        " values (:t, 'acknowledge_late', '1:once', :early, 'pending')",
        t=ticket.id,
        early="2026-11-23 01:00:00+00:00" if town.database.kind == "postgresql" else "2026-11-23 01:00:00.000000",
    )
    town.do(lambda unit: run_due.fire_due(unit, house))
    assert pending(town, ticket.id) == {("acknowledge_late", "1:once")}
    assert town.do(lambda unit: run_due.fire_due(unit, house)) == 0
    town.clock.forward(hours=4)
    town.do(lambda unit: run_due.fire_due(unit, house))
    assert pending(town, ticket.id) == set()


def test_a_pile_of_nudges_for_one_group_does_not_starve_the_others(town: Town):
    """At six in the morning a group has fifty nudges and may get eighteen a minute."""
    busy, quiet = town.chat("-1", group=True), town.chat("-2", group=True)
    body = {"text": {"key": "literal", "params": {"words": "halo"}}}
    nudges = [Queued(busy.id, f"rem:{n}", body, cls="nudge", priority=2) for n in range(50)]
    town.do(lambda unit: unit.outbox.add([*nudges, Queued(quiet.id, "card", body, priority=2)]))
    assert [job.message.peer for job in town.claim(5, resting=[busy.id])] == ["-2"]


def test_a_nudge_that_cannot_be_sent_holds_nobody_back(town: Town):
    chat = town.chat("-1", group=True)
    body = {"text": {"key": "literal", "params": {"words": "halo"}}}
    rows = [Queued(chat.id, "rem:1", body, cls="nudge", priority=4), Queued(chat.id, "card", body, priority=2)]
    town.do(lambda unit: unit.outbox.add(rows))
    town.execute(
        "update outbox_message set first_failed_at = created_at, next_at = :later where cls = 'nudge'",
        later="2027-01-01 00:00:00.000000" if town.database.kind == "sqlite" else "2027-01-01 00:00:00+00",
    )
    assert [job.row.cls for job in town.claim()] == ["must"]
