"""Takes a message apart: words, pictures and points find their place in the report, in any mixture, at any step."""

from __future__ import annotations

from msgspec.structs import replace

from conversations import answers, commands, landmarks, opening, pending, told, where, wishes, wording
from conversations.effects import Effect, Say
from conversations.step import Outcome, Turn
from conversations.steps import STEPS, another
from routing.place import LinkOnly, Point
from texts.text import say
from texts.words import ALSO, DENIED

CLEAR = 0.9  # a score from which a problem is told apart: to ask needlessly costs a tap, to swallow it costs a report
WAITING = ("which", "withdraw", "another")  # questions outside a report that must be answered before it goes on


def take(turn: Turn) -> Outcome:
    """Everything a message brings; what belongs to an earlier report is not for the draft."""
    turn, point = _read(turn)
    effects: list[Effect] = []
    if turn.state.draft is None:
        opened = _open(turn)
        if opened is not None and (opened.goto or opened.state.draft is None):
            return opened
        if opened is not None:
            effects.extend(opened.effects)
            turn = replace(turn, state=opened.state, inbound=replace(turn.inbound, text=""))
    before = turn
    turn, brought = _bring(turn, point)
    if not turn.inbound.text:
        return Outcome(turn.state, (*effects, *brought.effects), goto=brought.goto or _stays(turn))
    spoken = _words(turn)
    if spoken.state.other is not None and before.state.other is None:  # what came with these words is theirs
        beside = replace(spoken.state, draft=before.state.draft)
        turn, brought = _bring(replace(before, state=beside), point)
        spoken = replace(spoken, state=turn.state)
    effects.extend(brought.effects)
    return replace(spoken, effects=(*effects, *spoken.effects), goto=brought.goto or spoken.goto)


def _read(turn: Turn) -> tuple[Turn, Point | LinkOnly | None]:
    """The point pasted into the words, and the words without it; "ini fotonya ya" below a picture says nothing."""
    text = turn.inbound.text.strip()
    point = told.point_in(turn) if text else None
    if point is not None:
        text = told.without_links(text)
    beside = bool(turn.inbound.attachments or turn.inbound.pin or point)
    if beside and not answers.tells(text):
        text = ""
    return replace(turn, inbound=replace(turn.inbound, text=text)), point


def _open(turn: Turn) -> Outcome | None:
    """The first message: a report, or about something else. None when only pictures or a point came."""
    if turn.inbound.text:
        return _standing(turn) if turn.state.step in WAITING else opening.words(turn)
    return opening.files(turn) if turn.inbound.attachments or turn.inbound.pin else None


def _standing(turn: Turn) -> Outcome:
    """A question that waits has the words first, and stands unless they begin something: small talk ends it not."""
    step = turn.state.step
    if (answer := STEPS[step].handle(turn)) is not None:
        return answer
    opened = opening.words(turn)
    if opened.state.draft is not None:
        return opened
    shown = () if opened.goto else opened.effects
    return Outcome(turn.state, shown, goto=step)


def _bring(turn: Turn, point: Point | LinkOnly | None) -> tuple[Turn, Outcome]:
    effects: list[Effect] = []
    goto, pin = "", turn.inbound.pin
    if turn.inbound.attachments:
        taken = told.take_media(turn)
        turn = replace(turn, state=taken.state)
        effects.extend(taken.effects)
    if pin is not None:
        taken = told.take_point(turn, pin.lat, pin.lon, pin.source, pin.label)
        turn, goto = replace(turn, state=taken.state), taken.goto
        effects.extend(() if turn.inbound.text else taken.effects)
    elif isinstance(point, Point):
        taken = told.take_point(turn, point.lat, point.lon, "link")
        turn, goto = replace(turn, state=taken.state), taken.goto
        effects.extend(() if turn.inbound.text else taken.effects)
    elif isinstance(point, LinkOnly):
        effects.append(Say(say("location.link_only")))
    return turn, Outcome(turn.state, tuple(effects), goto=goto)


def _words(turn: Turn) -> Outcome:
    """Words while a report is being written: the answer to the question, or more for the description."""
    text, state = turn.inbound.text, turn.state
    step = STEPS.get(state.step)
    answer = _whatever_is_asked(turn, text) or (step.handle(turn) if step else None)
    if answer is not None:
        return answer
    stays = _stays(turn)
    if answers.greeting(text) and told.has_content(state.draft):
        return Outcome(state, (pending.offer(turn),), stay=True)
    if answers.greeting(text) or answers.thanks(text) or answers.unchanged(text):
        return Outcome(state, (Say(say("common.go_on")),), goto=stays)
    if not turn.draft.text:
        return Outcome(state, goto=stays) if answers.wordless(text) else told.describe(turn, text)
    if turn.draft.place is not None and state.step not in WAITING and where.only_a_name(turn, text):
        return _moved(turn)
    if landmarks.only_how(text):  # "gede bgt" is short, and tells more of the problem all the same
        return replace(told.add(turn, text), goto=stays)
    if len(text.split()) < told.FEW_WORDS or answers.wordless(text):
        return Outcome(state, (Say(say("common.choose")),), goto=stays)
    if _another(turn, text):
        return another.put_aside(turn, text)
    return replace(told.add(turn, text), goto=stays)


def _whatever_is_asked(turn: Turn, text: str) -> Outcome | None:
    """Words that are no answer to any question: said before, putting something right, another problem, a wish."""
    state = turn.state
    if text.casefold() == turn.draft.text.casefold():
        return Outcome(state, (Say(say("common.go_on")),), goto=_stays(turn))
    if state.step != "location" and wishes.busy(text):  # there it is told how to send a point
        return Outcome(state, (Say(say("common.no_hurry")),), goto=_stays(turn))
    if state.step not in WAITING and (put_right := _put_right(turn, text)) is not None:
        return put_right
    if answers.introduces(text) and not wishes.wants_secret(text) and not _says_where(turn, text):
        noted = told.add(turn, text) if answers.tells_lane(text) and turn.draft.text else Outcome(state)
        return replace(noted, effects=(*noted.effects, Say(say("name.noted"))), goto=_stays(turn))
    if _may_be_no_answer(turn, text) and _another(turn, wishes.rather(text)):
        return another.put_aside(turn, text)
    if state.step not in WAITING and _asks_for_secrecy(turn, text):
        kept = Outcome(state) if wishes.only_secret(text) else told.add(turn, text)
        secret = replace(kept.state, draft=replace(kept.state.draft or turn.draft, named=False))
        return Outcome(secret, (*kept.effects, Say(say("name.secret_by_wish"))), goto=_stays(turn))
    return None


def _says_where(turn: Turn, text: str) -> bool:
    """ "Saya warga jatirasa rt 05", where the place is asked for."""
    return turn.state.step == "location" and bool(where.read(turn, text).candidates)


def _put_right(turn: Turn, text: str) -> Outcome | None:
    """ "Lokasinya salah" asks for it anew; "bukan di Jatiasih tapi di Jatirasa" is the new place, and shown back."""
    part = wishes.wrong_part(text)
    if part and part != turn.state.step and turn.draft.text:
        return commands.correct(turn, part)
    if turn.state.step == "location" or turn.draft.place is None or not answers.takes_back(text):
        return None
    right = wishes.rather(text)
    found = where.kelurahan_in(turn, right)
    denied = right == text and answers.plain(text).split()[0] in DENIED  # "bukan di Jatiasih" does not say where
    also = not ALSO.isdisjoint(answers.plain(text).split())
    if also or landmarks.tells_trouble(text) or denied or not found or found[0] == turn.draft.place.kelurahan:
        return None
    moved = _moved(replace(turn, inbound=replace(turn.inbound, text=right)))
    noted = Say(say("location.noted", words=wording.short(right, 120)))  # near the pin it counts without a question
    return replace(moved, effects=(noted, *moved.effects))


def _asks_for_secrecy(turn: Turn, text: str) -> bool:
    """ "Eh rahasiain aja nama saya", at any question."""
    few = len(text.split()) <= opening.COMMAND_WORDS
    told_all = turn.state.draft is not None and bool(turn.draft.text) and not turn.draft.light
    return told_all and few and wishes.wants_secret(text) and not landmarks.tells_trouble(text)


def _moved(turn: Turn) -> Outcome:
    """A kelurahan's name while something else is asked: the place is corrected, and shown back."""
    place = turn.draft.place
    if place is not None and place.lat is not None:
        place = replace(place, confirmed=False)  # the point stays if it lies there
    state = replace(turn.state, step="location", memo="", draft=replace(turn.draft, place=place))
    moved = STEPS["location"].handle(replace(turn, state=state))
    return moved or Outcome(turn.state, (Say(say("common.choose")),))


def _may_be_no_answer(turn: Turn, text: str) -> bool:
    """Words that the question must not have first: after a pause, after "eh bukan", and where a place is asked for and
    words tell that something is broken, though they name a kelurahan."""
    if any(action == "yes:resume" for action, _ in turn.state.offered) or answers.takes_back(text):
        return True
    return turn.state.step == "location" and landmarks.tells_trouble(text)


def _another(turn: Turn, text: str) -> bool:
    """Whether clear words tell of another kind of problem than the report in hand."""
    if not turn.draft.category or turn.state.correcting or turn.state.step in WAITING:
        return False
    meaning = turn.city.understander.understand(text)
    if meaning.decision == "unknown" or meaning.candidates[0].code == turn.draft.category:
        return False
    clear = meaning.decision == "sure" or meaning.candidates[0].score >= CLEAR
    return clear or meaning.emergency is not None


def _stays(turn: Turn) -> str:
    """The step to ask again, because it is not a question the flow would come back to."""
    state = turn.state
    return state.step if state.correcting or state.step in WAITING else ""


def edited(turn: Turn) -> Outcome:
    """A message changed after its report was sent, or none is being written."""
    if turn.facts.my_tickets():
        return opening.ask_about_edit(turn)
    return Outcome(turn.state, (Say(say("edit.noted")),), goto="menu")
