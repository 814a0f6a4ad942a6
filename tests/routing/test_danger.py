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
