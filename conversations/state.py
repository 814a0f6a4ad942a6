"""Where a dialogue stands and what has been told so far; stored as JSON with a version."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from msgspec import DecodeError, Struct, ValidationError, convert, field, json
from msgspec.structs import replace

VERSION = 1
TALK_LASTS = timedelta(minutes=5)  # so long what a person sends likely goes on with what they just told an office

DOUBLE_TAP = timedelta(seconds=5)


NOWHERE = "none"  # source of the place of a report that has none


class Place(Struct, frozen=True, omit_defaults=True):
    """Where the problem is. `kelurahan` is an official code, "" while unknown; words are the citizen's."""

    lat: float | None = None
    lon: float | None = None
    source: str = ""  # pin · live · link · words · geocoder · NOWHERE
    kelurahan: str = ""
    words: str = ""
    confirmed: bool = False


class Media(Struct, frozen=True, omit_defaults=True):
    """A file kept with the draft: the channel's reference and what it is."""

    ref: str
    kind: str


class Handed(Struct, frozen=True, omit_defaults=True):
    """What went from this person to a report's office last: what follows without words goes the same way.

    at: ISO, aware UTC; album: its mark when it was one; files: whether there were any
    words, media: what a new report takes, should they have been about something else
    guessed: nobody said that they are for this ticket
    """

    ticket: int
    at: str
    album: str = ""
    files: bool = False
    words: str = ""
    media: tuple[Media, ...] = ()
    guessed: bool = False

    def within(self, now: datetime, span: timedelta = TALK_LASTS) -> bool:
        """Whether that was not longer ago."""
        return now - datetime.fromisoformat(self.at) <= span


class Draft(Struct, frozen=True, omit_defaults=True):
    """A report in the making. Empty values mean "not told yet"; flags mean "asked and answered"."""

    text: str = ""
    category: str = ""
    category_by: str = ""  # "sure": stated by us, "citizen": chosen or confirmed
    place: Place | None = None
    media: tuple[Media, ...] = ()
    photos_done: bool = False
    nearby_done: bool = False
    named: bool | None = None  # True: the agency sees the name; False: rahasia; None: not asked
    danger: str = ""  # kind of danger named to the citizen, "" when none
    guesses: tuple[str, ...] = ()  # category codes offered when the words were not clear, best first
    kind: str = ""  # "complaint", "question" or "suggestion"; "" while nobody has said: a complaint
    advised: str = ""  # category whose emergency number was told
    body: str = ""  # code of another body whose matter it may be, "" for none
    ours: bool = False  # they were told whose it may be, and go on all the same
    text_message: str = ""  # id of the message the text came from: its edit changes the text ...
    text_length: int = 0  # ... as far as it reaches, what was added later stays

    @property
    def light(self) -> bool:
        """A question or a proposal: no place, picture or name is asked for."""
        return self.kind in ("question", "suggestion")


class State(Struct, frozen=True, omit_defaults=True):
    """One citizen's dialogue.

    step:    name of the step whose answer we wait for, "" when idle
    prompt:  number of the last question; a button carries it, so an old button is recognised
    offered: the actions of the last question with their label keys, for typed answers
    """

    step: str = ""
    draft: Draft | None = None
    prompt: int = 0
    offered: tuple[tuple[str, str], ...] = ()  # (action, label as shown)
    keyboard: tuple[tuple[str, str], ...] = ()  # as offered, of the last question for the phone's position: its labels
    # may stand below the screen, and be typed by a tap, long after it
    last_press: str = ""  # "prompt|action" last consumed: the second tap of a double tap is silent ...
    pressed_at: str = ""  # ... ISO, when that was: later it is a press of its own
    correcting: bool = False  # one answer is being corrected from the summary
    waiting: bool = False  # a delayed question stands in the outbox (album): supersede it
    nudged: bool = False  # the unfinished draft was offered again already
    ticket: int = 0  # the ticket a follow-up step speaks about
    memo: str = ""  # small per-step note
    held: str | None = None  # words whose report is not known yet, "" for files alone; None: nothing waits
    other: Draft | None = None  # another problem told meanwhile, and what came after it: whose it is, is being asked
    later: tuple[Draft, ...] = ()  # other problems that have their turn when the report in hand has come to its end
    handed: Handed | None = None  # what was passed on to an office last
    refused: str = ""  # album of the file last refused: the others of it are refused in silence
    warned: bool = False  # told once not to send identity numbers
    wake_at: str = ""  # ISO, the time last asked for with Wake: an earlier one is stale
    version: int = field(default_factory=lambda: VERSION)  # a default that is computed is always written

    def idle(self) -> State:
        """The same dialogue with no question open; a draft stays."""
        return replace(self, step="", offered=(), memo="", ticket=0, correcting=False)

    def emptied(self) -> State:
        """The same dialogue without a draft and the words that wait with one; other problems keep their turn."""
        return replace(self.idle(), draft=None, held=None, other=None, later=self._waiting())

    def ended(self) -> State:
        """The dialogue after a draft came to its end: what recognises old buttons stays, and the other problems."""
        return State(
            prompt=self.prompt,
            last_press=self.last_press,
            pressed_at=self.pressed_at,
            wake_at=self.wake_at,
            later=self._waiting(),
        )

    def _waiting(self) -> tuple[Draft, ...]:
        return self.later if self.other is None else (self.other, *self.later)

    @property
    def taking(self) -> Draft:
        """The draft that files and points are for: another problem has them while it is asked about."""
        return self.other or self.draft or Draft()

    def taken(self, draft: Draft) -> State:
        """The same dialogue with that draft filled further."""
        return replace(self, draft=draft) if self.other is None else replace(self, other=draft)

    def without(self, ref: str) -> State:
        """The same dialogue without this file: no report that is written or waits for its turn counts it."""
        handed = self.handed and replace(self.handed, media=_besides(self.handed.media, ref))
        draft, other = (one and replace(one, media=_besides(one.media, ref)) for one in (self.draft, self.other))
        later = tuple(replace(one, media=_besides(one.media, ref)) for one in self.later)
        return replace(self, draft=draft, other=other, later=later, handed=handed)

    def pressed(self, press: str, now: datetime) -> State:
        """The same dialogue, remembering this press."""
        return replace(self, last_press=press, pressed_at=now.isoformat())

    def tapped(self, press: str, now: datetime) -> bool:
        """Whether exactly this was pressed a moment ago, and nothing was sent since: a double tap."""
        fresh = self.last_press == press and self.pressed_at
        return bool(fresh) and now - datetime.fromisoformat(self.pressed_at) <= DOUBLE_TAP

    def dumps(self) -> str:
        """As JSON, only what differs from an idle dialogue (rows stay small)."""
        return _encode(self).decode()

    @staticmethod
    def loads(stored: str) -> State:
        """A stored state; what is unknown or from another version is dropped, the draft is kept."""
        try:
            state = _decode(stored)
        except DecodeError:  # a field means something else by now
            state = None
        if state is not None and state.version == VERSION:
            return state
        return _kept(stored)


def _besides(media: tuple[Media, ...], ref: str) -> tuple[Media, ...]:
    return tuple(one for one in media if one.ref != ref)


def _kept(stored: str) -> State:
    """What an older or newer program wrote: what was told is kept as far as it can be read, and asked anew."""
    try:
        known = json.decode(stored, type=dict[str, Any])
    except DecodeError:
        return State()
    prompt, draft = known.get("prompt"), known.get("draft")
    state = State(prompt=prompt) if isinstance(prompt, int) else State()
    try:
        return replace(state, draft=convert(draft, Draft | None))
    except ValidationError:
        words = draft.get("text") if isinstance(draft, dict) else None
        return replace(state, draft=Draft(text=words)) if isinstance(words, str) else state


_encode = json.Encoder().encode
_decode = json.Decoder(State).decode


def begin(state: State) -> State:
    """The same dialogue with a fresh draft, when none is open."""
    if state.draft is not None:
        return state
    return replace(state, draft=Draft(), nudged=False)
