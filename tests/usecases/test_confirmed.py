"""Which reports teach, and which never do; read from a real database."""

from datetime import date

import pytest
from msgspec.structs import replace

from routing.catalogue import Catalogue
from storage.filed import filed
from storage.reading import reading
from tests.halls import hall
from tests.usecases.town import Town
from usecases.confirmed import NO_LESSON, Filed, lesson

DAY = date(2026, 11, 23)
FILED = Filed("lampu jalan mati", "PJU", "DISHUB", 7, DAY, "confirmed", taken_up=True, confidential=False)


@pytest.fixture(scope="module")
def book() -> Catalogue:
    return hall().catalogue


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


def test_reports_are_read_from_the_database_as_they_stand(town: Town) -> None:
    """Beside the running writer; erased persons are not there, and times are those of the city."""
    town.office("DISHUB", "501")
    taken, waiting = town.report("1001"), town.report("1002")
    erased = town.report("1003")
    town.execute("update ticket set acknowledged_at = opened_at where id = :id", id=taken.id)
    town.execute("update person set erased_at = created_at where id = :id", id=erased.reporter)
    with reading(town.url) as connection:
        found = list(filed(connection, town.house.city.zone))
    assert [(f.person, f.taken_up) for f in found] == [(taken.reporter, True), (waiting.reporter, False)]
    assert {(f.category, f.agency, f.opened, f.confidential) for f in found} == {("PJU", "DISHUB", DAY, False)}
    assert [lesson(f, town.house.city.catalogue, guesses) for f in found] == ["PJU", None]
