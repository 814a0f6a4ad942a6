"""The first city, loaded once."""

import pytest

from tests.halls import hall
from tickets.city import City


@pytest.fixture(scope="session")
def bekasi() -> City:
    return hall()
