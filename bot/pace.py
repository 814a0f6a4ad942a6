"""How fast one channel may be used: token buckets in the sender's memory; pauses the platform asks for are rows."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from usecases.ports import Pace

NO_LIMIT = 1_000_000
MANY_CHATS = 10_000
BURST_S = 0.25  # what the account saves up: so many seconds of its rate. With more, the worst second sees far too many
SLICE_S = 0.125  # a channel whose room was used up is not looked at again before, so that others come to their turn
LATEST_START_S = 5.0  # a message whose turn comes later than this goes back


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


def _burst(rate: float) -> float:
    return max(1.0, rate * BURST_S)


class Gate:
    def __init__(self, pace: Pace, ticks: Callable[[], float]) -> None:
        self._pace = pace
        self._ticks = ticks
        self._chats: dict[str, Bucket] = {}
        self._looks_from = 0.0  # the tick before which nothing more is claimed
        rate = pace.account_per_s
        self._account = Bucket(rate, _burst(rate), _burst(rate), ticks()) if rate else None

    def share(self, workers: int) -> None:
        """So many processes use this account at the same time: each takes its part."""
        if self._account is not None:
            self._account.rate = self._pace.account_per_s / workers
            self._account.burst = _burst(self._account.rate)

    def room(self) -> int:
        """How many messages may leave now, for the whole account."""
        if self._account is None:
            return NO_LIMIT
        self._account.fill(self._ticks())
        return int(self._account.tokens)

    def claimable(self) -> int:
        """How many messages may be claimed now."""
        return self.room() if self._looks_from <= self._ticks() else 0

    def claimed(self, count: int, of: int) -> None:
        """So many of those that might be claimed were."""
        if 0 < of <= count:
            self._looks_from = self._ticks() + SLICE_S

    def room_in(self) -> float:
        """Seconds until something may be claimed again; 0 when it may now."""
        if self._account is None:
            return 0.0
        return max(0.0 if self.room() >= 1 else self._account.wait(), self._looks_from - self._ticks())

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
        """Reserve one message to this chat: (the tick at which it may leave, the tick for the next claim).

        When that is later than LATEST_START_S nothing is reserved: it has to go back until then.
        """
        now = self._ticks()
        chat = self._chat(peer, group, now)
        buckets = [bucket for bucket in (self._account, chat) if bucket is not None]
        for bucket in buckets:
            bucket.fill(now)
        leave_at = now + max((bucket.wait() for bucket in buckets), default=0.0)
        if leave_at > now + LATEST_START_S:
            return leave_at, leave_at
        for bucket in buckets:
            bucket.tokens -= 1
        return leave_at, now if chat is None else now + chat.wait()

    def _chat(self, peer: str, group: bool, now: float) -> Bucket | None:
        rate, burst = self._limits(group)
        if not rate:
            return None
        if len(self._chats) > MANY_CHATS:
            self._forget(now)
        chat = peer.split("/")[0]  # the topics of a forum share one limit
        return self._chats.setdefault(chat, Bucket(rate, burst, burst, now))

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
