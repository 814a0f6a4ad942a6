"""The name of a citizen who asked to stay unnamed, hidden in their own words: people sign what they write."""

from __future__ import annotations

import re
import unicodedata

from msgspec.structs import replace

from routing.masking import mask
from tickets.city import City
from tickets.ticket import Ticket

NAME_MASK = "[NAMA]"
SHORTEST = 3  # letters: "al", "ed" cannot be told from words
ORDINARY = 2  # times in the phrases of the categories: a word of what is reported, "Melati" or not
_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f])*")  # with the signs above a letter that stand alone
_GAP = re.compile(r"\s+")
# "jl. Budi Utomo" is a street, whoever reports it.
_PLACES = frozenset(
    "jl jln jalan gg gang perum perumahan komplek kompleks cluster blok kampung kp desa dusun kelurahan kel kecamatan"
    " kec masjid mesjid musala mushola musholla gereja pura sd sdn smp smpn sma sman smk smkn tk paud pasar toko warung"
    " ruko apotek klinik rs puskesmas taman lapangan jembatan kali street road".split()
)


def hide_name(words: str, name: str, city: City) -> str:
    """The words without the name: whole words, in any case; not those that speak of the place or of the matter."""
    plain = _plain(words)
    parts = {part for part in map(_key, _WORD.findall(_plain(name))) if len(part) >= SHORTEST}
    said = {_key(word) for word in _WORD.findall(plain)} if parts else set()
    hidden = {part for part in parts & said if not _is_ordinary(part, city)}
    if not hidden:
        return words
    words = mask(plain)  # before it: an address that lost half of its name is none any more
    kept: list[str] = []
    done, of_place = 0, False
    for found in _WORD.finditer(words):
        word = _key(found[0])
        if word in hidden and not of_place:
            gap = words[done : found.start()]
            if not (kept and kept[-1] == NAME_MASK and _GAP.fullmatch(gap)):  # several names are one
                kept += [gap, NAME_MASK]
            done = found.end()
        else:
            of_place = word in _PLACES or (of_place and word in hidden)
    return "".join(kept) + words[done:]


def _plain(words: str) -> str:
    """Decorated letters as ordinary ones: people ornament the name of their profile, and not what they sign with."""
    return words if words.isascii() else unicodedata.normalize("NFKC", words)


def _key(word: str) -> str:
    """What a word is known by: "José" is signed "jose"."""
    if word.isascii():
        return word.casefold()
    apart = unicodedata.normalize("NFKD", word)
    return "".join(sign for sign in apart if not unicodedata.combining(sign)).casefold()


def veiled(ticket: Ticket, name: str, city: City) -> Ticket:
    """The ticket as offices may read it: the citizen's words do not tell this name."""
    if not name:
        return ticket
    return replace(
        ticket,
        text=hide_name(ticket.text, name, city),
        place_words=hide_name(ticket.place_words, name, city),
        citizen_note=hide_name(ticket.citizen_note, name, city),
    )


def _is_ordinary(word: str, city: City) -> bool:
    """Is it part of the city's map, or a word of what is reported? Asked only for names that were said."""
    whole = re.compile(rf"\b{re.escape(word)}\b", re.IGNORECASE)
    if any(whole.search(f"{area.name} {area.kecamatan}") for area in city.places.kelurahan) or whole.search(city.name):
        return True
    times = 0
    for category in city.catalogue.categories.values():
        for phrase in (category.name, *category.phrases, *category.things, *category.troubles):
            times += word in phrase.casefold() and whole.search(phrase) is not None
            if times == ORDINARY:
                return True
    return False
