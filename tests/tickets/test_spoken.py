"""Which words of an officer are for us, and which buttons they name."""

from __future__ import annotations

import pytest

from tests.halls import hall
from tests.tickets.builders import a_ticket
from tickets.moves import Role
from tickets.spoken import Meant, meant
from tickets.ticket import Status, Ticket

CITY = hall()


def of(status: Status = Status.ASSIGNED) -> Ticket:
    return a_ticket(status=status, agency="DISHUB")


@pytest.mark.parametrize(
    ("words", "status", "button"),
    [
        ("terima", Status.ASSIGNED, "acknowledge"),
        ("Terima.", Status.ASSIGNED, "acknowledge"),
        ("kami terima laporannya", Status.ASSIGNED, "acknowledge"),
        ("siap, terima pak 🙏", Status.ASSIGNED, "acknowledge"),
        ("ok diterima", Status.ASSIGNED, "acknowledge"),
        ("mulai", Status.ASSIGNED, "start"),
        ("Mulai dikerjakan", Status.ACKNOWLEDGED, "start"),
        ("jadwalkan", Status.ACKNOWLEDGED, "schedule"),
        ("tanya warga", Status.IN_PROGRESS, "ask"),
        ("tunggu pihak lain", Status.IN_PROGRESS, "external"),
        ("lanjut", Status.WAITING_EXTERNAL, "resume"),
        ("tutup", Status.IN_PROGRESS, "close"),
        ("Urungkan", Status.IN_PROGRESS, "undo"),
        ("Bukan wewenang kami", Status.ASSIGNED, "not_ours"),
        ("tolak", Status.ASSIGNED, "not_ours"),
        ("tolak", Status.REOPEN_REQUESTED, "decline_reopen"),
        ("setuju", Status.REOPEN_REQUESTED, "accept_reopen"),
        ("buka kembali", Status.REOPEN_REQUESTED, "accept_reopen"),
        ("teruskan", Status.NEW, "route"),
        ("teruskan ke OPD", Status.NEW, "route"),
    ],
)
def test_a_buttons_name_is_that_button(words: str, status: Status, button: str):
    assert meant(words, of(status), Role.OFFICER, CITY) == Meant(press=button)


@pytest.mark.parametrize(
    ("words", "agency"),
    [
        ("bukan dinas kami pak ini punya PLN", ""),
        ("ini bukan wewenangnya kami", ""),
        ("maaf, bukan tupoksi kami", ""),
        ("bukan kami pak", ""),
        ("di luar kewenangan kami", ""),
        ("salah alamat", ""),
        ("Salah dinas nih", ""),
        ("ini tugas dbmsda", "DBMSDA"),
        ("ini punya PLN pak", ""),
        ("teruskan ke DBMSDA", "DBMSDA"),
        ("tolong disposisi ke satpol pp", "SATPOLPP"),
        ("ke dlh aja", "DLH"),
        ("dbmsda", "DBMSDA"),
        ("not our job", ""),
        ("ini mah dlh", "DLH"),
        ("tolong dlh dicek", "DLH"),
    ],
)
def test_what_belongs_elsewhere_is_offered_to_be_passed_on(words: str, agency: str):
    assert meant(words, of(), Role.OFFICER, CITY) == Meant(offers=("not_ours",), agency=agency)
    assert meant(words, of(), Role.OFFICER, CITY, files=True) == Meant(offers=("not_ours",), agency=agency)


@pytest.mark.parametrize(
    ("words", "role", "agency"),
    [
        ("ini ke dbmsda aja", Role.OFFICER, "DBMSDA"),
        ("teruskan ke DBMSDA", Role.OFFICER, "DBMSDA"),
        ("tolong diskominfo segera salurkan ya", Role.OPS, "DISKOMINFOSTANDI"),
        ("ke dishub saja", Role.OPS, "DISHUB"),
        ("tolong segera disalurkan", Role.OPS, ""),
        ("ke polri saja", Role.OPS, ""),
    ],
)
def test_the_desk_and_the_centre_are_offered_to_route(words: str, role: Role, agency: str):
    ticket = a_ticket(status=Status.NEW, agency="BPBD")
    assert meant(words, ticket, role, CITY) == Meant(offers=("route",), agency=agency)


@pytest.mark.parametrize(
    "words", ["siap", "Siap pak 🙏", "otw", "ok", "OK siap", "meluncur ndan", "👍", "86", "segera"]
)
def test_siap_is_for_colleagues_while_nobody_took_it(words: str):
    assert meant(words, of(), Role.OFFICER, CITY) == Meant(offers=("acknowledge",))
    assert meant(words, of(Status.NEW), Role.OFFICER, CITY) == Meant(offers=("route",))
    assert meant(words, of(Status.IN_PROGRESS), Role.OFFICER, CITY) is None
    assert meant(words, of(), Role.OFFICER, CITY, to_citizen=True) is None
    assert meant(words, of(), Role.OFFICER, CITY, files=True) is None


@pytest.mark.parametrize("status", [Status.NEW, Status.ASSIGNED, Status.IN_PROGRESS])
@pytest.mark.parametrize(
    "words",
    [
        "Bapak, tiangnya nomor berapa?",
        "Besok tim kami ke sana",
        "Terima kasih laporannya",
        "terima kasih pak",
        "Kami terima laporannya, mohon ditunggu ya Pak",
        "Sudah kami teruskan ke DBMSDA ya pak",
        "Akan kami teruskan ke Dishub",
        "Kami koordinasi dengan dishub dulu",
        "Tiang itu milik PLN, kami koordinasi dulu",
        "sudah ditangani PLN",
        "nanti sore",
        "foto kurang jelas",
        "lokasi tepatnya dimana?",
        "masih nunggu material",
        "Lokasinya di dekat kantor Dishub?",
        "Mulai besok jalan ditutup",
        "Bukan lampu yang di depan toko?",
        "boleh kami tutup laporannya?",
        "ditutup?",
        "Baik, kami tindak lanjuti",
        "Siap bu, besok kami cek",
        "Mohon hubungi kelurahan setempat",
        "salah alamat ya pak? mohon titiknya",
        "lapor ke disdukcapil saja pak",
        "Mohon datang ke kantor Dishub ya pak",
        "Tolong kirim fotonya pak",
    ],
)
def test_what_is_for_the_citizen_is(words: str, status: Status):
    assert meant(words, of(status), Role.OFFICER, CITY) is None


def test_below_the_citizens_own_words_a_buttons_name_only_offers_it():
    assert meant("terima", of(), Role.OFFICER, CITY, to_citizen=True) == Meant(offers=("acknowledge",))
    assert meant("mulai", of(), Role.OFFICER, CITY, to_citizen=True) == Meant(offers=())


def test_nothing_was_written():
    assert meant("", of(), Role.OFFICER, CITY) is None


def test_the_centre_that_hurries_the_office_is_offered_no_other():
    assert meant("tolong dishub segera", of(), Role.OPS, CITY) == Meant()
    assert meant("tolong dishub dicek ya", of(), Role.OFFICER, CITY) == Meant(), "by whoever stands in for it"
    assert meant("Dishub", of(), Role.OFFICER, CITY) is None
