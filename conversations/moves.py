"""What the life cycle would say to a citizen's move: asked before the words that go with it are let go."""

from __future__ import annotations

from conversations.step import Turn
from texts.text import Text
from tickets.lifecycle import apply
from tickets.moves import Action, Actor, Details, NotAllowed, Role
from tickets.ticket import Status, Ticket

ANYTHING = "belum"  # for what the citizen is yet to say


def refused(turn: Turn, ticket: Ticket, action: str, note: str, files: int = 0) -> Text | None:
    """Why this person's move would not be taken now, None when it will be. files: how many come along."""
    actor = Actor(Role.CITIZEN, ticket.reporter if turn.facts.reported(ticket.id) else 0)
    try:
        apply(ticket, Action(action), actor, turn.now, turn.city, Details(note=note, media=files))
    except NotAllowed as why:
        return why.reason
    return None


def reopenable(turn: Turn, ticket: Ticket) -> bool:
    """Would a wish to open it again be taken? What would be refused is not offered."""
    return ticket.status is not Status.CLOSED or refused(turn, ticket, str(Action.REOPEN), ANYTHING) is None


def awaited(turn: Turn, ticket: Ticket) -> bool:
    """Whether the office waits for this very person: only who reported can answer, followers can add."""
    return ticket.status is Status.WAITING_CITIZEN and turn.facts.reported(ticket.id)
