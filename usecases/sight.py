"""Which offices' tickets a chat works on or sees."""

from __future__ import annotations

from tickets.cards import OPS, SHARED, STAND_IN
from usecases.house import House
from usecases.unit import Unit


def actable_agencies(unit: Unit, house: House, chat: int) -> set[str]:
    """Agencies whose tickets are worked on in this chat; the triage desk stands in for those without a group."""
    bound = {binding.agency for binding in unit.agencies.bound_to(chat) if binding.role == "group"}
    if house.city.triage in bound:
        at_home = {binding.agency for binding in unit.agencies.all_chats() if binding.role == "group"}
        return bound | (house.city.catalogue.agencies.keys() - at_home)
    return bound


def seen_from(unit: Unit, house: House, chat: int, agency: str) -> tuple[bool, str]:
    """(may work, viewer of its card): see tickets.cards; SHARED where the chat is not this agency's alone.

    STAND_IN where that agency works nowhere yet.
    """
    bound = unit.agencies.bound_to(chat)
    mine = any(one.agency == agency and one.role != "ops" for one in bound)
    if mine and all(one.agency == agency and one.role != "ops" for one in bound):
        return True, ""
    if mine:
        return True, SHARED
    if agency in actable_agencies(unit, house, chat):
        return True, SHARED if unit.agencies.office(agency) else STAND_IN
    ops = any(one.role == "ops" for one in bound)
    return ops, OPS if ops else ""


def may_work(unit: Unit, house: House, chat: int, agency: str) -> bool:
    """Does this chat see this agency's tickets as a whole? A head its own, the operations centre all."""
    if any(one.role == "ops" or one.agency == agency for one in unit.agencies.bound_to(chat)):
        return True
    return agency in actable_agencies(unit, house, chat)
