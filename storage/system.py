"""The installation itself: who we are, leases, pauses, poll offsets and dead letters."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy import select

from storage.tables import dead_letter, instance, lease, poll_cursor, rate_gate

if TYPE_CHECKING:
    from storage.unit import Unit


class System:
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    def ensure_instance(self, uuid: str) -> None:
        unit = self._unit
        unit.connection.execute(
            unit.insert(instance).values(id=1, uuid=uuid, created_at=unit.now).on_conflict_do_nothing()
        )

    def identity(self) -> tuple[str, str]:
        """(purpose, bot) of this installation, "" while not decided."""
        row = self._unit.connection.execute(
            select(instance.c.purpose, instance.c.bot).where(instance.c.id == 1)
        ).first()
        return (row.purpose, row.bot) if row else ("", "")

    def identify(self, purpose: str, bot: str) -> None:
        values = {"purpose": purpose, "bot": bot}
        self._unit.connection.execute(sa.update(instance).where(instance.c.id == 1).values(**values))

    def clock_offset(self) -> int:
        """Seconds the try-out's clock was moved forward."""
        return int(self._unit.connection.scalar(select(instance.c.clock_offset_s).where(instance.c.id == 1)) or 0)

    def move_clock(self, seconds: int) -> None:
        self._unit.connection.execute(
            sa.update(instance).where(instance.c.id == 1).values(clock_offset_s=instance.c.clock_offset_s + seconds)
        )

    def cursor(self, channel: str) -> int:
        found = self._unit.connection.scalar(select(poll_cursor.c.next_offset).where(poll_cursor.c.channel == channel))
        return int(found or 0)

    def set_cursor(self, channel: str, offset: int) -> None:
        unit = self._unit
        values = {"next_offset": offset, "updated_at": unit.now}
        unit.connection.execute(
            unit.insert(poll_cursor)
            .values(channel=channel, **values)
            .on_conflict_do_update(index_elements=["channel"], set_=values)
        )

    def take_lease(self, name: str, owner: str, seconds: int) -> bool:
        """Take, keep or take over an expired lease; True while it is ours."""
        unit = self._unit
        until = unit.now + timedelta(seconds=seconds)
        unit.connection.execute(
            unit.insert(lease).values(name=name, owner=owner, expires_at=until).on_conflict_do_nothing()
        )
        done = unit.connection.execute(
            sa.update(lease)
            .where(lease.c.name == name, sa.or_(lease.c.owner == owner, lease.c.expires_at < unit.now))
            .values(
                owner=owner,
                expires_at=until,
                fence=sa.case((lease.c.owner == owner, lease.c.fence), else_=lease.c.fence + 1),
            )
        )
        return done.rowcount == 1

    def worker_alive(self, owner: str, seconds: int) -> list[str]:
        """Note that this worker lives; the owners of all that do."""
        self.take_lease(f"worker:{owner}", owner, seconds)
        alive = self._unit.connection.scalars(
            select(lease.c.owner).where(lease.c.name.startswith("worker:"), lease.c.expires_at > self._unit.now)
        ).all()
        self._unit.connection.execute(
            sa.delete(lease).where(
                lease.c.name.startswith("worker:"), lease.c.expires_at < self._unit.now - timedelta(hours=1)
            )
        )
        return list(alive)

    def drop_leases(self, owner: str) -> None:
        self._unit.connection.execute(sa.delete(lease).where(lease.c.owner == owner))

    def block(self, scope: str, until: datetime, reason: str) -> None:
        """Nobody sends to this scope ("telegram" or "telegram:-100123") before `until`. A longer pause stays."""
        unit = self._unit
        values = {"blocked_until": until, "reason": reason}
        unit.connection.execute(
            unit.insert(rate_gate)
            .values(scope=scope, **values)
            .on_conflict_do_update(
                index_elements=["scope"], set_=values, where=rate_gate.c.blocked_until < values["blocked_until"]
            )
        )

    def bury(self, table: str, row: int, reason: str) -> None:
        """What could not be done, for a human to look at."""
        unit = self._unit
        unit.connection.execute(
            unit.insert(dead_letter)
            .values(source_table=table, source_id=row, reason=reason[:300], at=unit.now)
            .on_conflict_do_nothing()
        )

    def unbury(self, table: str, row: int, how: str) -> None:
        """What was given up has come to a good end by itself."""
        run = self._unit.connection.execute
        letter = (dead_letter.c.source_table == table) & (dead_letter.c.source_id == row)
        run(sa.update(dead_letter).where(letter).values(resolved_at=self._unit.now, resolution=how))
