"""The first city, loaded once: routing is tested with real data beside small made-up catalogues."""

import pytest

from tests.halls import hall
from tickets.city import City


@pytest.fixture(scope="session")
def bekasi() -> City:
    return hall()
