"""Many reminders of one kind that wait for one chat leave as one message; each of them has fired, once."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests.usecases.test_reminders import take_up
from tests.usecases.town import Town, button
from tickets.ticket import Status, Ticket
from usecases.deliver import Sent
from usecases.ports import Failure, Outgoing, SendFailed
from usecases.records import Chat

NUMBER = re.compile(r"BKS-26-\d{6}-\d")


def reports(town: Town, many: int, **draft: object) -> list[Ticket]:
    made = [town.report(str(3000 + n), **draft) for n in range(many)]
    town.deliver()
    return made


def due(town: Town, **span: float) -> None:
    town.clock.forward(**(span or {"hours": 30}))
    town.beat()


def texts(said: list[Outgoing], chat: Chat) -> list[Outgoing]:
    return [m for m in said if m.peer == chat.peer and not m.edit_of]


def many(town: Town, number: int = 12) -> tuple[Chat, Outgoing]:
    """An office, and the digest of so many reports that it has not accepted."""
    group = town.office("DISHUB", "501")
    reports(town, number)
    due(town)
    (digest,) = texts(town.deliver(), group)
    return group, digest


def test_a_crowd_of_late_reports_is_one_message(town: Town):
    group = town.office("DISHUB", "501")
    tickets = reports(town, 25)
    town.clock.forward(days=3)
    town.beat()
    (digest,) = texts(town.deliver(), group)
    assert "25 laporan" in digest.text
    assert "menunggu diterima" in digest.text
    assert "dan 15 lainnya" in digest.text
    assert "/antrean" in digest.text
    assert NUMBER.findall(digest.text) == [ticket.number for ticket in tickets[:10]]
    assert digest.reply_to == "", "it hangs below no card"
    fired = town.rows("select ticket_id from reminder where kind = 'acknowledge_late' and state = 'fired'")
    assert len(fired) == 25
    assert town.rows("select dedupe_key from outbox_message group by dedupe_key having count(*) > 1") == []
    assert town.breaches() == {}
    town.beat()
    assert texts(town.deliver(), group) == []


def test_a_handful_is_said_one_by_one(town: Town):
    group = town.office("DISHUB", "501")
    reports(town, 5)
    due(town)
    said = texts(town.deliver(), group)
    assert [len(NUMBER.findall(m.text)) for m in said] == [1] * 5
    assert all(m.rows for m in said)


def test_its_button_opens_the_queue(town: Town):
    group, digest = many(town)
    town.take(town.press(group.peer, button([digest], "daftar").data, sender="501", group=True))
    (queue,) = town.deliver()
    assert "12 laporan terbuka" in queue.text


def test_danger_keeps_its_own_reminder(town: Town):
    group = town.office("DISHUB", "501")
    (burning,) = reports(town, 1, danger=True)
    reports(town, 8)
    due(town, hours=29)
    said = texts(town.deliver(), group)
    assert sorted(len(NUMBER.findall(m.text)) for m in said) == [1, 8]
    (alone,) = [m for m in said if len(NUMBER.findall(m.text)) == 1]
    assert burning.number in alone.text
    assert alone.rows


def test_head_and_operations_centre_get_one_each_and_it_counts_as_told(town: Town):
    head = town.office("DISHUB", "501", peer="-700", role="head")
    centre = town.centre("600")
    town.office("DISHUB", "501")
    reports(town, 7)
    for hours in (30, 1, 1):
        town.clock.forward(hours=hours, minutes=1)
        town.beat()
        said = town.deliver()
        if hours == 30:
            assert texts(said, head) == []
    (above,) = texts(said, centre)
    assert "7 laporan" in above.text
    told = town.do(lambda unit: unit.people.nudged_at(1, head.id))
    assert told is not None, "the head read its number in the digest"
    assert town.breaches() == {}


def test_what_was_taken_up_meanwhile_is_not_in_it(town: Town):
    group = town.office("DISHUB", "501")
    tickets = reports(town, 9)
    due(town)
    take_up(town, tickets[0].id)
    (digest,) = texts(town.deliver(), group)
    assert tickets[0].number not in digest.text
    assert "8 laporan" in digest.text


def held_up(town: Town) -> None:
    """Everything leaves but the digest."""
    while jobs := town.claim() or town.claim():
        for job in jobs:
            many = job.row.purpose.startswith("digest:")
            failed = SendFailed(Failure.NOT_SENT, "down") if many else None
            town.settle(Sent(job, "" if failed else job.message.edit_of or f"out-{job.row.id}", failed))
    (row,) = town.rows("select state, error from outbox_message where purpose like 'digest:%'")
    assert row.state == "queued"


def test_one_that_could_not_leave_says_what_is_so_when_it_does(town: Town):
    group = town.office("DISHUB", "501")
    tickets = reports(town, 9)
    due(town)
    held_up(town)
    for ticket in tickets[:2]:
        take_up(town, ticket.id)
    town.clock.forward(minutes=5)
    (digest,) = [m for m in texts(town.deliver(), group) if "7 laporan" in m.text]
    assert "7 laporan" in digest.text
    assert not {ticket.number for ticket in tickets[:2]} & set(NUMBER.findall(digest.text))


def test_one_that_waited_until_night_comes_in_the_morning_and_one_without_a_reason_not_at_all(town: Town):
    group = town.office("DISHUB", "501")
    tickets = reports(town, 6)
    due(town, hours=10)  # 19.00: the warning
    held_up(town)
    town.clock.forward(hours=3)
    assert not [m for m in town.deliver() if "6 laporan" in m.text]
    for ticket in tickets:
        take_up(town, ticket.id)
    town.clock.forward(hours=9)
    assert not [m for m in texts(town.deliver(), group) if "6 laporan" in m.text]
    assert "must-accounted" not in town.breaches()


@pytest.mark.parametrize(
    ("words", "answered"), [("siap", False), ("sudah selesai pak", True), ("Budi, ini bagaimana?", False)]
)
def test_a_reply_below_it_belongs_to_no_report(town: Town, words: str, answered: bool):
    group, digest = many(town)
    town.take(
        town.message(group.peer, words, sender="501", group=True, reply_to=f"out-{digest.id}", quoted_text=digest.text)
    )
    said = town.deliver()
    assert [(one.peer, "beberapa laporan" in one.text) for one in said] == ([(group.peer, True)] if answered else [])
    assert all(row.status == "assigned" for row in town.rows("select status from ticket"))


def test_a_reply_below_the_queue_belongs_to_no_report(town: Town):
    group = town.office("DISHUB", "501")
    reports(town, 2)
    town.take(town.message(group.peer, command="antrean", sender="501", group=True))
    (queue,) = town.deliver()
    about = {"reply_to": f"out-{queue.id}", "quoted_text": queue.text, "sender": "501", "group": True}
    town.take(town.message(group.peer, "sudah selesai", **about))
    (said,) = town.deliver()
    assert "beberapa laporan" in said.text
    number = NUMBER.findall(queue.text)[1]
    town.take(town.message(group.peer, f"{number} sudah selesai", **about))
    (said,) = town.deliver()
    town.take(town.press(group.peer, button([said], "kartu").data, sender="501", group=True))
    assert any(number in m.text and m.rows for m in town.deliver())
    assert {row.status for row in town.rows("select status from ticket")} == {str(Status.ASSIGNED)}


def test_a_report_due_twice_before_anything_could_leave_is_counted_once(town: Town):
    """Telegram is away for hours, and the clock goes on."""
    group = town.office(town.house.city.triage, "501")
    tickets = reports(town, 3, category=town.house.city.catalogue.fallback)
    for _ in town.step_by_step(town.clock.at + timedelta(hours=5), timedelta(minutes=30), deliver=False):
        pass
    waiting = "select count(*) from outbox_message where state = 'queued' and cls = 'nudge' and conversation_id = :c"
    assert town.value(waiting, c=group.id) == 6
    (digest,) = texts(town.deliver(), group)
    assert "3 laporan" in digest.text
    assert NUMBER.findall(digest.text) == [ticket.number for ticket in tickets]
    assert town.value(waiting, c=group.id) == 0
