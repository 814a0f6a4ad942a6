"""A small world around the real engine: one citizen, a clock that stands still, tickets kept in a dict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from msgspec.structs import replace

from conversations import engine
from conversations.effects import Effect, KeepMedia, Say, SetLocale, Wake
from conversations.inbound import Inbound, Kind
from conversations.state import State
from conversations.step import NearbyTicket, Turn
from tests.halls import hall
from texts.catalogue import shipped
from texts.text import Text
from tickets.city import City
from tickets.similar import New, kinds, similar
from tickets.ticket import Status, Ticket

MORNING = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)  # Monday, 10.00 in Bekasi


@cache
def bekasi() -> City:
    return hall()


@dataclass
class FakeFacts:
    """The answers of the database, without one."""

    mine: dict[int, Ticket] = field(default_factory=dict)
    others: dict[int, Ticket] = field(default_factory=dict)
    messages: dict[str, int] = field(default_factory=dict)  # id of one of our messages -> ticket
    named: bool = True
    followed: frozenset[int] = frozenset()  # of mine, those that somebody else reported
    spoken: int = 0  # the ticket whose office wrote last
    asked: int = 0

    def has_name(self) -> bool:
        return self.named

    def my_tickets(self) -> Sequence[Ticket]:
        return sorted(self.mine.values(), key=lambda t: t.opened_at, reverse=True)

    def ticket(self, ticket_id: int) -> Ticket | None:
        return self.mine.get(ticket_id)

    def code(self, ticket_id: int) -> str:
        return f"KODE{ticket_id}" if self.reported(ticket_id) else ""

    def reported(self, ticket_id: int) -> bool:
        return ticket_id in self.mine and ticket_id not in self.followed

    def nearby(self, new: New) -> Sequence[NearbyTicket]:
        self.asked += 1
        city = bekasi()
        among = [
            t for t in (*self.others.values(), *self.mine.values()) if t.category in kinds(new.category, city.policy)
        ]
        found = similar(new, among, city, MORNING)
        return [NearbyTicket(one.ticket, one.metres, one.ticket.id in self.mine) for one in found[:5]]

    def quoted(self, message_id: str) -> int:
        return self.messages.get(message_id, 0)

    def spoken_to(self) -> int:
        return self.spoken


@dataclass
class Dialogue:
    """Plays one citizen against the engine and remembers what was said."""

    facts: FakeFacts = field(default_factory=FakeFacts)
    state: State = field(default_factory=State)
    now: datetime = MORNING
    locale: str = "id"
    effects: tuple[Effect, ...] = ()
    wake_at: datetime | None = None
    kept: set[str] = field(default_factory=set)  # files that belong to no ticket yet: a new report may take them
    count: int = 0

    def render(self, text: Text) -> str:
        return self._renders(text, self.locale)

    def _renders(self, text: Text, locale: str) -> str:
        city = bekasi()
        return shipped().render(text, locale, city.zone, city.zone_name)

    def send(self, **inbound: Any) -> tuple[Effect, ...]:
        """One event; what is not given is a plain private message."""
        self.count += 1
        blank = Inbound("test", f"k{self.count}", "42", "42", self.now, message_id=f"m{self.count}")
        return self.feed(replace(blank, **inbound))

    def feed(self, inbound: Inbound) -> tuple[Effect, ...]:
        turn = Turn(
            state=State.loads(self.state.dumps()),  # as it comes back from storage
            inbound=inbound,
            now=self.now,
            city=bekasi(),
            facts=self.facts,
            locale=self.locale,
            renders=self._renders,
        )
        self.state, self.effects = engine.advance(turn)
        for effect in self.effects:
            if isinstance(effect, Wake):
                self.wake_at = effect.at
            elif isinstance(effect, SetLocale):
                self.locale = effect.locale
            elif isinstance(effect, KeepMedia) and not effect.ticket:
                self.kept.add(effect.attachment.ref)
        return self.effects

    def press(self, action: str) -> tuple[Effect, ...]:
        """Press a button of the last question by its bare action."""
        for said in reversed([e for e in self.effects if isinstance(e, Say)]):
            for offered in said.choices:
                if offered.action == action or offered.action.partition("|")[2] == action:
                    return self.send(kind=Kind.PRESS, action=offered.action)
        return self.send(kind=Kind.PRESS, action=f"{self.state.prompt}|{action}")

    def pass_time(self, **span: float) -> tuple[Effect, ...]:
        """Let the clock go on; a wake-up that falls due is delivered."""
        until = self.now + timedelta(**span)
        last: tuple[Effect, ...] = ()
        while self.wake_at is not None and self.wake_at <= until:
            self.now, self.wake_at = self.wake_at, None
            last = self.send(kind=Kind.WAKE)
        self.now = until
        return last

    @property
    def said(self) -> list[Say]:
        return [e for e in self.effects if isinstance(e, Say)]

    def words(self) -> str:
        return "\n---\n".join(self.render(say.text) for say in self.said)


def keys(text: Text) -> list[str]:
    """The keys of a text and of all texts inside it."""
    inner = [key for value in text.params.values() if isinstance(value, Text) for key in keys(value)]
    return [text.key, *inner]


def a_ticket(number: int = 1, **fields: Any) -> Ticket:
    """A street light ticket near SDN 3 Jatiasih."""
    city = bekasi()
    told: dict[str, Any] = {
        "id": number,
        "number": f"BKS-26-{number:06d}-7",
        "status": Status.ASSIGNED,
        "category": "PJU",
        "agency": "DISHUB",
        "text": "lampu jalan mati",
        "opened_at": MORNING - timedelta(days=2),
        "acknowledge_due": MORNING + timedelta(hours=6),
        "resolve_due": MORNING + timedelta(hours=24),
        "reporter": 1,
        "conversation": 1,
        "lat": -6.298,
        "lon": 106.959,
        "kelurahan": city.places.kelurahan[0].code,
    }
    return Ticket(**(told | fields))
