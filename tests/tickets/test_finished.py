"""Which bare words of an officer say that the work is done."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickets.finished import says_finished, tells_of_work


@pytest.mark.parametrize(
    "words",
    [
        "selesai",
        "Selesai.",
        "SUDAH SELESAI",
        "sdh selesai pak 🙏",
        "Siap, sudah beres ndan",
        "sudah beres bos 👍👍",
        "Alhamdulillah udah kelar dikerjakan",
        "lapor, sudah tuntas",
        "izin pak sudah selesai diperbaiki",
        "sudah diperbaiki",
        "telah selesai ditangani, terima kasih",
        "udh beres min",
        "done",
        "Done, thank you",
        "all finished",
        "already fixed",
        "pekerjaan selesai 100%",
        "sudah kami perbaiki",
        "Siap, sudah kami ganti pak",
        "sdh dikerjakan",
        "sudah di perbaiki",
        "sudah di ganti",
        "beres ya",
        "Beres ya pak 🙏",
        "sdh clear",
        "selsai",
        "udah selese bos",
        "sudah ditangani tim",
        "sudah ditangani oleh petugas",
        "sudah selesai dikerjakan petugas",
    ],
)
def test_done(words: str):
    assert says_finished(words)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "🙏",
        "siap",
        "siap, beres ndan",  # a promise
        "beres bos",
        "86 beres",
        "beres-beres",
        "sudah beres-beres",
        "Izin pak, mohon selesai",
        "sudah ditangani",  # somebody may be at it
        "sudah ditindaklanjuti pak",
        "kami perbaiki",  # a plan
        "siap kami ganti",
        "sudah siap kami ganti",
        "sudah siap diganti",
        "sudah di tim kami",
        "sudah kami tangani besok",
        "oke beres ya",
        "ya beres",
        "beres ya?",
        "clear",
        "petugas ditangani",
        "dikerjakan tim",
        "sudah dikerjakan sebagian",
        "is it done",
        "has it been fixed",
        "sudah selesai？",
        "selesai ❌",
        "sudah",
        "sudah pak",
        "terima kasih",
        "belum selesai",
        "blm beres pak",
        "selesai?",
        "sudah selesai belum",
        "kapan selesai",
        "besok selesai",
        "nanti sore beres",
        "hampir selesai",
        "tidak selesai",
        "selesai 50%",
        "selesai sebagian",
        "sudah selesai, tinggal pengecatan",
        "sudah diperbaiki tapi masih bocor",
        "selesai jam 5",
        "sudah dicek",
        "sudah di lokasi",
        "akan selesai hari ini",
        "not done",
        "when is it finished",
        "selesai " * 40,
    ],
)
def test_not_done(words: str):
    assert not says_finished(words)


@given(st.text(max_size=400))
def test_whatever_is_written_has_an_answer(words: str):
    assert says_finished(words) in (True, False)


@pytest.mark.parametrize(
    ("words", "tells"),
    [
        ("sdh kami cek ke lokasi", True),
        ("Lampu beres, tinggal kabel", True),
        ("all right, we come", False),
        ("Tiang nomor berapa?", False),
        ("", False),
    ],
)
def test_what_may_be_taken_for_a_step(words: str, tells: bool):
    assert tells_of_work(words) is tells
