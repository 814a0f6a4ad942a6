"""The language of everything said from now on."""

from __future__ import annotations

from conversations.effects import Say, SetLocale
from conversations.step import Outcome, Step, Turn, never
from conversations.wording import choice
from texts.text import say


def ask(turn: Turn) -> Say:
    return Say(say("language.ask"), tuple(choice(f"lang:{code}", f"language.{code}") for code in turn.city.languages))


def handle(turn: Turn) -> Outcome | None:
    code = turn.inbound.action.removeprefix("lang:")
    if not turn.inbound.action.startswith("lang:") or code not in turn.city.languages:
        return None
    return Outcome(turn.state.idle(), (SetLocale(code), Say(say("language.set", language=say(f"language.{code}")))))


STEP = Step("language", never, ask, handle)
