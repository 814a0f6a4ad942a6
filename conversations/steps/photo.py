"""Pictures of the problem: asked for once, several are welcome, none is fine too."""

from __future__ import annotations

from msgspec.structs import replace

from conversations import answers, told
from conversations.effects import Say
from conversations.state import Draft
from conversations.step import Outcome, Step, Turn
from conversations.wording import choice
from texts.text import say

PLAIN_NO = 4  # words


def pictures(draft: Draft) -> int:
    return sum(1 for media in draft.media if media.kind in ("photo", "document"))


def needed(turn: Turn) -> bool:
    """A picture sent before the question answers it; one sent as the answer may be followed by more. Of a service
    there is little to see but somebody's papers.
    """
    draft, asked = turn.draft, turn.state.step == "photo"
    return not draft.photos_done and not draft.light and (asked or not (pictures(draft) or turn.placeless))


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
    return _none(turn) if refused(turn) else None


def refused(turn: Turn) -> bool:
    """Words that say there is no picture: neither help nor an end of the report is asked for with them."""
    return not turn.inbound.attachments and answers.no_picture(turn.inbound.text)


def _none(turn: Turn) -> Outcome:
    """ "gelap banget gak bisa foto" also tells something: what is longer than a plain no is kept."""
    text = turn.inbound.text
    kept = told.add(turn, text) if turn.draft.text and len(text.split()) > PLAIN_NO else Outcome(turn.state)
    return replace(kept, state=replace(kept.state, draft=replace(kept.state.draft or Draft(), photos_done=True)))


STEP = Step("photo", needed, ask, handle)
