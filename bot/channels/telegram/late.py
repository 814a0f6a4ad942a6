"""What is loaded when it is first needed, and what is said when it cannot be."""

from __future__ import annotations

import logging
from importlib import import_module
from types import ModuleType

from bot.channels.telegram.problems import NotLoaded

log = logging.getLogger(__name__)


def loaded(name: str) -> ModuleType:
    """The module. raises: NotLoaded; nothing is lost by it, the channel rests and is tried again."""
    try:
        return import_module(name)
    except Exception as broken:
        log.critical("python-telegram-bot cannot be loaded (%s). Set Sahut up again", type(broken).__name__)
    raise NotLoaded("python-telegram-bot cannot be loaded")
