"""Rows as the use cases see them, free of any database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Chat:
    """A conversation with one person or one group. person 0: a group. state: the dialogue as JSON.

    waiting: older events of this chat still wait to be thought about
    mine:    nobody else thinks about this chat now
    """

    id: int
    channel: str
    peer: str
    group: bool
    person: int
    name: str
    locale: str
    reachable: str
    state: str
    version: int
    waiting: bool
    wake_at: datetime | None = None
    mine: bool = True


@dataclass(frozen=True, slots=True)
class Event:
    """An inbound event kept for later thinking; `payload` rebuilds the Inbound."""

    id: int
    channel: str
    key: str
    chat: int
    attempts: int
    payload: str


@dataclass(frozen=True, slots=True)
class Queued:
    """A new outbox row. body: see usecases.outbox_body. cls: must · nudge · info. priority: 0 (emergency) to 5.

    dedupe:  the same key is said once, ever
    guard:   the ticket status this message presumes; "" = send in any case
    purpose: what a reply to this message means (ask, done, reason, schedule, relay, prompt ...)
    """

    chat: int
    dedupe: str
    body: dict[str, Any]
    kind: str = "text"
    cls: str = "must"
    priority: int = 1
    at: datetime | None = None  # not before
    expires_at: datetime | None = None
    ticket: int = 0
    purpose: str = ""
    card: int = 0
    guard: str = ""


@dataclass(frozen=True, slots=True)
class Claimed:
    """An outbox row leased for sending, with what is known of its chat."""

    id: int
    fence: str
    chat: int
    channel: str
    peer: str
    group: bool
    person: int
    locale: str
    reachable: str
    kind: str
    cls: str
    body: dict[str, Any]
    attempts: int
    ambiguous: int
    ticket: int
    purpose: str
    card: int
    guard: str
    created_at: datetime
    first_failed_at: datetime | None
    phone: str = ""
    window_until: datetime | None = None  # free words until then, where the channel has a window


@dataclass(frozen=True, slots=True)
class Holder:
    """The chat that uses a number. seen: when its person last wrote."""

    chat: int
    peer: str
    person: int
    seen: datetime


@dataclass(frozen=True, slots=True)
class Broken:
    """A chat whose person may have come back under another id. reason: changed · rested · recycled · told."""

    id: int
    chat: int
    reason: str


@dataclass(frozen=True, slots=True)
class News:
    """What became of a message: its state in the outbox, and how far the platform says it came."""

    channel: str
    state: str
    reach: str
    error: str


@dataclass(frozen=True, slots=True)
class Held:
    """A message that waits for its person to write again."""

    id: int
    kind: str
    cls: str
    body: dict[str, Any]
    ticket: int
    purpose: str
    guard: str


@dataclass(frozen=True, slots=True)
class Told:
    """A message of ours as far as its platform has told about it. reach: a ports.Reach, "" when nothing is known."""

    id: int
    chat: int
    state: str
    reach: str
    message_id: str


@dataclass(frozen=True, slots=True)
class Card:
    """The one message that shows a ticket in a group."""

    id: int
    ticket: int
    chat: int
    message_id: str
    shown_version: int


@dataclass(frozen=True, slots=True)
class Officer:
    id: int
    person: int
    agency: str
    name: str
    role: str  # officer · supervisor
    state: str  # active · pending · revoked


@dataclass(frozen=True, slots=True)
class AgencyChat:
    agency: str
    role: str  # group · head · ops · officer (the own chat of one of its officers)
    chat: int


@dataclass(frozen=True, slots=True)
class Seat:
    """A chat in which an office works. officer 0: its group, else the own chat of this officer."""

    chat: int
    officer: int


@dataclass(frozen=True, slots=True)
class Question:
    """What we asked an officer in their own chat. purpose: what the answer means."""

    ticket: int
    purpose: str
    message_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DueReminder:
    id: int
    ticket: int
    kind: str
    occurrence: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class MediaRow:
    """A received file. state: pending · stored · rejected · failed. ticket 0: still with a draft."""

    id: int
    chat: int
    channel: str
    ref: str
    kind: str
    purpose: str  # report · proof · relay
    state: str
    sha256: str
    mime: str
    attempts: int
    ticket: int
    event_key: str = ""  # natural key of the event that brought it


@dataclass(frozen=True, slots=True)
class Stored:
    """A cleaned file in the media folder."""

    sha256: str
    mime: str
    bytes: int
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class HistoryLine:
    seq: int
    action: str
    from_status: str
    to_status: str
    actor_role: str
    actor_name: str
    agency: str
    note: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Settled:
    """The result of one send. state: the outbox state it leads to."""

    id: int
    fence: str
    state: str
    message_id: str = ""
    error: str = ""
    next_at: datetime | None = None
    ambiguous: int = 0
    count_attempt: bool = True
