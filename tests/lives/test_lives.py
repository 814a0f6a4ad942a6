"""Every numbered line of the officers' work, and the clock, has a life told as data."""

from __future__ import annotations

import pytest

from tests.lives.player import Life, lives, play
from tests.usecases.fixtures import *  # noqa: F403 (fixtures)
from tests.usecases.town import Town

ALL = lives()
LINES = {f"officer.{n}" for n in range(1, 5)} | {"clock"}


@pytest.mark.parametrize("life", ALL, ids=lambda life: life.name)
def test_life(life: Life, town: Town) -> None:
    play(life, town)


def test_every_line_has_a_life() -> None:
    assert LINES <= {line for life in ALL for line in life.covers}


def test_a_life_that_expects_something_else_fails(on_sqlite: str, towns) -> None:  # type: ignore[no-untyped-def]
    first = ALL[0]
    turn = {**first.turns[0], "hears": {"siti": ["nobody says this"]}}
    wrong = Life("wrong", (), first.offices, first.reports, (turn,))
    with pytest.raises(AssertionError, match="nobody says this"):
        play(wrong, towns(on_sqlite))
