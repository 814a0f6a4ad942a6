"""The tests' own surroundings hold what they promise."""

import asyncio
import contextlib
import socket
from pathlib import Path

import psycopg
import pytest
import sqlalchemy

from tests import network, pg


def test_each_test_gets_an_empty_database(database_url: str):
    if database_url.startswith("sqlite:///"):
        assert not Path(database_url.removeprefix("sqlite:///")).exists()
        return
    with psycopg.connect(database_url.replace("+psycopg", "")) as connection:
        assert connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)
        connection.execute("CREATE TABLE left_behind (id int)")


@pytest.mark.parametrize("time", [1, 2])
def test_each_test_may_get_a_database_that_is_ready(ready_url: str, time: int):
    engine = sqlalchemy.create_engine(ready_url)
    with engine.begin() as connection:
        assert sqlalchemy.inspect(connection).has_table("ticket")
        assert not sqlalchemy.inspect(connection).has_table("left_behind")
        connection.execute(sqlalchemy.text("CREATE TABLE left_behind (id int)"))
    engine.dispose()


def test_a_copy_of_a_template_holds_its_tables(postgres: pg.Server):
    master = postgres.create()
    with psycopg.connect(postgres.url(master).replace("+psycopg", "")) as connection:
        connection.execute("CREATE TABLE known (id int)")
    with postgres.database(master) as url, psycopg.connect(url.replace("+psycopg", "")) as connection:
        assert connection.execute("SELECT count(*) FROM known").fetchone() == (0,)
    postgres.drop(master)


def test_the_server_address_may_carry_options():
    server = pg.Server("postgresql+psycopg://me:pw@127.0.0.1:5/postgres?sslmode=disable")
    assert server.url("x") == "postgresql+psycopg://me:pw@127.0.0.1:5/x?sslmode=disable"


@pytest.mark.parametrize("host", ["api.telegram.org", "8.8.8.8", "2001:db8::1", "10.0.0.1"])
def test_another_machine_is_out_of_reach(host: str):
    with pytest.raises(network.OtherHost):
        socket.create_connection((host, 443), timeout=1)
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as plain:
        with pytest.raises(network.OtherHost):
            plain.connect((host, 443))
    assert network.attempts
    network.attempts.clear()


async def test_the_event_loop_is_guarded_too():
    with pytest.raises(network.OtherHost):
        await asyncio.open_connection("example.org", 80)
    assert network.attempts == ["example.org"]
    network.attempts.clear()


async def test_this_machine_is_within_reach():
    server = await asyncio.start_server(lambda reader, writer: writer.close(), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    _, writer = await asyncio.open_connection("localhost", port)
    writer.close()
    with contextlib.suppress(ConnectionError):
        await writer.wait_closed()
    server.close()
    await server.wait_closed()
