"""The one door to the environment: reads it and `.env` once, into one frozen Settings."""

import os
import secrets
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import unquote, unquote_plus

from bot import setting_kinds as kinds
from bot.setting_kinds import Secret

OFFICIAL_WHATSAPP = "https://graph.facebook.com/v23.0"
OFFICIAL_TELEGRAM = "https://api.telegram.org"
DATA = Path("data")


class SettingsError(Exception):
    """A setting is wrong; the message names it, says what is wrong and what to write instead."""


_PORT = kinds.whole(0, 65535, "Write a number from 1 to 65535, such as 8080")  # 0 lets the system choose, for tests
_BURST = kinds.whole(1, 40, "Write a number of messages, such as 6")
_BOT_PACE = kinds.number(0, float("inf"), "Write messages per second, such as 28")
_NUMBER_PACE = kinds.number(0.01, 1000, "Write messages per second, such as 60")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything an operator can set; `.env.example` explains the same names, and a test holds both equal.

    Beside each type stands how its words are read; where nothing stands, they are taken as they are. `given` holds the
    names of fields that somebody wrote.
    """

    city: Annotated[str, kinds.city] = "kota-bekasi"
    telegram_bot_token: Annotated[Secret | None, kinds.bot_token] = None
    telegram_api_url: Annotated[str, kinds.api_address] = OFFICIAL_TELEGRAM
    telegram_webhook_url: Annotated[str | None, kinds.webhook_address] = None
    telegram_webhook_secret: Annotated[Secret | None, kinds.webhook_secret] = None
    telegram_pace: Annotated[float, _BOT_PACE] = 28.0  # messages/s of the bot; 0 = no limit

    whatsapp_phone_number_id: Annotated[str | None, kinds.whatsapp_id] = None
    whatsapp_token: Annotated[Secret | None, kinds.whatsapp_secret] = None
    whatsapp_app_secret: Annotated[Secret | None, kinds.whatsapp_secret] = None
    whatsapp_verify_token: Annotated[Secret | None, kinds.whatsapp_secret] = None
    whatsapp_business_id: Annotated[str | None, kinds.whatsapp_id] = None
    whatsapp_api_url: Annotated[str, kinds.api_address] = OFFICIAL_WHATSAPP
    whatsapp_pace: Annotated[float, _NUMBER_PACE] = 60.0  # messages/s of the number
    whatsapp_burst: Annotated[int, _BURST] = 6  # messages one person may get at once; then one in 6 s

    data_dir: Annotated[Path, Path] = DATA
    database_url: Annotated[str, kinds.database_address] = field(repr=False)
    host: str = "127.0.0.1"
    port: Annotated[int, _PORT] = 8080
    public_url: Annotated[str | None, kinds.web_address] = None
    secret_key: Annotated[Secret | None, kinds.signing_key] = None
    try_out_meant: Annotated[bool, kinds.yes_or_no] = False

    geocoder_url: Annotated[str | None, kinds.web_address] = None
    log_level: Annotated[str, kinds.log_level] = "INFO"

    given: frozenset[str] = field(default=frozenset(), repr=False, compare=False)

    @property
    def telegram_bot_id(self) -> str:
        """The public part of the token, "" without one."""
        return self.telegram_bot_token.reveal().split(":")[0] if self.telegram_bot_token else ""

    @property
    def try_out(self) -> bool:
        """No real channel is configured: the two-phone try-out may be shown."""
        return self.telegram_bot_token is None and self.whatsapp_token is None

    def secrets(self) -> tuple[str, ...]:
        """Every string that must never be seen in a log, longest first."""
        kept = (
            self.telegram_bot_token,
            self.telegram_webhook_secret,
            self.whatsapp_token,
            self.whatsapp_app_secret,
            self.whatsapp_verify_token,
            self.secret_key,
        )
        found = {secret.reveal() for secret in kept if secret}
        for password in kinds.database_passwords(self.database_url):
            found |= {password, unquote(password), unquote_plus(password)}
        return tuple(sorted(found, key=len, reverse=True))

    def signing_key(self) -> bytes:
        """SECRET_KEY, or a key made at the first call and kept in DATA_DIR/secret.key (mode 0600)."""
        if self.secret_key:
            return self.secret_key.reveal().encode()
        path = self.data_dir / "secret.key"
        _make_once(path)
        key = path.read_bytes().strip()
        if len(key) < 32:
            raise SettingsError(f"{path} is damaged. Restore it from the backup, or delete it to get a new key.")
        return key

    def folder_id(self) -> str:
        """Tells one DATA_DIR from another, however its path is written; made at the first call."""
        path = self.data_dir / "folder.id"
        _make_once(path)
        return path.read_text("ascii", errors="replace").strip()


def _make_once(path: Path) -> None:
    """Random words, whole or not at all: of several processes that start at once, one wins and all read its words."""
    if path.exists():
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)  # the first start makes DATA_DIR here
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".secret-")  # mkstemp gives mode 0600
    try:
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        Path(draft).unlink()


_KINDS: dict[str, Callable[[str], Any]] = {
    each.name: getattr(each.type, "__metadata__", (str,))[0] for each in fields(Settings) if each.name != "given"
}
_NAMES = {key: key.upper() for key in _KINDS} | {"city": "SAHUT_CITY", "try_out_meant": "TRY_OUT"}


def names() -> tuple[str, ...]:
    """The environment variables that Sahut reads, in the order of `.env.example`."""
    return tuple(_NAMES.values())


def written(settings: Settings) -> dict[str, Any]:
    """What somebody wrote, by the names of the environment; what was left to the defaults is not in it."""
    return {name: getattr(settings, key) for key, name in _NAMES.items() if key in settings.given}


def unread(env_file: str | Path = ".env") -> dict[str, str]:
    """Names in `env_file` that Sahut does not know, each with the known name it resembles ("" when none)."""
    from bot import env_file as lines

    return lines.strange(Path(env_file), names())


def load(env_file: str | Path | None = ".env", **given: object) -> Settings:
    """Read the environment and `env_file`; what is `given` wins, then the environment, then the file.

    raises: SettingsError, one line per wrong setting; a secret's value is never in it
    """
    words = _words(env_file) | {_NAMES.get(name, name.upper()): str(value) for name, value in given.items()}
    values: dict[str, Any] = {}
    wrong = []
    for key, name in _NAMES.items():
        if name in words:
            try:
                values[key] = _KINDS[key](_text(words[name]))
            except ValueError as error:
                wrong.append(f"{name} {error}.")
    if wrong:
        raise SettingsError("\n".join(wrong))
    values["given"] = frozenset(values)
    values.setdefault("database_url", f"sqlite:///{values.get('data_dir', DATA) / _file_for(values)}")
    settings = Settings(**values)
    _fit_together(settings)
    return settings


def _words(env_file: str | Path | None) -> dict[str, str]:
    """The environment over the file, in capitals; a line without a value says nothing. raises: SettingsError"""
    from_file: dict[str, str | None] = {}
    try:
        if env_file and Path(env_file).exists():
            from bot import env_file as lines  # who lives without the file need not wait for its library

            from_file = lines.read(Path(env_file))
    except PermissionError:
        raise SettingsError(
            f"{env_file} may not be read by this user. Run Sahut as its owner (sudo -u USER ...), "
            "or give it to this user."
        ) from None
    except OSError as broken:
        raise SettingsError(f"{env_file} cannot be read ({broken.strerror}). Make it a text file.") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{env_file} is no text. Save it as UTF-8 text.") from None
    except ValueError as broken:
        raise SettingsError(str(broken)) from None
    return {
        name.upper(): words
        for source in (from_file, os.environ)
        for name, words in source.items()
        if words and words.strip()
    }


def _text(words: str) -> str:
    """raises: ValueError for bytes that are no text"""
    try:
        words.encode()
    except UnicodeEncodeError:
        raise ValueError("holds signs that are no text. Write it anew, as UTF-8") from None
    return words.strip()


def _file_for(values: dict[str, Any]) -> str:
    """The try-out has a file of its own: its stand-in offices must never meet real reports."""
    return "sahut.db" if values.get("telegram_bot_token") or values.get("whatsapp_token") else "tryout.db"


def _fit_together(settings: Settings) -> None:
    """raises: SettingsError"""
    if settings.try_out_meant and not settings.try_out:
        raise SettingsError("TRY_OUT is yes, and a token is set. Remove the line TRY_OUT, or the token.")
    if settings.telegram_webhook_url and not settings.telegram_bot_token:
        raise SettingsError("TELEGRAM_WEBHOOK_URL is set but TELEGRAM_BOT_TOKEN is not. Write it, or remove the URL.")
    if settings.telegram_webhook_url and not settings.telegram_webhook_secret:
        raise SettingsError(
            "TELEGRAM_WEBHOOK_URL needs TELEGRAM_WEBHOOK_SECRET, or anybody could pose as Telegram. "
            "Write 1 to 256 of the signs A-Z a-z 0-9 _ -."
        )
    if settings.telegram_pace == 0 and settings.telegram_api_url == OFFICIAL_TELEGRAM:
        raise SettingsError(
            "TELEGRAM_PACE is 0, which Telegram's own servers punish. Write 28, "
            "or point TELEGRAM_API_URL at a Bot API server of your own."
        )
    needed = ("whatsapp_phone_number_id", "whatsapp_token", "whatsapp_app_secret", "whatsapp_verify_token")
    missing = [name.upper() for name in needed if not getattr(settings, name)]
    if 0 < len(missing) < len(needed):
        raise SettingsError(
            f"WhatsApp needs {' and '.join(missing)} as well. Write it, or remove the other WHATSAPP_ lines."
        )
