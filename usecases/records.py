"""Rows as the use cases see them, free of any database."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from msgspec import Struct


class Chat(Struct, frozen=True):
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


class Event(Struct, frozen=True):
    """An inbound event kept for later thinking; `payload` rebuilds the Inbound."""

    id: int
    channel: str
    key: str
    chat: int
    attempts: int
    payload: str


class Queued(Struct, frozen=True):
    """A new outbox row. body: see usecases.bodies. cls: must · nudge · info. priority: 0 (emergency) to 5.

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


class Leave(Struct, frozen=True):
    """Permission for one answer to leave right after the commit that decides it.

    fence:  the mark of its claim
    behind: the mark of the message that is under way to the same chat, after which it will be sent; "" when none is
    """

    fence: str
    behind: str = ""


class Birth(Struct, eq=False):
    """A message that is claimed in the transaction that decides it.

    id:    of its row; 0 if it was said before, and until that is known, which is so after the commit
    waits: something stands before it, so it was not claimed after all
    """

    row: Queued
    leave: Leave
    id: int = 0
    waits: bool = False


class Claimed(Struct, frozen=True):
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


class Holder(Struct, frozen=True):
    """The chat that uses a number. seen: when its person last wrote."""

    chat: int
    peer: str
    person: int
    seen: datetime


class Broken(Struct, frozen=True):
    """A chat whose person may have come back under another id. reason: changed · rested · recycled · told."""

    id: int
    chat: int
    reason: str


class News(Struct, frozen=True):
    """What became of a message: its state in the outbox, and how far the platform says it came."""

    channel: str
    state: str
    reach: str
    error: str


class Held(Struct, frozen=True):
    """A message that waits for its person to write again."""

    id: int
    kind: str
    cls: str
    body: dict[str, Any]
    ticket: int
    purpose: str
    guard: str


class Told(Struct, frozen=True):
    """A message of ours as far as its platform has told about it. reach: a ports.Reach, "" when nothing is known."""

    id: int
    chat: int
    state: str
    reach: str
    message_id: str
    sent_at: datetime | None = None


class Card(Struct, frozen=True):
    """The one message that shows a ticket in a group."""

    id: int
    ticket: int
    chat: int
    message_id: str
    shown_version: int


class Officer(Struct, frozen=True):
    id: int
    person: int
    agency: str
    name: str
    role: str  # officer · supervisor · ops
    state: str  # active · pending · revoked


class AgencyChat(Struct, frozen=True):
    agency: str
    role: str  # group · head · ops · officer (the own chat of one of its officers)
    chat: int


class Seat(Struct, frozen=True):
    """A chat in which an office works. officer 0: its group, else the own chat of this officer."""

    chat: int
    officer: int


class Question(Struct, frozen=True):
    """What we asked an officer in their own chat. purpose: what the answer means."""

    ticket: int
    purpose: str
    message_id: str
    at: datetime


class DueReminder(Struct, frozen=True):
    id: int
    ticket: int
    kind: str
    occurrence: str
    due_at: datetime


class MediaRow(Struct, frozen=True):
    """A received file. state: pending · stored · rejected · failed. ticket 0: still with a draft."""

    id: int
    chat: int
    channel: str
    ref: str
    kind: str
    purpose: str  # report · proof · relay · undone
    state: str
    sha256: str
    mime: str
    attempts: int
    ticket: int
    event_key: str = ""  # natural key of the event that brought it


class Stored(Struct, frozen=True):
    """A cleaned file in the media folder."""

    sha256: str
    mime: str
    bytes: int
    width: int = 0
    height: int = 0


class HistoryLine(Struct, frozen=True):
    seq: int
    action: str
    from_status: str
    to_status: str
    actor_role: str
    actor_id: int
    actor_name: str
    agency: str
    note: str
    at: datetime
    data_json: str = "{}"

    @property
    def to_agency(self) -> str:
        """The office it went to with this move, "" where it stayed."""
        return str(json.loads(self.data_json).get("to_agency", ""))


class Settled(Struct, frozen=True):
    """The result of one send. state: the outbox state it leads to."""

    id: int
    fence: str
    state: str
    message_id: str = ""
    error: str = ""
    next_at: datetime | None = None
    ambiguous: int = 0
    count_attempt: bool = True
