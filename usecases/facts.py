"""What the dialogue may ask about the world, read inside the turn's own transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from conversations.step import NearbyTicket
from routing.place import surroundings
from tickets.similar import New, kinds, reach_m, similar
from tickets.ticket import BEFORE_DONE, Ticket
from usecases.house import House
from usecases.records import Chat
from usecases.unit import Unit

NEARBY_SHOWN = 5
TALK_LASTS = timedelta(days=2)  # so long words are likely to answer what the office wrote


class DialogueFacts:
    """Facts for one person in one chat; each answer is looked up at most once per turn."""

    def __init__(self, unit: Unit, house: House, chat: Chat) -> None:
        self._unit = unit
        self._house = house
        self._chat = chat
        self._mine: list[Ticket] | None = None
        self._seen: dict[int, Ticket | None] = {}
        self._talk: int | None = None
        self._nearby: dict[New, Sequence[NearbyTicket]] = {}

    def has_name(self) -> bool:
        return bool(self._chat.name.strip())

    def my_tickets(self) -> Sequence[Ticket]:
        if self._mine is None:
            since = self._unit.now - self._house.city.policy.reopen_within
            self._mine = self._unit.tickets.of_person(self._chat.person, since)
        return self._mine

    def ticket(self, ticket_id: int) -> Ticket | None:
        if ticket_id not in self._seen:
            mine = self._unit.tickets.is_of_person(ticket_id, self._chat.person)
            self._seen[ticket_id] = self._unit.tickets.get(ticket_id) if mine else None
        return self._seen[ticket_id]

    def code(self, ticket_id: int) -> str:
        found = self._unit.tickets.get(ticket_id) if self.reported(ticket_id) else None
        return self._house.code(found.number) if found else ""

    def reported(self, ticket_id: int) -> bool:
        found = self.ticket(ticket_id)
        return found is not None and found.reporter == self._chat.person

    def nearby(self, new: New) -> Sequence[NearbyTicket]:
        if new not in self._nearby:
            self._nearby[new] = self._look_nearby(new)
        return self._nearby[new]

    def _look_nearby(self, new: New) -> Sequence[NearbyTicket]:
        city, tickets = self._house.city, self._unit.tickets
        reach = reach_m(new.category, city.policy)
        around = surroundings(new.lat, new.lon, reach)
        since = self._unit.now - city.policy.similar_closed
        found = similar(new, tickets.nearby(kinds(new.category, city.policy), around, since), city, self._unit.now)
        shown = found[:NEARBY_SHOWN]
        mine = tickets.of_person_among([one.ticket.id for one in shown], self._chat.person)
        return [NearbyTicket(one.ticket, one.metres, one.ticket.id in mine) for one in shown]

    def quoted(self, message_id: str) -> int:
        if not message_id:
            return 0
        ticket, _ = self._unit.outbox.quoted(self._chat.id, message_id)
        return ticket if ticket and self._unit.tickets.is_of_person(ticket, self._chat.person) else 0

    def spoken_to(self) -> int:
        if self._talk is None:
            running = [ticket for ticket in self.my_tickets() if ticket.status in BEFORE_DONE]
            told = [(at, ticket.id) for ticket in running if (at := self._told_at(ticket.id))]
            self._talk = max(told)[1] if told else 0
        return self._talk

    def _told_at(self, ticket_id: int) -> datetime | None:
        """When the office wrote, if nobody has answered it since."""
        last = self._unit.tickets.last_line(ticket_id, talk=True)
        return last.at if last and last.action == "tell" and last.at >= self._unit.now - TALK_LASTS else None
