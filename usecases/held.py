"""An officer's words of which it is not sure that they are for the citizen, or for this one.

Below a reminder, an escalation or a history colleagues mostly speak to each other. The words are kept in our answer to
them, and one tap on its button sends them to the citizen as they are.
"""

from __future__ import annotations

from conversations.inbound import Kind
from texts.text import Choice, Text, literal, say
from tickets.actions import Ask
from tickets.moves import Actor, Role
from tickets.notice import NOTE, card_choice, cut
from tickets.ticket import Ticket
from usecases import inbound_json, relay
from usecases.bodies import body
from usecases.desk import Desk
from usecases.records import Queued
from usecases.tell import working_chats

HELD = "held"
SEND = "relay"
TO_OFFICE = "to_office"


def hold(
    desk: Desk,
    ticket: Ticket,
    why: Text | None = None,
    others: tuple[Choice, ...] = (),
    first: tuple[Choice, ...] = (),
) -> None:
    """Nothing goes to the citizen yet; the officer is told so, and what to do.

    why: said instead of the usual words. first: what was probably meant. others: further ways on
    """
    if desk.inbound.album and why is None:
        _refuse_album(desk, ticket)
        return
    office = _office(desk, ticket)
    text = why or say(_words(desk, office), number=ticket.number)
    down = (card_choice(ticket, TO_OFFICE),) if office else ()
    ask = Ask(text, (*first, *down, card_choice(ticket, SEND), *others), kept=inbound_json.dumps(desk.inbound))
    desk.reply(text, ask=ask, ticket=ticket.id, purpose=HELD)


def _office(desk: Desk, ticket: Ticket) -> list[int]:
    """Where the office works, for words of a head or of the centre: they mostly speak to it. Empty in its own chat."""
    chats = working_chats(desk.unit, desk.house, ticket)
    here = desk.chat.id in chats or desk.inbound.attachments or not desk.inbound.text.strip()
    return [] if here else chats


def _words(desk: Desk, office: list[int]) -> str:
    if not office:
        return "group.held"
    return "group.held_above" if desk.chat.group else "group.held_above_alone"


def _refuse_album(desk: Desk, ticket: Ticket) -> None:
    """Each picture comes by itself, so one button could only send one of them: said once, with the way to the card."""
    about = desk.inbound
    told = body(
        say("group.held_album", number=ticket.number), (card_choice(ticket, "show"),), reply_to=about.message_id
    )
    key = f"held:{desk.chat.id}:{about.album}"
    desk.unit.outbox.add([Queued(desk.chat.id, key, told, priority=2, ticket=ticket.id, purpose=HELD)])


def pressed(desk: Desk, ticket: Ticket, actor: Actor, *, to_office: bool) -> Text | None:
    """Somebody pressed the button: these very words and files leave, once, whoever presses again."""
    unit, chat, below = desk.unit, desk.chat, desk.inbound.pressed_on
    kept = unit.outbox.kept(chat.id, below)
    if unit.outbox.quoted(chat.id, below) != (ticket.id, HELD) or not kept:
        return say("group.button_unknown")
    said = inbound_json.loads(kept)
    key = f"held:office:{said.key}" if to_office else f"held:{said.key}"
    event = unit.inbox.add(said.channel, key, Kind.PRESS, chat.id, unit.now)
    if event is None:
        return say("group.held_told" if to_office else "group.held_sent", number=ticket.number)
    if to_office:
        return _tell_office(Desk(unit, desk.house, chat, said, event), ticket, actor)
    relay.to_citizen(Desk(unit, desk.house, chat, said, event), ticket, actor, relay.CARD)
    return None


def _tell_office(desk: Desk, ticket: Ticket, actor: Actor) -> Text:
    """A head's or the centre's words for the officers; a reply to them is for colleagues, like one to a reminder."""
    words = literal(cut(desk.inbound.text, NOTE))
    key = "group.from_centre" if actor.role is Role.OPS else "group.from_head"
    stored = body(say(key, number=ticket.number, words=words), (card_choice(ticket, "show"),))
    rows = [
        Queued(chat, f"down:{desk.event}:{chat}", stored, priority=2, ticket=ticket.id, purpose="notice")
        for chat in _office(desk, ticket)
    ]
    desk.unit.outbox.add(rows)
    return say("group.held_told", number=ticket.number)
