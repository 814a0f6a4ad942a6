"""Tells the emergency number at once when there is danger; the report goes on in any case."""

from __future__ import annotations

import re

from msgspec.structs import replace

from conversations import wording
from conversations.effects import URL, Effect, Say
from conversations.step import Outcome, Step, Turn, never
from routing.catalogue import Category
from routing.understand import emergency_of
from texts.text import Choice, say

_NUMBER = re.compile(r"\b1\d{2}\b")
MOST_BUTTONS = 2


def notice(turn: Turn) -> Outcome | None:
    """Danger heard in the words, or brought by the category; each is said once."""
    draft = turn.draft
    heard = turn.meaning.emergency if turn.meaning is not None else turn.alarm
    if heard is not None and not draft.danger:
        told = replace(draft, danger=heard.kind, advised=draft.category)
        return Outcome(replace(turn.state, draft=told), (advice(heard.tell),))
    if not draft.category or draft.advised == draft.category:
        return None
    return _by_category(turn, turn.city.catalogue.category(draft.category))


def _by_category(turn: Turn, category: Category) -> Outcome | None:
    """Danger of a category counts once somebody chose it; what we guessed is left to the words."""
    draft = turn.draft
    line = emergency_of(category, "en" if wording.english(turn) else "id")
    if line is None or draft.danger:
        return None
    draft = replace(draft, advised=category.code)
    if category.emergency == "cond":
        said: Effect = Say(say("danger.condition", tell=line.tell))
    elif draft.category_by == "sure":
        said = Say(say("danger.maybe", tell=line.tell))
    else:
        draft = replace(draft, danger=line.kind)
        said = advice(line.tell)
    return Outcome(replace(turn.state, draft=draft), (said,))


def advice(tell: str) -> Say:
    """The line that goes out before everything else, with buttons that dial where the channel can."""
    numbers = list(dict.fromkeys(_NUMBER.findall(tell)))[:MOST_BUTTONS]
    calls = tuple(Choice(f"{URL}tel:{number}", say("danger.call", number=number)) for number in numbers)
    return Say(say("danger.now", tell=tell), calls, columns=2, urgent=True)


def ask(turn: Turn) -> Say:
    return advice("112")


def handle(turn: Turn) -> Outcome | None:
    return None


STEP = Step("danger", never, ask, handle, notice)
