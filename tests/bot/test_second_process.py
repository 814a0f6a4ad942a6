"""F12: beside a running Sahut a second one is refused; `invite`, `verify`, `doctor` and `migrate` still work."""

import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot import requests
from bot.__main__ import main
from storage import schema, sole
from storage.reading import reading
from storage.schema import migrate
from storage.unit import Unit
from tests.halls import with_kept_city
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
    folder = with_kept_city(tmp_path / "data")
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
def test_beside_a_running_sahut(running: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    second = sahut(running, "run")
    assert second.returncode == 3
    assert "Another Sahut process" in second.stderr
    assert "Traceback" not in second.stderr
    monkeypatch.setenv("DATA_DIR", str(running))
    assert main(["invite", "dishub"]) == 0
    assert re.fullmatch(r"[2-9A-Z]{10}\n", capsys.readouterr().out), "the code stands alone on stdout"
    assert invitations(running) == [("DISHUB", "group")]
    assert not list((running / "requests").iterdir())
    assert main(["verify", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["clean"] is True
    assert main(["doctor"]) == 0
    assert "a running Sahut holds the database" in capsys.readouterr().out
    assert main(["migrate"]) == 0
    assert capsys.readouterr().out == f"schema {schema.newest()}: nothing to do\n"
    assert oct(running.stat().st_mode & 0o777) == "0o700", "people's words are nobody else's business"


def test_without_a_running_one_the_commands_work_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    folder = with_kept_city(tmp_path / "data")
    monkeypatch.setenv("DATA_DIR", str(folder))
    assert main(["verify"]) == 3
    assert "no database" in capsys.readouterr().err
    assert main(["invite", "DLH", "--role", "head"]) == 0
    assert invitations(folder) == [("DLH", "head")]
    assert "this code is for the try-out only" in capsys.readouterr().err, "a real bot has a database of its own"
    assert main(["invite", "NOWHERE"]) == 2
    wrong = capsys.readouterr()
    assert wrong.out == ""
    assert "DISHUB" in wrong.err
    assert main(["invite", "DISHUB", "--role", "ops"]) == 2
    assert main(["migrate"]) == 0
    assert main(["verify"]) == 0
    assert capsys.readouterr().out.endswith("clean\n")


@pytest.mark.parametrize(
    ("given", "code", "said"),
    [
        (
            {"HOST": "no-such-host.invalid", "TRY_OUT": "yes"},
            4,
            "no-such-host.invalid is no address of this machine. Set HOST",
        ),
        ({"HOST": "192.0.2.7", "TRY_OUT": "yes"}, 4, "192.0.2.7 is no address of this machine. Set HOST"),
        ({"DATABASE_URL": "sqlite:////no/such/folder/x.db"}, 3, "/no/such/folder/x.db.lock: No such file or directory"),
        ({"DATABASE_URL": "postgresql://u:pass-word@127.0.0.1:1/x"}, 3, "Connection refused"),
    ],
)
def test_why_it_cannot_start_is_said(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    given: dict[str, str],
    code: int,
    said: str,
):
    monkeypatch.setenv("DATA_DIR", str(with_kept_city(tmp_path / "data")))
    monkeypatch.setenv("PORT", "0")
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    assert main(["run"]) == code
    shown = capsys.readouterr().err
    assert said in shown
    assert "pass-word" not in shown


def test_a_port_that_is_taken_for_a_while_is_no_wrong_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    """Who looks after the service starts it again, but for exit code 2."""
    monkeypatch.setenv("DATA_DIR", str(with_kept_city(tmp_path / "data")))
    with socket.create_server(("127.0.0.1", 0)) as other:
        monkeypatch.setenv("PORT", str(other.getsockname()[1]))
        assert main(["run"]) == 4
    assert "is taken. Stop the other program, or set PORT" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["run", "invite dishub", "migrate", "verify", "learn --reports", "doctor"])
def test_a_database_of_a_newer_version_is_refused_with_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str
):
    monkeypatch.setenv("DATA_DIR", str(with_kept_city(tmp_path)))
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/x.db")
    migrate(f"sqlite:///{tmp_path}/x.db")
    with sqlite3.connect(tmp_path / "x.db") as hand:
        hand.execute("update alembic_version set version_num = '9999'")
    hand.close()
    assert main(command.split()) == 3
    said = capsys.readouterr()
    assert "Traceback" not in said.err
    assert "newer Sahut" in said.out + said.err
    assert "sahut migrate" not in said.out + said.err, "which would refuse"


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


async def test_what_cannot_be_kept_does_not_hold_up_the_next(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def work(asked: dict[str, Any]) -> Callable[[Unit], None]:
        return lambda unit: unit.agencies.invite(asked["code_hash"] or None, "DISHUB", "group", unit.now)

    desk = requests.Requests(town.database, town.house, tmp_path)
    monkeypatch.setattr(desk, "_work", work)
    (tmp_path / "a.json").write_text(json.dumps(a_request(code_hash="")), encoding="utf-8")
    (tmp_path / "b.json").write_text(json.dumps(a_request()), encoding="utf-8")
    await desk.look()
    assert (tmp_path / "a.bad").exists()
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
