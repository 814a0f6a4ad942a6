"""Where the problem is: a pin, a pasted link or words, shown back as kelurahan and kecamatan to confirm."""

from __future__ import annotations

from dataclasses import replace

from conversations import answers, told, wording
from conversations.effects import LOCATION, Say
from conversations.state import Place
from conversations.step import Outcome, Step, Turn
from conversations.wording import choice
from texts.text import Choice, literal, say

SURE_ENOUGH = 0.75  # of a place named in words, to be offered for confirmation
PIN = Choice(LOCATION, say("location.send_pin"))
NO_PIN = choice("nopin", "location.no_pin")
HERE = "here:"
KECAMATAN = "kec:"


def needed(turn: Turn) -> bool:
    return turn.draft.place is None or not turn.draft.place.confirmed


def notice(turn: Turn) -> Outcome | None:
    """A kelurahan named in the description becomes a proposal; the point is asked for all the same."""
    if turn.meaning is None or turn.draft.place is not None:
        return None
    found = _named(turn, turn.draft.text)
    if not found:
        return None
    place = Place(source="words", kelurahan=found[0])
    return Outcome(replace(turn.state, draft=replace(turn.draft, place=place)))


def _named(turn: Turn, words: str) -> tuple[str, ...]:
    guesses = turn.city.places.by_words(words[:1000])
    return tuple(g.kelurahan.code for g in guesses if g.kelurahan and g.score >= SURE_ENOUGH)[:3]


def ask(turn: Turn) -> Say:
    memo, place = turn.state.memo, turn.draft.place
    if memo == "outside":
        return _outside(turn)
    if memo == "list" or memo.startswith(KECAMATAN):
        return _list(turn, memo.removeprefix(KECAMATAN) if memo != "list" else "")
    if memo == "elsewhere":
        return Say(say("location.elsewhere"), (PIN, NO_PIN, choice("outside", "location.outside", city=turn.city.name)))
    if place is None or place.confirmed:
        return Say(say("location.ask"), (PIN, NO_PIN) if memo == "again" else (PIN,))
    if place.lat is not None and place.lon is not None:
        near = [n.kelurahan.code for n in turn.city.places.nearest(place.lat, place.lon)]
        return _confirm(turn, "location.confirm", near, (choice("no", "location.not_here"),))
    if place.kelurahan and place.words:
        codes = _named(turn, place.words) or (place.kelurahan,)
        return _confirm(turn, "location.confirm_words", list(codes), (PIN, choice("no", "location.not_here")))
    if place.kelurahan:
        name = turn.city.places.by_code[place.kelurahan].name
        only = choice(HERE + place.kelurahan, "location.only", kelurahan=name)
        return Say(say("location.ask_hint", kelurahan=name), (PIN, only, choice("no", "location.not_here")))
    return Say(say("location.ask_pin", words=wording.short(place.words, 120)), (PIN, NO_PIN))


def _confirm(turn: Turn, key: str, codes: list[str], more: tuple[Choice, ...]) -> Say:
    by_code = turn.city.places.by_code
    first = choice("yes:" + HERE + codes[0], say("location.yes_here", kelurahan=by_code[codes[0]].name))
    others = tuple(choice(HERE + code, literal(by_code[code].name)) for code in codes[1:])
    place = wording.kelurahan(turn, codes[0])
    return Say(say(key, place=place), (first, *others, *more))


def _outside(turn: Turn) -> Say:
    return Say(
        say("location.is_outside", city=turn.city.name),
        (
            choice("inside", "location.is_inside"),
            choice("later", "location.later"),
            choice("cancel", "common.cancel"),
        ),
    )


def _list(turn: Turn, kecamatan: str) -> Say:
    places = turn.city.places
    inside = [k for k in places.kelurahan if k.kecamatan == kecamatan]
    if inside:
        choices = tuple(choice(HERE + k.code, literal(k.name)) for k in inside)
        return Say(
            say("location.ask_kelurahan", kecamatan=kecamatan),
            (*choices, choice("list", "location.other_kecamatan")),
            columns=2,
        )
    choices = tuple(choice(KECAMATAN + name, literal(name)) for name in places.kecamatan)
    outside = choice("outside", "location.outside", city=turn.city.name)
    return Say(say("location.ask_kecamatan"), (*choices, outside), columns=2)


def handle(turn: Turn) -> Outcome | None:
    action = turn.inbound.action.removeprefix("yes:")
    place = turn.draft.place or Place(source="words")
    if action.startswith(HERE):
        return _here(turn, place, action.removeprefix(HERE))
    memo = _MEMOS.get(action, action if action.startswith(KECAMATAN) else "")
    if memo:
        return _phase(turn, memo)
    if action == "no":
        words = replace(place, lat=None, lon=None, kelurahan="") if place.words else None
        draft = replace(turn.draft, place=words)
        return Outcome(replace(turn.state, draft=draft, memo="elsewhere"), goto="location")
    if action == LOCATION:  # typed instead of pressed
        return Outcome(turn.state, (Say(say("location.how")),), goto="location")
    if action == "later":
        return Outcome(replace(turn.state, memo="again"), (Say(say("draft.kept")),), stay=True)
    return _by_words(turn) if turn.inbound.text else None


_MEMOS = {"nopin": "list", "list": "list", "outside": "outside", "inside": "again"}


def _phase(turn: Turn, memo: str) -> Outcome:
    return Outcome(replace(turn.state, memo=memo), goto="location")


def _here(turn: Turn, place: Place, code: str) -> Outcome | None:
    if code not in turn.city.places.by_code:
        return None
    chosen = replace(place, kelurahan=code, confirmed=True, source=place.source or "words")
    return Outcome(replace(turn.state, draft=replace(turn.draft, place=chosen, nearby_done=False), memo=""))


def _by_words(turn: Turn) -> Outcome | None:
    """Words for the place: a kelurahan in them is shown back, others are kept and the pin asked for again."""
    words = turn.inbound.text.strip()
    if answers.greeting(words) or answers.thanks(words) or answers.wordless(words):
        return None
    masked, state, effects = told.masked(turn, words)
    found = _named(turn, masked)
    if not found and turn.city.places.outside_hint(masked):
        return Outcome(replace(state, memo="outside"), effects, goto="location")
    old = turn.draft.place
    if old is None or old.confirmed:  # said anew, what was known before no longer counts
        old = Place(source="words")
    words = _both(old.words, masked)
    if old.lat is not None and not found:
        place = replace(old, words=words)  # a landmark beside the pin
    elif old.lat is not None and old.lon is not None and _among_nearest(turn, old.lat, old.lon, found[0]):
        place = replace(old, words=words, kelurahan=found[0], confirmed=True)
    else:
        place = Place(source="words", words=words, kelurahan=found[0] if found else old.kelurahan)
    draft = replace(turn.draft, place=place, nearby_done=False)
    return Outcome(replace(state, draft=draft, memo=""), effects)


def _among_nearest(turn: Turn, lat: float, lon: float, code: str) -> bool:
    return any(near.kelurahan.code == code for near in turn.city.places.nearest(lat, lon))


def _both(before: str, now: str) -> str:
    return (f"{before}, {now}" if before and now not in before else now)[: told.MOST_PLACE]


STEP = Step("location", needed, ask, handle, notice)
