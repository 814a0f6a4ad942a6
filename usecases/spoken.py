"""An officer's words that are for us: the name of a button is that button, what only may be one is asked about."""

from __future__ import annotations

from texts.text import Choice, Text, literal, say
from tickets.actions import LABEL
from tickets.moves import Action, Actor, NotAllowed, Role
from tickets.notice import card_choice, cut, lines
from tickets.nudges import onward
from tickets.spoken import Meant, meant
from tickets.ticket import Status, Ticket
from usecases import held, overtaken, relay
from usecases.acting import acted, actor_for
from usecases.change import change
from usecases.desk import Desk

ROOM = LABEL - len("Teruskan ke ")


def taken(desk: Desk, ticket: Ticket, actor: Actor, purpose: str) -> bool:
    """Were the words for us? purpose: of the message that is replied to"""
    said = desk.inbound
    if said.quoted_other:  # below a colleague's line
        return False
    below_citizens = relay.of_citizen(purpose)
    found = meant(
        said.text, ticket, actor.role, desk.house.city, to_citizen=below_citizens, files=bool(said.attachments)
    )
    if found is None:
        return False
    if found.press:
        _pressed(desk, ticket, actor, found.press)
    else:
        held.hold(desk, ticket, _why(ticket, found), first=_offered(desk, ticket, found))
    return True


def _pressed(desk: Desk, ticket: Ticket, actor: Actor, what: str) -> None:
    actor = actor_for(desk, desk.person(), ticket, what) or actor
    try:
        if what == Action.START and ticket.status is Status.ASSIGNED:  # who begins has taken it
            ticket = change(desk.unit, desk.house, ticket, Action.ACKNOWLEDGE, actor).after
        told = acted(desk, ticket, actor, what)
    except NotAllowed as refused:
        why = lines(overtaken.reason(desk.unit, ticket, actor, refused), say("group.ask_held"))
        held.hold(desk, ticket, why, first=() if actor.role is Role.OPS else onward(ticket))
        return
    if told is not None:
        desk.reply(told, ticket=ticket.id, tag="went")


def _why(ticket: Ticket, found: Meant) -> Text | None:
    if not found.offers:
        return None
    key = "group.held_taken" if found.offers == ("acknowledge",) else "group.held_elsewhere"
    return say(key, number=ticket.number)


def _offered(desk: Desk, ticket: Ticket, found: Meant) -> tuple[Choice, ...]:
    """The buttons that may be meant; the office that was named is chosen already."""
    choices = tuple(card_choice(ticket, name) for name in found.offers)
    if not found.agency or not found.offers:
        return choices
    short = literal(cut(desk.house.city.catalogue.agency(found.agency).short, ROOM))
    to = Choice(f"card:{ticket.id}:{found.offers[0]}:{found.agency}", say("action.route_to", agency=short))
    return (to, *choices)
