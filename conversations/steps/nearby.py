"""Others may have reported the same: open reports close by can be joined instead of sending a new one."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from conversations import wording
from conversations.effects import JoinTicket, MoveTicket, Say
from conversations.step import NearbyTicket, Outcome, Step, Turn
from conversations.wording import choice
from texts.text import Choice, Span, Text, say
from tickets.similar import New
from tickets.ticket import Status

MOST = 5
STEP_M = 10  # a distance is told in tens of metres: a pin is no sharper


def needed(turn: Turn) -> bool:
    return not turn.draft.nearby_done and _ready(turn)


def _ready(turn: Turn) -> bool:
    """Only a confirmed point can be close to something, and private matters are nobody else's."""
    draft = turn.draft
    return bool(
        draft.category
        and not draft.light
        and draft.place
        and draft.place.confirmed
        and draft.place.lat is not None
        and not turn.city.catalogue.category(draft.category).confidential
    )


def notice(turn: Turn) -> Outcome | None:
    """Look as soon as kind and place are known; nothing found settles the question."""
    if not needed(turn) or _found(turn):
        return None
    return Outcome(replace(turn.state, draft=replace(turn.draft, nearby_done=True)))


def _found(turn: Turn) -> Sequence[NearbyTicket]:
    place = turn.draft.place
    if place is None or place.lat is None or place.lon is None:
        return ()
    words = f"{turn.draft.text} {place.words}".strip()
    return turn.facts.nearby(New(turn.draft.category, place.lat, place.lon, words))[:MOST]


def ask(turn: Turn) -> Say:
    found = _found(turn)
    items = [_item(turn, place, near) for place, near in enumerate(found, 1)]
    joins = tuple(_join(near, place) for place, near in enumerate(found, 1))
    text = say("nearby.ask", count=len(found), reports=wording.lines(items) if items else say("common.nothing"))
    return Say(text, (*joins, choice("new_one", "nearby.new")))


def _join(near: NearbyTicket, place: int) -> Choice:
    closed = near.ticket.status is Status.CLOSED
    return choice(f"join:{near.ticket.id}", "nearby.again" if closed else "nearby.join", place=place)


def _item(turn: Turn, place: int, near: NearbyTicket) -> Text:
    ticket = near.ticket
    metres = max(STEP_M, round(near.metres / STEP_M) * STEP_M)
    age = Span(int((turn.now - ticket.opened_at).total_seconds()))
    line = say("nearby.item", place=place, metres=metres, age=age, status=wording.status(ticket))
    return say("nearby.item_followed", item=line) if near.followed else line


def handle(turn: Turn) -> Outcome | None:
    action = turn.inbound.action
    if action == "new_one":
        return Outcome(replace(turn.state, draft=replace(turn.draft, nearby_done=True)))
    if not action.startswith("join:"):
        return None
    wanted = action.removeprefix("join:")
    near = next((n for n in _found(turn) if str(n.ticket.id) == wanted), None)
    if near is None:  # it was closed or moved in the meantime
        return Outcome(turn.state, (Say(say("nearby.gone")),))
    ticket = near.ticket
    join = JoinTicket(ticket.id, turn.draft)
    if ticket.status is Status.CLOSED:  # it was called solved, and here it is again: back to the agency
        again = MoveTicket(ticket.id, "reopen", turn.draft.text or turn.render(say("speak.only_media")))
        return Outcome(turn.state.ended(), (join, again), stay=True)
    thanks = say(
        "nearby.added" if near.followed else "nearby.joined",
        number=ticket.number,
        agency=wording.agency_name(turn, ticket.agency),
    )
    return Outcome(turn.state.ended(), (join, Say(thanks, ticket=ticket.id)), stay=True)


STEP = Step("nearby", needed, ask, handle, notice)
