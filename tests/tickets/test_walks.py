"""Random lives of a ticket: whatever people press in whatever order, the invariants hold."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from scheduler.rules import rules
from tests.tickets.builders import BOSS, BUDI, CITY, DESK, FOLLOWER, MONDAY, OPS, REPORTER, RINA, a_ticket, words
from tickets import sla
from tickets.actions import buttons
from tickets.cards import card
from tickets.lifecycle import CLOCK, SYSTEM, TABLE, Action, Changed, Details, NotAllowed, Role, apply
from tickets.notices import notices
from tickets.ticket import OPEN, Outcome, Status

SEEDS = st.integers(0, 2**32)
NOBODY = [RINA, BUDI, BOSS, DESK, OPS, REPORTER, FOLLOWER, CLOCK, SYSTEM]
ENDS = {Action.WITHDRAW, Action.CLOSE, Action.DUPLICATE}  # seldom, or every life would be short
BY_ROLE = {Role.OFFICER: RINA, Role.SUPERVISOR: BOSS, Role.OPS: OPS, Role.CITIZEN: REPORTER, Role.CLOCK: CLOCK,
           Role.SYSTEM: SYSTEM}  # fmt: skip
WAYS = {
    status: [
        (action, role) for (begin, action), move in TABLE.items() if begin is status for role in sorted(move.roles)
    ]
    for status in Status
}


def walk(seed: int, steps: int = 50, begin: Status = Status.NEW, ends: float = 0.05) -> list[Changed]:
    """The moves that were made; most steps follow the table, some press anything.

    ends: how likely a way out is taken
    """
    dice = random.Random(seed)
    ticket, now, made = a_ticket(begin), MONDAY, []
    for _ in range(steps):
        now += timedelta(seconds=dice.choice([0, 60, 3600, 40_000, 90_000]) * dice.random())
        ways = [way for way in WAYS[ticket.status] if way[0] not in ENDS or dice.random() < ends]
        action, role = dice.choice(ways or WAYS[ticket.status])
        actor = BY_ROLE[role]
        if dice.random() < 0.15:
            action, actor = dice.choice(list(Action)), dice.choice(NOBODY)
        if actor in (RINA, BOSS):  # officers follow the ticket into the office that holds it
            actor = replace(actor, agency=ticket.agency)
        try:
            changed = apply(ticket, action, actor, now, CITY, details(dice, now))
        except NotAllowed as refused:
            unsaid = [refused] if not words(refused.reason).strip() else []
            assert not unsaid
            continue
        made.append(changed)
        ticket = changed.after
    return made


def details(dice: random.Random, now: datetime) -> Details:
    return Details(
        note=dice.choice(["", "🙏", *["Sudah kami kerjakan kemarin"] * 6]),
        agency=dice.choice(["", "DISHUB", "DLH", "DISKOMINFO", "PLN", "TIDAK-ADA"]),
        day=dice.choice([None, (now + timedelta(days=dice.randint(-2, 30))).date()]),
        media=dice.choice([0, 1, 2]),
        outcome=dice.choice([None, *Outcome]),
        master=dice.choice([0, 7, 99]),
    )


@settings(max_examples=100, deadline=None)
@given(SEEDS)
def test_whatever_happens_the_ticket_stays_sound(seed: int):
    for changed in walk(seed):
        ticket, now = changed.after, changed.at
        is_open = ticket.status in OPEN
        assert (ticket.outcome is None) is is_open
        assert (ticket.closed_at is None) is is_open
        assert (ticket.waiting_since is not None) is (ticket.status is Status.WAITING_CITIZEN)
        assert is_open or not sla.running(ticket)
        assert ticket.status is not Status.SCHEDULED or ticket.scheduled_for is not None
        assert ticket.status is not Status.RESOLVED or ticket.resolved_at is not None
        assert ticket.status not in (Status.ACKNOWLEDGED, Status.IN_PROGRESS) or ticket.officer
        assert ticket.agency in CITY.catalogue.agencies
        assert CITY.catalogue.agency(ticket.agency).kind != "external"
        assert ticket.questions <= CITY.policy.max_questions
        assert ticket.reopenings <= CITY.policy.max_reopenings + 1
        assert ticket.since is not None
        assert ticket.since <= now
        assert sla.used(ticket, now, CITY.policy) >= timedelta()
        assert sla.late_by(ticket, now) >= timedelta()


@settings(max_examples=100, deadline=None)
@given(SEEDS)
def test_used_time_never_falls_within_a_cycle_and_a_breach_is_never_forgotten(seed: int):
    for changed in walk(seed):
        before, after = changed.before, changed.after
        assert after.breached or not before.breached
        if before.cycle == after.cycle and changed.action is not Action.RELEASE:
            assert sla.used(after, changed.at, CITY.policy) >= sla.used(before, changed.at, CITY.policy)
            moved = after.resolve_due - before.resolve_due
            assert moved == timedelta(seconds=after.waited_s - before.waited_s)
            assert timedelta() <= moved <= CITY.policy.citizen_answer


@settings(max_examples=40, deadline=None)
@given(SEEDS)
def test_whatever_happens_there_are_words_buttons_and_a_plan(seed: int):
    for changed in walk(seed):
        told = notices(changed, CITY)
        assert told
        assert any(notice.refresh_card or notice.new_card for notice in told)
        for notice in told:
            for locale in ("id", "en"):
                assert notice.text is None or words(notice.text, locale).strip()
        text, below = card(changed.after, CITY, changed.at)
        assert changed.after.number in words(text)
        assert below == buttons(changed.after, CITY, changed.at)
        planned = [rule.plan(changed.after, CITY) for rule in rules().values()]
        assert changed.after.status in OPEN or not any(planned)
        assert changed.after.status not in OPEN or any(planned), "an open ticket that nobody is reminded of"


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 40 * 86_400), st.integers(0, 40 * 86_400))
def test_pausing_and_resuming_at_once_changes_nothing_and_two_pauses_add_up(first: int, second: int):
    begin = a_ticket(Status.IN_PROGRESS)
    ticket, now = begin, MONDAY + timedelta(hours=3)
    most, counted = CITY.policy.citizen_answer.total_seconds(), 0.0
    for wait in (first, second):
        counted += min(wait, most) if now <= ticket.resolve_due else 0  # a broken promise does not move
        ticket = apply(ticket, Action.ASK, RINA, now, CITY, Details(note="Tiang berapa?")).after
        now += timedelta(seconds=wait)
        ticket = apply(ticket, Action.ANSWER, REPORTER, now, CITY, Details(note="Nomor 12")).after
    assert ticket.waited_s == counted
    assert ticket.resolve_due - begin.resolve_due == timedelta(seconds=ticket.waited_s)


def test_the_walks_come_everywhere():
    made = [changed for begin in Status for seed in range(60) for changed in walk(seed, 25, begin, 0.5)]
    assert {(changed.before.status, changed.action) for changed in made} == set(TABLE)
