"""F12: beside a running Sahut a second one is refused; `invite`, `verify`, `doctor` and `migrate` still work."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import requests
from storage import sole
from storage.reading import reading
from storage.schema import migrate
from tests.usecases.fixtures import *  # noqa: F403 (fixtures)
from tests.usecases.town import Town

ROOT = Path(__file__).parents[2]


def sahut(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=ROOT, env=surroundings(folder), capture_output=True, text=True, timeout=50,
    )  # fmt: skip


def surroundings(folder: Path) -> dict[str, str]:
    path = os.environ.get("PATH", os.defpath)
    return {"PATH": path, "DATA_DIR": str(folder), "PORT": "0", "LANG": "C.UTF-8", "HOME": str(folder)}


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Path]:
    """The data folder of a Sahut that runs."""
    folder = tmp_path / "data"
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "run"], cwd=ROOT, env=surroundings(folder), stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        assert "http://127.0.0.1:" in process.stdout.readline()
        yield folder
    finally:
        process.send_signal(signal.SIGTERM)
        _, log = process.communicate(timeout=20)
        assert process.returncode == 0, log[-2000:]
    for line in log.splitlines():
        assert json.loads(line)["level"] in ("INFO", "WARNING"), line
    assert "alembic" not in log


def invitations(folder: Path) -> list[tuple[str, str]]:
    (database,) = folder.glob("*.db")
    with reading(f"sqlite:///{database}") as connection:
        rows = connection.exec_driver_sql("select agency, role from invite order by created_at")
        return [(row[0], row[1]) for row in rows]


@pytest.mark.slow
def test_beside_a_running_sahut(running: Path):
    second = sahut(running, "run")
    assert second.returncode == 3
    assert "Another Sahut process" in second.stderr
    assert "Traceback" not in second.stderr
    invited = sahut(running, "invite", "dishub")
    assert invited.returncode == 0, invited.stderr
    assert re.fullmatch(r"[2-9A-Z]{10}\n", invited.stdout), "the code stands alone on stdout"
    assert invitations(running) == [("DISHUB", "group")]
    assert not list((running / "requests").iterdir())
    verified = sahut(running, "verify", "--json")
    assert verified.returncode == 0, verified.stdout
    assert json.loads(verified.stdout)["clean"] is True
    examined = sahut(running, "doctor")
    assert examined.returncode == 0, examined.stdout
    assert "a running Sahut holds the database" in examined.stdout
    migrated = sahut(running, "migrate")
    assert (migrated.returncode, migrated.stdout) == (0, "schema 0001: nothing to do\n")
    assert oct(running.stat().st_mode & 0o777) == "0o700", "people's words are nobody else's business"


@pytest.mark.slow
def test_without_a_running_one_the_commands_work_alone(tmp_path: Path):
    folder = tmp_path / "data"
    missing = sahut(folder, "verify")
    assert missing.returncode == 3
    assert "no database" in missing.stderr
    assert sahut(folder, "invite", "DLH", "--role", "head").returncode == 0
    assert invitations(folder) == [("DLH", "head")]
    wrong = sahut(folder, "invite", "NOWHERE")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "DISHUB" in wrong.stderr
    assert sahut(folder, "invite", "DISHUB", "--role", "ops").returncode == 2


# -- requests, piece by piece ----------------------------------------------------------------------------


def a_request(**changed: str) -> dict[str, str]:
    return {"what": "invite", "agency": "DISHUB", "role": "group", "code_hash": "h"} | changed


async def test_a_request_is_carried_out_once_and_vanishes(town: Town, tmp_path: Path):
    (tmp_path / "a.json").write_text(json.dumps(a_request()), encoding="utf-8")
    desk = requests.Requests(town.database, town.house, tmp_path)
    await desk.look()
    assert not (tmp_path / "a.json").exists()
    (tmp_path / "a.json").write_text(json.dumps(a_request()), encoding="utf-8")  # killed before it was removed
    await desk.look()
    assert town.value("select count(*) from invite") == 1


@pytest.mark.parametrize(
    "content",
    [
        "",
        "not json",
        "[]",
        '{"what": "drop"}',
        json.dumps(a_request(agency="NOWHERE")),
        json.dumps(a_request(role="king")),
    ],
)
async def test_what_is_no_request_is_set_aside(town: Town, tmp_path: Path, content: str):
    (tmp_path / "a.json").write_text(content, encoding="utf-8")
    (tmp_path / "b.json").write_text(json.dumps(a_request()), encoding="utf-8")
    await requests.Requests(town.database, town.house, tmp_path).look()
    assert (tmp_path / "a.bad").exists()
    assert not (tmp_path / "b.bad").exists()
    assert town.value("select count(*) from invite") == 1


async def test_without_a_database_a_request_waits(town: Town, tmp_path: Path):
    (tmp_path / "a.json").write_text(json.dumps(a_request()), encoding="utf-8")
    town.close()
    await requests.Requests(town.database, town.house, tmp_path).look()
    assert (tmp_path / "a.json").exists()


def test_who_asks_takes_the_request_back_when_nobody_is_there(tmp_path: Path):
    began = time.monotonic()
    assert not requests.hand_over(tmp_path / "requests", a_request(), lambda: False)
    assert time.monotonic() - began < 1
    assert list((tmp_path / "requests").iterdir()) == []
    assert oct((tmp_path / "requests").stat().st_mode & 0o777) == "0o700"


def test_the_lock_lies_beside_the_database(tmp_path: Path):
    url = f"sqlite:///{tmp_path}/x.db"
    migrate(url)
    with sole.taken(url):
        assert (tmp_path / "x.db.lock").exists()
        assert sole.is_taken(url)
