"""What goes into learning and what comes out of it, free of any library."""

from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct

from routing.model import Model


class TooLittle(ValueError):
    """There is not enough to learn from; the message says what is missing."""


class Example(Struct, frozen=True):
    """A text and the category it was confirmed to belong to. `person` tells whose words they are, "" nobody's."""

    text: str
    category: str
    person: str = ""


class Beforehand(Struct, frozen=True):
    """What the city's data know without any lesson.

    phrases: of every category, in the city's order
    cold:    scores of a text by category
    """

    city: str
    phrases: Mapping[str, Sequence[str]]
    stems: Callable[[str], Sequence[str]]
    cold: Callable[[str], Mapping[str, float]]


class Rates(Struct, frozen=True):
    """Shares of texts whose category came first, and among the first three."""

    first: float
    three: float


class Taught(Struct, frozen=True):
    """One category: texts, and the share of them recognised at the first guess before and after."""

    category: str
    texts: int
    cold: float
    together: float


class Report(Struct, frozen=True):
    """How good it is: of `texts` learned from, so many judged by a model that had not seen them.

    sure, right: share of texts that would be stated, and how many of those are right
    features:    words and pairs, and pieces, that the model knows
    """

    texts: int
    judged: int
    cold: Rates
    learned: Rates
    together: Rates
    sure: float
    right: float
    features: tuple[int, int]
    categories: tuple[Taught, ...]

    @property
    def better(self) -> bool:
        """Whether learning helped, at the first guess and without loss among three."""
        return self.together.first > self.cold.first and self.together.three >= self.cold.three


class Lesson(Struct, frozen=True):
    """A new model and how good it is."""

    model: Model
    report: Report
