"""Who writes: an id before a number, and never somebody else's reports because a number changed hands.

Only channels that know people by an id and a number come through here (`Traits.numbers`). The rules:
ids seen together in one message are one person; a number seen with another id than before is another person; after
a change of number nothing is shown or sent until the tracking code of one of the reports is given.
"""

from __future__ import annotations

import hmac
import logging
import re
from datetime import timedelta

from msgspec.structs import replace

from conversations.inbound import Inbound, Kind
from texts.text import say
from tickets.number import find_number, normalise_code
from usecases.bodies import body
from usecases.house import House
from usecases.records import Chat, Queued
from usecases.unit import Unit

log = logging.getLogger("sahut.people")

RESTED = timedelta(days=60)  # a number this long unheard may be somebody else's by now
MOVED = "moved"


def phone_of(inbound: Inbound) -> str:
    """The number that came along, "" when the channel kept it to itself."""
    return next((one for one in (inbound.sender, *inbound.aliases) if one.isascii() and one.isdecimal()), "")


def recognise(unit: Unit, inbound: Inbound) -> Inbound:
    """The same event with the key of its person's chat."""
    phone = phone_of(inbound)
    holder = unit.people.holder(inbound.channel, phone) if phone else None
    if holder is None:
        return inbound
    if holder.peer == inbound.peer:
        if holder.peer == phone and unit.now - holder.seen > RESTED and inbound.kind is not Kind.RENUMBERED:
            _part(unit, inbound, holder.chat, "rested")  # a number alone, unheard for months: perhaps another's by now
        return inbound
    if inbound.peer == phone:  # this time without the id we know for this number
        return replace(inbound, peer=holder.peer, sender=holder.peer)
    known = unit.chats.find(inbound.channel, inbound.peer)
    if holder.peer != phone:  # the number came with another id before: somebody else has it now
        unit.people.retire(holder.chat, inbound.channel, whole=False)
        if inbound.kind is not Kind.RENUMBERED:
            unit.people.note_break(inbound.channel, inbound.peer, holder.chat, "recycled")
        log.info("a number is used by another person now", extra={"chat": holder.chat})
    elif unit.now - holder.seen > RESTED:
        _part(unit, inbound, holder.chat, "recycled")
    elif known is None:
        unit.people.rename(holder, inbound.channel, inbound.peer)
    else:  # two chats until now, one by id and one by number
        unit.people.retire(holder.chat, inbound.channel, whole=True)
        unit.people.hand_over(holder.chat, known.id, known.person)
    return inbound


def _part(unit: Unit, inbound: Inbound, chat: int, reason: str) -> None:
    """Whoever writes now begins anew; the tracking code of an old report proves that they are the same."""
    unit.people.retire(chat, inbound.channel, whole=True)
    unit.agencies.duty(chat, on=False)
    unit.people.note_break(inbound.channel, inbound.peer, chat, reason)


def renumbered(unit: Unit, house: House, chat: Chat, inbound: Inbound) -> None:
    """The platform says that this person has another number or id: nothing goes to either before the code."""
    holder = unit.people.holder(chat.channel, phone_of(inbound))
    for one in {chat.id, holder.chat if holder else chat.id}:
        found = unit.chats.get(one)
        if found.reachable != MOVED:
            unit.people.retire(one, chat.channel, whole=True)
            unit.agencies.duty(one, on=False)  # an officer needs a new code, like everybody a new proof
        unit.people.note_break(chat.channel, inbound.moved_to, one, "changed")
    log.info("a person has a new number", extra={"chat": chat.id})


def greet_changed(unit: Unit, chat: Chat, inbound: Inbound) -> None:
    """Somebody with a new number, or after a long silence: say once how to get back to the old reports."""
    for broken in unit.people.breaks(chat.channel, chat.peer, phone_of(inbound)):
        if broken.reason in ("changed", "rested") and broken.chat != chat.id:
            unit.people.mark_break(broken.id, reason="told")
            if unit.people.reported(broken.chat, ever=broken.reason == "changed"):
                told = body(say(f"people.{broken.reason}"))
                unit.outbox.add([Queued(chat.id, f"changed:{broken.id}", told, purpose="reply")])


def confirm(unit: Unit, house: House, chat: Chat, inbound: Inbound, event: int) -> bool:
    """Does this message prove with number and tracking code that an old chat was this person's? Then it is answered."""
    number = find_number(inbound.text, house.city.prefix) if len(inbound.text) <= 80 else None
    if number is None:
        return False
    codes = {normalise_code(word) for word in re.split(r"[\s,;:]+", inbound.text)} - {""}
    broken = unit.people.breaks(chat.channel, chat.peer, phone_of(inbound)) if codes else []
    if not broken:
        return False
    if unit.links.locked_out(chat.id):
        _say(unit, chat, event, "people.too_many")
        return True
    ticket = unit.tickets.by_number(number)
    mine = [one for one in broken if ticket is not None and ticket.conversation == one.chat]
    right = any(hmac.compare_digest(code, house.code(number)) for code in codes)
    if not mine or not right:
        unit.links.tried(chat.id)
        _say(unit, chat, event, "people.code_wrong")
        return True
    count = 0
    for one in mine:
        count += unit.people.hand_over(one.chat, chat.id, chat.person)
        unit.people.mark_break(one.id, settled=True)
    row = Queued(chat.id, f"reply:{event}:back", body(say("people.back", count=count)), purpose="reply")
    unit.outbox.add([row])
    return True


def _say(unit: Unit, chat: Chat, event: int, key: str) -> None:
    unit.outbox.add([Queued(chat.id, f"reply:{event}:{key}", body(say(key)), purpose="reply")])
