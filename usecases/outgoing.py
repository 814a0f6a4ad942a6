"""What a channel gets for a row of the outbox: words in the reader's language, a card as it is now, pictures."""

from __future__ import annotations

from conversations import where
from conversations.state import State
from tickets.actions import buttons
from tickets.cards import OPS
from tickets.cards import card as of_ticket
from tickets.ticket import Status, Ticket
from usecases import informed, veil, window
from usecases.bodies import body, rows, words
from usecases.house import House
from usecases.ports import Outgoing, Photo
from usecases.records import Chat, Claimed, MediaRow
from usecases.sight import seen_from
from usecases.tell import centre_reached
from usecases.unit import Unit

ELSEWHERE = "-"  # a viewer that holds no ticket: the card of a former office


def text(unit: Unit, house: House, row: Claimed, chat: Chat | None = None) -> Outgoing:
    """The words of a row; chat: where they go, when it has been read anyway."""
    return Outgoing(
        id=row.id,
        channel=row.channel,
        peer=row.peer,
        text=words(house, row.body, row.locale),
        rows=rows(house, row.body, row.locale, row.chat),
        edit_of=str(row.body.get("edit_of", "")),
        ask_reply=bool(row.body.get("ask_reply")),
        reply_to=_reply_to(unit, row),
        group=row.group,
        locale=row.locale,
        aliases=_aliases(row),
        keeps_keyboard=_beside_the_place(unit, row, chat),
    )


def _beside_the_place(unit: Unit, row: Claimed, chat: Chat | None) -> bool:
    """News of a report, or of a file, that reaches somebody who is being asked for the place of another one."""
    if row.group or row.purpose in window.DIALOGUE:
        return False
    return where.asked(State.loads((chat or unit.chats.get(row.chat)).state))


def _aliases(row: Claimed) -> tuple[str, ...]:
    return (row.phone,) if row.phone and row.phone != row.peer else ()


def _reply_to(unit: Unit, row: Claimed) -> str:
    """In a group what is said about a ticket hangs below its card."""
    given = str(row.body.get("reply_to", ""))
    if given or not (row.group and row.ticket):
        return given
    return unit.tickets.card_message(row.ticket, row.chat)


def card(unit: Unit, house: House, row: Claimed, ticket: Ticket) -> Outgoing | None:
    """The ticket as it is now, posted or in place of the card that stands; None when an earlier row showed this."""
    shown = unit.tickets.card_by_id(row.card)
    if shown is None or (shown.message_id and shown.shown_version >= ticket.version and not _said_again(row)):
        return None
    here, whose = seen_from(unit, house, row.chat, ticket.agency)
    said, choices = of_ticket(
        veil.shown(unit, house, ticket),
        house.city,
        unit.now,
        photos=unit.media.count(ticket.id),
        reporter_name=unit.chats.person_name(ticket.reporter) if ticket.named else "",
        viewer=whose if here else ELSEWHERE,
        heard=informed.heard(unit, house, ticket),
    )
    if here and whose != OPS and ticket.status is Status.REOPEN_REQUESTED and not centre_reached(unit, house):
        choices = buttons(ticket, house.city, unit.now, centre=False)
    stored = body(said, choices, columns=2)
    return Outgoing(
        id=row.id,
        channel=row.channel,
        peer=row.peer,
        text=words(house, stored, row.locale),
        rows=rows(house, stored, row.locale, row.chat),
        edit_of="" if row.body.get("anew") or not house.like(row.channel).edits else shown.message_id,
        group=row.group,
        locale=row.locale,
        aliases=_aliases(row),
    )


def _said_again(row: Claimed) -> bool:
    """The card is asked for although the ticket did not change: it became late, or is to be seen at the bottom."""
    return bool(row.body.get("again") or row.body.get("anew"))


def photos(unit: Unit, house: House, row: Claimed) -> Outgoing | None:
    """The pictures of a row; None when there are none any more."""
    files = [unit.media.get(int(media)) for media in row.body.get("media", ())]
    shown = (found for found in files if found is not None and found.purpose != "undone")  # proof of the wrong work
    there = tuple(_file(house, found) for found in shown if found.state == "stored")
    if not there:
        return None
    return Outgoing(
        id=row.id,
        channel=row.channel,
        peer=row.peer,
        text="",
        photos=there,
        reply_to=_reply_to(unit, row),
        group=row.group,
        locale=row.locale,
        aliases=_aliases(row),
    )


def _file(house: House, row: MediaRow) -> Photo:
    return Photo(house.media / row.sha256[:2] / row.sha256, row.mime, row.sha256, row.kind)
