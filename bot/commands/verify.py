"""`sahut verify`: asks the database whether every promise was kept; changes nothing, may run beside `sahut run`.

Exit codes: 0 clean (warnings allowed), 1 something was found, 3 the database cannot be read.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from bot.clock import SystemClock
from bot.setting_kinds import without_password
from bot.settings import Settings
from cities import kept
from storage import schema
from storage.checks import Checks
from storage.reading import reading
from storage.trouble import AFTER_DAMAGE, TROUBLE, damaged, said
from tickets.city import City
from usecases.verify import Result, verify

FOUND = 1
STORAGE = 3


def command(settings: Settings, asked: argparse.Namespace) -> int:
    city = kept.load(settings.city, settings.data_dir / "cache", keep=False)
    try:
        results = look(settings, city)
    except FileNotFoundError as missing:
        return _unusable(f"{missing}. `sahut run` makes it.")
    except (*TROUBLE, OSError) as error:
        if damaged(error):
            where = without_password(settings.database_url)
            return _unusable(f"the database file is damaged: {where}. {AFTER_DAMAGE}.")
        return _unusable(f"the database cannot be read ({said(error)}). `sahut doctor` tells more.")
    if isinstance(results, str):
        return _unusable(results)
    database = without_password(settings.database_url)
    if asked.json:
        print(json.dumps({"database": database, **as_json(results)}, ensure_ascii=False, indent=2))
    else:
        print(f"       {database}, its files in {settings.data_dir / 'media'}", *as_lines(results), sep="\n")
    return FOUND if any(not result.fine and result.check.grave for result in results) else 0


def look(settings: Settings, city: City) -> list[Result] | str:
    """All results, from one moment of the database; words when its schema is not ours."""
    with reading(settings.database_url) as connection:
        differs = schema.difference(connection)
        if differs:
            return differs
        checks = Checks(connection, _now(settings, Checks.clock_ahead(connection)), settings.data_dir / "media")
        return list(verify(checks, city))


def _now(settings: Settings, ahead_s: int) -> datetime:
    """The time by which the rows were written: the try-out's clock may be ahead."""
    return SystemClock().now() + timedelta(seconds=ahead_s if settings.try_out else 0)


def as_lines(results: Iterable[Result]) -> list[str]:
    lines = []
    breaches = warnings = 0
    for result in results:
        found, check = result.found, result.check
        if result.fine:
            lines.append(f"ok     {check.says}")
            continue
        breaches += check.grave
        warnings += not check.grave
        mark = "FOUND" if check.grave else "warn "
        more = ", ..." if found.count > len(found.examples) else ""
        lines.append(f"{mark}  {check.says}: not so {found.count}x: {', '.join(found.examples)}{more}")
        lines.append(f"       -> {check.advice}")
    end = "clean" if not breaches else f"{breaches} promise{'s' * (breaches > 1)} not kept"
    return [*lines, f"{end}{f', {warnings} to look at' if warnings else ''}"]


def as_json(results: Iterable[Result]) -> dict[str, Any]:
    checks = [
        {
            "name": result.check.name,
            "ok": result.fine,
            "grave": result.check.grave,
            "count": result.found.count,
            "examples": list(result.found.examples),
            "says": result.check.says,
            "advice": result.check.advice,
        }
        for result in results
    ]
    return {"clean": all(check["ok"] or not check["grave"] for check in checks), "checks": checks}


def _unusable(why: str) -> int:
    print(f"sahut: {why}", file=sys.stderr)
    return STORAGE
