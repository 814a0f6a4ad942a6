"""The evidence `sahut verify` asks for, each answer one question in SQL that runs on both databases.

Anybody may run these questions by hand to check us; the promises behind them stand in usecases/verify.py.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from storage.chain import event_hash
from storage.tables import Utc, inbox_quarantine, instance, metadata, number_seq, ticket, ticket_event
from usecases.copies import PARKED
from usecases.verify import EXAMPLES, NOTHING, Found

STUCK = timedelta(minutes=1)  # an event, a lease or a file that nobody takes up
LATE = timedelta(minutes=15)  # a message that waits: the platform may be down
FRESH = timedelta(days=1)  # a file whose row may still be on its way
ROWS = 2000  # read at a time
# tables that point at others without a foreign key, because the row pointed at may be absent
LOOSE = (
    ("outbox_message", "ticket_id", "ticket"),
    ("outbox_message", "card_id", "card"),
    ("media", "ticket_id", "ticket"),
    ("rating", "person_id", "person"),
    ("web_line", "outbox_id", "outbox_message"),
)
# why a message that must arrive may end without having been sent: usecases.deliver and storage.outbox write these
REASONS = ("unreachable", "moved on", "expired", "nothing to show")
_MUST = """
    select 'message ' || o.id || ' (' || o.state || ')' as what from outbox_message o
    where o.cls = 'must' and o.state not in ('queued', 'sending', 'sent', 'superseded', 'held')
      and not (o.state = 'uncertain' and o.ambiguous in ({parked}))
      and not (o.state = 'cancelled' and o.error in ({reasons}))
      and not (o.state = 'failed' and o.error like 'gone%')
      and not exists (select 1 from dead_letter d where d.source_table = 'outbox_message' and d.source_id = o.id)
"""
_STUCK = """
    select 'event ' || id as what from inbox_event where state = 'new' and next_at < :stuck
    union all
    select 'message ' || id from outbox_message where state = 'sending' and lease_until < :stuck
    union all
    select 'reminder ' || id from reminder where state = 'pending' and due_at < :stuck
    union all
    select 'file ' || id from media where state = 'pending' and next_at < :stuck
"""
_DEAD = """
    select 'event ' || e.id as what from inbox_event e where e.state = 'dead'
      and not exists (select 1 from dead_letter d where d.source_table = 'inbox_event' and d.source_id = e.id)
    union all
    select 'file ' || m.id from media m where m.state = 'failed'
      and not exists (select 1 from dead_letter d where d.source_table = 'media' and d.source_id = m.id)
"""
# confirmation rows are keyed open:<ticket>:<notice>:<chat>; notice 0 is the one for the reporter, in the chat in
# which it was reported (a report may have moved with its person to a new number since)
_CONFIRMED = """
    select t.number as what from ticket t
    left join inbox_event e on e.id = t.source_event_id
    left join outbox_message o on o.dedupe_key = 'open:' || t.id || ':0:' || t.conversation
    left join outbox_message f on f.dedupe_key = 'open:' || t.id || ':0:' || e.conversation_id
    where o.id is null and f.id is null
    union all
    select 'ticket ' || ticket_id || ' (' || count(*) || ' times)' from outbox_message
    where dedupe_key like 'open:%:0:%' group by ticket_id having count(*) > 1
"""
_SOURCE = """
    select t.number as what from ticket t left join inbox_event e on e.id = t.source_event_id
    left join conversation c on c.id = e.conversation_id
    where e.id is null or (e.conversation_id <> t.conversation and c.reachable <> 'moved')
"""
_GROUPS = """
    select t.agency || ' (' || count(*) || ')' as what from ticket t
    where t.status <> 'closed' and not exists (
      select 1 from agency_chat a join conversation c on c.id = a.conversation_id
      where c.reachable = 'ok' and ((a.agency = t.agency and a.role = 'group')
        or (a.agency = :triage and a.role in ('group', 'ops') and not exists (
          select 1 from agency_chat own where own.agency = t.agency and own.role = 'group'))))
      and not exists (
      select 1 from officer_chat s join officer f on f.id = s.officer_id
      where f.agency = t.agency and f.state = 'active' and s.on_duty)
    group by t.agency
"""


class Checks:
    """Implements usecases.verify.Evidence on a read-only connection; nothing is changed."""

    def __init__(self, connection: sa.Connection, now: datetime, media: Path) -> None:
        self._connection = connection
        self._now = now
        self._media = media

    @staticmethod
    def clock_ahead(connection: sa.Connection) -> int:
        """Seconds by which the try-out's clock was moved forward."""
        return int(connection.scalar(sa.select(instance.c.clock_offset_s)) or 0)

    def file_damaged(self) -> Found:
        if self._connection.dialect.name != "sqlite":
            return NOTHING  # PostgreSQL's own tools (amcheck, checksums) look after its files
        try:
            said = [str(row[0]) for row in self._connection.exec_driver_sql("PRAGMA quick_check(20)")]
        except (sa.exc.DatabaseError, sqlite3.DatabaseError) as error:
            said = [str(getattr(error, "orig", error))]
        return NOTHING if said == ["ok"] else _found(said)

    def events_doubled(self) -> Found:
        return self._ask(
            "select channel || ' ' || natural_key as what from inbox_event"
            " group by channel, natural_key having count(*) > 1"
        )

    def tickets_without_source(self) -> Found:
        return self._ask(_SOURCE)

    def tickets_not_confirmed_once(self) -> Found:
        return self._ask(_CONFIRMED)

    def numbers(self) -> Iterator[str]:
        return (str(row[0]) for row in self._stream(sa.select(ticket.c.number).order_by(ticket.c.number)))

    def numbers_promised(self) -> dict[str, int]:
        return {row.scope: int(row.next_no) for row in self._connection.execute(sa.select(number_seq))}

    def stuck(self) -> Found:
        return self._ask(_STUCK, stuck=self._now - STUCK)

    def reminders_after_the_end(self) -> Found:
        return self._ask(
            "select 'reminder ' || r.id as what from reminder r join ticket t on t.id = r.ticket_id"
            " where r.state = 'pending' and t.status = 'closed'"
        )

    def must_rows_unaccounted(self) -> Found:
        return self._ask(_MUST.format(reasons=_listed(REASONS), parked=_listed(PARKED)))

    def dead_without_letter(self) -> Found:
        return self._ask(_DEAD)

    def waiting_long(self) -> Found:
        return self._ask(
            "select 'message ' || id as what from outbox_message where state = 'queued' and next_at < :late"
            " and (first_failed_at is not null or created_at < :late)",
            late=self._now - LATE,
        )

    def held(self) -> Found:
        """News of reports; an answer of the dialogue that came too late is asked anew when its person writes."""
        return self._ask(
            "select 'message ' || id as what from outbox_message where state = 'held' and ticket_id is not null"
        )

    def dead_letters(self) -> Found:
        return self._ask(
            "select source_table || ' ' || source_id || ' (' || reason || ')' as what from dead_letter"
            " where resolved_at is null"
        )

    def agencies_unreachable(self, triage: str) -> Found:
        return self._ask(_GROUPS, triage=triage)

    # -- what SQL alone cannot answer ------------------------------------------------------------------

    def histories_broken(self) -> Found:
        """Recompute every hash; the last line that changed the status must have led to the present one."""
        wrong: list[str] = []
        joined = (
            sa.select(ticket_event, ticket.c.number, ticket.c.status)
            .select_from(ticket.outerjoin(ticket_event, ticket_event.c.ticket_id == ticket.c.id))
            .order_by(ticket.c.id, ticket_event.c.seq)
        )
        chain = _Chain()
        for row in self._stream(joined):
            values = row._mapping
            if values["number"] != chain.number:
                wrong += chain.end()
                chain = _Chain(values["number"], values["status"])
            chain.add(values)
        wrong += chain.end()
        return _found(wrong)

    def orphans(self) -> Found:
        found: list[str] = []
        count = 0
        keys = [
            (table.name, key.column_keys[0], key.referred_table.name)
            for table in metadata.sorted_tables
            for key in table.foreign_key_constraints
        ]
        for table, column, target in [*keys, *LOOSE]:
            lost = self._ask(
                f"select '{table}.{column} ' || a.{column} as what from {table} a"  # noqa: S608 (names of our own)
                f" left join {target} b on b.id = a.{column} where a.{column} is not null and b.id is null"
            )
            count += lost.count
            found += lost.examples
        return Found(count, tuple(found[:EXAMPLES]))

    def quarantined(self) -> Found:
        """How many, and the newest of them."""
        count, newest = self._connection.execute(
            sa.select(sa.func.count(), sa.func.max(inbox_quarantine.c.received_at))
        ).one()
        return Found(int(count), (f"the newest at {newest:%Y-%m-%d %H:%M} UTC",)) if count else NOTHING

    def files_missing(self) -> Found:
        wrong = []
        query = sa.text("select distinct sha256, bytes from media where state = 'stored'")
        for row in self._stream(query):
            sha256 = str(row.sha256)
            path = self._media / sha256[:2] / sha256
            if not path.is_file() or path.stat().st_size != row.bytes:
                wrong.append(f"{sha256[:2]}/{sha256[:12]}…")
        return _found(wrong)

    def files_left_over(self) -> Found:
        known = set(self._connection.scalars(sa.text("select sha256 from media where state = 'stored'")))
        old = (self._now - FRESH).timestamp()
        return _found(
            sorted(
                f"{path.parent.name}/{path.name[:12]}…"
                for path in self._media.glob("*/*")
                if path.name not in known and path.is_file() and path.stat().st_mtime < old
            )
        )

    # -- asking --------------------------------------------------------------------------------------

    def _ask(self, question: str, **given: Any) -> Found:
        """Rows of one column `what`: how many, and the first few."""
        times = [sa.bindparam(name, type_=Utc()) for name, value in given.items() if isinstance(value, datetime)]
        count = sa.text(f"select count(*) from ({question}) q").bindparams(*times)  # noqa: S608 (constants above)
        total = int(self._connection.scalar(count, given) or 0)
        if not total:
            return NOTHING
        some = sa.text(f"select what from ({question}) q limit {EXAMPLES}").bindparams(*times)  # noqa: S608
        return Found(total, tuple(str(what) for what in self._connection.scalars(some, given)))

    def _stream(self, query: Any) -> Iterator[sa.Row[Any]]:
        return iter(self._connection.execute(query.execution_options(yield_per=ROWS)))


class _Chain:
    """One ticket's history while it is read line by line."""

    def __init__(self, number: str = "", status: str = "") -> None:
        self.number = number
        self._status = status
        self._reached = ""
        self._seq = 0
        self._hash = ""
        self._broken = ""

    def add(self, line: Any) -> None:
        if line["id"] is None or self._broken:
            return
        self._seq += 1
        if line["seq"] != self._seq:
            self._broken = f"line {self._seq} is missing"
        elif line["prev_hash"] != self._hash or line["hash"] != event_hash(dict(line)):
            self._broken = f"line {self._seq} was changed"
        if self._seq == 1 or line["from_status"] != line["to_status"]:
            self._reached = line["to_status"]
        self._hash = line["hash"]

    def end(self) -> list[str]:
        """What is wrong with it, at most one thing."""
        if not self.number:
            return []
        if not self._seq:
            self._broken = "no history"
        elif not self._broken and self._reached != self._status:
            self._broken = f"status {self._status}, history says {self._reached}"
        return [f"{self.number}: {self._broken}"] if self._broken else []


def _found(wrong: list[str]) -> Found:
    return Found(len(wrong), tuple(wrong[:EXAMPLES]))


def _listed(values: Iterable[str | int]) -> str:
    """Our own constants as SQL."""
    return ", ".join(f"'{value}'" if isinstance(value, str) else str(value) for value in values)
