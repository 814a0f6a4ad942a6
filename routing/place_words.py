"""Finds place names in free text, whether run together or written apart, with a slip of the finger or two."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from routing.match import Vocabulary
from routing.normalise import plain, words

LONGEST_NAME = 4  # words: "Jatibening Baru" may be written "jati bening baru"
SLIP_SCORE = 0.87
SLIP_RATIO = 90.0  # "karyawan" is no Karawang, "sepanjang jalan" no Sepanjangjaya
SLIP_LETTERS = 6  # "setu" and "satu" are two words, not one and a slip
MOST_WORDS = 80  # a place stands in the first sentences or not at all


@dataclass(frozen=True, slots=True)
class PlaceName:
    """A way to write a place and what it stands for (a code or a name)."""

    written: str
    target: str


class NameIndex:
    """Place names by their letters without spaces."""

    def __init__(self, names: Iterable[PlaceName]) -> None:
        self._exact: dict[str, list[PlaceName]] = defaultdict(list)
        for name in names:
            self._exact[_letters(name.written)].append(name)
        self._vocabulary = Vocabulary((letters for letters in self._exact if len(letters) >= SLIP_LETTERS), SLIP_RATIO)

    def find(self, text: str) -> list[tuple[PlaceName, float]]:
        """Names in the text with 1.0 for the exact letters and less for typing slips; best and longest first."""
        spoken = words(text)[:MOST_WORDS]
        taken: set[int] = set()
        found = [(name, 1.0) for name in self._names(spoken, taken, self._said)]
        found += [(name, SLIP_SCORE) for name in self._names(spoken, taken, self._nearly_said)]
        found.sort(key=lambda hit: (-hit[1], -len(hit[0].written)))
        return found

    def _names(
        self, spoken: list[str], taken: set[int], reading: Callable[[str], Sequence[PlaceName]]
    ) -> Iterator[PlaceName]:
        """The longest reading wins: "Jatibening Baru" before "Jatibening"."""
        for size in range(LONGEST_NAME, 0, -1):
            for start in range(len(spoken) - size + 1):
                span = range(start, start + size)
                if taken.intersection(span):
                    continue
                names = reading("".join(spoken[start : start + size]))
                if names:
                    taken.update(span)
                    yield from names

    def _said(self, letters: str) -> Sequence[PlaceName]:
        return self._exact.get(letters, ())

    def _nearly_said(self, letters: str) -> Sequence[PlaceName]:
        meant = self._vocabulary.closest(letters) if len(letters) >= SLIP_LETTERS else None
        return self._exact[meant] if meant else ()


def _letters(name: str) -> str:
    return "".join(c for c in plain(name) if c.isalnum())
