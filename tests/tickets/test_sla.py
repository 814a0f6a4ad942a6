"""Promises, pauses and lateness as a table of (start, what happened) -> due."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from tests.tickets.builders import CITY, MONDAY, a_ticket, at
from tickets import sla
from tickets.policy import Policy, Promise
from tickets.ticket import OPEN, Status

HOUR = timedelta(hours=1)
POLICY = Policy()


@pytest.mark.parametrize(
    ("hours", "opened", "acknowledge", "resolve"),
    [
        (24, ("2026-11-23", "09:00"), ("2026-11-23", "15:00"), ("2026-11-24", "09:00")),
        (48, ("2026-11-23", "09:00"), ("2026-11-23", "21:00"), ("2026-11-25", "09:00")),
        (72, ("2026-11-27", "16:30"), ("2026-11-28", "16:30"), ("2026-11-30", "16:30")),  # weekends count
        (24, ("2026-12-31", "20:00"), ("2027-01-01", "02:00"), ("2027-01-01", "20:00")),  # nights count
    ],
)
def test_the_promise_counts_plain_hours(hours: int, opened: tuple, acknowledge: tuple, resolve: tuple):  # type: ignore[type-arg]
    due = sla.promise(hours, at(*opened), POLICY)
    assert (due.acknowledge, due.resolve) == (at(*acknowledge), at(*resolve))


def test_a_city_sets_its_own_hours():
    own = Policy(promises={24: Promise(1, 8)})
    assert sla.promise(24, MONDAY, own) == sla.Due(MONDAY + HOUR, MONDAY + 8 * HOUR)
    assert sla.promise(48, MONDAY, own) == sla.Due(MONDAY + 12 * HOUR, MONDAY + 48 * HOUR)  # left out: by the class


def test_a_new_cycle_has_half_of_the_time_and_at_least_an_hour():
    assert sla.promise_again(24, MONDAY, POLICY) == sla.Due(MONDAY + 3 * HOUR, MONDAY + 12 * HOUR)
    tiny = Policy(promises={24: Promise(1, 1)})
    assert sla.promise_again(24, MONDAY, tiny) == sla.Due(MONDAY + HOUR, MONDAY + HOUR)


def test_the_next_office_gets_its_own_time_to_take_it_up():
    later = MONDAY + 30 * HOUR
    assert sla.acknowledge_again(a_ticket(), 48, later, POLICY) == later + 12 * HOUR
    assert sla.acknowledge_again(a_ticket(cycle=2), 48, later, POLICY) == later + 6 * HOUR


RUNNING = {
    Status.NEW: {"acknowledge", "resolve"},
    Status.ASSIGNED: {"acknowledge", "resolve"},
    Status.ACKNOWLEDGED: {"resolve"},
    Status.IN_PROGRESS: {"resolve"},
    Status.SCHEDULED: {"resolve"},
    Status.WAITING_CITIZEN: set(),
    Status.WAITING_EXTERNAL: {"resolve"},
    Status.RESOLVED: set(),
    Status.REOPEN_REQUESTED: set(),
    Status.CLOSED: set(),
}


@pytest.mark.parametrize("status", Status)
def test_which_clocks_run(status: Status):
    assert sla.running(a_ticket(status)) == RUNNING[status]


@pytest.mark.parametrize("status", sorted(OPEN))
def test_late_is_what_runs_and_is_past_its_time(status: Status):
    ticket, much_later = a_ticket(status), MONDAY + 100 * HOUR
    assert sla.late_by(ticket, MONDAY) == timedelta()
    late = sla.late_by(ticket, much_later)
    if "acknowledge" in RUNNING[status]:
        assert late == 88 * HOUR
    elif RUNNING[status]:
        assert late == 52 * HOUR
    else:
        assert late == timedelta()


def test_what_is_due_next_is_the_nearer_promise():
    assert sla.next_due(a_ticket()) == MONDAY + 12 * HOUR
    assert sla.next_due(a_ticket(acknowledge_due=MONDAY + 60 * HOUR)) == MONDAY + 48 * HOUR
    assert sla.next_due(a_ticket(Status.IN_PROGRESS)) == MONDAY + 48 * HOUR


def test_stages_are_shares_of_the_promised_time():
    ticket = a_ticket()
    assert sla.acknowledge_stage(ticket, 0.5) == MONDAY + 6 * HOUR
    assert sla.acknowledge_stage(ticket, 1.5) == MONDAY + 18 * HOUR
    assert sla.resolve_stage(ticket, 0.5) == MONDAY + 24 * HOUR
    assert sla.resolve_stage(ticket, 2.0) == MONDAY + 96 * HOUR


def test_waits_do_not_stretch_the_stages():
    waited = a_ticket(Status.IN_PROGRESS, waited_s=36_000, resolve_due=MONDAY + 58 * HOUR)
    assert sla.resolve_stage(waited, 1.5) == MONDAY + 82 * HOUR
    assert sla.resolve_stage(waited, 0.0) == MONDAY + 10 * HOUR


@pytest.mark.parametrize(("asked_at", "moves"), [(40, 30), (48, 30), (60, 0)])
def test_a_question_moves_only_a_promise_that_still_held(asked_at: int, moves: int):
    """Asked after the due time: it stays broken, as the citizen was told, and no new day is promised."""
    asked = a_ticket(Status.WAITING_CITIZEN, waiting_since=MONDAY + asked_at * HOUR)
    after = sla.resumed(asked, MONDAY + (asked_at + 30) * HOUR, POLICY)
    assert after.resolve_due == MONDAY + (48 + moves) * HOUR
    assert after.waited_s == moves * 3600
    assert after.waiting_since is None
    assert sla.resolve_stage(after, 1.5) == MONDAY + (72 + moves) * HOUR


def test_after_a_hand_over_the_stages_count_from_there():
    ticket = a_ticket(assigned_at=MONDAY + 10 * HOUR, acknowledge_due=MONDAY + 22 * HOUR)
    assert sla.acknowledge_stage(ticket, 0.5) == MONDAY + 16 * HOUR


def test_used_time_leaves_out_the_waits_and_stops_at_the_end():
    working = a_ticket(Status.IN_PROGRESS, waited_s=7200)
    assert sla.used(working, MONDAY + 10 * HOUR, CITY.policy) == 8 * HOUR
    waiting = a_ticket(Status.WAITING_CITIZEN)  # since two hours after the opening
    assert sla.used(waiting, MONDAY + 10 * HOUR, CITY.policy) == 2 * HOUR
    resolved = a_ticket(Status.RESOLVED)
    assert sla.used(resolved, MONDAY + 99 * HOUR, CITY.policy) == 5 * HOUR
    assert sla.used(resolved, MONDAY - HOUR, CITY.policy) == timedelta()


def test_an_old_ticket_without_the_newer_columns_counts_from_its_opening():
    old = replace(a_ticket(), since=None, assigned_at=None, cycle_started_at=None)
    assert sla.acknowledge_stage(old, 0.5) == MONDAY + 6 * HOUR
    assert sla.resolve_stage(old, 0.5) == MONDAY + 24 * HOUR
    assert sla.used(old, MONDAY + HOUR, POLICY) == HOUR
