"""What kind of message something is; a report hidden by courtesy or anger is still a report."""

import pytest

from routing.errors import UnknownGroupOfWords
from routing.intent import INTENTS, Cues, IntentReader, IntentWords
from routing.normalise import Lexicon, Normaliser, tokenise
from routing.phrases import phrase

MESSAGES = [
    ("report", "anjing jalan rusak mulu"),
    ("report", "terima kasih sebelumnya, mohon got depan rumah dibersihkan"),
    ("report", "kapan jalan ini diperbaiki, sudah 2 tahun rusak"),
    ("report", "Assalamualaikum pak, selamat siang, lampu jalan di gang kami padam, terima kasih"),
    ("report", "goblok banget sih sampah udah seminggu ga diangkut"),
    ("report", "makasih responnya min, tapi gotnya masih mampet"),
    ("report", "kenapa ya air pdam keruh terus?"),
    ("report", "di kali ada yang buang limbah"),
    ("report", "asdf"),
    ("thanks", "makasih ya min lampunya udah nyala"),
    ("thanks", "terima kasih banyak pak"),
    ("thanks", "mantap, cepat sekali responnya"),
    ("status", "laporan saya kemarin kok belum ada kabar"),
    ("status", "BKS-26-000123-7"),
    ("status", "gimana kelanjutan laporan saya"),
    ("info", "dimana bikin ktp"),
    ("info", "syarat bikin kk apa aja"),
    ("info", "puskesmas buka jam berapa ya"),
    ("suggestion", "usul dong dibikin taman di sini"),
    ("suggestion", "gimana kalau di alun alun dikasih perpustakaan"),
    ("spam", "pinjol cepat cair klik link"),
    ("spam", "slot gacor maxwin daftar sekarang"),
    ("greeting", "assalamualaikum"),
    ("greeting", "halo min"),
    ("cancel", "gak jadi deh min"),
    ("cancel", "batalin laporan saya dong"),
    ("help", "cara lapor gimana"),
    ("help", "bot ini bisa apa aja"),
    ("chitchat", "udah makan belum min"),
    ("chitchat", "wkwkwk"),
    ("abuse", "anjing lu"),
    ("abuse", "dasar bot goblok"),
    ("report", "selamat siang bapak ibu admin, pagar jembatan di kampung kami hilang"),
    ("report", "kak numpang nanya, kok tiang di sini doyong dibiarin"),
    ("report", "ini https://www.google.com/maps?q=-6.298,106.959"),
    ("report", "apa pantas kepala sekolah minta uang bangku"),
    ("status", "udah tiga minggu kok belum ada yang nengok ke sini"),
    ("status", "yg minggu lalu aku aduin udah digarap blm"),
    ("thanks", "paretnya udah lancar lagi, nuhun ya"),
    ("cancel", "itu tadi keponakan yang mencet, tolong dihapus aja"),
    ("help", "abis foto terus aku pencet yang mana"),
    ("info", "kalo mau pecah kk bawa berkas apa aja"),
    ("suggestion", "enaknya tiap halte dikasih rak buku deh"),
    ("chitchat", "kamu kalo lagi sedih ngapain min"),
    ("spam", "butuh modal? gadai bpkb cair sejam, chat marketing kami"),
]


@pytest.mark.parametrize(("intent", "text"), MESSAGES)
def test_the_kind_of_message_is_recognised(bekasi, intent, text):
    assert bekasi.understander.understand(text).intent == intent


def test_typing_slips_do_not_change_the_kind(bekasi):
    for intent, text in [
        ("thanks", "terimakaish bnyk pak"),
        ("info", "syrat bikin ktp apa aja"),
        ("status", "laporn saya gmn"),
    ]:
        assert bekasi.understander.understand(text).intent == intent


def test_danger_is_always_a_report(bekasi):
    assert bekasi.understander.understand("makasih min tapi rumah sebelah kebakaran tolong").intent == "report"


@pytest.mark.parametrize("text", ["", " ", "😂", "?!", "7" * 400, "a" * 8000, "\ud800", "terima kasih " * 900])
def test_whatever_comes_has_an_intent(bekasi, text):
    assert bekasi.understander.understand(text).intent in INTENTS


@pytest.fixture
def plain():
    return Normaliser(Lexicon({}, frozenset(), frozenset()), ())


def test_a_draw_is_a_report(plain):
    reader = IntentReader(IntentWords((Cues("thanks", {"hint": ("nuhun",)}),), {}, frozenset()), plain)
    assert reader.read("nuhun", tokenise("nuhun"), topic=0.0) == "report"


def test_what_speaks_against_counts_inside_longer_phrases_too(plain):
    cues = Cues("thanks", {"likely": ("nuhun pisan",), "against": ("pisan",)})
    reader = IntentReader(IntentWords((cues,), {}, frozenset()), plain)
    assert reader.read("nuhun pisan", tokenise("nuhun pisan"), topic=0.0) == "report"


def test_content_weakens_small_talk_but_no_question(plain):
    cues = (Cues("thanks", {"likely": ("nuhun",)}), Cues("info", {"likely": ("naon",)}))
    reader = IntentReader(IntentWords(cues, {}, frozenset({"kang"})), plain)
    for text, intent in [
        ("nuhun kang", "thanks"),
        ("nuhun lampu pasar gelap", "report"),
        ("naon lampu pasar gelap", "info"),
    ]:
        assert reader.read(text, tokenise(text), topic=0.0) == intent


def test_an_unknown_group_names_the_groups_there_are():
    with pytest.raises(UnknownGroupOfWords, match=r"<orang>.*tempat"):
        phrase("<orang> jatuh", {"tempat": ("pasar",)})


def test_words_without_their_vowels_are_spelled_out(bekasi):
    understand = bekasi.understander.understand
    assert understand("jdwl imunisasi kpn ya").intent == "info"
    assert understand("gmn crny krm foto").intent == "help"


def test_a_question_needs_something_that_asks(plain):
    cue = Cues("info", {"sure": ("ngadamel ktp",), "needs": ("kumaha",)})
    reader = IntentReader(IntentWords((cue,), {}, frozenset()), plain)
    for text, intent in [("ngadamel ktp", "report"), ("kumaha ngadamel ktp", "info"), ("ngadamel ktp?", "info")]:
        assert reader.read(text, tokenise(text), topic=0.0) == intent


def test_edges_stand_right_beside_their_words(plain):
    cue = Cues("chitchat", {"sure": ("^ oke $",)})
    reader = IntentReader(IntentWords((cue,), {}, frozenset()), plain)
    assert reader.read("oke.", tokenise("oke."), topic=0.0) == "chitchat"
    assert reader.read("oke lampu", tokenise("oke lampu"), topic=0.0) == "report"
