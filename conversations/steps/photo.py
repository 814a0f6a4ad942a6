"""Pictures of the problem: asked for once, several are welcome, none is fine too."""

from __future__ import annotations

from msgspec.structs import replace

from conversations.effects import Say
from conversations.state import Draft
from conversations.step import Outcome, Step, Turn
from conversations.wording import choice
from texts.text import say


def pictures(draft: Draft) -> int:
    return sum(1 for media in draft.media if media.kind in ("photo", "document"))


def needed(turn: Turn) -> bool:
    """A picture sent before the question answers it; one sent as the answer may be followed by more."""
    draft = turn.draft
    return not draft.photos_done and not draft.light and (turn.state.step == "photo" or not pictures(draft))


def ask(turn: Turn) -> Say:
    count = pictures(turn.draft)
    if not count:
        return Say(say("photo.ask"), (choice("skip", "photo.skip"),))
    if turn.state.correcting:
        return Say(say("photo.change", count=count), (choice("drop", "photo.drop"), choice("done", "photo.done")))
    return Say(say("photo.more"), (choice("done", "photo.done"),))


def handle(turn: Turn) -> Outcome | None:
    """The pictures themselves were taken in already; here only the way on and the way back."""
    action = turn.inbound.action
    if action in ("skip", "done"):
        return Outcome(replace(turn.state, draft=replace(turn.draft, photos_done=True)))
    if action == "drop":
        rest = tuple(media for media in turn.draft.media if media.kind not in ("photo", "document"))
        dropped = replace(turn.draft, media=rest, photos_done=False)
        return Outcome(replace(turn.state, draft=dropped), (Say(say("photo.dropped")),), goto="photo")
    return None


STEP = Step("photo", needed, ask, handle)
