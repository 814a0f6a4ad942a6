"""One turn of a private chat: the dialogue decides, its effects are carried out, its state is saved."""

from __future__ import annotations

import json
from dataclasses import replace

from conversations.engine import advance
from conversations.inbound import Inbound, Kind
from conversations.state import State
from conversations.step import Turn
from texts.text import Text, say
from usecases.buttons import looks_sealed, unseal
from usecases.carry_out import Hands
from usecases.facts import DialogueFacts
from usecases.house import House
from usecases.records import Chat
from usecases.unit import Unit


def think(unit: Unit, house: House, chat: Chat, inbound: Inbound, event: int) -> Text | None:
    """Answer one event of a citizen; returns the words for the pressed button, if any."""
    if inbound.kind is Kind.MEMBER:
        _membership(unit, chat, inbound)
        return None
    if chat.reachable != "ok":
        unit.chats.set_reachable(chat.id, "ok")
    if looks_sealed(inbound.action):
        press = unseal(house.key, chat.id, inbound.action)
        if press is None or press.kind != "ticket" or not unit.tickets.is_of_person(press.ticket, chat.person):
            return say("engine.foreign_button")
        inbound = replace(inbound, action=f"ticket:{press.ticket}:{press.action}")
    elif inbound.action.startswith(("ticket:", "card:")):  # only seals speak about tickets
        return say("engine.foreign_button")
    state = State.from_json(json.loads(chat.state))
    turn = Turn(
        state=state, inbound=inbound, now=unit.now, city=house.city, facts=DialogueFacts(unit, house, chat),
        locale=chat.locale, render=lambda text: house.render(text, chat.locale),
    )
    after, effects = advance(turn)
    if state.waiting:
        unit.outbox.supersede_prompts(chat.id)
    hands = Hands(unit, house, chat, inbound, event, wake_at=chat.wake_at)
    hands.carry_out(effects)
    unit.chats.save(chat, json.dumps(after.to_json(), ensure_ascii=False), hands.wake_at)
    return hands.toast


def _membership(unit: Unit, chat: Chat, inbound: Inbound) -> None:
    if inbound.membership in ("blocked", "kicked", "left"):
        unit.chats.set_reachable(chat.id, "blocked")
        unit.outbox.cancel_for_chat(chat.id)
    else:
        unit.chats.set_reachable(chat.id, "ok")
