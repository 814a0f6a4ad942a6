"""Deliveries of strangers, or of a platform with another secret: one warning a minute with their number, no more."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

log = logging.getLogger(__name__)

APART_S = 60.0


class Turned:
    """Counts whom a door turns away. What it is told to say holds nothing of what was brought."""

    def __init__(self, door: str, advice: str, ticks: Callable[[], float] = time.monotonic) -> None:
        self._door, self._advice, self._ticks = door, advice, ticks
        self._counts: dict[str, int] = {}
        self._said = -APART_S

    def away(self, why: str) -> None:
        self._counts[why] = self._counts.get(why, 0) + 1
        now = self._ticks()
        if now - self._said < APART_S:
            return
        reasons = ", ".join(f"{count}x {one}" for one, count in self._counts.items())
        log.warning("%s turned deliveries away: %s. %s", self._door, reasons, self._advice)
        self._counts.clear()
        self._said = now
