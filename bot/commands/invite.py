"""`sahut invite OPD`: a one-time code by which a chat is bound to an office."""

from __future__ import annotations

import argparse
import secrets
import sys

from bot import owner, requests, wiring
from bot.clock import SystemClock
from bot.settings import Settings
from cities import kept
from storage import sole
from storage.trouble import TROUBLE, said
from tickets.city import City
from usecases import binding

WRONG_USE = 2
STORAGE = 3
CHATS = {
    "group": "the group of {office}",
    "head": "the own chat of the head of {office} (not in the office's group)",
    "ops": "the chat of the operations centre",
}


def command(settings: Settings, asked: argparse.Namespace) -> int:
    owner.check(settings, "invite")
    city = kept.load(settings.city, settings.data_dir / "cache", keep=False)
    code = asked.agency.strip().upper()
    refusal = _refusal(city, code, asked.role)
    if refusal:
        print(f"sahut: {refusal}", file=sys.stderr)
        return WRONG_USE
    one_time = "".join(secrets.choice(binding.ALPHABET) for _ in range(binding.CODE_LENGTH))
    try:
        _keep(settings, code, asked.role, one_time)
    except requests.Unanswered as error:
        who = sole.holder(settings.database_url)
        print(f"sahut: no code was made. The running Sahut ({who}) was asked, and {error}", file=sys.stderr)
        return STORAGE
    except (*TROUBLE, OSError) as error:
        print(f"sahut: no code was made: {said(error)}", file=sys.stderr)
        return STORAGE
    print(one_time)
    office = city.catalogue.agency(code).name
    if asked.role == "officer":
        where = f"The new officer of {office} writes to the city's number:  HUBUNGKAN {one_time}"
    else:
        where = f"Write in {CHATS[asked.role].format(office=office)}:  /hubungkan {one_time}"
    print(f"{where}   (valid once, for 7 days)", file=sys.stderr)
    if settings.try_out:
        print(
            "No token is set, so this code is for the try-out only. For a real group write TELEGRAM_BOT_TOKEN or the "
            "WHATSAPP_ settings into .env first, then ask for a code again.",
            file=sys.stderr,
        )
    return 0


def _refusal(city: City, code: str, role: str) -> str:
    agency = city.catalogue.agencies.get(code)
    if agency is None or agency.kind == "external":
        known = ", ".join(sorted(a.code for a in city.catalogue.agencies.values() if a.kind != "external"))
        return f"{code!r} is no office of {city.name}. Write one of: {known}"
    if role == "ops" and code != city.triage:
        return f"the operations centre belongs to {city.triage}. Write: sahut invite {city.triage} --role ops"
    return ""


def _keep(settings: Settings, agency: str, role: str, one_time: str) -> None:
    """Through the running Sahut where it alone may write, else by ourselves. raises: what storage raises"""
    url = settings.database_url
    asked = {"what": "invite", "agency": agency, "role": role, "code_hash": binding.code_hash(one_time)}
    folder = settings.data_dir / requests.FOLDER
    if sole.is_taken(url) and requests.hand_over(folder, asked, lambda: sole.is_taken(url)):
        return
    database = wiring.open_storage(settings, SystemClock().now)
    try:
        database.submit(lambda unit: binding.invite(unit, agency, role, one_time)).result()
    finally:
        database.close()
