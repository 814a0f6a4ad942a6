"""Notices become outbox rows: who is meant, in which chat, said once."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from texts.text import say
from tickets.notice import RELAY, Notice
from tickets.rule import RUNG, Above
from tickets.ticket import Ticket
from usecases.bodies import body
from usecases.digests import sort_of
from usecases.house import House
from usecases.records import Queued
from usecases.unit import Unit

PRIORITY = {"group": 2, "old_group": 2, "old_office": 2, "head": 4, "ops": 4, "centre": 4}
CITIZENS = 3  # the priority of all others
CARD_PRIORITY = 2
PHOTOS = "photos"
ASKING = ("ask", "done", "reason", "schedule", "external", "decline", "close")  # the chat opens its answer box


def tell(
    unit: Unit,
    house: House,
    ticket: Ticket,
    notices: Sequence[Notice],
    *,
    key: str,
    previous_agency: str = "",
    writer: int = 0,
) -> None:
    """Queue what the notices say. key: unique for the occasion ("status:12:4"), so that it is said once.

    Of two reminders of the clock about a ticket, a chat gets one in a minute: the first.

    writer: chat of the follower whose words these are; a reply to them is theirs. 0: the reporter's, or nobody's
    """
    rows: list[Queued] = []
    alarmed: set[int] = set()  # a chat may be the office's, its head's and the centre's: one alarm is enough for it
    from_ = group_chat(unit, house, previous_agency) if previous_agency else 0
    for number, notice in enumerate(notices):
        for chat in _chats(unit, house, ticket, notice, previous_agency, writer, moved=key.startswith("status:")):
            if notice.urgent and chat in alarmed:
                continue
            alarmed |= {chat} if notice.urgent else set()
            once = key.startswith("rem:") and notice.cls == "nudge"
            said = replace(notice, text=None) if once and unit.people.just_reminded(ticket.id, (chat,)) else notice
            anew = notice.new_card and chat != from_  # a desk that stands in for both offices has it before its eyes
            made = _rows(unit, ticket, said, chat, f"{key}:{number}:{chat}", anew=anew)
            rows.extend(answered_to(row, writer) for row in made)
    unit.outbox.add(rows)


def tell_chat(unit: Unit, ticket: Ticket, notices: Sequence[Notice], chat: int, *, key: str) -> None:
    """The same for one chat, whatever audience the notices name."""
    for number, notice in enumerate(notices):
        unit.outbox.add(_rows(unit, ticket, notice, chat, f"{key}:{number}:{chat}", anew=notice.new_card))


def answered_to(row: Queued, writer: int) -> Queued:
    """A follower's words or photos for the office: the reply to them goes to this chat (see usecases.relay)."""
    if not writer or row.purpose not in (RELAY, PHOTOS):
        return row
    return replace(row, purpose=f"{RELAY}:{writer}")


def _rows(unit: Unit, ticket: Ticket, notice: Notice, chat: int, key: str, *, anew: bool) -> list[Queued]:
    rows: list[Queued] = []
    if notice.refresh_card or notice.new_card:
        rows.append(card_row(unit, ticket, chat, occasion=key, anew=anew))
    if notice.text is not None:
        rows.append(
            Queued(
                chat=chat,
                dedupe=key,
                body=body(notice.text, notice.choices, columns=notice.columns, ask_reply=notice.expects in ASKING),
                cls=notice.cls,
                priority=0 if notice.urgent else PRIORITY.get(notice.audience, CITIZENS),
                ticket=ticket.id,
                purpose=notice.expects or sort_of(ticket, notice, key) or "notice",
                guard=str(ticket.status) if notice.cls == "nudge" else "",
            )
        )
    if notice.photos:
        ids = [row.id for row in unit.media.of_ticket(ticket.id) if row.purpose == notice.photos]
        rows.extend(photo_rows(chat, ticket, ids))
    return rows


def card_row(unit: Unit, ticket: Ticket, chat: int, *, occasion: str = "", anew: bool = False) -> Queued:
    """Show the ticket's present state in this group: its one card is made or edited when the row is sent.

    occasion: says it again although the ticket itself did not change (it became late, somebody joined)
    anew: post it at the bottom of the chat, also where an older one could be edited
    """
    card = unit.tickets.card(ticket.id, chat)
    return Queued(
        chat=chat,
        dedupe=f"card:{ticket.id}:{chat}:{ticket.version}:{occasion}",
        body={"anew": True} if anew else {"again": True} if occasion.startswith(("rem:", "join:")) else {},
        kind="card",
        priority=CARD_PRIORITY,
        ticket=ticket.id,
        purpose="card",
        card=card.id,
    )


def retired(chat: int, ticket: Ticket, card: int, message_id: str) -> Queued:
    """The card's former message in this chat becomes a pointer: one ticket has one card that can be pressed."""
    return Queued(
        chat=chat,
        dedupe=f"retired:{card}:{message_id}",
        body=body(say("card.posted_below", number=ticket.number)) | {"edit_of": message_id},
        cls="info",
        priority=CARD_PRIORITY,
        ticket=ticket.id,
        purpose="card",
    )


def photo_rows(chat: int, ticket: Ticket, media: Sequence[int]) -> list[Queued]:
    """Stored files of a ticket as one album (at most ten) below its card."""
    rows = []
    for start in range(0, len(media), 10):
        part = list(media[start : start + 10])
        rows.append(
            Queued(
                chat=chat,
                dedupe=f"photos:{ticket.id}:{chat}:{part[0]}",
                body={"media": part},
                kind="photos",
                priority=CARD_PRIORITY,
                ticket=ticket.id,
                purpose=PHOTOS,
            )
        )
    return rows


def group_chat(unit: Unit, house: House, agency: str) -> int:
    """The agency's group; without one the triage desk's, so that no ticket is owner-less; 0 when there is none."""
    return unit.agencies.group_of(agency, house.city.triage)


def working_chats(unit: Unit, house: House, ticket: Ticket) -> list[int]:
    """Where this report is worked on: the office's group, and the own chat of its holder, or of all on duty."""
    seats = unit.agencies.office(ticket.agency)
    mine = [seat.chat for seat in seats if not seat.officer or ticket.officer in (0, seat.officer)]
    if mine:
        return mine
    chat = group_chat(unit, house, ticket.agency)
    return [chat] if chat else []


def shows_card(unit: Unit, house: House, ticket: Ticket) -> list[int]:
    """The chats in which its card stands, or is on its way to. A row without a message is none elsewhere: versions
    before left one wherever a report was only spoken of."""
    office = working_chats(unit, house, ticket)
    return [card.chat for card in unit.tickets.cards(ticket.id) if card.message_id or card.chat in office]


def above(unit: Unit, house: House, ticket: Ticket) -> Above:
    """Who can really be told of a late ticket, and when the head last was: nudges claim nothing else."""
    head = unit.agencies.chat_of(ticket.agency, "head")
    ops = unit.agencies.chat_of(house.city.triage, "ops")
    office = working_chats(unit, house, ticket)
    return Above(
        head=_reached(unit, head),
        ops=_reached(unit, ops),
        office=any(_reached(unit, chat) for chat in office),
        reminded=unit.people.just_reminded(ticket.id, office, RUNG),
        head_told=unit.people.nudged_at(ticket.id, head) if head else None,
        ops_told=unit.people.nudged_at(ticket.id, ops) if ops and not _reached(unit, head) else None,
    )


def centre_reached(unit: Unit, house: House) -> bool:
    """Is there an operations centre that can decide?"""
    return _reached(unit, unit.agencies.chat_of(house.city.triage, "ops"))


def _reached(unit: Unit, chat: int) -> bool:
    return chat != 0 and unit.chats.get(chat).reachable == "ok"


def _chats(
    unit: Unit, house: House, ticket: Ticket, notice: Notice, previous_agency: str, writer: int, *, moved: bool
) -> list[int]:
    audience = notice.audience
    if audience in ("reporter", "writer"):
        return [writer or ticket.conversation] if audience == "writer" else [ticket.conversation]
    if audience in ("followers", "everyone", "others"):
        followers = [chat for chat in unit.tickets.follower_chats(ticket.id) if chat != ticket.conversation]
        everyone = [ticket.conversation, *followers]
        return followers if audience == "followers" else [c for c in everyone if c != writer or audience == "everyone"]
    if audience == "old_office":
        return _former(unit, house, ticket, previous_agency)
    if audience == "old_group":
        chat = unit.agencies.chat_of(previous_agency, "group") if previous_agency else 0
    elif audience == "head":
        chat = unit.agencies.chat_of(ticket.agency, "head")
    elif audience == "centre":
        chat = unit.agencies.chat_of(house.city.triage, "ops")
    elif audience == "ops":
        chat = _ops(unit, house, ticket)
    else:
        return _office(unit, house, ticket, notice, moved=moved)
    return [chat] if chat else []


def _office(unit: Unit, house: House, ticket: Ticket, notice: Notice, *, moved: bool) -> list[int]:
    """The office's group and its officers' own chats: all on duty hear of what is nobody's yet, then its holder.

    moved: the ticket itself changed; a private chat's card is not posted again for less
    """
    seats = unit.agencies.office(ticket.agency)
    chats = [seat.chat for seat in seats if not seat.officer]
    own = [seat for seat in seats if seat.officer]
    if not chats and not own:
        chat = group_chat(unit, house, ticket.agency)
        return [chat] if chat else []
    holders = [seat.chat for seat in own if seat.officer == ticket.officer]
    if ticket.officer and not notice.new_card:
        return chats + (holders if moved or notice.text is not None else [])
    return chats + ([seat.chat for seat in own] if notice.new_card or notice.text is not None else [])


def _former(unit: Unit, house: House, ticket: Ticket, agency: str) -> list[int]:
    """The chats of the office before that show the ticket, but for one that works on it now as well."""
    now = working_chats(unit, house, ticket)
    shown = {card.chat for card in unit.tickets.cards(ticket.id) if card.message_id}
    return [seat.chat for seat in unit.agencies.office(agency) if seat.chat in shown and seat.chat not in now]


def _ops(unit: Unit, house: House, ticket: Ticket) -> int:
    """The operations centre; a city that has not bound one yet hears it in the agency's own group."""
    return unit.agencies.chat_of(house.city.triage, "ops") or group_chat(unit, house, ticket.agency)
