"""A message that may be a new report or may belong to an earlier one: the citizen says which."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from conversations import told, wording
from conversations.effects import Effect, KeepMedia, MoveTicket, Relay, Say
from conversations.inbound import Attachment, MediaKind
from conversations.step import Outcome, Step, Turn, never
from conversations.wording import choice
from routing.place import map_link
from texts.text import say
from tickets.ticket import Status, Ticket

MOST = 4


def ask(turn: Turn) -> Say:
    """The words wait in the memo, the files in the draft."""
    candidates = _candidates(turn)
    choices = tuple(choice(f"t:{ticket.id}", _label(ticket), number=ticket.number) for ticket in candidates)
    words = wording.short(turn.state.memo, 120)
    text = say("which.ask", words=words) if words else say("which.ask_files")
    spoken = turn.facts.spoken_to()
    awaited = sum(1 for ticket in candidates if _eagerness(ticket, spoken) == 0)
    new, leave = choice("report", "which.report"), choice("leave", "which.leave")
    return Say(text, (*choices[:awaited], new, *choices[awaited:], leave))


def _candidates(turn: Turn) -> Sequence[Ticket]:
    """The one spoken of, when it is known; else those that wait for an answer first, closed ones last."""
    if turn.state.ticket:
        ticket = turn.facts.ticket(turn.state.ticket)
        return (ticket,) if ticket else ()
    spoken = turn.facts.spoken_to()
    return sorted(turn.facts.my_tickets(), key=lambda ticket: _eagerness(ticket, spoken))[:MOST]


def _eagerness(ticket: Ticket, spoken: int) -> int:
    """Those that wait for an answer first, closed ones last."""
    if ticket.id == spoken:
        return 0
    return {Status.WAITING_CITIZEN: 0, Status.CLOSED: 2}.get(ticket.status, 1)


def _label(ticket: Ticket) -> str:
    named = {Status.CLOSED: "which.reopen", Status.WAITING_CITIZEN: "which.answer"}
    return named.get(ticket.status, "which.ticket")


def handle(turn: Turn) -> Outcome | None:
    action, draft = turn.inbound.action, turn.draft
    if action == "leave":
        return Outcome(turn.state.ended(), (Say(say("which.left")),))
    if action == "report":
        return _report(turn)
    if action.startswith("t:") and action[2:].isdigit():
        ticket = turn.facts.ticket(int(action[2:]))
        if ticket is None:
            return Outcome(turn.state.ended(), (Say(say("follow.unknown")),))
        files = tuple(Attachment(MediaKind(media.kind), media.ref) for media in draft.media)
        place = draft.place
        link = map_link(place.lat, place.lon) if place and place.lat is not None and place.lon is not None else ""
        words = f"{turn.state.memo}\n{link}".strip()
        return Outcome(turn.state.ended(), _for_ticket(turn, ticket, words, files))
    if turn.inbound.text and not action:
        words = f"{turn.state.memo}\n{told.masked(turn, turn.inbound.text)[0]}".strip()
        return Outcome(replace(turn.state, memo=words[: told.MOST_WORDS]), goto="which")
    return None


def _report(turn: Turn) -> Outcome:
    """The held words become the description; without words they are asked for."""
    state = replace(turn.state.idle(), offered=())
    kept: tuple[Effect, ...] = tuple(
        KeepMedia(Attachment(MediaKind(media.kind), media.ref)) for media in turn.draft.media
    )
    if not turn.state.memo:
        return Outcome(state, kept)
    described = told.describe(replace(turn, state=state), turn.state.memo)
    return Outcome(described.state, (*kept, *described.effects))


def _for_ticket(turn: Turn, ticket: Ticket, words: str, files: tuple[Attachment, ...]) -> tuple[Effect, ...]:
    note = words or turn.render(say("speak.only_media"))
    if ticket.status is Status.WAITING_CITIZEN:
        return (MoveTicket(ticket.id, "answer", note, files),)
    if ticket.status in (Status.RESOLVED, Status.CLOSED):
        return (MoveTicket(ticket.id, "reopen", note, files),)
    sent = Say(say("speak.sent", agency=wording.agency_name(turn, ticket.agency), number=ticket.number))
    return (Relay(ticket.id, words, files), sent)


STEP = Step("which", never, ask, handle)
