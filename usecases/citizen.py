"""One turn of a private chat: the dialogue decides, its effects are carried out, its state is saved."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from msgspec.structs import replace

from conversations.engine import advance
from conversations.inbound import Inbound, Kind
from conversations.state import State
from conversations.step import Turn
from texts.text import Text, say
from texts.words import OFFICIAL
from tickets.ticket import Status
from usecases import group, links, unreached
from usecases.buttons import looks_sealed, unseal
from usecases.carry_out import Hands
from usecases.deliver import Leaving
from usecases.facts import DialogueFacts
from usecases.house import House
from usecases.records import Chat, Leave
from usecases.unit import Unit

REACTION = "reaction"  # a sign put below one of our messages
HELP = ("bantuan", "help")
ENTRANCES = ("hubungkan", "dinas")  # commands of officers that tell anybody how to become one
ENROL = "daftarpetugas"


class Thought(NamedTuple):
    """What a turn hands back besides what it wrote: words for the pressed button, messages that may leave at once."""

    toast: Text | None = None
    leaving: Sequence[Leaving] = ()


def think(unit: Unit, house: House, chat: Chat, inbound: Inbound, event: int, leave: Leave | None = None) -> Thought:
    """Answer one event of a private chat. leave: see usecases.carry_out.Hands."""
    if inbound.kind is Kind.MEMBER:
        _membership(unit, house, chat, inbound)
        return Thought()
    if inbound.unreadable == REACTION:
        if not _reacts_to_question(unit, chat, inbound):
            return Thought()  # a nod below what we said is no message
        inbound = replace(inbound, reply_to="")
    if _about_accounts(inbound) and links.handle(unit, house, chat, inbound, event):
        return Thought()
    for_staff = _for_officers(unit, house, chat, inbound) or (inbound.command in HELP and _heads(unit, chat))
    if for_staff or (inbound.reply_to and _answers_office(unit, chat, inbound)):
        return Thought(group.think(unit, house, chat, inbound, event))  # an office's head may have a private chat
    if chat.reachable != "ok":
        unreached.came_back(unit, house, chat)
    if isinstance(found := _unsealed(unit, house, chat, inbound, event), Thought):
        return found
    inbound = found
    state = State.loads(chat.state)
    turn = Turn(
        state=state,
        inbound=inbound,
        now=unit.now,
        city=house.city,
        facts=DialogueFacts(unit, house, chat),
        locale=chat.locale,
        renders=house.render,
    )
    after, effects = advance(turn)
    if state.waiting:
        unit.outbox.supersede_prompts(chat.id)
    hands = Hands(unit, house, chat, inbound, event, wake_at=chat.wake_at, leave=leave)
    hands.carry_out(effects)
    unit.chats.save(chat, after.dumps(), hands.wake_at, heard=inbound.kind is not Kind.WAKE)
    return Thought(hands.toast, hands.leaving)


def _for_officers(unit: Unit, house: House, chat: Chat, inbound: Inbound) -> bool:
    """A command of officers in a chat that is theirs, or one by which it becomes that; else the dialogue answers."""
    meant = OFFICIAL.get(inbound.command, "")
    if meant == ENROL:
        return inbound.text.strip().upper() in house.city.catalogue.agencies
    return meant in ENTRANCES or (bool(meant) and bool(unit.agencies.bound_to(chat.id)))


def _unsealed(unit: Unit, house: House, chat: Chat, inbound: Inbound, event: int) -> Inbound | Thought:
    """The event with what a signed button means, or its end: an office's button, or somebody else's."""
    if looks_sealed(inbound.action):
        press = unseal(house.key, chat.id, inbound.action)
        if press is not None and press.kind == "card":
            return Thought(group.think(unit, house, chat, inbound, event))
        if press is None or press.kind != "ticket" or not unit.tickets.is_of_person(press.ticket, chat.person):
            return Thought(say("engine.foreign_button"))
        inbound = replace(inbound, action=f"ticket:{press.ticket}:{press.action}")
    elif inbound.action.startswith(("ticket:", "card:")):  # only seals speak about tickets
        return Thought(say("engine.foreign_button"))
    return inbound


def _reacts_to_question(unit: Unit, chat: Chat, inbound: Inbound) -> bool:
    """Somebody may believe to have answered with it: a question of the dialogue, or one about their report."""
    ticket_id, purpose = unit.outbox.quoted(chat.id, inbound.reply_to)
    ticket = unit.tickets.get(ticket_id) if ticket_id and unit.tickets.is_of_person(ticket_id, chat.person) else None
    if ticket is not None:
        return ticket.status in (Status.RESOLVED, Status.WAITING_CITIZEN)
    return purpose == "prompt" and bool(State.loads(chat.state).step)


def _about_accounts(inbound: Inbound) -> bool:
    """Could this be about linking two apps? A glance, for all the messages that are not."""
    if inbound.action:
        return inbound.action.startswith(links.PRESS)
    return "akun" in (words := (inbound.command or inbound.text[:40]).lower()) or "account" in words


def _heads(unit: Unit, chat: Chat) -> bool:
    return any(bound.role == "head" for bound in unit.agencies.bound_to(chat.id))


def _answers_office(unit: Unit, chat: Chat, inbound: Inbound) -> bool:
    """A head or an officer with a private chat replies to a card or a question about somebody's ticket."""
    if inbound.kind is not Kind.MESSAGE or not unit.agencies.bound_to(chat.id):
        return False
    ticket, _ = unit.outbox.quoted(chat.id, inbound.reply_to)
    return bool(ticket) and not unit.tickets.is_of_person(ticket, chat.person)


def _membership(unit: Unit, house: House, chat: Chat, inbound: Inbound) -> None:
    if inbound.membership in ("blocked", "kicked", "left"):
        unit.chats.set_reachable(chat.id, "blocked")  # what waits for them is cancelled when it is claimed
    elif chat.reachable != "ok":
        unreached.came_back(unit, house, chat)
