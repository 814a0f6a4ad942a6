"""The project's stories, played on Telegram and on WhatsApp: the same reports come of them, in the same states."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from tests.bench.whatsapp_second_opinion import differences
from tests.channels.whatsapp.hall import ME, WhatsAppHall, WhatsAppTown, tickets
from tests.conversations.hall import Hall
from tests.conversations.player import Story, play, stories
from tests.usecases.town import Town

ALL = stories()


def as_there(story: Story) -> Story:
    """Pictures come one by one there, so each may be one of several: what is said after it waits a moment, and is said
    anew with the next one, in place of the one that waits. Nothing else is different."""
    turns = [
        {**turn, "silent": False, "delayed": True} if "photos" in turn and turn.get("silent") else turn
        for turn in story.turns
    ]
    return replace(story, turns=tuple(turns))


@pytest.mark.parametrize("story", ALL, ids=lambda story: story.name)
def test_story(story: Story, sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "t").mkdir()
    (tmp_path / "w").mkdir()
    there = Town(f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 't' / 'a.db')}", tmp_path / "t")
    here = WhatsAppTown(f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'w' / 'b.db')}", tmp_path / "w")
    try:
        play(story, Hall(there))
        monkeypatch.setattr("tests.conversations.hall.ME", ME)
        play(as_there(story), WhatsAppHall(here))
        assert tickets(here) == tickets(there)
        assert not differences(here.forms)
    finally:
        there.close()
        here.close()
