"""What the dialogue wants to happen, carried out: one function per effect, all in the turn's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct, field
from msgspec.structs import replace

from conversations.effects import (
    Effect,
    HideName,
    JoinTicket,
    KeepMedia,
    LinkApps,
    MoveTicket,
    OpenTicket,
    Rate,
    Relay,
    Retract,
    Say,
    SetLocale,
    Toast,
    Wake,
)
from conversations.inbound import Inbound
from texts.text import Text
from tickets.moves import Action, Actor, Details, NotAllowed, Role
from tickets.notices import name_hidden, rated, relay_to_group, retracted
from tickets.ticket import Ticket
from usecases import links, veil
from usecases.bodies import of_say
from usecases.change import change
from usecases.deliver import Leaving, born
from usecases.house import House
from usecases.open_ticket import join_ticket, open_ticket
from usecases.records import Chat, Leave, Queued
from usecases.tell import card_row, shows_card, tell, tell_chat
from usecases.unit import Unit


class Hands(Struct):
    """One turn's work in progress; what is to be said in this chat goes out in one insert at the end."""

    unit: Unit
    house: House
    chat: Chat
    inbound: Inbound
    event: int
    rows: list[Queued] = field(default_factory=list)
    said: int = 0  # messages of the whole turn, whatever was flushed between them: each has a key of its own
    toast: Text | None = None
    wake_at: datetime | None = None
    files: int = 0
    leave: Leave | None = None  # one message may leave right after the commit, without waiting to be claimed
    leaving: list[Leaving] = field(default_factory=list)

    def carry_out(self, effects: Sequence[Effect]) -> None:
        """The first thing said in this chat leaves right after the commit, when nothing stands before it."""
        outbox = self.unit.outbox
        if self.leave is not None:
            outbox.offer(self.chat.id, self.leave)
        try:
            for effect in effects:
                self._one(effect)
            self.flush()
            self.leaving = [born(self.unit, self.house, self.chat, birth) for birth in outbox.born]
        finally:
            outbox.offer(0, None)

    def flush(self) -> None:
        """Queue what was said so far."""
        rows, self.rows = self.rows, []
        self.unit.outbox.add(rows)

    def _one(self, effect: Effect) -> None:
        match effect:
            case Say():
                self._say(effect)
            case KeepMedia():
                self._keep(effect)
            case OpenTicket():
                self.flush()  # what was said before the ticket stays before it
                open_ticket(self.unit, self.house, self.chat, effect.draft, self.event)
            case JoinTicket():
                self._join(effect)
            case MoveTicket():
                self._move(effect)
            case Relay():
                self._relay(effect)
            case Retract():
                self._retract(effect)
            case Rate():
                self._rate(effect)
            case HideName():
                self._hide_name(effect)
            case SetLocale():
                self.unit.chats.set_locale(self.chat.person, effect.locale)
                self.chat = replace(self.chat, locale=effect.locale)  # the answer itself is in that language already
            case Wake():
                self.wake_at = effect.at
            case LinkApps():
                links.offer(self.unit, self.house, self.chat, self.event)
            case Toast():
                self.toast = effect.text

    def _say(self, said: Say) -> None:
        delay = self.unit.now + timedelta(seconds=said.after_s) if said.after_s else None
        self.rows.append(
            Queued(
                chat=self.chat.id,
                dedupe=f"reply:{self.event}:{self.said}:{said.text.key}:{said.ticket}",
                body=of_say(said),
                priority=0 if said.urgent else 1,
                at=delay,
                ticket=said.ticket,
                purpose="prompt" if said.choices else "reply",
            )
        )
        self.said += 1

    def _keep(self, effect: KeepMedia) -> None:
        self.unit.media.add(
            self.chat,
            self.inbound.key,
            self.files,
            effect.attachment,
            purpose="relay" if effect.ticket else "report",
            ticket=effect.ticket,
        )
        self.files += 1

    def _mine(self, ticket_id: int) -> Ticket | None:
        """Only the reporter and the followers of a ticket reach it from a private chat."""
        if not self.unit.tickets.is_of_person(ticket_id, self.chat.person):
            return None
        return self.unit.tickets.get(ticket_id)

    def _follower(self, ticket: Ticket) -> int:
        """This chat, when it follows a report of somebody else; 0 for the reporter's."""
        return self.chat.id if self.chat.person != ticket.reporter else 0

    def _join(self, effect: JoinTicket) -> None:
        self.flush()
        ticket = self.unit.tickets.get(effect.ticket)
        if ticket is not None and not ticket.confidential:
            join_ticket(self.unit, self.house, self.chat, ticket, effect.draft)

    def _move(self, effect: MoveTicket) -> None:
        self.flush()
        ticket = self._mine(effect.ticket)
        if ticket is None:
            return
        for kept in effect.attachments:
            self._keep(KeepMedia(kept, ticket.id))
        actor = Actor(Role.CITIZEN, self.chat.person)
        details = Details(note=effect.note, media=len(effect.attachments), guessed=effect.guessed)
        try:
            writer = self._follower(ticket)
            change(self.unit, self.house, ticket, Action(effect.action), actor, details, writer=writer)
        except NotAllowed as refused:
            self._say(Say(refused.reason, ticket=ticket.id))

    def _relay(self, effect: Relay) -> None:
        ticket = self._mine(effect.ticket)
        if ticket is None:
            return
        for kept in effect.attachments:
            self._keep(KeepMedia(kept, ticket.id))
        seq = self._noted(ticket, "say", effect.words)
        words = veil.said(self.unit, self.house, ticket, self.chat.person, effect.words)
        told = relay_to_group(ticket, words, len(effect.attachments))
        tell(self.unit, self.house, ticket, told, key=f"relay:{ticket.id}:{seq}", writer=self._follower(ticket))

    def _retract(self, effect: Retract) -> None:
        ticket = self._mine(effect.ticket)
        if ticket is None:
            return
        seq = self._noted(ticket, "retract")
        told, writer = retracted(ticket), self._follower(ticket)
        tell(self.unit, self.house, ticket, told, key=f"retract:{ticket.id}:{seq}", writer=writer)

    def _rate(self, effect: Rate) -> None:
        ticket = self._mine(effect.ticket)
        if ticket is None:
            return
        remark = effect.remark[:1000]
        if not self.unit.tickets.rate(ticket.id, ticket.cycle, self.chat.person, stars=effect.stars, remark=remark):
            return  # the same star pressed twice
        seq = self._noted(ticket, "rate", f"{effect.stars} ★" if effect.stars else remark)
        said = veil.said(self.unit, self.house, ticket, self.chat.person, effect.remark)
        told = rated(ticket, effect.stars, said)
        tell(self.unit, self.house, ticket, told, key=f"rated:{ticket.id}:{seq}", writer=self._follower(ticket))

    def _hide_name(self, effect: HideName) -> None:
        ticket = self._mine(effect.ticket)
        if ticket is None or ticket.reporter != self.chat.person or not self.unit.tickets.hide_name(ticket.id):
            return
        seq = self._noted(ticket, "hide_name")
        hidden = replace(ticket, named=False, version=ticket.version + 1)
        shown = shows_card(self.unit, self.house, hidden)
        self.unit.outbox.add([card_row(self.unit, hidden, chat) for chat in shown])
        for chat in shown:  # every office that had it before its eyes, also the one that passed it on
            tell_chat(self.unit, hidden, name_hidden(hidden), chat, key=f"hidden:{ticket.id}:{seq}")

    def _noted(self, ticket: Ticket, action: str, note: str = "") -> int:
        """A line of the history that is no move; returns its number."""
        line = {"action": action, "from_status": str(ticket.status), "to_status": str(ticket.status), "note": note}
        by = {"actor_role": str(Role.CITIZEN), "actor_id": self.chat.person, "agency": ticket.agency}
        return self.unit.tickets.append(ticket.id, line | by)
