"""Whose name is hidden in what is shown to offices, in what is said to them, and from whoever looks up a place."""

from __future__ import annotations

from msgspec.structs import replace

from tickets.moves import Changed, Role
from tickets.secrecy import hide_name, veiled
from tickets.ticket import Ticket
from usecases.house import House
from usecases.unit import Unit


def shown(unit: Unit, house: House, ticket: Ticket) -> Ticket:
    """The ticket as its card and its history show it."""
    return ticket if ticket.named else veiled(ticket, unit.chats.person_name(ticket.reporter), house.city)


def place(unit: Unit, house: House, ticket: Ticket) -> str:
    """The words for the place without the reporter's name, also where it is shown: nobody outside needs it."""
    return hide_name(ticket.place_words, unit.chats.person_name(ticket.reporter), house.city)


def said(unit: Unit, house: House, ticket: Ticket, person: int, words: str) -> str:
    """A citizen's words for the office. person: who wrote them; only the reporter can have agreed to be named."""
    if not words.strip() or (person == ticket.reporter and ticket.named):
        return words
    return hide_name(words, unit.chats.person_name(person), house.city)


def noted(unit: Unit, house: House, made: Changed) -> Changed:
    """A move by a citizen, with what they say to it as it is told, shown on the card and kept in the history."""
    if made.actor.role is not Role.CITIZEN or not made.note:
        return made
    note, after = said(unit, house, made.after, made.actor.id, made.note), made.after
    if after.citizen_note == made.note:
        after = replace(after, citizen_note=note)
    return replace(made, note=note, after=after)
