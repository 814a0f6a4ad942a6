"""Whether the agency may see who reports: by name, or rahasia; delicate matters are rahasia by themselves.

Whose name nobody knows (a browser tells none) is not asked: there is nothing to show.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from conversations import wishes
from conversations.effects import HideName, Say
from conversations.step import Outcome, Step, Turn
from conversations.wording import choice
from texts.text import say
from tickets.ticket import Ticket


def needed(turn: Turn) -> bool:
    return turn.name_open


def notice(turn: Turn) -> Outcome | None:
    """Kept secret without a question: delicate kinds, and who asks for it. The summary lets the citizen change it."""
    draft = turn.draft
    if draft.named is not None or turn.state.correcting or draft.light:
        return None
    if turn.meaning is not None and wishes.wants_secret(draft.text):
        return Outcome(replace(turn.state, draft=replace(draft, named=False)), (Say(say("name.secret_by_wish")),))
    if not draft.category:
        return None
    if not turn.city.catalogue.category(draft.category).confidential:
        return None
    return Outcome(replace(turn.state, draft=replace(draft, named=False)), (Say(say("name.secret_by_kind")),))


def ask(turn: Turn) -> Say:
    return Say(say("name.ask"), (choice("secret", "name.secret"), choice("named", "name.named")))


def handle(turn: Turn) -> Outcome | None:
    if turn.inbound.action not in ("secret", "named"):
        return None
    named = turn.inbound.action == "named"
    return Outcome(replace(turn.state, draft=replace(turn.draft, named=named)))


def hide(turn: Turn, reports: Sequence[Ticket]) -> Outcome:
    """The same wish for reports that are sent already: those of them that show the name show it no more."""
    shown = [ticket for ticket in reports if ticket.named]
    if not shown:
        return Outcome(turn.state, (Say(say("name.secret_already")),), goto=turn.state.step)
    numbers = ", ".join(ticket.number for ticket in shown)
    hidden = Say(say("name.hidden", numbers=numbers), ticket=shown[0].id if len(shown) == 1 else 0)
    return Outcome(turn.state.idle(), (*(HideName(ticket.id) for ticket in shown), hidden))


def _hide_one(turn: Turn, ticket: Ticket) -> Outcome:
    return hide(turn, (ticket,) if turn.facts.reported(ticket.id) else ())


STEP = Step("name", needed, ask, handle, notice, opens={"hide": _hide_one})
