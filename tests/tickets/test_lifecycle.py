"""What each move needs, what it changes, and how a refusal sounds."""

from __future__ import annotations

from datetime import date, timedelta

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
from tickets.lifecycle import CLOCK, SYSTEM, Action, Actor, Changed, Details, NotAllowed, apply
from tickets.ticket import Outcome, Status, Ticket

HOUR = timedelta(hours=1)
S, A = Status, Action


def move(ticket: Ticket, action: Action, actor: Actor = RINA, details: Details = ENOUGH, **when: object) -> Changed:
    now = when.get("now") or (ticket.since or ticket.opened_at) + HOUR
    return apply(ticket, action, actor, now, CITY, details)  # type: ignore[arg-type]


def refused(ticket: Ticket, action: Action, actor: Actor = RINA, details: Details = ENOUGH, **when: object) -> str:
    with pytest.raises(NotAllowed) as error:
        move(ticket, action, actor, details, **when)
    return words(error.value.reason)


def test_the_second_press_reads_who_was_first_and_when():
    taken = move(a_ticket(), A.ACKNOWLEDGE, RINA, now=at("2026-11-23", "10:15")).after
    assert refused(taken, A.ACKNOWLEDGE, BUDI) == "Sudah ditangani Bu Rina, pukul 10.15 WIB."
    assert "Sudah Anda terima" in refused(taken, A.ACKNOWLEDGE, RINA)
    working = move(taken, A.START).after
    assert refused(working, A.ACKNOWLEDGE, BUDI) == "Sudah ditangani Bu Rina, pukul 10.15 WIB."


def test_an_old_button_says_what_the_state_is_now():
    closed = a_ticket(S.CLOSED, outcome=Outcome.UNANSWERED)
    answer = refused(closed, A.DONE)
    assert "Ditutup (selesai, pelapor tidak menjawab)" in answer
    assert "CTH-26-000123-3" in answer


def test_acknowledging_stops_the_clock_and_names_the_holder():
    after = move(a_ticket(), A.ACKNOWLEDGE, now=MONDAY + HOUR).after
    assert (after.officer, after.officer_name, after.acknowledged_at) == (5, "Bu Rina", MONDAY + HOUR)
    assert not after.breached
    late = move(a_ticket(), A.ACKNOWLEDGE, now=MONDAY + 13 * HOUR).after
    assert late.breached


def test_not_ours_goes_straight_to_the_office_that_was_named():
    now = MONDAY + 5 * HOUR
    changed = move(a_ticket(), A.NOT_OURS, now=now)
    after = changed.after
    assert (after.status, after.agency, after.bounces) == (S.ASSIGNED, "DLH", 1)
    assert after.acknowledge_due == now + 12 * HOUR
    assert after.resolve_due == a_ticket().resolve_due
    assert after.assigned_at == after.since == now
    assert dict(changed.data) == {"from_agency": "DISHUB", "proposed": "DLH", "bounces": 1, "to_agency": "DLH"}


def test_handing_over_an_accepted_ticket_frees_it():
    after = move(a_ticket(S.ACKNOWLEDGED), A.NOT_OURS).after
    assert (after.officer, after.officer_name, after.acknowledged_at) == (0, "", None)


@pytest.mark.parametrize("status", [S.IN_PROGRESS, S.SCHEDULED, S.WAITING_CITIZEN, S.WAITING_EXTERNAL])
@pytest.mark.parametrize("agency", ["DLH", "PLN"])
def test_handing_over_what_was_begun_leaves_nothing_of_it(status: Status, agency: str):
    after = move(a_ticket(status), A.NOT_OURS, details=Details(note="ternyata tiang PLN", agency=agency)).after
    assert (after.officer, after.acknowledged_at, after.started_at) == (0, None, None)
    assert (after.scheduled_for, after.waiting_since, after.external) == (None, None, "")


@pytest.mark.parametrize(
    ("action", "actor"), [(A.NOT_OURS, RINA), (A.ROUTE, OPS), (A.CLOSE, BOSS), (A.DUPLICATE, RINA)]
)
def test_the_wait_for_the_citizen_ends_with_a_hand_over(action: Action, actor: Actor):
    asked = a_ticket(S.WAITING_CITIZEN)
    assert asked.waiting_since
    after = move(asked, action, actor, now=asked.waiting_since + 6 * HOUR).after
    assert (after.waiting_since, after.waited_s) == (None, 6 * 3600)
    assert after.resolve_due == asked.resolve_due + 6 * HOUR


@pytest.mark.parametrize("proposed", ["", "PLN", "DISKOMINFO"])
def test_without_an_office_that_takes_reports_the_desk_gets_it(proposed: str):
    after = move(a_ticket(), A.NOT_OURS, details=Details(note="bukan aset kami", agency=proposed)).after
    assert (after.status, after.agency, after.suggested_agency) == (S.NEW, "DISKOMINFO", proposed)


def test_the_third_bounce_goes_to_the_desk_and_back_out():
    ticket = a_ticket(bounces=2)
    at_desk = move(ticket, A.NOT_OURS).after
    assert (at_desk.status, at_desk.agency, at_desk.suggested_agency, at_desk.bounces) == (
        S.NEW, "DISKOMINFO", "DLH", 3,
    )  # fmt: skip
    routed = move(at_desk, A.ROUTE, DESK, Details(agency="DISHUB")).after
    assert (routed.status, routed.agency, routed.suggested_agency) == (S.ASSIGNED, "DISHUB", "")
    assert move(at_desk, A.ROUTE, OPS, Details(agency="DLH")).after.agency == "DLH"


def test_handing_over_late_leaves_a_mark():
    after = move(a_ticket(), A.NOT_OURS, now=MONDAY + 20 * HOUR).after
    assert after.breached
    assert after.acknowledge_due > MONDAY + 20 * HOUR


def test_not_ours_needs_a_reason_and_another_office():
    assert "tulis alasannya" in refused(a_ticket(), A.NOT_OURS, details=Details(note=" 🙏 ", agency="DLH"))
    assert "sudah ada di Dinas Perhubungan" in refused(
        a_ticket(), A.NOT_OURS, details=Details(note="salah", agency="DISHUB")
    )
    assert "tidak ada di daftar" in refused(a_ticket(), A.NOT_OURS, details=Details(note="salah", agency="XX"))


def test_routing_to_an_outside_body_or_nowhere_is_refused():
    new = a_ticket(S.NEW)
    assert "bukan perangkat kota" in refused(new, A.ROUTE, DESK, Details(agency="PLN"))
    assert "tidak ada di daftar" in refused(new, A.ROUTE, DESK, Details())
    assert move(new, A.ROUTE, DESK, Details(agency="DISKOMINFO")).after.agency == "DISKOMINFO"


def test_scheduling_keeps_the_clock_and_needs_a_sensible_day():
    ticket = a_ticket(S.IN_PROGRESS)
    after = move(ticket, A.SCHEDULE, details=Details(day=date(2026, 11, 26))).after
    assert after.scheduled_for == at("2026-11-26", "08:00")
    assert after.resolve_due == ticket.resolve_due
    assert "pilih atau tulis tanggalnya" in refused(ticket, A.SCHEDULE, details=Details())
    assert "sudah lewat" in refused(ticket, A.SCHEDULE, details=Details(day=date(2026, 11, 22)))
    assert "180 hari" in refused(ticket, A.SCHEDULE, details=Details(day=date(2027, 11, 22)))
    assert move(ticket, A.SCHEDULE, details=Details(day=date(2027, 5, 22))).after.status is S.SCHEDULED
    assert "180 hari" in refused(ticket, A.SCHEDULE, details=Details(day=date(2027, 5, 23)))
    today = move(replace(ticket, last_note="Tiang?"), A.SCHEDULE, details=Details(day=date(2026, 11, 23))).after
    assert (today.status, today.last_note) == (S.SCHEDULED, ""), "an answered question says nothing about the day"


def test_today_is_the_citys_today():
    night = at("2026-11-24", "00:30")  # still Monday in UTC
    ticket = a_ticket(S.IN_PROGRESS)
    assert "sudah lewat" in refused(ticket, A.SCHEDULE, details=Details(day=date(2026, 11, 23)), now=night)


def test_waiting_for_the_citizen_moves_the_promise_by_the_wait():
    asked = move(a_ticket(S.IN_PROGRESS), A.ASK, details=Details(note="Tiang nomor berapa?"), now=MONDAY + 4 * HOUR)
    ticket = asked.after
    assert (ticket.questions, ticket.last_note, ticket.waiting_since) == (1, "Tiang nomor berapa?", MONDAY + 4 * HOUR)
    answered = move(ticket, A.ANSWER, REPORTER, Details(note="Nomor 12"), now=MONDAY + 10 * HOUR)
    assert answered.after.resolve_due == ticket.resolve_due + 6 * HOUR
    assert answered.after.waited_s == 6 * 3600 == answered.data["waited_s"]
    assert (answered.after.waiting_since, answered.after.citizen_note) == (None, "Nomor 12")


def test_the_wait_counts_for_five_days_at_most():
    ticket = a_ticket(S.WAITING_CITIZEN)
    after = move(ticket, A.TIME_OUT_ANSWER, CLOCK, Details(), now=MONDAY + timedelta(days=9)).after
    assert after.waited_s == 5 * 86_400
    assert after.resolve_due == ticket.resolve_due + timedelta(days=5)


def test_at_most_two_questions_in_a_cycle():
    assert "2 kali" in refused(a_ticket(S.IN_PROGRESS, questions=2), A.ASK)


def test_an_empty_answer_is_no_answer_but_a_photo_is_one():
    waiting = a_ticket(S.WAITING_CITIZEN)
    assert "jawaban Anda" in refused(waiting, A.ANSWER, REPORTER, Details(note=" 👍 "))
    assert move(waiting, A.ANSWER, REPORTER, Details(media=1)).after.status is S.IN_PROGRESS


def test_asking_counts_as_the_first_action():
    after = move(a_ticket(S.ACKNOWLEDGED), A.ASK, now=MONDAY + 3 * HOUR).after
    assert after.started_at == MONDAY + 3 * HOUR


@pytest.mark.parametrize(
    ("category", "details", "fine"),
    [
        ("LAMPU", Details(media=1), True),
        ("LAMPU", Details(note="Sudah kami ganti bohlamnya"), False),
        ("SAMPAH", Details(media=1), True),
        ("SAMPAH", Details(note="Sudah kami angkut tadi pagi"), True),
        ("SAMPAH", Details(note="beres"), False),
        ("SAMPAH", Details(note="✅✅✅✅✅✅✅✅✅✅✅"), False),
        ("SAMPAH", Details(), False),
        ("LAYANAN", Details(note="Kartu sudah dapat diambil"), True),
        ("LAYANAN", Details(media=2), False),
        ("LAYANAN", Details(note="ok", media=2), False),
    ],
)
def test_done_needs_the_proof_of_its_category(category: str, details: Details, fine: bool):
    ticket = a_ticket(S.IN_PROGRESS, category=category)
    if fine:
        after = move(ticket, A.DONE, details=details).after
        assert after.status is S.RESOLVED
        assert after.resolved_at == MONDAY + 3 * HOUR
    else:
        assert "balas" in refused(ticket, A.DONE, details=details).lower()


def test_only_the_reporter_says_that_it_is_fixed():
    resolved = a_ticket(S.RESOLVED, followers=1)
    assert "Hanya pelapor" in refused(resolved, A.CONFIRM, FOLLOWER)
    assert move(resolved, A.CONFIRM, REPORTER).after.outcome is Outcome.CONFIRMED
    assert move(resolved, A.REOPEN, FOLLOWER, Details(note="masih gelap")).after.status is S.REOPEN_REQUESTED


def test_a_reopening_needs_words_or_a_photo():
    resolved = a_ticket(S.RESOLVED)
    assert "apa yang belum beres" in refused(resolved, A.REOPEN, REPORTER, Details(note="🙏🙏"))
    assert move(resolved, A.REOPEN, REPORTER, Details(media=1)).after.reopenings == 1


def test_a_closed_ticket_may_be_reopened_for_thirty_days():
    closed = a_ticket(S.CLOSED)
    assert closed.closed_at
    last = closed.closed_at + timedelta(days=30)
    after = move(closed, A.REOPEN, REPORTER, now=last).after
    assert (after.status, after.outcome, after.closed_at) == (S.REOPEN_REQUESTED, None, None)
    assert "lebih dari 30 hari" in refused(closed, A.REOPEN, REPORTER, now=last + timedelta(seconds=1))


@pytest.mark.parametrize("outcome", Outcome)
def test_which_ends_may_be_contested(outcome: Outcome):
    closed = a_ticket(S.CLOSED, outcome=outcome)
    if outcome in (Outcome.WITHDRAWN, Outcome.DUPLICATE, Outcome.ABUSE):
        assert "kirim laporan baru" in refused(closed, A.REOPEN, REPORTER)
    else:
        assert move(closed, A.REOPEN, REPORTER).after.status is S.REOPEN_REQUESTED


def test_a_reopened_ticket_starts_again_with_half_the_time():
    now = at("2026-11-24", "09:00")
    asked = a_ticket(S.REOPEN_REQUESTED, waited_s=3600, questions=2, breached=True)
    after = move(asked, A.ACCEPT_REOPEN, BOSS, now=now).after
    assert (after.status, after.cycle, after.questions, after.waited_s) == (S.ASSIGNED, 2, 0, 0)
    assert after.acknowledge_due == now + 6 * HOUR
    assert after.resolve_due == now + 24 * HOUR
    assert (after.officer, after.resolved_at, after.acknowledged_at, after.started_at) == (0, None, None, None)
    assert after.breached
    assert after.cycle_started_at == after.assigned_at == now


def test_what_the_desk_closed_comes_back_to_the_desk():
    closed = a_ticket(
        S.CLOSED, agency="DISKOMINFO", outcome=Outcome.NOT_CITY, acknowledged_at=None, officer=0, resolved_at=None
    )
    asked = move(closed, A.REOPEN, REPORTER).after
    assert move(asked, A.ACCEPT_REOPEN, CLOCK, Details()).after.status is S.NEW


def test_after_two_requests_the_operations_centre_decides():
    third = a_ticket(S.CLOSED, reopenings=2)
    asked = move(third, A.REOPEN, REPORTER).after
    assert asked.reopenings == 3
    assert "pusat operasi" in refused(asked, A.ACCEPT_REOPEN, RINA)
    assert "pusat operasi" in refused(asked, A.DECLINE_REOPEN, BOSS)
    declined = move(asked, A.DECLINE_REOPEN, OPS).after
    assert (declined.status, declined.outcome) == (S.CLOSED, Outcome.DECLINED)
    assert "sudah beberapa kali diputuskan" in refused(declined, A.REOPEN, REPORTER)
    assert move(asked, A.ACCEPT_REOPEN, CLOCK, Details()).after.status is S.ASSIGNED


def test_without_an_operations_centre_the_office_s_supervisor_decides_and_nobody_below():
    asked = a_ticket(S.REOPEN_REQUESTED, reopenings=3)
    boss, rina = replace(BOSS, centre=False), replace(RINA, centre=False)
    assert move(asked, A.ACCEPT_REOPEN, boss).after.status is S.ASSIGNED
    assert move(asked, A.DECLINE_REOPEN, boss).after.outcome is Outcome.DECLINED
    assert "koordinator" in refused(asked, A.ACCEPT_REOPEN, rina)


@pytest.mark.parametrize("status", [S.RESOLVED, S.CLOSED])
def test_a_danger_that_is_not_over_waits_for_no_decision(status: Status):
    friday = at("2026-11-27", "17:00")
    changed = move(a_ticket(status, danger=True), A.REOPEN, REPORTER, now=friday)
    after = changed.after
    assert (after.status, after.cycle, after.reopenings, after.officer) == (S.ASSIGNED, 2, 1, 0)
    assert after.acknowledge_due == friday + 6 * HOUR
    assert after.citizen_note
    assert changed.data["cycle"] == 2


def test_declining_needs_words():
    assert "tulis alasannya" in refused(a_ticket(S.REOPEN_REQUESTED), A.DECLINE_REOPEN, BOSS, Details())


@pytest.mark.parametrize("outcome", [None, Outcome.CONFIRMED, Outcome.WITHDRAWN, Outcome.DUPLICATE])
def test_closing_without_work_needs_its_own_reason(outcome: Outcome | None):
    assert "alasan penutupan" in refused(a_ticket(), A.CLOSE, BOSS, Details(note="Tidak ada tiang", outcome=outcome))


def test_closing_without_work_needs_words_for_the_citizen():
    assert "penjelasannya" in refused(a_ticket(), A.CLOSE, BOSS, Details(outcome=Outcome.INVALID))
    after = move(a_ticket(), A.CLOSE, BOSS, Details(outcome=Outcome.INVALID, note="Tidak ada tiang di sana")).after
    assert (after.outcome, after.last_note) == (Outcome.INVALID, "Tidak ada tiang di sana")


def test_followers_keep_a_ticket_open():
    assert "2 warga lain" in refused(a_ticket(followers=2), A.WITHDRAW, REPORTER)
    assert "Hanya pelapor" in refused(a_ticket(), A.WITHDRAW, FOLLOWER)


def test_a_duplicate_knows_its_master_and_may_come_back():
    assert "nomor laporan lain" in refused(a_ticket(), A.DUPLICATE, details=Details(master=7))
    changed = move(a_ticket(), A.DUPLICATE)
    assert (changed.after.outcome, changed.after.master) == (Outcome.DUPLICATE, 99)
    back = move(changed.after, A.RELEASE, SYSTEM, Details()).after
    assert (back.status, back.agency, back.master, back.outcome) == (S.NEW, "DISKOMINFO", 0, None)
    with pytest.raises(NotAllowed):
        move(a_ticket(S.CLOSED), A.RELEASE, SYSTEM, Details())


def test_a_slip_of_the_finger_is_undone_within_ten_minutes():
    taken = move(a_ticket(), A.ACKNOWLEDGE, now=MONDAY + HOUR).after
    back = move(taken, A.UNDO, now=MONDAY + HOUR + timedelta(minutes=10)).after
    assert back == a_ticket()
    assert "10 menit" in refused(taken, A.UNDO, now=MONDAY + HOUR + timedelta(minutes=10, seconds=1))
    assert "Hanya Bu Rina" in refused(taken, A.UNDO, BUDI, now=MONDAY + HOUR)
    assert move(taken, A.UNDO, BOSS, now=MONDAY + HOUR).after.status is S.ASSIGNED


def test_a_wrong_selesai_is_undone_by_anybody_of_the_office_and_what_was_promised_stays():
    planned = a_ticket(S.SCHEDULED)  # for Thursday, a day after the promise
    done = move(planned, A.DONE).after
    assert done.resolved_at
    soon = done.resolved_at + timedelta(minutes=10)
    after = move(done, A.UNDO, BUDI, Details(), now=soon).after
    assert (after.status, after.resolved_at, after.last_note, after.since) == (S.IN_PROGRESS, None, "", soon)
    assert (after.officer, after.started_at) == (planned.officer, planned.started_at)
    assert after.scheduled_for == planned.scheduled_for
    assert "10 menit" in refused(done, A.UNDO, now=soon + timedelta(minutes=1))
    assert "tidak dapat diurungkan" in refused(after, A.UNDO, RINA, now=soon), "it did not begin by this"


def test_starting_may_be_undone_but_not_what_came_after():
    taken = move(a_ticket(), A.ACKNOWLEDGE, now=MONDAY + HOUR).after
    working = move(taken, A.START, now=MONDAY + HOUR).after
    assert move(working, A.UNDO, now=MONDAY + HOUR).after == taken
    resumed = move(a_ticket(S.SCHEDULED), A.RESUME).after
    assert "tidak dapat diurungkan" in refused(resumed, A.UNDO, now=resumed.since)


def test_the_state_began_when_it_changed_and_not_when_something_else_did():
    scheduled = a_ticket(S.SCHEDULED)
    later = move(scheduled, A.SCHEDULE, now=MONDAY + 9 * HOUR).after
    assert later.since == MONDAY + 9 * HOUR
    assert replace(later, scheduled_for=None, since=None, last_note="") == replace(
        scheduled, scheduled_for=None, since=None
    )


@pytest.mark.parametrize("action", [Action.CLOSE, Action.DECLINE_REOPEN])
def test_what_a_citizen_reads_as_the_reason_is_a_sentence(action: Action) -> None:
    status = Status.ACKNOWLEDGED if action is Action.CLOSE else Status.REOPEN_REQUESTED
    short, whole = replace(ENOUGH, note="ga"), replace(ENOUGH, note="Lahan milik warga")
    with pytest.raises(NotAllowed) as refused:
        apply(a_ticket(status), action, BOSS, MONDAY, CITY, short)
    assert refused.value.reason.key == f"refusal.words.{action}"
    assert apply(a_ticket(status), action, BOSS, MONDAY, CITY, whole)
