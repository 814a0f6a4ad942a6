"""A try-out never becomes the real thing by accident, nor one bot another."""

from __future__ import annotations

import pytest

from tests.usecases.town import Town
from usecases import identity
from usecases.identity import LIVE, TRY_OUT, WrongDatabase


def claim(town: Town, purpose: str, bot: str = "") -> None:
    town.do(lambda unit: identity.claim(unit, "an-id", purpose, bot))


def test_the_same_installation_starts_again_and_again(town):
    for _ in range(3):
        claim(town, LIVE, "4711")


@pytest.mark.parametrize(
    ("first", "then", "said"),
    [
        ((TRY_OUT, ""), (LIVE, "4711"), "used for the try-out"),
        ((LIVE, "4711"), (TRY_OUT, ""), "holds real reports"),
        ((LIVE, "4711"), (LIVE, "4712"), "belongs to the Telegram bot 4711"),
    ],
)
def test_another_use_of_a_database_is_refused_with_what_to_set(town, first, then, said):
    claim(town, *first)
    with pytest.raises(WrongDatabase, match=said) as refused:
        claim(town, *then)
    assert "DATABASE_URL" in str(refused.value)
    claim(town, *first)
