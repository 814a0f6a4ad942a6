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

_DONE = frozenset("selesai tuntas rampung done finished completed".split())
_WITH_ALREADY = frozenset(  # "siap, beres" is a promise, and "diperbaiki" may be a plan: these need the "sudah"
    "beres kelar diselesaikan dibereskan dituntaskan diperbaiki ditambal diangkut dibersihkan diganti dipasang"
    " fixed repaired".split()
)
_ALREADY = frozenset("sudah sdh udah udh dah telah tlh already all".split())
_BESIDE = frozenset(  # "sudah ditangani" may say that somebody is at it, so it tells nothing by itself
    "siap oke ok baik ya iya lapor izin ijin maaf alhamdulillah terima kasih makasih trims thanks thank you pak bapak"
    " bu ibu bos bang mas mbak kak min admin ndan dan komandan gan rekan semua pekerjaan pekerjaannya kerjaan laporan"
    " laporannya tiket tiketnya ini 100 86 sir dikerjakan ditangani ditindaklanjuti".split()
)
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_DOUBT = re.compile("[?？؟❌✖🚫👎⛔]")


def says_finished(words: str) -> bool:
    said = [word.casefold() for word in _WORD.findall(words)]
    if not 0 < len(said) <= MOST or _DOUBT.search(words):
        return False
    known = set(said)
    if not known <= _DONE | _WITH_ALREADY | _ALREADY | _BESIDE:
        return False
    return not known.isdisjoint(_DONE) or not (known.isdisjoint(_WITH_ALREADY) or known.isdisjoint(_ALREADY))


def can_finish(ticket: Ticket, role: Role) -> bool:
    """Whether these words lead to a finished ticket, as it is now."""
    if role not in (Role.OFFICER, Role.SUPERVISOR):
        return False
    return ticket.status in MADE_UP or Action.DONE in allowed(ticket, role)
