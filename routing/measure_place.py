"""How a place read out of words fares beside the place a person wrote down."""

from collections.abc import Collection
from typing import Literal

from msgspec import Struct

from routing.place_reading import PlaceGuess, PlaceReading

Outcome = Literal["right", "asked", "misled", "silently_wrong"]
OUTCOMES: tuple[Outcome, ...] = ("right", "asked", "misled", "silently_wrong")  # from best to worst


class Spot(Struct, frozen=True):
    """The right place: a kelurahan with its kecamatan, a kecamatan alone, outside the city, or (empty) none at all."""

    kelurahan: str = ""
    kecamatan: str = ""
    outside: bool = False

    def __str__(self) -> str:
        return "outside" if self.outside else self.kelurahan or (f"kec:{self.kecamatan}" if self.kecamatan else "none")


def place_outcome(right: Collection[Spot], read: PlaceReading) -> Outcome:
    """How an answer fares; where several places would do, the best of them counts.

    asked:          the right one is offered, or nothing is, so that the citizen is asked
    misled:         only wrong ones are offered, but none is stated
    silently_wrong: one place is stated, or "outside", and it is not so
    """
    return min((_outcome(spot, read) for spot in right), key=OUTCOMES.index)


def _outcome(spot: Spot, read: PlaceReading) -> Outcome:
    if read.outside:
        return "right" if spot.outside else "silently_wrong"
    if not read.candidates:
        return "right" if spot == Spot() else "asked"
    if spot.outside or not spot.kecamatan:
        return "silently_wrong" if read.clear else "misled"
    if any(_is(guess, spot) for guess in read.candidates):
        return "right" if len(read.candidates) == 1 else "asked"
    if read.clear:
        return "silently_wrong"
    near = any(guess.kelurahan is None and guess.kecamatan == spot.kecamatan for guess in read.candidates)
    inside = not spot.kelurahan and any(guess.kecamatan == spot.kecamatan for guess in read.candidates)
    return "asked" if near or inside else "misled"


def _is(guess: PlaceGuess, spot: Spot) -> bool:
    if not spot.kelurahan:
        return guess.kelurahan is None and guess.kecamatan == spot.kecamatan
    return guess.kelurahan is not None and guess.kelurahan.name == spot.kelurahan
