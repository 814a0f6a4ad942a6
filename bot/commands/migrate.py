"""`sahut migrate`: brings the database to this version's schema; `run` does the same by itself."""

from __future__ import annotations

import argparse

from bot.settings import Settings
from storage.schema import migrate


def command(settings: Settings, _: argparse.Namespace) -> int:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    before, after = migrate(settings.database_url)
    print(f"schema {after}: nothing to do" if before == after else f"schema {before or 'empty'} -> {after}")
    return 0
