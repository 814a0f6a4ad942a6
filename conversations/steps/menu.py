"""The first greeting and what can be done here."""

from __future__ import annotations

from conversations.effects import Say
from conversations.step import Outcome, Step, Turn, never
from conversations.wording import choice
from texts.text import say


def ask(turn: Turn) -> Say:
    key = "menu.ask" if turn.state.memo != "welcome" else "menu.welcome"
    return Say(
        say(key, city=turn.city.name),
        (
            choice("new", "menu.report"),
            choice("tickets", "menu.tickets"),
            choice("language", "menu.language"),
            choice("help", "menu.help"),
        ),
        columns=2,
    )


def handle(turn: Turn) -> Outcome | None:
    return None  # its buttons mean the same anywhere: see conversations.commands


STEP = Step("menu", never, ask, handle)
