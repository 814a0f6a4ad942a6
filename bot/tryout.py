"""The try-out's city hall: every office has a web chat as its group, with two officers; its clock can be moved."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from bot.channels.webchat.tryout import OFFICERS, SEATS
from bot.clock import MovableClock
from storage.database import AnyDatabase, run
from tickets.guards import status_text
from usecases.house import House
from usecases.unit import Unit

CHANNEL = "web"
STEP_S = 3_600


def seed(unit: Unit, house: House) -> None:
    """Bind a stand-in chat for each office, its head and the operations centre; doing it twice changes nothing."""
    bound = {(one.agency, one.role) for one in unit.agencies.all_chats()}
    people = {code: unit.chats.person(CHANNEL, f"o-{code}", name, "id") for code, name in OFFICERS.items()}
    head = unit.chats.person(CHANNEL, "o-head", SEATS["head"], "id")
    ops = unit.chats.person(CHANNEL, "o-ops", SEATS["ops"], "id")
    for agency in house.city.catalogue.agencies.values():
        if agency.kind == "external" or (agency.code, "group") in bound:
            continue
        for role, peer in (("group", f"g-{agency.code}"), ("head", f"h-{agency.code}")):
            chat = unit.chats.open(CHANNEL, peer, group=True, sender="", name="", locale="id")
            unit.agencies.bind(agency.code, role, chat.id, head)
        for code, person in people.items():
            unit.agencies.set_officer(person, agency.code, OFFICERS[code], role="supervisor", state="active")
        unit.agencies.set_officer(head, agency.code, SEATS["head"], role="supervisor", state="active")
    if (house.city.triage, "ops") not in bound:
        chat = unit.chats.open(CHANNEL, "ops", group=True, sender="", name="", locale="id")
        unit.agencies.bind(house.city.triage, "ops", chat.id, ops)
        unit.agencies.set_officer(ops, house.city.triage, SEATS["ops"], role="ops", state="active")


__all__ = ["OFFICERS", "CityHall", "seed"]


class CityHall:
    """Implements usecases.ports.TryOut. due: lets everything due happen and returns when it is said."""

    def __init__(
        self, database: AnyDatabase, house: House, clock: MovableClock, due: Callable[[], Awaitable[object]]
    ) -> None:
        self._database = database
        self._house = house
        self._clock = clock
        self._due = due

    def now(self) -> datetime:
        return self._clock.now()

    async def forward(self, seconds: int) -> datetime:
        """Hour by hour, so that what is due by day happens by day, also when the jump ends at night."""
        while seconds > 0:
            step = min(seconds, STEP_S)
            await run(self._database, lambda unit, step=step: unit.system.move_clock(step))  # type: ignore[misc]
            self._clock.forward(step)
            await self._due()
            seconds -= step
        return self._clock.now()

    async def overview(self, peer: str) -> dict[str, Any]:
        return await run(self._database, lambda unit: self._overview(unit, peer))

    def _overview(self, unit: Unit, peer: str) -> dict[str, Any]:
        city = self._house.city
        chat = unit.chats.find(CHANNEL, peer)
        mine = unit.tickets.of_person(chat.person, unit.now - city.policy.reopen_within) if chat else []
        locale = chat.locale if chat else city.languages[0]
        tickets = [
            {
                "number": ticket.number,
                "status": str(ticket.status),
                "status_label": self._house.render(status_text(ticket), locale),
                "agency": ticket.agency,
                "agency_name": city.catalogue.agency(ticket.agency).name,
                "group": f"g-{ticket.agency}",
            }
            for ticket in mine
        ]
        agency = city.catalogue.agency(mine[0].agency if mine else city.triage)
        chats = [
            {"peer": f"g-{agency.code}", "title": agency.name, "role": "group", "agency": agency.code},
            {"peer": f"h-{agency.code}", "title": agency.name, "role": "head", "agency": agency.code},
            {"peer": "ops", "title": city.name, "role": "ops", "agency": city.triage},
        ]
        news = unit.mailbox.newest([chat["peer"] for chat in chats])
        return {
            "now": unit.now.isoformat(),
            "tickets": tickets,
            "chats": [{**chat, "news": news.get(chat["peer"], 0)} for chat in chats],
        }
