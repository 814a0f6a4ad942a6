"""Tickets whose place is only words: a geocoder may find the point afterwards; the report never waits for it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from msgspec import Struct

from routing.masking import mask
from routing.place import cell
from tickets.ticket import Ticket
from usecases import veil
from usecases.house import House
from usecases.tell import card_row, shows_card
from usecases.unit import Unit

BATCH = 5
REST, LONGEST = timedelta(minutes=1), timedelta(hours=6)  # after a ticket's first failure; each time four times it
MOST_TRIES = 16  # some three days: a server that is away over a weekend costs no point
FOUND, TRIED = "geocoder", "words-tried"  # place_source of a ticket afterwards


class Question(Struct, frozen=True):
    """What to look up for a ticket: the citizen's words, masked as for officers and without their name, kelurahan and
    city behind them."""

    ticket: int
    words: str


class Failed(Struct, frozen=True):
    """How often the geocoder did not answer for a ticket, and before when it is not asked again."""

    tries: int
    again: datetime


def waiting(unit: Unit, house: House, resting: Collection[int] = ()) -> list[Question]:
    """Open tickets with words for their place and no point, oldest first. resting: tickets not to ask for now."""
    return [
        Question(ticket.id, _question(unit, house, ticket)) for ticket in unit.tickets.without_point(BATCH, resting)
    ]


def failed(before: Failed | None, now: datetime) -> Failed | None:
    """After one more failure; None when it was the last one: the ticket is left without a point."""
    tries = (before.tries if before else 0) + 1
    return Failed(tries, now + min(REST * 4 ** (tries - 1), LONGEST)) if tries < MOST_TRIES else None


def found(unit: Unit, house: House, ticket_id: int, point: tuple[float, float] | None) -> bool:
    """Keep the point if it can be right: in the city, and near the kelurahan the citizen confirmed."""
    ticket = unit.tickets.get(ticket_id)
    if ticket is None or ticket.lat is not None:
        return False
    if point is None or not _plausible(house, ticket, point):
        unit.tickets.set_point(ticket_id, None, TRIED)
        return False
    lat, lon = point
    unit.tickets.set_point(ticket_id, (lat, lon, cell(lat, lon)), FOUND)
    fresh = unit.tickets.get(ticket_id)
    if fresh is not None:  # every group that shows the ticket now shows the map as well
        unit.outbox.add([card_row(unit, fresh, chat) for chat in shows_card(unit, house, fresh)])
    return True


def _question(unit: Unit, house: House, ticket: Ticket) -> str:
    area = house.city.places.by_code.get(ticket.kelurahan)
    parts = [mask(veil.place(unit, house, ticket)), *((area.name, area.kecamatan) if area else ()), house.city.name]
    return ", ".join(part.strip() for part in parts if part.strip())


def _plausible(house: House, ticket: Ticket, point: tuple[float, float]) -> bool:
    places = house.city.places
    if not places.inside(*point):
        return False
    return not ticket.kelurahan or ticket.kelurahan in {near.kelurahan.code for near in places.likely(*point)}
