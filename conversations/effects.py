"""What a turn of the dialogue wants to happen; data only, carried out by the use cases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from conversations.inbound import Attachment
from conversations.state import Draft
from texts.text import Choice, Text

LOCATION = "@location"  # action of the button that sends the phone's position (where the channel has one)
URL = "@url:"  # action of a button that opens an address (tel:112 where the channel can)


@dataclass(frozen=True, slots=True)
class Say:
    """Tell the citizen something. With choices it is a question; labels in `columns` per row.

    after_s: seconds to wait, so that an album is complete; a later question replaces a waiting one
    ticket:  the ticket this message is about: quoting it binds the answer to that ticket
    urgent:  emergency advice, sent before everything else
    """

    text: Text
    choices: tuple[Choice, ...] = ()
    columns: int = 1
    after_s: float = 0.0
    ticket: int = 0
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class KeepMedia:
    """Fetch, clean and keep a file. ticket 0: it belongs to the draft and moves on with it."""

    attachment: Attachment
    ticket: int = 0


@dataclass(frozen=True, slots=True)
class OpenTicket:
    """Turn the finished draft into a ticket; number, code and promise are told by the ticket's own notices."""

    draft: Draft


@dataclass(frozen=True, slots=True)
class JoinTicket:
    """ "Saya juga": follow an existing ticket; what the draft adds (words, photos) goes to its agency."""

    ticket: int
    draft: Draft


@dataclass(frozen=True, slots=True)
class MoveTicket:
    """A move of the life cycle asked for by the citizen: confirm, reopen, answer, withdraw.

    attachments: files that came along with the words; they are to be fetched and kept with the ticket
    """

    ticket: int
    action: str
    note: str = ""
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Relay:
    """Words from the citizen for the agency that holds the ticket, without name or number; files as above."""

    ticket: int
    words: str
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Rate:
    """Stars (1-5) or a remark for the ticket's last closure."""

    ticket: int
    stars: int = 0
    remark: str = ""


@dataclass(frozen=True, slots=True)
class SetLocale:
    locale: str


@dataclass(frozen=True, slots=True)
class Wake:
    """Come back to this dialogue at `at` (aware UTC) unless the citizen writes before; None: no need any more."""

    at: datetime | None


@dataclass(frozen=True, slots=True)
class LinkApps:
    """Give a one-time code by which another app shows the same reports."""


@dataclass(frozen=True, slots=True)
class Toast:
    """A short line shown on the pressed button, where the channel has such a thing."""

    text: Text


Effect = Say | KeepMedia | OpenTicket | JoinTicket | MoveTicket | Relay | Rate | SetLocale | Wake | LinkApps | Toast
