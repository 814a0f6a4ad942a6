"""Texts as numbers: sparse matrices of words and pieces, cut and weighed anew for every part that is learned."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from msgspec import Struct
from scipy.sparse import csr_matrix, diags, hstack

from routing.model import damped, hint, phrases, pieces

HINTED = 0.04  # how loud a cold guess is beside the words; louder ones are followed blindly, softer ones not heard
FEWEST = 3  # so many different people (or texts) must have used a word before a model may know it


class Corpus:
    """All texts, with what of them can be counted once.

    sources: who wrote each text, so that one person's name, said in three reports, is still one person's
    cold:    texts x categories, the city's own scores
    """

    def __init__(
        self, stems: Sequence[Sequence[str]], spoken: Sequence[Sequence[str]], sources: Sequence[int], cold: Any
    ) -> None:
        self.hints = len(cold[0])
        self._hints = csr_matrix([[HINTED * hint(score) for score in scores] for scores in cold])
        self._words, self.features = _counted([phrases(s) for s in stems])
        self._spoken, listed = _counted(spoken)
        self._pieces, self.pieces = _counted([pieces(word) for word in listed], damp=False)
        self._said = _ones(_ones(self._spoken) @ _ones(self._pieces))  # which text holds which piece
        rows = np.arange(len(sources))
        shape = (max(sources, default=0) + 1, len(sources))
        self._by_source = csr_matrix((np.ones(len(sources)), (np.asarray(sources, dtype=int), rows)), shape=shape)

    def view(self, taught: Any) -> View:
        """The features known from these texts alone (row numbers), and how rare each is."""
        words, rarity = self._known(self._words, taught)
        pieces_, piece_rarity = self._known(self._said, taught)
        return View(words, rarity, pieces_, piece_rarity)

    def _known(self, table: Any, taught: Any) -> tuple[Any, Any]:
        people = _ones(self._by_source[:, taught] @ _ones(table[taught]))
        spread = np.asarray(people.sum(axis=0)).ravel()
        known = np.flatnonzero(spread >= FEWEST)
        among = _ones(table[taught])[:, known]
        count = np.asarray(among.sum(axis=0)).ravel()
        return known, np.log((1 + len(taught)) / (1 + count)) + 1

    def matrix(self, view: View, rows: Any) -> Any:
        """These texts in the view's features; words and pieces each of length 1, then the hints."""
        words = self._words[rows][:, view.words] @ diags(view.rarity)
        per_word = self._pieces[:, view.pieces] @ diags(view.piece_rarity)
        squared = np.asarray(per_word.multiply(per_word).sum(axis=1)).ravel()
        said = self._spoken[rows]
        lengths = np.sqrt(said.multiply(said) @ squared)
        return hstack([_scaled(words, _lengths(words)), _scaled(said @ per_word, lengths), self._hints[rows]]).tocsr()


class View(Struct, frozen=True):
    """The known columns of a corpus and their rarity."""

    words: Any
    rarity: Any
    pieces: Any
    piece_rarity: Any


def _counted(texts: Iterable[Sequence[str]], damp: bool = True) -> tuple[Any, list[str]]:
    """A row for each text, a column for each thing in it, and the things in the order of the columns."""
    columns: dict[str, int] = {}
    where: list[int] = []
    ends = [0]
    values: list[float] = []
    for text in texts:
        for thing, count in Counter(text).items():
            where.append(columns.setdefault(thing, len(columns)))
            values.append(damped(count) if damp else count)
        ends.append(len(where))
    return csr_matrix((values, where, ends), shape=(len(ends) - 1, len(columns))), list(columns)


def _ones(table: Any) -> Any:
    same = table.tocsr().copy()
    same.data = np.ones_like(same.data)
    return same


def _lengths(table: Any) -> Any:
    return np.sqrt(np.asarray(table.multiply(table).sum(axis=1)).ravel())


def _scaled(table: Any, lengths: Any) -> Any:
    return diags(1.0 / np.where(lengths > 0, lengths, 1.0)) @ table


def folds(categories: Sequence[int], parts: int) -> Any:
    """For each text the part it is held out with: every category spread evenly, the same at every run."""
    dice = np.random.default_rng(7)
    shuffled = dice.permutation(len(categories))
    order = shuffled[np.argsort(np.asarray(categories)[shuffled], kind="stable")]
    part = np.empty(len(categories), dtype=int)
    part[order] = np.arange(len(categories)) % parts
    return part


def steepness(count: int) -> float:
    """The weight of one text of a category with so many: few texts speak up, many do not drown the others."""
    return math.sqrt(100 / count)
