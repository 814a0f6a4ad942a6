"""The shape of a nudge rule: when it wants to speak about a ticket, and what it says then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from tickets.city import City
from tickets.ticket import Ticket

if TYPE_CHECKING:
    from tickets.notices import Notice


@dataclass(frozen=True, slots=True)
class Due:
    """One occasion to speak. The same (ticket, kind, occurrence) speaks once, ever."""

    occurrence: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Fired:
    """What a rule does now: tell somebody, and perhaps move the ticket (a lifecycle action of the clock)."""

    notices: tuple[Notice, ...] = ()
    action: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """plan: occasions for the ticket as it stands (none when the rule has nothing to say in this state).
    fire: at such an occasion; an empty `Fired` when the state has moved on."""

    kind: str
    plan: Callable[[Ticket, City], tuple[Due, ...]]
    fire: Callable[[Ticket, City, datetime], Fired]
