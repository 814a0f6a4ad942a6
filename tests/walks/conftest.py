"""Towns in this process read no city: they get the one that all tests share. Started programs read the kept one."""

import pytest


@pytest.fixture(autouse=True)
def _city_at_hand(city_at_hand: None) -> None:
    """See tests/conftest.py."""
