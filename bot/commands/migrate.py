"""`sahut migrate`: brings the database to this version's schema; `run` does the same by itself."""

from __future__ import annotations

import argparse
import sys

from bot import owner
from bot.settings import Settings
from storage.schema import migrate
from storage.trouble import TROUBLE, said

STORAGE = 3


def command(settings: Settings, _: argparse.Namespace) -> int:
    owner.check(settings, "migrate")
    try:
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        before, after = migrate(settings.database_url)
    except (*TROUBLE, OSError) as error:
        print(f"sahut: the schema was left as it is: {said(error)}", file=sys.stderr)
        return STORAGE
    print(f"schema {after}: nothing to do" if before == after else f"schema {before or 'empty'} -> {after}")
    return 0
