"""The city's rules of time and patience, as data."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time, timedelta

from msgspec import Struct, field


class Promise(Struct, frozen=True):
    """Hours for one class of categories (24, 48, 72): until taken up and until resolved."""

    acknowledge_h: int
    resolve_h: int


class Policy(Struct, frozen=True):
    """Defaults are proposals; every value can be set in the city's `city.toml`."""

    promises: dict[int, Promise] = field(
        default_factory=lambda: {24: Promise(6, 24), 48: Promise(12, 48), 72: Promise(24, 72)}
    )
    quiet_from: time = time(21, 0)  # local time; nobody is nudged between these two
    quiet_until: time = time(6, 0)
    warn_at: float = 0.8  # share of the promised time after which the group is reminded
    head_at: float = 1.5  # share of the promised time after which the agency's head is told
    ops_at: float = 2.0  # ... and the operations centre
    citizen_answer: timedelta = timedelta(days=5)
    confirm_reminder: timedelta = timedelta(days=2)
    close_silent: timedelta = timedelta(days=7)
    citizen_update: timedelta = timedelta(days=7)  # how often an overdue ticket's citizens hear of it
    reopen_within: timedelta = timedelta(days=30)
    reopen_decision: timedelta = timedelta(days=1)
    unrouted_after: timedelta = timedelta(hours=2)  # a report may wait this long at the triage desk
    undo_within: timedelta = timedelta(minutes=10)
    external_chase: timedelta = timedelta(days=14)
    max_questions: int = 2
    max_reopenings: int = 2
    max_bounces: int = 3
    nearby_m: int = 250  # so far from a new report similar ones are looked for ...
    similar_m: Mapping[str, int] = field(default_factory=dict)  # ... but so far for these categories
    similar_groups: tuple[tuple[str, ...], ...] = ()  # categories that one problem may be filed under
    similar_closed: timedelta = timedelta(days=14)  # a report closed so lately may be the same problem come back
    draft_offer: timedelta = timedelta(hours=1)
    draft_expires: timedelta = timedelta(days=1)
