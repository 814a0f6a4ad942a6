"""A city hall as a world for stories: the real use cases on a real database."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from conversations.inbound import Inbound
from conversations.state import Place
from storage.tables import media, rating
from storage.tables import outbox_message as outbox
from storage.tables import ticket_event as event
from tests.conversations.player import Heard
from tests.conversations.stage import METRE, SCHOOL, Stage, bare
from tests.conversations.world import MORNING, keys
from tests.usecases.town import Town
from texts.text import from_json
from tickets.moves import Action, Actor, Details, Role
from usecases import bodies
from usecases.buttons import seal
from usecases.change import change

ME, NEIGHBOUR = "5001", "6001"
BEAT = timedelta(minutes=10)
# How a ticket of a story came into its state.
WAYS: dict[str, tuple[Action, ...]] = {
    "assigned": (),
    "in_progress": (Action.ACKNOWLEDGE, Action.START),
    "waiting_citizen": (Action.ACKNOWLEDGE, Action.ASK),
    "resolved": (Action.ACKNOWLEDGE, Action.START, Action.DONE),
    "closed": (Action.ACKNOWLEDGE, Action.START, Action.DONE, Action.CONFIRM),
}
_DOES = {"open": "OpenTicket", "join": "JoinTicket:{id}", "say": "Relay:{id}"}
LAST = sa.select(*(sa.select(sa.func.max(table.c.id)).scalar_subquery() for table in (outbox, event, media)))
RATINGS = sa.select(rating.c.ticket_id, rating.c.stars, rating.c.remark)
SAID = (
    sa.select(outbox.c.body_json, outbox.c.next_at)
    .where(outbox.c.id > sa.bindparam("seen"), outbox.c.conversation_id == sa.bindparam("chat"))
    .where(outbox.c.kind == "text")
    .order_by(outbox.c.priority, outbox.c.id)
)
MOVES = (
    sa.select(event.c.ticket_id, event.c.action)
    .where(event.c.id > sa.bindparam("seen"), event.c.actor_role == "citizen")
    .order_by(event.c.id)
)
FILES = sa.select(media.c.ticket_id).where(media.c.id > sa.bindparam("seen"), media.c.purpose == "report")
_NUMBER = re.compile(r"BKS-26-0*(\d+)-7")
_IN_ACTION = re.compile(r"^(join|t|ticket):(\d+)")


Rows = Sequence[sa.Row[Any]]
Ratings = Mapping[int, tuple[int, str]]


def _ratings(connection: sa.Connection) -> Ratings:
    return {row.ticket_id: (row.stars, row.remark) for row in connection.execute(RATINGS)}


@dataclass(frozen=True, slots=True)
class Seen:
    """How far the tables were read, and the ratings as they were."""

    outbox: int = 0
    event: int = 0
    media: int = 0
    ratings: Ratings = field(default_factory=dict)


class Hall(Stage):
    """One citizen in a town. Stories call tickets by numbers of their own; here they are translated."""

    def __init__(self, town: Town) -> None:
        self.town = town
        town.clock.at = MORNING
        self.chat = town.chat(ME)
        self.messages: dict[str, str] = {}
        self.mine: dict[int, int] = {}  # number in the story -> ticket id
        self.data: dict[str, str] = {}  # bare action -> data of the newest button
        self.reports: list[int] = []
        self.seen = Seen()
        self.locale = "id"

    # -- before the story ----------------------------------------------------------------------------------

    def given(self, ticket: Mapping[str, Any]) -> None:
        town, mine = self.town, ticket.get("mine", True)
        town.clock.at = MORNING - timedelta(days=ticket.get("days", 2))
        lat = SCHOOL[0] + ticket.get("metres", 60) * METRE
        place = Place(lat=lat, lon=SCHOOL[1], source="pin", kelurahan="32.75.09.1002", confirmed=True)
        follows = ticket.get("follows", False)
        made = town.report(ME if mine and not follows else NEIGHBOUR, ticket.get("category", "PJU"), place=place)
        if follows:
            town.do(lambda unit: unit.tickets.follow(made.id, self.chat.person, self.chat.id))
        for action in WAYS[ticket.get("status", "assigned")]:
            town.clock.forward(hours=1)
            self._moved(made.id, action, ticket.get("last_note", "Sudah ditangani"))
        if ticket.get("last_note"):
            town.execute("update ticket set last_note = :note where id = :id", note=ticket["last_note"], id=made.id)
        if ticket.get("spoke"):
            town.clock.at = MORNING - timedelta(hours=1)
            line = {"action": "tell", "actor_role": str(Role.OFFICER), "agency": made.agency, "note": "Sore ini ya"}
            line |= {"from_status": str(made.status), "to_status": str(made.status), "actor_name": "Petugas"}
            town.do(lambda unit: unit.tickets.append(made.id, line))
        self.mine[ticket["id"]] = made.id
        town.clock.at = MORNING
        town.deliver()
        self.seen = self._now()

    def _moved(self, ticket_id: int, action: Action, note: str) -> None:
        ticket = self.town.ticket(ticket_id)
        actor = Actor(Role.OFFICER, 1, "Petugas", ticket.agency)
        if action is Action.CONFIRM:
            actor = Actor(Role.CITIZEN, ticket.reporter)
        details = Details(note=note, media=1 if action is Action.DONE else 0)
        self.town.do(lambda unit: change(unit, self.town.house, ticket, action, actor, details))

    # -- the story -----------------------------------------------------------------------------------------

    def send(self, happens: Mapping[str, Any]) -> Heard:
        if "locale" in happens:
            self.locale = happens["locale"]
            self.town.do(lambda unit: unit.chats.set_locale(self.chat.person, self.locale))
        if "nameless" in happens:
            self.town.execute("update person set name = '' where id = :id", id=self.chat.person)
        inbound = self._event(happens)
        if "name" in happens:
            self.messages[happens["name"]] = inbound.message_id
        (receipt,) = self.town.take(inbound)
        assert receipt.fresh
        return self._came_back()

    def _event(self, happens: Mapping[str, Any]) -> Inbound:
        if "press" in happens:
            return self.town.press(ME, self.data.get(self._real(happens["press"]), "0|" + happens["press"]))
        fields = self._inbound(happens) | {"language": self.locale, "text": self._real_number(happens.get("text", ""))}
        if "quote" in happens:
            fields["reply_to"] = self._notice(self.mine[happens["quote"]])
        if "tap" in happens:
            action = self._real(happens["tap"])
            fields["action"] = seal(self.town.house.key, self.chat.id, action) if "ticket:" in action else action
        return self.town.message(ME, **fields)

    def wait(self, span: Mapping[str, float]) -> Heard:
        for _ in self.town.step_by_step(self.town.clock.at + timedelta(**span), BEAT, deliver=False):
            pass
        return self._came_back()

    def opened(self) -> Sequence[Mapping[str, Any]]:
        return [self._report(self.town.ticket(made)) for made in self.reports]

    # -- what came of it -----------------------------------------------------------------------------------

    def _came_back(self) -> Heard:
        """Everything new for this citizen, as it stands in the outbox; then it is sent."""
        with self.town.database.engine.connect() as connection:  # one for everything that is read in a turn
            rows = list(connection.execute(SAID, {"seen": self.seen.outbox, "chat": self.chat.id}))
            moves = list(connection.execute(MOVES, {"seen": self.seen.event}))
            files = list(connection.execute(FILES, {"seen": self.seen.media}))
            ratings = _ratings(connection)
        said: list[str] = []
        actions: list[str] = []
        for row in rows:
            body = json.loads(row.body_json)
            said += keys(from_json(body["text"]))
            made = bodies.rows(self.town.house, body, self.locale, self.chat.id)
            buttons = [button for line in made for button in line]
            for (action, _), button in zip(body.get("choices", ()), buttons, strict=True):
                self.data[bare(action)] = button.data
                actions.append(self._told(bare(action)))
        heard = Heard(
            said, actions, self._done(moves, files, ratings), any(row.next_at > self.town.clock.at for row in rows)
        )
        self.town.deliver()
        self.seen = self._now()
        return heard

    def _done(self, moves: Rows, files: Rows, ratings: Ratings) -> list[str]:
        """What the database shows of the turn, in the words of stories."""
        does: list[str] = []
        for ticket, action in moves:
            if action == "open":
                self.reports.append(ticket)
                self.mine[100 + len(self.reports)] = ticket
            does.append(_DOES.get(action, f"MoveTicket:{{id}}:{action}").format(id=self._story(ticket)))
        does += ["KeepMedia" for _ in files]
        for ticket, (stars, remark) in ratings.items() - self.seen.ratings.items():
            before = self.seen.ratings.get(ticket, (0, ""))
            does.append(f"Rate:{self._story(ticket)}:{'remark' if remark != before[1] else stars}")
        locale = self.town.chat(ME).locale
        if locale != self.locale:
            self.locale = locale
            does.append(f"SetLocale:{locale}")
        return does

    def _now(self) -> Seen:
        with self.town.database.engine.connect() as connection:
            (last,) = connection.execute(LAST)
            return Seen(*(number or 0 for number in last), _ratings(connection))

    def _rows(self, query: sa.Select[Any]) -> list[sa.Row[Any]]:
        with self.town.database.engine.connect() as connection:
            return list(connection.execute(query))

    def _notice(self, ticket: int) -> str:
        """The id of the newest message of ours about a ticket."""
        about = sa.select(outbox.c.platform_message_id).where(
            outbox.c.ticket_id == ticket, outbox.c.conversation_id == self.chat.id, outbox.c.platform_message_id != ""
        )
        return str(self._rows(about.order_by(outbox.c.id.desc()))[0][0])

    def _report(self, made: Any) -> dict[str, Any]:
        known = self.town.house.city.places.by_code.get(made.kelurahan)
        files = self._rows(sa.select(media.c.id).where(media.c.ticket_id == made.id, media.c.purpose == "report"))
        return {
            "category": made.category,
            "kind": made.kind,
            "text": made.text,
            "kelurahan": known.name if known else "",
            "place_words": made.place_words,
            "pinned": made.lat is not None,
            "photos": len(files),
            "named": made.named,
            "danger": made.danger,
        }

    # -- numbers of the story and of the database ----------------------------------------------------------

    def _real(self, action: str) -> str:
        return _IN_ACTION.sub(lambda m: f"{m[1]}:{self.mine.get(int(m[2]), m[2])}", action)

    def _told(self, action: str) -> str:
        return _IN_ACTION.sub(lambda m: f"{m[1]}:{self._story(int(m[2]))}", action)

    def _story(self, ticket: int) -> int:
        return next((story for story, real in self.mine.items() if real == ticket), ticket)

    def _real_number(self, text: str) -> str:
        return _NUMBER.sub(lambda m: self.town.ticket(self.mine[int(m[1])]).number, text)
