"""What single settings may look like; each error says what to write instead."""

from __future__ import annotations

import ipaddress
import math
import re
from collections.abc import Callable
from urllib.parse import urlsplit

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
HIDDEN = "•••"
_NOT_IN_ADDRESS = re.compile(r"[\x00-\x20\x7f]")

# As SQLAlchemy takes an address apart: a password may hold anything but "@", also what urlsplit takes for a path.
_SERVER = re.compile(
    r"[^:]+://(?:[^:/]*(?::(?P<password>[^@]*))?@)?(?:\[[^/?]+\]|[^/:?]*)(?::(?P<port>[^/?]*))?[^?]*(?:\?(?P<query>.*))?"
)

_IN_SIGNS = "in user and password write %40 for @, %2F for /, %3A for :, %25 for %"


class Secret:
    """Words that no log and no error message shows; whoever needs them asks for them. No struct and no dataclass: what
    writes those out would write these out, too."""

    __slots__ = ("_words",)

    def __init__(self, words: str) -> None:
        self._words = words

    def __repr__(self) -> str:
        return "Secret()"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._words == other._words

    def __hash__(self) -> int:
        return hash(self._words)

    def reveal(self) -> str:
        return self._words


def _host_is_near(host: str) -> bool:
    """Whether a host is this machine or one of the operator's own network, where plain http is tolerable."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost" or "." not in host
    return address.is_loopback or address.is_private


def is_loopback(host: str) -> bool:
    """Whether an address can be reached from this machine alone."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def web_address(value: str) -> str:
    try:
        parts = urlsplit(value)
        fits = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:  # a port that is no number, half a bracket
        fits = False
    if not fits or _NOT_IN_ADDRESS.search(value):
        raise ValueError("is not a web address. Write one such as https://lapor.kota.go.id")
    return value.rstrip("/")


def api_address(value: str) -> str:
    value = web_address(value)
    parts = urlsplit(value)
    if parts.scheme == "http" and not _host_is_near(parts.hostname or ""):
        raise ValueError("would send the bot's token unencrypted. Write https:// instead of http://")
    return value


def webhook_address(value: str) -> str:
    value = web_address(value)
    parts = urlsplit(value)
    if parts.scheme != "https" and not is_loopback(parts.hostname or ""):
        raise ValueError("must start with https://, because Telegram delivers nowhere else. Put a certificate in front")
    return value


def database_address(value: str) -> str:
    for short in ("postgres://", "postgresql://"):
        if value.startswith(short):
            value = "postgresql+psycopg://" + value.removeprefix(short)
    if not value.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ValueError(
            "names a database that Sahut does not speak. "
            "Write sqlite:///data/sahut.db or postgresql://user:password@host:5432/sahut"
        )
    found = _SERVER.match(value)
    try:
        fits = found is None or not found["port"] or 0 < int(found["port"]) < 65536
        urlsplit(value)
    except ValueError:
        fits = False
    if not fits:  # the original words, a password among them, are never shown
        raise ValueError(f"is no address. Write postgresql://user:password@host:5432/sahut, {_IN_SIGNS}")
    if value.startswith("postgresql") and value.count("@") > 1:  # the rest of a password would pass for the host
        raise ValueError(f"holds more than one @. Only the one before the host is written so; {_IN_SIGNS}")
    if value in ("sqlite:///", "sqlite:///:memory:"):
        raise ValueError("would forget every report at a restart. Write a file, such as sqlite:///data/sahut.db")
    return value


def database_passwords(address: str) -> tuple[str, ...]:
    """What is secret in an address, as it stands there: before the host, and in the query (?password=)."""
    found = _SERVER.match(address)
    if found is None:
        return ()
    asked = (part.partition("=") for part in re.split("[&;]", found["query"] or ""))
    secret = [found["password"] or "", *(words for name, _, words in asked if "password" in name.casefold())]
    return tuple(one for one in secret if one)


def without_password(url: str) -> str:
    """Cut out where they stand: a password may well be a word of the address, too."""
    for password in database_passwords(url):
        for before, after in ((":", "@"), ("=", "")):
            url = url.replace(f"{before}{password}{after}", f"{before}{HIDDEN}{after}")
    return url


def city(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", value):
        raise ValueError("is not the name of a folder in cities/. Write one, such as kota-bekasi")
    return value


def bot_token(value: str) -> Secret:
    if not re.fullmatch(r"[0-9]+:[A-Za-z0-9_-]+", value):
        raise ValueError("is not a bot token. Copy the whole line from @BotFather, such as 123456789:AAF0aB...")
    return Secret(value)


def webhook_secret(value: str) -> Secret:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", value):
        raise ValueError("may hold 1 to 256 of the signs A-Z a-z 0-9 _ - only. Write such a word")
    return Secret(value)


def whatsapp_id(value: str) -> str:
    if not re.fullmatch(r"[0-9]{5,20}", value):
        raise ValueError(
            "is not an id of WhatsApp. Copy the long number from the app's page at Meta, not the phone number"
        )
    return value


def whatsapp_secret(value: str) -> Secret:
    if not re.fullmatch(r"[\x21-\x7e]{8,1024}", value):
        raise ValueError("is too short or holds spaces. Copy it whole, at least 8 signs")
    return Secret(value)


def signing_key(value: str) -> Secret:
    if len(value) < 32:
        raise ValueError("is too short to protect anybody. Write at least 32 signs, or leave it empty")
    return Secret(value)


def yes_or_no(value: str) -> bool:
    if value.casefold() not in ("yes", "no"):
        raise ValueError("is neither yes nor no. Write one of them")
    return value.casefold() == "yes"


def log_level(value: str) -> str:
    if value.upper() not in LEVELS:
        raise ValueError(f"is not one of {', '.join(LEVELS)}. Write INFO, or DEBUG to see more")
    return value.upper()


def whole(least: int, most: int, instead: str) -> Callable[[str], int]:
    """A whole number from `least` to `most`; `instead` says what to write."""

    def read(value: str) -> int:
        try:
            number = int(value)
        except ValueError:
            raise ValueError(f"is not a whole number. {instead}") from None
        _within(number, least, most, instead)
        return number

    return read


def number(least: float, most: float, instead: str) -> Callable[[str], float]:
    """The same with a fraction."""

    def read(value: str) -> float:
        try:
            number = float(value)
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            raise ValueError(f"is not a number. {instead}")
        _within(number, least, most, instead)
        return number

    return read


def _within(number: float, least: float, most: float, instead: str) -> None:
    if number < least:
        raise ValueError(f"is below {least:g}. {instead}")
    if number > most:
        raise ValueError(f"is above {most:g}. {instead}")
