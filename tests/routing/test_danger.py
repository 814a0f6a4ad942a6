"""Danger is heard when it is there, and not in fears, memories, habits and wishes."""

import pytest

HEARD = [
    ("fire", "rumah tetangga kebakar tolong"),
    ("fire", "KEBAKARAN di pasar baru cepat kirim damkar"),
    ("fire", "tolong ada api besar di gudang sebelah"),
    ("fire", "kebakran di jatiasih"),
    ("fire", "gas bocor di dapur bau menyengat"),
    ("fire", "mau lapor ada kebakaran di gang melati"),
    ("fire", "pabrik busa terbakar hebat warga panik"),
    ("live_wire", "ada orang kesetrum"),
    ("live_wire", "kabel listrik putus jatuh ke jalan"),
    ("live_wire", "tiang pju nyetrum tadi anak kecil kena"),
    ("medical", "ada orang pingsan di depan indomaret"),
    ("medical", "kecelakaan motor lawan truk korbannya berdarah"),
    ("medical", "ada kecelakaan di jalan ahmad yani"),
    ("medical", "bapak saya gak bisa napas tolong"),
    ("medical", "tolong ambulan, bapak saya sesak napas"),
    ("medical", "istri saya mau melahirkan butuh ambulans"),
    ("medical", "ada anak tenggelam di kali"),
    ("violence", "suami mukulin istri tetangga saya"),
    ("violence", "tiap malam saya dipukul suami"),
    ("violence", "keponakan saya dicabuli tetangga kemarin"),
    ("violence", "anak sebelah sering disiksa ibu tirinya"),
    ("crime", "ada tawuran pelajar bawa celurit"),
    ("crime", "saya dibegal barusan"),
    ("crime", "ada maling di rumah sebelah"),
    ("fallen_tree", "ada pohon tumbang nutup jalan"),
    ("fallen_tree", "pohon gede roboh nimpa mobil"),
    ("flood", "banjir sedada tolong evakuasi"),
    ("flood", "air sudah masuk rumah dan terus naik"),
    ("flood", "kami terjebak banjir di lantai dua"),
    ("disaster", "puting beliung barusan atap pada terbang"),
    ("disaster", "tembok sekolah roboh"),
    ("disaster", "tanah longsor menimpa rumah"),
    ("animal", "ada ular kobra masuk rumah"),
    ("flood", "biasanya ga pernah banjir, sekarang air masuk rumah"),
]
NOT_HEARD = [
    "pohon besar takut tumbang",
    "pohon depan rumah mau tumbang",
    "pohon miring hampir roboh mohon ditebang",
    "jalan berlubang rawan kecelakaan",
    "sering terjadi kecelakaan di tikungan ini",
    "lubang ini bisa menyebabkan kecelakaan",
    "tahun lalu kebakaran di sini",
    "kabel semrawut dikhawatirkan kebakaran",
    "takut kebakaran karena tabung gas disimpan sembarangan",
    "minta hidran kebakaran di kampung kami",
    "lampu jalan mati rawan begal",
    "gelap jadi takut ada begal",
    "minta fogging sebelum ada korban jiwa",
    "tolong pasang polisi tidur supaya tidak ada kecelakaan",
    "rumah nenek mau roboh butuh bedah rumah",
    "setiap hujan air masuk rumah",
    "kalau hujan deras air masuk rumah",
    "saya dulu pernah kecelakaan jadi tidak bisa kerja",
    "surat keterangan korban kebakaran buat urus ktp",
    "antisipasi banjir sepinggang seperti tahun lalu",
    "tetangga bakar sampah asapnya bikin sesak",
    "nyaris ketabrak mobil karena ga ada zebra cross",
    "truk lewat rumah bergetar seperti gempa",
    "petugas dikejar kejar kebakaran jenggot",
    "lampu merah mati",
    "mau periksa kehamilan di puskesmas",
    "pemeriksaan dokter lama",
    "antri igd lama",
    "kereta api telat",
    "bpjs nonaktif padahal sakit",
    "main kembang api meledak ledak tiap malam",
    "jembatan mau ambruk",
    "sosialisasi bahaya kebakaran di rw kami kapan",
    "di rt kami sudah 4 orang kena demam berdarah, minta fogging",
]


@pytest.mark.parametrize(("kind", "text"), HEARD)
def test_danger_is_heard(bekasi, kind, text):
    emergency = bekasi.understander.understand(text).emergency
    assert emergency is not None
    assert emergency.kind == kind


@pytest.mark.parametrize("text", NOT_HEARD)
def test_no_alarm_for_fear_memory_habit_or_wish(bekasi, text):
    assert bekasi.understander.understand(text).emergency is None


@pytest.mark.parametrize(
    ("text", "tell"),
    [
        ("rumah kebakaran tolong", "112"),
        ("ada orang pingsan", "119 / 112"),
        ("saya dipukul suami", "112 / SAPA 129"),
        ("ada begal bawa celurit", "110 / 112"),
    ],
)
def test_the_right_number_is_told(bekasi, text, tell):
    assert bekasi.understander.understand(text).emergency.tell == tell


def test_the_complaint_still_finds_its_category(bekasi):
    assert bekasi.understander.understand("rumah tetangga kebakar tolong").best == "KEBAKARAN"
    assert bekasi.understander.understand("pohon besar takut tumbang").best == "POHON"


def test_every_kind_of_danger_names_a_number_the_city_knows(bekasi):
    for category in bekasi.catalogue.categories.values():
        if category.emergency != "no":
            assert any(number in category.tell for number in ("112", "119", "110"))


HEARD_TOO = [
    "kebakaran!! kebakaran!! gang mawar",
    "warung depan rumah saya abis dilalap api sekarang masih nyala",
    "ada percikan api di tiang listrik deket rumah",
    "motor ketabrak truk, orangnya ga gerak",
    "tetangga saya jatuh dari atap ga sadarkan diri",
    "istri saya pendarahan hebat",
    "bapak saya kena serangan jantung",
    "saya digebukin suami, tolong",
    "anak tetangga dipukulin bapaknya sampe memar",
    "saya diperkosa",
    "ada tawuran di jalan baru bawa clurit",
    "ada maling masuk rumah sebelah",
    "ada orang bawa parang ngamuk",
    "pohon beringin tumbang nimpa rumah warga",
    "pohon di depan tumbang ke jalan, macet total",
    "air udah sedada di rumah, kami di atap",
    "banjir arusnya deres banget anak anak kejebak",
    "tanggul jebol air masuk perumahan",
    "rumah ambruk ada yang ketimbun",
    "longsor di belakang rumah",
    "gempa barusan tembok retak semua",
    "anak kecil kesetrum tiang pju",
    "kabel pln putus jatuh di jalan keluar api",
    "ular piton masuk dapur",
    "anak saya tenggelam di kali",
    "orang mau bunuh diri di jembatan",
    "bau gas kenceng banget takut meledak",
    "ada bom",
    "korban kecelakaan belum ada ambulans",
    "tolong rumah saya kebakaran",
]
NOT_HEARD_EITHER = [
    "trotoar rusak bikin pejalan kaki jatuh",
    "lampu mati jalanan gelap rawan kejahatan",
    "lubang itu kemarin bikin orang jatuh",
    "minta alat pemadam api ringan buat rw",
    "kapan ada pelatihan kebakaran",
    "warga khawatir tanggul jebol",
    "tanggul retak kalau jebol bisa banjir sedada",
    "pohon tua dikhawatirkan menimpa rumah",
    "pohon condong tolong dipotong sebelum tumbang",
    "dahan kering bisa jatuh kapan saja",
    "rumah reot hampir ambruk belum dapat bantuan",
    "dulu pernah ada begal di sini minta lampu",
    "takut anak saya ketabrak karena truk ngebut",
    "sering banget ada kecelakaan di perempatan ini",
    "tolong pasang cermin biar ga tabrakan",
    "sampah dibakar terus apinya bikin takut",
    "bantuan korban kebakaran belum turun",
    "biaya melahirkan di rsud mahal",
    "kartu bpjs mati padahal ibu sakit jantung",
    "anak saya sakit jantung butuh bpjs aktif",
    "harga darah di pmi berapa",
    "ambulans puskesmas jelek kondisinya",
    "minta mobil ambulans buat rw kami",
    "jalan licin sering bikin motor jatuh",
    "air masuk rumah tiap hujan",
    "banjir tiap tahun selalu sepinggang",
    "kabel menjuntai takut nyetrum",
    "tiang listrik miring takut roboh",
    "atap sekolah mau roboh",
    "ktp hilang karena rumah kebakaran tahun lalu",
    "laporan maling bulan lalu belum ditanggapi",
    "pohon tumbang minggu lalu belum diangkut",
    "sisa pohon tumbang masih di trotoar",
    "banyak ular di semak lahan kosong",
]


@pytest.mark.parametrize("text", HEARD_TOO)
def test_more_dangers_are_heard(bekasi, text):
    assert bekasi.understander.understand(text).emergency is not None


@pytest.mark.parametrize("text", NOT_HEARD_EITHER)
def test_more_worries_raise_no_alarm(bekasi, text):
    assert bekasi.understander.understand(text).emergency is None


PANIC = [
    ("fire", "TOLONG API GEDE BGT"),
    ("fire", "om rumah aku kebakar mama nangis"),
    ("fire", "rumah bu rt kobong"),
    ("medical", "ada yang tergeletak gak gerak"),
    ("medical", "bapak lemes mulutnya mencong"),
    ("live_wire", "kesetrum tadi anak saya pegang tiang"),
    ("violence", "bapak tetangga suka main tangan sama istrinya"),
    ("violence", "aku takut pulang papa suka mukul mama"),
    ("medical", "aku mau akhiri hidup"),
    ("fire", "saya takut banget apinya makin gede"),
]
CALM = [
    "KK saya hangus kebakaran tahun lalu mau urus baru",
    "harga beras bikin jantungan",
    "pak wali kebakaran jenggot",
    "semangat membara",
    "mati lampu dari tadi",
    "bikin api unggun pramuka",
    "kantor pemadam kebakaran dimana",
    "jual alat pemadam api",
    "kalau kebakaran telepon kemana",
    "simulasi kebakaran di sekolah kapan",
    "terjebak macet 3 jam",
    "antrian kayak ular",
]


@pytest.mark.parametrize(("kind", "text"), PANIC)
def test_panic_children_and_hints_are_understood(bekasi, kind, text):
    emergency = bekasi.understander.understand(text).emergency
    assert emergency is not None
    assert emergency.kind == kind


@pytest.mark.parametrize("text", CALM)
def test_sayings_prices_and_drills_stay_calm(bekasi, text):
    assert bekasi.understander.understand(text).emergency is None


def test_a_faint_word_needs_a_call_for_help(bekasi):
    understand = bekasi.understander.understand
    assert understand("bau gosong di ruko").emergency is None
    assert understand("bau gosong di ruko, tolong cepat").emergency is not None
    assert understand("bau gosong di ruko!!").emergency is not None


def test_the_worst_message_is_heard_quickly(bekasi):
    assert bekasi.understander.understand("kebakaran " * 2000).emergency is not None


def test_swapped_letters_do_not_hide_a_danger(bekasi):
    assert bekasi.understander.understand("pohon gede abmruk nimpa kabel").emergency is not None
    assert bekasi.understander.understand("tetangga dpiukul suaminya tiap malam").emergency.kind == "violence"
