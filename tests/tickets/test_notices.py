"""Who hears what about each move, and that secrets stay secret."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace

from tests.tickets.builders import (
    BOSS,
    BUDI,
    CITY,
    DESK,
    ENOUGH,
    FOLLOWER,
    MONDAY,
    OPS,
    REPORTER,
    RINA,
    a_ticket,
    at,
    words,
)
from tickets.cards import card
from tickets.lifecycle import CLOCK, SYSTEM, Action, Actor, Changed, Details, apply
from tickets.notice import area_name
from tickets.notices import Notice, followed, notices, opened, rated, relay_to_citizen, relay_to_group
from tickets.ticket import COMPLAINT, QUESTION, Outcome, Status, Ticket

HOUR = timedelta(hours=1)
S, A = Status, Action


def move(
    ticket: Ticket, action: Action, actor: Actor = RINA, details: Details = ENOUGH, now: datetime | None = None
) -> Changed:
    return apply(ticket, action, actor, now or (ticket.since or ticket.opened_at) + HOUR, CITY, details)


def told(changed: Changed) -> dict[str, Notice]:
    return {notice.audience: notice for notice in notices(changed, CITY)}


def read(notice: Notice, locale: str = "id") -> str:
    return words(notice.text, locale) if notice.text else ""


def test_opening_tells_number_code_office_and_the_promise_in_date_and_hour():
    to_reporter, to_group = opened(a_ticket(), CITY, "ABCD1234")
    text = read(to_reporter)
    for part in ("CTH-26-000123-3", "ABCD1234", "Dinas Perhubungan", "25 November", "pukul 09.00 WIB"):
        assert part in text
    assert "Lampu" in text
    assert "Lampu (en)" in read(to_reporter, "en")
    assert (to_group.audience, to_group.new_card, to_group.photos, to_group.urgent) == ("group", True, "report", False)
    assert opened(a_ticket(danger=True), CITY, "X")[1].urgent


def test_opening_without_an_owner_says_that_we_look_for_one():
    to_reporter, to_group = opened(a_ticket(S.NEW), CITY, "ABCD1234")
    assert "mencari dinas yang tepat" in read(to_reporter)
    assert "Dinas Komunikasi" not in read(to_reporter)
    assert to_group.new_card


def test_a_question_is_answered_not_handled_and_has_no_place():
    asked = a_ticket(S.NEW, kind=QUESTION, kelurahan="", place_words="", lat=None, lon=None)
    assert "Tanggapan dijanjikan" in read(opened(asked, CITY, "X")[0])
    assert "Diteruskan ke: Dinas" in read(opened(replace(asked, status=S.ASSIGNED), CITY, "X")[0])
    assert "Penanganan" not in read(opened(asked, CITY, "X")[0])
    assert area_name(asked, CITY).key == "card.area_none"
    assert area_name(replace(asked, kind=COMPLAINT), CITY).key == "card.area_unknown"
    assert "card.no_place" not in repr(card(asked, CITY, MONDAY)[0])
    assert "card.no_place" in repr(card(replace(asked, kind=COMPLAINT), CITY, MONDAY)[0])


WHO_HEARS = [
    (S.NEW, A.ROUTE, DESK, {"everyone", "group", "old_group"}),
    (S.ASSIGNED, A.ACKNOWLEDGE, RINA, {"everyone", "group"}),
    (S.ASSIGNED, A.NOT_OURS, RINA, {"everyone", "group", "old_group"}),
    (S.ASSIGNED, A.WITHDRAW, REPORTER, {"reporter", "group"}),
    (S.ASSIGNED, A.DUPLICATE, RINA, {"everyone", "group"}),
    (S.ASSIGNED, A.CLOSE, BOSS, {"everyone", "group"}),
    (S.ACKNOWLEDGED, A.START, RINA, {"everyone", "group"}),
    (S.ACKNOWLEDGED, A.UNDO, BOSS, {"group"}),
    (S.IN_PROGRESS, A.SCHEDULE, RINA, {"everyone", "group"}),
    (S.IN_PROGRESS, A.ASK, RINA, {"reporter", "group"}),
    (S.IN_PROGRESS, A.EXTERNAL, RINA, {"everyone", "group"}),
    (S.IN_PROGRESS, A.DONE, RINA, {"reporter", "followers", "group"}),
    (S.WAITING_CITIZEN, A.ANSWER, REPORTER, {"reporter", "group"}),
    (S.WAITING_CITIZEN, A.TIME_OUT_ANSWER, CLOCK, {"reporter", "group"}),
    (S.SCHEDULED, A.RESUME, CLOCK, {"everyone", "group"}),
    (S.RESOLVED, A.CONFIRM, REPORTER, {"reporter", "followers", "group"}),
    (S.RESOLVED, A.CLOSE_SILENT, CLOCK, {"reporter", "followers", "group"}),
    (S.RESOLVED, A.REOPEN, REPORTER, {"reporter", "group"}),
    (S.REOPEN_REQUESTED, A.ACCEPT_REOPEN, BOSS, {"everyone", "group"}),
    (S.REOPEN_REQUESTED, A.DECLINE_REOPEN, BOSS, {"everyone", "group"}),
]


@pytest.mark.parametrize(("status", "action", "actor", "hears"), WHO_HEARS)
def test_who_hears(status: Status, action: Action, actor: Actor, hears: set[str]):
    ticket = a_ticket(status)
    if action is A.UNDO:
        changed = apply(ticket, action, actor, ticket.since or MONDAY, CITY)
    else:
        changed = move(ticket, action, actor)
    assert set(told(changed)) == hears
    assert any(n.refresh_card or n.new_card for n in notices(changed, CITY) if n.audience == "group")


@pytest.mark.parametrize(("status", "action", "actor", "hears"), WHO_HEARS)
def test_citizens_never_read_an_officers_name_and_every_notice_has_the_number(
    status: Status, action: Action, actor: Actor, hears: set[str]
):
    if action is A.UNDO:
        return
    for notice in notices(move(a_ticket(status), action, actor), CITY):
        for locale in ("id", "en"):
            text = read(notice, locale)
            assert not text or "CTH-26-000123-3" in text
            assert "{" not in text
            if notice.audience in ("reporter", "followers", "everyone"):
                assert "Rina" not in text
                assert "Kabid" not in text


def test_done_asks_the_reporter_and_lets_followers_object():
    ticket = a_ticket(S.IN_PROGRESS)
    heard = told(move(ticket, A.DONE))
    assert [choice.action for choice in heard["reporter"].choices] == ["ticket:7:confirm", "ticket:7:reopen"]
    assert [choice.action for choice in heard["followers"].choices] == ["ticket:7:reopen"]
    assert "Apakah menurut Anda sudah beres?" in read(heard["reporter"])
    assert "Hasilnya: Sudah kami kerjakan kemarin" in read(heard["reporter"])
    assert heard["reporter"].photos == heard["followers"].photos == "proof"
    plain = told(move(a_ticket(S.IN_PROGRESS, category="LAYANAN"), A.DONE, details=Details(note="Kartu siap diambil")))
    assert plain["reporter"].photos is None


def test_who_was_told_by_mistake_that_it_is_done_hears_that_it_is_not():
    done = a_ticket(S.RESOLVED)
    heard = told(move(done, A.UNDO, now=done.resolved_at))
    assert set(heard) == {"everyone", "group"}
    assert "keliru" in read(heard["everyone"])
    assert "dijanjikan paling lambat" in read(heard["everyone"])
    assert heard["everyone"].choices == ()


def test_closing_asks_for_stars():
    for changed in (move(a_ticket(S.RESOLVED), A.CONFIRM, REPORTER), move(a_ticket(S.RESOLVED), A.CLOSE_SILENT, CLOCK)):
        actions = [choice.action for choice in told(changed)["reporter"].choices]
        assert actions[:5] == [f"ticket:7:rate:{n}" for n in range(1, 6)]


def test_a_silent_closing_says_how_to_come_back_and_never_congratulates():
    text = read(told(move(a_ticket(S.RESOLVED), A.CLOSE_SILENT, CLOCK))["reporter"])
    assert "30 hari" in text
    assert "Selamat" not in text


def test_a_later_day_than_promised_is_said_with_regret():
    ticket = a_ticket(S.IN_PROGRESS)
    in_time = told(move(ticket, A.SCHEDULE, details=Details(day=at("2026-11-24").date())))["everyone"]
    assert "Mohon maaf" not in read(in_time)
    assert "24 November" in read(in_time)
    late = told(move(ticket, A.SCHEDULE, details=Details(day=at("2026-11-28").date(), note="Menunggu alat")))[
        "everyone"
    ]
    assert "Mohon maaf" in read(late)
    assert "25 November" in read(late)
    assert "Menunggu alat" in read(late)


def test_a_hand_over_tells_the_next_office_why_and_the_citizen_that_the_promise_stays():
    heard = told(move(a_ticket(), A.NOT_OURS))
    assert "Dinas Lingkungan Hidup" in read(heard["everyone"])
    assert "25 November" in read(heard["everyone"])
    assert "Dinas Perhubungan" in read(heard["group"])
    assert "Sudah kami kerjakan kemarin" in read(heard["group"])
    assert heard["group"].new_card
    assert heard["old_group"].refresh_card


@pytest.mark.parametrize(("action", "actor"), [(A.NOT_OURS, RINA), (A.ROUTE, OPS)])
@pytest.mark.parametrize(
    ("status", "audience", "said"),
    [
        (S.WAITING_CITIZEN, "reporter", "tidak perlu dijawab lagi"),
        (S.SCHEDULED, "everyone", "Jadwal hari Kamis, 26 November tidak berlaku lagi"),
    ],
)
def test_what_the_former_office_asked_or_planned_is_said_to_be_over(
    status: Status, audience: str, said: str, action: Action, actor: Actor
):
    heard = told(move(a_ticket(status), action, actor))
    assert said in read(heard[audience])
    assert "followers" not in heard or said not in read(heard["followers"]), "they were not asked"
    assert said not in read(told(move(a_ticket(S.IN_PROGRESS), action, actor))["everyone"])
    to_desk = move(a_ticket(status), A.NOT_OURS, details=Details(note="tiang PLN", agency="PLN"))
    assert said in read(told(to_desk)[audience])


def test_who_did_not_answer_hears_that_the_promise_moved():
    asked = a_ticket(S.WAITING_CITIZEN)  # on Monday at 11.00; promised for Wednesday at 09.00
    over = told(move(asked, A.TIME_OUT_ANSWER, CLOCK, Details(), now=at("2026-11-28", "11:00")))
    assert "kini dijanjikan paling lambat Senin, 30 November pukul 09.00" in read(over["reporter"])
    late = replace(asked, resolve_due=MONDAY)  # asked when it was late: nothing moved
    over = told(move(late, A.TIME_OUT_ANSWER, CLOCK, Details(), now=at("2026-11-28", "11:00")))
    assert "sudah lewat" in read(over["reporter"])


def test_the_third_bounce_calls_the_operations_centre():
    heard = told(move(a_ticket(bounces=2), A.NOT_OURS))
    assert "3 kali" in read(heard["ops"])
    assert "Usulan: Dinas Lingkungan Hidup" in read(heard["group"])
    without = told(move(a_ticket(), A.NOT_OURS, details=Details(note="bukan aset kami")))
    assert "ops" not in without
    assert "Usulan: belum ada" in read(without["group"])


def test_the_operations_centre_gets_buttons_for_the_last_ruling():
    heard = told(move(a_ticket(S.CLOSED, reopenings=2), A.REOPEN, REPORTER))
    assert [c.action for c in heard["ops"].choices] == ["card:7:accept_reopen", "card:7:decline_reopen"]
    assert "pusat operasi kota yang memutuskan" in read(heard["reporter"])


def test_an_office_that_may_not_decide_is_not_asked_to():
    heard = told(move(a_ticket(S.CLOSED, reopenings=2), A.REOPEN, REPORTER))
    assert "Mohon putuskan" not in read(heard["group"])
    assert "pusat operasi kota yang memutuskan" in read(heard["group"])


def test_without_an_operations_centre_the_office_decides_with_the_buttons_below():
    changed = move(a_ticket(S.CLOSED, reopenings=2), A.REOPEN, REPORTER)
    heard = told(replace(changed, data={**changed.data, "decides": "office"}))
    assert "ops" not in heard
    assert "koordinator OPD memutuskan" in read(heard["group"])
    assert [c.action for c in heard["group"].choices] == ["card:7:accept_reopen", "card:7:decline_reopen"]
    assert "pusat operasi" not in read(heard["reporter"])


@pytest.mark.parametrize(
    ("status", "action"), [(S.REOPEN_REQUESTED, A.DECLINE_REOPEN), (S.IN_PROGRESS, A.CLOSE), (S.ASSIGNED, A.CLOSE)]
)
def test_the_citizen_reads_whose_explanation_it_is(status: Status, action: Action):
    assert "Penjelasan pusat operasi kota:" in read(told(move(a_ticket(status), action, OPS))["everyone"])
    assert "Penjelasan Dinas Perhubungan:" in read(told(move(a_ticket(status), action, BOSS))["everyone"])


@pytest.mark.parametrize("reopenings", [0, 2])
def test_a_danger_reopened_at_once_is_told_to_everybody_above_too(reopenings: int):
    heard = told(move(a_ticket(S.RESOLVED, danger=True, reopenings=reopenings), A.REOPEN, REPORTER))
    assert set(heard) == {"everyone", "group", "head", "centre"}
    assert "langsung dibuka kembali" in read(heard["everyone"])
    assert "112" in read(heard["everyone"])
    for who in ("group", "head", "centre"):
        assert "BAHAYA" in read(heard[who])
        assert heard[who].urgent
    assert heard["group"].new_card


@pytest.mark.parametrize("danger", [False, True])
def test_what_the_triage_desk_gets_again_is_to_be_routed(danger: bool):
    at_desk = {"agency": "DISKOMINFO", "acknowledged_at": None, "officer": 0, "bounces": 1, "danger": danger}
    closed = a_ticket(S.CLOSED, outcome=Outcome.NOT_CITY, last_note="milik PLN, hubungi 123", **at_desk)
    changed = move(closed, A.REOPEN, REPORTER)
    if not danger:
        changed = move(changed.after, A.ACCEPT_REOPEN, DESK, Details())
    heard = told(changed)
    assert "Teruskan ke OPD" in read(heard["group"])
    assert "diterima" not in read(heard["group"])
    assert "mencarikan dinas yang tepat" in read(heard["everyone"])
    assert "Diskominfo" not in read(heard["everyone"])
    shown = words(card(changed.after, CITY, MONDAY)[0])
    assert "hubungi 123" not in shown
    assert "Usulan" not in shown
    proposed = replace(changed.after, suggested_agency="DLH")
    assert "Usulan pemilik: Dinas Lingkungan Hidup\n" in words(card(proposed, CITY, MONDAY)[0]) + "\n"


def test_the_office_hears_what_the_centre_decided():
    heard = told(move(a_ticket(S.REOPEN_REQUESTED, reopenings=3), A.DECLINE_REOPEN, OPS))
    assert "Sudah kami kerjakan kemarin" in read(heard["group"])


def test_the_reporter_is_not_said_to_have_asked_for_what_a_follower_asked_for():
    mine = told(move(a_ticket(S.CLOSED, reopenings=2), A.REOPEN, REPORTER))
    assert not {"writer", "others"} & set(mine)
    theirs = told(move(a_ticket(S.CLOSED, reopenings=2), A.REOPEN, FOLLOWER))
    assert read(theirs["writer"]) == read(mine["reporter"])
    assert "Warga lain yang ikut melapor" in read(theirs["others"])
    assert "pusat operasi kota yang memutuskan" in read(theirs["others"])
    assert "reporter" not in theirs


def test_who_is_to_decide_on_a_reopening_need_not_look_for_the_card():
    for notice in (
        told(move(a_ticket(S.RESOLVED), A.REOPEN, REPORTER))["group"],
        told(move(a_ticket(S.REOPEN_REQUESTED), A.ACCEPT_REOPEN))["group"],
    ):
        assert notice.new_card, "it comes with its buttons"
        assert notice.choices == (), "and only there"


def test_a_reopening_says_by_when_it_is_decided():
    friday = a_ticket(S.RESOLVED, opened=at("2026-11-27", "09:00"))  # resolved at 14.00, asked at 15.00
    heard = told(move(friday, A.REOPEN, REPORTER, Details(note="masih gelap")))
    assert "30 November" in read(heard["reporter"])
    assert "masih gelap" in read(heard["group"])


def test_what_citizens_write_reaches_the_group_masked_and_cut():
    secret = "NIK saya 3275012301900001 telp 0812-3456-7890 " + "panjang " * 600
    for notice in (*followed(a_ticket(followers=1), CITY, secret), *relay_to_group(a_ticket(), secret)):
        text = read(notice)
        assert "3275012301900001" not in text
        assert "3456" not in text
        assert len(text) < 2000
    answered = told(move(a_ticket(S.WAITING_CITIZEN), A.ANSWER, REPORTER, Details(note=secret)))["group"]
    assert "3275012301900001" not in read(answered)


def test_followers_are_counted_and_their_words_passed_on():
    assert followed(a_ticket(followers=1), CITY)[0].text is None
    assert followed(a_ticket(followers=1), CITY, new=False) == ()
    first = followed(a_ticket(followers=1), CITY, "di gang sebelah juga")[0]
    assert "kini 2 pelapor" in read(first)
    assert "pesan dari warga" in read(followed(a_ticket(), CITY, "tambahan", new=False)[0])


def test_messages_between_office_and_citizen():
    to_citizen = relay_to_citizen(a_ticket(), CITY, "Petugas kami datang besok")[0]
    assert "Pesan dari Dinas Perhubungan" in read(to_citizen)
    to_group = relay_to_group(a_ticket(), "Terima kasih", media=1)[0]
    assert (to_group.expects, to_group.photos) == ("relay", "report")
    assert "5 bintang" in read(rated(a_ticket(), 5)[0])


@pytest.mark.parametrize("outcome", [Outcome.NOT_CITY, Outcome.NOT_POSSIBLE, Outcome.INVALID, Outcome.PRIVATE_MATTER])
def test_closing_without_work_says_why_and_how_to_object(outcome: Outcome):
    heard = told(move(a_ticket(), A.CLOSE, BOSS, Details(note="Tidak ada tiang di sana", outcome=outcome)))["everyone"]
    assert "tanpa pengerjaan" in read(heard)
    assert "Tidak ada tiang di sana" in read(heard)
    assert [choice.action for choice in heard.choices] == ["ticket:7:reopen"]


def test_a_closing_for_abuse_accuses_nobody():
    heard = told(move(a_ticket(), A.CLOSE, BOSS, Details(note="kata-kata kasar", outcome=Outcome.ABUSE)))["everyone"]
    assert "kasar" not in read(heard)
    assert not heard.choices


def test_a_duplicate_points_to_its_master():
    assert "CTH-26-000099-1" in read(told(move(a_ticket(), A.DUPLICATE, BUDI))["everyone"])


def test_what_is_released_is_told():
    duplicate = a_ticket(S.CLOSED, outcome=Outcome.DUPLICATE, master=99)
    for actor in (SYSTEM, OPS):
        assert "tangani sendiri lagi" in read(told(move(duplicate, A.RELEASE, actor))["everyone"])


def test_a_question_says_by_when_an_answer_helps():
    heard = told(move(a_ticket(S.IN_PROGRESS), A.ASK, details=Details(note="Tiang nomor berapa?")))["reporter"]
    assert "Tiang nomor berapa?" in read(heard)
    assert "28 November" in read(heard)


def test_the_office_is_told_that_a_number_was_hidden_and_how_to_ask():
    for number in ("hp saya 0812-3456-7890", "hp saya [HP]"):  # masked when it was heard, too
        said = read(relay_to_group(a_ticket(), number)[0])
        assert "hp saya [HP]" in said
        assert "kami samarkan" in said
    assert "samarkan" not in read(relay_to_group(a_ticket(), "rumah no 12")[0])
