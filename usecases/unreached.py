"""Somebody cannot be reached any more: the ticket lives on, and those who can act are told, once a day."""

from __future__ import annotations

import logging

from msgspec.structs import replace

from texts.text import Moment, Text, literal, say
from tickets.notice import citizen_choice
from tickets.nudges import nudge
from tickets.rule import citizens_at
from tickets.ticket import Status, Ticket
from usecases.bodies import body
from usecases.house import House
from usecases.records import Chat, Claimed, Queued
from usecases.tell import card_row, group_chat, working_chats
from usecases.unit import Unit

log = logging.getLogger("sahut.unreached")


def bury_if_group(unit: Unit, row: Claimed) -> None:
    """A group that cannot be reached loses no message: it stands in the dead letters and in the log."""
    if row.group:
        unit.system.bury("outbox_message", row.id, "group unreachable")
        log.error("a group cannot be reached; invite the bot again", extra={"chat": row.chat})


def tell_others(unit: Unit, house: House, row: Claimed) -> None:
    """Officers hear that the reporter is gone, the operations centre that an office's chat is."""
    ticket = unit.tickets.get(row.ticket) if row.ticket else None
    if ticket is not None and row.chat == ticket.conversation:
        text = say("group.reporter_gone", number=ticket.number)
        for chat in working_chats(unit, house, ticket):
            _tell(unit, house, row.chat, f"gone:{ticket.id}", chat, text, ticket.id)
    else:
        office_gone(unit, house, row.chat)


def office_gone(unit: Unit, house: House, gone: int) -> None:
    """The operations centre hears that an office's chat is lost: once a day, however much does not arrive there."""
    triage = house.city.triage
    centre = unit.agencies.chat_of(triage, "ops") or unit.agencies.chat_of(triage, "group")
    if not centre or centre == gone:
        centre = unit.agencies.chat_of(triage, "group")  # it is the centre's own
    told: set[str] = set()
    for bound in unit.agencies.bound_to(gone):
        if bound.agency in told or not centre:
            continue
        told.add(bound.agency)
        name = literal(house.city.catalogue.agency(bound.agency).name)
        office = say("group.centre") if bound.role == "ops" else name
        count = unit.tickets.count_open([bound.agency])
        text = say("group.office_gone", agency=office, count=count)
        _tell(unit, house, gone, f"gone:{bound.agency}", centre, text)


def show_held(unit: Unit, house: House, row: Claimed) -> None:
    """A reporter cannot be told now: the office's card says so."""
    ticket = unit.tickets.get(row.ticket) if row.ticket else None
    if ticket is None or row.chat != ticket.conversation or row.cls != "must":
        return
    log.warning("a message waits until its person writes again", extra={"outbox_id": row.id})
    refresh(unit, house, ticket, f"held:{row.id}")


def refresh(unit: Unit, house: House, ticket: Ticket, occasion: str) -> None:
    """Show the office's card anew, because something about the reporter changed."""
    chat = group_chat(unit, house, ticket.agency)
    if chat:
        unit.outbox.add([replace(card_row(unit, ticket, chat, occasion=f"rem:{occasion}"), cls="info")])


def came_back(unit: Unit, house: House, chat: Chat) -> None:
    """Somebody can be reached again: what an office asked them meanwhile did not leave, and is asked now."""
    unit.chats.set_reachable(chat.id, "ok")
    for ticket in unit.tickets.of_person(chat.person, unit.now):
        asked = ticket.waiting_since
        if ticket.status is not Status.WAITING_CITIZEN or ticket.conversation != chat.id or asked is None:
            continue
        until = citizens_at(house.city, asked + house.city.policy.citizen_answer)
        stored = body(
            nudge("nudge.citizen_answer", ticket, house.city, until=Moment(until, "day")),
            (citizen_choice(ticket, "answer"),),
        )
        key = f"back:{ticket.id}:{ticket.version}:{unit.now:%Y%m%d}"
        row = Queued(chat.id, key, stored, priority=3, ticket=ticket.id, purpose="notice", guard=str(ticket.status))
        unit.outbox.add([replace(row, cls="nudge")])


def _tell(unit: Unit, house: House, gone: int, about: str, chat: int, text: Text, ticket: int = 0) -> None:
    if not chat or chat == gone:
        return
    day = unit.now.astimezone(house.city.zone).date()
    key = f"{about}:{gone}:{chat}:{day}"
    unit.outbox.add([Queued(chat=chat, dedupe=key, body=body(text), cls="info", priority=2, ticket=ticket)])
