"""Who a person is for a ticket in an office's chat, and one act of theirs carried out."""

from __future__ import annotations

from msgspec.structs import replace

from texts.text import Moment, Text, literal, say
from tickets.actions import FROM_ABOVE, Ask, Go, pressed
from tickets.guards import foreign, needs_ops
from tickets.lifecycle import allowed, check_open
from tickets.moves import Action, Actor, Role
from tickets.ticket import Status, Ticket
from usecases import binding
from usecases.change import ASKING, change
from usecases.desk import Desk
from usecases.records import Officer
from usecases.sight import actable_agencies
from usecases.tell import centre_reached

RANK = {"officer": Role.OFFICER, "supervisor": Role.SUPERVISOR, "ops": Role.OPS}


def actor_for(desk: Desk, person: int, ticket: Ticket, what: str = "") -> Actor | None:
    """Who this person is for this ticket in this chat; None when they may not act. Asked anew at every act.

    what: the button that was pressed. In a chat of the desk and the centre whoever has both ranks works for the offices
    of the desk, and decides as the centre only what the desk may not
    """
    actor = _actor(desk, person, ticket, what)
    if actor is None or ticket.status is not Status.REOPEN_REQUESTED:
        return actor
    return replace(actor, centre=centre_reached(desk.unit, desk.house))


def _actor(desk: Desk, person: int, ticket: Ticket, what: str) -> Actor | None:
    unit, chat = desk.unit, desk.chat
    roles = {bound.role: bound.agency for bound in unit.agencies.bound_to(chat.id)}
    if "ops" in roles:
        officer = unit.agencies.officer(person, roles["ops"])
        if officer is not None and officer.state == "active" and officer.role == "ops":
            works = ticket.agency in actable_agencies(unit, desk.house, chat.id)
            if works and not _for_the_centre(desk, ticket, what):
                return _as(officer, ticket)
            return Actor(Role.OPS, officer.id, officer.name, officer.agency)
    if roles.get("head") == ticket.agency:
        return _as(unit.agencies.officer(person, ticket.agency), ticket)
    own = _as(unit.agencies.officer(person, ticket.agency), ticket)
    if own is not None:
        return own
    if not unit.agencies.chat_of(ticket.agency, "group"):  # the triage desk stands in for an office without a group
        return _as(unit.agencies.officer(person, desk.house.city.triage), ticket)
    return None


def _for_the_centre(desk: Desk, ticket: Ticket, what: str) -> bool:
    name = what.partition(":")[0]
    if name not in FROM_ABOVE:
        return False
    reopened = ticket.status is Status.REOPEN_REQUESTED and needs_ops(ticket, desk.house.city)
    return reopened or Action(name) not in allowed(ticket, Role.SUPERVISOR)


def _as(officer: Officer | None, ticket: Ticket) -> Actor | None:
    if officer is None or officer.state != "active":
        return None
    role = RANK.get(officer.role, Role.OFFICER)
    return Actor(Role.SUPERVISOR if role is Role.OPS else role, officer.id, officer.name, ticket.agency)


def acted(desk: Desk, ticket: Ticket, actor: Actor, what: str) -> Text | None:
    """Follow a button; what came of it, or None where something is asked first. raises: NotAllowed."""
    try:
        next_ = pressed(ticket, what, desk.house.city, desk.today)
    except ValueError:
        return say("group.button_unknown")
    if isinstance(next_, Ask):  # nobody is asked for words that then lead nowhere
        check_open(ticket, Action(what.partition(":")[0]), actor, desk.house.city)
        desk.reply(next_.text, ask=next_, ticket=ticket.id, tag="ask")
        return None
    return go_on(desk, ticket, actor, next_)


def go_on(desk: Desk, ticket: Ticket, actor: Actor, go: Go) -> Text:
    details = go.details
    if go.reason is not None:
        details = replace(details, note=desk.house.render(go.reason, desk.house.city.languages[0]))
    after = change(desk.unit, desk.house, ticket, go.action, actor, details).after
    if go.action in ASKING and desk.unit.chats.get(after.conversation).reachable != "ok":
        return say(f"group.unheard_{go.action}", number=ticket.number)  # nobody is asked who cannot be reached
    searching = go.action is Action.NOT_OURS and after.status is Status.NEW
    if go.action is Action.SCHEDULE and after.scheduled_for:  # read from words, so that a slip is seen
        return say("group.done_schedule", day=Moment(after.scheduled_for, "day"))
    if go.action is Action.UNDO and ticket.status is Status.RESOLVED:
        return say("group.undone_done", number=ticket.number)
    agency = literal(desk.house.city.catalogue.agency(after.agency).short)
    return say("group.done_searching" if searching else f"group.done_{go.action}", number=ticket.number, agency=agency)


def not_here(desk: Desk, here: Text) -> Text:
    """The ticket went to another office (`here` says so), or this chat is no office's any more."""
    return here if desk.unit.agencies.bound_to(desk.chat.id) else say("group.not_connected")


def office_here(desk: Desk, ticket: Ticket) -> str:
    """For which office somebody in this chat would act on the ticket; "" in a chat that is no office's."""
    bound = desk.unit.agencies.bound_to(desk.chat.id)
    return next((one.agency for one in bound if one.agency == ticket.agency), bound[0].agency if bound else "")


def not_officer(desk: Desk, person: int, ticket: Ticket) -> Text:
    """Pressing asks for admission at the same time: one tap."""
    agency = office_here(desk, ticket)
    if not agency:
        return foreign(ticket, desk.house.city)
    return binding.ask_to_join(desk.unit, desk.house, desk.chat, person, desk.inbound.sender_name, agency)
