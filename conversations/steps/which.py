"""A message that may be a new report or may belong to an earlier one: the citizen says which."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from conversations import answers, moves, told, waiting, wording
from conversations.effects import Effect, KeepMedia, MoveTicket, Relay, Say
from conversations.inbound import Attachment, Kind, MediaKind
from conversations.state import State
from conversations.step import Outcome, Step, Turn, never
from conversations.wording import choice
from routing.place import map_link
from texts.text import say
from tickets.ticket import BEFORE_DONE, Status, Ticket

MOST = 4
WORDS = ("answer", "say", "quote")  # buttons of notices, and quoting: what is said is for the office
OBJECTS = ("refuse", "reopen", "deny")  # ... or says that it is not done


def ask(turn: Turn) -> Say:
    """The words are held, the files wait in the draft."""
    candidates = _candidates(turn)
    choices = tuple(choice(f"t:{ticket.id}", _label(turn, ticket), number=ticket.number) for ticket in candidates)
    words = wording.short(turn.state.held or "", 120)
    text = say("which.ask", words=words) if words else say("which.ask_files")
    spoken = turn.spoken_to
    awaited = sum(1 for ticket in candidates if _eagerness(turn, ticket, spoken) == 0)
    if turn.state.ticket and candidates and candidates[0].status in BEFORE_DONE:  # these words put it right
        awaited = 1
    new, leave = choice("report", "which.report"), choice("leave", "which.leave")
    return Say(text, (*choices[:awaited], new, *choices[awaited:], leave))


def _candidates(turn: Turn) -> Sequence[Ticket]:
    """The one spoken of, when it is known; else those that wait for an answer first, closed ones last."""
    if turn.state.ticket:
        ticket = turn.facts.ticket(turn.state.ticket)
        return (ticket,) if ticket and moves.reopenable(turn, ticket) else ()
    spoken = turn.spoken_to
    mine = [ticket for ticket in turn.facts.my_tickets() if moves.reopenable(turn, ticket)]
    return sorted(mine, key=lambda ticket: _eagerness(turn, ticket, spoken))[:MOST]


def _eagerness(turn: Turn, ticket: Ticket, spoken: int) -> int:
    """Those that wait for an answer first, closed ones last."""
    if ticket.id == spoken or moves.awaited(turn, ticket):
        return 0
    return 2 if ticket.status is Status.CLOSED else 1


def _label(turn: Turn, ticket: Ticket) -> str:
    if ticket.status is Status.CLOSED:
        return "which.reopen"
    return "which.answer" if moves.awaited(turn, ticket) else "which.ticket"


def handle(turn: Turn) -> Outcome | None:
    action = turn.inbound.action
    if action == "leave":
        return Outcome(turn.state.ended(), (Say(say("which.left")),))
    if action == "report":
        return _report(turn)
    if action.startswith("t:") and action[2:].isdigit():
        ticket = turn.facts.ticket(int(action[2:]))
        if ticket is None:
            return Outcome(turn.state.ended(), (Say(say("follow.unknown")),))
        return belongs(turn, ticket)
    text = turn.inbound.text
    if text and not action and not answers.thanks(text) and not answers.greeting(text):
        return Outcome(_more(turn), goto="which")
    return None


def meant(turn: Turn, ticket: Ticket, action: str) -> Outcome | None:
    """What waits belongs to the report whose button was pressed or whose message was quoted, where that says so."""
    if turn.state.held is None or action not in (*WORDS, *OBJECTS):
        return None
    turn = replace(turn, state=waiting.brought(turn, _more(turn)))
    over = ticket.status in (Status.RESOLVED, Status.CLOSED)
    if over == (action in OBJECTS):
        return belongs(turn, ticket)
    return Outcome(replace(turn.state, step="which", ticket=ticket.id), goto="which")


def _more(turn: Turn) -> State:
    """What came now waits with the rest."""
    state, inbound = turn.state, turn.inbound
    words = told.masked(turn, inbound.text)[0] if inbound.kind is Kind.MESSAGE else ""
    held = f"{state.held or ''}\n{words}".strip()
    return replace(state, held=held[: told.MOST_WORDS])


def belongs(turn: Turn, ticket: Ticket) -> Outcome:
    """All that waits goes to this report; where its move is refused, it goes on waiting."""
    place = turn.draft.place
    files = tuple(Attachment(MediaKind(media.kind), media.ref) for media in turn.draft.media)
    link = map_link(place.lat, place.lon) if place and place.lat is not None and place.lon is not None else ""
    words = f"{turn.state.held or ''}\n{link}".strip()
    sent = _for_ticket(turn, ticket, words, files)
    for move in sent:
        if isinstance(move, MoveTicket) and (why := moves.refused(turn, ticket, move.action, move.note, len(files))):
            return Outcome(turn.state, (Say(why),), goto="which")
    return Outcome(turn.state.ended(), sent)


def _report(turn: Turn) -> Outcome:
    """The held words become the description; without words they are asked for."""
    state, held = replace(turn.state.idle(), held=None), turn.state.held
    kept: tuple[Effect, ...] = tuple(
        KeepMedia(Attachment(MediaKind(media.kind), media.ref)) for media in turn.draft.media
    )
    if not held:
        return Outcome(state, kept)
    described = told.describe(replace(turn, state=state), held)
    return Outcome(described.state, (*kept, *described.effects))


def _for_ticket(turn: Turn, ticket: Ticket, words: str, files: tuple[Attachment, ...]) -> tuple[Effect, ...]:
    note = words or turn.render(say("speak.only_media"))
    if moves.awaited(turn, ticket):
        return (MoveTicket(ticket.id, "answer", note, files),)
    if ticket.status in (Status.RESOLVED, Status.CLOSED):
        return (MoveTicket(ticket.id, "reopen", note, files),)
    sent = Say(say("speak.sent", agency=wording.agency_name(turn, ticket.agency), number=ticket.number))
    return (Relay(ticket.id, words, files), sent)


STEP = Step("which", never, ask, handle)
