"""`sahut doctor`: looks at settings, disk, database and channels, and says what to do about what it finds.

It changes nothing and may run beside `sahut run`. Exit codes: 0 fine (warnings allowed), 1 a problem was found,
2 wrong settings, 3 the database cannot be used.
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot import owner, purpose, warm
from bot import settings as environment
from bot.channels.telegram import checkup
from bot.channels.whatsapp.checkup import check_up as number_checkup
from bot.clock import SystemClock
from bot.commands.disk import about_disk
from bot.commands.findings import Line, about_calendar, about_groups, about_owners, shown
from bot.setting_kinds import HIDDEN, Secret, without_password
from bot.settings import Settings
from cities import kept
from storage import health, schema, sole
from storage.encoding import WrongEncoding
from storage.reading import reading
from storage.trouble import AFTER_DAMAGE, TROUBLE, damaged, said
from tickets.city import City

PROBLEM = 1
STORAGE = 3
BUILT = datetime(2026, 11, 1, tzinfo=UTC)  # no clock is right that shows an earlier day
LATE = timedelta(minutes=2)
NO_TABLES = Line(
    "storage",
    "the user in DATABASE_URL may make no tables in this database",
    "Make it the owner, as a superuser of PostgreSQL: alter database sahut owner to sahut",
)


def command(settings: Settings, _: argparse.Namespace) -> int:
    marks = set()
    for line in look(settings):
        marks.add(line.mark)
        print(shown(line), flush=True)
    if "storage" in marks:
        return STORAGE
    return PROBLEM if "bad" in marks else 0


def look(settings: Settings) -> Iterator[Line]:
    """Everything, in the order in which one would mend it. raises: CityError when the city's folder is wrong."""
    yield from about_settings(settings)
    city = kept.load(settings.city, settings.data_dir / "cache", keep=False)
    yield Line("ok", f"city {settings.city}: {city.name}, {len(city.catalogue.categories)} categories")
    today = SystemClock().now().astimezone(city.zone).date()
    yield about_calendar(city, today)
    yield from about_owners(city, today)
    yield from (about_places(city), Line(*warm.standing(city, settings.data_dir)))
    yield from about_disk(settings)
    yield from about_database(settings, city)
    if settings.telegram_bot_token:
        token = settings.telegram_bot_token.reveal()
        found = asyncio.run(checkup.check_up(token, settings.telegram_api_url, settings.telegram_webhook_url or ""))
        if found.name:
            yield Line("ok", f"Telegram knows the bot as {found.name}")
        yield from (Line("bad", what, do) for what, do in found.problems)
        yield from (Line("warn", what, do) for what, do in found.warnings)
    if settings.whatsapp_token:
        yield from about_whatsapp(settings)
    doubt, _, advice = purpose.doubt(settings).partition(".\n")
    if doubt:
        yield Line("bad", doubt, advice.replace("\n", " ").rstrip("."))
    elif settings.try_out:
        yield Line("info", "no token for Telegram or WhatsApp: the try-out with two phones is shown, no real channel")


def about_whatsapp(settings: Settings) -> Iterator[Line]:
    token, number = settings.whatsapp_token, settings.whatsapp_phone_number_id or ""
    secret = token.reveal() if token else ""
    found = asyncio.run(number_checkup(secret, number, settings.whatsapp_api_url, settings.public_url or ""))
    if found.name:
        yield Line("ok", f"WhatsApp knows the number as {found.name}")
    yield from (Line("bad", what, do) for what, do in found.problems)
    yield from (Line("warn", what, do) for what, do in found.warnings)


def about_places(city: City) -> Line:
    """With official boundaries a pin is exact; without them three kelurahan are offered."""
    places = city.places
    known = f"{len(places.kelurahan)} kelurahan"
    if places.areas:
        return Line("ok", f"{known} with their boundaries: a pin is exact, outside is known")
    return Line(
        "info",
        f"{known}, no boundaries: a pin offers the three nearest; docs/places.md says how to add boundaries.geojson",
    )


# -- settings and machine -----------------------------------------------------------------------------


def about_settings(settings: Settings, env_file: str | Path = ".env") -> Iterator[Line]:
    for name, value in environment.written(settings).items():
        secret = isinstance(value, Secret)
        shown = without_password(value) if name == "DATABASE_URL" else HIDDEN if secret else value
        if isinstance(value, bool):
            shown = "yes" if value else "no"
        yield Line("info", f"{name}={shown}")
    for name, meant in environment.unread(env_file).items():
        advice = f"Write {meant} if that was meant, else remove the line" if meant else "Remove the line"
        yield Line("warn", f"{name} in {env_file} is no setting of Sahut", advice)


def about_clock(now: datetime, newest: datetime | None) -> Line:
    if now < BUILT:
        return Line("bad", f"this machine's clock says {now:%Y-%m-%d}", "Set the clock, and let NTP keep it")
    if newest is not None and newest > now + timedelta(minutes=1):
        behind = str(newest - now).split(".")[0]
        return Line(
            "bad", f"the clock is {behind} behind the newest stored event", "Set the clock, and let NTP keep it"
        )
    return Line("ok", f"clock {now:%Y-%m-%d %H:%M} UTC")


# -- database -----------------------------------------------------------------------------------------


def about_database(settings: Settings, city: City) -> Iterator[Line]:
    url = settings.database_url
    now = SystemClock().now()
    try:
        if sole.is_taken(url):
            yield Line("info", "a running Sahut holds the database")
        with reading(url) as connection:
            found = health.engine(connection)
            yield Line("ok", found.name)
            yield from (Line("bad", what, do) for what, do in found.problems)
            yield from (Line("warn", what, do) for what, do in found.warnings)
            is_, wanted = health.revision(connection)
            if is_ != wanted:
                yield schema_line(is_, wanted)
                if not health.may_make_tables(connection):
                    yield NO_TABLES
                return
            yield Line("ok", f"schema {is_}")
            work, bound, told = health.work(connection), health.bindings(connection), health.telling(connection)
    except FileNotFoundError:
        yield about_clock(now, None)
        yield from (Line("warn", what, do) for what, do in health.sqlite_advice())
        yield _no_database_yet(settings)
        return
    except (*TROUBLE, OSError) as error:
        yield Line("storage", f"the database cannot be read: {said(error)}", _remedy(settings, error))
        return
    now += timedelta(seconds=work.clock_ahead_s if settings.try_out else 0)
    yield about_clock(now, work.newest_event)
    yield from about_work(work, now)
    yield from about_telling(told)
    yield from about_groups(bound, city, try_out=settings.try_out)


def _remedy(settings: Settings, error: BaseException) -> str:
    if isinstance(error, PermissionError):
        return owner.ask_as(settings, "doctor")
    if damaged(error):
        return AFTER_DAMAGE
    return "" if isinstance(error, WrongEncoding) else "Is it running, is DATABASE_URL right?"


def _no_database_yet(settings: Settings) -> Line:
    """DATA_DIR is made at the first start; another folder of a SQLite file must be there."""
    folder = Path(settings.database_url.partition(":///")[2]).parent
    if not folder.is_dir() and folder.absolute() != settings.data_dir.absolute():
        return Line("bad", f"the folder {folder} of the database is not there", "Make it, or mend DATABASE_URL")
    return Line("info", "no database yet; the first `sahut run` makes it")


def schema_line(is_: str, wanted: str) -> Line:
    if is_ > wanted:
        what = f"schema {is_} belongs to a newer Sahut ({wanted} here)"
        return Line("storage", what, "Install the newer version again")
    if not is_:
        return Line("warn", "the database is empty", f"`sahut run` makes its tables. {schema.LOST}")
    what = f"schema {is_}, this version wants {wanted}"
    return Line("warn", what, "`sahut run` or `sahut migrate` upgrades it")


def about_work(work: health.Work, now: datetime) -> Iterator[Line]:
    waits = (
        ("an event waits to be thought about", work.oldest_event),
        ("a message waits to be sent", work.oldest_message),
        ("a reminder is due", work.oldest_reminder),
    )
    late = [(what, since) for what, since in waits if since is not None and since < now - LATE]
    for what, since in late:
        age = str(now - since).split(".")[0]
        yield Line("warn", f"{what} since {age}", "Is Sahut running? Its log says what holds it up")
    if not late:
        yield Line("ok", f"{work.open_tickets} open tickets, nothing waits")
    if work.dead_letters:
        advice = "`sahut verify` names them; answer these citizens by hand"
        yield Line("warn", f"{work.dead_letters} dead letters", advice)
    if work.newest_quarantined is not None:
        what = f"{work.quarantined} events in quarantine, the newest at {work.newest_quarantined:%Y-%m-%d %H:%M} UTC"
        yield Line("warn", what, 'Nobody could read them: see "Events in quarantine" in docs/runbook.md')
    if work.mode not in ("live", ""):
        yield Line(
            "warn", f"this installation is in mode {work.mode}: nothing is sent", "It was restored from a backup"
        )


def about_telling(told: health.Telling) -> Iterator[Line]:
    """Who was not told: outside WhatsApp's window without a template, or undelivered."""
    if told.held:
        yield Line(
            "warn",
            f"{told.held} messages wait until their people write again",
            "WhatsApp's 24 hours are over and no approved template says it: see `sahut templates --check`",
        )
    if told.unheard:
        yield Line(
            "warn",
            f"{told.unheard} citizens do not know that their report is finished",
            "/belumtahu in the operations centre's chat lists them",
        )
    for template in told.templates:
        yield Line("warn", f"template {template}", "Until it is approved, the next best one is used, or nothing")
