"""What the notices of all moves share: a sentence about the change, and what still holds of the promise."""

from __future__ import annotations

from datetime import datetime, timedelta

from texts.text import Moment, Param, Text, literal, say
from tickets.city import City
from tickets.moves import Changed
from tickets.notice import NOTE, Notice, agency_name, cut

SHORT = timedelta(hours=1)  # who takes a report up with less time left promises nothing by it


def about(changed: Changed, city: City, key: str, **more: Param) -> Text:
    """A sentence about the ticket; every text may use number, agency and note."""
    after = changed.after
    slots: dict[str, Param] = {
        "number": after.number,
        "agency": agency_name(city, after.agency),
        "note": literal(cut(changed.note, NOTE)),
        **more,
    }
    return say(key, **slots)


def everyone(changed: Changed, city: City, key: str, **more: Param) -> Notice:
    return Notice("everyone", about(changed, city, key, **more))


def promise(changed: Changed, soonest: datetime | None = None) -> Text:
    """What still holds of the promise: a time that has passed, or is too near, is not promised once more.

    The clock goes on whoever holds the report, so the citizen reads the same time, and that it may not be kept.

    soonest: before then the office need not even have taken it up
    """
    due, now = changed.after.resolve_due, changed.at
    resolve = Moment(due)
    if due <= now:
        return say("notice.promise_past", resolve=resolve)
    return say("notice.promise_near" if due < (soonest or now + SHORT) else "notice.promise", resolve=resolve)
