"""Which tickets near by may be about the same problem as a new report: kind, distance, words and time together."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from routing.place import distance_m
from tickets.city import City
from tickets.guards import for_good
from tickets.policy import Policy
from tickets.ticket import COMPLAINT, Outcome, Outline, Status

SAME_KIND = 1.0
NEAR_KIND = 0.6  # of the same confusable group: a blocked drain and the flood it makes
LITTLE = 0.12  # likeness of words from which the same kind farther off counts
MUCH = 0.5  # ... and from which another kind does
NEAR = 0.5  # share of the distance within which the same kind counts whatever the words
NEAR_ENOUGH = 0.3  # ... and another kind, if the words agree
BY_DISTANCE, BY_WORDS, BY_KIND = 0.45, 0.35, 0.2
SOLVED = frozenset({Outcome.CONFIRMED, Outcome.UNANSWERED})
CLOSED = 0.6  # a closed one counts so much, less every day


class New(Struct, frozen=True):
    """What a new report says: its category, its point, its words with those about the place."""

    category: str
    lat: float
    lon: float
    words: str = ""


class Similar(Struct, frozen=True):
    ticket: Outline
    metres: int
    score: float


def kinds(category: str, policy: Policy) -> tuple[str, ...]:
    """The category and those it is easily confused with, itself first."""
    others = [code for group in policy.similar_groups if category in group for code in group]
    return tuple(dict.fromkeys((category, *others)))


def reach_m(category: str, policy: Policy) -> int:
    """How far the same problem may be reported: a flood is wider than a lamp."""
    return policy.similar_m.get(category, policy.nearby_m)


def offered(ticket: Outline) -> bool:
    """Whether it may be shown to others at all: no private matter, no question, and not closed for another reason
    than being solved. How long after its end is the policy's (see `_fresh`)."""
    solved = ticket.status is not Status.CLOSED or ticket.outcome in SOLVED
    return solved and ticket.kind == COMPLAINT and not ticket.confidential


def similar(new: New, tickets: Iterable[Outline], city: City, now: datetime) -> list[Similar]:
    """Those worth offering, best first. Precision counts: whoever is shown somebody else's problem trusts less."""
    reach = reach_m(new.category, city.policy)
    found = []
    for ticket in tickets:
        if ticket.lat is None or ticket.lon is None or not offered(ticket):
            continue
        metres = distance_m((new.lat, new.lon), (ticket.lat, ticket.lon))
        fresh = _fresh(ticket, city, now)
        if metres > reach or not fresh:
            continue
        close = 1 - metres / reach
        same = ticket.category == new.category
        words = city.likeness.score(new.words, f"{ticket.text} {ticket.place_words}", new.category if same else "")
        if _worth(same, close, words, said=bool(new.words)):
            kind = SAME_KIND if same else NEAR_KIND
            score = fresh * (BY_DISTANCE * close + BY_WORDS * words + BY_KIND * kind)
            found.append(Similar(ticket, round(metres), round(score, 4)))
    return sorted(found, key=lambda one: (-one.score, one.ticket.id))


def _worth(same: bool, close: float, words: float, *, said: bool) -> bool:
    if same:
        return words >= LITTLE or close >= NEAR or not said
    return words >= MUCH and close >= NEAR_ENOUGH


def _fresh(ticket: Outline, city: City, now: datetime) -> float:
    """1 for an open ticket, less for one closed lately that can be opened again, 0 for the others."""
    if ticket.status is not Status.CLOSED:
        return 1.0
    if ticket.closed_at is None or for_good(ticket, now, city) is not None:
        return 0.0
    age = (now - ticket.closed_at) / city.policy.similar_closed
    return CLOSED * (1 - age / 2) if 0 <= age <= 1 else 0.0
