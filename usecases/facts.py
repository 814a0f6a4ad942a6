"""What the dialogue may ask about the world, read inside the turn's own transaction."""

from __future__ import annotations

from collections.abc import Sequence

from conversations.step import NearbyTicket
from routing.place import distance_m, neighbour_cells
from tickets.ticket import Ticket
from usecases.house import House
from usecases.records import Chat
from usecases.unit import Unit

NEARBY_SHOWN = 5


class DialogueFacts:
    """Facts for one person in one chat; each answer is looked up at most once per turn."""

    def __init__(self, unit: Unit, house: House, chat: Chat) -> None:
        self._unit = unit
        self._house = house
        self._chat = chat
        self._mine: list[Ticket] | None = None

    def my_tickets(self) -> Sequence[Ticket]:
        if self._mine is None:
            since = self._unit.now - self._house.city.policy.reopen_within
            self._mine = self._unit.tickets.of_person(self._chat.person, since)
        return self._mine

    def ticket(self, ticket_id: int) -> Ticket | None:
        if not self._unit.tickets.is_of_person(ticket_id, self._chat.person):
            return None
        return self._unit.tickets.get(ticket_id)

    def code(self, ticket_id: int) -> str:
        found = self.ticket(ticket_id)
        return self._house.code(found.number) if found else ""

    def nearby(self, category: str, lat: float, lon: float) -> Sequence[NearbyTicket]:
        radius = self._house.city.policy.nearby_m
        close: list[NearbyTicket] = []
        for ticket in self._unit.tickets.nearby(category, neighbour_cells(lat, lon, radius)):
            if ticket.lat is None or ticket.lon is None:
                continue
            metres = distance_m((lat, lon), (ticket.lat, ticket.lon))
            if metres <= radius:
                followed = self._unit.tickets.is_of_person(ticket.id, self._chat.person)
                close.append(NearbyTicket(ticket, round(metres), followed))
        return sorted(close, key=lambda near: near.metres)[:NEARBY_SHOWN]

    def quoted(self, message_id: str) -> int:
        if not message_id:
            return 0
        ticket, _ = self._unit.outbox.quoted(self._chat.id, message_id)
        return ticket if ticket and self._unit.tickets.is_of_person(ticket, self._chat.person) else 0
