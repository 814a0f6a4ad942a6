from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.catalogue import Agency, Category, Owner, build
from routing.danger import Hedges
from routing.match import Match, Vocabulary
from routing.normalise import Lexicon
from routing.understand import Understander, Understands, emergency_of


def _category(code, phrases, group="a"):
    return Category(code, code, code, 24, group, (Owner("X", date(2020, 1, 1)),), phrases)


@pytest.fixture(scope="module")
def tiny() -> Understander:
    book = build(
        [Agency("X", "X", "X", "opd")],
        [
            _category("LAMP", ("lampu jalan mati", "lampu padam")),
            _category("ROAD", ("jalan rusak", "jalan berlubang")),
            _category("SIGNAL", ("lampu merah mati",), "b"),
            _category("OTHER", ("bertanya",), "b"),
        ],
        [("a", "A", "A"), ("b", "B", "B")],
        triage="X",
        fallback="OTHER",
    )
    lexicon = Lexicon({}, frozenset(), frozenset({"di"}))
    return Understander(book, [], Hedges((), (), (), (), ()), lexicon, ["lampu", "jalan", "mati", "rusak", "lubang"])


def test_neighbouring_words_decide_between_categories_that_share_words(tiny):
    assert tiny.understand("lampu merah mati").best == "SIGNAL"
    assert tiny.understand("lampu di jalan mati").best == "LAMP"


def test_a_slip_of_the_finger_is_forgiven(tiny):
    assert tiny.understand("lampu padamm").best == "LAMP"
    assert Vocabulary(["selokan"]).closest("selokn") == "selokan"
    assert Vocabulary(["selokan"]).closest("selimut") is None
    assert Vocabulary(["got"]).closest("gos") is None, "short words have too many neighbours"


def test_at_least_three_candidates_best_first_with_scores_from_0_to_1(tiny):
    found = tiny.understand("lubang").candidates
    assert len(found) >= 3
    assert found[0].code == "ROAD"
    assert [m.score for m in found] == sorted((m.score for m in found), reverse=True)
    assert all(0 <= m.score <= 1 for m in found)


def test_nothing_said_means_unknown_and_no_candidates(tiny):
    for text in ("", "   ", "???", "😀😀", "12345", "\ud800", "\x00", "壊れた"):
        understood = tiny.understand(text)
        assert (understood.decision, understood.candidates, understood.best) == ("unknown", (), None)


def test_the_fallback_category_is_never_stated_as_sure(tiny):
    understood = tiny.understand("bertanya")
    assert understood.candidates[0].code == "OTHER"
    assert understood.decision == "ask"


def test_the_same_text_gives_the_same_answer(bekasi):
    text = "lampu jalan mati depan SDN 3 Jatiasih"
    assert bekasi.understander.understand(text) == bekasi.understander.understand(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Lampu jalan mati depan SDN 3 Jatiasih", "PJU"),
        ("lampu merah perempatan mati", "LAMPU-LALIN"),
        ("jln bolong2 aspalnya rusak depan indomaret", "JLN-RUSAK"),
        ("kk saya hilang mau bikin lagi", "ADMINDUK"),
        ("pju ketutupan pohon minta dipangkas", "POHON"),
        ("The water pipe is leaking in front of my house", "AIR"),
    ],
)
def test_plain_cases_are_sure(bekasi, text, code):
    understood = bekasi.understander.understand(text)
    assert (understood.best, understood.decision) == (code, "sure")


@pytest.mark.parametrize("text", ["lampu jalan mati", "got mampet", "ktp hilang mau bikin lagi", "air pdam mati"])
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("selamat pagi pak, mohon maaf mengganggu waktunya, ", ""),
        ("", ", tolong rahasiakan nama saya ya. terima kasih"),
        ("", " di jalan cempaka raya dekat masjid al ikhlas"),
        (
            "Yth. Bapak Wali Kota, perkenalkan nama saya Budi. ",
            ". Demikian laporan saya, atas perhatiannya terima kasih",
        ),
    ],
)
def test_courtesy_secrecy_and_a_place_change_nothing(bekasi, text, before, after):
    plain, dressed = bekasi.understander.understand(text), bekasi.understander.understand(before + text + after)
    assert (dressed.candidates[0].code, dressed.decision) == (plain.candidates[0].code, plain.decision)


def test_what_spoke_for_it_is_said_in_the_citizens_own_words(bekasi):
    because = bekasi.understander.understand("lampunye di gang mati, anak2 pada takut").because
    assert because[0] == "lampunye"
    assert len(because) <= 5
    assert bekasi.understander.understand("halo").because == ()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("shock breaker jebol gara2 tiap hari lewat situ", "JLN-RUSAK"),
        ("kasur udah ngambang, semalem pada tidur di musholla", "BANJIR"),
        ("anak perawan pulang les pada takut lewat situ abis magrib", "PJU"),
        ("sudah 3 kali lapor sampah belum diangkut", "SAMPAH"),
        ("tidak ada masalah dengan sampah, yang rusak jalannya", "JLN-RUSAK"),
    ],
)
def test_symptoms_are_understood_without_the_name_of_the_thing(bekasi, text, code):
    assert bekasi.understander.understand(text).candidates[0].code == code


@pytest.mark.parametrize("text", ["lampu", "jalan", "air", "motor", "mobil"])
def test_a_single_vague_word_is_asked_about(bekasi, text):
    assert bekasi.understander.understand(text).decision == "ask"


@pytest.mark.parametrize("text", ["halo", "selamat pagi pak", "terima kasih", "asdfgh", "mohon dibantu", "ok"])
def test_small_talk_is_unknown(bekasi, text):
    assert bekasi.understander.understand(text).decision == "unknown"


def test_eight_thousand_letters_of_anything_are_answered(bekasi):
    for text in ("x" * 8000, "jalan rusak " * 700, "😀" * 8000, "a b " * 4000, "-" * 8000, "'" * 8000):
        assert bekasi.understander.understand(text).decision in ("sure", "ask", "unknown")


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=500))
def test_no_text_breaks_it(bekasi, text):
    understood = bekasi.understander.understand(text)
    assert not understood.candidates or len(understood.candidates) >= 3


def test_it_can_be_replaced_by_anything_that_understands(bekasi):
    understands: Understands = bekasi.understander
    assert understands.understand("got mampet").candidates[0] == Match("DRAINASE", pytest.approx(0.9, abs=0.1))


def test_a_chosen_category_brings_its_line(bekasi):
    book = bekasi.catalogue
    assert emergency_of(book.category("KEBAKARAN")).tell == "112"
    assert "tanggul jebol" in emergency_of(book.category("KALI")).tell
    assert "dyke" in emergency_of(book.category("KALI"), "en").tell
    assert emergency_of(book.category("PJU")) is None
