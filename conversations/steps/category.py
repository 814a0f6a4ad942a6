"""What kind of problem it is: stated when the words are clear, else three guesses, else a menu of two levels."""

from __future__ import annotations

from msgspec.structs import replace

from conversations import landmarks, told, where, wording
from conversations.effects import Say
from conversations.step import Outcome, Step, Turn
from conversations.wording import choice
from routing.understand import Understanding
from texts.text import literal, say

GUESSES = 3
GROUP = "group:"


def needed(turn: Turn) -> bool:
    return not turn.draft.category


def notice(turn: Turn) -> Outcome | None:
    """Draw the conclusion from new words: sure ones are stated, others become the guesses of the question."""
    if turn.meaning is None or turn.draft.category or where.only_a_place(turn, turn.draft.text):
        return None
    meaning = turn.meaning
    draft = replace(turn.draft, guesses=_guesses(turn, meaning))
    if meaning.decision != "sure":
        return Outcome(replace(turn.state, draft=draft))
    code = meaning.candidates[0].code
    draft = replace(draft, category=code, category_by="sure", nearby_done=False)
    stated = Say(say("category.stated", category=wording.category_name(turn, code)))
    return Outcome(replace(turn.state, draft=draft), (stated,))


def _guesses(turn: Turn, meaning: Understanding) -> tuple[str, ...]:
    """The best few, after a danger that was heard what is reported in it; "something else" has a button of its own."""
    fallback = turn.city.catalogue.fallback
    danger = meaning.emergency.category if meaning.emergency else ""
    urgent = (danger,) if danger in turn.city.catalogue.categories else ()
    if meaning.decision == "unknown" or meaning.candidates[0].code == fallback:
        return urgent
    likely = (match.code for match in meaning.candidates if match.code not in (fallback, danger) and match.score > 0)
    return (*urgent, *likely)[:GUESSES]


def ask(turn: Turn) -> Say:
    memo, catalogue = turn.state.memo, turn.city.catalogue
    if memo.startswith(GROUP):
        group = next((g for g in catalogue.groups if g.code == memo.removeprefix(GROUP)), None)
        if group is not None:
            choices = wording.category_choices(turn, group.categories)
            return Say(say("category.ask_group"), (*choices, choice("groups", "category.groups")))
    guesses = [code for code in turn.draft.guesses if code in catalogue.categories]
    if guesses and memo != "groups":
        key = "category.ask_again" if turn.state.correcting else "category.ask_guess"
        return Say(say(key), (*wording.category_choices(turn, guesses), choice("other", "category.other")))
    groups = tuple(
        choice(GROUP + g.code, literal(g.label_en if wording.english(turn) else g.label_id)) for g in catalogue.groups
    )
    return Say(say("category.ask_menu"), groups, columns=2)


def handle(turn: Turn) -> Outcome | None:
    """A pressed category or group; typed words are tried as another description of the kind."""
    action, catalogue = turn.inbound.action, turn.city.catalogue
    code = action.removeprefix("cat:")
    if action.startswith("cat:") and code in catalogue.categories:
        return told.take_kind(turn, code)
    if action in ("other", "groups"):
        return Outcome(replace(turn.state, memo="groups"), goto="category")
    if action.startswith(GROUP):
        group = next((g for g in catalogue.groups if g.code == action.removeprefix(GROUP)), None)
        if group is not None and len(group.categories) == 1:
            return told.take_kind(turn, group.categories[0])
        return Outcome(replace(turn.state, memo=action if group else "groups"), goto="category")
    if not turn.inbound.text:
        return None
    return _by_words(turn)


def _by_words(turn: Turn) -> Outcome | None:
    """Typed words instead of a button: a clear kind is taken, others make better guesses and a better report."""
    words = turn.inbound.text
    if where.only_a_place(turn, words) or landmarks.only_where(words):
        return told.take_where(turn, words)
    correcting, few = turn.state.correcting, len(words.split()) < told.FEW_WORDS
    meaning = turn.city.understander.understand(words)
    if meaning.decision == "ask" and few and not correcting:  # a word alone is a little like anything: "kirim"
        meaning = turn.city.understander.understand(f"{turn.draft.text}\n{words}")
    if meaning.decision == "sure":
        code = meaning.candidates[0].code
        stated = Say(say("category.taken", category=wording.category_name(turn, code)))
        return told.with_more(replace(turn, state=told.take_kind(turn, code).state), words, stated)
    guesses = _guesses(turn, meaning)
    if meaning.decision == "unknown" or (few and set(guesses) == set(turn.draft.guesses)):
        return None
    draft = replace(turn.draft, guesses=guesses)
    turn = replace(turn, state=replace(turn.state, draft=draft, memo=""))
    goto = "category" if correcting else ""
    return Outcome(turn.state, goto=goto) if few else replace(told.add(turn, words), goto=goto)


STEP = Step("category", needed, ask, handle, notice)
