"""How much one visitor, one address and the whole door may do: buckets that fill up again with time."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

from msgspec import Struct

KEPT = 20_000  # callers remembered at once; the longest silent one is forgotten, its bucket is full by then


class Rate(Struct, frozen=True):
    """At most `burst` at once and `per_s` lastingly."""

    burst: float
    per_s: float


class Budgets(Struct, frozen=True):
    """Addresses are generous: a mobile operator puts thousands of people behind one."""

    visitor: Rate = Rate(60, 1)  # messages and presses
    address: Rate = Rate(600, 15)
    session: Rate = Rate(200, 1)  # new visitors of one address
    visitor_bytes: Rate = Rate(120e6, 0.3e6)  # uploads
    address_bytes: Rate = Rate(600e6, 4e6)
    streams_per_visitor: int = 8
    streams: int = 2_000


class Buckets:
    """Token buckets by name."""

    def __init__(self, rate: Rate, ticks: Callable[[], float]) -> None:
        self._rate = rate
        self._ticks = ticks
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, name: str, amount: float = 1) -> float:
        """Take from a bucket. 0.0: taken; else nothing was taken and this many seconds are to be waited."""
        now = self._ticks()
        left, then = self._left.get(name, (self._rate.burst, now))
        left = min(self._rate.burst, left + (now - then) * self._rate.per_s)
        enough = left >= amount
        self._left[name] = (left - amount if enough else left, now)
        self._left.move_to_end(name)
        if len(self._left) > KEPT:
            self._left.popitem(last=False)
        return 0.0 if enough else max(1.0, (amount - left) / self._rate.per_s)


class Purse:
    """All buckets of the door together."""

    def __init__(self, budgets: Budgets, ticks: Callable[[], float]) -> None:
        self._visitor = Buckets(budgets.visitor, ticks)
        self._address = Buckets(budgets.address, ticks)
        self._session = Buckets(budgets.session, ticks)
        self._visitor_bytes = Buckets(budgets.visitor_bytes, ticks)
        self._address_bytes = Buckets(budgets.address_bytes, ticks)

    def message(self, visitor: str, address: str) -> float:
        """Seconds to wait before one more message, 0.0 when it may pass."""
        return self._visitor.take(visitor) or (self._address.take(address) if address else 0.0)

    def session(self, address: str) -> float:
        """Seconds to wait before one more visitor from this address."""
        return self._session.take(address) if address else 0.0

    def upload(self, visitor: str, address: str, size: int) -> float:
        """Seconds to wait before so many more bytes."""
        wait = self._visitor_bytes.take(visitor, size)
        return wait or (self._address_bytes.take(address, size) if address else 0.0)
