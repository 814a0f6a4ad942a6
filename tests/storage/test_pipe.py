"""Statements of one PostgreSQL connection that do not wait for one another."""

from __future__ import annotations

import importlib
import pkgutil
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from psycopg import pq

import storage
from storage.pipe import Pipe
from storage.prepared import Prepared

Connection = psycopg.Connection[Any]


@pytest.fixture
def connection(on_postgres: str) -> Iterator[Connection]:
    url = sa.make_url(on_postgres).set(drivername="postgresql").render_as_string(False)
    opened = psycopg.connect(url, autocommit=True)
    opened.execute("create temporary table said (place bigint primary key, words text)")
    yield opened
    opened.close()


@pytest.fixture
def pipe(connection: Connection) -> Pipe:
    return Pipe(connection)


def said(connection: Connection) -> list[tuple[int, str]]:
    return connection.execute("select place, words from said order by place").fetchall()


SAY = "insert into said (place, words) values ($1, $2)"
AT = datetime(2026, 11, 23, 3, 0, 0, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("text", 'it\'s "quoted" \\ and\nbroken \x01 \u200b 🚧'),
        ("text", ""),
        ("text", None),
        ("bigint", 0),
        ("bigint", -(2**63)),
        ("bigint", 2**63 - 1),
        ("integer", 70_000),
        ("boolean", True),
        ("boolean", False),
        ("double precision", -6.238270123456789),
        ("timestamptz", AT),
        ("text[]", ["a,b", "{c}", 'd"e', "\\", "NULL", "", "ü"]),
        ("text[]", []),
    ],
)
def test_a_value_comes_back_as_it_went(pipe: Pipe, kind: str, value: object) -> None:
    [(back,)] = pipe.rows(pipe.send(f"select $1::{kind}", [value]))
    assert back == value
    assert type(back) is type(value)


def test_a_time_of_another_zone_is_the_same_moment(pipe: Pipe) -> None:
    there = AT.astimezone(timezone(timedelta(hours=7)))
    [(back,)] = pipe.rows(pipe.send("select $1::timestamptz", [there]))
    assert back == AT


def test_what_is_sent_is_done_in_its_order_and_counted(pipe: Pipe, connection: Connection) -> None:
    for place in range(3):
        pipe.send(SAY, [place, f"word {place}"])
    changed = pipe.send("update said set words = words || '!' where place > $1", [0])
    asked = pipe.send("select words from said order by place")
    assert pipe.rows(asked) == [("word 0",), ("word 1!",), ("word 2!",)]
    assert pipe.rows(asked) == pipe.rows(asked)  # also later
    assert changed.changed == 2
    pipe.close()
    assert said(connection) == [(0, "word 0"), (1, "word 1!"), (2, "word 2!")]


def test_the_connection_can_be_used_otherwise_in_between(pipe: Pipe, connection: Connection) -> None:
    for place in range(3):
        pipe.send(SAY, [place, "in a row"])
        pipe.close()
        assert len(said(connection)) == place + 1
    pipe.close()


def test_an_error_comes_out_with_the_next_answer_and_nothing_behind_it_is_done(
    pipe: Pipe, connection: Connection
) -> None:
    pipe.send("BEGIN")
    pipe.send(SAY, [1, "first"])
    pipe.send(SAY, [1, "the same place"])
    pipe.send(SAY, [2, "behind it"])
    with pytest.raises(psycopg.errors.UniqueViolation):
        pipe.rows(pipe.send("select 1"))
    pipe.abandon()
    connection.execute("ROLLBACK")
    assert said(connection) == []
    pipe.send(SAY, [3, "again"])
    pipe.close()
    assert said(connection) == [(3, "again")]


def test_a_commit_behind_an_error_does_not_happen(pipe: Pipe, connection: Connection) -> None:
    pipe.send("BEGIN")
    pipe.send(SAY, [1, "first"])
    pipe.send("select 1 / $1::int", [0])
    pipe.send("COMMIT")
    with pytest.raises(psycopg.errors.DivisionByZero):
        pipe.close()
    pipe.abandon()
    connection.execute("ROLLBACK")
    assert said(connection) == []


@pytest.mark.parametrize("wrong", ["select nothing from nowhere", "selct 1"])
def test_a_statement_that_the_server_does_not_understand_can_be_tried_again(pipe: Pipe, wrong: str) -> None:
    for _ in range(2):
        pipe.send("select 1")
        with pytest.raises(psycopg.errors.ProgrammingError, match=r"nowhere|selct"):
            pipe.rows(pipe.send(wrong))
        pipe.abandon()
    assert pipe.rows(pipe.send("select 1")) == [(1,)]


def test_one_that_was_prepared_behind_an_error_is_prepared_again(pipe: Pipe) -> None:
    pipe.send("select 1 / 0")
    pipe.send("select 'new', $1::text", ["a"])
    with pytest.raises(psycopg.errors.DivisionByZero):
        pipe.close()
    pipe.abandon()
    assert pipe.rows(pipe.send("select 'new', $1::text", ["b"])) == [("new", "b")]


def test_a_value_that_cannot_be_said_leaves_the_pipe_in_order(pipe: Pipe, connection: Connection) -> None:
    with pytest.raises(psycopg.DataError):
        pipe.send(SAY, [1, "nothing\x00at all"])
    pipe.abandon()
    pipe.send(SAY, [1, "something"])
    pipe.close()
    assert said(connection) == [(1, "something")]


def test_neither_many_nor_big_statements_and_answers_get_stuck(pipe: Pipe) -> None:
    for place in range(3_000):
        pipe.send(SAY, [place, "x"])
        pipe.push()
    big = "ü" * 4_000_000
    asked = [pipe.send("select $1::text || repeat('y', 4000000)", [big]) for _ in range(4)]
    pipe.push()
    assert {len(rows[0][0]) for rows in map(pipe.rows, asked)} == {8_000_000}
    assert pipe.rows(pipe.send("select count(*) from said")) == [(3_000,)]


@pytest.mark.parametrize("size", [600, 20_000])
def test_whatever_leaves_by_itself_has_a_mark_behind_it(pipe: Pipe, connection: Connection, size: int) -> None:
    """Or the server would not know that it waits for us, and leave the locks of a worker that stopped for ever."""
    me = connection.info.backend_pid
    pipe.order("BEGIN")
    for place in range(20):
        pipe.send(SAY, [place, "x" * size])
    with psycopg.connect(connection.info.dsn, autocommit=True) as other:
        for _ in range(5_000):
            [state] = other.execute("select state from pg_stat_activity where pid = %s", [me]).fetchone() or [""]
            if state == "idle in transaction":
                break
    assert state == "idle in transaction"
    pipe.order("COMMIT")
    pipe.close()
    assert len(said(connection)) == 20


def test_a_connection_that_is_gone_says_so_every_time(pipe: Pipe, connection: Connection) -> None:
    with pytest.raises(psycopg.OperationalError):
        pipe.rows(pipe.send("select pg_terminate_backend(pg_backend_pid())"))
    for _ in range(2):
        with pytest.raises(psycopg.OperationalError):
            pipe.abandon()
    assert connection.pgconn.status == pq.ConnStatus.BAD


def test_others_run_while_it_waits(pipe: Pipe, connection: Connection) -> None:
    """The lock is let go by this thread only once it runs: with the interpreter held, neither would ever end."""
    url = connection.info.dsn
    with psycopg.connect(url, password=connection.info.password or None) as holder:
        holder.execute("select pg_advisory_lock(7)")
        asked = threading.Thread(target=lambda: pipe.rows(pipe.send("select pg_advisory_lock(7)")), daemon=True)
        asked.start()
        while not holder.execute("select 1 from pg_locks where locktype = 'advisory' and not granted").fetchone():
            pass
        assert asked.is_alive()
        holder.execute("select pg_advisory_unlock(7)")
        asked.join(timeout=20)
        assert not asked.is_alive()


def statements() -> Iterator[tuple[str, Prepared]]:
    for module in pkgutil.iter_modules(storage.__path__, "storage."):
        if not module.ispkg:
            for name, value in vars(importlib.import_module(module.name)).items():
                if isinstance(value, Prepared):
                    yield f"{module.name}.{name}", value


def test_the_server_understands_every_statement_without_being_told_types(connection: Connection) -> None:
    refused: dict[str, str] = {}
    found = dict(statements())
    for name, statement in found.items():
        result = connection.pgconn.prepare(b"", statement.on("pipe").text.encode())
        if result.status != pq.ExecStatus.COMMAND_OK:
            refused[name] = result.error_message
    assert not refused
    assert len(found) > 60
