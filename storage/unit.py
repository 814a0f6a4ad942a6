"""One unit of work: a transaction in progress with the repositories on it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from storage.agencies import Agencies
from storage.chats import Chats
from storage.dialects import inserting
from storage.inbox import Inbox
from storage.lanes import Lanes
from storage.links import Links
from storage.mailbox import Mailboxes
from storage.media import Media
from storage.outbox import Outbox
from storage.people import People
from storage.prepared import Runner
from storage.reminders import Reminders
from storage.statuses import Statuses
from storage.system import System
from storage.templates import Templates
from storage.tickets import Tickets

if TYPE_CHECKING:
    from storage.gathered import Gathered


class StartOver(BaseException):
    """Something inside a shared transaction would have to be undone: all of it is, and each unit is run alone."""


class Unit:
    """Handed to a unit of work; `now` is the moment it began (aware UTC).

    shared: the transaction belongs to several units, and a failure of one is left to whoever runs them
    """

    def __init__(self, connection: Connection, kind: str, *, shared: bool = False) -> None:
        self.connection = connection
        self.shared = shared
        self.kind = kind
        self.now: datetime
        self.insert = inserting(kind)
        self.group = _gathered(connection) if shared and kind == "postgresql" else None
        self.run: Runner = self.group or Runner(connection, kind)  # prepared statements of the hot path
        self.chats = Chats(self)
        self.people = People(self)
        self.links = Links(self)
        self.templates = Templates(self)
        self.inbox = Inbox(self)
        self.tickets = Tickets(self)
        self.outbox = Outbox(self)
        self.reminders = Reminders(self)
        self.agencies = Agencies(self)
        self.media = Media(self)
        self.mailbox = Mailboxes(self)
        self.system = System(self)
        self.statuses = Statuses(self)
        self.lanes = Lanes(self)

    def begin(self, now: datetime) -> None:
        self.now = now
        self.outbox.queued = 0
        self.outbox.offer(0, None)
        self.tickets.begin()
        self.agencies.begin()

    def forget(self) -> None:
        """At the beginning of a transaction: nothing that was read ahead or held back before counts."""
        self.chats.forget()
        self.inbox.forget()
        self.outbox.forget()
        self.tickets.forget()

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """What happens inside is undone when it raises; the rest of the transaction stays."""
        if self.shared:  # a mark per unit would cost two round trips each, for something that almost never happens
            try:
                yield
            except Exception as error:
                raise StartOver from error
            return
        run = self.run.raw.execute
        run("SAVEPOINT inner_unit")
        try:
            yield
        except BaseException:
            run("ROLLBACK TO inner_unit")
            run("RELEASE inner_unit")
            raise
        run("RELEASE inner_unit")


def _gathered(connection: Connection) -> Gathered:
    from storage.gathered import Gathered  # loads PostgreSQL's driver only where it is used

    return Gathered(connection)
