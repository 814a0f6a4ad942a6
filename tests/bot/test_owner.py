"""A command run as another user than the one whose installation it is makes nothing there and says what to do."""

import importlib
import io
import json
import os
import shutil
import tempfile
import traceback
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from bot import requests
from bot.__main__ import main
from bot.settings import SettingsError, load
from cities import kept
from storage.schema import migrate
from tests.halls import hall, with_kept_city
from tests.usecases.fixtures import *  # noqa: F403 (fixtures)
from tests.usecases.town import Town

NOBODY = 65534
ROOTS = pytest.mark.skipif(os.geteuid() != 0, reason="only root may give a folder away, or become somebody else")


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder everybody may enter, which pytest's own is not."""
    folder = Path(tempfile.mkdtemp(prefix="sahut-owner-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def given_to(uid: int, folder: Path) -> Path:
    for path in (folder, *folder.rglob("*")):
        os.chown(path, uid, uid, follow_symlinks=False)
    folder.chmod(0o700)
    return folder


def everything(folder: Path) -> set[Path]:
    return set(folder.rglob("*"))


def as_nobody(work: Callable[[], int]) -> tuple[int, str]:
    """(exit code, everything printed) of `work`, done by another user in a child of ours."""
    for command in ("doctor", "invite", "learn", "migrate", "run", "verify"):
        importlib.import_module(f"bot.commands.{command}")  # its libraries may lie where only root reads
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        said = io.StringIO()
        code = 99
        try:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
            with redirect_stdout(said), redirect_stderr(said):
                code = work()
        except BaseException:
            said.write(traceback.format_exc())
        finally:
            os.write(writing, said.getvalue().encode())
            os._exit(code)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said_ = pipe.read().decode()
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), said_


WRITING = ["invite dishub", "run", "migrate", "learn", "learn --rollback"]


@ROOTS
@pytest.mark.parametrize("command", WRITING)
@pytest.mark.parametrize("begun", [False, True])
def test_root_makes_nothing_in_the_service_s_folder(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str, *, begun: bool
):
    folder = with_kept_city(place / "data")
    if begun:
        migrate(f"sqlite:///{folder}/tryout.db")
    given_to(NOBODY, folder)
    monkeypatch.setenv("DATA_DIR", str(folder))
    before = everything(folder)
    assert main(command.split()) == 2
    said = capsys.readouterr().err
    assert "Nothing was done" in said
    assert f"sudo -u nobody .venv/bin/sahut {command.split()[0]}" in said
    assert everything(folder) == before


def test_a_file_that_somebody_else_left_is_named_with_both_ways_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    folder = with_kept_city(tmp_path / "data")
    monkeypatch.setenv("DATA_DIR", str(folder))
    migrate(f"sqlite:///{folder}/tryout.db")
    monkeypatch.setattr(os, "geteuid", lambda: NOBODY - 1)
    assert main(["invite", "dishub"]) == 2
    said = capsys.readouterr().err
    assert f"{folder}/tryout.db belongs to " in said
    assert f"sudo chown -R {NOBODY - 1} {folder}/tryout.db {folder}/tryout.db.lock" in said


def test_a_volume_that_is_shared_with_our_group_is_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Somebody else's folder, in which we may write and nobody has begun."""
    from bot import owner

    settings = load(env_file=None, data_dir=tmp_path)
    monkeypatch.setattr(os, "geteuid", lambda: NOBODY - 1)
    owner.check(settings, "run")
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(SettingsError, match="Nothing was done"):
        owner.check(settings, "run")


@ROOTS
@pytest.mark.parametrize("command", [*WRITING, "learn --list", "verify", "doctor"])
def test_who_may_not_look_into_the_folder_is_told_whose_it_is(
    place: Path, monkeypatch: pytest.MonkeyPatch, command: str
):
    at_hand = hall()
    monkeypatch.setattr(kept, "load_city", lambda slug: at_hand)  # the kept one cannot be read
    folder = with_kept_city(place / "data")
    migrate(f"sqlite:///{folder}/tryout.db")
    folder.chmod(0o700)
    monkeypatch.setenv("DATA_DIR", str(folder))
    code, said = as_nobody(lambda: main(command.split()))
    assert "Traceback" not in said
    assert code in (1, 2, 3), said
    assert ("`sahut doctor` tells more" if command == "verify" else "sudo -u root") in said


@ROOTS
def test_doctor_names_what_root_left_in_the_service_s_folder(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    folder = given_to(NOBODY, with_kept_city(place / "data"))
    (folder / "requests").mkdir(mode=0o700)
    monkeypatch.setenv("DATA_DIR", str(folder))
    assert main(["doctor"]) == 1
    said = capsys.readouterr().out
    assert f"not nobody's, who runs Sahut: {folder}/requests" in said
    assert f"sudo chown -R nobody {folder}/requests" in said
    assert "sudo -u nobody .venv/bin/sahut doctor" in said, "what root may do says little of the service"


async def test_a_folder_of_requests_that_cannot_be_read_is_said_once(
    town: Town, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    (tmp_path / "requests").write_text("no folder", encoding="utf-8")
    desk = requests.Requests(town.database, town.house, tmp_path / "requests")
    await desk.look()
    await desk.look()
    assert [record.message for record in caplog.records].count("requests cannot be read") == 1


def test_a_running_sahut_that_does_not_answer_is_not_taken_for_a_second_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    from storage import sole

    folder = with_kept_city(tmp_path / "data")
    monkeypatch.setenv("DATA_DIR", str(folder))
    monkeypatch.setattr(requests, "PATIENCE_S", 0.0)
    url = f"sqlite:///{folder}/tryout.db"
    migrate(url)
    with sole.taken(url):
        assert main(["invite", "dishub"]) == 3
    said = capsys.readouterr().err
    assert "does not answer" in said
    assert "SQLite" not in said
    assert not list((folder / "requests").iterdir())


def test_a_request_the_running_sahut_could_not_read_is_told(tmp_path: Path):
    def set_aside() -> bool:
        for path in (tmp_path / "requests").glob("*.json"):
            path.rename(path.with_suffix(".bad"))
        return True

    with pytest.raises(requests.Unanswered, match="could not read the request"):
        requests.hand_over(tmp_path / "requests", json.loads("{}"), set_aside)


# -- a database that cannot be written ---------------------------------------------------------------------


@ROOTS
@pytest.mark.parametrize("command", ["run", "invite dishub", "doctor"])
def test_a_database_file_that_cannot_be_written_is_named(place: Path, monkeypatch: pytest.MonkeyPatch, command: str):
    folder = with_kept_city(place / "data")
    at_hand = hall()
    monkeypatch.setattr(kept, "load_city", lambda slug: at_hand)
    migrate(f"sqlite:///{folder}/tryout.db")
    given_to(NOBODY, folder)
    (folder / "tryout.db").chmod(0o444)
    monkeypatch.setenv("DATA_DIR", str(folder))
    monkeypatch.setenv("PORT", "0")
    code, said = as_nobody(lambda: main(command.split()))
    assert code == 3, said
    assert f"{folder}/tryout.db" in said
    assert "may not be written by this user" in said
    assert "Traceback" not in said
