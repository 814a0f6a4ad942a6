"""Which reports teach, and which never do; read from a real database."""

from dataclasses import replace
from datetime import date

import pytest

from cities.loader import load_city
from routing.catalogue import Catalogue
from usecases.confirmed import NO_LESSON, Filed, lesson

DAY = date(2026, 11, 23)
FILED = Filed("lampu jalan mati", "PJU", "DISHUB", 7, DAY, "confirmed", taken_up=True, confidential=False)


@pytest.fixture(scope="module")
def book() -> Catalogue:
    return load_city("kota-bekasi").catalogue


def guesses(text: str) -> list[str]:
    return ["PJU", "JLN-RUSAK", "POHON"]


def test_the_office_that_took_it_up_vouches_for_its_category(book: Catalogue) -> None:
    assert lesson(FILED, book, guesses) == "PJU"
    assert lesson(replace(FILED, outcome=None), book, guesses) == "PJU"


def test_a_hand_over_teaches_the_category_of_the_office_that_keeps_it(book: Catalogue) -> None:
    assert lesson(replace(FILED, agency="DBMSDA"), book, guesses) == "JLN-RUSAK"
    assert lesson(replace(FILED, agency="DINSOS"), book, guesses) is None


def test_the_owner_of_that_day_counts(book: Catalogue) -> None:
    """Street lights were the roads office's before November 2025."""
    before = replace(FILED, opened=date(2024, 5, 1), agency="DBMSDA")
    assert lesson(before, book, guesses) == "PJU"


@pytest.mark.parametrize(
    "change",
    [{"taken_up": False}, {"confidential": True}, {"text": "  "}, *({"outcome": str(o)} for o in sorted(NO_LESSON))],
)
def test_these_teach_nothing(book: Catalogue, change: dict[str, object]) -> None:
    assert lesson(replace(FILED, **change), book, guesses) is None  # type: ignore[arg-type]
