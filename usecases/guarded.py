"""One piece of work whose failure must be its own: an event, a reminder, a report must not hold up all others."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from usecases.trouble import is_storage_trouble
from usecases.unit import Unit

log = logging.getLogger("sahut.guarded")


class Attempt:
    """error: what stopped the work, None when it was done."""

    __slots__ = ("error",)

    def __init__(self) -> None:
        self.error: Exception | None = None

    @property
    def reason(self) -> str:
        """What is kept of the error: its kind, never its words, which may be a citizen's."""
        return type(self.error).__name__


@contextmanager
def guarded(unit: Unit, what: str, **ids: object) -> Iterator[Attempt]:
    """Run the block inside a savepoint. An error of our own undoes it, is logged as `what` with the ids, and is told
    by the attempt. raises: what is the database's, because then nothing of the unit can be kept."""
    attempt = Attempt()
    try:
        with unit.savepoint():
            yield attempt
    except Exception as error:
        if is_storage_trouble(error):
            raise
        log.exception(what, extra=ids)
        attempt.error = error
