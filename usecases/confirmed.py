"""Which reports teach: their category was confirmed by the office that took them up, or corrected by a hand-over."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from msgspec import Struct

from routing.catalogue import Catalogue
from routing.errors import CatalogueError
from tickets.ticket import Outcome

NO_LESSON = frozenset(
    {
        Outcome.WITHDRAWN,
        Outcome.DUPLICATE,
        Outcome.NOT_CITY,
        Outcome.INVALID,
        Outcome.ABUSE,
        Outcome.PRIVATE_MATTER,
    }
)


class Filed(Struct, frozen=True):
    """What a report's row tells about its category.

    opened: the day in the city; taken_up: an office has said "terima"
    """

    text: str
    category: str
    agency: str
    person: int
    opened: date
    outcome: str | None
    taken_up: bool
    confidential: bool


def lesson(filed: Filed, book: Catalogue, guesses: Callable[[str], Sequence[str]]) -> str | None:
    """The category this report teaches, or None when it teaches none.

    An office that took it up vouches for the category it owns. Was it handed over, the office that keeps it owns
    another category: the one of its own that the words speak for, if they speak for any. Confidential reports never
    teach. guesses: categories of a text, the likeliest first
    """
    if filed.confidential or not filed.taken_up or not filed.text.strip() or filed.outcome in NO_LESSON:
        return None
    if _owner(filed.category, filed.opened, book) == filed.agency:
        return filed.category
    return next((code for code in guesses(filed.text) if _owner(code, filed.opened, book) == filed.agency), None)


def _owner(category: str, on: date, book: Catalogue) -> str | None:
    try:
        return book.owner(category, on).code
    except CatalogueError:
        return None
