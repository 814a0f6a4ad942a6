"""NIK and telephone numbers are hidden; what officers need (meter, plate, invoice, price, date) stays."""

import random
import sys

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
def test_digits_of_any_shape_break_nothing(text):
    mask(text)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("08l2 3456 789O", "[HP]"),  # letters that look like digits
        ("o812 3456 7890", "[HP]"),
        ("O81234567890", "[HP]"),
        ("0812,3456,7890", "[HP]"),
        ("0812, 3456, 7890", "[HP]"),
        ("0812:3456:7890", "[HP]"),
        ("0812/3456/7890", "[HP]"),
        ("0812 / 3456 / 7890", "[HP]"),
        ("0812|3456|7890", "[HP]"),
        ("081|234|567|890", "[HP]"),
        ("0812'3456'7890", "[HP]"),
        ("0812~3456~7890", "[HP]"),
        ("0812==3456==7890", "[HP]"),
        ("0812\n3456\n7890", "[HP]"),
        ("0812\u200b3456\u200b7890", "[HP]"),
        ("08\u200b12345\u200b67890", "[HP]"),
        ("0812....3456.7890", "[HP]"),
        ("0812 🙂 3456 🙂 7890", "[HP]"),
        ("0,8,1,2,3,4,5,6,7,8,9,0", "[HP]"),
        ("+62/812/3456/7890", "[HP]"),
        ("62/812/3456/7890", "[HP]"),
        ("62812/3456/7890", "[HP]"),
        ("０８１２３４５６７８９０", "[HP]"),
        ("０８１２－３４５６－７８９０", "[HP]"),
        ("٠٨١٢٣٤٥٦٧٨٩٠", "[HP]"),
        ("３２７５０１１２０３８５０００１", "[NIK]"),
        ("3275/0123/4567/8901", "[NIK]"),
        ("3275:0123:4567:8901", "[NIK]"),
        ("3275|0123|4567|8901", "[NIK]"),
        ("3275,0112,0385,0001", "[NIK]"),
        ("32/75/01/120385/0001", "[NIK]"),
        ("32750112038500010812345678", "[NIK] [HP]"),  # written as one
        ("0812345678903275011203850001", "[HP] [NIK]"),
        ("081234567890081345678901", "[HP] [HP]"),
        ("081234567890081345678901081298765432", "[HP] [HP] [HP]"),
        ("3275-0112-0385-0001-0812-3456-7890", "[NIK]-[HP]"),
        ("0812/3456/7890/0813/4567/8901", "[HP]/[HP]"),
        ("+60 12 345 6789", "[HP]"),  # from abroad
        ("+65 9123 4567", "[HP]"),
        ("+6591234567", "[HP]"),
        ("+1 (415) 555-2671", "[HP]"),
        ("+44 20 7946 0958", "[HP]"),
        ("budi@gmail.com", "[EMAIL]"),
        ("budi@kantor.co.id", "[EMAIL]"),
        ("budi(at)gmail.com", "[EMAIL]"),
        ("budi[at]gmail[dot]com", "[EMAIL]"),
        ("budi @ gmail . com", "[EMAIL]"),
        ("budi at gmail dot com", "[EMAIL]"),
        ("budi at gmail.com", "[EMAIL]"),
        ("budi.s (at) kantor titik co titik id", "[EMAIL]"),
        ("budi＠gmail．com", "[EMAIL]"),
    ],
)
def test_numbers_in_disguise_are_hidden(written: str, name: str):
    assert mask(f"ini {written} punya saya") == f"ini {name} punya saya"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("hp 08/12/34/56/78/90", "hp [HP]"),  # a label makes up for the odd groups
        ("hub 0812;3456;7890 ya", "hub [HP] ya"),
        ("NIK 3275/01/230456/7890", "NIK [NIK]"),
        ("RT 03/05, hp 0812/3456/7890, ada 12 rumah", "RT 03/05, hp [HP], ada 12 rumah"),
        ("0812/3456/789, 12 rumah gelap", "[HP], 12 rumah gelap"),
        ("jam 08.15, 0812/3456/7890", "jam 08.15, [HP]"),
    ],
)
def test_only_the_number_itself_is_replaced(text: str, masked: str):
    assert mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "tanggal 08/12/2026 jam 09.30",
        "12/11/2026, 13/11/2026, 14/11/2026",
        "08-12-26 09-12-26 10-12-26",
        "tgl 08, 09, 10, 11, 12",
        "tgl 08,12,15,18,20,22",
        "jam 08:12, 08:45, 09:10, 10:20",
        "jam 08.15 - 09.30 - 12.00",
        "jam 08.30-12.00 13.00-16.00",
        "buka 08:12/08:45/09:10/10:15",
        "pukul 20.00\n21.00\n22.00\n23.00",
        "Senin 08.00, Selasa 09.00, Rabu 10.00",
        "rumah no 12, 14, 16, 18, 20, 22, 24, 26",
        "rumah no 62, 81, 83, 85, 87, 89",
        "RT 03/05, RT 08/12, RT 08/015 RW 12",
        "RT 081/012, no 15, 17421",
        "1/2/3/4/5/6/7/8/9/10/11/12",
        "tiang no 12",
        "tiang 0812, 0813, 0815, 0816",
        "tiang nomor 0812/34/5678",
        "surat nomor 0812/3456/2026",
        "plat B 1234 XYZ dan B 8123 OIO",
        "-6.298123, 106.959456",
        "-6.298123,106.959456",
        "+6.2981 +106.9590",
        "6°14'22.5\" S 106°59'12.3\" E",
        "Rp 1.500.000, Rp 2.000.000",
        "harga 1.500.000 / 2.000.000",
        "harga 1500, 2000, 2500, 3000",
        "harga 1500/2000/2500/3000",
        "harga 1500 2000 2500 3000",
        "biaya +1.500.000.000",
        "tahun 2020, 2021, 2022, 2023",
        "tahun 2020-2021 2022-2023",
        "1998/1999/2000/2001",
        "BKS-26-000123-7, BKS-26-000124-5",
        "26-000123-7 26-000124-5",
        "jarak 0,8 km, 1,2 km, 3,4 km 5,6 km",
        "ada 62, 812, 900, 1000 orang",
        "suhu +31.5 +32.5 +33.1",
        "nilai +30 -25 +12 -8",
        "volume 3.275.012 m3/1.234.567",
        "kode pos 17421, 17422, 17423, 17424",
        "token 1234/5678/9012/3456/7890",
        "NOP 32.75.010.001.010-0123.0",
        "call 112, 119, 113, 110",
        "32 rumah, 75 KK, 1 RT, 12 lampu, 38 tiang, 5000 orang",
        "Jl. Mawar Blok O8 no 12 l2",
        "lampu @ jalan. Mati sejak 3 hari",
        "parkir @ pasar . Tolong",
        "the light at the corner is dead",
        "look at bekasikota.go.id",
    ],
)
def test_facts_of_ordinary_complaints_stay(text: str):
    assert mask(text) == text


def _calls(text: str) -> int:
    """How much work it is to mask that, in calls made."""
    calls = 0

    def count(frame: object, event: str, argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        mask(text)
    finally:
        sys.setprofile(None)
    return calls


@pytest.mark.parametrize(
    "unit",
    ["1\n", "1/", "0812/", "0812 3456 ", "08.15 ", "1.000.", "O0", "+1", "l1 ", "\u200b1", "token 1234 ", "a at "],
)
def test_twice_as_much_text_is_no_more_than_twice_the_work(unit: str):
    assert _calls(unit * 800) <= 2.2 * _calls(unit * 400) + 100


@given(st.text(alphabet="0123456789oOl \n.-+()/,|\u200b[]@", max_size=120))
def test_disguised_digits_are_hidden_for_good(text: str):
    once = mask(text)
    assert mask(once) == once


@pytest.mark.parametrize(
    "words",
    [
        "budi.santoso@example.co.id",
        "budisantoso@gmail",
        "budisantoso@gmail,com",
        "BUDI@Yahoo",
        "budi@gmailcom",
        "b@ymail. com",
    ],
)
def test_an_address_without_a_digit_is_hidden_also_where_its_end_is_wrong(words: str):
    assert mask(f"surel saya {words} ya") == "surel saya [EMAIL] ya"


@pytest.mark.parametrize("words", ["lewat gmail ya", "rapat @ live music", "jual outlook @kampung", "@budi"])
def test_what_is_no_address_stays(words: str):
    assert mask(words) == words
