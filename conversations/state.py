"""Where a dialogue stands and what has been told so far; stored as JSON with a version."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from typing import Any

VERSION = 1


@dataclass(frozen=True, slots=True)
class Place:
    """Where the problem is. `kelurahan` is an official code, "" while unknown; words are the citizen's."""

    lat: float | None = None
    lon: float | None = None
    source: str = ""  # pin · live · link · words · geocoder
    kelurahan: str = ""
    words: str = ""
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Media:
    """A file kept with the draft: the channel's reference and what it is."""

    ref: str
    kind: str


@dataclass(frozen=True, slots=True)
class Draft:
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
    started_at: str = ""  # ISO, aware UTC
    guesses: tuple[str, ...] = ()  # category codes offered when the words were not clear, best first
    kind: str = ""  # "complaint", "question" or "suggestion"; "" while nobody has said: a complaint
    advised: str = ""  # category whose emergency number was told
    text_message: str = ""  # id of the message the text came from: its edit changes the text ...
    text_length: int = 0  # ... as far as it reaches, what was added later stays

    @property
    def light(self) -> bool:
        """A question or a proposal: no place, picture or name is asked for."""
        return self.kind in ("question", "suggestion")


@dataclass(frozen=True, slots=True)
class State:
    """One citizen's dialogue.

    step:    name of the step whose answer we wait for, "" when idle
    prompt:  number of the last question; a button carries it, so an old button is recognised
    offered: the actions of the last question with their label keys, for typed answers
    """

    step: str = ""
    draft: Draft | None = None
    prompt: int = 0
    offered: tuple[tuple[str, str], ...] = ()  # (action, label as shown)
    last_press: str = ""  # "prompt|action" last consumed: the second tap of a double tap is silent
    correcting: bool = False  # one answer is being corrected from the summary
    waiting: bool = False  # a delayed question stands in the outbox (album): supersede it
    nudged: bool = False  # the unfinished draft was offered again already
    ticket: int = 0  # the ticket a follow-up step speaks about
    memo: str = ""  # small per-step note
    warned: bool = False  # told once not to send identity numbers
    wake_at: str = ""  # ISO, the time last asked for with Wake: an earlier one is stale
    version: int = VERSION

    def idle(self) -> State:
        """The same dialogue with no question open; a draft stays."""
        return replace(self, step="", offered=(), memo="", ticket=0, correcting=False)

    def ended(self) -> State:
        """The dialogue after a draft came to its end; only what recognises old buttons stays."""
        return State(prompt=self.prompt, last_press=self.last_press, wake_at=self.wake_at)

    def to_json(self) -> dict[str, Any]:
        """Plain values, only what differs from an idle dialogue (rows stay small)."""
        data = _told(self)
        data["version"] = self.version
        if self.draft is not None:
            data["draft"] = _told(self.draft)
            if self.draft.place is not None:
                data["draft"]["place"] = _told(self.draft.place)
            if self.draft.media:
                data["draft"]["media"] = [_told(kept) for kept in self.draft.media]
        return data

    @staticmethod
    def from_json(data: dict[str, Any]) -> State:
        """A stored state; what is unknown or from another version is dropped, the draft is kept."""
        known = {k: v for k, v in data.items() if k in _BLANK}
        draft = known.get("draft")
        if isinstance(draft, dict):
            known["draft"] = _draft(draft)
        known["offered"] = tuple(tuple(pair) for pair in known.get("offered", ()))
        state = State(**known)
        if state.version != VERSION:  # an older or newer program wrote it: keep what was told, ask anew
            return State(draft=state.draft, prompt=state.prompt)
        return state


def _told(thing: Any) -> dict[str, Any]:
    """The fields of a dataclass that differ from their defaults, as they are."""
    data = {}
    for name, default in _DEFAULTS[type(thing)]:
        value = getattr(thing, name)
        if value != default:
            data[name] = value
    return data


def _draft(data: dict[str, Any]) -> Draft:
    known = {k: v for k, v in data.items() if k in Draft.__dataclass_fields__}
    if isinstance(known.get("place"), dict):
        place = {k: v for k, v in known["place"].items() if k in Place.__dataclass_fields__}
        known["place"] = Place(**place)
    known["media"] = tuple(Media(m["ref"], m["kind"]) for m in known.get("media", ()))
    known["guesses"] = tuple(known.get("guesses", ()))
    return Draft(**known)


def begin(state: State, now: datetime) -> State:
    """The same dialogue with a fresh draft, when none is open."""
    if state.draft is not None:
        return state
    return replace(state, draft=Draft(started_at=now.isoformat()), nudged=False)


_BLANK: dict[str, Any] = asdict(State())
_DEFAULTS = {kind: tuple((f.name, f.default) for f in fields(kind)) for kind in (State, Draft, Place, Media)}
