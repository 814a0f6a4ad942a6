"""Many reminders of one kind that wait for the same chat leave as one; each has fired and stays accounted for.

They are gathered when the first of them is about to leave, however many transactions queued them. What is said is
worked out anew at every try, so that a report that was taken up meanwhile is not in it.
"""

from __future__ import annotations

from msgspec.structs import replace

from texts.text import Choice, say
from tickets.calendar import is_quiet, next_allowed
from tickets.digest import HANDFUL, digest
from tickets.notice import OFFICERS, Notice
from tickets.ticket import Ticket
from usecases.bodies import body
from usecases.house import House
from usecases.records import Claimed, Settled
from usecases.unit import Unit

NUDGE, DIGEST = "nudge:", "digest:"  # purposes, followed by the sort of reminder
SHOW = "card:0:queue:0"  # the queue's first page


def sort_of(ticket: Ticket, notice: Notice, key: str) -> str:
    """The purpose of a reminder that may be gathered with others of its sort; "" for one that stands alone."""
    alone = notice.cls != "nudge" or notice.audience not in OFFICERS or ticket.danger
    if alone or notice.text is None:
        return ""
    return NUDGE + (key.split(":")[2] if key.startswith("rem:") else notice.text.key)


def gathered(unit: Unit, house: House, row: Claimed) -> Claimed:
    """The row itself, or the row with the words of all reminders of its sort that wait behind it."""
    free = house.window_open(row.channel, row.window_until, unit.now)  # else each goes in a form of its own, or waits
    if not row.purpose.startswith(NUDGE) or row.first_failed_at is not None or not free:
        return row
    sort = row.purpose.removeprefix(NUDGE)
    others = unit.lanes.alike(row.chat, row.purpose)
    reminded = [(row.ticket, row.guard), *((one.ticket, one.guard) for one in others)]
    if len(_still_so(unit, reminded)) <= HANDFUL:
        return row
    stored = body(say("nudge.many_queue"), (Choice(SHOW, say("action.queue")),))
    stored["reminded"] = [[ticket, guard] for ticket, guard in reminded]
    stored["rows"] = [one.id for one in others]
    unit.lanes.said_with_another(stored["rows"])
    unit.lanes.stands_for_all(row.id, stored, DIGEST + sort)
    return replace(row, body=stored, purpose=DIGEST + sort, guard="")


def is_digest(row: Claimed) -> bool:
    return row.purpose.startswith(DIGEST)


def fresh(unit: Unit, house: House, row: Claimed) -> Claimed | Settled:
    """The digest as it is true now, or how it ends."""
    reminded = _still_so(unit, [(int(ticket), str(guard)) for ticket, guard in row.body["reminded"]])
    tickets = list({ticket.id: ticket for ticket in reminded}.values())  # some were due twice while nothing could leave
    if not tickets:
        return Settled(row.id, row.fence, "cancelled", error="moved on")
    city, now = house.city, unit.now
    if is_quiet(now, city.policy, city.zone):  # danger is in no digest
        morning = next_allowed(now, city.policy, city.zone)
        return Settled(row.id, row.fence, "queued", next_at=morning, count_attempt=False)
    said = digest(row.purpose.removeprefix(DIGEST), tickets, city, now)
    return replace(row, body={**row.body, "text": said})


def _still_so(unit: Unit, reminded: list[tuple[int, str]]) -> list[Ticket]:
    """The reports of the reminders that are still true, one for each."""
    found = [(unit.tickets.get(ticket), guard) for ticket, guard in reminded]
    return [ticket for ticket, guard in found if ticket is not None and str(ticket.status) == guard]


def arrived(unit: Unit, row: Claimed) -> None:
    """Every report in it counts as told of."""
    if is_digest(row):
        unit.lanes.left_with_another([int(one) for one in row.body["rows"]])
