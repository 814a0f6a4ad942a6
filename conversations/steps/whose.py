"""A matter that some other body looks after (a power cut, a passport): told at once with the right door, and the way on
stays open, because we may be wrong."""

from __future__ import annotations

from msgspec.structs import replace

from conversations import answers, told, where, wording
from conversations.effects import Say
from conversations.step import Outcome, Step, Turn
from conversations.wording import choice
from routing.understand import Understanding
from texts.text import say
from tickets.city import City
from tickets.ticket import COMPLAINT

NEARLY_SURE = 0.9  # a kind of the city's own that scores so high is not stated without asking, but it is the city's


def needed(turn: Turn) -> bool:
    draft = turn.draft
    asked = draft.ours or draft.category_by == "citizen"
    return not asked and turn.city.bodies.get(draft.body) is not None


def notice(turn: Turn) -> Outcome | None:
    """New words: whose matter do they tell of? Danger, and what is clearly the city's, is never sent elsewhere."""
    draft = turn.draft
    if turn.meaning is None or draft.ours or draft.category_by == "citizen":
        return None
    ours = clearly_ours(turn.city, turn.meaning) or draft.category not in ("", turn.city.catalogue.fallback)
    body = None if ours else turn.city.bodies.whose(draft.text)
    code = body.code if body else ""
    return Outcome(replace(turn.state, draft=replace(draft, body=code))) if code != draft.body else None


def clearly_ours(city: City, meaning: Understanding) -> bool:
    """Danger, or one of the city's own kinds in all likelihood."""
    if meaning.emergency is not None:
        return True
    if meaning.decision == "unknown" or meaning.candidates[0].code == city.catalogue.fallback:
        return False
    return meaning.decision == "sure" or meaning.candidates[0].score >= NEARLY_SURE


def ask(turn: Turn) -> Say:
    body = turn.city.bodies.get(turn.draft.body)
    if body is None:  # the city's file has changed meanwhile
        return Say(say("common.go_on"), (choice("ours", "whose.ours"),))
    if wording.english(turn):
        matter, owner, door = body.matter_en, body.owner_en, body.through_en
    else:
        matter, owner, door = body.matter, body.owner, body.through
    text = say("whose.ask", matter=matter, owner=owner, door=door, city=turn.city.name)
    return Say(text, (choice("ours", "whose.ours"), choice("enough", "whose.enough")))


def handle(turn: Turn) -> Outcome | None:
    """On with it, or enough; a kind that is typed instead is taken."""
    action, words = turn.inbound.action, turn.inbound.text
    if action == "ours" or answers.goes_on(words):
        return Outcome(replace(turn.state, draft=replace(turn.draft, ours=True)))
    bare = not turn.inbound.attachments and turn.inbound.pin is None  # who sends a picture along is not done with it
    if action == "enough" or (bare and words and _is_enough(turn, words)):
        return Outcome(turn.state.ended(), (Say(say("whose.closed"), (choice("new", "menu.report"),)),), stay=True)
    return _typed(turn, words) if words else None


def _is_enough(turn: Turn, words: str) -> bool:
    """Thanks; a mere "ya" only where nothing but words would be let go, for it may mean to go on."""
    draft = turn.draft
    return answers.thanks(words) or (answers.agrees(words) and not draft.media and draft.place is None)


def _typed(turn: Turn, words: str) -> Outcome | None:
    """ "Lampu jalan maksudnya": that kind it is. Other words are more for the description, and looked at anew."""
    if where.only_a_name(turn, words):  # it says where, never what
        return told.take_where(turn, words)
    meaning = turn.city.understander.understand(words)
    if meaning.decision != "sure":
        return None
    code = meaning.candidates[0].code
    turn = replace(turn, state=told.take_kind(turn, code).state)
    kind = COMPLAINT if turn.draft.light else turn.draft.kind  # a kind of problem has to be found by somebody
    draft = replace(turn.draft, ours=True, kind=kind)
    taken = Say(say("category.taken", category=wording.category_name(turn, code)))
    return told.with_more(replace(turn, state=replace(turn.state, draft=draft)), words, taken)


STEP = Step("whose", needed, ask, handle, notice)
