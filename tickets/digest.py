"""Many reminders of one kind for one chat, said in one message: the numbers, late first, and the way to the rest."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from texts.text import Text, say
from tickets.city import City
from tickets.figures import in_order, queue_line
from tickets.notice import lines
from tickets.ticket import Ticket

HANDFUL = 5  # reminders of one kind that a chat gets one by one; more become one message
SHOWN = 10  # numbers in it: it is read on a telephone, and /antrean has them all
_UNTAKEN, _LATE = "nudge.many_untaken", "nudge.many_late"
OPENINGS = {  # a rule that is not named here is said in general words
    "acknowledge_soon": "nudge.many_untaken_soon",
    "acknowledge_late": _UNTAKEN,
    "acknowledge_head": _UNTAKEN,
    "acknowledge_ops": _UNTAKEN,
    "resolve_soon": "nudge.many_soon",
    "resolve_late": _LATE,
    "resolve_head": _LATE,
    "resolve_ops": _LATE,
    "promise_slipped": _LATE,
    "still_open": _LATE,
    "unrouted": "nudge.many_unrouted",
    "external_chase": "nudge.many_external",
    "notice.group_today": "nudge.many_today",
}


def digest(sort: str, tickets: Sequence[Ticket], city: City, now: datetime) -> Text:
    """sort: the kind of the rule, or the key of the words that each would have been said in"""
    ordered = in_order(tickets, now)
    several = len({ticket.agency for ticket in ordered}) > 1
    left = len(ordered) - SHOWN
    return lines(
        say(OPENINGS.get(sort, "nudge.many"), count=len(ordered)),
        *(queue_line(ticket, city, now, several) for ticket in ordered[:SHOWN]),
        say("nudge.many_more", count=left) if left > 0 else None,
        say("nudge.many_queue"),
    )
