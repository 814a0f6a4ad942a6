"""Words around places and measures, in everyday Indonesian and English; written without signs, as in words.py."""

from __future__ import annotations

from texts.words import BESIDE, LANES, one_of

LEADING = one_of(
    "ntu|itu|tu|tuh|yang|yg|eh|oh|ya|iya|di|ada|adanya|letaknya|posisinya|lokasinya|tempatnya|alamatnya|it|is|its"
)
BEGINS = (BESIDE - one_of("pas|arah")) | LANES | one_of("jl|jln|gg|perempatan|pertigaan|simpang|bundaran")
HAPPENS = one_of(  # where one of these stands, something is told of the place
    "ada|banyak|sering|suka|selalu|tiap|setiap|gelap|becek|licin|rame|ramai|tidak|tdk|gak|ga|gk|nggak|ngga|enggak|"
    "engga|kagak|kaga|belum|blm|blom|sudah|udah|sdh|udh|lagi|mau|bisa|kalau|kalo|there|always|often|dark|not"
)
VERY = one_of("banget|bgt|bget|bngt|bgtt|bangettt|parah|pisan|nian|tenan|amat|gede|guede|dalem|ngeri|serem|badly|very")
TIMES = one_of(
    "hari|minggu|bulan|bln|tahun|thn|taun|jam|seminggu|sebulan|setahun|sehari|berhari2|berbulan2|bertahun2|lama|lamanya|"
    "orang|org|korban|motor|days|weeks|months|years|hours|people|long"
)
SO_FAR = one_of("udah|sudah|udh|sdh|dah|wis|wes|uwis|already|for|since|sejak|dari")
