"""An officer's words and files on their way to the citizen."""

from __future__ import annotations

from datetime import timedelta

from conversations.inbound import NOT_KEPT, Attachment, MediaKind
from texts.text import Text, say
from tickets.finished import can_finish, says_finished
from tickets.moves import Actor
from tickets.notice import NOTE, RELAY, cut, lines
from tickets.notices import relay_to_citizen
from tickets.ticket import Ticket
from usecases.bodies import body
from usecases.desk import Desk
from usecases.records import Queued
from usecases.tell import tell_chat

TELL = "tell"
TOGETHER = timedelta(minutes=1)  # the pictures of one album arrive within moments


def shows(kept: Attachment) -> bool:
    """Can one see the work on it? A voice note is passed on, but proves no repaired road."""
    return kept.kind in (MediaKind.PHOTO, MediaKind.VIDEO)


def of_citizen(purpose: str) -> bool:
    """Is what is replied to a citizen's own message?"""
    return purpose.partition(":")[0] == RELAY


def to_citizen(desk: Desk, ticket: Ticket, actor: Actor, purpose: str) -> None:
    """A reply below a card, or below a citizen's words: in the name of the office, without the officer's.

    purpose: of the message that is replied to
    """
    words = desk.inbound.text.strip()
    if not words and not desk.inbound.attachments:
        desk.reply(with_what_was_cut(desk, say("group.relay_empty")), ticket=ticket.id)
        return
    to = _addressee(desk, ticket, purpose)
    if not to:
        desk.reply(say("group.relay_nobody", number=ticket.number), ticket=ticket.id)
        return
    keep(desk, ticket)
    if rest_of_album(desk, ticket, actor, TELL):
        return
    seq = desk.unit.tickets.append(
        ticket.id,
        {
            "action": TELL,
            "from_status": str(ticket.status),
            "to_status": str(ticket.status),
            "actor_role": str(actor.role),
            "actor_id": actor.id,
            "actor_name": actor.name,
            "agency": ticket.agency,
            "note": words,
        },
    )
    shown = words or desk.house.render(say("notice.only_photos"), desk.house.city.languages[0])
    told = relay_to_citizen(ticket, desk.house.city, shown)
    tell_chat(desk.unit, ticket, told, to, key=f"relay:{ticket.id}:{seq}")
    follower = to != ticket.conversation
    reachable = desk.unit.chats.get(to).reachable == "ok"
    whom = "_follower" if follower else ""
    key = f"group.relayed{whom}" if reachable else f"group.relay_waits{whom}"
    answer = with_what_was_cut(desk, say(key, number=ticket.number))
    if says_finished(words) and can_finish(ticket, actor.role):
        answer = lines(answer, say("group.relayed_finished"))
    desk.reply(answer, ticket=ticket.id, purpose=f"{RELAY}:{to}" if follower else "answer")


def _addressee(desk: Desk, ticket: Ticket, purpose: str) -> int:
    """The chat of whoever wrote what is replied to, else the reporter's; 0: of one who has no part in it any more."""
    kind, _, writer = purpose.partition(":")
    if kind != RELAY or not writer:
        return ticket.conversation
    chat = desk.unit.chats.get(int(writer))
    if chat.person == ticket.reporter:  # they linked their apps since
        return ticket.conversation
    return chat.id if desk.unit.tickets.is_of_person(ticket.id, chat.person) else 0


def with_what_was_cut(desk: Desk, answer: Text) -> Text:
    """Whoever wrote or sent more than a message carries hears what was left out."""
    words = desk.inbound.text.strip()
    if desk.inbound.unreadable in NOT_KEPT:
        answer = lines(answer, say("group.file_left"))
    return answer if cut(words, NOTE) == words else lines(answer, say("group.cut", count=NOTE))


def rest_of_album(desk: Desk, ticket: Ticket, actor: Actor, action: str) -> bool:
    """Is it one more picture of an album whose first one was this officer's last act here? Each comes by itself."""
    if not desk.inbound.album or desk.inbound.text.strip() or not desk.inbound.attachments:
        return False
    last = desk.unit.tickets.last_line(ticket.id)
    if last is None or desk.unit.now - last.at > TOGETHER:
        return False
    return last.action == action and last.actor_id == actor.id


def not_changed(desk: Desk, ticket: Ticket) -> None:
    """What was edited is not passed on again; said once, however often it is edited."""
    about = desk.inbound.message_id
    told = body(say("group.edit_not_passed", number=ticket.number), reply_to=about)
    key = f"edited:{desk.chat.id}:{about}"
    desk.unit.outbox.add([Queued(desk.chat.id, key, told, priority=2, ticket=ticket.id, purpose="answer")])


def keep(desk: Desk, ticket: Ticket) -> None:
    """Files that came along go to the citizens when they are cleaned."""
    for position, kept in enumerate(desk.inbound.attachments):
        desk.unit.media.add(
            desk.chat,
            desk.inbound.key,
            position,
            kept,
            purpose="proof",
            ticket=ticket.id,
        )
