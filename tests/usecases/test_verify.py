"""Every promise that `sahut verify` checks is broken here by hand, and only that check complains."""

import os
import sqlite3
import time
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from storage.checks import Checks
from storage.reading import reading
from storage.tables import Utc, metadata
from tests.usecases.town import Town
from usecases.deliver import Sent
from usecases.ports import Failure, SendFailed
from usecases.records import Stored
from usecases.verify import CHECKS, Found, numbers_wrong, verify


@pytest.fixture
def busy(town: Town) -> Town:
    """A town where everything happened: reports, cards, a move, a nudge, a photo, somebody who blocked us."""
    town.office("DISHUB", "501")
    town.report("1001")
    ticket = town.report("1002")
    town.deliver()
    town.take(town.press("-100DISHUB", _data(town, ticket.id), sender="501", group=True))
    town.deliver()
    chat = town.chat("1002")
    town.house.media.joinpath("ab").mkdir(parents=True)
    kept = town.house.media / "ab" / ("ab" * 32)
    kept.write_bytes(b"jpeg")
    os.utime(kept, (town.clock.at.timestamp(),) * 2)

    def photo(unit: Any) -> None:
        unit.connection.execute(
            sa.text(
                "insert into media (conversation_id, channel, ref, event_key, kind, created_at, ticket_id)"
                " values (:chat, 'telegram', 'r', 'k', 'photo', :now, :ticket)"
            ).bindparams(sa.bindparam("now", type_=Utc())),
            {"chat": chat.id, "now": unit.now, "ticket": ticket.id},
        )
        media = unit.connection.scalar(sa.text("select id from media"))
        unit.media.stored(media, Stored("ab" * 32, "image/jpeg", 4))

    town.do(photo)
    town.report("1003")
    for job in town.claim():
        gone = SendFailed(Failure.GONE) if job.row.peer == "1003" else None
        town.settle(Sent(job, "" if gone else f"m{job.row.id}", gone))
    town.deliver()
    return town


def _data(town: Town, ticket: int) -> str:
    from usecases.buttons import seal

    chat = town.chat("-100DISHUB", group=True)
    return seal(town.house.key, chat.id, f"card:{ticket}:acknowledge")


def test_a_town_at_work_keeps_every_promise(busy: Town):
    assert busy.breaches() == {}
    assert len(busy.verify()) == len(CHECKS)


_LONG_AGO = "'2026-01-01 00:00:00+00'"
_LAST = "(select max(id) from {table})"
_NTH = "(select id from ticket order by id limit 1 offset {})"
DAMAGE = {
    "ticket-source": "update ticket set source_event_id = (select id from inbox_event where kind = 'press') where id = 1",  # noqa: E501
    "ticket-confirmed": "update outbox_message set dedupe_key = 'gone' where dedupe_key like 'open:1:0:%'",
    "ticket-confirmed twice": (
        "insert into outbox_message (conversation_id, dedupe_key, ticket_id, state, next_at, created_at)"
        f" select conversation_id, 'open:1:0:999', 1, 'sent', {_LONG_AGO}, {_LONG_AGO} from outbox_message where id = 1"
    ),
    "ticket-numbers digit": "update ticket set number = 'BKS-26-000001-0' where id = 1",
    "ticket-numbers empty": "update ticket set number = '' where id = 1",
    "ticket-numbers uncounted": "update number_seq set next_no = 2",
    "not-stuck event": f"update inbox_event set state = 'new', next_at = {_LONG_AGO} where id = 1",
    "not-stuck message": f"update outbox_message set state = 'sending', lease_until = {_LONG_AGO} where id = 1",
    "not-stuck reminder": f"update reminder set due_at = {_LONG_AGO} where id = {_LAST.format(table='reminder')}",
    "not-stuck file": f"update media set state = 'pending', next_at = {_LONG_AGO}",
    "must-accounted dead": "update outbox_message set state = 'dead' where id = 1",
    "must-accounted failed": "update outbox_message set state = 'failed', error = '' where id = 1",
    "must-accounted cancelled": "update outbox_message set state = 'cancelled', error = '' where id = 1",
    "must-accounted uncertain": "update outbox_message set state = 'uncertain', ambiguous = 5 where id = 1",
    "dead-accounted": "update inbox_event set state = 'dead' where id = 1",
    "history note": "update ticket_event set note = 'other words' where id = 1",
    "history who": "update ticket_event set actor_id = 99 where action = 'acknowledge'",
    "history status": f"update ticket set status = 'in_progress' where id = {_NTH.format(1)}",
    "history gap": "delete from ticket_event where action = 'acknowledge'",
    "history none": f"delete from ticket_event where ticket_id = {_NTH.format(2)}",
    "references": "update outbox_message set ticket_id = 4711 where id = 1",
    "media": "update media set bytes = 5",
    "waiting": (
        f"update outbox_message set state = 'queued', next_at = {_LONG_AGO}, created_at = {_LONG_AGO} where id = 1"
    ),
    "dead-letters": f"insert into dead_letter (source_table, source_id, at) values ('media', 1, {_LONG_AGO})",
    "quarantine": f"insert into inbox_quarantine (channel, received_at, body) values ('web', {_LONG_AGO}, '')",
    "held": "update outbox_message set state = 'held' where id = 1",
    "groups": "update conversation set reachable = 'blocked' where is_group",
}


def breaches_after(town: Town, statement: str) -> dict[str, tuple[int, tuple[str, ...]]]:
    """What verify says of a damage that is taken back afterwards."""
    on_sqlite = town.database.kind == "sqlite"
    statement = statement.replace("+00'", ".000000'") if on_sqlite else statement
    with town.database.engine.connect() as connection:
        if on_sqlite:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        connection.execute(sa.text(statement))
        evidence = Checks(connection, town.clock.at, town.house.media)
        found = {
            r.check.name: (r.found.count, r.found.examples) for r in verify(evidence, town.house.city) if not r.fine
        }
        if on_sqlite:
            connection.exec_driver_sql("ROLLBACK")
        else:
            connection.rollback()
    return found


def test_each_damage_is_found_by_its_own_check(busy: Town):
    graves = {check.name: check.grave for check in CHECKS}
    for damage, statement in DAMAGE.items():
        name = damage.split()[0]
        found = breaches_after(busy, statement)
        assert set(found) == {name}, damage
        assert found[name][0] >= 1, damage
        assert found[name][1], f"{damage}: no example"
        assert graves[name] is (name not in ("waiting", "dead-letters", "groups", "held", "quarantine"))
    assert busy.breaches() == {}


def test_an_answer_of_the_dialogue_that_came_too_late_is_no_news_anybody_waits_for(busy: Town):
    assert "held" not in breaches_after(
        busy,
        "update outbox_message set state = 'held', ticket_id = null where id = (select max(id) from outbox_message)",
    )


def test_a_pending_reminder_of_a_closed_ticket_is_found(busy: Town):
    assert "quiet-after-end" in breaches_after(busy, "update ticket set status = 'closed' where id = 1")


def test_a_doubled_event_is_found_where_the_index_is_gone(busy: Town):
    if busy.database.kind == "postgresql":
        busy.execute("alter table inbox_event drop constraint uq_inbox_event_channel_natural_key")
        busy.execute("update inbox_event set natural_key = (select natural_key from inbox_event where id = 1)")
        assert busy.breaches()["events-once"][0] == 1
        return
    busy.close()
    path = busy.url.removeprefix("sqlite:///")
    with sqlite3.connect(path) as hand:
        hand.execute("pragma writable_schema = on")
        hand.execute("delete from sqlite_master where name = 'sqlite_autoindex_inbox_event_1'")
        hand.execute(
            "update sqlite_master set sql = replace(sql, 'CONSTRAINT uq_inbox_event_channel_natural_key"
            " UNIQUE (channel, natural_key)', 'check (1)') where name = 'inbox_event'"
        )
    hand.close()
    with sqlite3.connect(path) as hand:
        hand.execute("update inbox_event set natural_key = 'same'")
    hand.close()
    found = busy.breaches()
    assert found["events-once"][0] == 1


def test_orphans_of_a_foreign_key_are_found(busy: Town):
    """Only SQLite lets a stranger make them."""
    if busy.database.kind == "postgresql":
        with pytest.raises(sa.exc.IntegrityError):
            busy.execute("update card set ticket_id = 4711")
        return
    busy.close()
    with sqlite3.connect(busy.url.removeprefix("sqlite:///")) as hand:
        hand.execute("update card set ticket_id = 4711 where id = 1")
    hand.close()
    count, examples = busy.breaches()["references"]
    assert count == 1
    assert examples[0] == "card.ticket_id 4711"


def test_a_missing_and_a_left_over_file_are_found(busy: Town):
    kept = busy.house.media / "ab" / ("ab" * 32)
    kept.rename(kept.with_name("cd" * 32))
    old = busy.clock.at.timestamp() - 2 * 86400
    os.utime(kept.with_name("cd" * 32), (old, old))
    assert busy.breaches().keys() == {"media", "media-left-over"}


def test_a_damaged_file_is_found(busy: Town):
    if busy.database.kind == "postgresql":
        return
    busy.close()
    path = Path(busy.url.removeprefix("sqlite:///"))
    data = bytearray(path.read_bytes())
    for page in range(20, 40):
        data[page * 4096 : page * 4096 + 64] = b"\xff" * 64
    path.write_bytes(data)

    with reading(busy.url) as connection:
        assert Checks(connection, busy.clock.at, busy.house.media).file_damaged().count > 0


class Numbers:
    """Evidence with nothing but ticket numbers."""

    def __init__(self, *numbers: str) -> None:
        self._numbers = numbers

    def numbers(self) -> Any:
        return iter(sorted(self._numbers))

    def numbers_promised(self) -> dict[str, int]:
        return {"BKS:2026": 10}


@pytest.mark.parametrize(
    ("numbers", "wrong"),
    [
        (["BKS-26-000001-9"], 0),
        (["BKS-26-000001-9", "BKS-26-000001-9"], 1),
        (["BKS-26-000001-8"], 1),
        (["BKS-26-1-9"], 1),
        (["JMB-26-000001-9"], 1),
        (["BKS-26-000010-6"], 1),
        (["", "x", "BKS-26-000001-9"], 2),
    ],
)
def test_numbers_are_judged_one_by_one(town: Town, numbers: list[str], wrong: int):
    found = numbers_wrong(Numbers(*numbers), town.house.city)  # type: ignore[arg-type]
    assert found.count == wrong
    assert (found == Found()) is (wrong == 0)


@pytest.mark.slow
def test_verify_reads_a_large_database_in_reasonable_time(town: Town):
    """40,000 rows in the two largest tables; a million take twenty-five times as long."""
    town.report()
    fill(town, "inbox_event", "natural_key", 20_000)
    fill(town, "outbox_message", "dedupe_key", 20_000)
    began = time.monotonic()
    found = town.breaches()
    assert time.monotonic() - began < 5
    assert found.keys() <= {"groups"}


def fill(town: Town, table: str, key: str, many: int) -> None:
    """Copies of the table's first row under other keys."""
    columns = [column.name for column in metadata.tables[table].columns if column.name != "id"]
    chosen = ", ".join("'copy ' || n.n" if name == key else f"t.{name}" for name in columns)
    town.execute(
        f"insert into {table} ({', '.join(columns)})"
        f" with recursive n(n) as (select 1 union all select n + 1 from n where n < {many})"
        f" select {chosen} from {table} t, n where t.id = (select min(id) from {table})"
    )
