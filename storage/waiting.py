"""Units of work that wait for their turn, and how those who wait for them are told."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from msgspec import Struct

from storage.inbox import Arrival
from storage.unit import Unit
from usecases.ports import Unavailable
from usecases.trouble import is_storage_trouble, why

log = logging.getLogger("sahut.storage")

T = TypeVar("T")
Work = Callable[[Unit], T]
After = Callable[[Any], None]


class Job(Struct):
    """done: a future of `loop`, or a thread's future when there is no loop. arrivals: what it will take in.
    after: called with the value once it is committed, also when nobody waits for `done` any more"""

    work: Work[Any]
    done: Any
    loop: asyncio.AbstractEventLoop | None = None
    arrivals: Sequence[Arrival] = ()
    after: After | None = None


Done = tuple[Job, Any, BaseException | None]  # a unit with its value or its error


def tell(done: list[Done]) -> None:
    """Answer a whole group from another thread: event loops are woken once, not once per unit."""
    waiting: dict[asyncio.AbstractEventLoop, list[Done]] = {}
    for one in done:
        if one[0].loop is None:
            answer([one])
        else:
            waiting.setdefault(one[0].loop, []).append(one)
    for loop, group in waiting.items():
        try:
            loop.call_soon_threadsafe(answer, group)
        except RuntimeError:  # the loop was closed: nobody waits any more
            log.debug("nobody waits for a finished unit")


def answer(done: list[Done]) -> None:
    for job, value, error in done:
        if error is None and job.after is not None:
            _follow(job.after, value)
        future = job.done
        if future.done():  # the caller was cancelled; the work is committed all the same
            continue
        if error is None:
            future.set_result(value)
        elif is_storage_trouble(error):
            log.error("a unit of work could not be kept", extra={"why": why(error)})
            unavailable = Unavailable(type(error).__name__)
            unavailable.__cause__ = error
            future.set_exception(unavailable)
        else:
            future.set_exception(error)


def _follow(after: After, value: Any) -> None:
    try:
        after(value)
    except Exception:  # a bug of ours; the others of the group wait for their answers
        log.exception("what follows a commit failed")
