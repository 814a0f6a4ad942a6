"""The card: everything an officer needs, nothing about who reported in secret, always short enough."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tickets.builders import CITY, MONDAY, a_ticket, at, words
from tickets.cards import card
from tickets.notice import cut
from tickets.ticket import Status

HOUR = timedelta(hours=1)
S = Status


def shown(ticket, now=MONDAY + HOUR, locale="id", **more):  # type: ignore[no-untyped-def]
    return words(card(ticket, CITY, now, **more)[0], locale).replace("\ue000", "").replace("\ue001", "")


def test_a_new_card_says_what_where_and_until_when():
    text = shown(a_ticket(place_words="sebelah warung Bu Tini", followers=2), photos=3)
    assert text.splitlines()[0] == "CTH-26-000123-3 · Lampu"
    for part in (
        "Status: Menunggu diterima dinas",
        "Lampu jalan mati depan SDN 3",
        "Kel. Jatiasih, Kec. Jatiasih",
        "Patokan: sebelah warung Bu Tini",
        "-6.290000,106.960000",
        "Ikut melaporkan: 2 warga",
        "Lampiran: 3",
        "Terima paling lambat: ",
        "Selesai paling lambat: ",
    ):
        assert part in text


def test_a_secret_reporter_is_never_named():
    assert "Siti" not in shown(a_ticket(named=False), reporter_name="Siti Aminah")
    assert "Pelapor: dirahasiakan" in shown(a_ticket(named=False), reporter_name="Siti Aminah")
    assert "Pelapor: Siti Aminah" in shown(a_ticket(named=True), reporter_name="Siti Aminah")
    assert "Pelapor: dirahasiakan" in shown(a_ticket(named=True), reporter_name="")


def test_identity_and_telephone_numbers_are_masked():
    text = shown(
        a_ticket(text="NIK 3275012301900001, hub 081234567890", place_words="rumah Pak RT 0812-3456-7890"),
    )
    for secret in ("3275012301900001", "081234567890", "0812-3456-7890"):
        assert secret not in text


def test_lateness_is_said_in_hours():
    assert "terlambat" not in shown(a_ticket(), MONDAY + 11 * HOUR)
    assert "terlambat" in shown(a_ticket(), MONDAY + 15 * HOUR)
    assert "terlambat" in shown(a_ticket(), MONDAY + 12 * HOUR), "the one time it is shown anew"
    assert "terlambat" in shown(a_ticket(S.IN_PROGRESS), MONDAY + 48 * HOUR)
    assert "terlambat" not in shown(a_ticket(S.WAITING_CITIZEN), MONDAY + 500 * HOUR)
    assert "terlambat" not in shown(a_ticket(S.CLOSED), MONDAY + 500 * HOUR)


def test_who_took_it_is_shown_to_the_office():
    assert "Ditangani: Bu Rina, sejak" in shown(a_ticket(S.ACKNOWLEDGED))


@pytest.mark.parametrize(
    ("status", "more", "part"),
    [
        (S.SCHEDULED, {}, "Dijadwalkan: "),
        (S.WAITING_EXTERNAL, {"scheduled_for": at("2026-12-01", "08:00")}, "Menunggu: PLN\nDiperkirakan sampai: "),
        (S.WAITING_CITIZEN, {}, "Pertanyaan ke warga: Tiang?"),
        (S.RESOLVED, {"last_note": "Lampu diganti"}, "Hasil: Lampu diganti"),
        (S.REOPEN_REQUESTED, {}, "Belum beres menurut warga (ke-1): gelap"),
        (S.ASSIGNED, {"cycle": 2, "reopenings": 1, "citizen_note": ""}, "(ke-1): (hanya lampiran)"),
        (S.NEW, {"bounces": 1, "suggested_agency": "DLH", "last_note": "taman"},
         "Usulan pemilik: Dinas Lingkungan Hidup. Alasan: taman"),
        (S.NEW, {"bounces": 1, "last_note": "bukan kami"}, "Usulan pemilik: belum ada"),
        (S.CLOSED, {}, "Status: Ditutup (sudah beres menurut pelapor)"),
        (S.ASSIGNED, {"text": "  "}, "(tanpa kata-kata)"),
        (S.ASSIGNED, {"kelurahan": "", "lat": None, "lon": None}, "Lokasi belum diketahui"),
    ],
)  # fmt: skip
def test_each_state_adds_its_line(status: Status, more: dict, part: str):  # type: ignore[type-arg]
    assert part in shown(a_ticket(status, **more))


def test_danger_stands_on_top_until_it_is_over():
    assert shown(a_ticket(danger=True)).startswith("⚠️ BAHAYA")
    assert "BAHAYA" not in shown(a_ticket(S.CLOSED, danger=True))


def test_a_former_office_sees_where_it_went_and_nothing_else():
    text, below = card(a_ticket(agency="DLH"), CITY, MONDAY, viewer="DISHUB")
    assert "Kini ditangani Dinas Lingkungan Hidup" in words(text)
    assert "SDN 3" not in words(text)
    assert below == ()
    assert card(a_ticket(), CITY, MONDAY, viewer="DISHUB") == card(a_ticket(), CITY, MONDAY)


LONG = st.sampled_from(["a", "kata ", "😀", "é", "\n", "ﷺ", "<&>"]).flatmap(
    lambda part: st.integers(0, 5000).map(lambda n: part * n)
)


@given(
    text=LONG, place=LONG, note=LONG, name=LONG, status=st.sampled_from(Status), locale=st.sampled_from(["id", "en"])
)
def test_it_always_fits(text: str, place: str, note: str, name: str, status: Status, locale: str):
    ticket = a_ticket(
        status, text=text, place_words=place, last_note=note, citizen_note=note, external=note, officer_name=name,
        named=True, danger=True, followers=10**6, cycle=2, reopenings=2, bounces=2, suggested_agency="DLH",
    )  # fmt: skip
    whole = shown(ticket, MONDAY + 1000 * HOUR, locale, reporter_name=name, photos=10**6)
    assert len(whole.encode("utf-16-le")) // 2 <= 3500


@given(st.text(max_size=300), st.integers(2, 100))
def test_cutting_counts_as_the_platform_does(text: str, most: int):
    short = cut(text, most)
    assert len(short.encode("utf-16-le", "surrogatepass")) // 2 <= most
    assert short == text.strip() or short.endswith("…")


def test_what_fits_exactly_is_not_cut():
    assert cut("a" * 10, 10) == "a" * 10
    assert cut("😀" * 5, 10) == "😀" * 5
    assert cut("😀" * 6, 10) == "😀" * 4 + "…"


@pytest.mark.parametrize(("kind", "name"), [("question", "Permintaan informasi"), ("suggestion", "Aspirasi")])
def test_a_question_and_a_proposal_are_called_that(kind, name):
    assert shown(a_ticket(kind=kind)).splitlines()[0] == f"CTH-26-000123-3 · {name}"
