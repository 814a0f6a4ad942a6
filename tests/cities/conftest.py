"""The first city, loaded once."""

import pytest

from cities.loader import load_city
from tickets.city import City


@pytest.fixture(scope="session")
def bekasi() -> City:
    return load_city("kota-bekasi")
