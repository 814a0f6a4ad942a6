"""A whole city hall on a real database, with the clock in our hand: what the proofs of storage and use cases drive."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from msgspec.structs import replace

from bot.channels import traits
from conversations.inbound import Inbound, Kind, Pin
from conversations.state import Draft, Place
from scheduler.rules import rules
from storage.checks import Checks
from storage.database import AnyDatabase, open_database
from storage.reading import reading
from storage.tables import Utc, conversation, outbox_message, reminder
from storage.unit import Unit
from tests.halls import hall
from texts.catalogue import shipped
from tickets.city import City
from tickets.ticket import Ticket
from usecases import deliver, receive, run_due, think_again
from usecases.deliver import Job, Sent
from usecases.house import House
from usecases.open_ticket import open_ticket
from usecases.ports import Button, Outgoing, Receipt
from usecases.records import Chat
from usecases.verify import Result, verify

DUE = sa.select(
    sa.select(sa.func.min(reminder.c.due_at)).where(reminder.c.state == "pending").scalar_subquery(),
    sa.select(sa.func.min(conversation.c.wake_at)).scalar_subquery(),
)
DUE_OR_SENT = DUE.add_columns(
    sa.select(sa.func.min(outbox_message.c.next_at)).where(outbox_message.c.state == "queued").scalar_subquery()
)
T = TypeVar("T")
Opening = Callable[[str, Callable[[], datetime]], AnyDatabase]
MORNING = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # a Monday, 09.00 in the city
KEY = b"a key for tests that is long enough"
CHANNEL = "telegram"


@cache
def bekasi() -> City:
    return hall()


class Clock:
    """The time of a town; it stands still until it is moved."""

    def __init__(self, at: datetime = MORNING) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def forward(self, **span: float) -> None:
        self.at += timedelta(**span)


class Town:
    """One installation. Further workers on the same database: `Town(..., beside=town)`."""

    def __init__(self, url: str, folder: Path, *, beside: Town | None = None, opening: Opening = open_database) -> None:
        self.url = url
        self.clock = beside.clock if beside else Clock()
        self.house = House(bekasi(), shipped(), KEY, rules(), folder / "media", channels=traits())
        self.database: AnyDatabase = opening(url, self.clock.now)
        self._count = beside._count if beside else itertools.count(1)

    def close(self) -> None:
        self.database.close()

    # -- transactions --------------------------------------------------------------------------------

    def do(self, work: Callable[[Unit], T]) -> T:
        return self.database.submit(work).result(30)

    def take(self, *events: Inbound) -> list[Receipt]:
        return self.do(lambda unit: receive.take(unit, self.house, events)).receipts

    def think_again(self) -> int:
        chats = self.do(think_again.chats_to_think)
        return sum(self.do(lambda unit, chat=chat: think_again.think_again(unit, self.house, chat)) for chat in chats)  # type: ignore[misc]

    def beat(self) -> None:
        """Everything that is due now."""
        while self.do(lambda unit: run_due.fire_due(unit, self.house)):
            pass
        while self.do(lambda unit: run_due.wake_due(unit, self.house)):
            pass

    def step_by_step(self, until: datetime, step: timedelta, *, deliver: bool = True) -> Iterator[list[Outgoing]]:
        """The time until then in such steps, with a beat at each; yields what is sent at it. Steps at which nothing is
        due are passed over: neither reminder nor dialogue nor message would be found."""
        due = self._due(messages=deliver)
        while self.clock.at < until:
            self.clock.at = min(until, self.clock.at + step)
            if due is not None and due <= self.clock.at:
                self.beat()
                yield self.deliver() if deliver else []
                due = self._due(messages=deliver)

    def hours(self, count: float) -> Iterator[list[Outgoing]]:
        """What is sent while so many hours go by."""
        return self.step_by_step(self.clock.at + timedelta(hours=count), timedelta(hours=1))

    def _due(self, *, messages: bool) -> datetime | None:
        """When the first of all that waits for its time is due."""
        with self.database.engine.connect() as connection:
            found = connection.execute(DUE_OR_SENT if messages else DUE).one()
        return min((at for at in found if at is not None), default=None)

    def rows(self, query: str, **given: Any) -> list[sa.Row[Any]]:
        times = [sa.bindparam(name, type_=Utc()) for name, value in given.items() if isinstance(value, datetime)]
        with self.database.engine.connect() as connection:
            return list(connection.execute(sa.text(query).bindparams(*times), given))

    def value(self, query: str, **given: Any) -> Any:
        return self.rows(query, **given)[0][0]

    def execute(self, statement: str, **given: Any) -> None:
        """Damage done by hand."""
        self.do(lambda unit: unit.connection.execute(sa.text(statement), given))

    def verify(self) -> list[Result]:
        with reading(self.url) as connection:
            return list(verify(Checks(connection, self.clock.now(), self.house.media), self.house.city))

    def breaches(self) -> dict[str, tuple[int, tuple[str, ...]]]:
        return {r.check.name: (r.found.count, r.found.examples) for r in self.verify() if not r.fine}

    # -- people --------------------------------------------------------------------------------------

    def message(self, peer: str, text: str = "", **more: Any) -> Inbound:
        number = next(self._count)
        given: dict[str, Any] = {"sender": peer, "sender_name": f"Warga {peer}", "text": text}
        given |= {"message_id": str(number), **more}
        return Inbound(channel=CHANNEL, key=f"m:{peer}:{number}", peer=peer, at=self.clock.now(), **given)

    def press(self, peer: str, data: str, **more: Any) -> Inbound:
        return self.message(peer, kind=Kind.PRESS, action=data, press_id=f"p{next(self._count)}", **more)

    def chat(self, peer: str, *, group: bool = False, channel: str = CHANNEL) -> Chat:
        return self.do(
            lambda unit: unit.chats.open(channel, peer, group=group, sender=peer, name=f"Warga {peer}", locale="id")
        )

    def office(self, agency: str, *officers: str, peer: str = "", role: str = "group") -> Chat:
        """Bind a group to an office; its officers are named by their platform id."""
        chat = self.chat(peer or f"-100{agency}", group=True)

        def bind(unit: Unit) -> None:
            unit.agencies.bind(agency, role, chat.id, 0)
            for who in officers:
                person = unit.chats.person(CHANNEL, who, f"Petugas {who}", "id")
                unit.agencies.set_officer(person, agency, f"Petugas {who}", role="officer", state="active")

        self.do(bind)
        return chat

    def centre(self, person: str, peer: str = "-600") -> Chat:
        """The chat of the operations centre, with one who decides there."""
        desk = self.house.city.triage

        def rank(unit: Unit) -> None:
            who = unit.chats.person(CHANNEL, person, "Pusat", "id")
            unit.agencies.set_officer(who, desk, "Pusat", role="ops", state="active")

        self.do(rank)
        return self.office(desk, peer=peer, role="ops")

    def report(self, peer: str = "1001", category: str = "PJU", channel: str = CHANNEL, **draft: Any) -> Ticket:
        """A finished report becomes a ticket, without the dialogue before it."""
        chat = self.chat(peer, channel=channel)
        place = Place(lat=-6.298, lon=106.959, source="pin", kelurahan="3275091003", words="", confirmed=True)
        given: dict[str, Any] = {"text": "Lampu jalan mati di depan SDN 3", "place": place, "named": False} | draft
        key = f"m:{peer}:{next(self._count)}"

        def work(unit: Unit) -> Ticket:
            event = unit.inbox.add(channel, key, Kind.MESSAGE, chat.id, unit.now)
            assert event is not None
            return open_ticket(unit, self.house, chat, Draft(category=category, **given), event)

        return self.do(work)

    def ticket(self, ticket_id: int) -> Ticket:
        found = self.do(lambda unit: unit.tickets.get(ticket_id))
        assert found is not None
        return found

    def amend(self, ticket_id: int, **facts: Any) -> None:
        """The ticket as if all that had happened to it."""

        def work(unit: Unit) -> None:
            before = unit.tickets.get(ticket_id)
            assert before is not None
            assert unit.tickets.change(before, replace(before, **facts))

        self.do(work)

    # -- sending -------------------------------------------------------------------------------------

    def claim(self, most: int = 20, resting: Sequence[int] = (), paused: Sequence[str] = ()) -> list[Job]:
        fences = [f"fence-{next(self._count)}" for _ in range(most)]
        return self.do(lambda unit: deliver.claim(unit, self.house, fences, resting, dict.fromkeys(paused, 0)))

    def settle(self, *results: Sent) -> None:
        self.do(lambda unit: deliver.settle(unit, self.house, results))

    def deliver(self) -> list[Outgoing]:
        """Send everything that may leave now, as if the platform took all of it."""
        return [job.message for job in self.deliver_jobs()]

    def deliver_jobs(self) -> list[Job]:
        gone: list[Job] = []
        while jobs := self.claim() or self.claim():  # what was settled at once may have left something to send
            gone += jobs
            self.settle(*(Sent(job, job.message.edit_of or f"out-{job.row.id}") for job in jobs))
        return gone


def buttons(messages: Sequence[Outgoing], peer: str = "") -> list[Button]:
    """All buttons below these messages, the newest message first."""
    return [
        button
        for message in reversed(messages)
        if not peer or message.peer == peer
        for row in message.rows
        for button in row
    ]


def button(messages: Sequence[Outgoing], label: str, peer: str = "") -> Button:
    """The newest button whose label holds these words."""
    for found in buttons(messages, peer):
        if label.casefold() in found.label.casefold():
            return found
    raise AssertionError(f"no button {label!r} among {[b.label for b in buttons(messages, peer)]}")


def last_step(town: Town, peer: str) -> Inbound:
    """Lead a citizen through the dialogue; returns the press on "kirim" that makes the ticket, not yet taken."""
    town.take(town.message(peer, "lampu jalan mati di depan SDN 3 Jatiasih sejak kemarin"))
    town.take(town.message(peer, pin=Pin(-6.298, 106.959)))
    for _ in range(12):
        said = town.deliver()
        town.clock.forward(seconds=5)  # delayed questions
        said += town.deliver()
        offered = [b for b in buttons(said, peer) if b.kind == "press"]
        for want in ("kirim", "lewati", "rahasia", "jatiasih", "laporan lain", "lanjut"):
            found = next((b for b in offered if want in b.label.casefold()), None)
            if found is not None:
                break
        else:
            raise AssertionError(f"no way on: {[b.label for b in offered]}")
        press = town.press(peer, found.data)
        if want == "kirim":
            return press
        town.take(press)
    raise AssertionError("the dialogue did not come to its end")
