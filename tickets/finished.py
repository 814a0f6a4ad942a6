"""Whether an officer's bare words below a card say that the work is done, and nothing else.

Every word has to be known: one more, such as "besok", "tinggal" or "belum", and it is a message like any other.
"""

from __future__ import annotations

import re

MOST = 8  # words; who writes more has something to tell

_DONE = frozenset("selesai beres kelar tuntas rampung done finished completed".split())
_REPAIRED = frozenset(  # said of the work, these need the "sudah": "diperbaiki" alone may be a plan
    "diselesaikan dikerjakan ditangani diperbaiki dibereskan dituntaskan ditindaklanjuti ditambal diangkut dibersihkan"
    " diganti dipasang fixed repaired".split()
)
_ALREADY = frozenset("sudah sdh udah udh dah telah tlh has been is all already".split())
_BESIDE = frozenset(
    "siap oke ok ok2 baik ya iya lapor izin ijin mohon maaf alhamdulillah terima kasih makasih trims thanks thank you"
    " pak bapak bu ibu bos bang mas mbak kak min admin ndan dan komandan gan rekan semua pekerjaan pekerjaannya kerjaan"
    " laporan laporannya tiket tiketnya ini 100 86 it work sir".split()
)
_WORD = re.compile(r"[^\W_]+")


def says_finished(words: str) -> bool:
    if "?" in words:
        return False
    said = [word.casefold() for word in _WORD.findall(words)]
    if not 0 < len(said) <= MOST:
        return False
    known = set(said)
    if not known <= _DONE | _REPAIRED | _ALREADY | _BESIDE:
        return False
    return not known.isdisjoint(_DONE) or not (known.isdisjoint(_REPAIRED) or known.isdisjoint(_ALREADY))
