"""Texts that wait for the same person leave as one, on channels where each message costs money and a person may get
few of them at a time."""

from __future__ import annotations

from msgspec.structs import replace

from usecases.bodies import rows, words
from usecases.guarded import guarded
from usecases.house import House
from usecases.records import Claimed, Held, Settled
from usecases.unit import Unit
from usecases.window import merged

MOST = 5
ROOM = 1000  # signs; what is longer could not stand above buttons
BETWEEN = "\n\n"  # as window.merged puts it


def together(unit: Unit, house: House, row: Claimed) -> tuple[Claimed, list[Settled]]:
    """The row itself, or the last of those that go with it, with the words of all; how the others end.

    Only plain texts about one report, with nothing to press but below the last: each stays what it was.
    """
    windowed = house.like(row.channel).window is not None
    if not windowed or not house.window_open(row.channel, row.window_until, unit.now):
        return row, []
    group: list[Held] = []
    with guarded(unit, "messages cannot be said in one", outbox_id=row.id):
        group = _group(unit, house, row)
    if len(group) < 2:  # whichever cannot be rendered is buried when its turn comes
        return row, []
    *said, last = group
    body = merged(group)
    unit.lanes.take_over(last.id, row.fence, body)
    unit.lanes.said_with_another([one.id for one in said[1:]])
    gone = Settled(row.id, row.fence, "superseded", error="said with a later one")
    return replace(row, id=last.id, body=body, purpose=last.purpose, attempts=1, ambiguous=0), [gone]


def _group(unit: Unit, house: House, row: Claimed) -> list[Held]:
    """The row and those that go with it. Each is rendered by itself: one that cannot be raises, before any is taken."""
    group = [Held(row.id, row.kind, row.cls, row.body, row.ticket, row.purpose, row.guard)]
    if row.kind != "text" or not _plain(row.body, row.guard):
        return group
    following = unit.lanes.following(row.chat, row.id, MOST)
    size = len(words(house, row.body, row.locale)) if following else 0
    for later in following:
        if not _joins(row, later):
            break
        size += len(BETWEEN) + len(words(house, later.body, row.locale))
        if size > ROOM:
            break
        rows(house, later.body, row.locale, row.chat)
        group.append(later)
        if not _plain(later.body, later.guard):
            break
    return group


def _joins(row: Claimed, later: Held) -> bool:
    """Is it about the same, as important, and free of conditions?"""
    same = later.kind == "text" and later.ticket == row.ticket and later.cls == row.cls
    return same and not later.guard and not later.body.get("reply_to")


def _plain(body: dict[str, object], guard: str) -> bool:
    """Nothing to press, nothing quoted, no condition."""
    return not (guard or body.get("choices") or body.get("reply_to") or body.get("ask_reply") or body.get("media"))
