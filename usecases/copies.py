"""How often a message that may have arrived is sent again: what must arrive within a cap, all else not at all.

`ambiguous` of a row counts its copies of which nobody knows whether they arrived.
"""

from __future__ import annotations

from datetime import timedelta

SOON = 3  # so many leave soon one after the other
MOST = 4  # with the late one, sent when what was wrong may be over
PARK = timedelta(minutes=10)  # between the last of the soon ones and the late one
PARKED = range(SOON, MOST)  # `ambiguous` of a row that waits for that
AGAIN = timedelta(seconds=5)
WORD_COMES = timedelta(seconds=60)  # a platform that tells what arrived tells it by then
EDITS = 9  # an edit may be repeated more freely: it shows nothing twice
GIVEN_UP = "may have arrived, never confirmed"  # why it stands in the dead letters


def then(cls: str, copies: int, wait: timedelta) -> tuple[str, timedelta | None]:
    """What becomes of a row when so many copies of it may have arrived: (state, how long it stays so).

    wait: before it is sent again soon. The time is None where nothing comes after the state.
    """
    if cls != "must":
        return "uncertain", None
    if copies < SOON:
        return "queued", wait
    if copies < MOST:
        return "uncertain", PARK
    return "dead", None
