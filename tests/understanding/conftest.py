"""The first city, loaded once, and its exam."""

import csv

import pytest

from cities.loader import HERE
from tests.halls import hall
from tickets.city import City


@pytest.fixture(scope="session")
def bekasi() -> City:
    return hall()


@pytest.fixture(scope="session")
def exam() -> list[dict[str, str]]:
    with (HERE / "kota-bekasi" / "examples.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
