"""Officers in a chat of their own (WhatsApp has no groups for us): admitted, on duty or not, told who was first."""

from __future__ import annotations

from texts.text import Choice, literal, say
from tickets.ticket import Status, Ticket
from usecases.bodies import body
from usecases.house import House
from usecases.records import Chat, Officer, Queued
from usecases.unit import Unit


def tell_taken(unit: Unit, ticket: Ticket, key: str) -> None:
    """Whoever has the card in a chat of their own hears who was first."""
    seats = [seat for seat in unit.agencies.office(ticket.agency) if seat.officer and seat.officer != ticket.officer]
    if not seats:
        return
    shown = {card.chat for card in unit.tickets.cards(ticket.id)}
    text = body(say("group.taken_by", number=ticket.number, name=literal(ticket.officer_name)))
    rows = [
        Queued(seat.chat, f"{key}:taken:{seat.chat}", text, cls="info", priority=2, ticket=ticket.id)
        for seat in seats
        if seat.chat in shown
    ]
    unit.outbox.add(rows)


def admit(unit: Unit, house: House, chat: Chat, officer: Officer) -> None:
    """Somebody is an officer now and works in this chat of their own."""
    unit.agencies.seat(officer.id, chat.id, on_duty=True)
    office = literal(house.city.catalogue.agency(officer.agency).name)
    stored = body(say("group.officer_welcome", agency=office, name=literal(officer.name)), (_off(),))
    row = Queued(chat.id, f"seat:{officer.id}:{chat.id}:{unit.now:%Y%m%d%H%M%S}", stored, priority=1)
    unit.outbox.add([row])


def _off() -> Choice:
    return Choice("card:0:duty:off", say("group.duty_off"))


def duty(unit: Unit, house: House, chat: Chat, event: int, *, on: bool) -> None:
    """Begin or end one's hours; the answer says what waits, and offers the other."""
    agencies = unit.agencies.duty(chat.id, on=on)
    if not agencies:
        unit.outbox.add([Queued(chat.id, f"reply:{event}:duty", body(say("group.no_officer")), priority=1)])
        return
    names = literal(", ".join(house.city.catalogue.agency(code).short for code in agencies))
    free = unit.tickets.count_open(agencies, Status.ASSIGNED)
    other = _off() if on else Choice("card:0:duty:on", say("group.duty_on"))
    text = say("group.on_duty", agency=names, count=free) if on else say("group.off_duty", agency=names)
    unit.outbox.add([Queued(chat.id, f"reply:{event}:duty", body(text, (other,)), priority=1)])
