"""An officer's words and files on their way to the citizen."""

from __future__ import annotations

from datetime import timedelta

from conversations.inbound import NOT_KEPT, Attachment, MediaKind
from texts.text import Choice, Text, say
from tickets.actions import Ask, buttons
from tickets.dates import find_day
from tickets.finished import can_finish, says_finished, tells_of_work
from tickets.guards import status_text
from tickets.moves import Actor, Role
from tickets.notice import NOTE, RELAY, cut, lines
from tickets.notices import relay_to_citizen
from tickets.nudges import onward
from tickets.ticket import UNTAKEN, Status, Ticket
from usecases import overtaken
from usecases.bodies import body
from usecases.desk import Desk
from usecases.records import Claimed, Queued
from usecases.tell import PHOTOS, tell_chat

TELL = "tell"
CARD = "card"
RELAYED = "relayed"  # our "Sudah kami teruskan": what is answered to it goes the same way
FOR_CITIZEN = frozenset({CARD, RELAY, PHOTOS, RELAYED})
DONE = (Status.RESOLVED, Status.CLOSED)
TOGETHER = timedelta(minutes=1)  # the pictures of one album arrive within moments


def shows(kept: Attachment) -> bool:
    """Can one see the work on it? A voice note is passed on, but proves no repaired road."""
    return kept.kind in (MediaKind.PHOTO, MediaKind.VIDEO)


def of_citizen(purpose: str) -> bool:
    """Is what is replied to a citizen's own message?"""
    return purpose.partition(":")[0] == RELAY


def for_citizen(purpose: str) -> bool:
    """Are words below it meant for a citizen? Below a reminder or a history colleagues speak to each other."""
    return purpose.partition(":")[0] in FOR_CITIZEN


def line_of(confirmed: Claimed) -> tuple[str, ...]:
    """The officer's own line that was passed on: what is replied to it concerns the same report as our confirmation."""
    line = str(confirmed.body.get("reply_to", ""))
    return (line,) if line and confirmed.purpose.partition(":")[0] in (RELAY, RELAYED) else ()


def says_nothing(desk: Desk) -> bool:
    return not desk.inbound.text.strip() and not desk.inbound.attachments


def to_citizen(desk: Desk, ticket: Ticket, actor: Actor, purpose: str, *, above: Text | None = None) -> None:
    """A reply below a card, or below a citizen's words: in the name of the office, without the officer's.

    purpose: of the message that is replied to. above: what the officer has to know before "passed on"
    """
    words = desk.inbound.text.strip()
    if says_nothing(desk):
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
    _passed_on(desk, ticket, actor, to, above)


def _passed_on(desk: Desk, ticket: Ticket, actor: Actor, to: int, above: Text | None) -> None:
    """The officer hears whom it reached, and that telling of a step is not taking it."""
    follower = to != ticket.conversation
    reachable = desk.unit.chats.get(to).reachable == "ok"
    whom = "_follower" if follower else ""
    key = f"group.relayed{whom}" if reachable else f"group.relay_waits{whom}"
    answer = lines(above, with_what_was_cut(desk, say(key, number=ticket.number)))
    choices: tuple[Choice, ...] = ()
    if ticket.status is Status.CLOSED:
        answer = lines(answer, say("group.relayed_closed", status=status_text(ticket)))
    elif says_finished(desk.inbound.text) and can_finish(ticket, actor.role):
        answer = lines(answer, say("group.relayed_finished"))
    elif choices := _steps_told_of(desk, ticket, actor):
        key = "group.status_waits" if ticket.status in UNTAKEN else "group.status_same"
        answer = lines(answer, say(key, status=status_text(ticket)))
    ask = Ask(answer, choices, columns=2)
    desk.reply(answer, ask=ask, ticket=ticket.id, purpose=f"{RELAY}:{to}" if follower else RELAYED)


def _steps_told_of(desk: Desk, ticket: Ticket, actor: Actor) -> tuple[Choice, ...]:
    """The buttons of the next steps, where nobody took it or the words or the picture may stand for a step."""
    if ticket.status in DONE:
        return ()
    words = desk.inbound.text
    seen = any(shows(kept) for kept in desk.inbound.attachments)
    told = seen or tells_of_work(words) or find_day(words, desk.today) is not None
    if not told and ticket.status not in UNTAKEN:
        return ()
    city, now = desk.house.city, desk.unit.now
    if actor.role is Role.OPS:
        return buttons(ticket, city, now, above=True)
    return onward(ticket) or buttons(ticket, city, now, centre=actor.centre)


def afterwards(desk: Desk, ticket: Ticket, actor: Actor) -> bool:
    """More of what is done already: the rest of an album, a forgotten picture, words that came later.

    False: neither, and the question for the work is answered as an old one
    """
    words, files = desk.inbound.text.strip(), desk.inbound.attachments
    if not words and files:
        keep(desk, ticket)
        return True
    if not words or (says_finished(words) and not files):
        return False
    to_citizen(desk, ticket, actor, CARD, above=overtaken.by_colleague(desk.unit, ticket, actor))
    return True


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
