"""An operator reads in the log why nothing could be kept, in a code, and nothing of what was to be kept."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from bot.logs import JsonLines, Redactor
from bot.workers import Workers
from storage.database import AnyDatabase, open_database, run
from storage.unit import Unit
from usecases.ports import Unavailable
from usecases.trouble import why

WORDS = "lampu mati di depan rumah Bu Sari"


@pytest.fixture
def opened() -> Iterator[Callable[[str], AnyDatabase]]:
    made: list[AnyDatabase] = []

    def open_it(url: str) -> AnyDatabase:
        made.append(open_database(url, lambda: datetime(2026, 11, 23, 2, tzinfo=UTC)))
        return made[-1]

    yield open_it
    for one in made:
        one.close()


def keep(unit: Unit) -> None:
    scopes = [{"scope": f"{WORDS} {n}" + "x" * 4000} for n in range(50)]
    unit.connection.execute(sa.text("insert into number_seq (scope, next_no) values (:scope, 1)"), scopes)


def reasons(caplog: pytest.LogCaptureFixture) -> set[Any]:
    formatter = JsonLines(Redactor())
    assert not any("Sari" in formatter.format(record) for record in caplog.records)
    return {vars(record).get("why") for record in caplog.records if record.levelno >= logging.ERROR}


async def refused(database: AnyDatabase) -> Unavailable:
    with pytest.raises(Unavailable) as caught:
        await run(database, keep)
    return caught.value


@pytest.mark.parametrize(
    ("pragma", "reason"), [("max_page_count=1", "SQLITE_FULL"), ("query_only=1", "SQLITE_READONLY")]
)
async def test_a_full_disk_and_a_file_that_may_only_be_read_are_told_apart(
    pragma: str, reason: str, on_sqlite: str, opened: Callable[[str], AnyDatabase], caplog: pytest.LogCaptureFixture
):
    database = opened(on_sqlite)
    await run(database, lambda unit: unit.connection.exec_driver_sql(f"PRAGMA {pragma}"))
    assert why(await refused(database)) == reason
    assert reasons(caplog) == {reason}


async def test_a_file_somebody_else_writes_is_said_to_be_busy(
    on_sqlite: str, opened: Callable[[str], AnyDatabase], caplog: pytest.LogCaptureFixture
):
    database = opened(on_sqlite)
    await run(database, lambda unit: None)
    stranger = sqlite3.connect(sa.make_url(on_sqlite).database or "")
    stranger.execute("BEGIN IMMEDIATE")
    try:
        await Workers(database, "me").beat()
    finally:
        stranger.close()
    assert reasons(caplog) == {"SQLITE_BUSY"}


async def test_a_server_that_is_gone_is_told(
    opened: Callable[[str], AnyDatabase], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("storage.postgres_pool.ATTEMPTS", 1)
    assert why(await refused(opened("postgresql+psycopg://sahut:secret@127.0.0.1:1/sahut"))) == "no connection"
    assert reasons(caplog) == {"no connection"}


async def test_postgresql_gives_its_own_code(
    on_postgres: str, opened: Callable[[str], AnyDatabase], caplog: pytest.LogCaptureFixture
):
    engine = sa.create_engine(on_postgres)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        name = sa.make_url(on_postgres).database
        connection.exec_driver_sql(f'alter database "{name}" set default_transaction_read_only = on')
    engine.dispose()
    database = opened(on_postgres)
    assert why(await refused(database)) == "25006"
    assert reasons(caplog) == {"25006"}


def test_a_reason_is_never_somebodys_words():
    assert why(ValueError(WORDS)) == "ValueError"
    assert why(Unavailable(WORDS)) == "Unavailable"
    assert why(OSError(28, WORDS)) == "ENOSPC"
