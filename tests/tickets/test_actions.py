"""Buttons by state, and what pressing and replying leads to."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from tests.tickets.builders import CITY, MONDAY, RINA, a_ticket, words
from tickets.actions import Ask, Go, buttons, likely_agencies, pressed, replied
from tickets.lifecycle import CLOCK, TABLE, Action, Details, Role, apply
from tickets.ticket import Outcome, Status

TODAY = date(2026, 11, 23)
LATER = MONDAY + timedelta(hours=30)
S, A = Status, Action


def names(ticket, now=LATER):  # type: ignore[no-untyped-def]
    return [choice.action.split(":")[2] for choice in buttons(ticket, CITY, now)]


@pytest.mark.parametrize(
    ("status", "shown"),
    [
        (S.NEW, ["route", "close"]),
        (S.ASSIGNED, ["acknowledge", "not_ours"]),
        (S.ACKNOWLEDGED, ["start", "schedule", "ask", "not_ours", "close"]),
        (S.IN_PROGRESS, ["done", "ask", "schedule", "external", "not_ours", "close"]),
        (S.SCHEDULED, ["done", "resume", "schedule", "external", "not_ours", "close"]),
        (S.WAITING_CITIZEN, ["resume", "not_ours", "close"]),
        (S.WAITING_EXTERNAL, ["done", "resume", "not_ours", "close"]),
        (S.RESOLVED, []),
        (S.REOPEN_REQUESTED, ["accept_reopen", "decline_reopen"]),
        (S.CLOSED, []),
    ],
)
def test_the_buttons_of_a_state(status: Status, shown: list[str]):
    assert names(a_ticket(status)) == shown


BEGUN = [S.ACKNOWLEDGED, S.IN_PROGRESS, S.SCHEDULED, S.WAITING_CITIZEN, S.WAITING_EXTERNAL]


@pytest.mark.parametrize("status", BEGUN)
def test_what_is_begun_can_be_handed_over_by_the_office_and_from_above(status: Status):
    assert "not_ours" in names(a_ticket(status))
    assert len(names(a_ticket(status), MONDAY + timedelta(hours=2))) <= 10  # rows of a list at WhatsApp
    from_above = [choice.action for choice in buttons(a_ticket(status), CITY, LATER, above=True)]
    assert from_above == ["card:7:route", "card:7:close"]


@pytest.mark.parametrize("status", Status)
def test_every_button_is_a_move_of_the_table_for_staff(status: Status):
    for name in names(a_ticket(status), MONDAY + timedelta(hours=1)):
        assert TABLE[status, Action(name)].roles & {Role.OFFICER, Role.SUPERVISOR}


@pytest.mark.parametrize("locale", ["id", "en"])
def test_labels_are_short(locale: str):
    for status in Status:
        for choice in buttons(a_ticket(status), CITY, MONDAY + timedelta(hours=1)):
            assert 0 < len(words(choice.label, locale)) <= 20


def test_undo_is_offered_for_ten_minutes_after_the_press():
    taken = a_ticket(S.ACKNOWLEDGED)
    assert taken.acknowledged_at
    assert "undo" in names(taken, taken.acknowledged_at + timedelta(minutes=10))
    assert "undo" not in names(taken, taken.acknowledged_at + timedelta(minutes=11))
    done = a_ticket(S.RESOLVED)
    assert done.resolved_at
    assert names(done, done.resolved_at + timedelta(minutes=10)) == ["undo"]


def test_no_third_question_and_no_decision_above_the_office():
    assert "ask" not in names(a_ticket(S.IN_PROGRESS, questions=2))
    assert names(a_ticket(S.REOPEN_REQUESTED, reopenings=3)) == []


@pytest.mark.parametrize("name", ["acknowledge", "start", "resume", "undo", "accept_reopen"])
def test_plain_buttons_act_at_once(name: str):
    assert pressed(a_ticket(), name, CITY, TODAY) == Go(Action(name))


@pytest.mark.parametrize("what", ["", "fly", "not ours", "done2"])
def test_unknown_buttons_are_errors(what: str):
    with pytest.raises(ValueError, match="is not a valid"):
        pressed(a_ticket(), what, CITY, TODAY)


def chosen(ask: Ask | Go) -> list[str]:
    assert isinstance(ask, Ask)
    return [choice.action.removeprefix("card:7:") for choice in ask.choices]


def test_not_ours_asks_for_the_office_then_for_the_reason():
    ticket = a_ticket()
    offices = pressed(ticket, "not_ours", CITY, TODAY)
    assert chosen(offices) == ["not_ours:DLH", "not_ours:DINSOS", "not_ours:DISKOMINFO", "not_ours:PLN", "not_ours:-"]
    reasons = pressed(ticket, "not_ours:DLH", CITY, TODAY)
    assert isinstance(reasons, Ask)
    assert reasons.expects == "not_ours:DLH"
    assert chosen(reasons) == ["not_ours:DLH:1", "not_ours:DLH:2", "not_ours:DLH:3"]
    go = pressed(ticket, "not_ours:DLH:2", CITY, TODAY)
    assert isinstance(go, Go)
    assert go.details.agency == "DLH"
    assert go.reason is not None
    assert words(go.reason) == "Bukan aset kami"
    assert replied(ticket, "not_ours:DLH", "itu taman", 0, CITY, TODAY) == Go(
        A.NOT_OURS, Details(note="itu taman", agency="DLH")
    )


def test_who_does_not_know_the_office_leaves_it_to_the_desk():
    go = pressed(a_ticket(), "not_ours:-:1", CITY, TODAY)
    assert isinstance(go, Go)
    assert go.details.agency == ""
    assert replied(a_ticket(), "not_ours:-", "bukan kami", 0, CITY, TODAY) == Go(A.NOT_OURS, Details(note="bukan kami"))


def test_the_likely_office_comes_first_and_outside_bodies_are_not_routed_to():
    new = a_ticket(S.NEW, suggested_agency="DINSOS")
    assert likely_agencies(new, CITY, TODAY)[:3] == ["DINSOS", "DISHUB", "DLH"]
    assert chosen(pressed(new, "route", CITY, TODAY)) == [
        "route:DINSOS", "route:DISHUB", "route:DLH", "route:DISKOMINFO",
    ]  # fmt: skip
    assert pressed(new, "route:DLH", CITY, TODAY) == Go(A.ROUTE, Details(agency="DLH"))


def test_long_lists_have_pages(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("tickets.actions.PAGE", 2)
    seen: list[str] = []
    what = "not_ours"
    for _ in range(5):
        page = chosen(pressed(a_ticket(), what, CITY, TODAY))
        seen += [name for name in page if "+" not in name and name != "not_ours:-"]
        assert page[-1] == "not_ours:-"
        following = [name for name in page if "+" in name]
        if not following:
            break
        what = following[0]
    assert seen == ["not_ours:DLH", "not_ours:DINSOS", "not_ours:DISKOMINFO", "not_ours:PLN"]
    assert chosen(pressed(a_ticket(), "not_ours:+99", CITY, TODAY))[0] == "not_ours:DLH"


def test_schedule_offers_days_and_reads_typed_ones():
    ticket = a_ticket(S.ACKNOWLEDGED)
    ask = pressed(ticket, "schedule", CITY, TODAY)
    assert chosen(ask) == ["schedule:1:1", "schedule:3:1", "schedule:7:1", "schedule:date:1"]
    assert pressed(ticket, "schedule:3:1", CITY, TODAY) == Go(A.SCHEDULE, Details(day=date(2026, 11, 26), asked_at=1))
    typed = pressed(ticket, "schedule:date:1", CITY, TODAY)
    assert isinstance(typed, Ask)
    friday = Details(day=date(2026, 11, 27), asked_at=1)
    assert replied(ticket, typed.expects, "jumat", 0, CITY, TODAY) == Go(A.SCHEDULE, friday)
    why = "jumat, menunggu mobil tangga"
    assert replied(ticket, typed.expects, why, 0, CITY, TODAY) == Go(A.SCHEDULE, replace(friday, note=why))
    again = replied(ticket, typed.expects, "secepatnya", 0, CITY, TODAY)
    assert isinstance(again, Ask)
    assert again.expects == "schedule:date:1"
    assert "belum terbaca" in words(again.text)


@pytest.mark.parametrize(
    ("category", "asks"), [("LAMPU", "foto sesudah"), ("SAMPAH", "foto hasil, atau"), ("LAYANAN", "penjelasan hasil")]
)
def test_done_asks_for_the_proof_of_the_category(category: str, asks: str):
    ask = pressed(a_ticket(S.IN_PROGRESS, category=category), "done", CITY, TODAY)
    assert isinstance(ask, Ask)
    assert ask.expects == "done"
    assert asks in words(ask.text)
    assert replied(a_ticket(S.IN_PROGRESS), "done", "beres", 2, CITY, TODAY) == Go(
        A.DONE, Details(note="beres", media=2)
    )


def test_questions_third_parties_and_declines_are_answered_by_reply():
    for name in ("ask", "external", "decline_reopen"):
        ask = pressed(a_ticket(S.IN_PROGRESS), name, CITY, TODAY)
        assert isinstance(ask, Ask)
        assert ask.expects == name
    assert replied(a_ticket(), "ask", "Tiang berapa?", 0, CITY, TODAY) == Go(A.ASK, Details(note="Tiang berapa?"))
    assert replied(a_ticket(), "external", "Nunggu PLN, 30/11", 0, CITY, TODAY) == Go(
        A.EXTERNAL, Details(note="PLN", day=date(2026, 11, 30))
    )


def test_closing_asks_for_the_outcome_and_then_for_words():
    ticket = a_ticket(S.ACKNOWLEDGED)
    outcomes = pressed(ticket, "close", CITY, TODAY)
    assert chosen(outcomes) == [
        "close:not_city", "close:not_possible", "close:invalid", "close:abuse", "close:private_matter",
    ]  # fmt: skip
    ask = pressed(ticket, "close:invalid", CITY, TODAY)
    assert isinstance(ask, Ask)
    assert ask.expects == "close:invalid"
    assert replied(ticket, ask.expects, "tidak ada", 0, CITY, TODAY) == Go(
        A.CLOSE, Details(note="tidak ada", outcome=Outcome.INVALID)
    )
    with pytest.raises(ValueError, match="not a valid Outcome"):
        pressed(ticket, "close:nonsense", CITY, TODAY)


def test_every_choice_fits_into_a_sealed_button():
    """64 bytes with the seal: "c.", the ticket's id, two dots and 16 signs around what the choice says."""
    for status in Status:
        ticket = a_ticket(status, id=99_999_999)
        whats = [choice.action.split(":", 2)[2] for choice in buttons(ticket, CITY, LATER)]
        for what in whats:
            step = pressed(ticket, what, CITY, TODAY)
            found = step.choices if isinstance(step, Ask) else ()
            for choice in found:
                assert len(choice.action.split(":", 2)[2].encode()) + 2 + 8 + 2 + 16 <= 64
                for locale in ("id", "en"):
                    assert len(words(choice.label, locale)) <= 24


def test_a_pressed_choice_is_what_the_life_cycle_takes():
    go = pressed(a_ticket(S.ACKNOWLEDGED), "schedule:7", CITY, TODAY)
    assert isinstance(go, Go)
    after = apply(a_ticket(S.ACKNOWLEDGED), go.action, RINA, MONDAY, CITY, go.details).after
    assert after.status is S.SCHEDULED
    resumed = apply(after, A.RESUME, CLOCK, MONDAY + timedelta(days=7), CITY).after
    assert resumed.status is S.IN_PROGRESS
