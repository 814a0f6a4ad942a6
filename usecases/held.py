"""An officer's words of which it is not sure that they are for the citizen, or for this one.

Below a reminder, an escalation or a history colleagues mostly speak to each other. The words are kept in our answer to
them, and one tap on its button sends them to the citizen as they are.
"""

from __future__ import annotations

from conversations.inbound import Kind
from texts.text import Choice, Text, say
from tickets.actions import Ask
from tickets.moves import Actor
from tickets.notice import card_choice
from tickets.ticket import Ticket
from usecases import inbound_json, relay
from usecases.bodies import body
from usecases.desk import Desk
from usecases.records import Queued

HELD = "held"
SEND = "relay"


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
    text = why or say("group.held", number=ticket.number)
    ask = Ask(text, (*first, card_choice(ticket, SEND), *others), kept=inbound_json.dumps(desk.inbound))
    desk.reply(text, ask=ask, ticket=ticket.id, purpose=HELD)


def _refuse_album(desk: Desk, ticket: Ticket) -> None:
    """Each picture comes by itself, so one button could only send one of them: said once, with the way to the card."""
    about = desk.inbound
    told = body(
        say("group.held_album", number=ticket.number), (card_choice(ticket, "show"),), reply_to=about.message_id
    )
    key = f"held:{desk.chat.id}:{about.album}"
    desk.unit.outbox.add([Queued(desk.chat.id, key, told, priority=2, ticket=ticket.id, purpose=HELD)])


def send(desk: Desk, ticket: Ticket, actor: Actor) -> Text | None:
    """Somebody pressed the button: these very words and files leave, once, whoever presses again."""
    unit, chat, below = desk.unit, desk.chat, desk.inbound.pressed_on
    kept = unit.outbox.kept(chat.id, below)
    if unit.outbox.quoted(chat.id, below) != (ticket.id, HELD) or not kept:
        return say("group.button_unknown")
    said = inbound_json.loads(kept)
    event = unit.inbox.add(said.channel, f"held:{said.key}", Kind.PRESS, chat.id, unit.now)
    if event is None:
        return say("group.held_sent", number=ticket.number)
    relay.to_citizen(Desk(unit, desk.house, chat, said, event), ticket, actor, relay.CARD)
    return None
