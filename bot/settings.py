"""The one door to the environment: reads it and `.env` once, into one frozen Settings."""

import os
import secrets
import tempfile
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import unquote, urlsplit

from dotenv import dotenv_values
from dotenv.parser import parse_stream
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot import setting_kinds as kinds

OFFICIAL_WHATSAPP = "https://graph.facebook.com/v23.0"
OFFICIAL_TELEGRAM = "https://api.telegram.org"


class SettingsError(Exception):
    """A setting is wrong; the message names it, says what is wrong and what to write instead."""


_Level = Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]
_Web = Annotated[str, AfterValidator(kinds.web_address)]


def _file_for(data: dict[str, Any]) -> str:
    """The try-out has a file of its own: its stand-in offices must never meet real reports."""
    return "sahut.db" if data.get("telegram_bot_token") or data.get("whatsapp_token") else "tryout.db"


class Settings(BaseSettings):
    """Everything an operator can set; `.env.example` explains the same names, and a test holds both equal."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="ignore",
        env_ignore_empty=True,
        env_file_encoding="utf-8",
        populate_by_name=True,
        str_strip_whitespace=True,
    )

    city: Annotated[str, AfterValidator(kinds.city)] = Field(default="kota-bekasi", validation_alias="SAHUT_CITY")
    telegram_bot_token: Annotated[SecretStr, AfterValidator(kinds.bot_token)] | None = None
    telegram_api_url: Annotated[str, AfterValidator(kinds.api_address)] = OFFICIAL_TELEGRAM
    telegram_webhook_url: Annotated[str, AfterValidator(kinds.webhook_address)] | None = None
    telegram_webhook_secret: Annotated[SecretStr, AfterValidator(kinds.webhook_secret)] | None = None
    telegram_pace: float = Field(default=28, ge=0, allow_inf_nan=False)  # messages/s of the bot; 0 = no limit

    whatsapp_phone_number_id: Annotated[str, AfterValidator(kinds.whatsapp_id)] | None = None
    whatsapp_token: Annotated[SecretStr, AfterValidator(kinds.whatsapp_secret)] | None = None
    whatsapp_app_secret: Annotated[SecretStr, AfterValidator(kinds.whatsapp_secret)] | None = None
    whatsapp_verify_token: Annotated[SecretStr, AfterValidator(kinds.whatsapp_secret)] | None = None
    whatsapp_business_id: Annotated[str, AfterValidator(kinds.whatsapp_id)] | None = None
    whatsapp_api_url: Annotated[str, AfterValidator(kinds.api_address)] = OFFICIAL_WHATSAPP
    whatsapp_pace: float = Field(default=60, gt=0, le=1000, allow_inf_nan=False)  # messages/s of the number
    whatsapp_burst: int = Field(default=6, ge=1, le=40)  # messages one person may get at once; then one in 6 s

    data_dir: Path = Path("data")
    database_url: Annotated[str, AfterValidator(kinds.database_address)] = Field(
        default_factory=lambda data: f"sqlite:///{data['data_dir'] / _file_for(data)}", repr=False
    )
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)  # 0 lets the system choose, for tests
    public_url: _Web | None = None
    secret_key: Annotated[SecretStr, AfterValidator(kinds.signing_key)] | None = None

    geocoder_url: _Web | None = None
    log_level: Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"], BeforeValidator(kinds.upper)] = (
        "INFO"
    )

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.telegram_webhook_url and not self.telegram_bot_token:
            raise ValueError("TELEGRAM_WEBHOOK_URL is set but TELEGRAM_BOT_TOKEN is not. Write it, or remove the URL")
        if self.telegram_webhook_url and not self.telegram_webhook_secret:
            raise ValueError(
                "TELEGRAM_WEBHOOK_URL needs TELEGRAM_WEBHOOK_SECRET, or anybody could pose as Telegram. "
                "Write 1 to 256 of the signs A-Z a-z 0-9 _ -"
            )
        if self.telegram_pace == 0 and self.telegram_api_url == OFFICIAL_TELEGRAM:
            raise ValueError(
                "TELEGRAM_PACE is 0, which Telegram's own servers punish. Write 28, "
                "or point TELEGRAM_API_URL at a Bot API server of your own"
            )
        needed = ("whatsapp_phone_number_id", "whatsapp_token", "whatsapp_app_secret", "whatsapp_verify_token")
        missing = [name.upper() for name in needed if not getattr(self, name)]
        if 0 < len(missing) < len(needed):
            raise ValueError(
                f"WhatsApp needs {' and '.join(missing)} as well. Write it, or remove the other WHATSAPP_ lines"
            )
        return self

    @property
    def telegram_bot_id(self) -> str:
        """The public part of the token, "" without one."""
        return self.telegram_bot_token.get_secret_value().split(":")[0] if self.telegram_bot_token else ""

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
        found = {secret.get_secret_value() for secret in kept if secret}
        password = urlsplit(self.database_url).password
        if password:
            found |= {password, unquote(password)}
        return tuple(sorted(found, key=len, reverse=True))

    def signing_key(self) -> bytes:
        """SECRET_KEY, or a key made at the first call and kept in DATA_DIR/secret.key (mode 0600)."""
        if self.secret_key:
            return self.secret_key.get_secret_value().encode()
        path = self.data_dir / "secret.key"
        if not path.exists():
            _write_new_key(path)
        key = path.read_bytes().strip()
        if len(key) < 32:
            raise SettingsError(f"{path} is damaged. Restore it from the backup, or delete it to get a new key.")
        return key


def _write_new_key(path: Path) -> None:
    """Write a whole key or none: of several processes that start at once, one wins and all read its key."""
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


def names() -> tuple[str, ...]:
    """The environment variables that Sahut reads, in the order of `.env.example`."""
    return tuple(_name_of(field) for field in Settings.model_fields)


def unread(env_file: str | Path = ".env") -> dict[str, str]:
    """Names in `env_file` that Sahut does not know, each with the known name it resembles ("" when none)."""
    known = names()
    strange = [name for name in dotenv_values(env_file) if name.upper() not in known]
    return {name: next(iter(get_close_matches(name.upper(), known, 1)), "") for name in strange}


def load(env_file: str | Path | None = ".env", **given: Any) -> Settings:
    """Read the environment and `env_file`; what is `given` wins, then the environment, then the file.

    raises: SettingsError, one line per wrong setting; a secret's value is never in it
    """
    try:
        if env_file:
            _parsable(Path(env_file))
        return Settings(_env_file=env_file, **given)  # type: ignore[call-arg]
    except ValidationError as wrong:
        raise SettingsError("\n".join(_explain(wrong))) from None
    except (OSError, UnicodeDecodeError) as broken:
        raise SettingsError(f"{env_file} cannot be read ({type(broken).__name__}). Save it as UTF-8 text.") from None


def _parsable(env_file: Path) -> None:
    """A line that is no setting would be left out in silence. raises: SettingsError, OSError, UnicodeDecodeError"""
    if not env_file.exists():
        return
    with env_file.open(encoding="utf-8") as file:
        broken = next((found.original for found in parse_stream(file) if found.error), None)
    if broken is not None:
        text = broken.string  # with the empty lines before it; never shown, for it may hold a secret
        line = broken.line + text[: len(text) - len(text.lstrip())].count("\n")
        raise SettingsError(f"{env_file}, line {line}: this is no setting. Write NAME=value, one on each line.")


def _name_of(field: str) -> str:
    alias = Settings.model_fields[field].validation_alias
    return alias if isinstance(alias, str) else field.upper()


_PLAIN = {
    "int_parsing": "is not a whole number",
    "int_from_float": "is not a whole number",
    "float_parsing": "is not a number",
    "finite_number": "is not a number",
    "greater_than_equal": "is below {ge}",
    "less_than_equal": "is above {le}",
    "literal_error": "is not one of {expected}",
}
_INSTEAD = {
    "PORT": "Write a number from 1 to 65535, such as 8080",
    "TELEGRAM_PACE": "Write messages per second, such as 28",
    "WHATSAPP_PACE": "Write messages per second, such as 60",
    "WHATSAPP_BURST": "Write a number of messages, such as 6",
    "LOG_LEVEL": "Write INFO, or DEBUG to see more",
}


def _explain(wrong: ValidationError) -> list[str]:
    lines = []
    for error in wrong.errors(include_url=False):
        if error["type"] == "default_factory_not_called":  # follows from another setting's error
            continue
        said = str(error.get("ctx", {}).get("error", ""))
        name = str(error["loc"][0]) if error["loc"] else ""
        name = _name_of(name) if name in Settings.model_fields else name
        if not said:
            reason = _PLAIN.get(error["type"], "is wrong").format(**error.get("ctx", {}))
            said = ". ".join(part for part in (reason, _INSTEAD.get(name, "See .env.example")) if part)
        lines.append(f"{name} {said}.".strip())
    return lines
