import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.errors import SlangOfKeptWord
from routing.normalise import MAX_WORDS, Lexicon, Normaliser, tokenise, words
from routing.stem import Stemmer

ROOTS = ["tutup", "lubang", "pangkas", "tumpuk", "rusak", "jalan", "gelap", "terang", "sapu", "lampu", "mati", "keruk"]
LEXICON = Lexicon(
    {"bolong": "lubang", "jln": "jalan", "gak": "tidak", "rs": "rumah sakit"},
    frozenset({"kk"}),
    frozenset({"tidak", "di"}),
    frozenset({"depan"}),
)
NORMALISER = Normaliser(LEXICON, ROOTS)


@pytest.mark.parametrize(
    ("word", "root"),
    [
        ("menutupi", "tutup"), ("nutupin", "tutup"), ("berlubang", "lubang"), ("dipangkasin", "pangkas"),
        ("numpuk", "tumpuk"), ("tumpukan", "tumpuk"), ("kerusakan", "rusak"), ("penerangan", "terang"),
        ("nyapu", "sapu"), ("pengerukan", "keruk"), ("jalannya", "jalan"), ("pju", "pju"), ("kerendem", "kerendem"),
    ],
)  # fmt: skip
def test_stems(word, root):
    assert Stemmer(ROOTS).stem(word) == root


def test_numbers_links_addresses_and_stretched_letters_go():
    text = "Tolonggg cek https://x.id/a1 di RT 03/RW 05, Kel. Jati no.12 budi@contoh.id <NIK> 12345 gelap-gelapan"
    assert words(text) == ["tolong", "cek", "di", "gelapan"]


def test_doubled_words_count_once():
    assert words("gorong-gorong gorong2 jalan2nya") == ["gorong", "gorong", "jalannya"]


def test_slang_is_spelled_out_and_kept_words_survive():
    assert NORMALISER.stems("jln bolong gak ditutup kk rs") == ["jalan", "lubang", "tutup", "kk", "rumah", "sakit"]
    with pytest.raises(SlangOfKeptWord, match="kk"):
        Lexicon({"kk": "kakak"}, frozenset({"kk"}), frozenset())


def test_accents_and_compatible_letters_become_plain():
    assert words("Café Ｌａｍｐｕ ﬁtur") == ["cafe", "lampu", "fitur"]


def test_sentences_are_cut_where_they_end():
    assert tokenise("lampu mati. gelap!\njalan") == ["lampu", "mati", ".", "gelap", "!\n", "jalan"]


@given(st.text(max_size=400))
def test_no_text_breaks_it(text):
    assert all(isinstance(stem, str) and stem for stem in NORMALISER.stems(text))


def test_a_very_long_text_is_cut():
    assert len(words("kata " * 100_000)) <= MAX_WORDS
