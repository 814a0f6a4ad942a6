"""Ends a turn: draws conclusions, chooses the next question, says it all in as few messages as possible."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from conversations import flow, pending, wording
from conversations.effects import LOCATION, URL, Effect, MoveTicket, Relay, Say, SetLocale
from conversations.inbound import Kind
from conversations.state import State
from conversations.step import Outcome, Turn
from conversations.steps import STEPS
from conversations.steps.danger import advice
from conversations.wording import choice
from routing.understand import Emergency
from texts.text import Choice, say

STALE = "~"  # before a remembered press: it was told to be too old
ALBUM_S = 2.0  # quiet after the last picture of an album before the next question
TICKET = "ticket:"
REPEATED = ("photo.kept",)  # told again with every picture of an album, so it may wait with the question
STATED = "category.stated"  # what we concluded ourselves can be changed at once
NOTICES = tuple(notice for name in flow.FLOW if (notice := STEPS[name].notice) is not None)


def finish(turn: Turn, outcome: Outcome) -> tuple[State, tuple[Effect, ...]]:
    """The state afterwards and everything to be done: emergencies first, the question last."""
    outcome = _next_problem(turn, outcome)
    for effect in outcome.effects:
        if isinstance(effect, SetLocale):  # the question is asked in the new language, and its labels are typed in it
            turn = replace(turn, locale=effect.locale)
    concluded, effects = _conclude(turn, outcome)
    stated = any(isinstance(e, Say) and e.text.key == STATED for e in effects)
    state, question = _ask(concluded, outcome, stated)
    if question is None and turn.state.waiting and state.step:
        question = STEPS[state.step].ask(replace(concluded, state=state))  # its delayed twin gives way to this turn
    urgent = [e for e in effects if isinstance(e, Say) and e.urgent]
    parts = [e for e in effects if isinstance(e, Say) and not e.urgent and not e.ticket]
    alone = [e for e in effects if not isinstance(e, Say) or (e.ticket and not e.urgent)]
    early: list[Say] = []
    album = question is not None and bool(turn.inbound.album and turn.inbound.attachments)
    if album:  # what is said only once must not be replaced together with the waiting question
        early = [replace(part, choices=()) for part in parts if part.text.key not in REPEATED]
        parts = [part for part in parts if part.text.key in REPEATED]
    main = _joined([*parts, question] if question else parts)
    said: list[Effect] = [*urgent, *alone, *early]
    if main is not None:
        state, main = _numbered(turn, state, main)
        if state.waiting != album:
            state = replace(state, waiting=album)
        said.append(replace(main, after_s=ALBUM_S) if album else main)
    elif not state.step:
        state = replace(state, offered=(), waiting=False)
    state, alarm = pending.alarm(turn.state, state, turn.now, turn.city)
    return state, (*said, *alarm)


def _next_problem(turn: Turn, outcome: Outcome) -> Outcome:
    """Another problem has its turn, unasked, when the report before it was sent or given up."""
    state = outcome.state
    if state.draft is not None or not state.later:
        return outcome
    draft, *rest = state.later
    before = turn.draft
    if draft.place is None and before.place is not None and draft.text_message == before.text_message != "":
        draft = replace(draft, place=replace(before.place, confirmed=False))  # both were told in one message
    if draft.text_message == before.text_message:  # an edit of it would tell the first problem once more
        draft = replace(draft, text_message="")
    now = Say(say("another.now", words=wording.short(draft.text, 120)))
    state = replace(state.idle(), draft=draft, later=tuple(rest), nudged=False)
    said = (_without_ways(effect) for effect in outcome.effects)
    return Outcome(state, (*said, now))


def _without_ways(effect: Effect) -> Effect:
    """What to do next is asked already: "Buat laporan" below the words before would lead away from it."""
    return replace(effect, choices=()) if isinstance(effect, Say) and not effect.ticket else effect


def _conclude(turn: Turn, outcome: Outcome) -> tuple[Turn, list[Effect]]:
    """Let the steps see what was taken in; new words are understood once, here."""
    effects = list(outcome.effects)
    before, turn = turn.state, _understood(turn, outcome.state)
    if turn.alarm is not None and _not_of_the_draft(before, outcome):
        turn, said = _told_elsewhere(before, turn, turn.alarm)
        effects.extend(said)
    if turn.state.draft is None or turn.state.held is not None:
        return turn, effects
    for notice in NOTICES:
        noticed = notice(turn)
        if noticed is not None:
            turn = replace(turn, state=noticed.state)
            effects.extend(noticed.effects)
    return turn, effects


def _not_of_the_draft(before: State, outcome: Outcome) -> bool:
    """Whether the words of this turn went to another problem, to an office, or wait to be asked about."""
    state = outcome.state
    if state.draft is None or state.held is not None or _aside(before, state):
        return True
    return any(isinstance(effect, Relay | MoveTicket) for effect in outcome.effects)


def _aside(before: State, after: State) -> bool:
    return after.other is not None and after.other is not before.other


def _told_elsewhere(before: State, turn: Turn, alarm: Emergency) -> tuple[Turn, tuple[Effect, ...]]:
    """Danger is told at once. It marks the problem whose words hold it, and is told once for that."""
    state, other = turn.state, turn.state.other
    if other is None or not _aside(before, state):
        return replace(turn, alarm=None), (advice(alarm.tell),)
    if other.danger:
        return replace(turn, alarm=None), ()
    state = replace(state, other=replace(other, danger=alarm.kind))
    return replace(turn, state=state, alarm=None), (advice(alarm.tell),)


def _understood(turn: Turn, state: State) -> Turn:
    """The turn with its new state; danger is listened for in all words, whatever they are for."""
    draft, inbound = state.draft, turn.inbound
    before = (turn.state.draft.text, turn.state.draft.light) if turn.state.draft else ("", False)
    turn = replace(turn, state=state)
    understand = turn.city.understander.understand
    new = draft is not None and (draft.text != before[0] or (before[1] and not draft.light))
    if draft is not None and draft.text and draft.text_length and new:  # 0: "see the photo" is ours
        return replace(turn, meaning=understand(draft.text))
    said = inbound.kind in (Kind.MESSAGE, Kind.EDIT) and " " in inbound.text.strip()
    return replace(turn, alarm=understand(inbound.text).emergency) if said else turn


def _ask(turn: Turn, outcome: Outcome, stated: bool) -> tuple[State, Say | None]:
    """The next question and the state that waits for its answer."""
    state = turn.state
    if outcome.stay:
        return state, None
    name = outcome.goto or (flow.next_step(turn) if state.draft is not None else "")
    if not name:
        return replace(state.idle(), prompt=state.prompt), None
    if not outcome.goto:
        state = replace(state, step=name, memo=state.memo if name == state.step else "", correcting=False)
    elif state.step != name:
        state = replace(state, step=name)
    question = STEPS[name].ask(replace(turn, state=state))
    if ways_out := _ways_out(state, name, stated):
        question = replace(question, choices=(*question.choices, *ways_out))
    if name == "menu":
        state = state.idle()
    return state, question


def _ways_out(state: State, name: str, stated: bool) -> tuple[Choice, ...]:
    """Keep the old answer while it is being corrected; change the category that we concluded."""
    if state.correcting:
        return (choice("keep", "common.keep"),) if name != "photo" else ()
    draft = state.draft
    if draft is None or draft.category_by != "sure" or name in ("category", "summary"):
        return ()
    unplaced = name == "location" and (draft.place is None or draft.place.lat is None)
    return (choice("edit:category", "category.change"),) if stated or unplaced else ()


def _joined(parts: Sequence[Say]) -> Say | None:
    """Several messages as one, with the buttons of all; the last one gives the shape."""
    if not parts:
        return None
    *before, last = parts
    if not before:
        return last
    text = wording.paragraphs([part.text for part in parts])
    more = tuple(c for part in before for c in part.choices)
    return replace(last, text=text, choices=(*last.choices, *more))


def _numbered(turn: Turn, state: State, said: Say) -> tuple[State, Say]:
    """Give a question its number: buttons carry it, so that older ones are recognised."""
    if not said.choices and not state.step:
        return replace(state, offered=()), said
    offered = tuple((c.action, turn.render(c.label)) for c in said.choices)
    again = state.last_press == STALE + turn.inbound.action and offered == state.offered
    prompt = state.prompt if again else state.prompt + 1  # the same question twice on the screen: both count
    choices = tuple(c if _special(c.action) else Choice(f"{prompt}|{c.action}", c.label) for c in said.choices)
    keyboard = offered if any(action == LOCATION for action, _ in offered) else state.keyboard
    return replace(state, prompt=prompt, offered=offered, keyboard=keyboard), replace(said, choices=choices)


def _special(action: str) -> bool:
    return action == LOCATION or action.startswith((URL, TICKET))
