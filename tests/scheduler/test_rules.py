"""Nudge rules by table: when each plans to speak, what it says, and when it keeps silent."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from scheduler.rules import rules
from tests.tickets.builders import CITY, MONDAY, a_ticket, at, words
from tickets.actions import BY_STATUS
from tickets.calendar import is_quiet
from tickets.moves import Action
from tickets.nudges import ONWARD
from tickets.rule import EVERYBODY, SILENT, Above
from tickets.ticket import OPEN, Status, Ticket

S = Status
HOUR = timedelta(hours=1)
RULES = rules()
FOR_CITIZENS = {
    "promise_slipped",
    "citizen_answer",
    "confirm_reminder",
    "close_silent",
    "scheduled_day",
    "reopen_silence",
    "still_open",
}


def planned(kind: str, ticket: Ticket) -> list[datetime]:
    return [due.at for due in RULES[kind].plan(ticket, CITY)]


def test_every_rule_is_found_by_its_folder_and_named_as_its_file():
    assert set(RULES) == {
        "acknowledge_soon", "acknowledge_late", "acknowledge_head", "acknowledge_ops",
        "resolve_soon", "resolve_late", "resolve_head", "resolve_ops", "promise_slipped", "planned_late",
        "unrouted", "citizen_answer", "confirm_reminder", "close_silent", "scheduled_day",
        "external_chase", "reopen_silence", "reopen_soon", "still_open",
    }  # fmt: skip


PROMISED = at("2026-11-25", "08:00")  # the day into which the promise falls
# A light (48 hours: 12 to take up) reported on Monday at nine unless it says otherwise.
PLANS = [
    # 80 % of 12 h is 18.36; the others wait for the morning, an hour apart
    ("acknowledge_soon", a_ticket(), [at("2026-11-23", "18:36")]),
    ("acknowledge_late", a_ticket(), [at("2026-11-24", "06:00")]),
    ("acknowledge_head", a_ticket(), [at("2026-11-24", "07:00")]),
    ("acknowledge_ops", a_ticket(), [at("2026-11-24", "09:00")]),
    # reported at two in the night: everything by day
    ("acknowledge_late", a_ticket(opened=at("2026-11-23", "02:00")), [at("2026-11-23", "14:00")]),
    ("acknowledge_head", a_ticket(opened=at("2026-11-23", "02:00")), [at("2026-11-23", "20:00")]),
    ("acknowledge_ops", a_ticket(opened=at("2026-11-23", "02:00")), [at("2026-11-24", "06:00")]),
    # the warning would fall into the night and the morning is too late: the evening before
    ("acknowledge_soon", a_ticket(opened=at("2026-11-23", "16:00")), []),
    ("acknowledge_soon", a_ticket(opened=at("2026-11-23", "14:15")), [at("2026-11-23", "20:30")]),
    ("resolve_soon", a_ticket(S.IN_PROGRESS), [at("2026-11-25", "06:00")]),
    ("resolve_soon", a_ticket(S.IN_PROGRESS, opened=at("2026-11-22", "05:30")), [at("2026-11-23", "19:54")]),
    ("resolve_late", a_ticket(S.IN_PROGRESS), [at("2026-11-25", "09:00")]),
    ("resolve_head", a_ticket(S.IN_PROGRESS), [at("2026-11-26", "09:00")]),
    ("resolve_ops", a_ticket(S.IN_PROGRESS), [at("2026-11-27", "09:00")]),
    ("promise_slipped", a_ticket(S.IN_PROGRESS), [at("2026-11-25", "09:00")]),
    ("promise_slipped", a_ticket(S.IN_PROGRESS, opened=at("2026-11-23", "23:00")), [at("2026-11-26", "06:00")]),
    ("promise_slipped", a_ticket(S.SCHEDULED), []),  # told already: Thursday is after the promise
    ("promise_slipped", a_ticket(S.SCHEDULED, scheduled_for=at("2026-11-24", "08:00")), [at("2026-11-25", "09:00")]),
    ("resolve_soon", a_ticket(S.SCHEDULED), []),
    # a day that was named lasts until its end, also where the promise falls into it; late is who is late with that
    ("resolve_late", a_ticket(S.SCHEDULED), [at("2026-11-27", "06:00")]),
    ("resolve_head", a_ticket(S.SCHEDULED), [at("2026-11-28", "06:00")]),
    ("resolve_ops", a_ticket(S.SCHEDULED), [at("2026-11-29", "06:00")]),
    ("resolve_soon", a_ticket(S.IN_PROGRESS, scheduled_for=PROMISED), []),
    ("resolve_late", a_ticket(S.IN_PROGRESS, scheduled_for=PROMISED), [at("2026-11-26", "06:00")]),
    ("resolve_late", a_ticket(S.SCHEDULED, scheduled_for=at("2026-11-24", "08:00")), [at("2026-11-25", "09:00")]),
    ("resolve_late", a_ticket(S.WAITING_EXTERNAL, scheduled_for=PROMISED), [at("2026-11-25", "09:00")]),
    ("promise_slipped", a_ticket(S.SCHEDULED, scheduled_for=PROMISED), []),
    ("promise_slipped", a_ticket(S.IN_PROGRESS, scheduled_for=PROMISED), [at("2026-11-26", "06:00")]),
    # a later day than the promise stops no clock: the head hears of it while the day can still be moved
    ("planned_late", a_ticket(S.SCHEDULED, scheduled_for=at("2026-12-15", "08:00")), [at("2026-11-26", "09:00")]),
    ("planned_late", a_ticket(S.IN_PROGRESS, scheduled_for=at("2026-12-15", "08:00")), [at("2026-11-26", "09:00")]),
    ("planned_late", a_ticket(S.SCHEDULED, scheduled_for=PROMISED), []),
    ("planned_late", a_ticket(S.WAITING_EXTERNAL, scheduled_for=at("2026-12-15", "08:00")), []),
    ("unrouted", a_ticket(S.NEW), [at("2026-11-23", "11:00"), at("2026-11-23", "13:00")]),
    ("unrouted", a_ticket(S.NEW, danger=True), [at("2026-11-23", "09:30"), at("2026-11-23", "10:00")]),
    ("unrouted", a_ticket(S.NEW, since=at("2026-11-23", "18:00")),
     [at("2026-11-23", "20:00"), at("2026-11-24", "06:00")]),
    ("unrouted", a_ticket(S.NEW, since=at("2026-11-23", "19:30")),
     [at("2026-11-24", "06:00"), at("2026-11-24", "08:00")]),
    ("citizen_answer", a_ticket(S.WAITING_CITIZEN), [at("2026-11-26", "11:00"), at("2026-11-28", "11:00")]),
    ("confirm_reminder", a_ticket(S.RESOLVED), [at("2026-11-25", "14:00")]),
    ("close_silent", a_ticket(S.RESOLVED), [at("2026-11-30", "14:00")]),
    ("close_silent", a_ticket(S.RESOLVED, resolved_at=at("2026-11-23", "22:30")), [at("2026-12-01", "06:00")]),
    ("scheduled_day", a_ticket(S.SCHEDULED), [at("2026-11-26", "08:00")]),
    ("external_chase", a_ticket(S.WAITING_EXTERNAL),
     [at("2026-11-23", "11:00") + n * timedelta(days=14) for n in range(1, 7)]),
    ("external_chase", a_ticket(S.WAITING_EXTERNAL, scheduled_for=at("2026-12-01", "08:00")),
     [at("2026-12-01", "08:00") + n * timedelta(days=14) for n in range(6)]),
    ("still_open", a_ticket(S.IN_PROGRESS),
     [at("2026-11-25", "09:00") + n * timedelta(days=7) for n in range(1, 9)]),
    # on the day of the apology for a day that passed, the weekly news stays silent
    ("still_open", a_ticket(S.IN_PROGRESS, scheduled_for=at("2026-12-01", "08:00")),
     [at("2026-11-25", "09:00") + n * timedelta(days=7) for n in range(2, 9)]),
    ("reopen_silence", a_ticket(S.REOPEN_REQUESTED), [at("2026-11-24", "15:00")]),
    ("reopen_silence", a_ticket(S.REOPEN_REQUESTED, since=at("2026-11-27", "15:00")), [at("2026-11-30", "15:00")]),
    # three hours before silence decides; in the evening where that is at night; not where the citizen has just asked
    ("reopen_soon", a_ticket(S.REOPEN_REQUESTED), [at("2026-11-24", "12:00")]),
    ("reopen_soon", a_ticket(S.REOPEN_REQUESTED, since=at("2026-11-23", "23:00")), [at("2026-11-24", "20:30")]),
    # danger is told at night, to officers
    ("acknowledge_late", a_ticket(danger=True), [at("2026-11-23", "21:00")]),
    ("acknowledge_head", a_ticket(danger=True), [at("2026-11-24", "03:00")]),
    ("acknowledge_late", a_ticket(category="KABEL", opened=at("2026-11-23", "20:00")), [at("2026-11-24", "02:00")]),
    ("acknowledge_soon", a_ticket(danger=True, opened=at("2026-11-23", "16:00")), [at("2026-11-24", "01:36")]),
    ("promise_slipped", a_ticket(danger=True, opened=at("2026-11-23", "23:00")), [at("2026-11-26", "06:00")]),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "ticket", "moments"), PLANS)
def test_when_a_rule_wants_to_speak(kind: str, ticket: Ticket, moments: list[datetime]):
    assert planned(kind, ticket) == moments


STATES = {
    "acknowledge_soon": {S.ASSIGNED},
    "acknowledge_late": {S.ASSIGNED},
    "acknowledge_head": {S.ASSIGNED},
    "acknowledge_ops": {S.ASSIGNED},
    "resolve_soon": {S.ACKNOWLEDGED, S.IN_PROGRESS},
    "resolve_late": {S.NEW, S.ASSIGNED, S.ACKNOWLEDGED, S.IN_PROGRESS, S.SCHEDULED, S.WAITING_EXTERNAL},
    "resolve_head": {S.NEW, S.ASSIGNED, S.ACKNOWLEDGED, S.IN_PROGRESS, S.SCHEDULED, S.WAITING_EXTERNAL},
    "resolve_ops": {S.NEW, S.ASSIGNED, S.ACKNOWLEDGED, S.IN_PROGRESS, S.SCHEDULED, S.WAITING_EXTERNAL},
    "promise_slipped": {S.NEW, S.ASSIGNED, S.ACKNOWLEDGED, S.IN_PROGRESS, S.WAITING_EXTERNAL},
    "still_open": {S.NEW, S.ASSIGNED, S.ACKNOWLEDGED, S.IN_PROGRESS, S.SCHEDULED, S.WAITING_EXTERNAL},
    "unrouted": {S.NEW},
    "citizen_answer": {S.WAITING_CITIZEN},
    "confirm_reminder": {S.RESOLVED},
    "close_silent": {S.RESOLVED},
    "scheduled_day": {S.SCHEDULED},
    "planned_late": {S.SCHEDULED},
    "external_chase": {S.WAITING_EXTERNAL},
    "reopen_silence": {S.REOPEN_REQUESTED},
    "reopen_soon": {S.REOPEN_REQUESTED},
}
NOON = at("2027-03-01", "12:00")  # long after everything, by day


@pytest.mark.parametrize("kind", RULES)
@pytest.mark.parametrize("status", Status)
def test_a_rule_speaks_in_its_states_only(kind: str, status: Status):
    ticket = a_ticket(status)
    assert bool(RULES[kind].plan(ticket, CITY)) is (status in STATES[kind])
    if status not in STATES[kind]:
        assert RULES[kind].fire(ticket, CITY, NOON) is SILENT


@pytest.mark.parametrize("status", sorted(OPEN))
def test_no_open_ticket_is_forgotten(status: Status):
    assert any(rule.plan(a_ticket(status), CITY) for rule in RULES.values())


@pytest.mark.parametrize("kind", RULES)
def test_a_row_of_an_older_plan_is_silent(kind: str):
    """The ticket moved on (a new due time, a new cycle) but a row of the old plan is still there."""
    ticket = next(t for k, t, moments in PLANS if k == kind and moments)
    old = RULES[kind].plan(ticket, CITY)[0]
    shift = 3 * HOUR
    moved = replace(
        ticket,
        acknowledge_due=ticket.acknowledge_due + shift,
        resolve_due=ticket.resolve_due + shift,
        since=(ticket.since or MONDAY) + shift,
        resolved_at=ticket.resolved_at + shift if ticket.resolved_at else None,
        waiting_since=ticket.waiting_since + shift if ticket.waiting_since else None,
        scheduled_for=ticket.scheduled_for + shift if ticket.scheduled_for else None,
    )
    assert old.occurrence not in {due.occurrence for due in RULES[kind].plan(moved, CITY)}
    assert RULES[kind].fire(moved, CITY, NOON, old.occurrence) is SILENT
    again = replace(moved, cycle=2)
    assert not {d.occurrence for d in RULES[kind].plan(again, CITY)} & {
        d.occurrence for d in RULES[kind].plan(moved, CITY)
    }


@pytest.mark.parametrize("kind", RULES)
def test_an_occasion_has_one_name_and_comes_at_its_time(kind: str):
    ticket = next(t for k, t, moments in PLANS if k == kind and moments)
    first, *_ = plan = RULES[kind].plan(ticket, CITY)
    assert plan == RULES[kind].plan(ticket, CITY)
    assert len({due.occurrence for due in plan}) == len(plan)
    assert RULES[kind].fire(ticket, CITY, first.at - timedelta(seconds=1), first.occurrence) is SILENT
    fired = RULES[kind].fire(ticket, CITY, first.at, first.occurrence)
    assert fired.notices or fired.action
    assert fired.again_at is None
    for notice in fired.notices:
        for locale in ("id", "en"):
            text = words(notice.text, locale) if notice.text else ""
            assert "CTH-26-000123-3" in text
            assert "Rina" not in text


@pytest.mark.parametrize("kind", RULES)
def test_a_row_that_comes_late_at_night_waits_for_the_morning(kind: str):
    """The program was off at the right moment and starts at eleven in the evening."""
    for danger in (False, True):
        base = next(t for k, t, moments in PLANS if k == kind and moments and not t.danger and t.category == "LAMPU")
        ticket = replace(base, danger=danger)
        first = RULES[kind].plan(ticket, CITY)[0]
        night = at(f"{first.at.astimezone(CITY.zone):%Y-%m-%d}", "23:00")
        fired = RULES[kind].fire(ticket, CITY, night, first.occurrence)
        if danger and kind not in FOR_CITIZENS:
            assert fired.again_at is None
        else:
            assert fired.again_at == at(f"{first.at.astimezone(CITY.zone) + timedelta(days=1):%Y-%m-%d}", "06:00")
            assert not fired.notices
            assert fired.action is None


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)).map(lambda d: d.replace(tzinfo=CITY.zone)),  # noqa: DTZ001
    st.sampled_from(Status),
    st.sampled_from(["LAMPU", "SAMPAH", "LAYANAN"]),
)
def test_no_rule_plans_for_the_night(opened: datetime, status: Status, category: str):
    ticket = a_ticket(status, opened=opened, category=category)
    for rule in RULES.values():
        for due in rule.plan(ticket, CITY):
            assert not is_quiet(due.at, CITY.policy, CITY.zone)
    dangerous = replace(ticket, danger=True)
    for kind in FOR_CITIZENS:
        for due in RULES[kind].plan(dangerous, CITY):
            assert not is_quiet(due.at, CITY.policy, CITY.zone)


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)).map(lambda d: d.replace(tzinfo=CITY.zone)),  # noqa: DTZ001
    st.booleans(),
    st.sampled_from(["LAMPU", "SAMPAH", "LAYANAN", "KABEL"]),
)
def test_the_ladder_is_climbed_rung_by_rung(opened: datetime, danger: bool, category: str):
    ticket = a_ticket(opened=opened, danger=danger, category=category)
    for clock in ("acknowledge", "resolve"):
        ticket = ticket if clock == "acknowledge" else replace(ticket, status=S.ACKNOWLEDGED)
        ladder = [planned(f"{clock}_{rung}", ticket) for rung in ("soon", "late", "head", "ops")]
        late, head, ops = (moments[0] for moments in ladder[1:])
        assert late + HOUR <= head
        assert head + HOUR <= ops
        due = ticket.acknowledge_due if clock == "acknowledge" else ticket.resolve_due
        assert late >= due
        for warning in ladder[0]:
            assert opened < warning < due


def fired(kind: str, ticket: Ticket, now: datetime = NOON, above: Above = EVERYBODY) -> dict[str, str]:
    """What is said to whom."""
    return {n.audience: words(n.text) for n in RULES[kind].fire(ticket, CITY, now, above=above).notices if n.text}


def test_the_group_reads_who_is_told_next_and_when():
    said = fired("acknowledge_late", a_ticket(), at("2026-11-24", "06:00"))
    assert set(said) == {"group"}
    assert "24 November pukul 07.00" in said["group"]
    resolve = fired("resolve_late", a_ticket(S.IN_PROGRESS), at("2026-11-25", "09:00"))
    assert "26 November pukul 09.00" in resolve["group"]


@pytest.mark.parametrize(
    ("kind", "status", "buttons"),
    [
        ("acknowledge_soon", S.ASSIGNED, ["acknowledge", "not_ours"]),
        ("acknowledge_late", S.ASSIGNED, ["acknowledge", "not_ours"]),
        ("resolve_soon", S.ACKNOWLEDGED, ["start", "schedule"]),
        ("resolve_soon", S.IN_PROGRESS, ["done", "schedule"]),
        ("resolve_late", S.NEW, ["route"]),
        ("resolve_late", S.ASSIGNED, ["acknowledge", "not_ours"]),
        ("resolve_late", S.IN_PROGRESS, ["done", "schedule"]),
        ("resolve_late", S.SCHEDULED, ["done", "schedule"]),
        ("resolve_late", S.WAITING_EXTERNAL, ["resume", "done"]),
        ("external_chase", S.WAITING_EXTERNAL, ["resume", "done"]),
        ("unrouted", S.NEW, ["route"]),
    ],
)
def test_a_reminder_to_the_office_brings_the_next_step_along(kind: str, status: Status, buttons: list[str]):
    """The card may stand far above in the chat."""
    ticket = a_ticket(status)
    (told,) = RULES[kind].fire(ticket, CITY, planned(kind, ticket)[0]).notices
    assert told.cls == "nudge"
    assert [choice.action for choice in told.choices] == [f"card:7:{button}" for button in buttons]


@pytest.mark.parametrize("kind", ["resolve_late", "resolve_head", "still_open"])
@pytest.mark.parametrize(
    ("ticket", "closing"),
    [
        (a_ticket(S.NEW), "Mohon tekan Teruskan ke OPD."),
        (a_ticket(), "Mohon tekan Terima, atau Bukan wewenang kami."),
        (a_ticket(S.ACKNOWLEDGED), "Mohon mulai dikerjakan, atau jadwalkan agar warga tahu."),
        (a_ticket(S.IN_PROGRESS), "Mohon diselesaikan, atau jadwalkan agar warga tahu."),
        (a_ticket(S.IN_PROGRESS, scheduled_for=PROMISED), "Mohon diselesaikan, atau jadwalkan hari lain agar"),
        (a_ticket(S.WAITING_EXTERNAL), "Mohon ditanyakan lagi, lalu tekan Lanjutkan atau Selesai."),
    ],
)
def test_a_reminder_asks_for_what_can_be_done_in_this_state(kind: str, ticket: Ticket, closing: str):
    """Its buttons are those of the state, too."""
    said = fired(kind, ticket, at("2026-12-02"), Above(head=kind != "resolve_head", ops=False))
    if (kind, ticket.status) == ("still_open", S.WAITING_EXTERNAL):
        assert "group" not in said, "external_chase asks"
    else:
        assert closing in said["group"]


def test_a_reminder_brings_nothing_that_the_card_has_not():
    assert all(set(names) <= set(BY_STATUS[status]) for status, names in ONWARD.items())


@pytest.mark.parametrize(("clock", "status"), [("acknowledge", S.ASSIGNED), ("resolve", S.IN_PROGRESS)])
def test_the_second_reminder_has_buttons_too(clock: str, status: Status):
    (told,) = RULES[f"{clock}_head"].fire(a_ticket(status), CITY, NOON, above=NOBODY).notices
    assert told.audience == "group"
    assert len(told.choices) == 2


def test_offices_are_told_and_not_persons():
    assert "Yth. pimpinan Dinas Perhubungan" in fired("acknowledge_head", a_ticket())["head"]
    assert set(fired("acknowledge_ops", a_ticket())) == {"ops"}
    assert "Jatiasih" in fired("resolve_head", a_ticket(S.IN_PROGRESS))["head"]
    assert set(fired("resolve_ops", a_ticket(S.IN_PROGRESS))) == {"ops"}


OPS_ONLY, NOBODY = Above(head=False), Above(head=False, ops=False)


@pytest.mark.parametrize(("clock", "status"), [("acknowledge", S.ASSIGNED), ("resolve", S.IN_PROGRESS)])
def test_a_head_without_a_chat_is_not_said_to_have_been_told(clock: str, status: Status):
    ticket = a_ticket(status)
    for rung in ("head", "ops"):
        (at_,) = planned(f"{clock}_{rung}", ticket)
        ((audience, said),) = fired(f"{clock}_{rung}", ticket, at_, OPS_ONLY).items()
        assert audience == "ops"
        assert "Pimpinan OPD belum terhubung" in said
        assert "sudah diberi tahu" not in said
    ((audience, said),) = fired(f"{clock}_head", ticket, above=NOBODY).items()
    assert audience == "group"
    assert "pimpinan" not in said.casefold()
    assert fired(f"{clock}_ops", ticket, above=NOBODY) == {}, "the office heard it twice"


@pytest.mark.parametrize(("clock", "status"), [("acknowledge", S.ASSIGNED), ("resolve", S.IN_PROGRESS)])
def test_the_centre_that_heard_in_place_of_a_head_hears_it_once(clock: str, status: Status):
    ticket = a_ticket(status)
    due = ticket.acknowledge_due if clock == "acknowledge" else ticket.resolve_due
    for told_at, hears in ((due + HOUR, set()), (due - HOUR, {"ops"}), (None, {"ops"})):
        assert set(fired(f"{clock}_ops", ticket, above=replace(OPS_ONLY, ops_told=told_at))) == hears
    assert set(fired(f"{clock}_ops", ticket, above=Above(ops_told=NOON))) == {"ops"}, "the head had heard it"


@pytest.mark.parametrize(("clock", "status"), [("acknowledge", S.ASSIGNED), ("resolve", S.IN_PROGRESS)])
def test_after_a_pause_nobody_hears_the_same_from_two_rungs(clock: str, status: Status):
    """Every rung is late: no two of them speak to the same chat above, and what is announced is still to come."""
    ticket = a_ticket(status)
    heard = {
        above: [fired(f"{clock}_{rung}", ticket, above=above) for rung in ("late", "head", "ops")]
        for above in (EVERYBODY, OPS_ONLY, NOBODY)
    }
    assert [[set(one) for one in said] for said in heard.values()] == [
        [{"group"}, {"head"}, {"ops"}],
        [{"group"}, set(), {"ops"}],
        [{"group"}, {"group"}, set()],
    ]
    assert all("pukul 13.00" in said[0]["group"] for said in heard.values()), "an hour after this reminder"


@pytest.mark.parametrize(("clock", "status"), [("acknowledge", S.ASSIGNED), ("resolve", S.IN_PROGRESS)])
def test_each_rung_names_the_one_below_it(clock: str, status: Status):
    ticket = a_ticket(status)
    plans = {rung: RULES[f"{clock}_{rung}"].plan(ticket, CITY)[0] for rung in ("late", "head", "ops")}
    assert plans["late"].after is None
    for below, rung in (("late", "head"), ("head", "ops")):
        assert plans[rung].after == (f"{clock}_{below}", plans[below].occurrence)
    desk, ops = RULES["unrouted"].plan(a_ticket(S.NEW), CITY)
    assert ops.after == ("unrouted", desk.occurrence)


@pytest.mark.parametrize("kind", ["acknowledge_ops", "resolve_ops"])
def test_the_operations_centre_reads_whether_the_head_was_told(kind: str):
    ticket = a_ticket(S.ASSIGNED if kind == "acknowledge_ops" else S.IN_PROGRESS)
    for told_at, words_ in ((NOON, "Pimpinan OPD sudah diberi tahu"), (None, "belum terkirim"), (MONDAY, "belum ter")):
        assert words_ in fired(kind, ticket, above=Above(head_told=told_at))["ops"]


@pytest.mark.parametrize(
    ("above", "next_", "promised"),
    [
        (EVERYBODY, "Berikutnya pimpinan OPD diberi tahu", "pimpinan Dinas Perhubungan kami beri tahu"),
        (OPS_ONLY, "Berikutnya pusat operasi kota diberi tahu", "pusat operasi kota kami beri tahu"),
        (NOBODY, "Berikutnya kami ingatkan lagi di sini", "Dinas Perhubungan kami ingatkan lagi"),
    ],
)
def test_only_who_can_be_told_is_promised_to_be_told(above: Above, next_: str, promised: str):
    working = a_ticket(S.IN_PROGRESS)
    due = working.resolve_due
    assert next_ in fired("acknowledge_late", a_ticket(), at("2026-11-24", "06:00"), above)["group"]
    assert next_ in fired("resolve_late", working, due, above)["group"]
    planned_for = a_ticket(S.SCHEDULED)
    assert next_ in fired("resolve_late", planned_for, planned("resolve_late", planned_for)[0], above)["group"]
    assert promised in fired("promise_slipped", working, due, above)["everyone"]


def test_the_desk_is_reminded_once_more_where_there_is_no_operations_centre():
    assert set(fired("unrouted", a_ticket(S.NEW), above=NOBODY)) == {"group"}
    desk, ops = RULES["unrouted"].plan(a_ticket(S.NEW), CITY)
    assert RULES["unrouted"].fire(a_ticket(S.NEW), CITY, desk.at, desk.occurrence, NOBODY).notices
    assert RULES["unrouted"].fire(a_ticket(S.NEW), CITY, ops.at, ops.occurrence, NOBODY).notices
    assert set(fired("unrouted", a_ticket(S.NEW))) == {"ops"}


@pytest.mark.parametrize(
    ("ticket", "why"),
    [
        (a_ticket(S.NEW), "belum menemukan dinas yang tepat"),
        (a_ticket(), "belum menerimanya"),
        (a_ticket(S.ACKNOWLEDGED), "sudah menerimanya, tetapi belum mulai"),
        (a_ticket(S.IN_PROGRESS), "masih mengerjakannya"),
        (a_ticket(S.WAITING_EXTERNAL), "menunggu pihak lain (PLN)."),
        (
            a_ticket(S.WAITING_EXTERNAL, scheduled_for=at("2026-11-27", "08:00")),
            "diperkirakan sampai Jumat, 27 November",
        ),
        (
            a_ticket(S.WAITING_EXTERNAL, scheduled_for=at("2026-11-24", "08:00")),
            "semula diperkirakan selesai Selasa, 24",
        ),
        (a_ticket(S.SCHEDULED, scheduled_for=at("2026-11-24", "08:00")), "menjadwalkan pengerjaannya"),
    ],
)
def test_the_citizen_hears_why_a_promise_slips_and_what_comes_next(ticket: Ticket, why: str):
    said = fired("promise_slipped", ticket, at("2026-11-25", "09:00"))["everyone"]
    assert "Mohon maaf" in said
    assert why in said
    assert "26 November pukul 09.00" in said
    assert "beri tahu pada" not in fired("promise_slipped", ticket, at("2026-12-25", "09:00"))["everyone"]


def test_who_waits_for_a_day_or_for_others_is_told_so_and_nobody_is_said_to_be_reminded():
    week = at("2026-12-02", "09:00")
    for ticket in (
        a_ticket(S.WAITING_EXTERNAL),
        a_ticket(S.SCHEDULED, scheduled_for=at("2026-12-10", "08:00")),
        a_ticket(S.IN_PROGRESS, scheduled_for=at("2026-12-02", "08:00")),  # its morning
    ):
        said = fired("still_open", ticket, week)
        assert set(said) == {"everyone", "head"}
        assert "mengingatkan" not in said["everyone"]
        assert "7 hari dari janji Rabu, 25 November" in said["head"]


def test_a_reminder_that_is_spoken_of_has_the_next_step_along():
    told = {n.audience: n for n in RULES["still_open"].fire(a_ticket(S.IN_PROGRESS), CITY, at("2026-12-02")).notices}
    assert set(told) == {"everyone", "group", "head"}
    assert [choice.action for choice in told["group"].choices] == ["card:7:done", "card:7:schedule"]
    unreached = Above(office=False)
    for kind in ("still_open", "promise_slipped"):
        said = fired(kind, a_ticket(S.IN_PROGRESS), at("2026-12-02"), unreached)
        assert "group" not in said
        assert "belum dapat kami hubungi" in said["everyone"]


def test_the_day_that_passed_is_the_promise_that_is_broken():
    """Nobody hears of the hour that was promised before the day was named."""
    ticket = a_ticket(S.IN_PROGRESS, scheduled_for=PROMISED)
    morning = at("2026-11-26", "06:00")
    for kind in ("resolve_late", "promise_slipped"):
        assert all("(Rabu, 25 November)" in words_ for words_ in fired(kind, ticket, morning).values())
    head = fired("resolve_head", ticket, at("2026-11-27", "06:00"))["head"]
    assert "lewat 30 jam dari janji Rabu, 25 November" in head


def test_who_puts_the_work_off_cannot_keep_it_from_the_head():
    ticket = a_ticket(S.SCHEDULED, scheduled_for=at("2026-12-15", "08:00"))
    now = at("2026-11-26", "09:00")
    for above, audience in ((Above(), "head"), (Above(head=False), "ops")):
        said = fired("planned_late", ticket, now, above)
        assert set(said) == {audience}
        assert "15 Desember" in said[audience]
        assert "25 November" in said[audience]
    assert RULES["planned_late"].fire(ticket, CITY, now, above=Above(head=False, ops=False)) is SILENT
    assert RULES["planned_late"].fire(ticket, CITY, at("2026-12-16", "09:00")) is SILENT, "the ladder speaks by then"


def test_warnings_that_come_too_late_are_left_out():
    assert RULES["acknowledge_soon"].fire(a_ticket(), CITY, at("2026-11-24", "08:00")) is SILENT
    assert RULES["resolve_soon"].fire(a_ticket(S.IN_PROGRESS), CITY, at("2026-11-25", "10:00")) is SILENT
    assert RULES["confirm_reminder"].fire(a_ticket(S.RESOLVED), CITY, at("2026-12-01", "10:00")) is SILENT


def test_the_triage_desk_is_told_first_and_then_the_operations_centre():
    desk, ops = RULES["unrouted"].plan(a_ticket(S.NEW), CITY)
    first = RULES["unrouted"].fire(a_ticket(S.NEW), CITY, desk.at, desk.occurrence)
    second = RULES["unrouted"].fire(a_ticket(S.NEW), CITY, ops.at, ops.occurrence)
    assert [notice.audience for notice in (*first.notices, *second.notices)] == ["group", "ops"]


def test_a_question_is_repeated_once_and_then_the_work_goes_on():
    remind, time_out = RULES["citizen_answer"].plan(a_ticket(S.WAITING_CITIZEN), CITY)
    said = RULES["citizen_answer"].fire(a_ticket(S.WAITING_CITIZEN), CITY, remind.at, remind.occurrence)
    assert "Tiang?" in words(said.notices[0].text)  # type: ignore[arg-type]
    assert "28 November" in words(said.notices[0].text)  # type: ignore[arg-type]
    late = RULES["citizen_answer"].fire(a_ticket(S.WAITING_CITIZEN), CITY, NOON, remind.occurrence)
    assert not late.notices
    over = RULES["citizen_answer"].fire(a_ticket(S.WAITING_CITIZEN), CITY, time_out.at, time_out.occurrence)
    assert over.action is Action.TIME_OUT_ANSWER


@pytest.mark.parametrize(
    ("kind", "status", "action"),
    [
        ("close_silent", S.RESOLVED, Action.CLOSE_SILENT),
        ("scheduled_day", S.SCHEDULED, Action.RESUME),
        ("reopen_silence", S.REOPEN_REQUESTED, Action.ACCEPT_REOPEN),
    ],
)
def test_moves_of_the_clock(kind: str, status: Status, action: Action):
    assert RULES[kind].fire(a_ticket(status), CITY, NOON).action is action


def test_whoever_decides_about_a_reopening_is_reminded_with_the_buttons():
    soon = at("2026-11-24", "12:00")
    (told,) = RULES["reopen_soon"].fire(a_ticket(S.REOPEN_REQUESTED), CITY, soon).notices
    assert (told.audience, [c.action for c in told.choices]) == (
        "group",
        ["card:7:accept_reopen", "card:7:decline_reopen"],
    )
    third = a_ticket(S.REOPEN_REQUESTED, reopenings=3)
    assert set(fired("reopen_soon", third, soon)) == {"ops"}
    assert set(fired("reopen_soon", third, soon, NOBODY)) == {"group"}
    assert RULES["reopen_soon"].fire(third, CITY, at("2026-11-24", "15:00")) is SILENT, "too late"


@pytest.mark.parametrize("kind", sorted(set(RULES) - FOR_CITIZENS | {"still_open", "promise_slipped"}))
def test_a_reminder_of_a_danger_says_so_first_and_what_and_where(kind: str):
    ticket = next(t for k, t, moments in PLANS if k == kind and moments)
    calm, danger = (
        replace(ticket, danger=False, place_words=""),
        replace(ticket, danger=True, place_words="dekat SDN 3"),
    )
    for told, says in ((danger, "⚠️ BAHAYA: Lampu, Jatiasih (dekat SDN 3)\n"), (calm, "")):
        due = RULES[kind].plan(told, CITY)[0]
        for notice in RULES[kind].fire(told, CITY, due.at, due.occurrence).notices:
            text = words(notice.text).replace("\ue000", "").replace("\ue001", "")  # type: ignore[arg-type]
            ours = notice.audience in ("group", "head", "ops")
            assert text.startswith(says) if ours else "BAHAYA" not in text
            assert says or "BAHAYA" not in text


def test_the_reminder_to_confirm_carries_its_buttons():
    told = RULES["confirm_reminder"].fire(a_ticket(S.RESOLVED), CITY, at("2026-11-25", "14:00")).notices[0]
    assert [choice.action for choice in told.choices] == ["ticket:7:confirm", "ticket:7:reopen"]
