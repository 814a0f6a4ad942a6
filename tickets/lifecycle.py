"""THE table of moves: state x action -> who may and what follows. Nothing else changes a ticket's state."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from tickets import sla
from tickets.city import City
from tickets.effects import EFFECTS
from tickets.guards import check, check_actor, refuse_state
from tickets.moves import CLOCK, NOTHING, SYSTEM, Action, Actor, Changed, Details, NotAllowed, Role
from tickets.ticket import BEFORE_DONE, Status, Ticket

__all__ = [
    "CLOCK",
    "SYSTEM",
    "TABLE",
    "Action",
    "Actor",
    "Changed",
    "Details",
    "Move",
    "NotAllowed",
    "Role",
    "allowed",
    "apply",
    "check_open",
]

OFFICER, SUPERVISOR, OPS = Role.OFFICER, Role.SUPERVISOR, Role.OPS
CITIZEN, BY_CLOCK, BY_SYSTEM = Role.CITIZEN, Role.CLOCK, Role.SYSTEM
STAFF = frozenset({OFFICER, SUPERVISOR})
DESK = frozenset({OFFICER, SUPERVISOR, OPS})
ABOVE = frozenset({SUPERVISOR, OPS})
BY_CITIZEN = frozenset({CITIZEN})


class Move(Struct, frozen=True):
    """One filled cell: who may, and every state that may follow (the effect chooses when there are several)."""

    roles: frozenset[Role]
    to: frozenset[Status]


def _move(roles: frozenset[Role], *to: Status) -> Move:
    return Move(roles, frozenset(to))


S, A = Status, Action
# whose it is may turn out on the spot: what was begun is handed over as well, but by the program never
BEGUN = (S.IN_PROGRESS, S.SCHEDULED, S.WAITING_CITIZEN, S.WAITING_EXTERNAL)
TABLE: dict[tuple[Status, Action], Move] = {
    # the triage desk is an office like any other: its officers hold what is NEW
    (S.NEW, A.ROUTE): _move(DESK | {BY_SYSTEM}, S.ASSIGNED),
    (S.NEW, A.CLOSE): _move(DESK, S.CLOSED),
    (S.NEW, A.DUPLICATE): _move(DESK, S.CLOSED),
    (S.ASSIGNED, A.ACKNOWLEDGE): _move(STAFF, S.ACKNOWLEDGED),
    (S.ASSIGNED, A.NOT_OURS): _move(STAFF, S.ASSIGNED, S.NEW),  # docs/decisions/0007-hand-over.md
    (S.ASSIGNED, A.ROUTE): _move(frozenset({OPS, BY_SYSTEM}), S.ASSIGNED),
    (S.ASSIGNED, A.CLOSE): _move(ABOVE, S.CLOSED),
    (S.ASSIGNED, A.DUPLICATE): _move(DESK, S.CLOSED),
    (S.ACKNOWLEDGED, A.NOT_OURS): _move(STAFF, S.ASSIGNED, S.NEW),
    (S.ACKNOWLEDGED, A.ROUTE): _move(frozenset({OPS, BY_SYSTEM}), S.ASSIGNED),
    (S.ACKNOWLEDGED, A.START): _move(STAFF, S.IN_PROGRESS),
    (S.ACKNOWLEDGED, A.SCHEDULE): _move(STAFF, S.SCHEDULED),
    (S.ACKNOWLEDGED, A.ASK): _move(STAFF, S.WAITING_CITIZEN),
    (S.ACKNOWLEDGED, A.CLOSE): _move(ABOVE, S.CLOSED),
    (S.ACKNOWLEDGED, A.DUPLICATE): _move(DESK, S.CLOSED),
    (S.ACKNOWLEDGED, A.UNDO): _move(STAFF, S.ASSIGNED),
    (S.IN_PROGRESS, A.SCHEDULE): _move(STAFF, S.SCHEDULED),
    (S.IN_PROGRESS, A.ASK): _move(STAFF, S.WAITING_CITIZEN),
    (S.IN_PROGRESS, A.EXTERNAL): _move(STAFF, S.WAITING_EXTERNAL),
    (S.IN_PROGRESS, A.DONE): _move(STAFF, S.RESOLVED),
    (S.IN_PROGRESS, A.UNDO): _move(STAFF, S.ACKNOWLEDGED),
    (S.SCHEDULED, A.SCHEDULE): _move(STAFF, S.SCHEDULED),  # another day: the citizen is told
    (S.SCHEDULED, A.EXTERNAL): _move(STAFF, S.WAITING_EXTERNAL),
    (S.SCHEDULED, A.RESUME): _move(STAFF | {BY_CLOCK}, S.IN_PROGRESS),
    (S.SCHEDULED, A.DONE): _move(STAFF, S.RESOLVED),
    (S.WAITING_CITIZEN, A.ANSWER): _move(BY_CITIZEN, S.IN_PROGRESS),
    (S.WAITING_CITIZEN, A.TIME_OUT_ANSWER): _move(frozenset({BY_CLOCK}), S.IN_PROGRESS),
    (S.WAITING_CITIZEN, A.RESUME): _move(STAFF, S.IN_PROGRESS),  # the answer was found in another way
    (S.WAITING_EXTERNAL, A.RESUME): _move(STAFF, S.IN_PROGRESS),
    (S.WAITING_EXTERNAL, A.DONE): _move(STAFF, S.RESOLVED),
    (S.RESOLVED, A.CONFIRM): _move(BY_CITIZEN, S.CLOSED),
    # "Selesai" below the wrong card: it goes on, or waits, as before
    (S.RESOLVED, A.UNDO): _move(STAFF, S.IN_PROGRESS, S.SCHEDULED, S.WAITING_EXTERNAL),
    (S.RESOLVED, A.CLOSE_SILENT): _move(frozenset({BY_CLOCK}), S.CLOSED),
    # what is dangerous waits for no decision
    (S.RESOLVED, A.REOPEN): _move(BY_CITIZEN, S.REOPEN_REQUESTED, S.ASSIGNED, S.NEW),
    (S.CLOSED, A.REOPEN): _move(BY_CITIZEN, S.REOPEN_REQUESTED, S.ASSIGNED, S.NEW),
    (S.CLOSED, A.RELEASE): _move(frozenset({OPS, BY_SYSTEM}), S.NEW),
    (S.REOPEN_REQUESTED, A.ACCEPT_REOPEN): _move(DESK | {BY_CLOCK}, S.ASSIGNED, S.NEW),
    (S.REOPEN_REQUESTED, A.DECLINE_REOPEN): _move(ABOVE, S.CLOSED),
    **{(status, A.NOT_OURS): _move(STAFF, S.ASSIGNED, S.NEW) for status in BEGUN},
    **{(status, A.ROUTE): _move(frozenset({OPS}), S.ASSIGNED) for status in BEGUN},
    **{(status, A.CLOSE): _move(ABOVE, S.CLOSED) for status in BEGUN},
    **{(status, A.DUPLICATE): _move(DESK, S.CLOSED) for status in BEGUN},
    **{(status, A.WITHDRAW): _move(BY_CITIZEN, S.CLOSED) for status in BEFORE_DONE},
}


def allowed(ticket: Ticket, role: Role) -> frozenset[Action]:
    """The actions the table has for this state and role; guards may still refuse them."""
    return frozenset(
        action for (status, action), move in TABLE.items() if status is ticket.status and role in move.roles
    )


def check_open(ticket: Ticket, action: Action, actor: Actor, city: City) -> None:
    """Is the move there for this state and person? Asked before they are troubled for its words. raises: NotAllowed."""
    move = TABLE.get((ticket.status, action))
    if move is None:
        refuse_state(ticket, action, actor, city)
    check_actor(ticket, action, actor, move.roles, city)


def apply(
    ticket: Ticket, action: Action, actor: Actor, now: datetime, city: City, details: Details = NOTHING
) -> Changed:
    """Make one move, or raise NotAllowed with the reason. Pure: the ticket itself stays as it was."""
    move = TABLE.get((ticket.status, action))
    if move is None:
        refuse_state(ticket, action, actor, city)
    check(ticket, action, actor, move.roles, now, city, details)
    effect = EFFECTS[action](ticket, actor, now, city, details)
    after = effect.ticket
    if after.status is not ticket.status:
        after = replace(after, since=effect.since or now)
    elif after.agency != ticket.agency or action is Action.SCHEDULE:
        after = replace(after, since=now)
    after = replace(after, breached=ticket.breached or sla.breaks(ticket, now))
    if after.status not in move.to:  # a bug in an effect, never a person's mistake
        raise AssertionError(f"{action} led from {ticket.status} to {after.status}")
    return Changed(ticket, after, action, actor, now, details.note.strip(), effect.data)
