"""The first city, loaded once, and its exam."""

import csv

import pytest

from cities.loader import HERE, load_city
from tickets.city import City


@pytest.fixture(scope="session")
def bekasi() -> City:
    return load_city("kota-bekasi")


@pytest.fixture(scope="session")
def exam() -> list[dict[str, str]]:
    with (HERE / "kota-bekasi" / "examples.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
