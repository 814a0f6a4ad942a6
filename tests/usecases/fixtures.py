"""Fixtures shared by the tests of storage and of the use cases: databases with the schema in them, and towns."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from storage.schema import migrate
from tests import pg
from tests.usecases.town import Town


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "sahut.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres: pg.Server) -> Iterator[str]:
    name = postgres.create()
    migrate(postgres.url(name))
    yield name
    postgres.drop(name)


@pytest.fixture
def on_postgres(postgres: pg.Server, postgres_template: str) -> Iterator[str]:
    """The URL of a PostgreSQL database with our schema."""
    with postgres.database(postgres_template) as url:
        yield url


@pytest.fixture
def on_sqlite(sqlite_template: Path, tmp_path: Path) -> str:
    """The URL of a SQLite database with our schema."""
    return f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'sahut.db')}"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    """A database with our schema, once on SQLite and once on PostgreSQL."""
    return str(request.getfixturevalue("on_sqlite" if request.param == "sqlite" else "on_postgres"))


@pytest.fixture
def towns(tmp_path: Path) -> Iterator[Callable[..., Town]]:
    """Makes towns and closes them."""
    made: list[Town] = []

    def make(url: str, beside: Town | None = None) -> Town:
        made.append(Town(url, tmp_path, beside=beside))
        return made[-1]

    yield make
    for town in made:
        town.close()


@pytest.fixture
def town(url: str, towns: Callable[..., Town]) -> Town:
    """A city hall, once on each database."""
    return towns(url)


@pytest.fixture
def workers(on_postgres: str, towns: Callable[..., Town]) -> tuple[Town, Town]:
    """Two processes' worth of Sahut on one PostgreSQL."""
    first = towns(on_postgres)
    return first, towns(on_postgres, beside=first)
