"""T3 and T4: claim what may leave now, render it, and write down how the sending ended. No network in here."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from tickets.calendar import is_quiet, next_allowed
from tickets.rule import never_sleeps
from tickets.ticket import Ticket
from usecases import digests, merging, outgoing, people, relay, templates, unreached
from usecases.guarded import guarded
from usecases.house import House
from usecases.ports import Outgoing, SendFailed
from usecases.records import Birth, Chat, Claimed, Settled
from usecases.tell import retired
from usecases.trouble import is_storage_trouble
from usecases.undelivered import undelivered
from usecases.unit import Unit

log = logging.getLogger("sahut.deliver")


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


def claim(
    unit: Unit, house: House, fences: Sequence[str], resting: Sequence[int], room: Mapping[str, int]
) -> list[Job]:
    """Lease rows, see `Outbox.claim`, and render them. Rows that need not be sent any more are settled at once."""
    jobs: list[Job] = []
    dropped: list[Settled] = []
    for claimed in unit.outbox.claim(fences, resting, room):
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
    like = house.like(chat.channel)
    phone, until = unit.people.phone_and_window(chat.id) if like.numbers or like.window else ("", None)
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
        phone=phone,
        window_until=until,
    )
    return Leaving(Job(claimed, outgoing.text(unit, house, claimed, chat), behind=birth.leave.behind), birth)


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
    if digests.is_digest(row):
        return _of_many(unit, house, row)
    if row.kind == "text" and not row.guard:
        return _fitting(unit, house, Job(row, outgoing.text(unit, house, row)))
    ticket = unit.tickets.get(row.ticket) if row.ticket else None
    if row.guard and (ticket is None or str(ticket.status) != row.guard):
        return Settled(row.id, row.fence, "cancelled", error="moved on")  # while the nudge waited
    if row.guard and ticket and (morning := _waits_until(unit, house, row, ticket)):
        return Settled(row.id, row.fence, "queued", next_at=morning, count_attempt=False)
    if digests.is_digest(row := digests.gathered(unit, house, row)):
        return _of_many(unit, house, row)
    made = _made(unit, house, row, ticket)
    if made is None and row.kind == "card" and ticket is not None:
        return Settled(row.id, row.fence, "superseded")  # an earlier row already showed this state
    if made is None:
        return Settled(row.id, row.fence, "cancelled", error="nothing to show")
    return _fitting(unit, house, made)


def _of_many(unit: Unit, house: House, row: Claimed) -> Job | Settled:
    now = digests.fresh(unit, house, row)
    if isinstance(now, Settled):
        return now
    alone = replace(now, ticket=0)  # it hangs below no card
    return _fitting(unit, house, Job(now, outgoing.text(unit, house, alone)))


def _made(unit: Unit, house: House, row: Claimed, ticket: Ticket | None) -> Job | None:
    """None: there is nothing to show, or nothing new."""
    message, version = None, 0
    if row.kind == "text":
        message = outgoing.text(unit, house, row)
    elif row.kind == "photos":
        message = outgoing.photos(unit, house, row)
    elif row.kind == "card" and ticket is not None:
        message, version = outgoing.card(unit, house, row, ticket), ticket.version
    return Job(row, message, version) if message is not None else None


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


# -- T4 ---------------------------------------------------------------------------------------------


class Sent(Struct, frozen=True):
    """How one send ended: a message id, or the failure. also: further messages of the platform that it took."""

    job: Job
    message_id: str = ""
    failed: SendFailed | None = None
    also: tuple[str, ...] = ()


def settle(unit: Unit, house: House, results: Sequence[Sent]) -> None:
    """Write the ends of several sends in one transaction.

    An end that an error of ours cannot write costs no other its record: then each is written by itself. Of one that
    left this much is kept, what did not leave is left to its lease.
    """
    with guarded(unit, "ends of sends are written one by one") as together:
        unit.outbox.settle([_end(unit, house, result) for result in results])
    if together.error is None:
        return
    for result in results:
        row = result.job.row
        with guarded(unit, "the end of a send cannot be written", outbox_id=row.id) as alone:
            unit.outbox.settle([_end(unit, house, result)])
        if alone.error is not None and result.failed is None:
            with guarded(unit, "that a message left cannot be written", outbox_id=row.id):
                unit.outbox.settle([Settled(row.id, row.fence, "sent", message_id=result.message_id)])


def _end(unit: Unit, house: House, result: Sent) -> Settled:
    """What becomes of the row; whatever else hangs on it is written here."""
    row = result.job.row
    if result.failed is not None:
        return undelivered(unit, house, row, result.failed, editing=bool(result.job.message.edit_of))
    unit.outbox.took(row.id, row.chat, (*result.also, *relay.line_of(row)))
    digests.arrived(unit, row)
    if row.card:
        _retire(unit, house, result)
        unit.tickets.card_shown(row.card, result.message_id, result.job.card_version)
    return Settled(row.id, row.fence, "sent", message_id=result.message_id)


def _retire(unit: Unit, house: House, result: Sent) -> None:
    """A card was posted although an older one stands in the chat: that one loses its buttons, where one can edit."""
    row, new = result.job.row, result.message_id
    old = unit.tickets.card_by_id(row.card)
    ticket = unit.tickets.get(row.ticket)
    if result.job.message.edit_of or not house.like(row.channel).edits:
        return
    if old is None or ticket is None or old.message_id in ("", new):
        return
    unit.outbox.add([retired(row.chat, ticket, row.card, old.message_id)])
