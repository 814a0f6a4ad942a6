"""Running numbers, one after the other without a gap, and with each the id of the row that will bear it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy import bindparam

from storage.prepared import Prepared
from storage.tables import number_seq

if TYPE_CHECKING:
    from storage.unit import Unit

AT_ONCE = 3  # units that share a transaction: waiting for the next one costs more than giving it back

_SCOPE = number_seq.c.scope == bindparam("b_scope")
_NEW_SCOPE = Prepared(
    lambda insert: insert(number_seq).values(scope=bindparam("scope"), next_no=1).on_conflict_do_nothing()
)


def _moved(by: int) -> sa.Update:
    return sa.update(number_seq).where(_SCOPE).values(next_no=number_seq.c.next_no + sa.literal_column(str(by)))


def _drawn(count: int) -> Prepared:
    sequence = sa.func.pg_get_serial_sequence("ticket", "id")
    ids = (sa.func.nextval(sequence).label(f"id{n}") for n in range(count))
    return Prepared(_moved(count).returning(number_seq.c.next_no, *ids))


_NEXT = Prepared(_moved(1).returning(number_seq.c.next_no))
_ONE = _drawn(1)  # only on PostgreSQL: with the id nobody has to wait for the insert
_SEVERAL = _drawn(AT_ONCE)
_GIVE_BACK = {count: Prepared(_moved(-count)) for count in range(1, AT_ONCE)}


class Number(Struct, frozen=True):
    """id: of the row to come; 0 where the database gives it with the insert"""

    number: int
    id: int


class Numbers:
    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self._left: dict[str, list[Number]] = {}  # drawn in this transaction, in their order

    def forget(self) -> None:
        """The transaction that drew them is gone, and they with it."""
        self._left = {}

    def next(self, scope: str) -> Number:
        """The row of the scope stays locked until the commit, so that nobody draws what is given back."""
        if self._unit.group is None:
            return self._drawn(scope, _NEXT if self._unit.kind == "sqlite" else _ONE)[0]
        if not self._left.get(scope):
            self._left[scope] = self._drawn(scope, _SEVERAL)
            self._unit.group.owes("numbers", self._give_back)
        return self._left[scope].pop(0)

    def _drawn(self, scope: str, draw: Prepared) -> list[Number]:
        run = self._unit.run
        row: Sequence[int] | None = run.row(draw, b_scope=scope)
        if row is None:
            run.do(_NEW_SCOPE, scope=scope)
            row = run.row(draw, b_scope=scope)
        assert row is not None
        last, *ids = row
        first = last - max(1, len(ids))
        return [Number(first + n, id_) for n, id_ in enumerate(ids or [0])]

    def _give_back(self) -> None:
        left, self._left = self._left, {}
        for scope, numbers in left.items():
            if numbers:
                self._unit.run.send(_GIVE_BACK[len(numbers)], b_scope=scope)
