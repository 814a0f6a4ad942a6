"""What a city says about similar reports: how far they may lie apart, and which categories are easily confused."""

from collections.abc import Container
from datetime import timedelta
from typing import Any

from cities.files import Table


def similar(about: Table, categories: Container[str]) -> dict[str, Any]:
    """The policy's values from [similar] of city.toml; a city may leave the table out. Raises CityError."""
    if "similar" not in about.data:
        return {}
    rules = about.inner("similar")
    groups = rules.data.get("groups", [])
    if not isinstance(groups, list) or not all(isinstance(g, list) and len(g) > 1 for g in groups):
        raise rules.wrong('`groups` must hold lists of categories: write groups = [["DRAINASE", "BANJIR"], ...]')
    metres = rules.inner("metres") if "metres" in rules.data else Table(rules.file, {})
    for code in [*metres.data, *(code for group in groups for code in group)]:
        if code not in categories:
            raise rules.wrong(f"{code} is unknown: use a code of categories.toml")
    found: dict[str, Any] = {
        "similar_groups": tuple(tuple(group) for group in groups),
        "similar_m": {code: int(metres.number(code)) for code in metres.data},
    }
    if "closed_days" in rules.data:
        found["similar_closed"] = timedelta(days=rules.number("closed_days"))
    return found
