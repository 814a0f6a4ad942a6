"""A "Selesai" below the wrong card: taken back within minutes, and nobody is asked about it any more."""

from __future__ import annotations

from datetime import date

import pytest

from conversations.inbound import Attachment, MediaKind
from tests.usecases.test_handover import OFFICER, told
from tests.usecases.town import Town, button
from tickets.lifecycle import allowed
from tickets.moves import Action, Details, Role
from tickets.ticket import Status, Ticket
from usecases import collect
from usecases.change import change
from usecases.ports import Outgoing
from usecases.records import Stored


def finished(town: Town) -> tuple[Ticket, list[Outgoing]]:
    town.office("DISHUB", "501", "502")
    ticket = town.report()
    for action in (Action.ACKNOWLEDGE, Action.START, Action.DONE):
        now = town.ticket(ticket.id)
        details = Details(note="lampunya sudah menyala")
        town.do(lambda unit, t=now, a=action, d=details: change(unit, town.house, t, a, OFFICER, d))  # type: ignore[misc]
    return ticket, town.deliver()


def press(town: Town, said: list[Outgoing], who: str = "502") -> str:
    data = button(said, "Urungkan", "-100DISHUB").data
    receipts = town.take(town.press("-100DISHUB", data, sender=who, group=True))
    return next((receipt.toast for receipt in receipts if receipt.toast), "")


def test_the_citizen_hears_that_it_was_a_mistake_and_is_asked_nothing_more(town: Town):
    ticket, said = finished(town)
    town.clock.forward(minutes=5)
    assert "keliru" in press(town, said)
    assert town.ticket(ticket.id).status is Status.IN_PROGRESS
    assert "keliru" in told(town.deliver())
    waits = town.rows("select kind from reminder where state = 'pending' and ticket_id = :id", id=ticket.id)
    assert not {"confirm_reminder", "close_silent"} & {row[0] for row in waits}
    town.take(town.press("1001", button(said, "Sudah beres", "1001").data))
    assert "Sedang dikerjakan" in told(town.deliver()), "the old button says how it stands"
    assert town.ticket(ticket.id).status is Status.IN_PROGRESS
    assert town.breaches() == {}


@pytest.mark.parametrize("answered", [False, True])
def test_what_is_answered_or_long_ago_stays(town: Town, answered: bool):
    ticket, said = finished(town)
    if answered:
        town.take(town.press("1001", button(said, "Sudah beres", "1001").data))
    else:
        town.clock.forward(minutes=11)
    assert press(town, said)
    assert town.ticket(ticket.id).status is (Status.CLOSED if answered else Status.RESOLVED)


EXTERNAL = (Action.EXTERNAL, Details(note="PLN"))
THURSDAY = (Action.SCHEDULE, Details(day=date(2026, 11, 26)))


@pytest.mark.parametrize(("wait", "left"), [(EXTERNAL, Status.WAITING_EXTERNAL), (THURSDAY, Status.SCHEDULED)])
def test_what_waited_waits_again_as_before(town: Town, wait: tuple[Action, Details], left: Status):
    town.office("DISHUB", "501", "502")
    ticket = town.report()
    for action, details in ((Action.ACKNOWLEDGE, None), (Action.START, None), wait):
        now = town.ticket(ticket.id)
        town.do(lambda unit, t=now, a=action, d=details: change(unit, town.house, t, a, OFFICER, d))  # type: ignore[misc]
    before, pending = town.ticket(ticket.id), waits_of(town, ticket)
    town.clock.forward(hours=20)
    note = Details(note="lampunya sudah menyala")
    town.do(lambda unit: change(unit, town.house, before, Action.DONE, OFFICER, note))
    town.clock.forward(minutes=2)
    press(town, town.deliver())
    after = town.ticket(ticket.id)
    assert (after.status, after.since) == (left, before.since)
    assert (after.external, after.scheduled_for) == (before.external, before.scheduled_for)
    assert waits_of(town, ticket) == pending
    assert town.breaches() == {}


def waits_of(town: Town, ticket: Ticket) -> list[tuple[str, ...]]:
    query = "select kind, occurrence from reminder where state = 'pending' and ticket_id = :id order by 1, 2"
    return [tuple(row) for row in town.rows(query, id=ticket.id)]


def card_of(town: Town) -> Outgoing:
    town.office("DISHUB", "501", "502")
    town.report()
    return next(m for m in town.deliver() if m.peer == "-100DISHUB")


def test_a_picture_of_the_wrong_place_reaches_nobody(town: Town):
    card = card_of(town)
    wrong = (Attachment(MediaKind.PHOTO, "wrong"),)
    below = {"reply_to": f"out-{card.id}", "sender": "501", "group": True}
    town.take(town.message(card.peer, "selesai", attachments=wrong, **below))
    town.clock.forward(minutes=3)
    press(town, town.deliver(), "501")
    town.deliver()
    media = town.value("select max(id) from media")
    town.do(lambda unit: collect.stored(unit, town.house, media, Stored("a" * 64, "image/jpeg", 10)))
    assert not [m for m in town.deliver() if m.photos]
    for action in (Action.ACKNOWLEDGE, Action.START, Action.DONE):
        now = town.ticket(town.value("select id from ticket"))
        if action in allowed(now, Role.OFFICER):
            details = Details(note="lampunya sudah menyala")
            town.do(lambda unit, t=now, a=action, d=details: change(unit, town.house, t, a, OFFICER, d))  # type: ignore[misc]
    assert not [m for m in town.deliver() if m.photos], "nor with the true end"


def test_a_picture_that_waits_to_leave_is_taken_back_too(town: Town):
    card = card_of(town)
    wrong = (Attachment(MediaKind.PHOTO, "wrong"),)
    below = {"reply_to": f"out-{card.id}", "sender": "501", "group": True}
    town.take(town.message(card.peer, "selesai", attachments=wrong, **below))
    said = town.deliver()
    media = town.value("select max(id) from media")
    town.do(lambda unit: collect.stored(unit, town.house, media, Stored("a" * 64, "image/jpeg", 10)))
    assert town.value("select count(*) from outbox_message where kind = 'photos' and state = 'queued'") == 1
    press(town, said, "501")
    left = town.deliver()
    assert not [m for m in left if m.photos]
    assert not [m for m in left if "Lampiran" in m.text], "nor is it counted on the card"
    assert town.breaches().keys() <= {"media"}, "the file itself is invented"


def test_what_was_made_up_for_can_be_taken_back_too(town: Town):
    card = card_of(town)
    seen = (Attachment(MediaKind.PHOTO, "seen"),)
    below = {"reply_to": f"out-{card.id}", "sender": "501", "group": True}
    town.take(town.message(card.peer, "selesai", attachments=seen, **below))
    for left in (Status.IN_PROGRESS, Status.ACKNOWLEDGED, Status.ASSIGNED):
        town.clock.forward(minutes=1)
        press(town, town.deliver(), "501")
        assert town.ticket(town.value("select id from ticket")).status is left
