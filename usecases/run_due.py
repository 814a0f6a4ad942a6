"""T5: due reminders and dialogues that asked to be woken; each once, whoever looks first."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from msgspec.structs import replace

from conversations.inbound import Inbound, Kind
from tickets.moves import CLOCK, NotAllowed
from tickets.rule import Due, Rule, rung
from tickets.ticket import Status, Ticket
from usecases import veil
from usecases.change import change, plan
from usecases.citizen import think
from usecases.guarded import guarded
from usecases.house import House
from usecases.records import Chat, DueReminder
from usecases.tell import above, tell
from usecases.unit import Unit

log = logging.getLogger("sahut.run_due")

WORDS_FIRST = timedelta(minutes=1)  # a dialogue that has words to think about is woken after them


def fire_due(unit: Unit, house: House, limit: int = 100) -> int:
    """Let the rules look at due reminders, oldest first; returns how many were looked at.

    A ticket that somebody moves at this moment is passed over until the next beat: what the clock decided on its
    old state would undo what was planned for the new one.
    """
    looked = 0
    for reminder in sorted(unit.reminders.due(limit), key=lambda due: _yields(house, due)):
        if not unit.tickets.lock(reminder.ticket):
            continue
        looked += 1
        with guarded(unit, "a rule failed", reminder=reminder.id, rule=reminder.kind) as attempt:
            _fire(unit, house, reminder)
        if attempt.error is not None:
            unit.system.bury("reminder", reminder.id, attempt.reason)
            unit.reminders.fire(reminder.id)  # else it would fail at every beat
    return looked


def _yields(house: House, reminder: DueReminder) -> bool:
    rule = house.rules.get(reminder.kind)
    return rule is not None and rule.yields


def _fire(unit: Unit, house: House, reminder: DueReminder) -> None:
    ticket = unit.tickets.get(reminder.ticket)
    rule = house.rules.get(reminder.kind)
    if ticket is None or rule is None or ticket.status is Status.CLOSED:
        unit.reminders.fire(reminder.id)
        return
    climbs = _climbs_at(unit, house, ticket, reminder)
    if climbs is not None and climbs > unit.now:
        unit.reminders.postpone(reminder.id, climbs)
        return
    seen = veil.shown(unit, house, ticket) if ticket.danger else ticket  # its reminders quote the place
    fired = rule.fire(seen, house.city, unit.now, reminder.occurrence, above(unit, house, ticket))
    again_at = fired.again_at or _moved_to(rule, ticket, house, reminder, unit.now)
    if again_at is not None:  # night: the rule wants to be asked again in the morning
        unit.reminders.postpone(reminder.id, again_at)
        return
    if not unit.reminders.fire(reminder.id):
        return  # another worker was faster
    key = f"rem:{ticket.id}:{reminder.kind}:{reminder.occurrence}"
    tell(unit, house, ticket, fired.notices, key=key)
    if fired.action is not None:
        try:
            change(unit, house, ticket, fired.action, CLOCK)
        except NotAllowed:
            log.info("the state moved on", extra={"ticket": ticket.id, "rule": reminder.kind})
    else:
        plan(unit, house, ticket)


def _climbs_at(unit: Unit, house: House, ticket: Ticket, reminder: DueReminder) -> datetime | None:
    """When this rung of a ladder may be climbed: so long after the rung below as it is planned, at most an hour.

    After days without us all rungs are due at once, and a head would read of a reminder that its office has not read.
    """
    due = _planned(house, ticket, reminder.kind, reminder.occurrence)
    below = _planned(house, ticket, *due.after) if due and due.after else None
    if due is None or due.after is None or below is None:
        return None
    came = unit.reminders.comes(ticket.id, *due.after)
    return max(came, below.at) + min(rung(ticket), due.at - below.at) if came else None


def _planned(house: House, ticket: Ticket, kind: str, occurrence: str) -> Due | None:
    plans = house.rules[kind].plan(ticket, house.city) if kind in house.rules else ()
    return next((due for due in plans if due.occurrence == occurrence), None)


def _moved_to(rule: Rule, ticket: Ticket, house: House, reminder: DueReminder, now: datetime) -> datetime | None:
    """The later time of an occasion, when the city changed its hours since it was planned; else it would be lost."""
    planned = _planned(house, ticket, rule.kind, reminder.occurrence)
    return planned.at if planned and planned.at > now else None


def wake_due(unit: Unit, house: House, limit: int = 50) -> int:
    """Wake dialogues whose moment has come (unfinished drafts)."""
    chats = unit.chats.due_wakes(limit)
    for chat_id in chats:
        chat = unit.chats.get(chat_id)
        moment = chat.wake_at
        unit.chats.set_wake(chat_id, unit.now + WORDS_FIRST if chat.waiting else None)
        if moment is None or chat.reachable != "ok" or chat.waiting:
            continue
        inbound = Inbound(
            channel=chat.channel,
            key=f"wake:{chat.id}:{moment.isoformat()}",
            peer=chat.peer,
            sender="",
            at=unit.now,
            kind=Kind.WAKE,
        )
        event = unit.inbox.add(chat.channel, inbound.key, inbound.kind, chat.id, unit.now)
        if event is not None:
            _wake(unit, house, chat_without_wake(chat), inbound, event)
    return len(chats)


def _wake(unit: Unit, house: House, chat: Chat, inbound: Inbound, event: int) -> None:
    """One dialogue that cannot be woken must not keep all others asleep."""
    with guarded(unit, "a dialogue could not be woken", chat=chat.id) as attempt:
        think(unit, house, chat, inbound, event)
    if attempt.error is not None:
        unit.inbox.settle(event, "dead")
        unit.system.bury("inbox_event", event, attempt.reason)


def chat_without_wake(chat: Chat) -> Chat:
    """The chat as it is once its moment is used up: the turn may ask for another one."""
    return replace(chat, wake_at=None)
