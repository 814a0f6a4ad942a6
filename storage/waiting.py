"""Units of work that wait for their turn, and how those who wait for them are told."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy.exc import DBAPIError

from storage.inbox import Arrival
from storage.unit import Unit
from usecases.ports import Unavailable

log = logging.getLogger("sahut.storage")

T = TypeVar("T")
Work = Callable[[Unit], T]
Answer = tuple[Any, Any, BaseException | None]  # future, value, error


@dataclass(slots=True)
class Job:
    """done: a future of `loop`, or a thread's future when there is no loop. arrivals: what it will take in."""

    work: Work[Any]
    done: Any
    loop: asyncio.AbstractEventLoop | None = None
    arrivals: Sequence[Arrival] = ()


Done = tuple[Job, Any, BaseException | None]  # a unit with its value or its error


def tell(done: list[Done]) -> None:
    """Answer a whole group from another thread: event loops are woken once, not once per unit."""
    waiting: dict[asyncio.AbstractEventLoop, list[Answer]] = {}
    for job, value, error in done:
        if job.loop is None:
            answer([(job.done, value, error)])
        else:
            waiting.setdefault(job.loop, []).append((job.done, value, error))
    for loop, group in waiting.items():
        try:
            loop.call_soon_threadsafe(answer, group)
        except RuntimeError:  # the loop was closed: nobody waits any more
            log.debug("nobody waits for a finished unit")


def answer(answers: list[Answer]) -> None:
    for future, value, error in answers:
        if future.done():  # the caller was cancelled; the work is committed all the same
            continue
        if error is None:
            future.set_result(value)
        elif isinstance(error, DBAPIError | sqlite3.Error):
            unavailable = Unavailable(type(error).__name__)
            unavailable.__cause__ = error
            future.set_exception(unavailable)
        else:
            future.set_exception(error)
