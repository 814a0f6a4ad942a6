"""A look at a database never writes, and works also where nothing can be written."""

import os
import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa

from storage import reading


@pytest.fixture
def shut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A database in a folder that may not be written, in the mode in which Sahut keeps it."""
    file = tmp_path / "sahut.db"
    with sqlite3.connect(file) as made:
        made.execute("pragma journal_mode = wal")
        made.execute("create table t (a)")
    made.close()
    monkeypatch.setattr(reading.os, "access", lambda path, mode: not (Path(path) == tmp_path and mode == os.W_OK))
    return file


def test_a_backup_on_a_disk_that_cannot_be_written_is_read_and_nothing_is_made_beside_it(shut: Path):
    with reading.reading(f"sqlite:///{shut}") as connection:
        assert connection.scalar(sa.text("select count(*) from t")) == 0
        assert [path.name for path in shut.parent.iterdir()] == ["sahut.db"]


def test_beside_who_writes_what_stands_in_the_log_is_read_too(shut: Path):
    writer = sqlite3.connect(shut)
    writer.execute("insert into t values (1)")
    writer.commit()
    with reading.reading(f"sqlite:///{shut}") as connection:
        assert connection.scalar(sa.text("select count(*) from t")) == 1
    writer.close()
