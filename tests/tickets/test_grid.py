"""Every cell of the table: state x action x role is allowed or refused on purpose, the empty ones too."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest
from msgspec.structs import replace

from tests.tickets.builders import BOSS, CITY, DESK, ENOUGH, OPS, REPORTER, RINA, a_ticket, words
from tickets.lifecycle import CLOCK, SYSTEM, TABLE, Action, Actor, NotAllowed, Role, allowed, apply
from tickets.ticket import BEFORE_DONE, OPEN, Outcome, Status, Ticket

# Written down a second time, as the rules read, so that a slip in the table is seen.
# officer, Supervisor, oPs (x), citizen, clocK, systeM -> the states that may follow
EXPECTED = """
new               route            o s x m   assigned
new               close            o s x     closed
new               duplicate        o s x     closed
new               withdraw         c         closed
assigned          acknowledge      o s       acknowledged
assigned          not_ours         o s       assigned
assigned          route            x m       assigned
assigned          close            s x       closed
assigned          duplicate        o s x     closed
assigned          withdraw         c         closed
acknowledged      not_ours         o s       assigned
acknowledged      route            x m       assigned
acknowledged      start            o s       in_progress
acknowledged      schedule         o s       scheduled
acknowledged      ask              o s       waiting_citizen
acknowledged      close            s x       closed
acknowledged      duplicate        o s x     closed
acknowledged      undo             o s       assigned
acknowledged      withdraw         c         closed
in_progress       schedule         o s       scheduled
in_progress       ask              o s       waiting_citizen
in_progress       external         o s       waiting_external
in_progress       done             o s       resolved
in_progress       not_ours         o s       assigned
in_progress       route            x         assigned
in_progress       close            s x       closed
in_progress       duplicate        o s x     closed
in_progress       undo             o s       acknowledged
in_progress       withdraw         c         closed
scheduled         schedule         o s       scheduled
scheduled         external         o s       waiting_external
scheduled         resume           o s k     in_progress
scheduled         done             o s       resolved
scheduled         not_ours         o s       assigned
scheduled         route            x         assigned
scheduled         close            s x       closed
scheduled         duplicate        o s x     closed
scheduled         withdraw         c         closed
waiting_citizen   answer           c         in_progress
waiting_citizen   time_out_answer  k         in_progress
waiting_citizen   resume           o s       in_progress
waiting_citizen   not_ours         o s       assigned
waiting_citizen   route            x         assigned
waiting_citizen   close            s x       closed
waiting_citizen   duplicate        o s x     closed
waiting_citizen   withdraw         c         closed
waiting_external  resume           o s       in_progress
waiting_external  done             o s       resolved
waiting_external  not_ours         o s       assigned
waiting_external  route            x         assigned
waiting_external  close            s x       closed
waiting_external  duplicate        o s x     closed
waiting_external  withdraw         c         closed
resolved          confirm          c         closed
resolved          close_silent     k         closed
resolved          undo             o s       in_progress
resolved          reopen           c         reopen_requested
closed            reopen           c         reopen_requested
closed            release          x m       new
reopen_requested  accept_reopen    o s x k   assigned
reopen_requested  decline_reopen   s x       closed
"""
LETTERS = {"o": Role.OFFICER, "s": Role.SUPERVISOR, "x": Role.OPS, "c": Role.CITIZEN, "k": Role.CLOCK,
           "m": Role.SYSTEM}  # fmt: skip


def expected() -> dict[tuple[Status, Action, Role], Status]:
    found = {}
    for line in EXPECTED.strip().splitlines():
        status, action, *letters, after = line.split()
        for letter in letters:
            found[Status(status), Action(action), LETTERS[letter]] = Status(after)
    return found


CELLS = expected()


def actor(role: Role, ticket: Ticket) -> Actor:
    officers = {"DISKOMINFO": DESK, "DISHUB": RINA}
    return {
        Role.OFFICER: officers[ticket.agency],
        Role.SUPERVISOR: replace(BOSS, agency=ticket.agency),
        Role.OPS: OPS,
        Role.CITIZEN: REPORTER,
        Role.CLOCK: CLOCK,
        Role.SYSTEM: SYSTEM,
    }[role]


def in_state(status: Status, action: Action) -> Ticket:
    if action is Action.RELEASE and status is Status.CLOSED:
        return a_ticket(status, outcome=Outcome.DUPLICATE, master=99)
    return a_ticket(status)


@pytest.mark.parametrize("status", Status)
def test_every_cell_of_a_state(status: Status):
    for action, role in itertools.product(Action, Role):
        _cell(status, action, role)


def _cell(status: Status, action: Action, role: Role) -> None:
    ticket = in_state(status, action)
    now = (ticket.since or ticket.opened_at) + timedelta(minutes=5)
    wanted = CELLS.get((status, action, role))
    assert (action in allowed(ticket, role)) is (wanted is not None), (status, action, role)
    if wanted is None:
        with pytest.raises(NotAllowed) as refused:
            apply(ticket, action, actor(role, ticket), now, CITY, ENOUGH)
        for locale in ("id", "en"):
            assert words(refused.value.reason, locale).strip()
        return
    changed = apply(ticket, action, actor(role, ticket), now, CITY, ENOUGH)
    assert changed.before is ticket
    assert changed.after.status is wanted, (status, action, role)
    assert (changed.action, changed.at, changed.actor.role) == (action, now, role)
    assert changed.after.version == ticket.version


def test_the_table_has_no_cell_the_rules_do_not_name():
    assert {(status, action) for status, action in TABLE} == {(status, action) for status, action, _ in CELLS}


def test_every_state_is_reached_from_new():
    reached, front = {Status.NEW}, {Status.NEW}
    while front:
        front = {to for (status, _), move in TABLE.items() if status in front for to in move.to} - reached
        reached |= front
    assert reached == set(Status)


@pytest.mark.parametrize("status", sorted(OPEN))
def test_every_open_state_has_a_way_to_closed(status: Status):
    reached, front = {status}, {status}
    while front:
        front = {to for (begin, _), move in TABLE.items() if begin in front for to in move.to} - reached
        reached |= front
    assert Status.CLOSED in reached


@pytest.mark.parametrize("status", sorted(OPEN))
def test_no_open_state_waits_for_the_citizen_alone(status: Status):
    """A citizen who never comes back must not hold up a ticket: somebody else can always move it on."""
    others = frozenset().union(*(move.roles for (begin, _), move in TABLE.items() if begin is status))
    assert others - {Role.CITIZEN}


def test_the_reporter_may_withdraw_until_it_is_done():
    assert {status for status, action in TABLE if action is Action.WITHDRAW} == BEFORE_DONE


@pytest.mark.parametrize("role", [Role.OFFICER, Role.SUPERVISOR])
@pytest.mark.parametrize(("status", "action"), [key for key in TABLE if TABLE[key].roles & {Role.OFFICER}])
def test_other_offices_change_nothing(status: Status, action: Action, role: Role):
    ticket = in_state(status, action)
    stranger = Actor(role, 77, "Orang lain", "DLH")
    with pytest.raises(NotAllowed) as refused:
        apply(ticket, action, stranger, ticket.since or ticket.opened_at, CITY, ENOUGH)
    assert "hanya untuk petugas Dinas" in words(refused.value.reason)
