"""Every story is played through the real engine; every numbered line of the citizen's job has one."""

from __future__ import annotations

import pytest

from tests.conversations.hall import Hall
from tests.conversations.player import Story, play, stories
from tests.conversations.stage import Stage
from tests.usecases.town import Town

ALL = stories()
LINES = {f"citizen.{n}" for n in range(1, 10)}


@pytest.mark.parametrize("story", ALL, ids=lambda story: story.name)
def test_story(story: Story) -> None:
    play(story, Stage())


def test_there_are_stories_enough_for_every_line() -> None:
    assert len(ALL) >= 25
    assert LINES <= {line for story in ALL for line in story.covers}


def test_a_story_that_expects_something_else_fails() -> None:
    """The player itself can fail: an expectation that cannot be met is noticed."""
    first = ALL[0]
    wrong = Story("wrong", "", (), (), ({**first.turns[0], "says": ["summary.ask", "nothing.at_all"]},))
    with pytest.raises(AssertionError, match=r"summary\.ask"):
        play(wrong, Stage())


@pytest.mark.parametrize("story", ALL, ids=lambda story: story.name)
def test_story_in_a_real_city_hall(story: Story, town: Town) -> None:
    """The same dialogues through the use cases, on SQLite and PostgreSQL: what the engine wants comes true."""
    play(story, Hall(town))
