"""Whether an officer's words below one of our messages are for us and not for the citizen, and which buttons they name.

"Terima" is the button's own name. "Bukan dinas kami", "ke DBMSDA aja" and "siap" only may be meant for us: those wait
until somebody says so. Whatever else is written is a message to the citizen.
"""

from __future__ import annotations

import re
from functools import cache

from msgspec import Struct

from routing.catalogue import Catalogue
from texts.office_words import ASKING_FOR, BELONGS, FILLERS, OUTSIDERS, PASSED_ON, PRESSED, READY, TOLD_AS_DONE, TOWARDS
from texts.words import THANKS_CORE
from tickets.city import City
from tickets.lifecycle import allowed
from tickets.moves import Action, Role
from tickets.ticket import UNTAKEN, Status, Ticket

MOST = 8  # words; who writes more tells the citizen something
SHORTEST = 5  # letters of an office's code that stand for it: "diskominfo"
_WORD = re.compile(r"[^\W_]+")
_NOT_US = re.compile(
    r"\b(?:bukan|bkn|bukannya|di ?luar|diluar)\b(?: \w+){0,2}? (?:dinas|wewenang|kewenangan|wilayah|tugas|tupoksi|"
    r"ranah|urusan|bagian|bidang|aset|tanggung jawab|punya|milik|kerjaan|kantor|opd)(?:nya)?"
    r" (?:\w+ )?(?:kami|kita|sini)\b"
    r"|\b(?:bukan|bkn|di ?luar) (?:wewenang|kewenangan|tupoksi|ranah|tugas)(?:nya)?\b"
    r"|\b(?:bukan|bkn) (?:di )?kami\b"
    r"|\bnot (?:ours|our (?:job|office|task|area|responsibility))\b|\bwrong (?:office|agency)\b"
)
_WRONG_DOOR = re.compile(r"\bsalah (?:alamat|dinas|kamar|sambung|opd|disposisi|instansi|bidang)\b")


class Meant(Struct, frozen=True):
    """press: the button that the words are. offers: those they may stand for; nothing happens before one is chosen.

    agency: an office that was named, where the ticket may be given to it
    """

    press: str = ""
    offers: tuple[str, ...] = ()
    agency: str = ""


def meant(
    words: str, ticket: Ticket, role: Role, city: City, *, to_citizen: bool = False, files: bool = False
) -> Meant | None:
    """None: words for the citizen.

    to_citizen: they stand below the citizen's own words, so "siap" answers those. files: something came along
    """
    said = [word.casefold() for word in _WORD.findall(words)]
    may = allowed(ticket, role)
    name = _pressed(said, ticket) if "?" not in words else ""
    if name:
        return Meant(offers=_given(may, name)) if to_citizen or files else Meant(press=name)
    away = _given(may, "not_ours") or _given(may, "route")
    agency = _agency(said, ticket, city)
    told = "?" not in words and _told(said, ticket, city)
    if told or _not_us(words, said) or _handed_on(said, agency):
        if agency == ticket.agency and ticket.status is not Status.NEW:  # from above, or from who stands in
            return Meant() if told or role is Role.OPS else None
        known = agency if away and agency != "-" and agency != ticket.agency else ""
        return Meant(offers=away, agency=known)
    if ticket.status in UNTAKEN and not to_citizen and not files and _ready(words, said):
        return Meant(offers=_given(may, "acknowledge") or _given(may, "route"))
    return None


def _given(may: frozenset[Action], name: str) -> tuple[str, ...]:
    return (name,) if Action(name) in may else ()


def _pressed(said: list[str], ticket: Ticket) -> str:
    """The button whose name this is, and nothing but politeness around it."""
    if not 0 < len(said) <= MOST:
        return ""
    plain = [word for word in said if word not in FILLERS]
    while len(plain) > 1 and plain[0] in READY and plain[0] not in PRESSED:
        plain = plain[1:]
    name = PRESSED.get(" ".join(plain), "")
    reopening = ticket.status is Status.REOPEN_REQUESTED
    if name == "decline":
        return "decline_reopen" if reopening else "route" if ticket.status is Status.NEW else "not_ours"
    if name == "agree":
        return "accept_reopen" if reopening else "acknowledge" if ticket.status is Status.ASSIGNED else ""
    if name == "route" and ticket.status is not Status.NEW:
        return ""  # an officer's "teruskan" has no button of its own: see _handed_on
    return name


def _ready(words: str, said: list[str]) -> bool:
    """ "Siap pak", "otw", or a thumb."""
    if not said:
        return bool(words.strip())
    known = READY | FILLERS | THANKS_CORE
    if len(said) > MOST or "?" in words or not {"kami", "kita"}.isdisjoint(said):  # "baik, kami tindak lanjuti"
        return False
    return set(said) <= known and not READY.isdisjoint(said)


def _not_us(words: str, said: list[str]) -> bool:
    text = " ".join(said)
    return bool(_NOT_US.search(text) or ("?" not in words and _WRONG_DOOR.search(text)))


def _told(said: list[str], ticket: Ticket, city: City) -> bool:
    """ "Tolong dishub dicek ya": the office is spoken to. "Mohon hubungi kelurahan" is for the citizen."""
    return 1 < len(said) <= MOST and said[0] in ASKING_FOR and bool(_agency(said[1:2], ticket, city))


def _handed_on(said: list[str], agency: str) -> bool:
    """ "Teruskan ke DBMSDA", "ke dishub saja", "ini tugas PLN", "dbmsda"."""
    known = set(said)
    if not said or not known.isdisjoint(TOLD_AS_DONE) or len(said) > MOST:
        return False
    if not known.isdisjoint(PASSED_ON):
        return bool(agency) or known <= PASSED_ON | FILLERS | READY | TOWARDS
    if not agency:
        return False
    if known.isdisjoint(BELONGS):
        return len(known - FILLERS - TOWARDS - READY) <= agency.count(" ") + 1
    return True


def _agency(said: list[str], ticket: Ticket, city: City) -> str:
    """The code of the one office that is named, "-" for somebody outside or for several, "" for nobody."""
    names = _names(city.catalogue)
    text = f" {' '.join(said)} "
    found = {code for name, code in names.items() if f" {name} " in text}
    found |= {code for word in said if len(word) >= SHORTEST for code in _beginning(word, city.catalogue)}
    found = {code for code in found if code != ticket.agency} or found
    if not found:
        return "-" if not OUTSIDERS.isdisjoint(said) else ""
    code = min(found)
    return code if len(found) == 1 and city.catalogue.agency(code).kind != "external" else "-"


def _beginning(word: str, catalogue: Catalogue) -> list[str]:
    found = [code for code in catalogue.agencies if code.casefold().startswith(word)]
    return found if len(found) == 1 else []


@cache
def _spelled(catalogue_names: tuple[tuple[str, str], ...]) -> dict[str, str]:
    return {" ".join(_WORD.findall(name.casefold())): code for name, code in catalogue_names}


def _names(catalogue: Catalogue) -> dict[str, str]:
    """What offices are called by, and their codes."""
    named = [
        (name, one.code)
        for one in catalogue.agencies.values()
        for name in (one.code, one.short, *one.short.split("/"), one.name)
    ]
    return _spelled(tuple(named))
