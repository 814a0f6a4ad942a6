"""F81-F83, F85: every reminder speaks once, whoever looks; never after the state moved on; never at night."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

from tests.usecases.test_offices import bind
from tests.usecases.town import Town, button
from tickets.actions import buttons as buttons_of
from tickets.moves import Action, Actor, Details, Role
from tickets.ticket import Status, Ticket
from usecases.change import change


def take_up(town: Town, ticket_id: int, who: str = "501") -> None:
    person = town.do(lambda unit: unit.chats.person("telegram", who, "", "id"))
    officer = town.do(lambda unit: unit.agencies.officer(person, "DISHUB"))
    assert officer is not None
    actor = Actor(Role.OFFICER, officer.id, officer.name, "DISHUB")

    def work(unit: Any) -> None:
        ticket = unit.tickets.get(ticket_id)
        change(unit, town.house, ticket, Action.ACKNOWLEDGE, actor)

    town.do(work)


def nudges(town: Town) -> int:
    return int(town.value("select count(*) from outbox_message where dedupe_key like 'rem:%' and kind = 'text'"))


def test_two_workers_fire_each_reminder_once(workers: tuple[Town, Town]):
    first, _ = workers
    first.office("DISHUB", "501")
    for n in range(15):
        first.report(str(n))
    first.clock.forward(hours=7)  # past every acknowledge deadline, by day
    planned = first.value(
        "select count(*) from reminder where state = 'pending' and due_at <= :now", now=first.clock.at
    )
    assert planned >= 15
    with ThreadPoolExecutor(4) as pool:
        for future in [pool.submit(town.beat) for town in workers * 2]:
            future.result(60)
    doubled = first.rows("select dedupe_key from outbox_message group by dedupe_key having count(*) > 1")
    assert doubled == []
    fired = first.rows("select ticket_id, kind, count(*) as n from reminder where state = 'fired' group by 1, 2")
    assert fired
    assert all(row.n == 1 for row in fired)
    assert "not-stuck" not in first.breaches()


def test_no_reminder_speaks_after_the_ticket_was_taken_up(town: Town):
    town.office("DISHUB", "501")
    ticket = town.report()
    assert town.value("select count(*) from reminder where state = 'pending' and kind like 'acknowledge%'") > 0
    take_up(town, ticket.id)
    assert town.value("select count(*) from reminder where state = 'pending' and kind like 'acknowledge%'") == 0
    town.deliver()
    town.clock.forward(hours=7)
    town.beat()
    assert not [m for m in town.deliver() if "belum diterima" in m.text.casefold()]


def test_a_nudge_that_waits_in_the_queue_is_dropped_when_the_state_moves_on(town: Town):
    """F83: decided before the officer pressed, not yet sent when the press was committed."""
    group = town.office("DISHUB", "501")
    ticket = town.report()
    town.deliver()
    town.clock.forward(hours=6, minutes=10)
    town.beat()
    waiting = town.rows("select id from outbox_message where cls = 'nudge' and state = 'queued'")
    assert waiting
    take_up(town, ticket.id)
    said = [message for message in town.deliver() if message.peer == group.peer and not message.rows]
    ends = town.rows("select state, error from outbox_message where cls = 'nudge'")
    assert {(row.state, row.error) for row in ends} == {("cancelled", "moved on")}, said


def test_a_reminder_that_fired_stays_fired_when_the_ticket_changes_at_the_same_moment(workers: tuple[Town, Town]):
    """The officer's transaction waits for the row that the clock's worker is firing."""
    import threading

    first, second = workers
    first.office("DISHUB", "501")
    ticket = first.report()
    first.clock.forward(hours=6, minutes=10)
    fired, goes_on = threading.Event(), threading.Event()

    def slowly(unit: Any) -> list[int]:
        ids = [row.id for row in unit.reminders.due(10) if unit.reminders.fire(row.id)]
        fired.set()
        goes_on.wait(10)
        return ids

    firing = first.database.submit(slowly)
    assert fired.wait(10)
    with ThreadPoolExecutor(1) as pool:
        pressing = pool.submit(take_up, second, ticket.id)
        threading.Event().wait(0.3)
        goes_on.set()
        pressing.result(20)
    ids = firing.result(20)
    assert ids
    states = first.rows("select state from reminder where id = any(:ids)", ids=ids)
    assert {row.state for row in states} == {"fired"}


def test_a_reminder_cancelled_and_wanted_again_comes_back_once(town: Town):
    town.office("DISHUB", "501")
    ticket = town.report()
    key = ("acknowledge_late", "x")
    at = town.clock.at + timedelta(hours=1)
    town.do(lambda unit: unit.reminders.plan(ticket.id, {key: at}))
    town.do(lambda unit: unit.reminders.plan(ticket.id, {}))
    town.do(lambda unit: unit.reminders.plan(ticket.id, {key: at}))
    town.clock.forward(hours=2)
    (due,) = town.do(lambda unit: unit.reminders.due(10))
    assert town.do(lambda unit: unit.reminders.fire(due.id))
    assert not town.do(lambda unit: unit.reminders.fire(due.id))
    town.do(lambda unit: unit.reminders.plan(ticket.id, {key: at}))
    assert town.do(lambda unit: unit.reminders.due(10)) == []


def test_officers_sleep_at_night_unless_it_is_dangerous(town: Town):
    """A 24-hour matter reported at 17.00 is late at 23.00; the group hears of it at 06.00."""
    group = town.office("DISHUB", "501")
    danger = town.office("BPBD", "502")
    town.clock.forward(hours=8)  # 17.00
    town.report("1")
    town.report("2", category="POHON-TUMBANG")
    town.deliver()
    town.clock.forward(hours=7)  # midnight
    town.beat()
    said = town.deliver()
    assert not [m for m in said if m.peer == group.peer and not m.edit_of]
    assert [m for m in said if m.peer == danger.peer], "a fallen tree does not wait for the morning"
    town.clock.forward(hours=6, minutes=5)  # 06.05
    town.beat()
    assert [m for m in town.deliver() if m.peer == group.peer]


def test_danger_wakes_an_office_that_works_in_private_chats(town: Town):
    """A head, or an officer without a group, is told at night as a group is; citizens are not."""
    town.office("BPBD", "502")
    bind(town, "BPBD", "head", peer="900", sender="900", group=False)
    town.clock.forward(hours=6)  # 15.00
    town.report("2", category="POHON-TUMBANG")
    town.deliver()
    for span in ({"hours": 6}, {"hours": 3, "minutes": 5}):  # the head is told half as much again after the six hours
        town.clock.forward(**span)
        town.beat()
    assert [m for m in town.deliver() if m.peer == "900" and "pimpinan" in m.text]


def test_three_days_away_no_flood(town: Town):
    """F82: what became due while we were away is said once, and not everything at once."""
    group = town.office("DISHUB", "501")
    town.report()
    town.deliver()
    town.clock.forward(days=3, hours=3)
    town.beat()
    said = [m for m in town.deliver() if m.peer == group.peer and not m.edit_of]
    assert 1 <= len(said) <= 6, [m.text for m in said]
    town.beat()
    assert not [m for m in town.deliver() if m.peer == group.peer and not m.edit_of]


def local(town: Town) -> str:
    """Day and hour in the city."""
    return f"{town.clock.at.astimezone(town.house.city.zone):%a %H}"


def _scheduled(town: Town, day: str) -> tuple[Ticket, list[str]]:
    """A ticket planned for a day by its officer, and what its citizen hears in the nine days after."""
    group = town.office("DISHUB", "501")
    ticket = town.report()
    for label in ("terima", "jadwalkan"):
        town.take(town.press(group.peer, button(town.deliver(), label, group.peer).data, sender="501", group=True))
    asked = next(m for m in reversed(town.deliver()) if m.peer == group.peer)
    town.take(town.message(group.peer, day, reply_to=f"out-{asked.id}", sender="501", group=True))
    heard = [message.text for message in town.deliver() if message.peer == "1001"]
    heard += [f"{local(town)} {m.text}" for said in town.hours(24 * 9) for m in said if m.peer == "1001"]
    return ticket, heard


def test_tomorrow_counts_from_when_it_was_written(town: Town):
    """Written ten minutes before midnight, taken in ten minutes after it."""
    group = town.office("DISHUB", "501")
    ticket = town.report()
    for label in ("terima", "jadwalkan"):
        town.take(town.press(group.peer, button(town.deliver(), label, group.peer).data, sender="501", group=True))
    asked = next(m for m in reversed(town.deliver()) if m.peer == group.peer)
    town.clock.at = datetime(2026, 11, 23, 16, 50, tzinfo=UTC)  # 23.50 in the city
    words = town.message(group.peer, "besok", reply_to=f"out-{asked.id}", sender="501", group=True)
    town.clock.forward(minutes=20)
    town.take(words)
    scheduled = town.ticket(ticket.id).scheduled_for
    assert scheduled is not None
    assert scheduled.astimezone(town.house.city.zone).date() == date(2026, 11, 24)


def test_a_day_told_today_is_not_told_again(town: Town):
    """Scheduled for today, the work begins: no second message five seconds later."""
    _, heard = _scheduled(town, "hari ini")
    assert "menjadwalkan" in heard[0]
    assert not [words for words in heard if "Hari ini jadwal" in words]


def test_a_promise_that_was_moved_slips_when_its_new_day_is_over(town: Town):
    """No apology for the old promise on the morning of the new one; one for the new one when it is broken too."""
    _, heard = _scheduled(town, "senin")  # in a week; promised was tomorrow
    assert "lebih lama dari janji semula" in heard[0]
    today = next(n for n, words in enumerate(heard) if "Hari ini jadwal" in words)
    slipped = [words for words in heard if "belum selesai pada waktu" in words]
    assert heard[today].startswith("Mon")
    assert len(slipped) == 1
    assert slipped[0].startswith("Tue 06")
    assert "(Senin, 30 November)" in slipped[0]


def _heard_with_the_office(town: Town, day: str, days: int) -> list[tuple[str, str]]:
    """A ticket of a 24-hour promise planned for a day: hour and words, of its citizen ("1001"), group and head."""
    group = town.office("DISHUB", "501")
    bind(town, "DISHUB", "head", peer="900", sender="900", group=False)
    town.report()
    for label in ("terima", "jadwalkan"):
        town.take(town.press(group.peer, button(town.deliver(), label, group.peer).data, sender="501", group=True))
    asked = next(m for m in reversed(town.deliver()) if m.peer == group.peer)
    town.take(town.message(group.peer, day, reply_to=f"out-{asked.id}", sender="501", group=True))
    town.deliver()
    return [(m.peer, f"{local(town)} {m.text}") for said in town.hours(24 * days) for m in said if not m.edit_of]


def test_the_day_into_which_the_promise_falls_lasts_until_its_end(town: Town):
    """Reported on Monday at nine for 24 hours, planned for Tuesday: nobody is called late on Tuesday."""
    heard = _heard_with_the_office(town, "besok", 2)
    tuesday = [(peer, words) for peer, words in heard if words.startswith("Tue")]
    assert len(tuesday) == 2, tuesday
    assert all("ari ini jadwal" in words for _, words in tuesday)
    wednesday = [(peer, words) for peer, words in heard if words.startswith("Wed 06")]
    assert [peer for peer, words in wednesday if "belum selesai pada waktu" in words] == ["1001"]
    assert len([words for peer, words in wednesday if peer.startswith("-")]) == 1, wednesday


def test_a_day_that_passes_without_work_is_heard_of_by_group_and_head(town: Town):
    """Planned for Friday: the head hears that it was put off, and the ladder begins on Saturday morning."""
    heard = _heard_with_the_office(town, "jumat", 7)
    late = [(peer, words) for peer, words in heard if "janji" in words and "belum selesai" not in words]
    assert [(peer, words[:6]) for peer, words in late if "menjadwalkannya" in words] == [("900", "Wed 06")]
    late = [(peer, words) for peer, words in late if "menjadwalkannya" not in words]
    assert [words[:6] for _, words in late][:2] == ["Sat 06", "Sat 12"], late
    assert late[0][0].startswith("-")
    assert late[1][0] == "900"
    assert all("Jumat, 27 November" in words for _, words in late[:2])


def _weeks(town: Town, count: int) -> list[tuple[str, str, str]]:
    """A ticket that was taken up and left: minute, chat and words of everything said in so many weeks."""
    ticket = town.report()
    if town.rows("select 1 from officer"):
        take_up(town, ticket.id)
    town.deliver()
    return [
        (f"{town.clock.at.astimezone(town.house.city.zone):%d %H}", message.peer, message.text)
        for said in town.hours(24 * 7 * count)
        for message in said
        if not message.edit_of
    ]


REMINDED = "ami sudah mengingatkan lagi"


def test_whenever_the_citizen_reads_of_a_reminder_the_office_got_one(town: Town):
    """For weeks, and no chat twice in a minute; the head hears of it too."""
    group = town.office("DISHUB", "501")
    bind(town, "DISHUB", "head", peer="900", sender="900", group=False)
    heard = _weeks(town, 4)
    claimed = [when for when, peer, words in heard if peer == "1001" and REMINDED in words]
    assert len(claimed) == 4  # the apology, and three weeks more
    for when in claimed:
        assert len([1 for at, peer, _ in heard if (at, peer) == (when, group.peer)]) == 1
    for when in claimed[1:]:
        (told,) = [words for at, peer, words in heard if (at, peer) == (when, "900")]
        assert "Yth. pimpinan" in told
    assert len({(at, peer) for at, peer, _ in heard}) == len(heard)


def test_without_a_head_the_operations_centre_hears_every_week(town: Town):
    town.office("DISHUB", "501")
    bind(town, town.house.city.triage, "ops", peer="-901", sender="77", group=True)
    heard = _weeks(town, 3)
    weekly = [when for when, peer, words in heard if peer == "1001" and "masih terbuka" in words]
    assert len(weekly) == 2
    assert [when for when, peer, _ in heard if peer == "-901"][-2:] == weekly


def test_an_office_without_a_chat_is_not_said_to_be_reminded(town: Town):
    heard = [words for _, peer, words in _weeks(town, 2) if peer == "1001"]
    assert len(heard) == 2
    assert not [words for words in heard if "mengingatkan lagi" in words or "ingatkan lagi pada" in words]
    assert all("belum dapat kami hubungi" in words for words in heard)


def test_after_a_pause_the_citizen_hears_one_of_apology_and_weekly_news(town: Town):
    group = town.office("DISHUB", "501")
    take_up(town, town.report().id)
    town.deliver()
    town.clock.forward(days=8, hours=2)
    town.beat()
    said = [m for m in town.deliver() if not m.edit_of]
    assert len([m for m in said if m.peer == "1001"]) == 1
    assert len([m for m in said if m.peer == group.peer]) == 1


def test_a_question_after_the_slip_promises_no_new_day(town: Town):
    """The citizen knows that it is late; five days of waiting for their answer are no second apology."""
    town.office("DISHUB", "501")
    ticket = town.report()
    take_up(town, ticket.id)
    due = ticket.resolve_due
    town.clock.at = due + timedelta(hours=1)
    town.beat()
    assert [m for m in town.deliver() if m.peer == "1001" and "Mohon maaf" in m.text]
    actor = Actor(Role.OFFICER, 1, "Petugas 501", "DISHUB")
    late = town.ticket(ticket.id)
    town.do(lambda unit: change(unit, town.house, late, Action.ASK, actor, Details(note="Tiang nomor berapa?")))
    for _ in range(7):
        town.clock.forward(days=1)
        town.beat()
    assert town.ticket(ticket.id).status is Status.IN_PROGRESS
    assert town.ticket(ticket.id).resolve_due == due
    assert not [m for m in town.deliver() if m.peer == "1001" and "belum selesai pada waktu" in m.text]


def test_what_the_clock_began_is_not_undone(town: Town):
    """Undo leads back one step; the step here was the clock's, and its day would be lost."""
    ticket, _ = _scheduled(town, "besok")
    now = town.ticket(ticket.id)
    assert now.status is Status.IN_PROGRESS
    assert not [one for one in buttons_of(now, town.house.city, now.since or town.clock.at) if "undo" in one.action]


def test_a_silent_citizen_is_asked_reminded_told_and_the_ticket_closed(town: Town):
    group = town.office("DISHUB", "501")
    ticket = town.report()
    take_up(town, ticket.id)
    card = [m for m in town.deliver() if m.peer == group.peer]
    town.take(town.press(group.peer, button(card, "mulai").data, sender="501", group=True))
    card = [m for m in town.deliver() if m.peer == group.peer]
    town.take(town.press(group.peer, button(card, "selesai").data, sender="501", group=True))
    town.deliver()
    asked = town.value("select platform_message_id from outbox_message where purpose = 'done' order by id desc")
    done = town.message(group.peer, "Lampunya sudah diganti baru", sender="501", group=True, reply_to=asked)
    town.take(done)
    assert town.ticket(ticket.id).status is Status.RESOLVED
    assert any("beres" in m.text for m in town.deliver() if m.peer == "1001")
    heard = []
    for _ in range(9 * 4):
        town.clock.forward(hours=6)
        town.beat()
        heard += [m.text for m in town.deliver() if m.peer == "1001"]
    closed = town.ticket(ticket.id)
    assert (closed.status, closed.outcome) == (Status.CLOSED, "unanswered")
    assert 2 <= len(heard) <= 4, heard
    assert "quiet-after-end" not in town.breaches()


def hours(town: Town, count: int) -> list[tuple[str, str]]:
    """What is said to whom while so many hours go by."""
    return [(message.peer, message.text) for said in town.hours(count) for message in said if not message.edit_of]


def test_nobody_is_called_told_who_has_no_chat(town: Town):
    """No head, no operations centre: the office hears it again, as itself; the citizen is promised what happens."""
    group = town.office("DISHUB", "501")
    town.report()
    town.deliver()
    heard = hours(town, 24 * 5)
    assert not [words for _, words in heard if "pimpinan" in words.casefold() or "pusat operasi" in words]
    assert len([words for peer, words in heard if peer == group.peer and "masih belum diterima" in words]) == 1
    assert any("kami ingatkan lagi" in words for peer, words in heard if peer == "1001")


def test_the_operations_centre_hears_for_a_head_without_a_chat(town: Town):
    town.office("DISHUB", "501")
    bind(town, town.house.city.triage, "ops", peer="-901", sender="77", group=True)
    town.report()
    town.deliver()
    said = [words for peer, words in hours(town, 24 * 5) if peer == "-901"]
    assert len(said) == 2, "each lateness once: not taken up, not done"
    assert all("Pimpinan OPD belum terhubung" in words for words in said)
    assert not [words for words in said if "Yth. pimpinan" in words]


def test_a_head_who_was_reached_is_said_to_be_told(town: Town):
    town.office("DISHUB", "501")
    bind(town, town.house.city.triage, "ops", peer="-901", sender="77", group=True)
    bind(town, "DISHUB", "head", peer="900", sender="900", group=False)
    town.report()
    town.deliver()
    heard = hours(town, 24 * 5)
    assert [words for peer, words in heard if peer == "900" and "Yth. pimpinan" in words]
    said = [words for peer, words in heard if peer == "-901"]
    assert len(said) == 2
    assert all("Pimpinan OPD sudah diberi tahu" in words for words in said)
