"""Fixtures shared by the tests of storage and of the use cases: databases with the schema in them, and towns."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from storage.database import open_database
from tests import pg
from tests.leased import Leases
from tests.usecases.town import Town


@pytest.fixture
def on_postgres(postgres: pg.Server, postgres_template: str) -> Iterator[str]:
    """The URL of a PostgreSQL database with our schema, in which nobody was before."""
    with postgres.database(postgres_template) as url:
        yield url


@pytest.fixture
def leased(leases: Leases) -> Iterator[str]:
    """The same for towns: wiped, on connections that are there already."""
    with leases.one() as url:
        yield url


@pytest.fixture
def on_sqlite(sqlite_template: Path, tmp_path: Path) -> str:
    """The URL of a SQLite database with our schema."""
    return f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'sahut.db')}"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    """A database with our schema, once on SQLite and once on PostgreSQL."""
    return str(request.getfixturevalue("on_sqlite" if request.param == "sqlite" else "leased"))


@pytest.fixture
def towns(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Callable[..., Town]]:
    """Makes towns and closes them."""
    made: list[Town] = []
    kept: list[Leases] = []

    def make(url: str, beside: Town | None = None) -> Town:
        opening = open_database
        if url.startswith("postgresql"):
            kept[:] = [request.getfixturevalue("leases")]
            opening = kept[0].open
        made.append(Town(url, tmp_path, beside=beside, opening=opening))
        return made[-1]

    yield make
    for town in made:
        if not any(leases.keep(town.database) for leases in kept):
            town.close()


@pytest.fixture
def town(url: str, towns: Callable[..., Town]) -> Town:
    """A city hall, once on each database."""
    return towns(url)


@pytest.fixture
def workers(leased: str, towns: Callable[..., Town]) -> tuple[Town, Town]:
    """Two processes' worth of Sahut on one PostgreSQL."""
    first = towns(leased)
    return first, towns(leased, beside=first)
