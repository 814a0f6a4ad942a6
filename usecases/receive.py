"""T1: take in and think in one transaction. When it commits, the platform may be answered, not before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from msgspec import Struct
from msgspec.structs import replace

from conversations.inbound import Inbound, Kind
from texts.text import Text, say
from usecases import citizen, group, inbound_json, officers, people, window
from usecases.bodies import body
from usecases.citizen import Thought
from usecases.deliver import Job, Leaving
from usecases.guarded import guarded
from usecases.house import House
from usecases.ports import Receipt
from usecases.records import Chat, Leave, Queued
from usecases.unit import Unit

RETRY = (timedelta(seconds=1), timedelta(seconds=5))
LONG_TOAST = 40  # characters; longer words are shown in a box that has to be closed
TRIES = 3  # the first one inside T1


class Taken(Struct, frozen=True):
    """receipts: one per event. leaving: answers that are claimed at birth. waiting: messages left in the outbox.

    `jobs`, to be sent, and `queued`, how many messages wait now, are known when the transaction is committed.
    """

    receipts: list[Receipt]
    leaving: list[Leaving]
    waiting: int = 0

    @property
    def jobs(self) -> list[Job]:
        return [job for one in self.leaving if (job := one.job()) is not None]

    @property
    def queued(self) -> int:
        return self.waiting + sum(one.birth.waits for one in self.leaving)


def take(
    unit: Unit,
    house: House,
    events: Sequence[Inbound],
    *,
    cursor: tuple[str, int] | None = None,
    leaves: Sequence[Leave | None] = (),
) -> Taken:
    """Handle events in their order; each failure of thinking is its own.

    cursor: a channel and its poll offset, stored in the same transaction
    leaves: one per event whose answer may be claimed at birth, None where it must wait its turn
    """
    taken = Taken([], [])
    for place, inbound in enumerate(events):
        _one(unit, house, inbound, leaves[place] if place < len(leaves) else None, taken)
    if cursor is not None:
        unit.system.set_cursor(*cursor)
    return replace(taken, waiting=unit.outbox.queued)


def _one(unit: Unit, house: House, inbound: Inbound, leave: Leave | None, taken: Taken) -> None:
    like = house.like(inbound.channel)
    if like.numbers:
        inbound = people.recognise(unit, inbound)
    if like.window is not None and inbound.at + like.window <= unit.now:
        leave = None  # it was long under way: free words may not be sent any more
    chat = unit.chats.open(
        inbound.channel,
        inbound.peer,
        group=inbound.group,
        sender=inbound.sender,
        name=inbound.sender_name,
        locale=house.locale(inbound.language),
    )
    busy = chat.waiting or not chat.mine
    payload = inbound_json.dumps(inbound) if busy else None
    event = unit.inbox.add(inbound.channel, inbound.key, inbound.kind, chat.id, inbound.at, payload=payload)
    if event is None:
        taken.receipts.append(Receipt(inbound.key, fresh=False))
        return
    if like.keeps and inbound.kind is Kind.MESSAGE:
        unit.mailbox.write(
            inbound.peer,
            _line(house, chat, inbound),
            author="other" if inbound.group else "me",
            name=inbound.sender_name,
            client_key=inbound.key,
        )
    toast = None
    if not busy:
        toast = _think_safely(unit, house, chat, inbound, event, leave, taken)
    words = house.render(toast, chat.locale) if toast is not None else ""
    taken.receipts.append(Receipt(inbound.key, fresh=True, toast=words, alert=len(words) > LONG_TOAST))


def _think_safely(
    unit: Unit, house: House, chat: Chat, inbound: Inbound, event: int, leave: Leave | None, taken: Taken
) -> Text | None:
    """Think inside a savepoint; an error of our own code leaves the event waiting for another try."""
    before = unit.outbox.queued
    with guarded(unit, "thinking failed", event_id=event, chat=chat.id) as attempt:
        thought = think(unit, house, chat, inbound, event, leave)
    if attempt.error is not None:
        unit.inbox.keep(event, inbound_json.dumps(inbound), unit.now + RETRY[0], attempt.reason)
        return None
    taken.leaving.extend(thought.leaving)
    if thought.toast is not None and not house.like(inbound.channel).toasts and inbound.kind is Kind.PRESS:
        if unit.outbox.queued == before and not thought.leaving:  # else the press is answered already
            told = body(thought.toast)
            unit.outbox.add([Queued(chat=chat.id, dedupe=f"toast:{event}", body=told)])
        return None
    return thought.toast


def _line(house: House, chat: Chat, inbound: Inbound) -> dict[str, object]:
    """What the chat's page shows of the person's own message; its files follow when they are cleaned."""
    words = f"/{inbound.command} {inbound.text}".strip() if inbound.command else inbound.text
    if inbound.pin is not None:
        places, lat, lon = house.city.places, inbound.pin.lat, inbound.pin.lon
        near = places.likely(lat, lon) if places.inside(lat, lon) else []
        where = near[0].kelurahan.name if near else f"{lat:.5f}, {lon:.5f}"
        words = house.render(say("web.pin", place=where), chat.locale)
    return {"text": words, "reply_to": inbound.reply_to}


def think(unit: Unit, house: House, chat: Chat, inbound: Inbound, event: int, leave: Leave | None = None) -> Thought:
    """The thinking shared by T1 and the retry path."""
    if inbound.kind is Kind.MIGRATED:
        unit.chats.move(inbound.channel, inbound.peer, inbound.moved_to)
        return Thought()
    like = house.like(inbound.channel)
    if inbound.kind is Kind.RENUMBERED:
        people.renumbered(unit, house, chat, inbound)
        return Thought()
    if like.window is not None:
        window.heard(unit, house, chat, inbound, like.window)
    if like.numbers and people.confirm(unit, house, chat, inbound, event):
        window.release(unit, house, chat)
        return Thought()
    if not like.groups:
        inbound = officers.understood(unit, house, chat, inbound)
    if chat.group:
        return Thought(group.think(unit, house, chat, inbound, event))
    return citizen.think(unit, house, chat, inbound, event, leave)
