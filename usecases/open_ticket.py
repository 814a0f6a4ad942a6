"""A finished draft becomes a ticket, or a person joins one that exists."""

from __future__ import annotations

import json

from conversations.state import Draft
from routing.place import cell
from tickets import sla
from tickets.moves import Role
from tickets.notices import followed, opened
from tickets.number import ticket_number
from tickets.ticket import COMPLAINT, Status, Ticket
from usecases import veil
from usecases.change import plan
from usecases.house import House
from usecases.records import Chat, Queued
from usecases.tell import answered_to, photo_rows, tell, working_chats
from usecases.unit import Unit


def open_ticket(unit: Unit, house: House, chat: Chat, draft: Draft, event: int) -> Ticket:
    """Number, clocks, history, files and first notices, all in the transaction of the last "kirim"."""
    new = _ticket(unit, house, chat, draft)
    place = draft.place
    grid = cell(place.lat, place.lon) if place and place.lat is not None and place.lon is not None else None
    ticket = unit.tickets.insert(new, source_event=event, cell=grid, place_source=place.source if place else "")
    unit.tickets.append(
        ticket.id,
        {
            "action": "open",
            "to_status": str(ticket.status),
            "actor_role": str(Role.CITIZEN),
            "actor_id": chat.person,
            "agency": ticket.agency,
            "data_json": json.dumps({"category_by": draft.category_by, "channel": chat.channel}),
        },
    )
    unit.media.attach(chat.id, [kept.ref for kept in draft.media], ticket.id)
    plan(unit, house, ticket)
    tell(unit, house, ticket, opened(ticket, house.city, house.code(ticket.number)), key=f"open:{ticket.id}")
    return ticket


def _ticket(unit: Unit, house: House, chat: Chat, draft: Draft) -> Ticket:
    city, now = house.city, unit.now
    today = now.astimezone(city.zone)
    owner = city.catalogue.owner(draft.category, today.date())
    category = city.catalogue.category(draft.category)
    # nobody in the city hall can act for an outside body: the triage desk sees to it
    routed = owner.code != city.triage and owner.kind != "external"
    due = sla.promise(category.hours, now, city.policy)
    place = draft.place
    agency = owner.code if routed else city.triage
    unit.agencies.read_ahead(agency, city.triage)  # it is told at once
    running = unit.tickets.next_number(f"{city.prefix}:{today.year}")
    return Ticket(
        id=0,
        number=ticket_number(city.prefix, today.year, running),
        status=Status.ASSIGNED if routed else Status.NEW,
        category=category.code,
        agency=agency,
        text=draft.text,
        opened_at=now,
        acknowledge_due=due.acknowledge,
        resolve_due=due.resolve,
        reporter=chat.person,
        conversation=chat.id,
        kind=draft.kind or COMPLAINT,
        lat=place.lat if place else None,
        lon=place.lon if place else None,
        kelurahan=place.kelurahan if place else "",
        place_words=place.words if place else "",
        named=bool(draft.named),
        confidential=category.confidential,
        danger=bool(draft.danger) or category.round_the_clock,
        since=now,
        assigned_at=now,
        cycle_started_at=now,
    )


def join_ticket(unit: Unit, house: House, chat: Chat, ticket: Ticket, draft: Draft) -> bool:
    """ "Saya juga": this person hears everything from now on; words and photos of the draft go to the agency."""
    new = ticket.reporter != chat.person and unit.tickets.follow(ticket.id, chat.person, chat.id)
    photos = _attached(unit, house, chat, ticket, draft)
    seq = unit.tickets.append(
        ticket.id,
        {
            "action": "join",
            "from_status": str(ticket.status),
            "to_status": str(ticket.status),
            "actor_role": str(Role.CITIZEN),
            "actor_id": chat.person,
            "agency": ticket.agency,
            "note": draft.text,
        },
    )
    fresh = unit.tickets.get(ticket.id) or ticket
    told = followed(fresh, house.city, veil.said(unit, house, ticket, chat.person, draft.text), new=new)
    writer = chat.id if ticket.reporter != chat.person else 0
    tell(unit, house, fresh, told, key=f"join:{ticket.id}:{seq}", writer=writer)
    unit.outbox.add([answered_to(row, writer) for row in photos])
    return new


def _attached(unit: Unit, house: House, chat: Chat, ticket: Ticket, draft: Draft) -> list[Queued]:
    """Give the draft's files to the ticket. Those cleaned already are shown now, the others when they are."""
    known = {row.id for row in unit.media.of_ticket(ticket.id)}
    unit.media.attach(chat.id, [kept.ref for kept in draft.media], ticket.id)
    chats = working_chats(unit, house, ticket)
    new = [row.id for row in unit.media.of_ticket(ticket.id) if row.id not in known]
    return [row for chat in chats for row in photo_rows(chat, ticket, new)]
