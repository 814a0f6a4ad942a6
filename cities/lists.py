"""A city's offices, categories and menu, made from its opened files."""

from datetime import date
from pathlib import Path
from typing import Any

from cities.errors import CityError
from cities.files import Table
from cities.words import Wordings, own_wordings, wordings
from routing.catalogue import Agency, Catalogue, Category, Owner, build
from routing.errors import CatalogueError


def catalogue(home: Path, offices: dict[str, Any], kinds: Table, fallback: str) -> Catalogue:
    """Offices, categories and menu, checked against each other."""
    agency_table = Table(home / "agencies.toml", offices)
    agencies = [_agency(entry) for entry in agency_table.each("agency")]
    shared = wordings()
    categories = [_category(entry, own_wordings(entry, shared)) for entry in kinds.each("category")]
    groups = [(g.text("code"), g.text("label_id"), g.text("label_en")) for g in kinds.each("group")]
    try:
        return build(agencies, categories, groups, triage=agency_table.text("triage"), fallback=fallback)
    except CatalogueError as error:
        raise CityError(kinds.file, error) from error


def _agency(entry: Table) -> Agency:
    kind: Any = entry.text("kind")  # checked by the catalogue, which knows the kinds
    return Agency(entry.text("code"), entry.text("name"), entry.text("short"), kind, entry.text("head"))


def _category(entry: Table, spoken: Wordings) -> Category:
    emergency: Any = entry.text("emergency", "no")
    proof: Any = entry.text("proof")
    return Category(
        code=entry.text("code"),
        name=entry.text("name"),
        name_en=entry.text("name_en"),
        hours=int(entry.number("hours")),
        group=entry.text("group"),
        owners=_owners(entry),
        phrases=spoken.phrases,
        things=spoken.things,
        troubles=spoken.troubles,
        emergency=emergency,
        tell=entry.text("tell", ""),
        tell_en=entry.text("tell_en", ""),
        proof=proof,
        confidential=entry.yes("confidential"),
        placeless=entry.yes("placeless"),
        round_the_clock=entry.yes("round_the_clock"),
        weight=entry.number("weight") if "weight" in entry.data else 1.0,
    )


def _owners(entry: Table) -> tuple[Owner, ...]:
    listed = entry.data.get("owners", [])
    for owner in listed:
        if not isinstance(owner, dict) or not isinstance(owner.get("valid_from"), date) or "agency" not in owner:
            raise entry.wrong('`owners` must hold { agency = "DLH", valid_from = 2017-01-01 } (the date unquoted)')
    return tuple(Owner(str(owner["agency"]), owner["valid_from"]) for owner in listed)
