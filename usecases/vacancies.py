"""An office lost its last officer or its last coordinator: who hears it, with the way out; whom the centre appoints."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from texts.text import Choice, Text, literal, say
from tickets.notice import cut
from usecases.bodies import body
from usecases.house import House
from usecases.records import Officer, Queued
from usecases.tell import centre_reached, group_chat
from usecases.unit import Unit

LEADING = ("supervisor", "ops")
MOST = 8  # buttons: a list carries ten
MOST_NAME = 11


def left(unit: Unit, house: House, person: int, agencies: list[str]) -> None:
    """Somebody left the chats of these offices: that ends their right to act, and is said where it leaves a gap."""
    with watched(unit, house, agencies):
        unit.agencies.revoke(person, agencies)


@contextmanager
def watched(unit: Unit, house: House, agencies: Sequence[str]) -> Iterator[None]:
    """What happens within may leave an office without officers, or without one who leads them."""
    before = {agency: unit.agencies.officers(agency) for agency in dict.fromkeys(agencies)}
    yield
    for agency, served in before.items():
        now = unit.agencies.officers(agency)
        if served and not now:
            _nobody(unit, house, agency)
        elif _led(served) and not _led(now):
            _nobody_leads(unit, house, agency, now)


def _led(officers: Sequence[Officer]) -> bool:
    return any(one.role in LEADING for one in officers)


def _nobody(unit: Unit, house: House, agency: str) -> None:
    """The last officer is gone: who presses now asks to be admitted by nobody, so the way out is told."""
    office = house.city.catalogue.agency(agency)
    ops = unit.agencies.chat_of(house.city.triage, "ops")
    for chat in dict.fromkeys((group_chat(unit, house, agency), ops)):
        here = chat != ops and unit.agencies.chat_of(agency, "group") == chat
        key = "group.nobody_left" if here else "group.nobody_left_there"
        join: tuple[Choice, ...] = ()
        if here and decides(unit, house, agency):
            key, join = "group.nobody_left_centre", (Choice(f"card:0:join:{agency}", say("group.join")),)
        text = say(key, agency=literal(office.name), code=literal(office.code.lower()))
        _tell(unit, chat, f"nobody:{agency}", text, join)


def decides(unit: Unit, house: House, agency: str) -> int:
    """The centre's chat, where it can let in the first officer of an office that has none; 0: nobody there could."""
    desk = house.city.triage
    if agency == desk or not centre_reached(unit, house):
        return 0
    able = any(one.role == "ops" for one in unit.agencies.officers(desk))
    return unit.agencies.chat_of(desk, "ops") if able else 0


def ask_centre(unit: Unit, house: House, person: int, name: str, agency: str) -> bool:
    """Somebody wants to act for an office without officers: the centre is asked, once a day. False: it cannot be."""
    chat = decides(unit, house, agency)
    if not chat or unit.agencies.officers(agency):
        return False
    asked = unit.agencies.officer(person, agency)
    if asked is None or asked.state != "pending":
        asked = unit.agencies.set_officer(person, agency, name, role="officer", state="pending")
    text = say(
        "group.join_request_centre",
        name=literal(name),
        agency=literal(house.city.catalogue.agency(agency).name),
    )
    choices = (
        Choice(f"card:{asked.id}:admit", say("group.admit")),
        Choice(f"card:{asked.id}:refuse", say("group.refuse")),
    )
    key = f"join:{asked.id}:{chat}:{unit.now:%Y%m%d}"
    unit.outbox.add([Queued(chat, key, body(text, choices, columns=2), priority=2, purpose="join")])
    return True


def may_admit(unit: Unit, house: House, chat: int, person: int, agency: str) -> Officer | None:
    """Who may let somebody in here: an officer of that office, or in the centre's chat one of the centre."""
    own = unit.agencies.officer(person, agency)
    if own is not None and own.state == "active":
        return own
    desk = house.city.triage
    above = unit.agencies.officer(person, desk) if unit.agencies.chat_of(desk, "ops") == chat else None
    return above if above is not None and above.state == "active" and above.role == "ops" else None


def _nobody_leads(unit: Unit, house: House, agency: str, officers: Sequence[Officer]) -> None:
    """The others go on working; the centre appoints one of them, where there is a centre."""
    name = literal(house.city.catalogue.agency(agency).name)
    ops = unit.agencies.chat_of(house.city.triage, "ops")
    key = "group.nobody_leads" if ops else "group.nobody_leads_code"
    group = unit.agencies.chat_of(agency, "group")
    if group != ops:
        _tell(unit, group, f"unled:{agency}", say(key, agency=name))
    choices = tuple(
        Choice(f"card:{one.id}:appoint", say("group.appoint", name=literal(cut(one.name, MOST_NAME))))
        for one in officers[:MOST]
    )
    _tell(unit, ops, f"unled:{agency}", say("group.nobody_leads_there", agency=name), choices)


def appoint(unit: Unit, house: House, by: Officer | None, whom: Officer) -> Text:
    """The centre makes an officer their office's coordinator. Returns the toast."""
    office = literal(house.city.catalogue.agency(whom.agency).name)
    if by is None or by.state != "active" or by.role != "ops":
        return say("group.only_officers", agency=say("group.centre"))
    if whom.state != "active":
        return say("group.gone_since", name=literal(whom.name))
    told = say("group.appointed", name=literal(whom.name), agency=office)
    if whom.role not in LEADING:
        unit.agencies.set_officer(whom.person, whom.agency, whom.name, role="supervisor", state="active", by=by.id)
        seat = unit.agencies.seat_of(whom.id)
        for chat in dict.fromkeys((unit.agencies.chat_of(whom.agency, "group"), seat)):
            _tell(unit, chat, f"leads:{whom.id}", told)
    return told


def _tell(unit: Unit, chat: int, about: str, text: Text, choices: tuple[Choice, ...] = ()) -> None:
    if chat:
        key = f"{about}:{chat}:{unit.now:%Y%m%d%H%M%S}"
        unit.outbox.add([Queued(chat, key, body(text, choices), priority=2)])
