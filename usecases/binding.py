"""Which chat belongs to which office and who may act in it: one-time codes, requests, approvals."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256

from msgspec.structs import replace

from texts.text import Choice, Text, literal, say
from usecases import seats, vacancies
from usecases.bodies import body
from usecases.house import CODE_SIGNS, House
from usecases.records import Chat, Officer, Queued
from usecases.tell import card_row, group_chat
from usecases.unit import Unit

CODE_LIVES = timedelta(days=7)
ROLES = ("group", "head", "ops", "officer")
ALPHABET = CODE_SIGNS
CODE_LENGTH = 10


def normalise(code: str) -> str:
    return "".join(sign for sign in code.upper() if sign.isalnum())


def looks_like_code(words: str) -> bool:
    """Could these words be one of our codes, and not the beginning of a sentence?"""
    code = normalise(words)
    return len(code) == CODE_LENGTH and set(code) <= set(ALPHABET)


def code_hash(code: str) -> str:
    return sha256(b"invite|" + normalise(code).encode()).hexdigest()


def invite(unit: Unit, agency: str, role: str, code: str) -> None:
    """Remember a one-time code (only its hash) that binds one chat to this office."""
    unit.agencies.invite(code_hash(code), agency, role, unit.now + CODE_LIVES)


def connect(unit: Unit, house: House, chat: Chat, person: int, name: str, code: str, event: int) -> None:
    """/hubungkan CODE: bind this chat; who binds is the office's first officer."""
    private = not chat.group
    if private and unit.links.locked_out(chat.id):
        _reply(unit, chat, event, say("people.too_many"))
        return
    found = unit.agencies.redeem(code_hash(code), person) if normalise(code) else None
    if found is None:
        if private:
            unit.links.tried(chat.id)
        _reply(unit, chat, event, say("group.code_wrong"))
        return
    agency, role = found
    if role == "officer" or (role == "group" and not house.like(chat.channel).groups):
        _enlist(unit, house, chat, person, name, agency)
        return
    before = unit.agencies.chat_of(agency, role)
    stood_in = group_chat(unit, house, agency)
    unit.agencies.bind(agency, role, chat.id, person)
    office = house.city.catalogue.agency(agency)
    if before not in (0, chat.id):  # who worked there must not wait for cards that come no more
        moved = body(say(f"group.elsewhere_{role}", agency=literal(office.name), name=literal(name)))
        unit.outbox.add([Queued(before, f"unbound:{event}:{before}", moved, priority=2)])
    rank = "ops" if role == "ops" else "supervisor"
    known = unit.agencies.officer(person, agency)
    if known is None or known.state != "active" or known.role == "officer" or rank == "ops":
        unit.agencies.set_officer(person, agency, name, role=rank, state="active", by=person)
    join = (Choice(f"card:0:join:{agency}", say("group.join")),) if role == "group" else ()
    others = [one for one in unit.agencies.officers(agency) if one.person != person]
    told = "group_again" if role == "group" and others else role
    if role == "group" and private:  # nobody else is here to press or to see it
        told, join = "alone", ()
    text = say(f"group.connected_{told}", agency=literal(office.name), name=literal(name))
    _reply(unit, chat, event, text, join)
    if role == "group":
        post_queue(unit, chat, agency, event)
        if stood_in not in (0, chat.id):
            _retire(unit, stood_in, agency, literal(office.name), event, moved=bool(before))


def _enlist(unit: Unit, house: House, chat: Chat, person: int, name: str, agency: str) -> None:
    """The code makes this person an officer; the first one of an office also decides about the others."""
    first = not unit.agencies.office(agency)
    known = unit.agencies.officer(person, agency)
    rank = known.role if known is not None and known.state == "active" else "supervisor" if first else "officer"
    made = unit.agencies.set_officer(person, agency, name, role=rank, state="active", by=person)
    if chat.group:
        office = literal(house.city.catalogue.agency(agency).name)
        text = say("group.admitted", name=literal(name), agency=office, by=literal(name))
        unit.outbox.add([Queued(chat.id, f"enlist:{made.id}:{unit.now:%Y%m%d%H%M%S}", body(text), priority=2)])
    else:
        seats.admit(unit, house, chat, made)


def ask_from_outside(unit: Unit, house: House, chat: Chat, person: int, name: str, agency: str) -> Text | None:
    """Somebody in a private chat wants to act for an office: its officers are asked where they are."""
    asked = unit.agencies.officer(person, agency)
    if asked is not None and asked.state == "active":
        seats.admit(unit, house, chat, asked)
        return None
    if unit.links.locked_out(chat.id):
        return say("people.too_many")
    if asked is None or asked.state == "revoked":
        unit.links.tried(chat.id)  # nobody asks all offices of the city
        for seat in unit.agencies.office(agency):
            ask_to_join(unit, house, unit.chats.get(seat.chat), person, name, agency, again=True)
        above = vacancies.ask_centre(unit, house, person, name, agency)
        asked = unit.agencies.officer(person, agency)
        if asked is None or asked.state == "revoked":
            return say("group.nobody_to_ask")
        unit.agencies.seat(asked.id, chat.id, on_duty=False)
        key = "group.enrol_asked_centre" if above else "group.enrol_asked"
        return say(key, agency=literal(house.city.catalogue.agency(agency).name))
    return ask_to_join(unit, house, chat, person, name, agency)


def post_queue(unit: Unit, chat: Chat, agency: str, event: int) -> None:
    """Post the card of every open ticket anew: what stood here before the group was lost may be gone."""
    rows = []
    for ticket in unit.tickets.open_of_agency(agency):
        row = card_row(unit, ticket, chat.id)
        unit.tickets.card_shown(row.card, "", 0)
        rows.append(replace(row, dedupe=f"{row.dedupe}:again:{event}"))
    unit.outbox.add(rows)


def _retire(unit: Unit, old: int, agency: str, office: Text, event: int, *, moved: bool) -> None:
    """The cards in the chat that worked for this office until now lose their buttons.

    moved: it was the office's own, and was told so already
    """
    rows = [
        replace(card_row(unit, ticket, old, occasion=f"rem:bound:{event}"), cls="info")
        for ticket in unit.tickets.open_of_agency(agency)
        for card in unit.tickets.cards(ticket.id)
        if card.chat == old and card.message_id
    ]
    if rows and not moved:
        told = body(say("group.stood_in", agency=office, count=len(rows)))
        rows.append(Queued(old, f"stood_in:{event}:{old}", told, cls="info", priority=2))
    unit.outbox.add(rows)


def ask_to_join(
    unit: Unit, house: House, chat: Chat, person: int, name: str, agency: str, *, again: bool = False
) -> Text:
    """Somebody of the group wants to act for the office; a registered officer decides. Returns the toast.

    again: the same request is put to several chats
    """
    known = unit.agencies.officer(person, agency)
    centre = not again and is_centre(unit, chat.id, agency)
    office = say("group.centre") if centre else literal(house.city.catalogue.agency(agency).name)
    served = known is not None and known.state == "active"
    if served and known is not None and (not centre or known.role == "ops"):
        return say("group.already_officer", agency=office)
    if not [one for one in unit.agencies.officers(agency) if not centre or one.role == "ops"]:
        if not centre and vacancies.ask_centre(unit, house, person, name, agency):
            return say("group.join_asked_centre", agency=office)
        return say("group.join_nobody", agency=office)  # a request that nobody can grant is not put
    if known is not None and known.state == "pending" and not again:
        return say("group.join_waits", agency=office)
    asked = known if served else unit.agencies.set_officer(person, agency, name, role="officer", state="pending")
    assert asked is not None  # who serves the desk keeps that while the centre decides
    text = say("group.join_request", name=literal(name), agency=office)
    choices = (
        Choice(f"card:{asked.id}:admit", say("group.admit")),
        Choice(f"card:{asked.id}:refuse", say("group.refuse")),
    )
    stamp = unit.now.strftime("%Y%m%d" if served else "%Y%m%d%H%M%S")
    unit.outbox.add(
        [
            Queued(
                chat=chat.id,
                dedupe=f"join:{asked.id}:{chat.id}:{stamp}",
                body=body(text, choices, columns=2),
                priority=2,
                purpose="join",
            )
        ]
    )
    return say("group.join_asked", agency=office)


def decide(unit: Unit, house: House, chat: Chat, by: Officer, asked: Officer, *, admit: bool) -> Text:
    """A registered officer admits or refuses somebody of the same office. Returns the toast.

    In the centre's chat those of the centre decide, and whom they admit is of the centre; who serves the desk already
    keeps that when they refuse.
    """
    seated = asked.state != "active" and unit.agencies.seat_of(asked.id)
    centre = is_centre(unit, chat.id, asked.agency) and not seated
    if centre and by.role != "ops" and asked.state == "pending":  # in one chat of both the desk admits to the desk
        centre = unit.agencies.chat_of(asked.agency, "group") != chat.id
    office = say("group.centre") if centre else literal(house.city.catalogue.agency(asked.agency).name)
    promoted = centre and asked.state == "active" and asked.role != "ops"
    if asked.state != "pending" and not promoted:
        return say("group.join_decided", name=literal(asked.name))
    if centre and by.role != "ops":
        return say("group.only_officers", agency=office)
    if admit or not promoted:
        first = by.agency != asked.agency and not unit.agencies.officers(asked.agency)  # the centre let in the first
        rank = "supervisor" if first else "officer"
        role, state = "ops" if centre else rank, "active" if admit else "revoked"
        unit.agencies.set_officer(asked.person, asked.agency, asked.name, role=role, state=state, by=by.id)
    if admit:
        text = say("group.admitted", name=literal(asked.name), agency=office, by=literal(by.name))
        stamp = unit.now.strftime("%Y%m%d%H%M%S")
        office_chat = unit.agencies.chat_of(asked.agency, "group") if by.agency != asked.agency else 0
        for told in dict.fromkeys((chat.id, office_chat or chat.id)):
            key = f"admit:{asked.id}:{stamp}" if told == chat.id else f"admit:{asked.id}:{stamp}:{told}"
            unit.outbox.add([Queued(chat=told, dedupe=key, body=body(text), priority=2)])
        if seat := unit.agencies.seat_of(asked.id):
            seats.admit(unit, house, unit.chats.get(seat), replace(asked, state="active"))
        return say("group.admitted_short", name=literal(asked.name))
    return say("group.refused_short", name=literal(asked.name))


def is_centre(unit: Unit, chat: int, agency: str) -> bool:
    """Is this chat the operations centre's? Its people have that office's name and a rank of their own."""
    return unit.agencies.chat_of(agency, "ops") == chat


def dismiss(unit: Unit, house: House, by: Officer | None, whom: Officer) -> Text:
    """A supervisor or the operations centre ends somebody's right to act. Returns the toast."""
    office = literal(house.city.catalogue.agency(whom.agency).name)
    if by is None or by.state != "active" or by.role not in ("supervisor", "ops"):
        return say("group.only_supervisors", agency=office)
    if whom.state != "active":
        return say("group.join_decided", name=literal(whom.name))
    with vacancies.watched(unit, house, [whom.agency]):
        unit.agencies.set_officer(whom.person, whom.agency, whom.name, role=whom.role, state="revoked", by=by.id)
    return say("group.dismissed", name=literal(whom.name), agency=office)


def _reply(unit: Unit, chat: Chat, event: int, text: Text, choices: tuple[Choice, ...] = ()) -> None:
    stored = body(text, choices)
    unit.outbox.add([Queued(chat=chat.id, dedupe=f"reply:{event}:bind", body=stored, priority=1)])
