"""F12: one process writes a SQLite file; the second is told so in plain words; readers are welcome."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from storage import sole
from storage.database import open_database
from storage.reading import reading
from storage.schema import migrate
from tests.usecases.town import Clock, Town

HOLD = """
import sys
from storage import sole
right = sole.take(sys.argv[1])
print("held", flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize(
    ("version", "affected"),
    [
        ((3, 6, 23), False),
        ((3, 7, 0), True),
        ((3, 31, 1), True),
        ((3, 40, 1), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 44, 7), False),
        ((3, 45, 0), True),
        ((3, 50, 6), True),
        ((3, 50, 7), False),
        ((3, 51, 0), True),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 52, 0), False),
        ((4, 0, 0), False),
    ],
)
def test_the_versions_with_the_fault_are_known(version: tuple[int, int, int], affected: bool):
    assert sole.affected(version) is affected


def test_a_second_writer_is_refused_with_a_sentence(on_sqlite: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sole, "WAIT_S", 0.1)
    first = open_database(on_sqlite, Clock().now)
    with pytest.raises(sole.InUse) as refused:
        sole.take(on_sqlite, 0.1)
    assert "Another Sahut process" in str(refused.value)
    assert "sahut.db" in str(refused.value)
    assert "PostgreSQL" in str(refused.value)
    assert ("has a fault" in str(refused.value)) is sole.affected(sole.present())
    first.close()
    open_database(on_sqlite, Clock().now).close()


def test_the_right_comes_back_when_its_holder_is_killed(on_sqlite: str):
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, on_sqlite], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        assert sole.is_taken(on_sqlite)
        with pytest.raises(sole.InUse, match=str(holder.pid)):
            sole.take(on_sqlite, 0.05)
        holder.kill()
        holder.wait(10)
    right = sole.take(on_sqlite, 1.0)
    assert right is not None
    right.release()
    assert not sole.is_taken(on_sqlite)


def test_postgresql_serves_everybody(on_postgres: str):
    assert sole.take(on_postgres) is None
    assert not sole.is_taken(on_postgres)


def test_a_failed_opening_gives_the_right_back(tmp_path: Path):
    (tmp_path / "x.db").mkdir()
    url = f"sqlite:///{tmp_path / 'x.db'}"
    with pytest.raises(sa.exc.OperationalError):
        open_database(url, Clock().now)
    assert not sole.is_taken(url)


def test_a_reader_beside_the_writer_sees_one_moment_and_cannot_write(town: Town):
    town.report()
    with reading(town.url) as connection:
        before = connection.scalar(sa.text("select count(*) from ticket"))
        town.report("1002")
        assert connection.scalar(sa.text("select count(*) from ticket")) == before == 1
        with pytest.raises(sa.exc.DBAPIError):
            connection.execute(sa.text("delete from rating"))
    with reading(town.url) as connection:
        assert connection.scalar(sa.text("select count(*) from ticket")) == 2


def test_a_reader_that_leaves_last_does_not_fold_the_log_into_the_file(on_sqlite: str):
    """Only then is a reader free of the WAL-reset fault: it never checkpoints."""
    path = Path(on_sqlite.removeprefix("sqlite:///"))
    killed = (
        "import sys, os\nfrom storage.database import open_database\nfrom tests.usecases.town import Clock\n"
        "d = open_database(sys.argv[1], Clock().now)\n"
        "d.submit(lambda unit: unit.system.ensure_instance('x')).result()\nos.kill(os.getpid(), 9)\n"
    )
    subprocess.run([sys.executable, "-c", killed, on_sqlite], timeout=60, cwd=Path(__file__).parents[2])
    log = path.with_name("sahut.db-wal")
    size, content = log.stat().st_size, path.read_bytes()
    assert size > 0
    with reading(on_sqlite) as connection:
        assert connection.scalar(sa.text("select uuid from instance")) == "x"
    assert (log.stat().st_size, path.read_bytes()) == (size, content)


def test_an_installation_on_sqlite_loads_nothing_of_postgresql():
    """It would cost every start a twentieth of a second, and two megabytes."""
    code = "import sys, bot.commands.run, storage.sqlite_writer; print([m for m in sys.modules if 'postgres' in m])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def test_the_files_are_for_their_owner_only_wherever_they_lie(tmp_path: Path):
    url = f"sqlite:///{tmp_path}/new.db"
    before = os.umask(0o022)
    try:
        migrate(url)
        database = open_database(url, lambda: datetime.now(UTC))
        database.submit(lambda unit: unit.system.set_cursor("x", 1)).result()
        made = {path.name: oct(path.stat().st_mode & 0o777) for path in tmp_path.iterdir()}
        database.close()
    finally:
        os.umask(before)
    assert set(made) >= {"new.db", "new.db.lock", "new.db-wal"}
    assert set(made.values()) == {"0o600"}


SERVE = """
import sys
from datetime import UTC, datetime
from storage.database import open_database
database = open_database(sys.argv[1], lambda: datetime.now(UTC))
database.submit(lambda unit: None).result()
print("open", flush=True)
sys.stdin.read()
database.close()
"""


@contextmanager
def another_process(url: str) -> Iterator[None]:
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        yield
        process.communicate(timeout=10)


def test_a_link_to_the_file_is_the_same_file(on_sqlite: str, tmp_path: Path):
    database = Path(sa.make_url(on_sqlite).database or "")
    link = tmp_path / "elsewhere" / "linked.db"
    link.parent.mkdir()
    link.symlink_to(database)
    with sole.taken(on_sqlite), pytest.raises(sole.InUse):
        sole.take(f"sqlite:///{link}", 0.05)
    right = sole.take(f"sqlite:///{link}", 0.05)
    assert right is not None
    assert sole.is_taken(on_sqlite)
    right.release()
    assert not Path(f"{link}.lock").exists()


def test_a_removed_lock_file_lets_nobody_in(on_sqlite: str):
    lock = sole.lock_file(on_sqlite)
    assert lock is not None
    with another_process(on_sqlite):
        lock.unlink()
        for _ in range(2):  # the refused one must not leave a lock behind that lets the next one in
            with pytest.raises(sole.InUse, match=r"lock was removed"):
                sole.take(on_sqlite, 0.05)
    with sole.taken(on_sqlite, 1.0):
        pass


def test_a_lock_file_that_is_missing_while_nobody_works_does_no_harm(on_sqlite: str):
    lock = sole.lock_file(on_sqlite)
    assert lock is not None
    lock.unlink(missing_ok=True)
    with sole.taken(on_sqlite, 0.0), pytest.raises(sole.InUse, match="process"):
        sole.take(on_sqlite, 0.0)
