"""One event in an office's group (or a head's or the operations centre's chat): presses, replies, commands."""

from __future__ import annotations

from msgspec.structs import replace

from conversations.inbound import Inbound, Kind
from texts.text import Moment, Text, literal, say
from tickets.actions import Ask, Go, answered_by_reply, pressed, replied
from tickets.finished import MADE_UP, says_finished
from tickets.guards import foreign, status_text
from tickets.lifecycle import apply, check_open
from tickets.moves import Action, Actor, Details, NotAllowed, Overtaken, Role
from tickets.number import find_number
from tickets.ticket import Status, Ticket
from usecases import binding, group_commands, held, membership, overtaken, relay, seats
from usecases.buttons import TicketPress, unseal
from usecases.change import ASKING, change
from usecases.desk import Desk
from usecases.house import House
from usecases.records import Chat, Officer
from usecases.unit import Unit

RANK = {"officer": Role.OFFICER, "supervisor": Role.SUPERVISOR, "ops": Role.OPS}
DONE = str(Action.DONE)
PEOPLE = ("admit", "refuse", "dismiss", "duty:on", "duty:off")


def think(unit: Unit, house: House, chat: Chat, inbound: Inbound, event: int) -> Text | None:
    """Handle one event of a group; returns the words for the pressed button, if any."""
    desk = Desk(unit, house, chat, inbound, event)
    if inbound.kind is Kind.MEMBER:
        membership.changed(desk)
        return None
    if inbound.kind is Kind.PRESS:
        return _press(desk)
    if inbound.kind is Kind.EDIT:
        _edited(desk)
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
        _reply(desk)
    return None


# -- who may ----------------------------------------------------------------------------------------


def actor_for(desk: Desk, person: int, ticket: Ticket) -> Actor | None:
    """Who this person is for this ticket in this chat; None when they may not act. Asked anew at every act."""
    unit, chat = desk.unit, desk.chat
    roles = {bound.role: bound.agency for bound in unit.agencies.bound_to(chat.id)}
    if "ops" in roles:
        officer = unit.agencies.officer(person, roles["ops"])
        if officer is not None and officer.state == "active" and officer.role == "ops":
            return Actor(Role.OPS, officer.id, officer.name, officer.agency)
    if roles.get("head") == ticket.agency:
        return _as(unit.agencies.officer(person, ticket.agency), ticket)
    own = _as(unit.agencies.officer(person, ticket.agency), ticket)
    if own is not None:
        return own
    if not unit.agencies.chat_of(ticket.agency, "group"):  # the triage desk stands in for an office without a group
        return _as(unit.agencies.officer(person, desk.house.city.triage), ticket)
    return None


def _as(officer: Officer | None, ticket: Ticket) -> Actor | None:
    if officer is None or officer.state != "active":
        return None
    role = RANK.get(officer.role, Role.OFFICER)
    return Actor(Role.SUPERVISOR if role is Role.OPS else role, officer.id, officer.name, ticket.agency)


# -- presses ----------------------------------------------------------------------------------------


def _press(desk: Desk) -> Text | None:
    press = unseal(desk.house.key, desk.chat.id, desk.inbound.action)
    if press is None or press.kind != "card":
        return say("group.button_unknown")
    if desk.inbound.anonymous:
        return say("group.anonymous")
    person = desk.person()
    if press.action in PEOPLE or press.action.startswith("join:"):
        return _about_people(desk, person, press)
    ticket = desk.unit.tickets.get(press.ticket)
    if ticket is None:
        return say("group.button_unknown")
    if not desk.may_see(ticket):
        return _not_here(desk, foreign(ticket, desk.house.city))
    actor = actor_for(desk, person, ticket)
    if actor is None:
        return _not_officer(desk, person, ticket)
    if press.action == "show":
        group_commands.post_card(desk, ticket)
        return None
    if press.action == held.SEND:
        return held.send(desk, ticket, actor)
    return _acted(desk, ticket, actor, press.action)


def _acted(desk: Desk, ticket: Ticket, actor: Actor, what: str) -> Text | None:
    """Follow the button; returns the toast, also that of a refusal."""
    try:
        next_ = pressed(ticket, what, desk.house.city, desk.today)
        if isinstance(next_, Ask):  # nobody is asked for words that then lead nowhere
            check_open(ticket, Action(what.partition(":")[0]), actor, desk.house.city)
            desk.reply(next_.text, ask=next_, ticket=ticket.id, tag="ask")
            return None
        return _go(desk, ticket, actor, next_)
    except ValueError:
        return say("group.button_unknown")
    except NotAllowed as refused:
        return overtaken.reason(desk.unit, ticket, actor, refused)


def _not_here(desk: Desk, here: Text) -> Text:
    """The ticket went to another office (`here` says so), or this chat is no office's any more."""
    return here if desk.unit.agencies.bound_to(desk.chat.id) else say("group.not_connected")


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
    return _admission(desk, person, press)


def _dismissal(desk: Desk, person: int, press: TicketPress) -> Text:
    whom = desk.unit.agencies.officer_by_id(press.ticket)
    if whom is None:
        return say("group.button_unknown")
    by = desk.unit.agencies.officer(person, whom.agency) or desk.unit.agencies.officer(person, desk.house.city.triage)
    if by is not None and by.agency != whom.agency and by.role != "ops":
        by = None
    return binding.dismiss(desk.unit, desk.house, by, whom)


def _go(desk: Desk, ticket: Ticket, actor: Actor, go: Go) -> Text:
    details = go.details
    if go.reason is not None:
        details = replace(details, note=desk.house.render(go.reason, desk.house.city.languages[0]))
    after = change(desk.unit, desk.house, ticket, go.action, actor, details).after
    if go.action in ASKING and desk.unit.chats.get(after.conversation).reachable != "ok":
        return say(f"group.unheard_{go.action}", number=ticket.number)  # nobody is asked who cannot be reached
    searching = go.action is Action.NOT_OURS and after.status is Status.NEW
    if go.action is Action.SCHEDULE and after.scheduled_for:  # read from words, so that a slip is seen
        return say("group.done_schedule", day=Moment(after.scheduled_for, "day"))
    agency = literal(desk.house.city.catalogue.agency(after.agency).short)
    return say("group.done_searching" if searching else f"group.done_{go.action}", number=ticket.number, agency=agency)


def _not_officer(desk: Desk, person: int, ticket: Ticket) -> Text:
    """Pressing asks for admission at the same time: one tap."""
    bound = desk.unit.agencies.bound_to(desk.chat.id)
    agency = next((one.agency for one in bound if one.agency == ticket.agency), bound[0].agency if bound else "")
    if not agency:
        return foreign(ticket, desk.house.city)
    return binding.ask_to_join(desk.unit, desk.house, desk.chat, person, desk.inbound.sender_name, agency)


def _admission(desk: Desk, person: int, press: TicketPress) -> Text:
    asked = desk.unit.agencies.officer_by_id(press.ticket)
    if asked is None:
        return say("group.button_unknown")
    by = desk.unit.agencies.officer(person, asked.agency)
    if by is None or by.state != "active":
        agency = literal(desk.house.city.catalogue.agency(asked.agency).name)
        return say("group.only_officers", agency=agency)
    return binding.decide(desk.unit, desk.house, desk.chat, by, asked, admit=press.action == "admit")


# -- replies ----------------------------------------------------------------------------------------


def _reply(desk: Desk) -> None:
    """A reply to one of our messages: the answer to a question, or words for the citizen."""
    ticket_id, purpose = desk.unit.outbox.quoted(desk.chat.id, desk.inbound.reply_to)
    ticket = desk.unit.tickets.get(ticket_id) if ticket_id else _by_number(desk)
    if ticket is None or not (ticket_id or desk.may_see(ticket)):
        return  # people talk to each other in groups; that is none of our business
    if desk.inbound.anonymous:
        desk.reply(say("group.anonymous"))
        return
    if not desk.may_see(ticket):  # below an old card, or a question asked before the ticket went elsewhere
        holder = literal(desk.house.city.catalogue.agency(ticket.agency).name)
        desk.reply(_not_here(desk, say("group.not_relayed", number=ticket.number, agency=holder)), ticket=ticket.id)
        return
    person = desk.person()
    actor = actor_for(desk, person, ticket)
    if actor is None:
        desk.reply(_not_officer(desk, person, ticket))
        return
    if answered_by_reply(purpose):
        _answer(desk, ticket, actor, purpose)
    elif relay.rest_of_album(desk, ticket, actor, DONE):
        relay.keep(desk, ticket)
    elif not relay.of_citizen(purpose) and says_finished(desk.inbound.text) and not _more_of_it(desk, ticket):
        _finished(desk, ticket, actor)
    elif relay.for_citizen(purpose) or relay.says_nothing(desk):
        relay.to_citizen(desk, ticket, actor, purpose)
    else:
        held.hold(desk, ticket)


def _more_of_it(desk: Desk, ticket: Ticket) -> bool:
    """Another picture of work that is done already: for the citizen's eyes."""
    return ticket.status in relay.DONE and bool(desk.inbound.attachments)


def _edited(desk: Desk) -> None:
    """An officer changed words that the citizen has read already: said once, so that nobody believes otherwise."""
    if not desk.inbound.reply_to or desk.inbound.anonymous:
        return
    ticket_id, _ = desk.unit.outbox.quoted(desk.chat.id, desk.inbound.reply_to)
    ticket = desk.unit.tickets.get(ticket_id) if ticket_id else None
    if ticket is not None and desk.may_see(ticket) and actor_for(desk, desk.person(), ticket):
        relay.not_changed(desk, ticket)


def _by_number(desk: Desk) -> Ticket | None:
    if desk.inbound.quoted_other:
        return None  # officers speak to each other about a ticket: none of that is for the citizen
    number = find_number(desk.inbound.quoted_text, desk.house.city.prefix)
    return desk.unit.tickets.by_number(number) if number else None


def _answer(desk: Desk, ticket: Ticket, actor: Actor, purpose: str, *, told: bool = True) -> None:
    """told: the words are the answer, and not only the wish to give one"""
    if purpose == DONE and ticket.status in relay.DONE and relay.afterwards(desk, ticket, actor):
        return
    if relay.rest_of_album(desk, ticket, actor, purpose.partition(":")[0]):
        relay.keep(desk, ticket)
        return
    words = _with_earlier_words(desk, purpose) if told else ""
    try:
        next_ = replied(ticket, purpose, words, _pictures(desk), desk.house.city, desk.today)
        if isinstance(next_, Ask):
            desk.reply(next_.text, ask=next_, ticket=ticket.id, tag="ask")
            return
        desk.reply(relay.with_what_was_cut(desk, _go(desk, ticket, actor, next_)), ticket=ticket.id, tag="went")
        relay.keep(desk, ticket)  # what was refused proves nothing to the citizen
    except NotAllowed as refused:
        # the question stays open: the next reply to this answer counts for it too
        why = overtaken.reason(desk.unit, ticket, actor, refused)
        kept = words if purpose == DONE else ""
        desk.reply(why, ask=Ask(why, expects=purpose, kept=kept), ticket=ticket.id, tag="no")


def _finished(desk: Desk, ticket: Ticket, actor: Actor) -> None:
    """ "Selesai" below the card, as people write who do not press: the presses they left out are made up for.

    Such words are no account of the work: a kind that wants one still asks for it.
    """
    city, now = desk.house.city, desk.unit.now
    try:
        if ticket.status is Status.WAITING_CITIZEN:  # the citizen's question is taken back only for what is done then
            resumed = apply(ticket, Action.RESUME, actor, now, city).after
            apply(resumed, Action.DONE, actor, now, city, Details(media=_pictures(desk)))
        for action in MADE_UP.get(ticket.status, ()):
            ticket = change(desk.unit, desk.house, ticket, action, actor).after
        check_open(ticket, Action.DONE, actor, city)
    except NotAllowed as refused:
        undecided = isinstance(refused, Overtaken) and ticket.status in (Status.NEW, Status.REOPEN_REQUESTED)
        why = overtaken.reason(desk.unit, ticket, actor, refused)
        if undecided:
            why = say("group.done_not_now", number=ticket.number, status=status_text(ticket))
        desk.reply(why, ticket=ticket.id, tag="no")
        return
    _answer(desk, ticket, actor, DONE, told=False)


def _pictures(desk: Desk) -> int:
    return sum(1 for kept in desk.inbound.attachments if relay.shows(kept))


def _with_earlier_words(desk: Desk, purpose: str) -> str:
    """The words of this answer, below those that came before the photo which was still missing."""
    words = desk.inbound.text.strip()
    earlier = desk.unit.outbox.kept(desk.chat.id, desk.inbound.reply_to) if purpose == DONE else ""
    return words if not earlier or earlier in words else f"{earlier}\n{words}".strip()
