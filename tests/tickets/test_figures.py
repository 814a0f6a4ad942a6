"""Queue, history and recap: the order, the denominators, the length."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.tickets.builders import CITY, MONDAY, a_ticket, words
from texts.text import Text
from tickets.city import City
from tickets.figures import Period, Recap, history, in_order, queue, recap
from tickets.ticket import Status, Ticket

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
S = Status
NOTHING = Period(0, 0, 0, 0, 0, 0, 0, None)


def plain(text: Text, locale: str = "id") -> str:
    return words(text, locale).replace("\ue000", "").replace("\ue001", "")


def queue_text(tickets: list[Ticket], city: City, now: datetime) -> Text:
    return queue(tickets, city, now)[0]


@dataclass(frozen=True)
class Line:
    action: str
    to_status: str
    at: datetime
    actor_role: str = "officer"
    actor_name: str = "Bu Rina"
    agency: str = "DISHUB"
    note: str = ""
    to_agency: str = ""


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
    text = plain(queue_text([a_ticket(), a_ticket(S.RESOLVED, number="CTH-26-000124-9")], CITY, MONDAY + 15 * HOUR))
    assert text.startswith("2 laporan terbuka, yang terlambat lebih dulu:")
    assert "⏰ CTH-26-000123-3 · Lampu · Jatiasih\n   Menunggu diterima dinas · terlambat 3 jam" in text
    assert "batas" not in text.split("CTH-26-000124-9")[1]


def test_an_empty_queue_says_so_and_one_is_one():
    assert "Tidak ada laporan terbuka" in plain(queue_text([a_ticket(S.CLOSED)], CITY, MONDAY))
    assert plain(queue_text([a_ticket()], CITY, MONDAY)).startswith("1 laporan terbuka:")


def test_a_desk_for_several_offices_sees_whose_it_is():
    both = [a_ticket(id=1), a_ticket(id=2, agency="DLH")]
    text = plain(queue_text(both, CITY, MONDAY))
    assert "Jatiasih · Dishub" in text
    assert "Jatiasih · DLH" in text
    assert "· Dishub" not in plain(queue_text(both[:1], CITY, MONDAY))


@given(st.integers(16, 400))
def test_a_long_queue_is_cut_and_counted(n: int):
    for locale in ("id", "en"):
        text = plain(
            queue_text([a_ticket(id=i, category="KABEL") for i in range(n)], CITY, MONDAY + 900 * HOUR), locale
        )
        assert len(text) <= 4096
        assert text.splitlines()[-1] in (f"… dan {n - 15} lagi", f"… and {n - 15} more")


def test_the_history_is_told_in_order_without_citizens_names():
    past = [
        Line("open", "assigned", MONDAY, "citizen", "Siti Aminah"),
        Line("acknowledge", "acknowledged", MONDAY + HOUR),
        Line("tell", "acknowledged", MONDAY + 2 * HOUR, note="Kami datang besok"),
        Line("say", "acknowledged", MONDAY + 3 * HOUR, "citizen", "Siti Aminah", note="hub 081234567890"),
        Line("not_ours", "assigned", MONDAY + 4 * HOUR, to_agency="DLH"),
        Line("close_silent", "closed", MONDAY + 5 * HOUR, "clock", ""),
    ]
    text = plain(history(a_ticket(S.CLOSED), past, CITY, MONDAY))
    order = [
        "Laporan masuk · warga",
        "Sudah diterima dinas · Bu Rina (Dishub)",
        "Pesan untuk warga",
        "“Kami datang besok”",
        "Pesan dari warga · warga",
        "Menunggu diterima dinas · Bu Rina (Dishub) → DLH",
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


def test_the_recap_names_shares_with_their_denominators():
    week = Period(received=5, answerable=4, taken=3, resolved=2, in_time=1, reopened=1, without=1, median_s=38.5 * 3600)
    text = plain(recap(Recap(open=5, late=2, overdue=2, periods=(NOTHING, week, week)), MONDAY))
    assert "Terbuka sekarang: 5, terlambat: 2" in text
    assert "Hari ini: 0 masuk, 0 selesai\nDiterima tepat waktu: belum ada\nSelesai tepat waktu: 0% (0 dari 2)" in text
    assert "5 masuk, 2 selesai\nDiterima tepat waktu: 75% (3 dari 4)\nSelesai tepat waktu: 25% (1 dari 4)" in text
    assert "selesai dalam: 38 jam" in text or "selesai dalam: 2 hari" in text
    assert "ditutup tanpa kerja 1" in text


def test_an_empty_recap_divides_by_nothing():
    for locale, nothing in (("id", "belum ada"), ("en", "none yet")):
        text = plain(recap(Recap(0, 0, 0, (NOTHING,) * 3), MONDAY), locale)
        assert text.count(nothing) == 9
        assert len(text) <= 4096
