"""What a platform tells about messages that left us: how far they came, and which came back after all."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence

from usecases import account
from usecases.guarded import guarded
from usecases.house import House
from usecases.ports import AccountEvent, Failure, Reach, Report, SendFailed
from usecases.records import Told
from usecases.undelivered import undelivered
from usecases.unit import Unit

log = logging.getLogger("sahut.reports")

RANK = {"": 0, Reach.SENT: 1, Reach.DELIVERED: 2, Reach.READ: 3, Reach.FAILED: 9}
BATCH = 200
MOST_TRIES = 6  # of a message that is taken each time and comes back each time


def taken(unit: Unit, house: House, reports: Sequence[Report], events: Sequence[AccountEvent] = ()) -> int:
    """Everything a platform tells besides messages, in one transaction; how many of ours wait now to be sent."""
    take(unit, house, reports)
    for event in events:
        _event(unit, house, event)
    return unit.outbox.queued


def _event(unit: Unit, house: House, event: AccountEvent) -> None:
    """One that we cannot digest is put aside: refused, it would come again for days."""
    with guarded(unit, "news of the account could not be understood", kind=event.kind) as attempt:
        account.take(unit, house, event)
    if attempt.error is not None:
        body = json.dumps({event.kind: event.value}, ensure_ascii=False).encode("utf-8", "replace")
        unit.inbox.quarantine(event.channel, body, attempt.reason)


def take(unit: Unit, house: House, reports: Sequence[Report]) -> int:
    """Keep every report once and apply it; how many were new."""
    fresh = [(made, report) for report in reports if (made := unit.statuses.add(report))]
    unit.statuses.applied([made for made, report in fresh if _safely(unit, house, report)])
    return len(fresh)


def again(unit: Unit, house: House) -> int:
    """Reports that came before their message was known; how many found it now."""
    found = [made for made, report in unit.statuses.parked(BATCH) if _safely(unit, house, report)]
    unit.statuses.applied(found)
    unit.statuses.forget(BATCH)
    return len(found)


def _safely(unit: Unit, house: House, report: Report) -> bool:
    """One report that an error of ours cannot digest must not hold up all others, nor come back for ever."""
    known = True
    with guarded(unit, "a report could not be applied", outbox_id=report.outbox):
        known = _apply(unit, house, report)
    return known


def _apply(unit: Unit, house: House, report: Report) -> bool:
    """False: its message is not known, or is just being sent; later again."""
    told = unit.statuses.message(report)
    if told is None:
        return False
    if RANK[report.reach] <= RANK[told.reach]:
        return True  # a late or repeated word
    if report.reach is not Reach.FAILED:
        unit.outbox.reached(told.id, report)
        if told.state == "dead":
            unit.system.unbury("outbox_message", told.id, "it had arrived")
        return True
    if told.state == "sending":
        return False
    if _of_another_copy(told, report) or told.reach in (Reach.DELIVERED, Reach.READ):
        return True  # one copy did arrive
    _failed_later(unit, house, told, report)
    return True


def _of_another_copy(told: Told, report: Report) -> bool:
    return told.state != "sent" or bool(told.message_id and told.message_id != report.message_id)


def _failed_later(unit: Unit, house: House, told: Told, report: Report) -> None:
    """The platform took the message and could not deliver it: as if it had refused it at once."""
    row = unit.outbox.get(told.id)
    if row is None:
        return
    log.warning("a message was not delivered", extra={"outbox_id": told.id, "detail": report.detail})
    unit.outbox.reached(told.id, report)
    failure = report.failure or Failure.REFUSED
    if failure is Failure.NOT_SENT and row.attempts >= MOST_TRIES:
        failure = Failure.REFUSED  # each try may cost money
    failed = SendFailed(failure, report.detail)
    unit.outbox.reopen(undelivered(unit, house, row, failed, left=told.sent_at or row.created_at))
