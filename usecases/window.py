"""The hours in which a person may be written to freely: opened by what they write, told to the rules, and what was
held meanwhile leaves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from msgspec.structs import replace

from conversations.inbound import Inbound, Kind
from texts.text import from_json, literal
from tickets.notice import lines
from tickets.ticket import Status
from usecases import people, unreached
from usecases.change import plan
from usecases.digests import DIGEST
from usecases.house import House
from usecases.records import Chat, Held
from usecases.unit import Unit

OPENS = frozenset({Kind.MESSAGE, Kind.PRESS})
ASKED = frozenset({Status.RESOLVED, Status.WAITING_CITIZEN})  # states in which we may have to ask once more
DIALOGUE = frozenset({"prompt", "reply"})  # a held question of the dialogue is asked anew anyway


def heard(unit: Unit, house: House, chat: Chat, inbound: Inbound, long: timedelta) -> None:
    """Somebody wrote: the window is open for so `long`, and what was held for them leaves before our answer."""
    if inbound.kind not in OPENS:
        return
    until = min(inbound.at, unit.now) + long  # no clock that runs ahead opens it for longer
    unit.people.heard(chat.id, until, people.phone_of(inbound))
    people.greet_changed(unit, chat, inbound)
    if until <= unit.now:
        return  # it was long under way: nothing may leave yet
    release(unit, house, chat)
    for ticket in unit.tickets.of_person(chat.person, unit.now):
        if ticket.status in ASKED and ticket.conversation == chat.id:
            after = replace(ticket, reach_until=until)
            if unit.tickets.change(ticket, after):
                plan(unit, house, after)


def release(unit: Unit, house: House, chat: Chat) -> None:
    """What was held leaves in its order. Of a report that is one message, with its last buttons, for each importance:
    what must be read is never part of one that may be let go, and with it nobody needs to be reminded of it."""
    held = [row for row in unit.people.held(chat.id) if not _passed(unit, row)]
    must: dict[int, int] = {}  # report -> the first news of it that is held
    for row in held:
        if row.kind == "text" and row.cls == "must":
            must.setdefault(row.ticket, row.id)
    said: dict[tuple[int, str], list[Held]] = {}
    for row in held:
        if row.guard and must.get(row.ticket, row.id) < row.id and not _of_many(row):
            unit.people.let_go(row.id, "cancelled", error="what it reminds of leaves now")
        elif row.kind != "text" or row.guard or _of_many(row):
            unit.people.let_go(row.id, "queued")
        else:
            said.setdefault((row.ticket, row.cls), []).append(row)
    for (ticket_id, cls), rows in said.items():
        *before, last = rows
        for row in before:
            unit.people.let_go(row.id, "superseded", error="said with a later one")
        unit.people.let_go(last.id, "queued", body=merged(rows) if before else None)
        ticket = unit.tickets.get(ticket_id) if ticket_id and cls == "must" else None
        if ticket is not None and ticket.conversation == chat.id:  # its card said that this was not received
            unreached.refresh(unit, house, ticket, f"told:{last.id}")


def _of_many(row: Held) -> bool:
    """A digest is about many reports, and its words are worked out when it leaves."""
    return row.purpose.startswith(DIGEST)


def merged(rows: Sequence[Held]) -> dict[str, Any]:
    """One body that says them all, with the buttons of the last."""
    text = from_json(rows[0].body["text"])
    for row in rows[1:]:
        text = lines(text, literal(""), from_json(row.body["text"]))
    return {**rows[-1].body, "text": text}


def _passed(unit: Unit, row: Held) -> bool:
    """Need it not be said any more? Then it says so itself."""
    if row.purpose in DIALOGUE and not row.ticket:
        unit.people.let_go(row.id, "superseded", error="asked anew")
        return True
    if row.guard:
        ticket = unit.tickets.get(row.ticket)
        if ticket is None or str(ticket.status) != row.guard:
            unit.people.let_go(row.id, "cancelled", error="moved on")
            return True
    return False
