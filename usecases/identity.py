"""Whose database this is: a try-out never becomes the real thing by accident, nor one bot another."""

from __future__ import annotations

from usecases.unit import Unit

LIVE, TRY_OUT = "live", "tryout"


class WrongDatabase(Exception):
    """The database belongs to another installation; the message says which, and what to set."""


def claim(unit: Unit, uuid: str, purpose: str, bot: str) -> None:
    """Note at the first start what this database is for; refuse at a later one that does not fit.

    purpose: LIVE or TRY_OUT. bot: id of the Telegram bot, "" without one.
    raises: WrongDatabase
    """
    unit.system.ensure_instance(uuid)
    known, known_bot = unit.system.identity()
    if known and known != purpose:
        raise WrongDatabase(_TRIED if known == TRY_OUT else _LIVE)
    if bot and known_bot and known_bot != bot:
        raise WrongDatabase(_OTHER_BOT.format(known=known_bot, bot=bot))
    unit.system.identify(purpose, bot or known_bot)


_TRIED = (
    "this database was used for the try-out: its offices are stand-ins and its clock was moved. "
    "Set DATABASE_URL (or DATA_DIR) to a new place for the real thing."
)
_LIVE = (
    "this database holds real reports, but neither TELEGRAM_BOT_TOKEN nor WHATSAPP_TOKEN is set. "
    "Set them again, or set DATABASE_URL (or DATA_DIR) to a new place for a try-out."
)
_OTHER_BOT = (
    "this database belongs to the Telegram bot {known}, and TELEGRAM_BOT_TOKEN is of bot {bot}. "
    "People's chats with one bot are unknown to another: set the token of {known}, or a new DATABASE_URL."
)
