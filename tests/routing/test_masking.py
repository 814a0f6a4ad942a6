"""NIK and telephone numbers are hidden; what officers need (meter, plate, invoice, price, date) stays."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.masking import has_personal_numbers, mask

DICE = random.Random(35)


def _nik() -> str:
    day, month, year = DICE.randint(1, 28) + DICE.choice([0, 40]), DICE.randint(1, 12), DICE.randint(0, 99)
    region = f"{DICE.choice([11, 31, 32, 33, 35, 36, 15, 73])}{DICE.randint(1, 79):02}{DICE.randint(1, 30):02}"
    return f"{region}{day:02}{month:02}{year:02}{DICE.randint(1, 9999):04}"


NOTATIONS = [
    lambda n: n,
    lambda n: " ".join((n[:4], n[4:8], n[8:12], n[12:])),
    lambda n: "-".join((n[:6], n[6:12], n[12:])),
    lambda n: ".".join((n[:2], n[2:4], n[4:6], n[6:12], n[12:])),
    lambda n: " ".join((n[:6], n[6:12], n[12:])),
    lambda n: " ".join(n),
    lambda n: f"NIK:{n}",
    lambda n: f"nik{n}",
    lambda n: f"({n})",
    lambda n: f"NIK saya {n},",
    lambda n: f"KTP no. {n}.",
    lambda n: f"{n}/a.n. Budi",
]
MOBILE_NOTATIONS = [
    lambda n: n,
    lambda n: f"{n[:4]}-{n[4:8]}-{n[8:]}",
    lambda n: f"{n[:4]} {n[4:8]} {n[8:]}",
    lambda n: f"{n[:4]}.{n[4:8]}.{n[8:]}",
    lambda n: f"+62{n[1:]}",
    lambda n: f"+62 {n[1:4]} {n[4:8]} {n[8:]}",
    lambda n: f"62{n[1:]}",
    lambda n: f"({n[:4]}) {n[4:]}",
    lambda n: f"hp:{n}",
    lambda n: f"wa {n[1:]}",
]


def _left(text: str) -> bool:
    """Whether a run of digits long enough to be somebody's number is still there."""
    digits = 0
    for letter in mask(text):
        digits = digits + 1 if letter.isdigit() else 0 if letter.isalpha() else digits
        if digits >= 8:
            return True
    return False


def test_nik_in_twelve_notations_is_hidden():
    texts = [f"tolong cek {NOTATIONS[i % 12](_nik())} atas nama saya" for i in range(1200)]
    assert sum(_left(text) for text in texts) == 0


def test_mobile_numbers_are_hidden():
    numbers = [f"08{DICE.randint(1, 9)}{DICE.randint(0, 10**8):08}{DICE.choice(['', '7'])}" for _ in range(1000)]
    texts = [f"hubungi saya di {MOBILE_NOTATIONS[i % 10](n)} ya" for i, n in enumerate(numbers)]
    assert sum(_left(text) for text in texts) == 0


def test_several_in_one_text_are_all_hidden():
    text = "NIK 3275011203850001 dan 3275 0152 0390 0002, hp 0812-3456-7890 / +62 813 1111 2222, surel a.b@contoh.co.id"
    assert mask(text) == "NIK [NIK] dan [NIK], hp [HP] / [HP], surel [EMAIL]"


@pytest.mark.parametrize(
    "make",
    [
        lambda: f"no meter PLN {DICE.randint(10**10, 10**11 - 1)} rusak",
        lambda: f"meteran air nomor {DICE.randint(10**7, 10**10)} bocor",
        lambda: f"id pelanggan {DICE.randint(10**11, 10**12 - 1)} tagihan dobel",
        lambda: f"plat B {DICE.randint(1000, 9999)} KZX parkir sembarangan",
        lambda: f"invoice INV/{DICE.randint(2020, 2026)}/{DICE.randint(10**7, 10**8)}",
        lambda: f"invoice {DICE.randint(10**15, 10**16 - 1)} belum dibayar",
        lambda: f"harga Rp {DICE.randint(1, 999)}.{DICE.randint(100, 999)}.000 per bulan",
        lambda: f"bayar {DICE.randint(1, 99)}.500.000 rupiah",
        lambda: f"kejadian {DICE.randint(10, 28)}-0{DICE.randint(1, 9)}-2025 jam 08.15",
        lambda: f"NOP 32.75.010.001.0{DICE.randint(10, 99)}-0{DICE.randint(100, 999)}.0",
        lambda: f"titik -6.{DICE.randint(100000, 999999)}, 107.0{DICE.randint(10000, 99999)}",
        lambda: f"token {DICE.randint(1000, 9999)} 5678 9012 3456 7890",
        lambda: (
            f"Jl. Mawar no {DICE.randint(1, 200)} RT 0{DICE.randint(1, 9)} RW 012 kode pos 17{DICE.randint(111, 435)}"
        ),
        lambda: f"call center 1500444, sms 1708, sudah {DICE.randint(1, 99)} hari",
        lambda: f"pohon setinggi {DICE.randint(5, 20)} meter dan {DICE.randint(2, 9)} rumah kena, jam 21.30-23.00",
        lambda: f"laporan BKS-26-{DICE.randint(0, 999999):06}-7 belum ditanggapi",
    ],
)
def test_other_numbers_stay(make):
    texts = [make() for _ in range(300)]
    assert [text for text in texts if mask(text) != text] == []


def test_landlines_are_hidden_when_they_look_like_one():
    assert mask("telp (021) 88951234") == "telp [HP]"
    assert mask("021-8895123") == "[HP]"


def test_personal_numbers_are_noticed():
    assert has_personal_numbers("nik 3275011203850001")
    assert not has_personal_numbers("lampu mati 3 hari")


@given(st.text(max_size=300))
def test_no_text_breaks_it_and_masking_twice_changes_nothing(text):
    once = mask(text)
    assert mask(once) == once


@given(st.text(alphabet="0123456789 .-+()/,", max_size=2000))
def test_digits_of_any_shape_are_answered_quickly(text):
    mask(text)
