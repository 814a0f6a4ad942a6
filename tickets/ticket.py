"""A ticket as the inner rooms know it, its states and outcomes."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct


class Status(StrEnum):
    NEW = "new"  # waits for the triage desk
    ASSIGNED = "assigned"
    ACKNOWLEDGED = "acknowledged"
    IN_PROGRESS = "in_progress"
    SCHEDULED = "scheduled"
    WAITING_CITIZEN = "waiting_citizen"
    WAITING_EXTERNAL = "waiting_external"
    RESOLVED = "resolved"  # the officer says done; the citizen is asked
    REOPEN_REQUESTED = "reopen_requested"
    CLOSED = "closed"


OPEN = frozenset(Status) - {Status.CLOSED}
UNTAKEN = frozenset({Status.NEW, Status.ASSIGNED})
BEFORE_DONE = OPEN - {Status.RESOLVED, Status.REOPEN_REQUESTED}


class Outcome(StrEnum):
    """How a closed ticket ended; stands beside CLOSED."""

    CONFIRMED = "confirmed"
    UNANSWERED = "unanswered"
    WITHDRAWN = "withdrawn"
    DUPLICATE = "duplicate"
    NOT_CITY = "not_city"
    NOT_POSSIBLE = "not_possible"
    INVALID = "invalid"
    ABUSE = "abuse"
    PRIVATE_MATTER = "private_matter"
    DECLINED = "declined"  # a reopening was declined with a reason


WORKED = frozenset({Outcome.CONFIRMED, Outcome.UNANSWERED})  # closed after work was done; the others are objected to

# What a citizen wants: something put right, an answer, or to propose something.
COMPLAINT, QUESTION, SUGGESTION = "complaint", "question", "suggestion"


class Outline(Struct, frozen=True, kw_only=True):
    """What of a ticket others may be shown and reports are compared by: nothing of who reported it or works on it."""

    id: int
    number: str
    status: Status
    outcome: Outcome | None = None
    kind: str = COMPLAINT  # or QUESTION, SUGGESTION
    category: str
    agency: str
    text: str
    place_words: str = ""
    lat: float | None = None
    lon: float | None = None
    confidential: bool = False  # never suggested to others, never public
    opened_at: datetime
    closed_at: datetime | None = None
    danger: bool = False  # its clocks and nudges run at night too
    reopenings: int = 0


class Ticket(Outline, frozen=True, kw_only=True):
    """One complaint. Times are aware UTC.

    acknowledge_due, resolve_due: the promise now in force; resolve_due moves by the wait for the citizen
    waited_s: seconds spent in WAITING_CITIZEN in this cycle, already added to the due times
    cycle:    1, and one more for each reopening
    since:    when the present status began; None stands for opened_at, as in assigned_at and cycle_started_at
    """

    acknowledge_due: datetime
    resolve_due: datetime
    reporter: int  # person id
    conversation: int  # the reporter's chat
    version: int = 1
    cycle: int = 1
    kelurahan: str = ""  # official code
    named: bool = False  # the agency may see the reporter's name
    officer: int = 0  # officer id who holds it, 0 = nobody
    officer_name: str = ""
    since: datetime | None = None
    assigned_at: datetime | None = None  # when the present agency got it: its acknowledge clock began
    cycle_started_at: datetime | None = None  # when the resolve clock of this cycle began
    acknowledged_at: datetime | None = None
    started_at: datetime | None = None
    resolved_at: datetime | None = None
    scheduled_for: datetime | None = None  # day of the work, or the day a third party is expected to be ready
    waiting_since: datetime | None = None
    waited_s: int = 0
    questions: int = 0  # asked of the citizen in this cycle
    bounces: int = 0  # "not ours" so far
    suggested_agency: str = ""  # proposed by the agency that said "not ours"
    followers: int = 0  # people besides the reporter who said "saya juga"
    last_note: str = ""  # the newest words for the citizen (reason, result, question)
    citizen_note: str = ""  # the newest words from the citizen (answer, what is still wrong)
    external: str = ""  # third party the ticket waits for
    master: int = 0  # the ticket this one is a duplicate of
    breached: bool = False  # a promise was broken at some time, also in an earlier cycle or office
    reach_until: datetime | None = None  # the reporter may be asked in free words until then; None: at any time
