"""Reads one city's folder and turns it into a `City`; whatever is wrong is named with its file, place and remedy."""

from collections.abc import Callable
from datetime import time, timedelta
from functools import lru_cache, partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec.structs import replace

from cities.bodies import bodies
from cities.dangers import dangers
from cities.days import calendar
from cities.errors import CityError, NoSuchCity
from cities.files import table
from cities.intents import intents
from cities.lists import catalogue
from cities.names import names
from cities.places import places
from cities.similar import similar
from cities.templates import templates
from cities.words import lexicon
from routing.likeness import Likeness
from routing.understand import Understander
from tickets.city import City
from tickets.policy import Policy, Promise

HERE = Path(__file__).parent

# Limits a city may leave out; the policy's own defaults hold then.
_BY_CHOICE: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "warn_share": ("warn_at", float),
    "head_share": ("head_at", float),
    "operations_share": ("ops_at", float),
    "reopen_decision_days": ("reopen_decision", lambda n: timedelta(days=n)),
    "triage_hours": ("unrouted_after", lambda n: timedelta(hours=n)),
    "citizen_update_days": ("citizen_update", lambda n: timedelta(days=n)),
    "undo_minutes": ("undo_within", lambda n: timedelta(minutes=n)),
    "external_days": ("external_chase", lambda n: timedelta(days=n)),
    "draft_offer_hours": ("draft_offer", lambda n: timedelta(hours=n)),
    "draft_days": ("draft_expires", lambda n: timedelta(days=n)),
}


def cities() -> tuple[str, ...]:
    """The slugs of all cities that are here, in the order of the alphabet."""
    return tuple(sorted(p.parent.name for p in HERE.glob("*/city.toml")))


def load_city(slug: str, folder: Path | None = None) -> City:
    """The city of that slug, complete and checked.

    folder: where the city's folders lie; default beside this file
    raises: CityError naming file, place and what to change
    """
    home = (folder or HERE) / slug
    if not (home / "city.toml").is_file():
        raise NoSuchCity(home, f"there is no such city; known are: {', '.join(cities()) or 'none'}")
    about = table(home / "city.toml")
    offices = table(home / "agencies.toml")
    kinds = table(home / "categories.toml")
    book = catalogue(home, offices.data, kinds, about.text("fallback_category"))
    words = (*dangers(home, book), lexicon(table(home / "slang.toml")), root_words(), intents(home), names(home))
    languages = tuple(about.texts("languages"))
    city = partial(
        City,
        slug=slug,
        name=about.text("name"),
        prefix=about.text("prefix"),
        zone=_zone(about.file, about.text("timezone")),
        zone_name=about.text("timezone_name"),
        languages=languages,
        catalogue=book,
        places=places(home, about, root_words()),
        policy=replace(_policy(about.file, about.data), **similar(about, book.categories)),
        triage=book.triage,
        numbers=tuple(about.pairs("numbers").items()),
        calendar=calendar(home / "calendar.toml"),
        templates=templates(home, languages),
    )
    # Counting all these words takes ten times as long as reading them: whoever mistyped something does not wait for it.
    understander = Understander(book, *words)
    return city(
        understander=understander,
        likeness=Likeness(understander.stems, book.categories.values()),
        bodies=bodies(home, understander.stems),
    )


def root_words_file() -> Path:
    """Where PySastrawi's list of Indonesian root words lies."""
    found = find_spec("Sastrawi")
    if found is None or not found.submodule_search_locations:
        raise ModuleNotFoundError("PySastrawi is not installed: run `make setup`")
    return Path(found.submodule_search_locations[0]) / "Stemmer" / "data" / "kata-dasar.txt"


@lru_cache(1)
def root_words() -> frozenset[str]:
    """The Indonesian root words that PySastrawi brings."""
    return frozenset(root_words_file().read_text("utf-8").split())


def _zone(file: Path, name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise CityError(file, f"timezone {name!r} is unknown: write one such as Asia/Jakarta") from error


def _policy(file: Path, data: dict[str, Any]) -> Policy:
    promise, limits = data.get("promise", {}), data.get("limits", {})
    try:
        acknowledge, resolve = promise["acknowledge_hours"], promise["resolve_hours"]
        return Policy(
            promises={int(h): Promise(int(acknowledge[h]), int(resolve[h])) for h in acknowledge},
            quiet_from=time.fromisoformat(limits["quiet_from"]),
            quiet_until=time.fromisoformat(limits["quiet_until"]),
            citizen_answer=timedelta(days=limits["answer_days"]),
            confirm_reminder=timedelta(days=limits["remind_days"]),
            close_silent=timedelta(days=limits["silent_days"]),
            reopen_within=timedelta(days=limits["reopen_days"]),
            max_questions=int(limits["questions"]),
            max_reopenings=int(limits["reopenings"]),
            max_bounces=int(limits["bounces"]),
            nearby_m=int(limits["nearby_metres"]),
            **{name: _BY_CHOICE[key][1](limits[key]) for key, (name, _) in _BY_CHOICE.items() if key in limits},
        )
    except KeyError as error:
        raise CityError(file, f"{error.args[0]} is missing: add it under [promise] or [limits]") from error
    except (TypeError, ValueError) as error:
        raise CityError(file, f"[promise] or [limits] holds a value of the wrong kind: {error}") from error
