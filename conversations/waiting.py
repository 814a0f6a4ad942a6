"""Words and files that wait until the citizen has said which report they belong to (the step "which")."""

from __future__ import annotations

from msgspec.structs import replace

from conversations import told
from conversations.state import Draft, State, begin
from conversations.step import Outcome, Turn


def hold(turn: Turn, text: str, ticket: int = 0) -> Outcome:
    """Words and files wait until the citizen has said whose they are. ticket: the one spoken of, when it is known."""
    masked, state, warned = told.masked(turn, text[: told.MOST_WORDS])
    state = brought(turn, begin(state))
    return Outcome(replace(state, step="which", memo="", held=masked, ticket=ticket), warned, goto="which")


def brought(turn: Turn, state: State) -> State:
    """The files and the place that came with a quote wait too."""
    draft, pin = state.draft or Draft(), turn.inbound.pin
    media = (*draft.media, *told.media_of(turn))[: told.MOST_MEDIA]
    state = replace(state, draft=replace(draft, media=media))
    return told.take_point(replace(turn, state=state), pin.lat, pin.lon, pin.source, pin.label).state if pin else state
