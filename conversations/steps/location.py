"""Where the problem is: a pin, a pasted link or words, shown back as kelurahan and kecamatan to confirm."""

from __future__ import annotations

from msgspec.structs import replace

from conversations import answers, landmarks, told, where
from conversations.effects import LOCATION, Say
from conversations.state import NOWHERE, Place
from conversations.step import Outcome, Step, Turn
from texts.text import say
from texts.words import PLACES

_MEMOS = {"nopin": "list", "list": "list", "outside": where.OUTSIDE, "inside": "again"}


def needed(turn: Turn) -> bool:
    place = turn.draft.place
    if turn.draft.light or (place is not None and place.source == NOWHERE and turn.placeless):
        return False
    return place is None or not place.confirmed or place.source == NOWHERE


def notice(turn: Turn) -> Outcome | None:
    """A kelurahan named in the description becomes a proposal; the point is asked for all the same."""
    if turn.meaning is None or turn.draft.place is not None or turn.draft.light:
        return None
    code = where.proposal(where.read(turn, turn.draft.text))
    return _placed(turn, Place(source="words", kelurahan=code)) if code else None


def handle(turn: Turn) -> Outcome | None:
    """A button of the many questions about a place, or words for it."""
    action = turn.inbound.action.removeprefix("yes:")
    if action.startswith(where.HERE):
        return _here(turn, action.removeprefix(where.HERE))
    memo = _MEMOS.get(action, action if action.startswith(where.KECAMATAN) else "")
    if memo:
        return Outcome(replace(turn.state, memo=memo), goto="location")
    if action == "skip" and turn.placeless:
        return _placed(turn, Place(source=NOWHERE, confirmed=True))
    if action == "no":
        return _elsewhere(turn)
    if action == LOCATION:  # typed instead of pressed
        return Outcome(turn.state, (Say(say("location.how")),), goto="location")
    if action == "later":
        return Outcome(replace(turn.state, memo="again"), (Say(say("draft.kept")),), stay=True)
    return _by_words(turn) if turn.inbound.text else None


def _here(turn: Turn, code: str) -> Outcome | None:
    if code not in turn.city.places.by_code:
        return None
    place = turn.draft.place or Place()
    return _placed(turn, replace(place, kelurahan=code, confirmed=True, source=place.source or "words"))


def _elsewhere(turn: Turn) -> Outcome:
    """The point was wrong; the words about it may still be right."""
    place = turn.draft.place
    kept = Place(source="words", words=place.words) if place and place.words else None
    draft = replace(turn.draft, place=kept)
    return Outcome(replace(turn.state, draft=draft, memo="elsewhere"), goto="location")


def _by_words(turn: Turn) -> Outcome | None:
    """A kelurahan in the words is shown back; others are kept and the pin asked for once more."""
    words = turn.inbound.text.strip()
    if answers.greeting(words) or answers.thanks(words):
        return None
    if answers.not_here(words):
        return _elsewhere(turn)
    if answers.no_point(words):
        return _pointless(turn)
    if answers.no_place(words) or turn.city.understander.understand(words).intent == "help":
        return Outcome(turn.state, (Say(say("location.how")),), goto="location")
    if answers.wordless(words):
        return None
    if not turn.draft.text and turn.city.understander.understand(words).decision != "unknown":
        return None  # the problem itself, told when only a point had come
    words, state, effects = told.masked(turn, words)
    turn = replace(turn, state=state)
    reading = where.read(turn, words)
    if reading.outside:
        memo = f"{where.OUTSIDE}:{reading.outside}"
        return Outcome(replace(state, memo=memo), effects, goto="location")
    found = where.named(reading)
    kecamatan = where.kecamatan_of(reading)
    if not found and not kecamatan and not _may_be_a_place(words):
        return None  # more about the problem itself
    return replace(_by_name(turn, words, found, kecamatan), effects=effects)


def _may_be_a_place(words: str) -> bool:
    if landmarks.only_how(words) or (words.endswith("?") and PLACES.isdisjoint(answers.plain(words).split())):
        return False
    more_of_it = landmarks.tells_trouble(words) and not answers.tells_address(words)
    return answers.tells_where(words) and not more_of_it


def _by_name(turn: Turn, words: str, found: list[str], kecamatan: str) -> Outcome:
    """found: kelurahan; for a service the name of an office will do."""
    place = _understood(turn, words, found)
    if turn.placeless and not found and not kecamatan:
        place = replace(place, confirmed=True)
    placed = _placed(turn, place)
    if kecamatan and place.lat is None:
        return Outcome(replace(placed.state, memo=where.KECAMATAN + kecamatan), goto="location")
    return placed


def _pointless(turn: Turn) -> Outcome | None:
    """The kelurahan that was named will do; without one it is chosen from the list, where a place is needed."""
    place = turn.draft.place
    if turn.placeless:
        return _placed(turn, Place(source=NOWHERE, confirmed=True))
    if place is not None and place.kelurahan:
        return _here(turn, place.kelurahan)
    return Outcome(replace(turn.state, memo="list"), goto="location")


def _understood(turn: Turn, words: str, found: list[str]) -> Place:
    old = turn.draft.place
    if old is None or old.confirmed:  # said anew: what was known before no longer counts
        old = Place(source="words")
    words = (f"{old.words}, {words}" if old.words and words not in old.words else words)[: told.MOST_PLACE]
    if old.lat is None or old.lon is None:
        return Place(source="words", words=words, kelurahan=found[0] if found else old.kelurahan)
    if not found:
        return replace(old, words=words)  # a landmark beside the pin
    if where.among_nearest(turn, old.lat, old.lon, found[0]):
        return replace(old, words=words, kelurahan=found[0], confirmed=True)
    return Place(source="words", words=words, kelurahan=found[0])


def _placed(turn: Turn, place: Place) -> Outcome:
    draft = replace(turn.draft, place=place, nearby_done=False)
    return Outcome(replace(turn.state, draft=draft, memo=""))


STEP = Step("location", needed, where.question, handle, notice)
