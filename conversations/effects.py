"""What a turn of the dialogue wants to happen; data only, carried out by the use cases."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from conversations.inbound import Attachment
from conversations.state import Draft
from texts.text import Choice, Text

LOCATION = "@location"  # action of the button that sends the phone's position (where the channel has one)
URL = "@url:"  # action of a button that opens an address (tel:112 where the channel can)


class Say(Struct, frozen=True):
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


class KeepMedia(Struct, frozen=True):
    """Fetch, clean and keep a file. ticket 0: it belongs to the draft and moves on with it."""

    attachment: Attachment
    ticket: int = 0


class OpenTicket(Struct, frozen=True):
    """Turn the finished draft into a ticket; number, code and promise are told by the ticket's own notices."""

    draft: Draft


class JoinTicket(Struct, frozen=True):
    """ "Saya juga": follow an existing ticket; what the draft adds (words, photos) goes to its agency."""

    ticket: int
    draft: Draft


class MoveTicket(Struct, frozen=True):
    """A move of the life cycle asked for by the citizen: confirm, reopen, answer, withdraw.

    attachments: files that came along with the words; they are to be fetched and kept with the ticket
    guessed: nobody said that the words are for this ticket, so its confirmation offers to take them back
    """

    ticket: int
    action: str
    note: str = ""
    attachments: tuple[Attachment, ...] = ()
    guessed: bool = False


class Relay(Struct, frozen=True):
    """Words from the citizen for the agency that holds the ticket, without name or number; files and guess as above."""

    ticket: int
    words: str
    attachments: tuple[Attachment, ...] = ()
    guessed: bool = False


class Retract(Struct, frozen=True):
    """What this person sent to the ticket's agency last was about something else: the agency is told so."""

    ticket: int


class Rate(Struct, frozen=True):
    """Stars (1-5) or a remark for the ticket's last closure."""

    ticket: int
    stars: int = 0
    remark: str = ""


class HideName(Struct, frozen=True):
    """From now on nobody sees who reported this ticket; whoever has seen it is asked to keep it to themselves."""

    ticket: int


class SetLocale(Struct, frozen=True):
    locale: str


class Wake(Struct, frozen=True):
    """Come back to this dialogue at `at` (aware UTC) unless the citizen writes before; None: no need any more."""

    at: datetime | None


class LinkApps(Struct, frozen=True):
    """Give a one-time code by which another app shows the same reports."""


class Toast(Struct, frozen=True):
    """A short line shown on the pressed button, where the channel has such a thing."""

    text: Text


Effect = (
    Say
    | KeepMedia
    | OpenTicket
    | JoinTicket
    | MoveTicket
    | Relay
    | Retract
    | Rate
    | HideName
    | SetLocale
    | Wake
    | LinkApps
    | Toast
)
