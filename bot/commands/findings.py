"""What `doctor` finds, line by line: days off, categories without an owner, and which offices have their chats."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from msgspec import Struct

from storage import health
from tickets.city import City

SOON = timedelta(days=60)


class Line(Struct, frozen=True):
    """mark: ok · info · warn · bad · storage (bad, and the database cannot be used)."""

    mark: str
    text: str
    advice: str = ""


def shown(line: Line) -> str:
    mark = {"ok": "ok   ", "info": "     ", "warn": "warn ", "bad": "BAD  ", "storage": "BAD  "}[line.mark]
    return f"{mark} {line.text}" + (f"\n       -> {line.advice}" if line.advice else "")


def about_calendar(city: City, today: date) -> Line:
    """A list of days off that ends makes offices promise holidays as working days."""
    last = max(city.calendar.holidays, default=today)
    known = f"days off known until {last}"
    if last < today + SOON:
        advice = f"Add the next year to cities/{city.slug}/calendar.toml, from the joint decree (SKB 3 Menteri)"
        return Line("warn", known, advice)
    return Line("ok", known)


def about_owners(city: City, today: date) -> Iterator[Line]:
    """A first owner with a later day may be meant, or a slip in the year: until then the triage desk works on it."""
    begins = {kind.code: min(owner.valid_from for owner in kind.owners) for kind in city.catalogue.categories.values()}
    later = [f"{code} from {day}" for code, day in begins.items() if day > today]
    if later:
        yield Line(
            "warn",
            f"categories that have no owner yet: {', '.join(later)}; the triage desk {city.triage} gets their reports",
            f"If that is not meant, correct valid_from in cities/{city.slug}/categories.toml",
        )


def about_groups(bound: list[health.Binding], city: City, *, try_out: bool) -> Iterator[Line]:
    """Offices with and without a group; the triage desk stands in for those without."""
    here = [one for one in bound if try_out or one.channel != "web"]
    groups = {one.agency for one in here if one.role == "group"}
    offices = [agency for agency in city.catalogue.agencies.values() if agency.kind != "external"]
    lost = [f"{one.agency} ({one.role})" for one in here if not one.reachable]
    if lost:
        yield Line(
            "bad", f"groups that cannot be reached: {', '.join(lost)}", "Invite the bot again, or bind a new group"
        )
    if try_out and not groups:
        yield Line("info", "the try-out brings offices of its own, the next `sahut run` makes them")
        return
    if city.triage not in groups:
        yield Line(
            "bad",
            f"the triage desk {city.triage} has no group: tickets of offices without one reach nobody",
            f"Run `sahut invite {city.triage}` and write /hubungkan CODE in its group",
        )
    served = groups | {one.agency for one in here if one.role == "officer"}
    missing = [agency.code for agency in offices if agency.code not in served and agency.code != city.triage]
    if missing:
        yield Line(
            "warn",
            f"{len(groups)} of {len(offices)} offices have a group; missing: {', '.join(missing)}",
            "Run `sahut invite OPD`; until then the triage desk gets their tickets",
        )
    else:
        yield Line("ok", f"all {len(offices)} offices have a group")
    heads = {one.agency for one in here if one.role == "head"}
    headless = [agency.code for agency in offices if agency.code in served and agency.code not in heads]
    if headless:
        yield Line(
            "warn",
            f"no chat of the head of: {', '.join(headless)}",
            "Run `sahut invite OPD --role head`; until then the operations centre, or the office itself, hears again",
        )
    if not any(one.role == "ops" for one in here):
        yield Line("warn", "no chat of the operations centre", f"Run `sahut invite {city.triage} --role ops`")
