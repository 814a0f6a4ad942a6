"""What time of day it is: the one place that asks the machine."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class SystemClock:
    """The machine's time in UTC."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class MovableClock:
    """The machine's time plus what the try-out moved it forward; never back."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def forward(self, seconds: int) -> None:
        self._ahead += timedelta(seconds=max(0, seconds))


Clock = SystemClock | MovableClock
