"""`sahut doctor`: names what is wrong, says what to do, and shows no secret."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from msgspec.structs import replace

from bot import settings as environment
from bot.__main__ import main
from bot.channels.telegram.checkup import check_up
from bot.commands import disk, doctor
from bot.commands.disk import about_folder, file_system
from bot.commands.doctor import about_clock, about_settings, about_work
from bot.commands.findings import Line, about_calendar, about_groups, about_owners
from cities import kept
from routing.catalogue import Owner
from routing.place import Places
from routing.polygons import Area, Areas
from storage import health, schema, sole
from storage.reading import reading
from tests.bench.fake_telegram import TOKEN, FakeTelegram
from tests.halls import hall, with_kept_city
from tests.usecases.fixtures import *  # noqa: F403 (fixtures)
from tests.usecases.town import MORNING, Town, bekasi


def found(settings: environment.Settings) -> list[Line]:
    return list(doctor.look(settings))


def marks(lines: list[Line]) -> set[str]:
    return {line.mark for line in lines}


def texts(lines: list[Line]) -> str:
    return "\n".join(f"{line.text} {line.advice}" for line in lines)


def test_a_fresh_place_is_fine_and_nothing_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    at_hand = hall()
    monkeypatch.setattr(kept, "load_city", lambda slug: at_hand)  # as if nobody had kept one, in less time
    folder = tmp_path / "data"
    lines = found(environment.load(env_file=None, data_dir=folder))
    assert marks(lines) <= {"ok", "info", "warn"}
    assert "no database yet" in texts(lines)
    assert not folder.exists(), "doctor only looks"


def test_a_database_in_a_folder_that_is_not_there_is_named(tmp_path: Path):
    lines = found(
        environment.load(env_file=None, data_dir=with_kept_city(tmp_path), database_url=f"sqlite:///{tmp_path}/no/x.db")
    )
    assert f"the folder {tmp_path}/no of the database is not there Make it" in texts(lines)
    assert "bad" in marks(lines)


def test_a_try_out_that_has_not_run_yet_wants_no_groups():
    (line,) = about_groups([], bekasi(), try_out=True)
    assert line.mark == "info"
    assert "offices of its own" in line.text
    assert "bad" in marks(list(about_groups([], bekasi(), try_out=False)))


def test_secrets_are_never_shown(tmp_path: Path):
    token, key, word = "7000000001:AAH-quite-a-secret", "k" * 40, "webhook-word"
    settings = environment.load(
        env_file=None,
        data_dir=with_kept_city(tmp_path),
        database_url="postgresql://sahut:pass-word@127.0.0.1:1/sahut",
        telegram_bot_token=token,
        telegram_api_url="http://127.0.0.1:1",
        telegram_webhook_url="https://lapor.example.id",
        telegram_webhook_secret=word,
        secret_key=key,
    )
    shown = "\n".join(doctor.shown(line) for line in found(settings))
    for secret in (token, token.split(":")[1], key, word, "pass-word"):
        assert secret not in shown
    assert "postgresql+psycopg://sahut:•••@127.0.0.1:1/sahut" in shown
    assert "TELEGRAM_BOT_TOKEN=•••" in shown


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("h:5432/d?user=u&password=geheim", "h:5432/d?user=u&password=•••"),
        ("u:gehe/im@h/d?sslpassword=gehe%20im&x=1", "u:•••@h/d?sslpassword=•••&x=1"),
        ("geheimrat@h/geheim", "geheimrat@h/geheim"),
    ],
)
def test_the_database_s_password_is_shown_nowhere(address: str, shown: str):
    lines = about_settings(environment.load(env_file=None, database_url=f"postgresql://{address}"))
    assert f"DATABASE_URL=postgresql+psycopg://{shown}" in [line.text for line in lines]


def test_misspelt_names_in_the_env_file_are_found(tmp_path: Path):
    env = tmp_path / ".env"
    env.write_text("TELEGRAM_BOT_TOKN=1\nHOST=127.0.0.1\nSOMETHING=2\n", encoding="utf-8")
    lines = list(about_settings(environment.load(env_file=None), env))
    assert "TELEGRAM_BOT_TOKN" in texts(lines)
    assert "Write TELEGRAM_BOT_TOKEN if that was meant" in texts(lines)
    assert "SOMETHING" in texts(lines)
    assert "HOST in" not in texts(lines)


def test_doctor_says_whether_pins_are_exact():
    city = bekasi()
    known = city.places.kelurahan[0]
    ring = ((known.lon - 1, known.lat - 1), (known.lon + 1, known.lat - 1), (known.lon, known.lat + 1))
    exact = Places([known], city.places.box, areas=Areas([Area(known.code, (ring,))]))
    assert doctor.about_places(city).mark == "info"
    assert "docs/places.md" in doctor.about_places(city).text
    assert doctor.about_places(replace(city, places=exact)).mark == "ok"


def test_a_database_that_cannot_be_reached_is_exit_three(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    settings = environment.load(
        env_file=None, data_dir=with_kept_city(tmp_path), database_url="postgresql://nobody:x@127.0.0.1:1/none"
    )
    from argparse import Namespace

    assert doctor.command(settings, Namespace()) == 3
    assert "cannot be read" in capsys.readouterr().out


def test_a_folder_that_cannot_be_written_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def refuse(**_: Any) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(disk.tempfile, "TemporaryFile", refuse)
    (line,) = about_folder(tmp_path)
    assert line.mark == "bad"
    assert "Permission denied" in line.text


@pytest.mark.parametrize(("free", "mark"), [(10, "bad"), (500 * 2**20, "warn"), (50 * 2**30, "ok")])
def test_little_space_is_said_in_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, mark: str):
    from collections import namedtuple

    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(disk.shutil, "disk_usage", lambda _: usage(1, 1, free))
    assert next(iter(about_folder(tmp_path))).mark == mark


def test_network_file_systems_are_refused(tmp_path: Path):
    mounts = tmp_path / "mounts"
    mounts.write_text(f"/dev/sda1 / ext4 rw 0 0\nserver:/x {tmp_path} nfs4 rw 0 0\n", encoding="utf-8")
    assert file_system(tmp_path / "data", mounts) == "nfs4"
    assert file_system(Path("/somewhere"), mounts) == "ext4"
    assert file_system(Path("/somewhere"), tmp_path / "none") == ""


@pytest.mark.parametrize(
    ("now", "newest", "mark"),
    [
        (datetime(1970, 1, 1, tzinfo=UTC), None, "bad"),
        (MORNING, None, "ok"),
        (MORNING, MORNING - timedelta(days=1), "ok"),
        (MORNING, MORNING + timedelta(seconds=30), "ok"),
        (MORNING, MORNING + timedelta(hours=2), "bad"),
    ],
)
def test_a_clock_that_went_back_is_seen(now: datetime, newest: datetime | None, mark: str):
    assert about_clock(now, newest).mark == mark


def test_the_sqlite_fault_is_told_only_where_it_is(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sole, "present", lambda: (3, 40, 1))
    assert "WAL-reset" in health.sqlite_advice()[0][0]
    monkeypatch.setattr(sole, "present", lambda: (3, 51, 3))
    assert health.sqlite_advice() == ()


def test_what_waits_is_said(town: Town):
    town.report()
    with reading(town.url) as connection:
        work = health.work(connection)
    assert (work.open_tickets, work.dead_letters) == (1, 0)
    assert marks(list(about_work(work, MORNING))) == {"ok"}
    late = list(about_work(work, MORNING + timedelta(minutes=10)))
    assert "a message waits to be sent since 0:10:00" in texts(late)
    town.do(lambda unit: unit.system.bury("media", 1, "x"))
    with reading(town.url) as connection:
        assert "1 dead letters" in texts(list(about_work(health.work(connection), MORNING)))
    town.do(lambda unit: unit.inbox.quarantine("telegram", b"{", "no JSON"))
    with reading(town.url) as connection:
        assert "1 events in quarantine, the newest at 20" in texts(list(about_work(health.work(connection), MORNING)))


def test_offices_with_and_without_a_group(town: Town):
    triage = town.house.city.triage
    town.office("DISHUB", "501")
    lost = town.office("DLH", "601")
    town.do(lambda unit: unit.chats.set_reachable(lost.id, "blocked"))
    with reading(town.url) as connection:
        lines = list(about_groups(health.bindings(connection), bekasi(), try_out=False))
    assert f"the triage desk {triage} has no group" in texts(lines)
    assert "DLH (group)" in texts(lines)
    missing = next(line.text for line in lines if "missing: " in line.text).partition("missing: ")[2].split(", ")
    assert "DISDIK" in missing
    assert not {"DISHUB", "DLH", triage} & set(missing)
    assert marks(lines) == {"bad", "warn"}


def test_an_unsafe_postgresql_is_named(on_postgres: str):
    """The server of the tests runs with fsync=off, and doctor says so."""
    with reading(on_postgres) as connection:
        engine = health.engine(connection)
        asked = connection.scalar(sa.text("show fsync"))
    assert engine.name.startswith("PostgreSQL 1")
    said = " ".join(what for what, _ in engine.problems)
    assert ("fsync is off" in said) is (asked == "off")
    assert "too old" not in said


def test_a_user_that_may_make_no_tables_is_told_who_has_to_own_the_database(on_postgres: str):
    with sa.create_engine(on_postgres, poolclass=sa.NullPool).begin() as connection:
        connection.exec_driver_sql("drop role if exists sahut_guest")
        connection.exec_driver_sql("create role sahut_guest")
        assert health.may_make_tables(connection)
        connection.exec_driver_sql("set local role sahut_guest")
        assert not health.may_make_tables(connection)
        connection.exec_driver_sql("reset role")
        connection.exec_driver_sql("drop role sahut_guest")


def test_a_key_that_is_missing_or_damaged_is_told_before_a_new_one_is_made(tmp_path: Path):
    settings = environment.load(env_file=None, data_dir=tmp_path)
    assert list(disk.about_key(settings)) == []
    (tmp_path / "tryout.db").write_bytes(b"x")
    (line,) = disk.about_key(settings)
    assert line.mark == "bad"
    assert "secret.key is missing beside a database" in line.text
    (tmp_path / "secret.key").write_text("short")
    (line,) = disk.about_key(settings)
    assert line.text.endswith("secret.key is damaged")
    (tmp_path / "secret.key").unlink()
    (tmp_path / "secret.key").mkdir()
    (line,) = disk.about_key(settings)
    assert "cannot be read" in line.text
    assert list(disk.about_key(environment.load(env_file=None, data_dir=tmp_path, secret_key="k" * 40))) == []


def test_what_every_user_of_the_machine_could_read_is_told_with_its_chmod(tmp_path: Path):
    env = tmp_path / ".env"
    env.touch(mode=0o640)
    tmp_path.chmod(0o700)
    assert list(disk.about_rights(tmp_path, env, tmp_path / "none")) == []
    env.chmod(0o644)
    tmp_path.chmod(0o755)
    assert [line.advice for line in disk.about_rights(tmp_path, env)] == [f"chmod 700 {tmp_path}", f"chmod 600 {env}"]


@pytest.mark.parametrize("command", ["verify", "doctor"])
def test_a_damaged_or_empty_file_gets_its_own_advice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str
):
    monkeypatch.setenv("DATA_DIR", str(with_kept_city(tmp_path)))
    file = tmp_path / "tryout.db"
    file.write_bytes(b"no database at all, but long enough to be taken for one" * 100)
    assert main([command]) == 3
    said = "".join(capsys.readouterr())
    assert "damaged" in said
    assert "copy the whole data folder, then restore the last backup" in said
    file.write_bytes(b"")
    main([command])
    assert "the database is empty" in "".join(capsys.readouterr())


async def test_a_token_that_works_and_one_that_does_not():
    async with FakeTelegram() as server:
        fine = await check_up(TOKEN, server.url, "")
        assert fine.name.startswith("@")
        assert (fine.problems, fine.warnings) == ((), ())
        hooked = await check_up(TOKEN, server.url, "https://lapor.example.id/telegram/webhook")
        assert "does not deliver" in hooked.warnings[0][0]
        nowhere = await check_up(TOKEN, f"{server.url}/nested", "")
        server.token_revoked = True
        wrong = await check_up(TOKEN, server.url, "")
    assert wrong.name == ""
    assert "TELEGRAM_BOT_TOKEN" in wrong.problems[0][0]
    assert nowhere.problems[0][0] == f"TELEGRAM_API_URL ({server.url}/nested) knows no such bot (404)"
    assert "Look at TELEGRAM_API_URL first" in nowhere.problems[0][1]
    gone = await check_up(TOKEN, "http://127.0.0.1:1", "")
    assert "cannot be reached" in gone.problems[0][0]
    assert TOKEN not in str(gone) + str(wrong)


def test_an_installation_at_work_is_looked_at_beside_it(towns: Callable[..., Town], on_sqlite: str, tmp_path: Path):
    town = towns(on_sqlite)
    town.clock.at = datetime.now(UTC)
    town.report()
    lines = found(environment.load(env_file=None, data_dir=with_kept_city(tmp_path), database_url=on_sqlite))
    assert "a running Sahut holds the database" in texts(lines)
    assert f"schema {schema.newest()}" in texts(lines)
    assert "storage" not in marks(lines)


def test_an_office_without_its_head_s_chat_is_named():
    """Nobody but the operator can bind one, and without it nobody above the office hears that it is late."""
    bound = [
        health.Binding(agency, role, "telegram", True)
        for agency, role in (("DISHUB", "group"), ("DLH", "group"), ("DLH", "head"), ("DISKOMINFOSTANDI", "group"))
    ]
    (line,) = [one for one in about_groups(bound, bekasi(), try_out=False) if "head" in one.text]
    assert line.mark == "warn"
    assert "DISHUB" in line.text
    assert "DLH" not in line.text
    assert "--role head" in line.advice


def test_a_kind_whose_owner_only_begins_later_is_named():
    city = bekasi()
    today = date(2026, 11, 30)
    assert list(about_owners(city, today)) == []
    lamp = city.catalogue.category("PJU")
    later = replace(lamp, owners=(Owner("DISHUB", date(2027, 1, 1)), Owner("DLH", date(2028, 1, 1))))
    categories = {**city.catalogue.categories, "PJU": later}
    planned = replace(city, catalogue=replace(city.catalogue, categories=categories))
    (line,) = about_owners(planned, today)
    assert (line.mark, "PJU from 2027-01-01" in line.text) == ("warn", True)
    assert city.triage in line.text
    assert "categories.toml" in line.advice
    assert list(about_owners(planned, date(2027, 1, 1))) == []


def test_a_list_of_days_off_that_ends_soon_is_named():
    last = max(bekasi().calendar.holidays)
    assert about_calendar(bekasi(), last - timedelta(days=100)).mark == "ok"
    line = about_calendar(bekasi(), last - timedelta(days=30))
    assert line.mark == "warn"
    assert "calendar.toml" in line.advice
    assert about_calendar(bekasi(), last + timedelta(days=30)).mark == "warn"
