"""What a use case of an office's chat is handled with, and what that chat may see."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from conversations.inbound import Inbound
from texts.text import Text
from tickets.actions import Ask
from tickets.ticket import Ticket
from usecases.bodies import body
from usecases.house import House
from usecases.records import Chat, Queued
from usecases.sight import may_work
from usecases.unit import Unit


class Desk(Struct, frozen=True):
    """Everything one event in a group is handled with."""

    unit: Unit
    house: House
    chat: Chat
    inbound: Inbound
    event: int

    @property
    def today(self) -> date:
        """The day on which this was written: "besok", sent before midnight, means the same day after it."""
        written = min(self.inbound.at, self.unit.now)
        return written.astimezone(self.house.city.zone).date()

    def person(self) -> int:
        who = self.inbound
        return self.unit.chats.person(self.chat.channel, who.sender, who.sender_name, self.house.locale(who.language))

    def reply(
        self, text: Text, *, ask: Ask | None = None, ticket: int = 0, tag: str = "", purpose: str = "answer"
    ) -> None:
        """Answer in the group, quoting what it answers to. purpose: what a reply to it means where nothing is asked."""
        quoted = self.inbound.message_id or self.inbound.pressed_on
        stored = body(
            text,
            ask.choices if ask else (),
            columns=ask.columns if ask else 1,
            reply_to=quoted,
            ask_reply=bool(ask and ask.expects and not ask.choices),
        )
        if ask and ask.kept:
            stored["kept"] = ask.kept
        row = Queued(
            chat=self.chat.id,
            dedupe=f"reply:{self.event}:{tag}",
            body=stored,
            priority=2,
            ticket=ticket,
            purpose=(ask.expects if ask else "") or purpose,
        )
        self.unit.outbox.add([row])
        if ask and ask.expects and not self.chat.group:
            self.unit.agencies.ask(self.chat.id, row.dedupe)

    def may_see(self, ticket: Ticket) -> bool:
        """Does this chat have to do with the ticket? Heads see their office, the operations centre sees all."""
        return may_work(self.unit, self.house, self.chat.id, ticket.agency)
