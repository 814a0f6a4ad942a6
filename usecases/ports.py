"""What the outer rooms must offer: channels that carry messages, and the door through which they hand them in."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from msgspec import Struct

from conversations.inbound import Inbound


class Button(Struct, frozen=True):
    """A rendered button. kind "press": `data` comes back (<= 64 bytes); "location": the phone sends its
    position (private chats only, a channel without it may ask for a typed place); "url": opens `data`."""

    label: str
    data: str
    kind: str = "press"


class Photo(Struct, frozen=True):
    """A cleaned picture (or a kept voice note or video) ready to be sent."""

    path: Path
    mime: str
    sha256: str
    kind: str = "photo"


class Template(Struct, frozen=True):
    """An approved form of words, for a channel that allows nothing else after a day of silence.

    values:  what fills its numbered slots, in their order
    buttons: what comes back from its quick replies, in their order ("" for one that needs nothing)
    """

    name: str
    language: str
    values: tuple[str, ...] = ()
    buttons: tuple[str, ...] = ()


class Outgoing(Struct, frozen=True):
    """One rendered message for one chat. Text is plain; bold parts stand between texts.catalogue.BOLD_ON/OFF.

    edit_of:  id of our earlier message to be replaced, "" to send a new one
    reply_to: id of the message it answers, "" for none (sent anyway when that message is gone)
    ask_reply: the chat should open its answer box quoting this message (Telegram: force_reply)
    template: said instead of `text`, for channels that have templates
    aliases:  other ids of the same person in the channel, for messages that `peer` cannot get
    keeps_keyboard: news while the place is being asked: the reply keyboard (location button) stays where it is
    """

    id: int
    channel: str
    peer: str
    text: str
    rows: tuple[tuple[Button, ...], ...] = ()
    photos: tuple[Photo, ...] = ()
    edit_of: str = ""
    reply_to: str = ""
    ask_reply: bool = False
    group: bool = False
    locale: str = "id"
    template: Template | None = None
    aliases: tuple[str, ...] = ()
    keeps_keyboard: bool = False


class Failure(StrEnum):
    """The outcomes of a send that did not simply succeed (see docs/delivery.md)."""

    NOT_SENT = "not_sent"  # certainly not delivered: try again, free of charge
    AMBIGUOUS = "ambiguous"  # may have been delivered
    GONE = "gone"  # this person or group cannot be reached any more
    MOVED = "moved"  # the group has a new id, see `moved_to`
    BAD_TEXT = "bad_text"  # the platform refuses the formatting: once more as plain text
    CANNOT_EDIT = "cannot_edit"  # the message to edit is gone or frozen: send a new one
    REFUSED = "refused"  # permanent for this message
    OUTSIDE_WINDOW = "outside_window"  # too long since this person wrote: only a template may be sent
    TEMPLATE = "template"  # the template is missing, paused or was filled wrongly
    UNWANTED = "unwanted"  # this person gets no template at present, whichever: it waits until they write
    BEHIND = "behind"  # an earlier message of the chat did not leave: this one goes back and waits behind it
    PACE = "pace"  # our own pace allows it later only: it goes back until then
    BROKEN = "broken"  # token or account trouble: pause the channel


class SendFailed(Exception):
    """The channel could not deliver a message."""

    def __init__(
        self,
        failure: Failure,
        detail: str = "",
        *,
        retry_after_s: float = 0.0,
        moved_to: str = "",
        whole_bot: bool = False,
    ) -> None:
        super().__init__(f"{failure}: {detail}")
        self.failure = failure
        self.detail = detail  # never a token, a number or a citizen's words
        # > 0: the platform asked for a pause (429); for PACE: when it may leave; for AMBIGUOUS: within this time the
        # platform tells whether it was delivered
        self.retry_after_s = retry_after_s
        self.moved_to = moved_to
        self.whole_bot = whole_bot  # the pause is for the whole account, not for this chat


class FetchFailed(Exception):
    """A file could not be fetched. permanent: there is no use in trying again."""

    def __init__(self, detail: str, *, permanent: bool = False) -> None:
        super().__init__(detail)
        self.permanent = permanent


class Pace(Struct, frozen=True):
    """How fast a channel may be used; 0 = no limit of our own."""

    account_per_s: float = 0.0
    chat_per_s: float = 0.0
    chat_burst: int = 3
    group_per_min: float = 0.0


MessageIds = tuple[str, ...]  # what one message of ours became on its platform; that with words and buttons last


class Channel(Protocol):
    """One way to reach people. Implemented by a folder in bot/channels."""

    name: str
    pace: Pace

    async def send(self, message: Outgoing) -> MessageIds:
        """Deliver; returns the platform's ids (for an edit that of the edited message). raises: SendFailed.

        "message is not modified" is a success. An edit that cannot be done raises CANNOT_EDIT.
        """

    async def toast(self, press_id: str, words: str, *, alert: bool = False) -> None:
        """Answer a button press; words may be "". Failure changes nothing and is swallowed (logged)."""

    async def fetch(self, ref: str) -> bytes:
        """The bytes of a received file, at most 20 MB. raises: FetchFailed."""


class Geocoder(Protocol):
    """Finds the point of an address given in words."""

    async def find(self, words: str) -> tuple[float, float] | None:
        """(lat, lon) in degrees, None when nothing fits. raises: OSError when it cannot be asked."""


class Unavailable(Exception):
    """Storage cannot keep the message now; the platform shall send it again (HTTP 503, Retry-After 5)."""


class Receipt(Struct, frozen=True):
    """What became of one inbound event. fresh False: it was a repeat. toast: rendered words for a press."""

    key: str
    fresh: bool
    toast: str = ""
    alert: bool = False


class Reach(StrEnum):
    """How far a message of ours came, as the platform tells later on; it only ever grows."""

    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"


class Report(Struct, frozen=True):
    """What the platform says became of one message of ours.

    outbox:  our own id of it as it came back, 0 when it did not
    failure: for FAILED: what that means, in the words of a send that failed at once
    """

    channel: str
    message_id: str
    reach: Reach
    at: datetime
    outbox: int = 0
    failure: Failure | None = None
    detail: str = ""  # never a number or a citizen's words


class AccountEvent(Struct, frozen=True):
    """What the platform tells about our account: a template was approved, the number's quality fell."""

    channel: str
    key: str  # the same event always has the same key
    kind: str  # the platform's own word, such as "message_template_status_update"
    at: datetime
    value: dict[str, Any]


class Intake(Protocol):
    """The door of the house: when a call returns, everything is committed; then the channel may acknowledge.

    A caller that is cancelled meanwhile leaves nothing half done: it is committed with all that follows, or not at all.
    """

    async def take(self, events: Sequence[Inbound], *, cursor: tuple[str, int] | None = None) -> list[Receipt]:
        """Take in and think. cursor: a channel and the poll offset to store in the same transaction.
        raises: Unavailable."""

    async def report(self, reports: Sequence[Report], events: Sequence[AccountEvent] = ()) -> None:
        """Take in what is no message of anybody: a transaction apart, so that many never delay a message.
        raises: Unavailable."""

    async def quarantine(self, channel: str, body: bytes, reason: str) -> None:
        """Keep what could not be read (cut at 256 kB). raises: Unavailable."""

    async def cursor(self, channel: str) -> int:
        """The stored poll offset, 0 at the beginning."""


class Mail(Struct, frozen=True):
    """One line of a web chat as the page shows it. rev grows with every change: ask for what is newer.

    author: "me" (what this chat's own person sent), "sahut", "other" (a named person in a group)
    buttons: rows of [label, data, kind]; photos: hashes for /media/<sha256>?... links
    """

    rev: int
    id: str
    author: str
    name: str
    text: str
    buttons: list[list[list[str]]]
    photos: list[dict[str, str]]
    reply_to: str
    ask_reply: bool
    at: datetime
    client_key: str = ""  # key of the event that brought this line (author "me"): the page knows its own again


class Listener(Protocol):
    """An open page that listens to one chat."""

    async def wait(self, rev: int, timeout_s: float) -> bool:
        """True as soon as there may be something newer than `rev`, which the page has read; False after the time."""


class Mailbox(Protocol):
    """Where web chats keep their lines; durable, so a page can be closed and opened again."""

    async def put(self, message: Outgoing) -> str:
        """Store (or replace, for an edit) a line of ours; the same outbox id twice is one line. Wakes listeners."""

    async def since(self, peer: str, rev: int, limit: int = 200) -> list[Mail]:
        """Lines of a chat with a revision above `rev`, in order."""

    def listen(self, peer: str) -> AbstractContextManager[Listener]:
        """Notice, from now until it is left, what is written into this chat. To be entered before the first reading."""


class TryOut(Protocol):
    """The stand-in city hall of the try-out: its clock and its chats."""

    def now(self) -> datetime: ...

    async def forward(self, seconds: int) -> datetime:
        """Move the clock and let everything due happen; returns the new time."""

    async def overview(self, peer: str) -> dict[str, Any]:
        """For a visitor's chat: {"now", "tickets": [{"number", "status", "status_label", "agency",
        "agency_name", "group"}] newest first, "chats": [{"peer", "title", "role", "agency", "news": rev}]}
        where role is "group", "head" or "ops" and `peer` is what Mailbox and presses use."""
