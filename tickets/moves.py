"""The words of the life cycle: who asks for which move with what details, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum

from msgspec import Struct, field

from texts.text import Text
from tickets.ticket import Outcome, Status, Ticket


class Role(StrEnum):
    OFFICER = "officer"
    SUPERVISOR = "supervisor"  # leads the officers of one agency
    OPS = "ops"  # the operations centre, above all agencies
    CITIZEN = "citizen"
    CLOCK = "clock"
    SYSTEM = "system"  # the program itself, for example when it routes by the city's table


class Action(StrEnum):
    ROUTE = "route"
    ACKNOWLEDGE = "acknowledge"
    NOT_OURS = "not_ours"
    START = "start"
    SCHEDULE = "schedule"
    ASK = "ask"
    ANSWER = "answer"
    TIME_OUT_ANSWER = "time_out_answer"
    EXTERNAL = "external"
    RESUME = "resume"
    DONE = "done"
    CONFIRM = "confirm"
    REOPEN = "reopen"  # a request; the office decides
    ACCEPT_REOPEN = "accept_reopen"
    DECLINE_REOPEN = "decline_reopen"
    CLOSE_SILENT = "close_silent"
    CLOSE = "close"  # without work
    WITHDRAW = "withdraw"
    DUPLICATE = "duplicate"
    RELEASE = "release"  # a duplicate whose master was declined comes back
    UNDO = "undo"


class Actor(Struct, frozen=True):
    """Who asks. id: officer id for staff, person id for citizens, 0 for the clock and the program.

    agency is the office of an officer or supervisor. The name stays in the history; citizens never see it.
    centre: has the operations centre a chat that can be reached? Else the office's supervisor decides in its stead
    """

    role: Role
    id: int = 0
    name: str = ""
    agency: str = ""
    centre: bool = True


CLOCK = Actor(Role.CLOCK)
SYSTEM = Actor(Role.SYSTEM)


class Details(Struct, frozen=True):
    """What came with the move; each action reads its own.

    note:   reason, question, answer, result, or the third party's name
    agency: where to (route), proposed owner (not_ours)
    day:    local day of the work, or the day a third party is expected to be ready
    media:  number of photos or other files that came along
    guessed: nobody said that the words are for this ticket
    """

    note: str = ""
    agency: str = ""
    day: date | None = None
    media: int = 0
    guessed: bool = False
    outcome: Outcome | None = None  # for close
    master: int = 0  # for duplicate: id and number of the ticket that stays
    master_number: str = ""
    was: Status | None = None  # for undo: what "done" ended, and since when that was so
    was_since: datetime | None = None
    asked_at: int = 0  # version of the ticket for which the question was asked that this answers; 0: for any


NOTHING = Details()


class Changed(Struct, frozen=True):
    """A move made. `data` goes into the history with it: plain JSON values.

    after.version equals before.version: the storage counts it up while it checks that nobody was faster.
    """

    before: Ticket
    after: Ticket
    action: Action
    actor: Actor
    at: datetime
    note: str = ""
    data: Mapping[str, str | int] = field(default_factory=dict)


class NotAllowed(Exception):
    """This move cannot be made now; `reason` says kindly why, and what to do or what the state is."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.key)
        self.reason = reason


class Overtaken(NotAllowed):
    """Not now, because the ticket moved on since the button or the question was made; its history tells by whom."""
