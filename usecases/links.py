"""One person in several apps: a code from one, typed in the other, confirmed there; and the way back.

The same reports are then seen from both; news go where a report was made. Nothing is joined without the code, without
a yes in the chat where it was typed, or for officers, whose rights stay with the chat they were given to.
"""

from __future__ import annotations

import re
from datetime import timedelta
from hashlib import sha256

from conversations.inbound import Inbound, Kind
from texts.text import Choice, Param, literal, say
from usecases import binding
from usecases.bodies import body
from usecases.house import House
from usecases.records import Chat, Queued
from usecases.unit import Unit

LIVES = timedelta(minutes=15)
MOST_CODES = 5  # asked for in one chat in an hour
PRESS = "link:"
_ASKED = re.compile(r"/?(?:hubungkan\s*akun|link\s*account)(?:[\s:]+(\S{10,12}))?", re.IGNORECASE)
_LEAVE = re.compile(r"/?(?:putuskan\s*akun|unlink\s*account)", re.IGNORECASE)
_SHORT = 40  # characters; longer words are a report


def hashed(code: str) -> str:
    return sha256(b"link|" + binding.normalise(code).encode()).hexdigest()[:40]


def handle(unit: Unit, house: House, chat: Chat, inbound: Inbound, event: int) -> bool:
    """Was this about linking? Then it is answered."""
    if inbound.kind is Kind.PRESS:
        if not inbound.action.startswith(PRESS):
            return False
        _pressed(unit, house, chat, inbound.action.removeprefix(PRESS), event)
        return True
    if len(inbound.text) > _SHORT or inbound.kind is not Kind.MESSAGE:
        return False
    said = f"{inbound.command} {inbound.text}".strip() if inbound.command else inbound.text.strip()
    if asked := _ASKED.fullmatch(said):
        if asked[1]:
            _typed(unit, house, chat, asked[1], event)
        else:
            offer(unit, house, chat, event)
        return True
    if _LEAVE.fullmatch(said):
        _reply(unit, chat, event, "link.left" if unit.links.leave(chat) else "link.not_linked")
        return True
    return False


def offer(unit: Unit, house: House, chat: Chat, event: int) -> None:
    """A code for the other app; it is made from our key when it is shown, and only its hash is kept."""
    if unit.links.is_officer(chat.person):
        _reply(unit, chat, event, "link.officer")
    elif unit.links.offered(chat.id) >= MOST_CODES:
        _reply(unit, chat, event, "link.too_many")
    else:
        unit.links.offer(hashed(house.link_code(event)), chat, unit.now + LIVES)
        stored = body(say("link.code", count=int(LIVES.total_seconds() // 60))) | {"link": event}
        unit.outbox.add([Queued(chat.id, f"reply:{event}:link", stored, expires_at=unit.now + LIVES)])


def _typed(unit: Unit, house: House, chat: Chat, code: str, event: int) -> None:
    """A code from another app: whose it is, and whether that is meant."""
    if unit.links.locked_out(chat.id):
        _reply(unit, chat, event, "people.too_many")
        return
    other = unit.links.find(hashed(code))
    if other is None:
        unit.links.tried(chat.id)
        _reply(unit, chat, event, "link.wrong")
    elif other.person == chat.person:
        _reply(unit, chat, event, "link.same")
    elif unit.links.is_officer(chat.person) or unit.links.is_officer(other.person):
        _reply(unit, chat, event, "link.officer")
    else:
        choices = (
            Choice(f"{PRESS}yes:{hashed(code)}", say("link.yes")),
            Choice(f"{PRESS}no:", say("link.no")),
        )
        _reply(unit, chat, event, "link.sure", choices, app=say(f"link.app_{other.channel}"), name=literal(other.name))


def _pressed(unit: Unit, house: House, chat: Chat, action: str, event: int) -> None:
    answer, _, code_hash = action.partition(":")
    other = unit.links.find(code_hash) if answer == "yes" else None
    if answer != "yes":
        _reply(unit, chat, event, "link.declined")
    elif other is None or other.person == chat.person or not unit.links.use(code_hash):
        _reply(unit, chat, event, "link.wrong")
    elif unit.links.is_officer(chat.person) or unit.links.is_officer(other.person):
        _reply(unit, chat, event, "link.officer")
    else:
        unit.links.join(chat.person, other.person)
        _reply(unit, chat, event, "link.done", app=say(f"link.app_{other.channel}"))
        told = body(say("link.done_other", app=say(f"link.app_{chat.channel}")))
        unit.outbox.add([Queued(other.id, f"linked:{event}", told, priority=1)])


def _reply(unit: Unit, chat: Chat, event: int, key: str, choices: tuple[Choice, ...] = (), **params: Param) -> None:
    stored = body(say(key, **params), choices, columns=2)
    unit.outbox.add([Queued(chat.id, f"reply:{event}:link", stored, purpose="reply")])
