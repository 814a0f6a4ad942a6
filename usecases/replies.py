"""A reply in an office's chat to one of our messages: the answer to a question, words for the citizen, or neither."""

from __future__ import annotations

from texts.text import Choice, Text, literal, say
from tickets.actions import Ask, answered_by_reply, replied
from tickets.finished import MADE_UP, says_finished
from tickets.guards import status_text
from tickets.lifecycle import apply, check_open
from tickets.moves import Action, Actor, Details, NotAllowed, Overtaken
from tickets.notice import card_choice, lines
from tickets.number import find_numbers
from tickets.ticket import Outcome, Status, Ticket
from usecases import binding, held, overtaken, relay, spoken
from usecases.acting import actor_for, go_on, not_here, office_here
from usecases.bodies import body
from usecases.change import change
from usecases.desk import Desk
from usecases.digests import DIGEST
from usecases.records import Queued

ASK, DONE = str(Action.ASK), str(Action.DONE)
BEGINNING = 24  # signs: a number and a word before it


def taken(desk: Desk) -> None:
    """A reply to one of our messages: the answer to a question, or words for the citizen."""
    ticket_id, purpose = desk.unit.outbox.quoted(desk.chat.id, desk.inbound.reply_to)
    listed = _listed(desk)
    if purpose.startswith(DIGEST) or (not ticket_id and len(listed) > 1):
        _which(desk)
        return
    ticket = desk.unit.tickets.get(ticket_id) if ticket_id else _by_number(desk, listed)
    if ticket is None or not (ticket_id or desk.may_see(ticket)):
        return  # people talk to each other in groups; that is none of our business
    if desk.inbound.anonymous:
        desk.reply(say("group.anonymous"))
        return
    if not desk.may_see(ticket):  # below an old card, or a question asked before the ticket went elsewhere
        holder = _name(desk, ticket.agency)
        desk.reply(not_here(desk, say("group.not_relayed", number=ticket.number, agency=holder)), ticket=ticket.id)
        return
    person = desk.person()
    actor = actor_for(desk, person, ticket, purpose if answered_by_reply(purpose) else "")
    if actor is None:
        _onlooker(desk, ticket, purpose)
        return
    _said(desk, ticket, actor, purpose)


def _onlooker(desk: Desk, ticket: Ticket, purpose: str) -> None:
    """Who is not registered hears that nobody read it, where it was meant to be read; "siap bu" is for colleagues."""
    if not (relay.for_citizen(purpose) or answered_by_reply(purpose)) or desk.inbound.quoted_other:
        return
    agency = office_here(desk, ticket)
    name = say("group.centre") if binding.is_centre(desk.unit, desk.chat.id, agency) else _name(desk, agency)
    join = (Choice(f"card:0:join:{agency}", say("group.join")),)
    about = desk.inbound.message_id
    stored = body(say("group.not_registered", agency=name), join, reply_to=about)
    key = f"onlooker:{desk.chat.id}:{desk.inbound.album or about}"
    desk.unit.outbox.add([Queued(desk.chat.id, key, stored, priority=2)])


def _name(desk: Desk, agency: str) -> Text:
    return literal(desk.house.city.catalogue.agency(agency).name)


def _said(desk: Desk, ticket: Ticket, actor: Actor, purpose: str) -> None:
    """What an officer's words below one of our messages lead to. purpose: of that message"""
    named = _names_another(desk, ticket)
    if ticket.outcome is Outcome.WITHDRAWN and ticket.status is Status.CLOSED and not relay.says_nothing(desk):
        _withdrawn(desk, ticket)
    elif named and not (_accounts(purpose) and not _begins_with(desk.inbound.text, named, desk.house.city.prefix)):
        _about_another(desk, ticket, purpose, named)
    elif answered_by_reply(purpose):
        _answer(desk, ticket, actor, purpose)
    elif relay.rest_of_album(desk, ticket, actor, DONE):
        relay.keep(desk, ticket)
    elif not relay.of_citizen(purpose) and says_finished(desk.inbound.text) and not _more_of_it(desk, ticket):
        _finished(desk, ticket, actor)
    elif spoken.taken(desk, ticket, actor, purpose):
        return
    elif (relay.for_citizen(purpose) and not desk.inbound.quoted_other) or relay.says_nothing(desk):
        relay.to_citizen(desk, ticket, actor, purpose)
    else:
        held.hold(desk, ticket)


def _withdrawn(desk: Desk, ticket: Ticket) -> None:
    """Whoever took a report back is not written to by accident."""
    if not desk.inbound.album or desk.inbound.text.strip():
        held.hold(desk, ticket, say("group.held_withdrawn", number=ticket.number))


def _accounts(purpose: str) -> bool:
    """Asked for by a button of this very report: an account of the work, or a reason ("sama dengan BKS-...")."""
    return answered_by_reply(purpose) and purpose.partition(":")[0] != ASK


def _begins_with(words: str, number: str, prefix: str) -> bool:
    """ "BKS-26-000002-4 sudah diganti", not "diganti bersama BKS-26-000002-4"."""
    return number in find_numbers(" ".join(words.split())[:BEGINNING], prefix)


def _names_another(desk: Desk, ticket: Ticket) -> str:
    """The number of another report in the words; "" where this one's own stands there too."""
    named = find_numbers(desk.inbound.text, desk.house.city.prefix)
    return "" if not named or ticket.number in named else named[0]


def _about_another(desk: Desk, ticket: Ticket, purpose: str, named: str) -> None:
    """Below the card of one report about another: told to neither citizen before the officer says which is meant."""
    other = desk.unit.tickets.by_number(named)
    show = (card_choice(other, "show"),) if other is not None and desk.may_see(other) else ()
    if answered_by_reply(purpose):  # the question stays open
        text = say("group.other_asked", number=ticket.number, other=named)
        desk.reply(text, ask=Ask(text, show, expects=purpose), ticket=ticket.id, tag="other")
    else:
        held.hold(desk, ticket, say("group.other_named", number=ticket.number, other=named), show)


def _more_of_it(desk: Desk, ticket: Ticket) -> bool:
    """Another picture of work that is done already: for the citizen's eyes."""
    return ticket.status in relay.DONE and bool(desk.inbound.attachments)


def edited(desk: Desk) -> None:
    """An officer changed words that the citizen has read already: said once, so that nobody believes otherwise."""
    if not desk.inbound.reply_to or desk.inbound.anonymous:
        return
    ticket_id, _ = desk.unit.outbox.quoted(desk.chat.id, desk.inbound.reply_to)
    ticket = desk.unit.tickets.get(ticket_id) if ticket_id else None
    if ticket is not None and desk.may_see(ticket) and actor_for(desk, desk.person(), ticket):
        relay.not_changed(desk, ticket)


def _listed(desk: Desk) -> list[str]:
    """The numbers in what is replied to, where that is ours: what officers write to each other is theirs."""
    return [] if desk.inbound.quoted_other else find_numbers(desk.inbound.quoted_text, desk.house.city.prefix)


def _by_number(desk: Desk, listed: list[str]) -> Ticket | None:
    return desk.unit.tickets.by_number(listed[0]) if listed else None


def _which(desk: Desk) -> None:
    """A reply below a list belongs to none of its reports; the one it names is offered. "Siap" is for colleagues."""
    if desk.inbound.anonymous or not desk.unit.agencies.bound_to(desk.chat.id):
        return
    named = find_numbers(desk.inbound.text, desk.house.city.prefix)
    if not named and not desk.inbound.attachments and not says_finished(desk.inbound.text):
        return
    ticket = desk.unit.tickets.by_number(named[0]) if len(named) == 1 else None
    if ticket is None or not desk.may_see(ticket):
        desk.reply(say("group.which_ticket"))
        return
    text = say("group.which_named", number=ticket.number)
    desk.reply(text, ask=Ask(text, (card_choice(ticket, "show"),)))


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
        desk.reply(relay.with_what_was_cut(desk, go_on(desk, ticket, actor, next_)), ticket=ticket.id, tag="went")
        relay.keep(desk, ticket)  # what was refused proves nothing to the citizen
    except NotAllowed as refused:
        why = overtaken.reason(desk.unit, ticket, actor, refused)
        if purpose == Action.ASK and not relay.says_nothing(desk):  # nothing that was asked is lost
            held.hold(desk, ticket, _too_many(ticket, why))
            return
        # the question stays open: the next reply to this answer counts for it too
        kept = words if purpose == DONE else ""
        desk.reply(why, ask=Ask(why, expects=purpose, kept=kept), ticket=ticket.id, tag="no")


def _too_many(ticket: Ticket, why: Text) -> Text:
    """A question that cannot be asked as one; one tap sends it as a message."""
    if ticket.status is Status.WAITING_CITIZEN:
        return say("group.ask_again", number=ticket.number)
    return lines(why, say("group.ask_held"))


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
