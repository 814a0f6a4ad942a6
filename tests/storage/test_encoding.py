"""A PostgreSQL that cannot keep every sign is refused with a sentence, before anything is made in it."""

from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql

from bot.__main__ import main
from tests import pg
from tests.halls import with_kept_city


@pytest.fixture(scope="module", params=["SQL_ASCII", "LATIN1"])
def other_encoding(request: pytest.FixtureRequest, postgres: pg.Server) -> Iterator[tuple[str, str]]:
    """(encoding, URL) of an empty database that is not in UTF-8."""
    name = f"sahut_test_{request.param.lower()}"
    create = sql.SQL("CREATE DATABASE {} ENCODING {} LOCALE 'C' TEMPLATE template0")
    with psycopg.connect(postgres.address, autocommit=True) as admin:
        admin.execute(create.format(sql.Identifier(name), sql.Literal(request.param)))
    yield request.param, postgres.url(name)
    postgres.drop(name)


@pytest.mark.parametrize("command", ["run", "migrate", "invite dishub", "doctor", "verify", "learn"])
def test_a_database_that_is_not_utf_8_is_refused(
    other_encoding: tuple[str, str], tmp_path, monkeypatch, capsys, command: str
):
    encoding, url = other_encoding
    monkeypatch.setenv("DATA_DIR", str(with_kept_city(tmp_path)))
    monkeypatch.setenv("DATABASE_URL", url)
    assert main(command.split()) == 3
    said = "".join(capsys.readouterr())
    assert f"encoding is {encoding}" in said
    assert "create database sahut owner sahut encoding 'UTF8'" in said
    assert "Traceback" not in said
    with psycopg.connect(url.replace("+psycopg", ""), client_encoding="utf8") as made:
        assert made.execute("select count(*) from pg_tables where schemaname = 'public'").fetchone() == (0,)
