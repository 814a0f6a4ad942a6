"""An officer's words and files on their way to the citizen."""

from __future__ import annotations

from conversations.inbound import Attachment, MediaKind
from texts.text import say
from tickets.moves import Actor
from tickets.notices import relay_to_citizen
from tickets.ticket import Ticket
from usecases.desk import Desk
from usecases.tell import tell


def shows(kept: Attachment) -> bool:
    """Can one see the work on it? A voice note or a letter is passed on, but proves no repaired road."""
    if kept.kind is MediaKind.DOCUMENT:
        return kept.mime.startswith(("image/", "video/"))
    return kept.kind in (MediaKind.PHOTO, MediaKind.VIDEO)


def to_citizen(desk: Desk, ticket: Ticket, actor: Actor) -> None:
    """A reply below a card: in the name of the office, without the officer's."""
    words = desk.inbound.text.strip()
    if not words and not desk.inbound.attachments:
        desk.reply(say("group.relay_empty"), ticket=ticket.id)
        return
    keep(desk, ticket)
    seq = desk.unit.tickets.append(
        ticket.id,
        {
            "action": "tell",
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
    tell(desk.unit, desk.house, ticket, told, key=f"relay:{ticket.id}:{seq}")
    desk.reply(say("group.relayed", number=ticket.number), ticket=ticket.id)


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
