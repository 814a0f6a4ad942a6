"""The name of somebody who asked to stay unnamed is hidden in their own words."""

import time

import pytest

from tests.halls import hall
from tickets.secrecy import NAME_MASK, hide_name

# as profiles show it: mathematical letters in bold
BOLD = "".join(chr(0x1D41A + ord(one) - ord("a")) for one in "zulkarnain")


@pytest.mark.parametrize(
    ("name", "said", "shown"),
    [
        ("Budi Santoso", "saya budi santoso rt 03, lampu mati", "saya [NAMA] rt 03, lampu mati"),
        ("Budi Santoso", "SANTOSO, lampu mati. Salam, Budi", "[NAMA], lampu mati. Salam, [NAMA]"),
        ("Budi 🌸 Santoso_77", "dari Budi", "dari [NAMA]"),
        ("Budi", "budidaya lele, budi.santoso", "budidaya lele, [NAMA].santoso"),
        ("Al Ed", "al ed di sini", "al ed di sini"),  # too short to be told from words
        ("Warga Bekasi", "warga Bekasi Timur resah", "warga Bekasi Timur resah"),
        ("Ibu Melati", "ibu di jalan melati", "ibu di jalan melati"),
        ("Lampu Budi", "lampu mati, budi", "lampu mati, [NAMA]"),
        ("Jaya Sari", "di Jatisari dan Jaya", "di Jatisari dan [NAMA]"),
        ("Budi Utomo", "lampu jl. Budi Utomo mati, saya Budi", "lampu jl. Budi Utomo mati, saya [NAMA]"),
        ("Dewi", "gang dewi sartika", "gang dewi sartika"),
        ("", "saya budi", "saya budi"),
        ("Budi Santoso", "budi, budi.santoso@example.co.id", "[NAMA], [EMAIL]"),
        ("Jos\u00e9 \u0130nan", "saya jos\u00e9 ya", "saya [NAMA] ya"),
        ("Jos\u00e9 \u0130nan", "saya jose inan ya", "saya [NAMA] ya"),
        ("Jose", "saya jos\u00e9, bukan jose\u0301fa", "saya [NAMA], bukan jos\u00e9fa"),
        (BOLD, "saya Zulkarnain rt 03", "saya [NAMA] rt 03"),
        ("Zulkarnain", f"saya {BOLD} rt 03", "saya [NAMA] rt 03"),
        ("\u24e9\u24e4\u24db", "saya zul, \u24e9\u24e4\u24db", "saya [NAMA], [NAMA]"),
        ("Z\u0336u\u0336l\u0336", "ini zul", "ini [NAMA]"),
        ("Dewi", "r\u00e9klame di caf\u00e9 \u00bd rusak\u2026", "r\u00e9klame di caf\u00e9 \u00bd rusak\u2026"),
    ],
)
def test_whole_words_of_the_name_are_hidden_and_nothing_else(name: str, said: str, shown: str):
    assert hide_name(said, name, hall()) == shown


def test_a_long_text_takes_its_length():
    city = hall()

    def took(many: int) -> float:
        begun = time.perf_counter()
        hidden = hide_name("budi di jl. budi itu " * many, "budi " * 50, city)
        assert hidden.count(NAME_MASK) == many
        return time.perf_counter() - begun

    took(10)
    short, long = min(took(2000) for _ in range(3)), min(took(16000) for _ in range(3))
    assert long < 8 * short * 4
