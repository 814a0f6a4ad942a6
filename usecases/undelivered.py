"""What becomes of a message that did not arrive: again, other words, waiting, or given up with a reason."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from msgspec.structs import replace

from usecases import copies, templates, unreached
from usecases.house import House
from usecases.ports import Failure, SendFailed
from usecases.records import Claimed, Settled
from usecases.unit import Unit

BACKOFF = (1, 2, 5, 15, 30, 60, 120, 300)  # seconds before the next try, then every five minutes
NOT_ITS_FAULT = {Failure.BROKEN: timedelta(seconds=60), Failure.BEHIND: timedelta(0)}
_NUMBER = re.compile(r"\d{5,}")


def undelivered(
    unit: Unit, house: House, row: Claimed, failed: SendFailed, *, editing: bool = False, left: datetime | None = None
) -> Settled:
    """What becomes of a message that did not arrive, whether that is known at once or told later.

    left: when it was sent, where its platform had taken it and tells now
    """
    now = unit.now
    end = Settled(row.id, row.fence, "queued", error=_safe(str(failed)))
    match failed.failure:
        case Failure.NOT_SENT if failed.retry_after_s > 0:
            until = now + timedelta(seconds=failed.retry_after_s)
            unit.system.block(_scope(row, failed), until, "429")
            return replace(end, next_at=until, count_attempt=False)
        case Failure.NOT_SENT if failed.detail.startswith("500") and row.cls != "must":
            return replace(end, state="uncertain", ambiguous=1)  # it may be out: a nudge is not worth a second copy
        case Failure.NOT_SENT:
            return replace(end, next_at=now + _wait(row.attempts))
        case Failure.AMBIGUOUS:
            return _ambiguous(unit, row, end, failed.retry_after_s, editing)
        case Failure.CANNOT_EDIT:
            return _not_edited(unit, row, end)
        case Failure.MOVED:
            unit.chats.move(row.channel, _left(row.peer, failed.moved_to), failed.moved_to)
            return replace(end, next_at=now, count_attempt=False)
        case Failure.BROKEN | Failure.BEHIND | Failure.PACE:
            wait = NOT_ITS_FAULT.get(failed.failure, timedelta(seconds=failed.retry_after_s))
            return replace(end, next_at=now + wait, count_attempt=False)
        case Failure.OUTSIDE_WINDOW | Failure.TEMPLATE | Failure.UNWANTED:
            return _other_words(unit, house, row, failed.failure, end, left)
        case Failure.GONE:
            _gone(unit, house, row)
            return replace(end, state="failed")
        case _:
            unit.system.bury("outbox_message", row.id, _safe(str(failed)))
            return replace(end, state="dead")


def _not_edited(unit: Unit, row: Claimed, end: Settled) -> Settled:
    """The next try posts a new card; a former card that is gone has no buttons left to take away."""
    if not row.card:
        return replace(end, state="cancelled", error="nothing to show")
    unit.tickets.card_shown(row.card, "", 0)
    return replace(end, next_at=unit.now, count_attempt=False)


def _gone(unit: Unit, house: House, row: Claimed) -> None:
    """This person or group cannot be reached any more: noted, and told to those who can act."""
    unit.chats.set_reachable(row.chat, "blocked")
    if not row.group:
        unit.agencies.duty(row.chat, on=False)  # an officer whose chat is gone keeps no tickets from others
    unreached.bury_if_group(unit, row)
    unreached.tell_others(unit, house, row)


def _other_words(
    unit: Unit, house: House, row: Claimed, failure: Failure, end: Settled, left: datetime | None
) -> Settled:
    """Free words were refused: a template is next. A template was refused: the next one. Else it waits. What is told of
    a message that left before its person wrote again says nothing of the window that they opened by it."""
    window, until = house.like(row.channel).window, unit.people.window(row.chat)[1]
    is_open = window is not None and house.window_open(row.channel, until, unit.now)
    wrote = until != row.window_until or bool(left and until and window and left < until - window)
    again = is_open and wrote  # in free words now
    if failure is Failure.OUTSIDE_WINDOW and window is not None and not again:
        again = house.window_open(row.channel, row.window_until, left or unit.now)  # it was free words: a template now
        if is_open:
            unit.people.shut(row.chat)
    elif failure is Failure.TEMPLATE:
        again = templates.distrust(unit, house, row) or again
    if again:
        return replace(end, next_at=unit.now, count_attempt=False)
    unreached.show_held(unit, house, row)
    return replace(end, state="held", count_attempt=False)


def _left(peer: str, moved_to: str) -> str:
    """What moves: the group with all its topics, or one lost topic into the group it lay in."""
    group = peer.split("/")[0]
    return peer if group == moved_to else group


def _ambiguous(unit: Unit, row: Claimed, end: Settled, word_in_s: float, editing: bool) -> Settled:
    """The message may be out: repeated within the cap, or let go.

    word_in_s: the platform tells within this time whether it is; until then nothing is repeated
    """
    if editing and row.attempts < copies.EDITS:
        return replace(end, next_at=unit.now + copies.AGAIN)
    again = timedelta(seconds=word_in_s) if word_in_s else copies.AGAIN
    state, wait = copies.then(row.cls, row.ambiguous + 1, again)
    if state == "dead":
        unit.system.bury("outbox_message", row.id, copies.GIVEN_UP)
    return replace(end, state=state, next_at=None if wait is None else unit.now + wait, ambiguous=1)


def _wait(attempts: int) -> timedelta:
    return timedelta(seconds=BACKOFF[min(max(attempts - 1, 0), len(BACKOFF) - 1)])


def _scope(row: Claimed, failed: SendFailed) -> str:
    return row.channel if failed.whole_bot else f"{row.channel}:{row.peer.split('/')[0]}"


def _safe(detail: str) -> str:
    """Platform messages may quote ids; long digit runs do not belong into an error column."""
    return _NUMBER.sub("#", detail)
