"""What a city's own reports taught, as numbers: how much each known word speaks for each category.

A model is made by `learning.train`; here it is only read. Three kinds of features: stems, alone and in neighbouring
pairs; the pieces of 3 to 5 letters of every word, which see through slips and affixes; and the cold guesses, so that
it learns when to believe them.
"""

import math
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise

from msgspec import Struct

PIECES = (3, 4, 5)  # letters; the edges of a word count as one
LONGEST_WORD = 24  # letters read as pieces; longer ones are no words
WORD_CACHE = 8_000
TRUST_FROM, TRUST_FULL = 0.25, 0.75  # share of a message's telling words that the model knows
BECAUSE = 3
FLOOR = 0.003  # what a category without cold evidence still gets, so that its logarithm is a number

Row = Sequence[float]


class Block(Struct, frozen=True):
    """Features of one kind. Row i of `weights` (whole numbers, a column for each category and one for likeness) times
    `scale` belongs to `rarity[i]`.

    The weights hold the rarity already; it stands apart for the length of a text.
    """

    places: Mapping[str, int]
    rarity: Sequence[float]
    weights: "array[int]"
    scale: float

    def row(self, place: int, width: int) -> "array[int]":
        return self.weights[place * width : (place + 1) * width]


class Mix(Struct, frozen=True):
    """How learned and cold evidence are put together; found on texts the model had not seen.

    probability = g * softmax(learned * margin + cold * log cold) + (1 - g) * cold, with g the trust in the model for
    this message and `cold` in its place the city's own scores as shares of a whole.
    `sure` and `ask` are probabilities: from the first on a guess is stated, below the second none is offered.
    """

    learned: float
    cold: float
    sure: float
    ask: float


class Model(Struct, frozen=True):
    """One version of what was learned: categories in their order, how many texts taught each, and the weights.

    The last number of `bias`, and the last column of the weights, make the likeness: whether a message reads like the
    reports that were learned, from 1 on fully, from 0 down not at all.
    """

    city: str
    categories: tuple[str, ...]
    lessons: tuple[int, ...]
    bias: tuple[float, ...]
    words: Block
    pieces: Block
    hints: Block
    mix: Mix


def phrases(stems: Sequence[str]) -> list[str]:
    """The word features of a text: its stems and their neighbouring pairs."""
    return [*stems, *(f"{a} {b}" for a, b in pairwise(stems))]


def pieces(word: str) -> list[str]:
    """The pieces of a word, with its edges: "got" gives " go", "got", "ot " and the longer ones."""
    edged = f" {word[:LONGEST_WORD]} "
    return [edged[i : i + n] for n in PIECES for i in range(len(edged) - n + 1)]


def hint(score: float) -> float:
    """How strongly a cold guess speaks: 0 for none."""
    return math.log1p(score / FLOOR)


def damped(count: int) -> float:
    """A word said four times is not four times as telling."""
    return 1.0 + math.log(count)


def rarest(block: Block) -> float:
    """How much an unknown word counts."""
    return max(block.rarity, default=1.0)


def trust(stems: Iterable[str], block: Block, most: float) -> float:
    """0..1: whether the model knows what this message speaks of; rare words count more, unknown ones `most`."""
    known = whole = 0.0
    for stem in set(stems):
        place = block.places.get(stem)
        rarity = most if place is None else block.rarity[place]
        whole += rarity
        known += 0.0 if place is None else rarity
    share = known / whole if whole else 0.0
    return min(1.0, max(0.0, (share - TRUST_FROM) / (TRUST_FULL - TRUST_FROM)))


class Weigher:
    """Turns texts into margins by one model; built once, asked often, safe to share between threads."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._width = len(model.categories) + 1
        self._piece_sums = lru_cache(WORD_CACHE)(self._of_word)

    def margins(self, stems: Sequence[str], spoken: Sequence[str], cold: Mapping[str, float]) -> list[float]:
        """One number for each category of the model, then the likeness.

        stems: see `phrases`; spoken: the words as they were written; cold: the city's own scores by category
        """
        rows = (self._model.bias, self._by_words(stems), self._by_pieces(spoken), self._by_hints(cold))
        return [sum(column) for column in zip(*rows, strict=True)]

    def _by_words(self, stems: Sequence[str]) -> Row:
        block = self._model.words
        rows: list[Row] = []
        length = 0.0
        for feature, count in Counter(phrases(stems)).items():
            place = block.places.get(feature)
            if place is None:
                continue
            factor = damped(count)
            row = block.row(place, self._width)
            rows.append(row if count == 1 else [w * factor for w in row])
            length += (factor * block.rarity[place]) ** 2
        return self._summed(rows, length, block.scale)

    def _by_pieces(self, spoken: Sequence[str]) -> Row:
        rows: list[Row] = []
        length = 0.0
        for word, count in Counter(spoken).items():
            row, squared = self._piece_sums(word)
            if row is None:
                continue
            factor = damped(count)
            rows.append(row if count == 1 else [w * factor for w in row])
            length += factor * factor * squared
        return self._summed(rows, length, self._model.pieces.scale)

    def _by_hints(self, cold: Mapping[str, float]) -> Row:
        block = self._model.hints
        found = [(place, hint(s)) for code, s in cold.items() if (place := block.places.get(code)) is not None]
        rows: list[Row] = [
            [w * strength for w in block.row(place, self._width)] for place, strength in found if strength
        ]
        return self._summed(rows, 1.0, block.scale)

    def _of_word(self, word: str) -> tuple[Row | None, float]:
        """The sum over a word's known pieces, and its squared length."""
        block = self._model.pieces
        found = Counter(place for piece in pieces(word) if (place := block.places.get(piece)) is not None)
        if not found:
            return None, 0.0
        rows = [[w * n for w in block.row(place, self._width)] for place, n in found.items()]
        return array("f", map(sum, zip(*rows, strict=True))), sum(
            (n * block.rarity[place]) ** 2 for place, n in found.items()
        )

    def _summed(self, rows: list[Row], length: float, scale: float) -> Row:
        if not rows:
            return [0.0] * self._width
        factor = scale / math.sqrt(length)
        return [s * factor for s in map(sum, zip(*rows, strict=True))]

    def spoke(self, stems: Sequence[str], category: str) -> list[str]:
        """The words of the text that spoke for this category more than for others, the most telling first."""
        block, width = self._model.words, self._width
        column = self._model.categories.index(category)
        said: dict[str, float] = {}
        for feature in dict.fromkeys(phrases(stems)):
            place = block.places.get(feature)
            if place is None:
                continue
            row = block.row(place, width)
            gain = row[column] - sum(row[:-1]) / (width - 1)
            for word in feature.split():
                said[word] = said.get(word, 0.0) + gain / (1 + feature.count(" "))
        return sorted((w for w, gain in said.items() if gain > 0), key=lambda w: -said[w])[:BECAUSE]
