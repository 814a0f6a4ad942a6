"""Pictures that follow what was just told an office go the same way; one tap makes a new report of what was not meant
for it."""

from __future__ import annotations

from datetime import timedelta

from msgspec.structs import replace

from conversations import answers, moves, told, wording
from conversations.effects import JoinTicket, KeepMedia, MoveTicket, Relay, Retract, Say
from conversations.inbound import Attachment, Kind, MediaKind
from conversations.state import Handed, Media, State
from conversations.step import Outcome, Step, Turn, never
from conversations.wording import choice
from routing.place import Point
from texts.text import say
from tickets.ticket import OPEN, Status, Ticket

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
        media = (*handed.media, *told.media_of(turn))[: told.MOST_MEDIA]
        return Outcome(replace(state, handed=replace(handed, at=turn.now.isoformat(), media=media)), kept, stay=True)
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
    if handed.guessed:
        media = (*handed.media, *media)[: told.MOST_MEDIA]
    follows = Handed(ticket.id, turn.now.isoformat(), inbound.album, True, handed.words, media, handed.guessed)
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
    return _begun(turn, replace(handed, words=""))


def apart(turn: Turn, ticket: Ticket) -> Outcome:
    """What followed unasked was about something else: a report of its own, and the office hears of it."""
    state, handed = turn.state, turn.state.handed
    if handed is None or handed.ticket != ticket.id or not handed.guessed:
        return Outcome(state, (Say(say("along.tell")),), goto=state.step)
    turn = replace(turn, inbound=replace(turn.inbound, action=""))
    retract = Retract(ticket.id)
    if not told.unsent(state):
        begun = _begun(turn, handed)
        return replace(begun, effects=(retract, *begun.effects))
    begun = _begun(replace(turn, state=State(warned=state.warned)), handed)
    state = replace(state, handed=None)
    for other in (begun.state.taking, *begun.state.later):
        state = told.afterwards(state, other)
    kept = (effect for effect in begun.effects if isinstance(effect, KeepMedia))
    return Outcome(state, (retract, *kept, Say(say("another.remember"))), goto=state.step)


def _begun(turn: Turn, handed: Handed) -> Outcome:
    """A report that begins with what was handed to an office."""
    files = tuple(Attachment(MediaKind(media.kind), media.ref) for media in handed.media)
    words = handed.words
    turn = replace(turn, state=replace(turn.state.idle(), handed=None))
    turn = replace(turn, inbound=replace(turn.inbound, text=words, attachments=files))
    point = told.point_in(turn)
    taken = told.take_media(turn) if files else Outcome(turn.state)
    if isinstance(point, Point):
        words = told.without_links(words)
        placed = told.take_point(replace(turn, state=taken.state), point.lat, point.lon, "link")
        taken = replace(placed, effects=taken.effects)
    if not words:
        return taken
    described = told.describe(replace(turn, state=taken.state), words)
    return replace(described, effects=(*taken.effects, *described.effects), goto=taken.goto)


def remember(turn: Turn, outcome: Outcome) -> Outcome:
    """Remember what this turn passes on to an office."""
    if outcome.state.handed not in (None, turn.state.handed):
        return outcome  # `rest` has done so
    for effect in outcome.effects:
        if isinstance(effect, Relay | JoinTicket) or (isinstance(effect, MoveTicket) and effect.action in TOLD):
            album = turn.inbound.album if turn.inbound.kind is Kind.MESSAGE else ""
            handed = _with_earlier(turn, replace(_handed(turn, effect), at=turn.now.isoformat(), album=album))
            return replace(outcome, state=replace(outcome.state, handed=handed))
    return outcome


def _handed(turn: Turn, effect: Relay | MoveTicket | JoinTicket) -> Handed:
    """Without the time."""
    if isinstance(effect, JoinTicket):
        return Handed(effect.ticket, "", files=bool(effect.draft.media))
    words = effect.words if isinstance(effect, Relay) else effect.note
    if words == turn.render(say("speak.only_media")):
        words = ""
    media = tuple(Media(file.ref, file.kind.value) for file in effect.attachments)[: told.MOST_MEDIA]
    return Handed(effect.ticket, "", "", bool(media), words[: told.MOST_WORDS], media, effect.guessed)


def _with_earlier(turn: Turn, handed: Handed) -> Handed:
    """Several messages that followed one another unasked are taken back together."""
    before = turn.state.handed
    if before is None or not (before.guessed and handed.guessed and before.ticket == handed.ticket):
        return handed
    if not before.within(turn.now):
        return handed
    words = f"{before.words}\n{handed.words}".strip()[: told.MOST_WORDS]
    return replace(handed, words=words, media=(*before.media, *handed.media)[: told.MOST_MEDIA])


STEP = Step("along", never, ask, handle, opens={"apart": apart})
