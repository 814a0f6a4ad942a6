"""Settings: defaults that run at once, and errors that say what to write."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import FrozenInstanceError
from pathlib import Path

import msgspec
import pytest

from bot import settings
from bot.settings import Settings, SettingsError

TOKEN = "123456789:AAF-canary_token_canary_token_ca"


def load(**given: object) -> Settings:
    return settings.load(None, **given)


def refusal(**given: object) -> str:
    with pytest.raises(SettingsError) as caught:
        load(**given)
    return str(caught.value)


def test_without_any_setting_the_try_out_runs_on_sqlite():
    bare = load()
    assert bare.try_out
    assert (bare.city, bare.host, bare.port) == ("kota-bekasi", "127.0.0.1", 8080)
    assert bare.database_url == "sqlite:///data/tryout.db"
    assert bare.telegram_api_url == "https://api.telegram.org"
    assert bare.telegram_pace == 28


def test_the_database_file_lies_in_the_data_folder():
    assert load(DATA_DIR="/srv/sahut").database_url == "sqlite:////srv/sahut/tryout.db"


def test_real_reports_and_the_try_out_never_share_a_file():
    assert load(TELEGRAM_BOT_TOKEN=TOKEN).database_url == "sqlite:///data/sahut.db"


def test_a_token_ends_the_try_out():
    assert not load(TELEGRAM_BOT_TOKEN=TOKEN).try_out


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    file = tmp_path / ".env"
    file.write_text("PORT=1111\nHOST= 0.0.0.0 \nPUBLIC_URL=\nSOMETHING_ELSE=1\n", encoding="utf-8")
    monkeypatch.setenv("PORT", "2222")
    read = settings.load(file)
    assert (read.port, read.host, read.public_url) == (2222, "0.0.0.0", None)


def test_a_variable_without_a_value_leaves_the_word_to_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    file = tmp_path / ".env"
    file.write_text("PORT=1111\nTELEGRAM_PACE\nPUBLIC_URL=https://${HOST}/x\n", encoding="utf-8")
    monkeypatch.setenv("PORT", "")
    monkeypatch.setenv("TELEGRAM_PACE", "  ")
    monkeypatch.setenv("HOST", "lapor.kota.go.id")
    read = settings.load(file)
    assert (read.port, read.telegram_pace, read.public_url) == (1111, 28, "https://lapor.kota.go.id/x")


def test_what_is_handed_in_wins_over_the_environment(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SAHUT_CITY", "kota-bekasi")
    monkeypatch.setenv("port", "2222")  # small letters do as well
    read = load(city="kota-jambi")
    assert (read.city, read.port) == ("kota-jambi", 2222)


def test_a_city_of_the_surroundings_is_not_ours(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CITY", "jakarta")
    assert load().city == "kota-bekasi"


def test_a_file_that_is_no_text_is_named(tmp_path: Path):
    file = tmp_path / ".env"
    file.write_bytes(b"PORT=\xff\xfe")
    with pytest.raises(SettingsError, match=r"\.env is no text. Save it as UTF-8"):
        settings.load(file)


def test_a_file_of_somebody_else_is_not_told_to_be_no_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    (tmp_path / ".env").write_text("PORT=8081\n", encoding="utf-8")
    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(SettingsError, match=r"\.env may not be read by this user. Run Sahut as its owner"):
        settings.load(tmp_path / ".env")


def test_a_line_that_is_no_setting_is_named_without_its_words(tmp_path: Path):
    file = tmp_path / ".env"
    file.write_text("PORT=8081\n\nTELEGRAM_BOT_TOKEN 123:secret\n")
    with pytest.raises(SettingsError, match="line 3: this is no setting") as refused:
        settings.load(file)
    assert "secret" not in str(refused.value)


def test_a_folder_in_place_of_the_file_is_said(tmp_path: Path):
    with pytest.raises(SettingsError, match=r"cannot be read \(Is a directory\). Make it a text file"):
        settings.load(tmp_path)


def test_a_misspelt_name_is_found_with_what_was_meant(tmp_path: Path):
    file = tmp_path / ".env"
    file.write_text("TELEGRAM_TOKEN=1:x\nPORT=1\nCOMPOSE_FILE=a\n", encoding="utf-8")
    assert settings.unread(file) == {"TELEGRAM_TOKEN": "TELEGRAM_BOT_TOKEN", "COMPOSE_FILE": ""}
    assert settings.unread(tmp_path / "none") == {}


def test_settings_cannot_be_changed_later():
    with pytest.raises(FrozenInstanceError):
        load().port = 1  # type: ignore[misc]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("postgres://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
        ("postgresql://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
        ("postgresql+psycopg://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
        ("postgresql://u:p/w:x@h:5432/d", "postgresql+psycopg://u:p/w:x@h:5432/d"),
        ("postgresql://u:p@[::1]:5432/d?sslmode=require", "postgresql+psycopg://u:p@[::1]:5432/d?sslmode=require"),
        ("postgresql:///d?host=/run/pg:5432", "postgresql+psycopg:///d?host=/run/pg:5432"),
        ("sqlite:////srv/x.db", "sqlite:////srv/x.db"),
        ("sqlite:////srv/a:b@c/x.db", "sqlite:////srv/a:b@c/x.db"),
    ],
)
def test_database_addresses_are_brought_into_one_form(written: str, meant: str):
    assert load(DATABASE_URL=f" {written}\n").database_url == meant


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("SAHUT_CITY", "../../etc", "folder in cities/"),
        ("SAHUT_CITY", "Kota Bekasi", "folder in cities/"),
        ("DATABASE_URL", "mysql://u:geheim@h/d", "postgresql://user:password@host"),
        ("DATABASE_URL", "postgresql+asyncpg://u:geheim@h/d", "postgresql://user:password@host"),
        ("DATABASE_URL", "sqlite:///:memory:", "Write a file"),
        ("DATABASE_URL", "postgresql://u:geheim@h:port/d", "is no address. Write postgresql://user:password@host"),
        ("DATABASE_URL", "postgresql://u:geheim@[::1]:54x/d?a=b", "is no address. Write postgresql://"),
        ("DATABASE_URL", "postgresql://h:70000/d?password=geheim", "is no address. Write postgresql://"),
        ("DATABASE_URL", "postgresql://u:ge@heim@h/d", "holds more than one @"),
        ("DATABASE_URL", "postgresql://u:ge/@heim@h/d", "write %40 for @"),
        ("PORT", "99999", "Write a number from 1 to 65535"),
        ("PORT", "http", "Write a number from 1 to 65535"),
        ("PORT", "80.5", "Write a number from 1 to 65535"),
        ("PUBLIC_URL", "lapor.kota.go.id", "Write one such as https://"),
        ("PUBLIC_URL", "https://a b", "Write one such as https://"),
        ("PUBLIC_URL", "https://a:port", "Write one such as https://"),
        ("GEOCODER_URL", "ftp://a", "Write one such as https://"),
        ("SECRET_KEY", "geheim", "at least 32"),
        ("TELEGRAM_BOT_TOKEN", "geheim", "@BotFather"),
        ("TELEGRAM_API_URL", "http://api.example.com", "https:// instead"),
        ("TELEGRAM_API_URL", "telegram", "Write one such as https://"),
        ("TELEGRAM_WEBHOOK_URL", "http://lapor.kota.go.id/telegram/webhook", "must start with https://"),
        ("TELEGRAM_WEBHOOK_SECRET", "geheim geheim", "A-Z a-z 0-9"),
        ("TELEGRAM_WEBHOOK_SECRET", "x" * 257, "1 to 256"),
        ("TELEGRAM_PACE", "-1", "such as 28"),
        ("TELEGRAM_PACE", "nan", "such as 28"),
        ("TELEGRAM_PACE", "fast", "such as 28"),
        ("TELEGRAM_PACE", "inf", "such as 28"),
        ("WHATSAPP_PACE", "0", "such as 60"),
        ("WHATSAPP_PACE", "1001", "is above 1000. Write messages per second, such as 60"),
        ("WHATSAPP_BURST", "0", "is below 1. Write a number of messages, such as 6"),
        ("WHATSAPP_TOKEN", "geheim", "at least 8 signs"),
        ("LOG_LEVEL", "loud", "Write INFO"),
    ],
)
def test_a_wrong_setting_is_named_with_what_to_write_instead(name: str, value: str, says: str):
    said = refusal(**{name: value})
    assert said.startswith(f"{name} ")
    assert says in said
    assert "geheim" not in said
    assert "\n" not in said


def test_all_wrong_settings_are_named_at_once():
    lines = refusal(PORT="x", LOG_LEVEL="y", SAHUT_CITY="Z").splitlines()
    assert sorted(line.split()[0] for line in lines) == ["LOG_LEVEL", "PORT", "SAHUT_CITY"]


@pytest.mark.parametrize("near", ["127.0.0.1:8081", "localhost:8081", "telegram-bot-api:8081", "10.1.2.3", "[::1]:9"])
def test_a_bot_api_server_of_our_own_may_speak_plain_http(near: str):
    assert load(TELEGRAM_API_URL=f"http://{near}/").telegram_api_url == f"http://{near}"


def test_a_webhook_needs_its_secret_and_a_token():
    url = "https://lapor.kota.go.id/telegram/webhook"
    assert "TELEGRAM_WEBHOOK_SECRET" in refusal(TELEGRAM_BOT_TOKEN=TOKEN, TELEGRAM_WEBHOOK_URL=url)
    assert "TELEGRAM_BOT_TOKEN" in refusal(TELEGRAM_WEBHOOK_URL=url, TELEGRAM_WEBHOOK_SECRET="s")
    both = load(TELEGRAM_BOT_TOKEN=TOKEN, TELEGRAM_WEBHOOK_URL=url, TELEGRAM_WEBHOOK_SECRET="A-z_0")
    assert both.telegram_webhook_url == url


@pytest.mark.parametrize("host", ["localhost:8080", "127.0.0.1:1", "[::1]:8080"])
def test_a_webhook_on_this_machine_may_be_plain_http(host: str):
    url = f"http://{host}/telegram/webhook"
    assert (
        load(TELEGRAM_BOT_TOKEN=TOKEN, TELEGRAM_WEBHOOK_URL=url, TELEGRAM_WEBHOOK_SECRET="s").telegram_webhook_url
        == url
    )


def test_no_pace_is_for_a_server_of_our_own_only():
    assert "TELEGRAM_API_URL" in refusal(TELEGRAM_PACE="0")
    assert load(TELEGRAM_PACE="0", TELEGRAM_API_URL="http://127.0.0.1:8081").telegram_pace == 0


def test_secrets_are_known_to_the_log_and_invisible_elsewhere():
    filled = load(
        TELEGRAM_BOT_TOKEN=TOKEN,
        TELEGRAM_WEBHOOK_SECRET="hook-canary",
        SECRET_KEY="key-canary-" * 4,
        DATABASE_URL="postgresql://u:p%40ss-canary@h/d",
    )
    assert {TOKEN, "hook-canary", "key-canary-" * 4, "p%40ss-canary", "p@ss-canary"} == set(filled.secrets())
    for shown in (repr(filled), str(filled)):
        assert "canary" not in shown


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://u:pass%2Fcanary@h/d",
        "postgresql://u:pass/canary@h/d",
        "postgresql://h/d?user=u&password=pass%2Fcanary&x=1",
    ],
)
def test_the_database_s_password_is_secret_wherever_it_stands(address: str):
    assert "pass/canary" in load(DATABASE_URL=address).secrets()


def test_a_key_is_made_once_and_kept_for_the_owner_only(tmp_path: Path):
    made = load(DATA_DIR=tmp_path / "new").signing_key()
    file = tmp_path / "new" / "secret.key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(made) >= 32
    assert load(DATA_DIR=tmp_path / "new").signing_key() == made
    assert [path.name for path in file.parent.iterdir()] == ["secret.key"]


def test_processes_that_start_together_agree_on_the_key(tmp_path: Path):
    with ThreadPoolExecutor(8) as pool:
        keys = list(pool.map(lambda _: load(DATA_DIR=tmp_path).signing_key(), range(32)))
    assert len(set(keys)) == 1


def test_a_given_key_is_used_and_nothing_is_written(tmp_path: Path):
    assert load(DATA_DIR=tmp_path, SECRET_KEY="k" * 40).signing_key() == b"k" * 40
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_key_stops_the_start(tmp_path: Path):
    (tmp_path / "secret.key").write_text("short")
    with pytest.raises(SettingsError, match="damaged"):
        load(DATA_DIR=tmp_path).signing_key()


def test_bytes_that_are_no_text_are_told_and_not_shown(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SECRET_KEY", os.fsdecode(b"\xff" * 40))
    with pytest.raises(SettingsError, match="SECRET_KEY holds signs that are no text") as wrong:
        settings.load(None)
    assert "\\udcff" not in ascii(str(wrong.value))


def test_an_address_that_cannot_be_taken_apart_shows_no_password(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://u:geheim@h\N{ADDRESSED TO THE SUBJECT}/db")
    with pytest.raises(SettingsError, match="DATABASE_URL is no address") as wrong:
        settings.load(None)
    assert "geheim" not in str(wrong.value)


def test_a_secret_is_in_nothing_that_writes_settings_out():
    secret = settings.load(None, telegram_bot_token="123:" + "geheim").telegram_bot_token
    assert "geheim" not in f"{secret} {secret!r}"
    with pytest.raises(TypeError):
        msgspec.json.encode(secret)
