"""The questions about a place, and reading kelurahan and kecamatan out of words; used by the location step."""

from __future__ import annotations

from functools import lru_cache

from msgspec.structs import replace

from conversations import answers, wording
from conversations.effects import LOCATION, Say
from conversations.state import State
from conversations.step import Turn
from conversations.wording import choice
from routing.place import PlaceReading
from texts.text import Choice, Text, literal, say
from texts.words import PLACES

MOST_READ = 2000  # characters of a long report: the address often stands at its end
MOST_OF_A_NAME = 3  # words
MOST_SHOWN = 3  # kelurahan offered when words leave it open
PIN = Choice(LOCATION, say("location.send_pin"))
NO_PIN = choice("nopin", "location.no_pin")
SKIP = choice("skip", "location.skip")
NOT_HERE = choice("no", "location.not_here")
HERE = "here:"
KECAMATAN = "kec:"
_BEFORE_A_NAME = frozenset({"di", "daerah", "kel", "kelurahan", "kec", "kecamatan"})
OUTSIDE = "outside"  # as a memo; with ":" and the name of whoever is responsible there, when known


def question(turn: Turn) -> Say:
    """What is still unclear about the place of the draft; a service may go without one."""
    asked = _question(turn)
    if not turn.placeless:
        return asked
    told = asked.text.key == "location.ask" and not turn.state.correcting
    text = say("location.ask_maybe") if told else asked.text
    return replace(asked, text=text, choices=(*asked.choices, SKIP))


def _question(turn: Turn) -> Say:
    """The memo knows the side roads."""
    memo, place = turn.state.memo, turn.draft.place
    if memo.startswith(OUTSIDE):
        return _beyond(turn, memo.partition(":")[2])
    if memo == "list" or memo.startswith(KECAMATAN):
        return _choose(turn, memo.removeprefix(KECAMATAN))
    if memo == "elsewhere":
        return Say(say("location.elsewhere"), (PIN, NO_PIN, _not_in_city(turn)))
    if place is None and not memo and (side := _told(turn)):
        return side
    if place is None or place.confirmed:
        return Say(say("location.ask"), (PIN, NO_PIN) if memo == "again" else (PIN,))
    if place.lat is not None and place.lon is not None:
        near = [found.kelurahan.code for found in turn.city.places.likely(place.lat, place.lon)]
        return _confirm(turn, "location.confirm", near, (NOT_HERE,))
    if place.kelurahan and (place.words or turn.placeless):
        codes = kelurahan_in(turn, place.words) or [place.kelurahan]
        return _confirm(turn, "location.confirm_words", codes, (PIN, NOT_HERE))
    if place.kelurahan:
        name = turn.city.places.by_code[place.kelurahan].name
        only = choice(HERE + place.kelurahan, "location.only", kelurahan=name)
        told = answers.tells_address(turn.draft.text)
        text = say("location.ask_beside", kelurahan=name) if told else say("location.ask_hint", kelurahan=name)
        return Say(text, (PIN, only, NOT_HERE))
    return Say(say("location.ask_pin", words=wording.short(place.words, 120)), (PIN, NO_PIN))


def asked(state: State) -> bool:
    """Does the last question wait for the phone's position?"""
    return any(action == LOCATION for action, _ in state.offered)


def _told(turn: Turn) -> Say | None:
    """What the description says of the place, where no single kelurahan follows from it: somebody else's, a street
    that runs through several, an address somewhere, only the kecamatan."""
    reading = read(turn, turn.draft.text)
    if reading.outside:
        return _beyond(turn, reading.outside)
    near = [turn.city.places.by_code[code] for code in named(reading)]
    if len({kelurahan.kecamatan for kelurahan in near}) == 1:  # a guess over half the city is none
        choices = tuple(choice(HERE + kelurahan.code, literal(kelurahan.name)) for kelurahan in near)
        return Say(say("location.ask_which"), (PIN, *choices, NO_PIN))
    if not (kecamatan := kecamatan_of(reading)):
        return Say(say("location.ask_area"), (PIN, NO_PIN)) if answers.tells_lane(turn.draft.text) else None
    which = choice(KECAMATAN + kecamatan, "location.choose_kelurahan")
    return Say(say("location.ask_hint", kelurahan=kecamatan), (PIN, which, NOT_HERE))


def _confirm(turn: Turn, key: str, codes: list[str], more: tuple[Choice, ...]) -> Say:
    by_code = turn.city.places.by_code
    first = choice("yes:" + HERE + codes[0], "location.yes_here", kelurahan=by_code[codes[0]].name)
    others = tuple(choice(HERE + code, literal(by_code[code].name)) for code in codes[1:])
    return Say(say(key, place=wording.kelurahan(turn, codes[0])), (first, *others, *more))


def _beyond(turn: Turn, owner: str) -> Say:
    """Not ours, and the ways on."""
    ways = [("inside", "location.is_inside"), ("later", "location.later"), ("cancel", "common.cancel")]
    place = turn.draft.place
    if place is not None and place.confirmed and not turn.state.correcting:
        ways.insert(0, ("keep", "common.keep"))
    return Say(not_ours(turn, owner), tuple(choice(action, label) for action, label in ways))


def not_ours(turn: Turn, owner: str) -> Text:
    """That a place lies outside the city, and which door is the right one; owner "" when nobody knows whose it is."""
    if not owner:
        return say("location.is_outside", city=turn.city.name)
    door = turn.city.places.doors.get(owner)
    if door is None:
        return say("location.is_outside_of", city=turn.city.name, owner=owner)
    whose, through = (door.owner_en, door.through_en) if wording.english(turn) else (door.owner, door.through)
    return say("location.is_outside_door", city=turn.city.name, owner=whose, door=through)


def _choose(turn: Turn, kecamatan: str) -> Say:
    """For those who cannot send a pin: the kecamatan, then the kelurahan."""
    places = turn.city.places
    inside = [k for k in places.kelurahan if k.kecamatan == kecamatan]
    if inside:
        choices = tuple(choice(HERE + k.code, literal(k.name)) for k in inside)
        other = choice("list", "location.other_kecamatan")
        return Say(say("location.ask_kelurahan", kecamatan=kecamatan), (*choices, other), columns=2)
    choices = tuple(choice(KECAMATAN + name, literal(name)) for name in places.kecamatan)
    return Say(say("location.ask_kecamatan"), (*choices, _not_in_city(turn)), columns=2)


def _not_in_city(turn: Turn) -> Choice:
    return choice(OUTSIDE, "location.outside", city=turn.city.name)


def read(turn: Turn, words: str) -> PlaceReading:
    return turn.city.places.read(words[:MOST_READ])


def kelurahan_in(turn: Turn, words: str) -> list[str]:
    """Codes of the kelurahan that words name, best first, at most three; none when only a kecamatan is named."""
    return named(read(turn, words))


def named(reading: PlaceReading) -> list[str]:
    """The kelurahan of a reading that may be shown back: the first one was meant, the others may be."""
    found = [g.kelurahan.code if g.kelurahan else "" for g in reading.candidates]
    return [code for code in found if code][:MOST_SHOWN] if found and found[0] else []


def only_a_name(turn: Turn, words: str) -> bool:
    """Whether words are a kelurahan's or kecamatan's name and nothing else, "di" and "kel." aside: they say where, and
    no word of them says what ("Padurenan" is no cemetery, "Mustika Jaya" no music)."""
    said = words.casefold().replace(".", " ").split()
    while said and said[0] in _BEFORE_A_NAME:
        said = said[1:]
    written = _letters("".join(said))
    places = turn.city.places
    return bool(written) and written in _all_letters((*places.kecamatan, *(k.name for k in places.kelurahan)))


def only_a_place(turn: Turn, words: str) -> bool:
    """The same of an everyday name, "Kalimalang", "di Harapan Indah": each of its words is needed to know the place."""
    if only_a_name(turn, words):
        return True
    bare = answers.without_courtesy(answers.plain(words)).split()
    said = [word for word in bare if word not in _BEFORE_A_NAME | PLACES]
    if not 0 < len(said) <= MOST_OF_A_NAME:
        return False
    found = read(turn, " ".join(said)).candidates
    without = (" ".join(said[:i] + said[i + 1 :]) for i in range(len(said)))
    return bool(found) and all(read(turn, rest).candidates != found for rest in without)


@lru_cache(8)  # cities; a citizen's words are not kept
def _all_letters(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(_letters, names))


def _letters(words: str) -> str:
    return "".join(sign for sign in words.casefold() if sign.isalpha())


def proposal(reading: PlaceReading) -> str:
    """The kelurahan somebody named while telling something else; "" when only a landmark or several were named."""
    first = reading.candidates[0].kelurahan if reading.candidates else None
    if first is None or (reading.clear is None and first.name != first.kecamatan):
        return ""
    return first.code


def kecamatan_of(reading: PlaceReading) -> str:
    """The kecamatan of a reading that names no kelurahan, "" when none or several."""
    rows = [g.kecamatan for g in reading.candidates if g.kelurahan is None]
    return rows[0] if len(rows) == 1 and reading.candidates[0].kelurahan is None else ""


def among_nearest(turn: Turn, lat: float, lon: float, code: str) -> bool:
    return any(near.kelurahan.code == code for near in turn.city.places.likely(lat, lon))
