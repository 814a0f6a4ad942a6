"""Dangers: how people speak of them is shared, whom to call is the city's."""

import csv
import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from cities.dangers import dangers
from cities.errors import CityError
from cities.loader import HERE
from cities.names import names
from cities.words import COMMON
from tests.halls import hall

BOOK = SimpleNamespace(categories={"API": None})
FIRE = '[[danger]]\nkind = "fire"\ntell = "112"\ncategory = "API"\n'


def _city(folder: Path, text: str):
    (folder / "dangers.toml").write_text(text, "utf-8")
    return dangers(folder, BOOK)


def test_a_city_names_numbers_and_categories_and_takes_the_shared_words(tmp_path):
    (fire,), hedges = _city(tmp_path, FIRE)
    assert (fire.tell, fire.category) == ("112", "API")
    assert "kebakaran" in fire.phrases
    assert hedges.fear
    assert hedges.groups["orang"]


def test_a_city_adds_its_own_words(tmp_path):
    own = FIRE + 'phrases = ["kobong <tempat>"]\n[groups]\ntempat = ["pasar"]\n[hedges]\nnever = ["kobong ati"]\n'
    (fire,), hedges = _city(tmp_path, own)
    assert fire.phrases[-1] == "kobong <tempat>"
    assert hedges.never[-1] == "kobong ati"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (FIRE.replace('"API"', '"NAGA"'), "category NAGA is unknown"),
        (FIRE.replace('"fire"', '"dragon"'), "dragon has no phrases"),
        (FIRE + 'phrases = ["<naga> lewat"]', "<naga>"),
    ],
)
def test_a_mistake_is_named(tmp_path, text, problem):
    with pytest.raises(CityError, match=problem):
        _city(tmp_path, text)


def test_every_city_here_has_dangers():
    assert all((about.parent / "dangers.toml").is_file() for about in HERE.glob("*/city.toml"))


@pytest.mark.parametrize("text", ["tolong aku mau bundir", "temenku mau bundir cepetan", "saya mau bunuh diri"])
def test_who_wants_to_die_is_heard_in_the_short_word_too(bekasi, text):
    heard = bekasi.understander.understand(text).emergency
    assert heard is not None
    assert heard.kind == "medical"


@pytest.mark.parametrize(
    "text",
    [
        "mau bunuh diri rasanya",
        "rasanya ingin bunuh diri saja",
        "takut saya, adik mau bunuh diri lagi",
        "kalau begini terus saya mau gantung diri",
        "aku pengen mati",
        "saya ingin mengakhiri hidup saya",
        "dulu pernah niat bunuh diri, sekarang datang lagi",
    ],
)
def test_no_hedge_silences_who_speaks_of_dying(bekasi, text):
    assert bekasi.understander.understand(text).emergency.tell == "119 / 112"


@pytest.mark.parametrize("text", ["rasanya mau mati liat tagihan", "seminar pencegahan bunuh diri kapan"])
def test_what_only_mentions_dying_stays_calm(bekasi, text):
    assert bekasi.understander.understand(text).emergency is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("tetangga kami rebah di teras, dipanggil tidak menyahut, bibirnya kebiruan", "medical"),
        ("jendela atas ruko merah terang, kacanya pecah sendiri, orang pada lari", "fire"),
        ("kak papa lempar mama pakai kursi, aku sembunyi", "violence"),
        ("ada yang congkel pintu belakang, saya sendirian di kamar", "crime"),
    ],
)
def test_danger_is_heard_without_a_word_of_danger(bekasi, text, kind):
    assert bekasi.understander.understand(text).emergency.kind == kind


def test_sentences_are_read_by_kind_from_shared_and_own_files(tmp_path):
    (tmp_path / "dangers").mkdir()
    (tmp_path / "dangers" / "fire.txt").write_text("# khas kota ini\napi di lapak kapuk\n", "utf-8")
    (fire,), hedges = _city(tmp_path, FIRE)
    assert fire.told[-1] == "api di lapak kapuk"
    assert len(fire.told) > 100
    assert len(hedges.calm) > 500


def test_a_file_of_no_kind_is_named(tmp_path):
    (tmp_path / "dangers").mkdir()
    (tmp_path / "dangers" / "dragon.txt").write_text("naga lewat\n", "utf-8")
    with pytest.raises(CityError, match="named after no kind of danger"):
        _city(tmp_path, FIRE)


def test_no_sentence_of_danger_or_calm_stands_in_an_exam():
    told = {
        _plain(line) for file in (COMMON / "dangers").glob("*.txt") for line in file.read_text("utf-8").splitlines()
    }
    for exam in (*HERE.glob("*/examples.csv"), COMMON / "english.csv"):
        with exam.open(encoding="utf-8", newline="") as rows:
            assert not [row["text"] for row in csv.DictReader(rows) if _plain(row["text"]) in told - {""}]


def _plain(text: str) -> str:
    return re.sub(r"\W+", " ", text.casefold()).strip()


def test_a_figure_of_speech_about_it_raises_no_alarm(bekasi):
    assert bekasi.understander.understand("bikin mau bundir macetnya").emergency is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("anjing goblok jalan depan rumah gua bolong2 kaga dibenerin2 bangsat", "JLN-RUSAK"),
        ("monyet semua pejabat, jalan ancur", "JLN-RUSAK"),
        ("anjing liar banyak di komplek goblok", "SATWA"),
        ("ada anjing gila ngejar anak anak", "SATWA"),
    ],
)
def test_swearing_names_no_animal(bekasi, text, kind):
    assert bekasi.understander.understand(text).best == kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [("adik keselek biru mukanya", "medical"), ("istri saya badannya biru biru dipukul suami", "violence")],
)
def test_a_blue_face_is_no_blow_and_a_bruised_body_is(bekasi, text, kind):
    assert bekasi.understander.understand(text).emergency.kind == kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("cucu saya belum pulang dari tadi siang, umurnya enam tahun", "missing"),
        ("kakek pikun pergi dari rumah, belum ketemu", "missing"),
        ("bayi dibuang orang di tempat sampah pasar", "medical"),
        ("tiang listrik mau roboh ke atap kami", "live_wire"),
        ("dua orang nyoba nyulik bocah di depan sekolah", "crime"),
        ("apinyo la besak nian, rumah papan", "fire"),
    ],
)
def test_kinds_that_were_not_heard_once(bekasi, text, kind):
    assert bekasi.understander.understand(text).emergency.kind == kind


@pytest.mark.parametrize(
    "text",
    [
        "kucing saya belum pulang dari kemarin",
        "ktp bapak saya hilang",
        "popok bayi dibuang di got",
        "hp ilang di pasar",
    ],
)
def test_what_is_lost_or_thrown_away_is_no_danger(bekasi, text):
    assert bekasi.understander.understand(text).emergency is None


def test_kinds_that_share_a_category_keep_it(bekasi):
    assert bekasi.understander.understand("anak kecil hilang dari tadi pagi").emergency.category == "KRIMINAL"
    assert bekasi.understander.understand("tiang lampu nyetrum anak anak").emergency.category == "KEBAKARAN"


@pytest.mark.parametrize("slug", ["kota-bekasi", "kota-jambi"])
@pytest.mark.parametrize("before", ["", "depan ", "di gang samping "])
def test_where_it_is_is_no_danger(slug, before):
    """Asked for the place, somebody who answers "Stasiun Bekasi Timur" must not read to call 112."""
    understand = hall(slug).understander.understand
    places = [name for name in names(HERE / slug) if not name.endswith("*")]
    assert len(places) > 100
    heard = [place for place in places if understand(before + place).emergency]
    assert set(heard) <= {"Beliung"}, "by itself that one is a whirlwind to most"


@pytest.mark.parametrize(
    "place",
    ["masjid ar royyan", "mushola as salafiyah", "masjid al jabbar", "rumah pak sarmili", "kontrakan bu jumini"],
)
def test_nor_is_a_name_that_nobody_wrote_down(bekasi, place):
    assert bekasi.understander.understand(f"belakang {place}").emergency is None


@pytest.mark.parametrize(
    "text",
    [
        "kebakaran di stasiun bekasi timur",
        "masjid al falah kebakaran",
        "ada orang jatuh ke kali malang",
        "pohon tumbang di pondok gede permai",
    ],
)
def test_a_danger_at_a_place_is_heard_all_the_same(bekasi, text):
    assert bekasi.understander.understand(text).emergency is not None
