"""Migrations make exactly what storage/tables.py describes, on both databases, whoever runs them and how often."""

import logging
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from storage import schema
from storage.tables import metadata

ADVICE = (
    "storage/tables.py and the migrations differ. Before the first release bring 0001_initial.py up to date; "
    "afterwards add the next number in storage/migrations/versions."
)


def catalogue(engine: sa.Engine) -> set[str]:
    """What the database itself says about its tables, columns, defaults, keys and indexes with their conditions."""
    queries = {
        "sqlite": ["select type || ' ' || name || ' ' || coalesce(sql, '') from sqlite_master"],
        "postgresql": [
            "select concat_ws(' ', table_name, column_name, data_type, is_nullable, column_default)"
            " from information_schema.columns where table_schema = 'public'",
            "select indexdef from pg_indexes where schemaname = 'public'",
            "select concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid)) from pg_constraint"
            " where connamespace = 'public'::regnamespace",
        ],
    }
    with engine.connect() as connection:
        found = [row for query in queries[engine.dialect.name] for row in connection.scalars(sa.text(query))]
    return {ordered(str(row)) for row in found if "alembic_version" not in row}


def ordered(definition: str) -> str:
    """A `create table` with its lines in alphabetical order: constraints may stand in any order, and SQLite writes a
    column that was added later on the line of the last one before it."""
    lines = [line.strip().rstrip(",") for line in re.split(r"\n|, (?=\w+ [A-Z]+ DEFAULT)", definition) if line.strip()]
    return "\n".join([lines[0], *sorted(lines[1:])])


@pytest.fixture
def bare(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> sa.Engine:
    """A second empty database beside `database_url`, of the same kind."""
    if database_url.startswith("sqlite"):
        return sa.create_engine(f"sqlite:///{tmp_path / 'bare.db'}")
    return sa.create_engine(request.getfixturevalue("postgres_url"))


def test_migrations_from_empty_equal_the_tables(database_url: str, bare: sa.Engine):
    schema.migrate(database_url)
    engine = sa.create_engine(database_url)
    with engine.connect() as connection:
        # alembic misreads empty defaults on SQLite; the catalogue below sees them in any case
        defaults = engine.dialect.name == "postgresql"
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": defaults}
        )
        assert compare_metadata(context, metadata) == [], ADVICE
    metadata.create_all(bare)
    assert catalogue(engine) == catalogue(bare), ADVICE
    engine.dispose()
    bare.dispose()


def test_migrations_are_numbered_in_one_line():
    names = sorted(path.name for path in schema.VERSIONS.glob("*.py"))
    numbers = [name.split("_")[0] for name in names]
    assert numbers == [f"{n:04d}" for n in range(1, len(names) + 1)]
    parents = {}
    for name in names:
        text = (schema.VERSIONS / name).read_text("utf-8")
        parents[re.search(r'^revision = "(\w+)"$', text, re.M)[1]] = re.search(  # type: ignore[index]
            r'^down_revision = (?:"(\w+)"|None)$', text, re.M
        )[1]  # type: ignore[index]
        assert "storage" not in re.findall(r"^(?:from|import) (\w+)", text, re.M), f"{name} must stand by itself"
    assert list(parents) == numbers
    assert list(parents.values()) == [None, *numbers[:-1]]
    assert schema.newest() == numbers[-1]


def test_upgrading_twice_is_harmless_and_silent(database_url: str, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.INFO)
    logging.getLogger("alembic").setLevel(logging.NOTSET)  # as in a fresh process
    assert schema.migrate(database_url) == ("", schema.newest())
    assert schema.migrate(database_url) == (schema.newest(), schema.newest())
    assert not [record for record in caplog.records if record.name.startswith("alembic")]


def test_a_database_of_a_newer_version_is_left_alone(database_url: str):
    schema.migrate(database_url)
    engine = sa.create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(sa.text("update alembic_version set version_num = '9999'"))
    with pytest.raises(schema.NewerSchema, match="newer Sahut"):
        schema.migrate(database_url)
    engine.dispose()


def test_a_migration_that_dies_half_way_leaves_nothing(database_url: str):
    """K13: the whole upgrade is one transaction, also on SQLite, whose driver would commit in between."""
    code = (
        "import sys, os, sqlalchemy as sa\n"
        "from alembic import op\n"
        "from storage import schema\n"
        "make, count = op.create_table, [0]\n"
        "def dying(*a, **k):\n"
        "    count[0] += 1\n"
        "    if count[0] == 8: os.kill(os.getpid(), 9)\n"
        "    return make(*a, **k)\n"
        "op.create_table = dying\n"
        "schema.migrate(sys.argv[1])\n"
    )
    died = subprocess.run([sys.executable, "-c", code, database_url], capture_output=True, timeout=60)
    assert died.returncode == -9, died.stderr.decode()
    engine = sa.create_engine(database_url)
    assert sa.inspect(engine).get_table_names() == []
    engine.dispose()
    assert schema.migrate(database_url) == ("", schema.newest())


def test_processes_that_start_together_upgrade_once(database_url: str):
    code = "import sys\nfrom storage import schema\nprint(*schema.migrate(sys.argv[1]), sep='|')"
    runs = [
        subprocess.Popen([sys.executable, "-c", code, database_url], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(3)
    ]
    ends = [run.communicate(timeout=60) for run in runs]
    assert [run.returncode for run in runs] == [0, 0, 0], [err.decode()[-500:] for _, err in ends]
    results = Counter(out.decode().strip().split("|")[1] for out, _ in ends)
    assert results == {schema.newest(): 3}
