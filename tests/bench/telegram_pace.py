"""The platform's pace: messages per second and chat, per minute and group, per second and bot."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

from tests.bench.telegram_rules import Refusal


@dataclass(slots=True)
class Bucket:
    """Tokens that grow back with time; `rate` per second up to `size`."""

    rate: float
    size: float
    tokens: float
    at: float

    def wait(self, now: float, cost: float) -> float:
        """Seconds until `cost` tokens are there; takes nothing."""
        self.tokens = min(self.size, self.tokens + (now - self.at) * self.rate)
        self.at = now
        return max(0.0, (min(cost, self.size) - self.tokens) / self.rate)


class Pace:
    """Refuses with 429 and retry_after what comes too fast; nothing is taken from a refused call."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.on = True
        self.monotonic = monotonic
        self.private = (1.0, 5.0)
        self.group = (20 / 60, 20.0)
        self.bot = (30.0, 30.0)
        self._buckets: dict[str, Bucket] = {}

    def take(self, chat_id: int, *, private: bool, cost: int = 1) -> None:
        if not self.on:
            return
        now = self.monotonic()
        pair = [self._bucket("bot", self.bot, now)]
        pair.append(self._bucket(str(chat_id), self.private if private else self.group, now))
        wait = max(bucket.wait(now, cost) for bucket in pair)
        if wait > 0:
            seconds = max(1, math.ceil(wait))
            raise Refusal(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
        for bucket in pair:
            bucket.tokens -= cost

    def _bucket(self, name: str, speed: tuple[float, float], now: float) -> Bucket:
        return self._buckets.setdefault(name, Bucket(speed[0], speed[1], speed[1], now))
