"""Finds place names in free text, whether run together or written apart, with a slip of the finger or two.

Typing slips are found without a library: a name's neighbours by one letter are few, and `difflib` is slow but only
asked about words that share the first letter and nearly the length.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

from routing.normalise import plain, words

LONGEST_NAME = 4  # words: "Jatibening Baru" may be written "jati bening baru"
TYPO_RATIO = 0.86
TYPO_LETTERS = 6
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
        self._by_first: dict[str, list[str]] = defaultdict(list)
        for name in names:
            letters = _letters(name.written)
            if letters not in self._exact:
                self._by_first[letters[0]].append(letters)
            self._exact[letters].append(name)

    def find(self, text: str) -> list[tuple[PlaceName, float]]:
        """Names in the text with 1.0 for the exact letters and less for typing slips; best and longest first."""
        spoken = words(text)[:MOST_WORDS]
        found: list[tuple[float, int, PlaceName]] = []
        taken: set[int] = set()
        for size in range(LONGEST_NAME, 0, -1):  # the longest reading wins: "Jatibening Baru" before "Jatibening"
            for start in range(len(spoken) - size + 1):
                span = range(start, start + size)
                if taken.intersection(span):
                    continue
                for name in self._exact.get("".join(spoken[i] for i in span), ()):
                    found.append((1.0, size, name))
                    taken.update(span)
        for size in range(LONGEST_NAME, 0, -1):
            for start in range(len(spoken) - size + 1):
                span = range(start, start + size)
                if taken.intersection(span):
                    continue
                ratio, letters = self._close("".join(spoken[i] for i in span))
                if letters:
                    found += [(ratio, size, name) for name in self._exact[letters]]
                    taken.update(span)
        found.sort(key=lambda hit: (-hit[0], -len(hit[2].written)))
        return [(name, score) for score, _, name in found]

    def _close(self, letters: str) -> tuple[float, str | None]:
        if len(letters) < TYPO_LETTERS:
            return 0.0, None
        best, chosen = TYPO_RATIO, None
        for known in self._by_first.get(letters[0], ()):
            if abs(len(known) - len(letters)) > 2 or len(known) < TYPO_LETTERS:
                continue
            ratio = SequenceMatcher(None, letters, known, autojunk=False).ratio()
            if ratio >= best:
                best, chosen = ratio, known
        return best, chosen


def _letters(name: str) -> str:
    return "".join(c for c in plain(name) if c.isalnum())
