"""What an installation is for: whether nobody can be meant but the try-out where no token is set."""

from __future__ import annotations

import logging
from pathlib import Path

from bot import setting_kinds as kinds
from bot.settings import Settings, SettingsError

log = logging.getLogger("sahut.start")

LIVE_FILE = "sahut.db"
_TOKENS = "neither TELEGRAM_BOT_TOKEN nor WHATSAPP_TOKEN is set"


def check(settings: Settings) -> None:
    """Before a try-out is shown. raises: SettingsError with the way on"""
    why = doubt(settings)
    if why:
        raise SettingsError(f"{why}\nNothing was done.")
    if settings.try_out and not settings.try_out_meant and not kinds.is_loopback(settings.host):
        log.warning("HOST=%s shows the try-out, in which everybody may play the office, to others", settings.host)


def doubt(settings: Settings) -> str:
    """Why this may be a live installation that lost its token, and what to do; "" when the try-out is meant.

    In the try-out everybody is an officer and stirs the clock, and citizens' real reports would go to nobody.
    """
    if not settings.try_out or settings.try_out_meant:
        return ""
    signs = []
    if settings.public_url:
        signs.append("PUBLIC_URL is set")
    live = settings.data_dir / LIVE_FILE
    beside = "database_url" not in settings.given and _is_there(live)  # one that is named knows itself what it is for
    if beside:
        signs.append(f"{live} holds real reports")
    if not signs:
        return ""
    return (
        f"{_TOKENS}, so that the try-out would be shown, in which everybody may play the office; but "
        f"{' and '.join(signs)}.\n"
        "Is this the city's own channel? Write its token into .env (`sahut doctor` names misspelt lines).\n"
        "Is the try-out meant? Write TRY_OUT=yes"
        + (", and a DATA_DIR of its own." if beside else ", or leave out what opens it to others.")
    )


def _is_there(path: Path) -> bool:
    """As far as we may look: who may not is told by others."""
    try:
        return path.exists()
    except OSError:
        return False
