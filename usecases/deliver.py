"""T3 and T4: claim what may leave now, render it, and write down how the sending ended. No network in here."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from conversations import where
from conversations.state import State
from tickets.calendar import is_quiet, next_allowed
from tickets.cards import card
from tickets.rule import never_sleeps
from tickets.ticket import Ticket
from usecases import informed, merging, people, templates, unreached, window
from usecases.bodies import body, rows, words
from usecases.house import House
from usecases.ports import Outgoing, Photo, SendFailed
from usecases.records import Birth, Chat, Claimed, MediaRow, Settled
from usecases.sight import seen_from
from usecases.tell import retired
from usecases.trouble import is_storage_trouble
from usecases.undelivered import undelivered
from usecases.unit import Unit

log = logging.getLogger("sahut.deliver")

ELSEWHERE = "-"  # a viewer that holds no ticket: the card of a former office


class Job(Struct, frozen=True):
    """One claimed row and what the channel gets; card_version: the ticket version a card shows.
    behind: the mark of the message under way after which it may leave, see `Leave`."""

    row: Claimed
    message: Outgoing
    card_version: int = 0
    behind: str = ""


class Leaving(Struct, frozen=True):
    """A message that leaves with the commit of the transaction that decided it."""

    made: Job
    birth: Birth

    def job(self) -> Job | None:
        """After the commit; None when something stands before it, or it was said before."""
        birth, made = self.birth, self.made
        if birth.waits or not birth.id:
            return None
        if made.row.id != birth.id:  # it was written with those of other units
            made = replace(made, row=replace(made.row, id=birth.id), message=replace(made.message, id=birth.id))
        return made


def claim(unit: Unit, house: House, fences: Sequence[str], resting: Sequence[int], paused: Sequence[str]) -> list[Job]:
    """Lease rows and render them. Rows that need not be sent any more are settled at once."""
    jobs: list[Job] = []
    dropped: list[Settled] = []
    for claimed in unit.outbox.claim(fences, resting, paused):
        row, said = merging.together(unit, house, claimed)
        dropped += said
        made = _prepare_safely(unit, house, row)
        if isinstance(made, Job):
            jobs.append(made)
        else:
            dropped.append(made)
    unit.outbox.settle(dropped)
    return jobs


def born(unit: Unit, house: House, chat: Chat, birth: Birth) -> Leaving:
    """The job for a plain text of a private chat that is claimed in the transaction that decides it."""
    row = birth.row
    claimed = Claimed(
        id=birth.id,
        fence=birth.leave.fence,
        chat=chat.id,
        channel=chat.channel,
        peer=chat.peer,
        group=chat.group,
        person=chat.person,
        locale=chat.locale,
        reachable="ok",
        kind=row.kind,
        cls=row.cls,
        body=row.body,
        attempts=1,
        ambiguous=0,
        ticket=row.ticket,
        purpose=row.purpose,
        card=0,
        guard="",
        created_at=unit.now,
        first_failed_at=None,
        phone=unit.people.phone(chat.id) if chat.channel in house.windows else "",
    )
    return Leaving(Job(claimed, _text(unit, house, claimed, chat), behind=birth.leave.behind), birth)


def _prepare_safely(unit: Unit, house: House, row: Claimed) -> Job | Settled:
    """One message that cannot be rendered must not hold up all others."""
    try:
        return _prepare(unit, house, row)
    except Exception as error:
        if is_storage_trouble(error):
            raise
        log.exception("a message cannot be rendered", extra={"outbox_id": row.id})
        unit.system.bury("outbox_message", row.id, type(error).__name__)
        return Settled(row.id, row.fence, "dead", error=type(error).__name__)


def _prepare(unit: Unit, house: House, row: Claimed) -> Job | Settled:
    """The job, or how a row ends that must not be sent; `sahut verify` knows these reasons."""
    if row.reachable == people.MOVED:  # until the tracking code is told from the new number
        return Settled(row.id, row.fence, "held", error="moved")
    if row.reachable != "ok" and not row.group:
        unreached.tell_others(unit, house, row)
        return Settled(row.id, row.fence, "cancelled", error="unreachable")
    if row.kind == "text" and not row.guard:
        return _fitting(unit, house, Job(row, _text(unit, house, row)))
    ticket = unit.tickets.get(row.ticket) if row.ticket else None
    if row.guard and (ticket is None or str(ticket.status) != row.guard):
        return Settled(row.id, row.fence, "cancelled", error="moved on")  # while the nudge waited
    if row.guard and ticket and (morning := _waits_until(unit, house, row, ticket)):
        return Settled(row.id, row.fence, "queued", next_at=morning, count_attempt=False)
    made: Job | None = Job(row, _text(unit, house, row)) if row.kind == "text" else None
    if row.kind == "card":
        if ticket is not None and (made := _card(unit, house, row, ticket)) is None:
            return Settled(row.id, row.fence, "superseded")  # an earlier row already showed this state
    elif row.kind == "photos":
        made = _photos(unit, house, row)
    if made is None:
        return Settled(row.id, row.fence, "cancelled", error="nothing to show")
    return _fitting(unit, house, made)


def _fitting(unit: Unit, house: House, made: Job) -> Job | Settled:
    """The same job, or what the channel allows while the person's window is shut: a template, or to wait."""
    row = made.row
    if house.window_open(row.channel, row.window_until, unit.now):
        return made
    form = templates.template_for(unit, house, row)
    if form is not None:
        return replace(made, message=replace(made.message, template=form, rows=(), photos=(), edit_of=""))
    unreached.show_held(unit, house, row)
    return Settled(row.id, row.fence, "held", error="window", count_attempt=False)


def _waits_until(unit: Unit, house: House, row: Claimed, ticket: Ticket) -> datetime | None:
    """A nudge that was held up until night waits for the morning, as if it were due only now."""
    city, now = house.city, unit.now
    if not is_quiet(now, city.policy, city.zone):
        return None
    if never_sleeps(ticket, city) and (row.group or unit.agencies.bound_to(row.chat)):  # a head's or an officer's own
        return None
    return next_allowed(now, city.policy, city.zone)


def _text(unit: Unit, house: House, row: Claimed, chat: Chat | None = None) -> Outgoing:
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
    return unit.tickets.card(row.ticket, row.chat).message_id


def _card(unit: Unit, house: House, row: Claimed, ticket: Ticket) -> Job | None:
    shown = unit.tickets.card_by_id(row.card)
    if shown is None or (shown.message_id and shown.shown_version >= ticket.version and not _said_again(row)):
        return None
    here, whose = seen_from(unit, house, row.chat, ticket.agency)
    text, choices = card(
        ticket,
        house.city,
        unit.now,
        photos=unit.media.count(ticket.id),
        reporter_name=unit.chats.person_name(ticket.reporter) if ticket.named else "",
        viewer=whose if here else ELSEWHERE,
        heard=informed.heard(unit, house, ticket),
    )
    stored = body(text, choices, columns=2)
    message = Outgoing(
        id=row.id,
        channel=row.channel,
        peer=row.peer,
        text=words(house, stored, row.locale),
        rows=rows(house, stored, row.locale, row.chat),
        edit_of="" if row.body.get("anew") or row.channel in house.windows else shown.message_id,  # or cannot edit
        group=row.group,
        locale=row.locale,
        aliases=_aliases(row),
    )
    return Job(row, message, ticket.version)


def _said_again(row: Claimed) -> bool:
    """The card is asked for although the ticket did not change: it became late, or is to be seen at the bottom."""
    return bool(row.body.get("again") or row.body.get("anew"))


def _photos(unit: Unit, house: House, row: Claimed) -> Job | None:
    files = [unit.media.get(int(media)) for media in row.body.get("media", ())]
    photos = tuple(_file(house, found) for found in files if found is not None and found.state == "stored")
    if not photos:
        return None
    message = Outgoing(
        id=row.id,
        channel=row.channel,
        peer=row.peer,
        text="",
        photos=photos,
        reply_to=_reply_to(unit, row),
        group=row.group,
        locale=row.locale,
        aliases=_aliases(row),
    )
    return Job(row, message)


def _file(house: House, row: MediaRow) -> Photo:
    return Photo(house.media / row.sha256[:2] / row.sha256, row.mime, row.sha256, row.kind)


# -- T4 ---------------------------------------------------------------------------------------------


class Sent(Struct, frozen=True):
    """How one send ended: a message id, or the failure. also: further messages of the platform that it took."""

    job: Job
    message_id: str = ""
    failed: SendFailed | None = None
    also: tuple[str, ...] = ()


def settle(unit: Unit, house: House, results: Sequence[Sent]) -> None:
    """Write the ends of several sends in one transaction."""
    settled = []
    for result in results:
        row = result.job.row
        if result.failed is None:
            unit.outbox.took(row.id, row.chat, result.also)
            if row.card:
                _retire(unit, house, result)
                unit.tickets.card_shown(row.card, result.message_id, result.job.card_version)
            settled.append(Settled(row.id, row.fence, "sent", message_id=result.message_id))
        else:
            editing = bool(result.job.message.edit_of)
            settled.append(undelivered(unit, house, row, result.failed, editing=editing))
    unit.outbox.settle(settled)


def _retire(unit: Unit, house: House, result: Sent) -> None:
    """A card was posted although an older one stands in the chat: that one loses its buttons, where one can edit."""
    row, new = result.job.row, result.message_id
    old = unit.tickets.card_by_id(row.card)
    ticket = unit.tickets.get(row.ticket)
    if result.job.message.edit_of or row.channel in house.windows:
        return
    if old is None or ticket is None or old.message_id in ("", new):
        return
    unit.outbox.add([retired(row.chat, ticket, row.card, old.message_id)])
