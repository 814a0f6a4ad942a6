"""What the dialogue may ask about the world, read inside the turn's own transaction."""

from __future__ import annotations

from collections.abc import Sequence

from conversations.step import NearbyTicket
from routing.place import surroundings
from tickets.similar import New, kinds, reach_m, similar
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

    def nearby(self, new: New) -> Sequence[NearbyTicket]:
        city, tickets = self._house.city, self._unit.tickets
        reach = reach_m(new.category, city.policy)
        around = surroundings(new.lat, new.lon, reach)
        since = self._unit.now - city.policy.similar_closed
        found = similar(new, tickets.nearby(kinds(new.category, city.policy), around, since), city, self._unit.now)
        return [
            NearbyTicket(one.ticket, one.metres, tickets.is_of_person(one.ticket.id, self._chat.person))
            for one in found[:NEARBY_SHOWN]
        ]

    def quoted(self, message_id: str) -> int:
        if not message_id:
            return 0
        ticket, _ = self._unit.outbox.quoted(self._chat.id, message_id)
        return ticket if ticket and self._unit.tickets.is_of_person(ticket, self._chat.person) else 0
