"""Words around places and measures, in everyday Indonesian and English; written without signs, as in words.py."""

from __future__ import annotations

from texts.words import BESIDE, LANES


def _words(line: str) -> frozenset[str]:
    return frozenset(line.split("|"))


LEADING = _words(
    "ntu|itu|tu|tuh|yang|yg|eh|oh|ya|iya|di|ada|adanya|letaknya|posisinya|lokasinya|tempatnya|alamatnya|it|is|its"
)
BEGINS = (BESIDE - _words("pas|arah")) | LANES | _words("jl|jln|gg|perempatan|pertigaan|simpang|bundaran")
HAPPENS = _words(  # where one of these stands, something is told of the place
    "ada|banyak|sering|suka|selalu|tiap|setiap|gelap|becek|licin|rame|ramai|tidak|tdk|gak|ga|gk|nggak|ngga|enggak|"
    "engga|kagak|kaga|belum|blm|blom|sudah|udah|sdh|udh|lagi|mau|bisa|kalau|kalo|there|always|often|dark|not"
)
VERY = _words("banget|bgt|bget|bngt|bgtt|bangettt|parah|pisan|nian|tenan|amat|gede|guede|dalem|ngeri|serem|badly|very")
TIMES = _words(
    "hari|minggu|bulan|bln|tahun|thn|taun|jam|seminggu|sebulan|setahun|sehari|berhari2|berbulan2|bertahun2|lama|lamanya|"
    "orang|org|korban|motor|days|weeks|months|years|hours|people|long"
)
SO_FAR = _words("udah|sudah|udh|sdh|dah|wis|wes|uwis|already|for|since|sejak|dari")
