"""`sahut invite OPD`: a one-time code by which a chat is bound to an office."""

from __future__ import annotations

import argparse
import secrets
import sys

from bot import wiring
from bot.clock import SystemClock
from bot.settings import Settings
from usecases import binding


def command(settings: Settings, asked: argparse.Namespace) -> int:
    house = wiring.build_house(settings)
    code = asked.agency.strip().upper()
    agency = house.city.catalogue.agencies.get(code)
    if agency is None or agency.kind == "external":
        known = ", ".join(sorted(a.code for a in house.city.catalogue.agencies.values() if a.kind != "external"))
        print(f"sahut: {asked.agency!r} is no office of {house.city.name}. Write one of: {known}", file=sys.stderr)
        return 2
    if asked.role == "ops" and code != house.city.triage:
        print(f"sahut: the operations centre belongs to {house.city.triage}.", file=sys.stderr)
        return 2
    one_time = "".join(secrets.choice(binding.ALPHABET) for _ in range(binding.CODE_LENGTH))
    database = wiring.open_storage(settings, SystemClock().now)
    try:
        database.submit(lambda unit: binding.invite(unit, code, asked.role, one_time)).result()
    finally:
        database.close()
    print(one_time)
    print(f"Write in the chat of {agency.name}:  /hubungkan {one_time}   (valid once, for 7 days)", file=sys.stderr)
    return 0
