"""The dialogue with one citizen: one inbound event and the state so far become the next state and what to do."""

from __future__ import annotations

from msgspec.structs import replace

from conversations import answers, commands, compose, flow, opening, pending, taking, told
from conversations.effects import Effect, Say, SetLocale, Toast
from conversations.inbound import NOT_KEPT, Inbound, Kind
from conversations.state import Draft, State
from conversations.step import Outcome, Turn
from conversations.steps import STEPS, along
from texts.text import say

ENGLISH = "en"
KNOWN_UNREADABLE = frozenset({"sticker", "contact", "poll", "reaction", *NOT_KEPT})


def advance(turn: Turn) -> tuple[State, tuple[Effect, ...]]:
    """Answer one event. Pure; the same turn always gives the same answer. Never raises for what a person sends."""
    kind = turn.inbound.kind
    turn = _fitting(turn)
    turn, switched = _tongue(turn)
    if kind in (Kind.MEMBER, Kind.MIGRATED):
        return turn.state, ()
    if kind is Kind.WAKE:
        return _wake(turn)
    if kind is Kind.PRESS:
        outcome = _press(turn)
    elif kind is Kind.EDIT:
        outcome = _edit(turn)
    else:
        if turn.state.last_press:
            turn = replace(turn, state=replace(turn.state, last_press="", pressed_at=""))
        outcome = _message(turn)
        outcome = _let_go(turn, outcome) if outcome else None
    if outcome is None:
        if not turn.state.waiting:
            return turn.state, ()
        outcome = _same(turn)  # nothing to say, but the delayed question must not be lost
    outcome = along.remember(turn, outcome)
    if switched:
        outcome = replace(outcome, effects=(*switched, *outcome.effects))
    return compose.finish(turn, outcome)


def _tongue(turn: Turn) -> tuple[Turn, tuple[Effect, ...]]:
    """Somebody whose first words are an English sentence is answered in English, and told how to change it."""
    inbound, city = turn.inbound, turn.city
    first = inbound.kind is Kind.MESSAGE and turn.state.draft is None and not turn.state.prompt
    if (
        not first
        or ENGLISH not in city.languages
        or turn.locale.startswith(ENGLISH)
        or not answers.english(inbound.text)
    ):
        return turn, ()
    return replace(turn, locale=ENGLISH), (SetLocale(ENGLISH), Say(say("language.noticed")))


def _fitting(turn: Turn) -> Turn:
    """A state older than today's program and city: what no longer exists is asked again."""
    state, city = turn.state, turn.city
    draft = state.draft
    if draft is not None:
        place = draft.place
        if draft.category and draft.category not in city.catalogue.categories:
            draft = replace(draft, category="", category_by="", guesses=())
        if place is not None and place.kelurahan and place.kelurahan not in city.places.by_code:
            draft = replace(draft, place=replace(place, kelurahan="", confirmed=False))
        if draft is not state.draft:
            state = replace(state, draft=draft).idle()
    if state.draft is None and (state.held is not None or state.other is not None):
        state = state.emptied()  # nothing is being written that they could wait for
    if state.step == "which" and state.held is None:
        state = replace(state, held=state.memo)  # where the version before kept them
    if state.step == "another" and state.other is None and state.memo:
        state = replace(state, other=Draft(text=state.memo, text_length=len(state.memo)), memo="")
    if state.step and not _stands(state):
        state = state.idle()
    return turn if state is turn.state else replace(turn, state=state)


def _stands(state: State) -> bool:
    """Whether the question waited for still makes sense."""
    if state.step == "another":
        return state.other is not None and state.draft is not None and bool(state.draft.category)
    if state.step in flow.FLOW and state.draft is None:
        return False
    return state.step in STEPS


def _wake(turn: Turn) -> tuple[State, tuple[Effect, ...]]:
    """The clock reached the time asked for with Wake."""
    outcome = pending.wake(turn)
    if outcome.effects:
        return compose.finish(turn, outcome)
    return pending.night_alarm(outcome.state, turn.now, turn.city)


def _same(turn: Turn, *said: Effect) -> Outcome:
    """The present question once more, the menu when there is none."""
    state = turn.state
    if not state.step and state.draft is None:
        return Outcome(state, said, goto="menu")
    return Outcome(state, said, goto=state.step)


# ── buttons ────────────────────────────────────────────────────────────────────────────────────────────────


def _press(turn: Turn) -> Outcome | None:
    raw, state = turn.inbound.action, turn.state
    if raw.startswith(compose.TICKET):
        return _ticket_press(turn)
    if state.tapped(raw, turn.now):
        return None  # the second tap of a double tap
    prompt, _, action = raw.partition("|")
    if prompt != str(state.prompt) or action not in {offered for offered, _ in state.offered}:
        if state.tapped(compose.STALE + raw, turn.now):
            return None
        turn = replace(turn, state=state.pressed(compose.STALE + raw, turn.now))
        return _same(turn, Toast(say("engine.old_button")))
    return _chosen(replace(turn, state=state.pressed(raw, turn.now)), action)


def _chosen(turn: Turn, action: str) -> Outcome:
    """An offered button was pressed, or typed."""
    inbound = replace(turn.inbound, action=action, text="")
    turn = replace(turn, inbound=inbound)
    outcome = commands.press(turn, action)
    if outcome is None:
        step = STEPS.get(turn.state.step)
        outcome = step.handle(turn) if step else None
    return outcome or _same(turn)


def _ticket_press(turn: Turn) -> Outcome | None:
    """A button below a notice; whether it is genuine was checked at the door."""
    _, _, rest = turn.inbound.action.partition(":")
    number, _, action = rest.partition(":")
    ticket = turn.facts.ticket(int(number)) if number.isascii() and number.isdigit() else None
    if ticket is None:
        return _same(turn, Say(say("follow.unknown")))
    press = f"{turn.inbound.action}@{ticket.version}"
    state = turn.state
    if state.ticket == ticket.id and state.tapped(press, turn.now):
        return None  # the second tap of a double tap
    turn = replace(turn, state=state.pressed(press, turn.now))
    if action in opening.TICKET_ACTIONS:
        return opening.opened(turn, ticket, action)
    return _same(turn, Toast(say("engine.old_button")))


# ── messages ───────────────────────────────────────────────────────────────────────────────────────────────


def _message(turn: Turn) -> Outcome | None:
    turn, command = _command(turn)
    if command:
        return commands.run(turn, command)
    if (more := along.rest(turn)) is not None:
        return more
    inbound, state = turn.inbound, turn.state
    bare = not inbound.attachments and inbound.pin is None
    if inbound.reply_to:
        ticket = opening.quoted_ticket(turn)
        if ticket is not None and (inbound.text or not bare):
            return opening.quoted(turn, ticket)
    if bare and inbound.text and (meant := _meant(turn)) is not None:
        return meant
    if bare and not inbound.text.strip():
        return _refused(turn)
    step = STEPS.get(state.step)
    if step is not None and step.keeps:
        return opening.spoken(turn) or step.handle(turn) or _same(turn)
    return taking.take(turn)


def _meant(turn: Turn) -> Outcome | None:
    """Words that stand for a button or a command; None when they tell something."""
    words, state = turn.inbound.text, turn.state
    action = answers.chosen(words, state.offered)
    if action:
        return _typed(turn, action)
    if state.keyboard and (left := _left_over(turn)) is not None:
        return left
    word = answers.command(words) or opening.command(turn)
    return commands.run(turn, word) if word else None


def _refused(turn: Turn) -> Outcome | None:
    """Nothing in it that we can read or keep; ten letters sent at once are refused once."""
    album = turn.inbound.album
    if album and album == turn.state.refused:
        return None
    turn = replace(turn, state=replace(turn.state, refused=album))
    return _same(turn, Say(say(f"unreadable.{_unreadable(turn.inbound)}")))


def _typed(turn: Turn, action: str) -> Outcome | None:
    if action.startswith(compose.TICKET):
        return _ticket_press(replace(turn, inbound=replace(turn.inbound, action=action, text="")))
    return _chosen(turn, action)


def _left_over(turn: Turn) -> Outcome | None:
    """A tap on the reply keyboard of a question that was answered long ago: what it writes is no word of the report."""
    said = answers.plain(turn.inbound.text)
    action = next((action for action, label in turn.state.keyboard if answers.plain(label) == said), "")
    if not action or (turn.state.step == "location" and not action.startswith("edit:")):
        return None
    return commands.press(turn, action) or _same(turn, Say(say("engine.old_button")))


def _command(turn: Turn) -> tuple[Turn, str]:
    """The command of a message; "/lapor jalan rusak" is the report itself."""
    inbound = turn.inbound
    name, text = inbound.command.lower(), inbound.text
    if not name and text.startswith("/") and len(text) > 1:
        name, _, text = text[1:].partition(" ")
        name = name.partition("@")[0].lower()
    if name in ("lapor", "report") and text.strip():
        return replace(turn, inbound=replace(inbound, command="", text=text)), ""
    return replace(turn, inbound=replace(inbound, text=text)) if name else turn, name


def _let_go(turn: Turn, outcome: Outcome) -> Outcome:
    """The words beside a letter or a film that is too big count; that the file was let go is said."""
    if turn.inbound.unreadable not in NOT_KEPT or not turn.inbound.text.strip():
        return outcome
    told = Say(say(f"unreadable.{turn.inbound.unreadable}"))
    return replace(outcome, state=replace(outcome.state, refused=turn.inbound.album), effects=(told, *outcome.effects))


def _unreadable(inbound: Inbound) -> str:
    return inbound.unreadable if inbound.unreadable in KNOWN_UNREADABLE else "any"


# ── edits ──────────────────────────────────────────────────────────────────────────────────────────────────


def _edit(turn: Turn) -> Outcome | None:
    """A changed message changes the report it came from; later it is offered to the report's agency."""
    inbound, draft = turn.inbound, turn.state.draft
    words = inbound.text.strip()
    if inbound.pin is not None or not words:
        return None  # a live position moves every few seconds; the place is the problem's, not the phone's
    if draft is None:
        return taking.edited(turn)
    if draft.text_message != inbound.message_id or not inbound.message_id:
        return told.amend_waiting(turn, words) or _same(turn, Say(say("edit.noted")))
    if told.masked(turn, words)[0] == draft.text[: draft.text_length]:
        return None
    amended = told.amend(turn, words)
    return replace(amended, goto=turn.state.step if turn.state.correcting else "")
