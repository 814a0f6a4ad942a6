"""One event in an office's group (or a head's or the operations centre's chat): presses, replies, commands."""

from __future__ import annotations

from conversations.inbound import Inbound, Kind
from texts.text import Text, literal, say
from tickets.guards import foreign
from tickets.moves import Actor, NotAllowed
from tickets.ticket import Ticket
from usecases import binding, group_commands, held, membership, overtaken, replies, seats, vacancies
from usecases.acting import acted, actor_for, not_here, not_officer
from usecases.buttons import TicketPress, unseal
from usecases.desk import Desk
from usecases.house import House
from usecases.records import Chat
from usecases.unit import Unit

PEOPLE = ("admit", "refuse", "dismiss", "appoint", "duty:on", "duty:off")


def think(unit: Unit, house: House, chat: Chat, inbound: Inbound, event: int) -> Text | None:
    """Handle one event of a group; returns the words for the pressed button, if any."""
    desk = Desk(unit, house, chat, inbound, event)
    if inbound.kind is Kind.MEMBER:
        membership.changed(desk)
        return None
    if inbound.kind is Kind.PRESS:
        return _press(desk)
    if inbound.kind is Kind.EDIT:
        replies.edited(desk)
    if inbound.kind is not Kind.MESSAGE:
        return None
    if chat.reachable != "ok":
        unit.chats.set_reachable(chat.id, "ok")
    if inbound.command:
        if inbound.anonymous and inbound.command in group_commands.COMMANDS:
            desk.reply(say("group.anonymous"))
        elif not inbound.anonymous:
            group_commands.handle(desk)
        return None
    if inbound.reply_to:
        replies.taken(desk)
    return None


# -- presses ----------------------------------------------------------------------------------------


def _press(desk: Desk) -> Text | None:
    press = unseal(desk.house.key, desk.chat.id, desk.inbound.action)
    if press is None or press.kind != "card":
        return say("group.button_unknown")
    if desk.inbound.anonymous:
        return say("group.anonymous")
    if press.action.startswith(group_commands.QUEUE):
        group_commands.queue_page(desk, int(press.action.removeprefix(group_commands.QUEUE)))
        return None
    person = desk.person()
    if press.action in PEOPLE or press.action.startswith("join:"):
        return _about_people(desk, person, press)
    ticket = desk.unit.tickets.get(press.ticket)
    if ticket is None:
        return say("group.button_unknown")
    if not desk.may_see(ticket):
        return not_here(desk, foreign(ticket, desk.house.city))
    if press.action == "show":  # as /tiket, which asks nobody who they are
        group_commands.post_card(desk, ticket)
        return None
    actor = actor_for(desk, person, ticket, press.action)
    if actor is None:
        return not_officer(desk, person, ticket)
    if press.action in (held.SEND, held.TO_OFFICE):
        return held.pressed(desk, ticket, actor, to_office=press.action == held.TO_OFFICE)
    return _acted(desk, ticket, actor, press.action)


def _acted(desk: Desk, ticket: Ticket, actor: Actor, what: str) -> Text | None:
    """Follow the button; returns the toast, also that of a refusal."""
    try:
        return acted(desk, ticket, actor, what)
    except NotAllowed as refused:
        return overtaken.reason(desk.unit, ticket, actor, refused)


def _about_people(desk: Desk, person: int, press: TicketPress) -> Text | None:
    """Buttons that concern no ticket: to join, to admit, to begin and end one's hours."""
    if press.action.startswith("join:"):
        agency = press.action.partition(":")[2]
        return binding.ask_to_join(desk.unit, desk.house, desk.chat, person, desk.inbound.sender_name, agency)
    if press.action.startswith("duty:"):
        seats.duty(desk.unit, desk.house, desk.chat, desk.event, on=press.action == "duty:on")
        return None
    if press.action == "dismiss":
        return _dismissal(desk, person, press)
    if press.action == "appoint":
        return _appointment(desk, person, press)
    return _admission(desk, person, press)


def _dismissal(desk: Desk, person: int, press: TicketPress) -> Text:
    whom = desk.unit.agencies.officer_by_id(press.ticket)
    if whom is None:
        return say("group.button_unknown")
    by = desk.unit.agencies.officer(person, whom.agency) or desk.unit.agencies.officer(person, desk.house.city.triage)
    if by is not None and by.agency != whom.agency and by.role != "ops":
        by = None
    return binding.dismiss(desk.unit, desk.house, by, whom)


def _appointment(desk: Desk, person: int, press: TicketPress) -> Text:
    whom = desk.unit.agencies.officer_by_id(press.ticket)
    if whom is None:
        return say("group.button_unknown")
    by = desk.unit.agencies.officer(person, desk.house.city.triage)
    return vacancies.appoint(desk.unit, desk.house, by, whom)


def _admission(desk: Desk, person: int, press: TicketPress) -> Text:
    asked = desk.unit.agencies.officer_by_id(press.ticket)
    if asked is None:
        return say("group.button_unknown")
    by = vacancies.may_admit(desk.unit, desk.house, desk.chat.id, person, asked.agency)
    if by is None:
        agency = literal(desk.house.city.catalogue.agency(asked.agency).name)
        return say("group.only_officers", agency=agency)
    return binding.decide(desk.unit, desk.house, desk.chat, by, asked, admit=press.action == "admit")
