"""Unfinished reports: kept, offered again once, let go after a day with a word; never by night."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from conversations import told, wording
from conversations.effects import Effect, Say, Wake
from conversations.state import State
from conversations.step import Outcome, Turn
from conversations.wording import choice
from texts.text import Text, say
from tickets.calendar import is_quiet, next_allowed
from tickets.city import City

WHOSE = "whose"  # the step that tells another door


def wake(turn: Turn) -> Outcome:
    """The time asked for has come. A stale or early call changes nothing."""
    state = turn.state
    if not told.unsent(state) or _early(state, turn.now):
        return Outcome(state, stay=True)
    if is_quiet(turn.now, turn.city.policy, turn.city.zone):
        return Outcome(state, stay=True)  # by night: `alarm` asks for the morning
    if _served(state):
        return Outcome(state.ended(), stay=True)
    if state.held is not None:
        return _whose(state)
    if state.nudged:
        gone = replace(state.ended(), later=())  # other problems waited as long
        return Outcome(gone, (Say(say("draft.expired"), (choice("new", "menu.report"),)),), stay=True)
    return Outcome(replace(state, nudged=True), (offer(turn),), stay=True)


def _whose(state: State) -> Outcome:
    """Nobody has said whose the words are: who believes to have answered an office learns that it has heard nothing."""
    if state.nudged:
        gone = replace(state.ended(), later=())
        return Outcome(gone, (Say(say("which.expired"), (choice("new", "menu.report"),)),), stay=True)
    return Outcome(replace(state, nudged=True), (Say(say("which.unsent")),), goto="which")


def _served(state: State) -> bool:
    """Who was told another door and left has what they need: their words are let go after a day, in silence. A picture
    or a place is more than that, and is offered back like any other report."""
    draft = state.draft
    if draft is None or state.step != WHOSE or state.later:
        return False
    return not draft.media and draft.place is None


def _early(state: State, now: datetime) -> bool:
    return bool(state.wake_at) and now < datetime.fromisoformat(state.wake_at)


def offer(turn: Turn) -> Say:
    """The kept report with what it holds so far, and the three ways on."""
    return Say(
        say("draft.offer", so_far=so_far(turn)),
        (choice("yes:resume", "draft.resume"), choice("fresh", "draft.fresh"), choice("no:discard", "draft.discard")),
    )


def so_far(turn: Turn) -> Text:
    """What the draft holds, one line for each answer given."""
    draft = turn.draft
    known: list[Text] = []
    if draft.category:
        known.append(say("draft.category", category=wording.category_name(turn, draft.category)))
    if draft.text:
        known.append(say("draft.words", words=wording.short(draft.text, 160)))
    if draft.place is not None:
        known.append(say("draft.place", place=wording.place(turn, draft.place)))
    if draft.media:
        known.append(say("draft.files", files=wording.photos(draft)))
    state = turn.state
    others = state.later if state.other is None else (state.other, *state.later)
    known.extend(say("draft.later", words=wording.short(other.text, 120)) for other in others)
    return wording.lines(known) if known else say("common.nothing")


def alarm(before: State, after: State, now: datetime, city: City) -> tuple[State, tuple[Effect, ...]]:
    """When to come back to this dialogue: moved with every sign of life, dropped with the draft."""
    if not told.unsent(after):
        if not before.wake_at and not after.wake_at:
            return after, ()
        return replace(after, wake_at=""), (Wake(None),)
    patience = city.policy.draft_expires if after.nudged or _served(after) else city.policy.draft_offer
    at = next_allowed(now + patience, city.policy, city.zone)
    return replace(after, wake_at=at.isoformat()), (Wake(at),)


def night_alarm(state: State, now: datetime, city: City) -> tuple[State, tuple[Effect, ...]]:
    """After a call that came by night or too early: the same draft, at the next fitting time."""
    if not told.unsent(state):
        return replace(state, wake_at=""), (Wake(None),)
    wanted = datetime.fromisoformat(state.wake_at) if state.wake_at else now
    at = next_allowed(max(now, wanted), city.policy, city.zone)
    return replace(state, wake_at=at.isoformat()), (Wake(at),)
