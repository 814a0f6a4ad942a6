"""What was begun ends, though its caller is cancelled or never waited for it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any, TypeVar

log = logging.getLogger(__name__)

T = TypeVar("T")
CLOSE_S = 5.0


class Begun:
    """Tasks that are kept until they are done: the event loop itself may let go of one that nobody holds."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    def __len__(self) -> int:
        return len(self._tasks)

    def start(self, work: Coroutine[Any, Any, object]) -> None:
        """Nobody waits for it. Its failure is logged."""
        self._keep(work).add_done_callback(_told)

    async def finish(self, work: Coroutine[Any, Any, T]) -> T:
        """Wait for it. A caller that is cancelled meanwhile does not tear it in two; its failure is logged then.
        raises: what `work` raises."""
        task = self._keep(work)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            task.add_done_callback(_told)
            raise

    async def close(self) -> None:
        """Let what is under way end, for at most five seconds."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=CLOSE_S)

    def _keep(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


def _told(task: asyncio.Task[Any]) -> None:
    error = None if task.cancelled() else task.exception()
    if error is not None:
        log.error("what nobody waited for any more has failed", exc_info=error)
