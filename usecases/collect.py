"""Received files: which to fetch now, and what follows when one is cleaned and stored, or cannot be."""

from __future__ import annotations

from datetime import timedelta

from conversations.state import State
from texts.text import say
from usecases.bodies import body
from usecases.house import House
from usecases.records import MediaRow, Queued, Stored
from usecases.tell import answered_to, photo_rows, working_chats
from usecases.unit import Unit

BACKOFF_S = (10, 60, 600, 3600, 6 * 3600)  # five more tries within a day


def claim(unit: Unit, most: int) -> list[MediaRow]:
    """Files to fetch now, at most so many."""
    return unit.media.claim(most)


def stored(unit: Unit, house: House, media_id: int, file: Stored) -> None:
    """The file is there: whoever works on its ticket gets to see it."""
    row = unit.media.stored(media_id, file)
    if house.like(row.channel).keeps:
        unit.mailbox.show_photo(row.event_key, {"sha256": file.sha256, "mime": file.mime, "kind": row.kind})
    if row.ticket:
        show(unit, house, row)


def show(unit: Unit, house: House, row: MediaRow) -> None:
    """Photos from citizens go to where the report is worked on, proof goes to the citizens."""
    ticket = unit.tickets.get(row.ticket)
    if ticket is None or row.purpose == "undone":
        return
    if row.purpose == "proof":
        chats = [ticket.conversation, *unit.tickets.follower_chats(ticket.id)]
    else:
        unit.agencies.read_ahead(ticket.agency, house.city.triage)
        chats = working_chats(unit, house, ticket)
    writer = row.chat if row.purpose != "proof" and row.chat != ticket.conversation else 0
    for chat in dict.fromkeys(chats):
        unit.outbox.add([answered_to(made, writer) for made in photo_rows(chat, ticket, [row.id])])


def rejected(unit: Unit, media_id: int, why: str) -> None:
    """Not a picture we can open: the sender is told, everything else of the report stays."""
    row = unit.media.get(media_id)
    if row is None:
        return
    unit.media.settle(media_id, "rejected", why)
    _leaves_drafts(unit, row)
    told = body(say("media.bad"))
    unit.outbox.add([Queued(chat=row.chat, dedupe=f"media:{media_id}", body=told, cls="info", priority=3)])


def failed(unit: Unit, row: MediaRow, why: str, *, permanent: bool) -> None:
    """Could not be fetched: tried again over a day, then the sender is told."""
    tries = row.attempts + 1
    if not permanent and tries <= len(BACKOFF_S):
        unit.media.retry(row.id, unit.now + timedelta(seconds=BACKOFF_S[tries - 1]), why)
        return
    unit.media.settle(row.id, "failed", why)
    _leaves_drafts(unit, row)
    unit.system.bury("media", row.id, why)
    told = body(say("media.lost"))
    unit.outbox.add([Queued(chat=row.chat, dedupe=f"media:{row.id}", body=told, cls="info", priority=3)])


def _leaves_drafts(unit: Unit, row: MediaRow) -> None:
    """A file that was told to be lost is no longer counted in the reports being written.

    raises: LookupError when the citizen wrote at this very moment; the file is tried again, and comes here again
    """
    chat = unit.chats.get(row.chat)
    before = State.loads(chat.state)
    state = before.without(row.ref)
    if state != before:
        unit.chats.save(chat, state.dumps(), chat.wake_at, heard=False)
