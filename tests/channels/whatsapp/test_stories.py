"""The project's stories, played on Telegram and on WhatsApp: the same reports come of them, in the same states."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.bench.whatsapp_second_opinion import differences
from tests.channels.whatsapp.hall import ME, WhatsAppHall, WhatsAppTown, tickets
from tests.conversations.hall import Hall
from tests.conversations.player import Story, play, stories
from tests.usecases.fixtures import sqlite_template  # noqa: F401
from tests.usecases.town import Town

ALL = stories()


@pytest.mark.parametrize("story", ALL, ids=lambda story: story.name)
def test_story(story: Story, sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):  # noqa: F811
    (tmp_path / "t").mkdir()
    (tmp_path / "w").mkdir()
    there = Town(f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 't' / 'a.db')}", tmp_path / "t")
    here = WhatsAppTown(f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'w' / 'b.db')}", tmp_path / "w")
    try:
        play(story, Hall(there))
        monkeypatch.setattr("tests.conversations.hall.ME", ME)
        play(story, WhatsAppHall(here))
        assert tickets(here) == tickets(there)
        assert not differences(here.forms)
    finally:
        there.close()
        here.close()
