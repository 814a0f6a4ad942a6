"""T2: events that could not be thought about when they came; oldest first, one chat at a time."""

from __future__ import annotations

from datetime import timedelta

from conversations.inbound import Inbound
from texts.text import Text, say
from usecases import inbound_json
from usecases.bodies import body
from usecases.guarded import guarded
from usecases.house import House
from usecases.receive import RETRY, TRIES, think
from usecases.records import Event, Queued
from usecases.unit import Unit

EVENTS = 20  # of one chat in one transaction


def chats_to_think(unit: Unit) -> list[int]:
    return unit.inbox.chats_to_think(50)


def think_again(unit: Unit, house: House, chat_id: int) -> int:
    """Think about the waiting events of a chat in order; returns how many were settled."""
    if not unit.chats.lock(chat_id):
        return 0
    settled = 0
    while settled < EVENTS and (event := unit.inbox.oldest(chat_id)) is not None:
        if not _one(unit, house, event):
            break
        settled += 1
    return settled


def _one(unit: Unit, house: House, event: Event) -> bool:
    """False when the event has to wait for its next try."""
    tries = event.attempts + 1
    with guarded(unit, "thinking failed again", event_id=event.id, tries=tries) as attempt:
        inbound = inbound_json.loads(event.payload)  # another version may have written it
        thought = think(unit, house, unit.chats.get(event.chat), inbound, event.id)
        if thought.toast is not None:
            _say_late(unit, event, inbound, thought.toast)
        unit.inbox.settle(event.id, "done")
    if attempt.error is None:
        return True
    if tries < TRIES:
        wait = RETRY[min(tries - 1, len(RETRY) - 1)]
        unit.inbox.postpone(event.id, unit.now + wait, attempt.reason)
        return False
    _bury(unit, event, attempt.reason)
    return True


def _say_late(unit: Unit, event: Event, inbound: Inbound, words: Text) -> None:
    """The press was answered when it came, without words: what it led to, or who was faster, is said in the chat."""
    told = body(words, reply_to=inbound.pressed_on)
    unit.outbox.add([Queued(chat=event.chat, dedupe=f"toast:{event.id}", body=told, priority=2)])


def _bury(unit: Unit, event: Event, reason: str) -> None:
    """Give up on this event, tell the citizen with a trace code, and let the chat go on."""
    unit.inbox.settle(event.id, "dead")
    unit.system.bury("inbox_event", event.id, reason)
    chat = unit.chats.get(event.chat)
    if not chat.group:
        told = body(say("engine.dead", trace=f"E{event.id}"))
        unit.outbox.add([Queued(chat=chat.id, dedupe=f"dead:{event.id}", body=told, expires_at=unit.now + _WEEK)])


_WEEK = timedelta(days=7)
