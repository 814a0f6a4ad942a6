"""Whether an officer's bare words below a card say that the work is done, and what stands between a ticket and that.

Every word has to be known: one more, such as "besok", "tinggal" or "belum", and it is a message like any other.
"""

from __future__ import annotations

import re

from tickets.lifecycle import allowed
from tickets.moves import Action, Role
from tickets.ticket import Status, Ticket

MOST = 8  # words; who writes more has something to tell
# The presses that were left out by whoever writes it before pressing anything.
MADE_UP: dict[Status, tuple[Action, ...]] = {
    Status.ASSIGNED: (Action.ACKNOWLEDGE, Action.START),
    Status.ACKNOWLEDGED: (Action.START,),
    Status.WAITING_CITIZEN: (Action.RESUME,),
}

_DONE = frozenset("selesai selsai slesai selese selesei tuntas rampung done finished completed".split())
_WITH_ALREADY = frozenset(  # "siap, beres" is a promise, and "diperbaiki" may be a plan: these need the "sudah"
    "beres kelar diselesaikan dibereskan dituntaskan dikerjakan diperbaiki ditambal diangkut dibersihkan diganti"
    " dipasang clear fixed repaired".split()
)
_ALREADY = frozenset("sudah sdh udah udh dah telah tlh already all".split())
_BESIDE = frozenset(  # "sudah ditangani" may say that somebody is at it, so it tells nothing by itself
    "siap oke ok baik ya iya lapor izin ijin maaf alhamdulillah terima kasih makasih trims thanks thank you pak bapak"
    " bu ibu bos bang mas mbak kak min admin ndan dan komandan gan rekan semua pekerjaan pekerjaannya kerjaan laporan"
    " laporannya tiket tiketnya ini 100 86 sir kami tim petugas teknisi oleh ditangani ditindaklanjuti".split()
)
_PROMISED = frozenset("siap oke ok baik 86".split())
_VERB = r"(?:selesaikan|bereskan|tuntaskan|kerjakan|perbaiki|tambal|angkut|bersihkan|ganti|pasang)\b"
_SINCE = rf"\b({'|'.join(sorted(_ALREADY))})"
_BY_US = re.compile(rf"{_SINCE} (?:kami|tim|petugas|teknisi) (?={_VERB})")  # "kami ganti" alone may be a plan
_APART = re.compile(rf"\bdi (?={_VERB})")
_READY = re.compile(r"\bsiap (?:kami |untuk )?di")  # "sudah siap diganti"
_BY_WHOM = re.compile(rf"{_SINCE} ditangani (?:oleh )?(?:tim|petugas|teknisi)\b")  # it was somebody's, and is over
_JUST_DONE = re.compile(r"\bberes ya\b")
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_DOUBT = re.compile("[?？؟❌✖🚫👎⛔]")


def says_finished(words: str) -> bool:
    said = _words(words)
    if not 0 < len(said) <= MOST or _DOUBT.search(words):
        return False
    text = _APART.sub("di", _BY_US.sub(r"\1 di", " ".join(said)))
    known = set(text.split())
    if not known <= _DONE | _WITH_ALREADY | _ALREADY | _BESIDE or _READY.search(text):
        return False
    if not known.isdisjoint(_DONE) or _BY_WHOM.search(text):
        return True
    if known.isdisjoint(_WITH_ALREADY):
        return False
    return not known.isdisjoint(_ALREADY) or bool(_JUST_DONE.search(text) and known.isdisjoint(_PROMISED))


def tells_of_work(words: str) -> bool:
    """Is anything said to be done, whatever else is said? No step is taken for it; whoever wrote it is reminded."""
    return not (_DONE | _WITH_ALREADY | _ALREADY - {"all"}).isdisjoint(_words(words))


def _words(words: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(words)]


def can_finish(ticket: Ticket, role: Role) -> bool:
    """Whether these words lead to a finished ticket, as it is now."""
    if role not in (Role.OFFICER, Role.SUPERVISOR):
        return False
    return ticket.status in MADE_UP or Action.DONE in allowed(ticket, role)
