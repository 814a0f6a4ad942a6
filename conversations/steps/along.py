"""Pictures that follow what was just told an office go the same way; one tap makes a new report of them."""

from __future__ import annotations

from datetime import timedelta

from msgspec.structs import replace

from conversations import answers, moves, told, wording
from conversations.effects import JoinTicket, KeepMedia, MoveTicket, Relay, Say
from conversations.inbound import Attachment, Kind, MediaKind
from conversations.state import Handed
from conversations.step import Outcome, Step, Turn, never
from conversations.wording import choice
from texts.text import say
from tickets.ticket import OPEN, Status

TOGETHER = timedelta(minutes=1)  # pictures sent one after another are thanked for once
TOLD = ("answer", "reopen")  # moves that carry the citizen's words


def rest(turn: Turn) -> Outcome | None:
    """One more picture after words or pictures that were passed on to an office; None when it is no such thing.

    Each picture of an album is a message of its own: the rest of it follows in silence whatever is asked by now.
    """
    inbound, state, handed = turn.inbound, turn.state, turn.state.handed
    if handed is None or not inbound.attachments or inbound.pin is not None or answers.tells(inbound.text):
        return None
    same = bool(inbound.album) and inbound.album == handed.album
    if handed.files and handed.within(turn.now, TOGETHER) and (same or _free(turn)):
        kept = tuple(KeepMedia(one, handed.ticket) for one in inbound.attachments)
        alone = (*handed.alone, *told.media_of(turn))[: told.MOST_MEDIA] if handed.alone else ()
        return Outcome(replace(state, handed=replace(handed, at=turn.now.isoformat(), alone=alone)), kept, stay=True)
    if inbound.reply_to or not _free(turn) or not handed.within(turn.now):
        return None
    return _follow(turn, handed)


def _free(turn: Turn) -> bool:
    """Nothing is asked that the picture may be the answer to."""
    return turn.state.draft is None and turn.state.step in ("", "along")


def _follow(turn: Turn, handed: Handed) -> Outcome | None:
    ticket = turn.facts.ticket(handed.ticket)
    if ticket is None or ticket.status not in OPEN or ticket.status is Status.RESOLVED:
        return None
    if moves.awaited(turn, ticket):
        return None  # the office has asked anew: whether this is the answer is for the citizen to say
    inbound, media = turn.inbound, told.media_of(turn)
    follows = Handed(ticket.id, turn.now.isoformat(), inbound.album, True, media)
    state = replace(turn.state.idle(), step="along", ticket=ticket.id, handed=follows)
    return Outcome(state, (Relay(ticket.id, "", inbound.attachments),), goto="along")


def ask(turn: Turn) -> Say:
    ticket = turn.facts.ticket(turn.state.ticket)
    agency = wording.agency_name(turn, ticket.agency) if ticket else ""
    number = ticket.number if ticket else ""
    return Say(say("along.sent", number=number, agency=agency), (choice("apart", "along.apart"),))


def handle(turn: Turn) -> Outcome | None:
    """The pictures were about something else: a new report begins with them."""
    handed = turn.state.handed
    if turn.inbound.action != "apart" or handed is None:
        return None
    files = tuple(Attachment(MediaKind(media.kind), media.ref) for media in handed.alone)
    state = replace(turn.state.idle(), handed=None)
    return told.take_media(replace(turn, state=state, inbound=replace(turn.inbound, attachments=files)))


def remember(turn: Turn, outcome: Outcome) -> Outcome:
    """Remember what this turn passes on to an office."""
    if outcome.state.handed not in (None, turn.state.handed):
        return outcome  # `rest` has done so
    for effect in outcome.effects:
        if isinstance(effect, Relay | JoinTicket) or (isinstance(effect, MoveTicket) and effect.action in TOLD):
            files = effect.draft.media if isinstance(effect, JoinTicket) else effect.attachments
            album = turn.inbound.album if turn.inbound.kind is Kind.MESSAGE else ""
            handed = Handed(effect.ticket, turn.now.isoformat(), album, bool(files))
            return replace(outcome, state=replace(outcome.state, handed=handed))
    return outcome


STEP = Step("along", never, ask, handle)
