"""How fast one channel may be used: token buckets in the sender's memory; pauses the platform asks for are rows."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from usecases.ports import Pace

NO_LIMIT = 1_000_000
MANY_CHATS = 10_000


class Bucket(Struct):
    """`rate` tokens a second, at most `burst` saved up."""

    rate: float
    burst: float
    tokens: float
    at: float

    def fill(self, now: float) -> None:
        self.tokens = min(self.burst, self.tokens + (now - self.at) * self.rate)
        self.at = now

    def wait(self) -> float:
        """Seconds until a whole token is there."""
        return max(0.0, (1 - self.tokens) / self.rate)


class Gate:
    def __init__(self, pace: Pace, ticks: Callable[[], float]) -> None:
        self._pace = pace
        self._ticks = ticks
        self._chats: dict[str, Bucket] = {}
        rate = pace.account_per_s
        self._account = Bucket(rate, max(1.0, rate), max(1.0, rate), ticks()) if rate else None

    def share(self, workers: int) -> None:
        """So many processes use this account at the same time: each takes its part."""
        if self._account is not None:
            self._account.rate = self._pace.account_per_s / workers
            self._account.burst = max(1.0, self._account.rate)

    def room(self) -> int:
        """How many messages may leave now, for the whole account."""
        if self._account is None:
            return NO_LIMIT
        self._account.fill(self._ticks())
        return int(self._account.tokens)

    def room_in(self) -> float:
        """Seconds until the account may send again; 0 when it may now."""
        return 0.0 if self._account is None or self.room() >= 1 else self._account.wait()

    def open_for(self, peer: str) -> bool:
        """May a message to this private chat leave at once?"""
        if self.room() < 1:
            return False
        bucket = self._chats.get(peer)
        if bucket is None:
            return True
        bucket.fill(self._ticks())
        return bucket.tokens >= 1

    def use(self, peer: str, *, group: bool) -> tuple[float, float]:
        """Reserve one message to this chat: (the tick at which it may leave, the tick for the next claim)."""
        now = self._ticks()
        if self._account is not None:
            self._account.tokens -= 1
        rate, burst = self._limits(group)
        if not rate:
            return now, now
        chat = peer.split("/")[0]  # the topics of a forum share one limit
        bucket = self._chats.setdefault(chat, Bucket(rate, burst, burst, now))
        bucket.fill(now)
        leave_at = now + bucket.wait()
        bucket.tokens -= 1
        if len(self._chats) > MANY_CHATS:
            self._forget(now)
        return leave_at, now + bucket.wait()

    def _limits(self, group: bool) -> tuple[float, float]:
        if group and self._pace.group_per_min:
            return self._pace.group_per_min / 60, 5.0
        return self._pace.chat_per_s, float(self._pace.chat_burst)

    def _forget(self, now: float) -> None:
        """Full buckets say nothing: drop them."""
        for chat, bucket in list(self._chats.items()):
            bucket.fill(now)
            if bucket.tokens >= bucket.burst:
                del self._chats[chat]
