"""Queue, history and recap: the order, the denominators, the length."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.tickets.builders import CITY, MONDAY, a_ticket, at, words
from texts.text import Text
from tickets.figures import history, in_order, queue, recap
from tickets.ticket import Outcome, Status

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
S = Status


def plain(text: Text, locale: str = "id") -> str:
    return words(text, locale).replace("\ue000", "").replace("\ue001", "")


@dataclass(frozen=True)
class Line:
    action: str
    to_status: str
    at: datetime
    actor_role: str = "officer"
    actor_name: str = "Bu Rina"
    agency: str = "DISHUB"
    note: str = ""


def test_late_ones_come_first_then_what_is_due_next_and_danger_before_all():
    now = MONDAY + 20 * HOUR
    late = a_ticket(id=1)  # not taken up, eight hours late
    later = a_ticket(id=2, opened=MONDAY - 10 * HOUR)
    due_soon = a_ticket(S.IN_PROGRESS, id=3, resolve_due=now + HOUR)
    due_late = a_ticket(S.IN_PROGRESS, id=4, resolve_due=now + 20 * HOUR)
    danger = a_ticket(S.IN_PROGRESS, id=5, danger=True, resolve_due=now + 30 * HOUR)
    closed = a_ticket(S.CLOSED, id=6)
    given_order = [due_late, closed, late, danger, due_soon, later]
    assert [ticket.id for ticket in in_order(given_order, now)] == [5, 2, 1, 3, 4]


def test_the_queue_names_state_place_and_lateness():
    text = plain(queue([a_ticket(), a_ticket(S.RESOLVED, number="CTH-26-000124-9")], CITY, MONDAY + 15 * HOUR))
    assert text.startswith("2 laporan terbuka, yang terlambat lebih dulu:")
    assert "⏰ CTH-26-000123-3 · Lampu · Jatiasih\n   Menunggu diterima dinas · terlambat 3 jam" in text
    assert "batas" not in text.split("CTH-26-000124-9")[1]


def test_an_empty_queue_says_so_and_one_is_one():
    assert "Tidak ada laporan terbuka" in plain(queue([a_ticket(S.CLOSED)], CITY, MONDAY))
    assert plain(queue([a_ticket()], CITY, MONDAY)).startswith("1 laporan terbuka:")


def test_a_desk_for_several_offices_sees_whose_it_is():
    both = [a_ticket(id=1), a_ticket(id=2, agency="DLH")]
    text = plain(queue(both, CITY, MONDAY))
    assert "Jatiasih · Dishub" in text
    assert "Jatiasih · DLH" in text
    assert "· Dishub" not in plain(queue(both[:1], CITY, MONDAY))


@given(st.integers(16, 400))
def test_a_long_queue_is_cut_and_counted(n: int):
    for locale in ("id", "en"):
        text = plain(queue([a_ticket(id=i, category="KABEL") for i in range(n)], CITY, MONDAY + 900 * HOUR), locale)
        assert len(text) <= 4096
        assert text.splitlines()[-1] in (f"… dan {n - 15} lagi", f"… and {n - 15} more")


def test_the_history_is_told_in_order_without_citizens_names():
    past = [
        Line("open", "assigned", MONDAY, "citizen", "Siti Aminah"),
        Line("acknowledge", "acknowledged", MONDAY + HOUR),
        Line("tell", "acknowledged", MONDAY + 2 * HOUR, note="Kami datang besok"),
        Line("say", "acknowledged", MONDAY + 3 * HOUR, "citizen", "Siti Aminah", note="hub 081234567890"),
        Line("close_silent", "closed", MONDAY + 4 * HOUR, "clock", ""),
    ]
    text = plain(history(a_ticket(S.CLOSED), past, CITY, MONDAY))
    order = [
        "Laporan masuk · warga",
        "Sudah diterima dinas · Bu Rina (Dishub)",
        "Pesan untuk warga",
        "“Kami datang besok”",
        "Pesan dari warga · warga",
        "Ditutup\n",
        "Sekarang: Ditutup (sudah beres menurut pelapor)",
    ]
    places = [text.index(part) for part in order]
    assert places == sorted(places)
    assert "Siti" not in text
    assert "081234567890" not in text


def test_a_long_history_keeps_the_newest_and_fits():
    past = [Line("tell", "in_progress", MONDAY + n * HOUR, note=f"{n} " + "😀" * 3000, actor_name="N" * 500)
            for n in range(60)]  # fmt: skip
    text = plain(history(a_ticket(S.IN_PROGRESS), past, CITY, MONDAY))
    assert len(text.encode("utf-16-le")) // 2 <= 4096
    assert "(48 langkah sebelumnya tidak ditampilkan)" in text
    assert "“59 " in text
    assert "“47 " not in text


def blocks(text: str) -> dict[str, str]:
    """The recap's periods by their first line."""
    return {block.partition(":")[0]: block for block in text.split("\n\n")}


def test_the_recap_counts_by_local_days_with_honest_denominators():
    now = at("2026-11-30", "12:00")
    tickets = [
        a_ticket(id=1, opened=at("2026-11-30", "00:30")),  # today, though still yesterday in UTC
        a_ticket(S.RESOLVED, id=2, opened=at("2026-11-26", "09:00")),  # taken after 1 h, done after 5 h
        a_ticket(S.CLOSED, id=3, opened=at("2026-11-26", "09:00"), resolved_at=at("2026-11-29", "09:00")),  # a day late
        a_ticket(S.IN_PROGRESS, id=4, opened=at("2026-11-25", "09:00")),  # overdue since Friday
        a_ticket(S.IN_PROGRESS, id=5, opened=at("2026-11-10", "09:00"), acknowledged_at=at("2026-11-12", "09:00")),
        a_ticket(S.CLOSED, id=6, opened=at("2026-11-27", "09:00"), resolved_at=None, outcome=Outcome.NOT_CITY),
        a_ticket(S.WAITING_CITIZEN, id=7, opened=at("2026-11-20", "09:00")),  # waits: not overdue
    ]
    text = plain(recap(tickets, CITY, now))
    assert "Terbuka sekarang: 5, terlambat: 2" in text
    found = blocks(text)
    today = "Hari ini: 1 masuk, 0 selesai\nDiterima tepat waktu: belum ada\nSelesai tepat waktu: 0% (0 dari 2)"
    assert today in found["Hari ini"]
    week = found["7 hari terakhir"]
    assert "5 masuk, 2 selesai\n" in week
    assert "Diterima tepat waktu: 100% (4 dari 4)" in week
    assert "Selesai tepat waktu: 25% (1 dari 4)" in week
    assert "selesai dalam: 38 jam" in week or "selesai dalam: 2 hari" in week  # between 5 and 72 hours: 38.5
    assert "ditutup tanpa kerja 1" in week
    month = found["30 hari terakhir"]
    assert "7 masuk" in month
    assert "Diterima tepat waktu: 83% (5 dari 6)" in month


def test_an_empty_recap_divides_by_nothing():
    for locale, nothing in (("id", "belum ada"), ("en", "none yet")):
        text = plain(recap([], CITY, MONDAY), locale)
        assert text.count(nothing) == 9
        assert len(text) <= 4096
