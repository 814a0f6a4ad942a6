"""A live installation that lost its token does not become the public try-out without a word."""

import json
import logging
from pathlib import Path

import pytest

from bot import purpose, settings, wiring
from bot.__main__ import main
from bot.commands import doctor, run
from bot.settings import Settings, SettingsError
from tests.halls import with_kept_city

TOKEN = "123456789:AAF-canary_token_canary_token_ca"


def load(folder: Path, **given: object) -> Settings:
    return settings.load(None, data_dir=folder, **given)


def test_who_just_tries_it_is_asked_nothing(tmp_path: Path):
    for host in ("127.0.0.1", "localhost", "::1"):
        assert purpose.doubt(load(tmp_path, host=host)) == ""


@pytest.mark.parametrize(
    ("given", "sign"),
    [
        ({"PUBLIC_URL": "https://lapor.kota.go.id"}, "PUBLIC_URL is set"),
    ],
)
def test_without_a_token_what_others_can_reach_is_refused(tmp_path: Path, given: dict[str, str], sign: str):
    doubt = purpose.doubt(load(tmp_path, **given))
    assert sign in doubt
    assert "Write its token into .env" in doubt
    assert "TRY_OUT=yes" in doubt
    assert purpose.doubt(load(tmp_path, **given, TRY_OUT="yes")) == ""
    assert purpose.doubt(load(tmp_path, **given, TELEGRAM_BOT_TOKEN=TOKEN)) == ""


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_a_try_out_for_the_neighbours_is_shown_and_warned_of(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, host: str
):
    """On one's own network, or out of a container."""
    purpose.check(load(tmp_path, host=host))
    assert f"HOST={host} shows the try-out" in caplog.text


def test_a_database_that_is_named_knows_what_it_is_for(tmp_path: Path):
    (tmp_path / "sahut.db").touch()
    assert purpose.doubt(load(tmp_path, database_url=f"sqlite:///{tmp_path}/sahut.db")) == ""


def test_beside_real_reports_the_try_out_is_refused(tmp_path: Path):
    (tmp_path / "sahut.db").touch()
    assert f"{tmp_path}/sahut.db holds real reports" in purpose.doubt(load(tmp_path))
    assert purpose.doubt(load(tmp_path, TRY_OUT="yes")) == ""


def test_a_lost_token_ends_the_start_with_the_way_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.chdir(tmp_path)
    Path(".env").write_text(f"TELEGRAM_TOKEN={TOKEN}\nPUBLIC_URL=https://lapor.kota.go.id\n", encoding="utf-8")
    assert main(["run"]) == 2
    said = capsys.readouterr().err
    assert "neither TELEGRAM_BOT_TOKEN nor WHATSAPP_TOKEN is set" in said
    assert "TELEGRAM_TOKEN in .env is no setting of Sahut" in said
    assert TOKEN not in said
    assert not Path("data").exists()


def test_doctor_says_it_too(tmp_path: Path):
    lines = list(doctor.look(load(with_kept_city(tmp_path), PUBLIC_URL="https://lapor.kota.go.id")))
    assert any(line.mark == "bad" and "PUBLIC_URL is set" in line.text for line in lines)


def test_yes_beside_a_token_is_a_contradiction(tmp_path: Path):
    with pytest.raises(SettingsError, match="TRY_OUT is yes, and a token is set"):
        load(tmp_path, TELEGRAM_BOT_TOKEN=TOKEN, TRY_OUT="yes")


def test_every_unknown_name_is_warned_of_at_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    monkeypatch.chdir(tmp_path)
    Path(".env").write_text("DATABSE_URL=geheim\nCOMPOSE_FILE=x\n", encoding="utf-8")
    run.tell_unread()
    assert [record.levelname for record in caplog.records] == ["WARNING", "WARNING"]
    assert "DATABSE_URL in .env is no setting of Sahut and has no effect: write DATABASE_URL" in caplog.text
    assert "geheim" not in caplog.text


def test_a_new_database_is_spoken_of_once(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.INFO)
    live = load(tmp_path, TELEGRAM_BOT_TOKEN=TOKEN)
    for _ in range(2):
        wiring.open_storage(live, lambda: None).close()  # type: ignore[arg-type, return-value]
    made = [record for record in caplog.records if "a new database was made" in record.getMessage()]
    assert [(one.levelname, json.dumps(one.getMessage())) for one in made] == [
        ("WARNING", f'"a new database was made at sqlite:///{tmp_path}/sahut.db"')
    ]
