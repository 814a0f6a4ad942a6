"""F04, F57-F63, F67: claims, leases, fences, copies, pauses and ends of what is to be sent."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from conversations.inbound import Kind
from tests.usecases.town import CHANNEL, Town, button, buttons
from texts.text import literal
from usecases import deliver, undelivered
from usecases.bodies import body
from usecases.deliver import Job, Sent
from usecases.ports import Failure, SendFailed
from usecases.records import Chat, Leave, Queued
from usecases.undelivered import BACKOFF


def queue(town: Town, chat: Chat, words: str, **more: Any) -> int:
    """Queue a text; returns the row's id."""
    town.do(lambda unit: unit.outbox.add([Queued(chat=chat.id, dedupe=words, body=body(literal(words)), **more)]))
    return int(town.value("select id from outbox_message where dedupe_key = :key", key=words))


def row(town: Town, row_id: int) -> Any:
    return town.rows("select * from outbox_message where id = :id", id=row_id)[0]


def words(jobs: list[Job]) -> list[str]:
    return [job.message.text for job in jobs]


def fail(town: Town, job: Job, failure: Failure, detail: str = "test", **more: Any) -> None:
    town.settle(Sent(job, failed=SendFailed(failure, detail, **more)))


# -- order and choice ---------------------------------------------------------------------------------


def test_one_chat_in_order_one_in_flight_other_chats_beside_it(town: Town):
    one, two = town.chat("1"), town.chat("2")
    for name, chat in (("a1", one), ("a2", one), ("b1", two)):
        queue(town, chat, name)
    first = town.claim()
    assert sorted(words(first)) == ["a1", "b1"]
    assert town.claim() == [], "one in flight per chat"
    town.settle(*(Sent(job, "m") for job in first))
    assert words(town.claim()) == ["a2"]


def test_ends_of_many_sends_are_written_at_once_each_to_its_own_row(town: Town):
    ids = [queue(town, town.chat(str(n)), f"w{n}") for n in range(5)]
    jobs = sorted(town.claim(), key=lambda job: job.row.id)
    stolen = replace(jobs[1], row=replace(jobs[1].row, fence="somebody else's"))
    refused = Sent(jobs[2], failed=SendFailed(Failure.REFUSED, "no"))
    town.settle(Sent(jobs[0], "m0"), Sent(stolen, "m1"), refused, Sent(jobs[3], "m3"), Sent(jobs[4]))
    found = [row(town, one) for one in ids]
    assert [one.state for one in found[:2]] == ["sent", "sending"]
    assert [one.state for one in found[3:]] == ["sent", "sent"]
    assert found[2].state not in ("sent", "sending")
    assert [one.platform_message_id for one in found] == ["m0", "", "", "m3", ""]
    assert [one.sent_at is not None for one in found] == [True, False, False, True, True]
    assert [one.lease_until is not None for one in found[:2]] == [False, True]


def test_an_end_that_an_error_of_ours_cannot_write_costs_no_other_its_record(
    town: Town, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    """What left is known to have left; what did not is left to its lease."""
    town.office("DISHUB", "501")
    town.report()
    queue(town, town.chat("1"), "gone")
    queue(town, town.chat("2"), "refused")
    queue(town, town.chat("3"), "fine")
    jobs = {job.message.text if job.row.kind == "text" else job.row.kind: job for job in town.claim()}
    stumble = KeyError("a mistake of ours")

    def gone(*_: Any) -> None:
        raise stumble

    monkeypatch.setattr(undelivered, "_gone", gone)
    monkeypatch.setattr(deliver, "_retire", gone)
    town.settle(
        Sent(jobs["gone"], failed=SendFailed(Failure.GONE)),
        Sent(jobs["card"], "m-card"),
        Sent(jobs["refused"], failed=SendFailed(Failure.REFUSED)),
        Sent(jobs["fine"], "m-fine"),
    )
    found = {name: row(town, job.row.id) for name, job in jobs.items()}
    assert {name: found[name].state for name in ("gone", "card", "refused", "fine")} == {
        "gone": "sending",
        "card": "sent",
        "refused": "dead",
        "fine": "sent",
    }
    assert (found["card"].platform_message_id, found["fine"].platform_message_id) == ("m-card", "m-fine")
    assert town.value("select count(*) from dead_letter") == 1, "once, although it was written twice"
    assert {record.outbox_id for record in caplog.records if hasattr(record, "outbox_id")} == {
        jobs["gone"].row.id,
        jobs["card"].row.id,
    }
    town.clock.forward(seconds=61)
    town.do(lambda unit: unit.outbox.recover(("whatsapp",)))
    assert row(town, jobs["gone"].row.id).state == "queued"


def test_emergency_first_then_replies_cards_news_nudges(town: Town):
    for priority in (5, 3, 0, 4, 1, 2):
        queue(town, town.chat(str(priority)), f"p{priority}", priority=priority)
    assert words(town.claim(3)) == ["p0", "p1", "p2"]
    assert words(town.claim(3)) == ["p3", "p4", "p5"]


def test_delayed_rows_and_resting_and_paused_chats_wait(town: Town):
    later, resting, fine = (town.chat(name) for name in ("1", "2", "3"))
    queue(town, later, "later", at=town.clock.at + timedelta(minutes=5))
    queue(town, resting, "resting")
    queue(town, fine, "fine")
    assert town.claim(paused=[CHANNEL]) == []
    assert words(town.claim(resting=[resting.id])) == ["fine"]
    town.clock.forward(minutes=6)
    assert sorted(words(town.claim())) == ["later", "resting"]


def test_what_expired_is_not_sent_and_says_so(town: Town):
    chat = town.chat("1")
    old = queue(town, chat, "old", expires_at=town.clock.at + timedelta(hours=1))
    queue(town, chat, "new")
    town.clock.forward(hours=2)
    town.do(lambda unit: unit.outbox.recover(("whatsapp",)))
    assert words(town.claim()) == ["new"]
    assert (row(town, old).state, row(town, old).error) == ("cancelled", "expired")


def test_the_same_key_is_said_once(town: Town):
    chat = town.chat("1")
    queue(town, chat, "hello")
    town.deliver()
    queue(town, chat, "hello")
    assert town.claim() == []


def test_two_workers_never_claim_the_same_row_or_chat(workers: tuple[Town, Town]):
    first, second = workers
    for n in range(30):
        for k in range(2):
            queue(first, first.chat(str(n)), f"{n}:{k}")
    fences = [f"f{n}" for n in range(20)]
    futures = [
        town.database.submit(
            lambda unit, town=town, tag=tag: deliver.claim(unit, town.house, [f + tag for f in fences], [], {})  # type: ignore[misc]
        )
        for tag in ("a", "b")
        for town in workers
    ]
    jobs = [job for future in futures for job in future.result(30)]
    assert len({job.row.id for job in jobs}) == len(jobs)
    assert len({job.row.chat for job in jobs}) == len(jobs)
    assert {job.message.text.split(":")[1] for job in jobs} == {"0"}
    del second


# -- ends ---------------------------------------------------------------------------------------------


def test_not_sent_waits_longer_each_time_and_holds_its_chat_for_a_minute(town: Town):
    chat = town.chat("1")
    stubborn = queue(town, chat, "stubborn")
    queue(town, chat, "behind")
    began = town.clock.at
    for wait in BACKOFF[:5]:
        (job,) = town.claim()
        assert job.message.text == "stubborn", "the later one waits its turn"
        fail(town, job, Failure.NOT_SENT)
        town.clock.forward(seconds=wait - 0.5)
        assert town.claim() == []
        town.clock.forward(seconds=0.5)
    assert town.clock.at - began < timedelta(seconds=60)
    fail(town, town.claim()[0], Failure.NOT_SENT)
    town.clock.at = began + timedelta(seconds=61)
    assert words(town.claim()) == ["behind"], "after a minute the chat goes on without it"
    town.clock.forward(hours=1)
    assert row(town, stubborn).state == "queued", "and it is tried for ever"


def test_a_pause_for_one_chat_stops_that_chat_alone_and_costs_no_try(town: Town):
    slow, fine = town.chat("1"), town.chat("2")
    asked = queue(town, slow, "slow")
    fail(town, town.claim()[0], Failure.NOT_SENT, retry_after_s=30)
    queue(town, fine, "fine")
    queue(town, slow, "slow two")
    assert words(town.claim()) == ["fine"]
    assert row(town, asked).attempts == 0
    town.clock.forward(seconds=31)
    assert words(town.claim()) == ["slow"]


def test_a_pause_for_the_whole_bot_stops_all_its_chats_and_no_other_channel(town: Town):
    queue(town, town.chat("1"), "a")
    queue(town, town.chat("2"), "b")
    web = town.do(lambda unit: unit.chats.open("web", "v-1", group=False, sender="v-1", name="", locale="id"))
    job = town.claim(1)[0]
    fail(town, job, Failure.NOT_SENT, retry_after_s=30, whole_bot=True)
    queue(town, web, "web")
    assert words(town.claim()) == ["web"]
    town.clock.forward(seconds=31)
    assert sorted(words(town.claim())) == ["a", "b"]


def test_a_shorter_pause_never_ends_a_longer_one(town: Town):
    """The second of two answers that were under way together asks for less."""
    queue(town, town.chat("1"), "a")
    queue(town, town.chat("2"), "b")
    jobs = town.claim()
    for job, seconds in zip(jobs, (60, 2), strict=True):
        fail(town, job, Failure.NOT_SENT, retry_after_s=seconds, whole_bot=True)
    town.clock.forward(seconds=30)
    assert town.claim() == []
    town.clock.forward(seconds=31)
    assert sorted(words(town.claim())) == ["a", "b"]


def test_many_paused_chats_do_not_starve_the_others(town: Town):
    for n in range(30):
        queue(town, town.chat(f"slow{n}"), f"slow{n}")
    for job in town.claim(30):
        fail(town, job, Failure.NOT_SENT, retry_after_s=600)
    town.clock.forward(seconds=601)
    for job in town.claim(30):
        fail(town, job, Failure.NOT_SENT, retry_after_s=600)
    town.execute("update outbox_message set next_at = created_at")  # as rows that came before the pause
    queue(town, town.chat("fine"), "fine")
    assert words(town.claim(5)) == ["fine"]


@pytest.mark.parametrize("cls", ["must", "nudge", "info"])
def test_copies_after_ambiguous_sends_are_bounded(town: Town, cls: str):
    """Must: three copies, one late attempt after ten minutes, then the dead letters. The others: one copy."""
    item = queue(town, town.chat("1"), "hello", cls=cls)
    copies = 0
    for _ in range(200):
        for job in town.claim():
            copies += 1
            fail(town, job, Failure.AMBIGUOUS)
        town.clock.forward(seconds=30)
        town.do(lambda unit: unit.outbox.recover(("whatsapp",)))
    assert copies == (4 if cls == "must" else 1)
    assert row(town, item).state == ("dead" if cls == "must" else "uncertain")
    assert town.value("select count(*) from dead_letter") == (1 if cls == "must" else 0)
    assert "must-accounted" not in town.breaches()


def test_a_sender_that_dies_leaves_its_rows_to_the_next_one_with_the_same_cap(town: Town):
    item = queue(town, town.chat("1"), "hello")
    copies = 0
    for _ in range(60):
        copies += len(town.claim())  # and nobody settles
        town.clock.forward(seconds=61)
        town.do(lambda unit: unit.outbox.recover(("whatsapp",)))
    assert copies == 4
    assert row(town, item).state == "dead"
    assert "must-accounted" not in town.breaches()


def test_lost_answers_and_dead_senders_count_together(town: Town):
    item = queue(town, town.chat("1"), "hello")
    sent: list[datetime] = []
    for _ in range(100):
        for job in town.claim():
            sent.append(town.clock.at)
            if len(sent) % 2:  # of the others nobody writes down anything
                fail(town, job, Failure.AMBIGUOUS)
        town.clock.forward(seconds=30)
        town.do(lambda unit: unit.outbox.recover(("whatsapp",)))
    assert len(sent) == 4
    assert sent[3] - sent[2] >= timedelta(minutes=10), "the last one is late"
    assert row(town, item).state == "dead"
    assert town.value("select count(*) from dead_letter") == 1


def test_the_late_attempt_may_succeed(town: Town):
    item = queue(town, town.chat("1"), "hello")
    for _ in range(3):
        fail(town, town.claim()[0], Failure.AMBIGUOUS)
        town.clock.forward(seconds=6)
    assert row(town, item).state == "uncertain"
    assert town.claim() == []
    town.clock.forward(minutes=11)
    town.do(lambda unit: unit.outbox.recover(("whatsapp",)))
    assert words(town.deliver_jobs()) == ["hello"]
    assert row(town, item).state == "sent"


def test_a_result_that_comes_too_late_changes_nothing(town: Town):
    item = queue(town, town.chat("1"), "hello")
    old = town.claim()[0]
    town.clock.forward(seconds=61)
    town.do(lambda unit: unit.outbox.recover(("whatsapp",)))
    new = town.claim()[0]
    town.settle(Sent(old, "m-old"))
    assert row(town, item).state == "sending", "another fence holds it now"
    town.settle(Sent(new, "m-new"))
    assert (row(town, item).state, row(town, item).platform_message_id) == ("sent", "m-new")
    fail(town, old, Failure.REFUSED)
    assert row(town, item).state == "sent"


def test_an_edit_of_a_card_may_be_repeated_but_its_first_posting_is_capped(town: Town):
    town.office("DISHUB", "501")
    town.report()
    copies = 0
    for _ in range(200):
        for job in town.claim():
            if job.row.kind == "card":
                assert not job.message.edit_of
                copies += 1
                fail(town, job, Failure.AMBIGUOUS)
            else:
                town.settle(Sent(job, "m"))
        town.clock.forward(seconds=30)
        town.do(lambda unit: unit.outbox.recover(("whatsapp",)))
    assert copies == 4, "a group must not see a ticket nine times"


def test_who_blocked_us_is_left_in_peace_until_they_write_again(town: Town):
    chat = town.chat("1")
    item, behind = queue(town, chat, "hello"), queue(town, chat, "behind")
    fail(town, town.claim()[0], Failure.GONE)
    assert row(town, item).state == "failed"
    assert town.claim() == []
    assert (row(town, behind).state, row(town, behind).error) == ("cancelled", "unreachable")
    assert "must-accounted" not in town.breaches()
    town.take(town.message("1", "halo"))
    assert town.claim(), "they are back"


def test_a_permanent_error_is_buried_at_once_and_the_chat_goes_on(town: Town):
    chat = town.chat("1")
    item = queue(town, chat, "wrong")
    queue(town, chat, "next")
    fail(town, town.claim()[0], Failure.REFUSED, "no such thing 1234567890")
    assert row(town, item).state == "dead"
    assert town.value("select reason from dead_letter where source_table = 'outbox_message'") == (
        "refused: no such thing #"
    ), "long numbers stay out of reasons"
    assert words(town.claim()) == ["next"]


def test_a_broken_channel_burns_no_tries(town: Town):
    item = queue(town, town.chat("1"), "hello")
    for _ in range(5):
        fail(town, town.claim()[0], Failure.BROKEN)
        town.clock.forward(seconds=61)
    assert (row(town, item).state, row(town, item).attempts) == ("queued", 0)


def test_a_message_that_cannot_be_rendered_does_not_stop_the_others(town: Town):
    bad, good = town.chat("1"), town.chat("2")
    item = queue(town, bad, "broken")
    town.execute(
        "update outbox_message set body_json = :b where id = :id", b='{"text": ["no.such", {"x": 1}]}', id=item
    )
    broken = queue(town, bad, "broken too")
    town.execute("update outbox_message set body_json = :b where id = :id", b="[]", id=broken)
    queue(town, good, "good")
    queue(town, bad, "after")
    said = [job.message.text for _ in range(3) for job in town.deliver_jobs()]  # a look for each that is buried
    assert said == ["good", "after"]
    assert row(town, broken).state == "dead"
    assert "must-accounted" not in town.breaches()


def test_a_group_that_moved_takes_its_messages_and_its_office_along(town: Town):
    town.office("DISHUB", "501", peer="-100")
    town.report()
    job = next(job for job in town.claim() if job.row.kind == "card")
    fail(town, job, Failure.MOVED, moved_to="-100999")
    moved = town.deliver()
    assert {message.peer for message in moved if message.group} == {"-100999"}
    press = town.press("-100999", button(moved, "terima", "-100999").data, sender="501", group=True)
    town.take(press)
    assert town.value("select status from ticket") != "assigned"


def test_a_card_that_is_gone_is_posted_once_more(town: Town):
    group = town.office("DISHUB", "501")
    ticket = town.report()
    posted = [message for message in town.deliver() if message.peer == group.peer]
    press = town.press(group.peer, button(posted, "terima").data, sender="501", group=True)
    town.take(press)
    edit = next(job for job in town.claim() if job.row.kind == "card")
    assert edit.message.edit_of
    fail(town, edit, Failure.CANNOT_EDIT)
    again = next(job for job in town.claim() if job.row.kind == "card")
    assert not again.message.edit_of
    town.settle(Sent(again, "new-card"))
    assert town.do(lambda unit: unit.tickets.card(ticket.id, group.id)).message_id == "new-card"


def test_a_group_that_lost_the_bot_gets_its_open_tickets_again(town: Town):
    group = town.office("DISHUB", "501")
    ticket = town.report()
    for job in town.claim():
        if job.row.group:
            fail(town, job, Failure.GONE)
        else:
            town.settle(Sent(job, "m"))
    assert "groups" in town.breaches()
    town.take(town.message(group.peer, kind=Kind.MEMBER, membership="member", of_bot=True, group=True, sender="501"))
    said = [message for message in town.deliver() if message.peer == group.peer]
    assert [ticket.number in message.text for message in said if message.rows] == [True]
    assert "groups" not in town.breaches()


# -- answers claimed where they are decided -------------------------------------------------------------


def test_an_answer_may_leave_with_the_commit_but_never_before_an_earlier_one(town: Town):
    from usecases import receive

    def take(text: str, *leave: str) -> list[Job]:
        event = town.message("1", text)
        return town.do(lambda unit: receive.take(unit, town.house, [event], leaves=[Leave(*leave)])).jobs

    born = take("halo", "f1")
    assert len(born) == 1
    assert take("bantuan", "f2") == [], "the first is still on its way"
    assert town.claim() == []
    town.settle(Sent(born[0], "m1"))
    assert len(town.claim()) == 1


def test_an_answer_may_be_made_ready_behind_the_one_under_way_and_behind_no_other(town: Town):
    from usecases import receive

    def take(text: str, *leave: str) -> list[Job]:
        event = town.message("1", text)
        return town.do(lambda unit: receive.take(unit, town.house, [event], leaves=[Leave(*leave)])).jobs

    (first,) = take("halo", "f1")
    assert take("bantuan", "f2", "of another process") == []
    assert town.value("select count(*) from outbox_message where state = 'queued'") == 1
    assert take("bantuan", "f3", "f1") == [], "one that waits stands before it"
    town.settle(Sent(first, "m1"))
    town.deliver()
    (first,) = take("halo", "f4")
    (second,) = take("bantuan", "f5", "f4")
    assert town.claim() == []
    town.settle(
        Sent(second, failed=SendFailed(Failure.BEHIND)), Sent(first, failed=SendFailed(Failure.NOT_SENT, "no network"))
    )
    assert town.claim() == [], "the first one is tried again, and before that nothing is said"
    town.clock.forward(seconds=2)
    (again,) = town.claim()
    assert (again.row.id, again.row.attempts) == (first.row.id, 2)
    town.settle(Sent(again, "m2"))
    (again,) = town.claim()
    assert (again.row.id, again.row.attempts) == (second.row.id, 1)
    town.settle(Sent(again, failed=SendFailed(Failure.NOT_SENT, "no network")))
    assert take("bantuan", "f6", again.row.fence) == [], "it is not under way any more"


def test_an_answer_in_the_new_language_right_after_choosing_it(town: Town):
    from usecases import receive

    def take(fence: str, **event: Any) -> list[Job]:
        arrived = town.message("1", **event)
        jobs = town.do(lambda unit: receive.take(unit, town.house, [arrived], leaves=[Leave(fence)])).jobs
        town.settle(*(Sent(job, f"m-{fence}") for job in jobs))
        return jobs

    asked = take("f1", text="bahasa")
    english = next(b for b in buttons([job.message for job in asked]) if "english" in b.label.casefold())
    answered = take("f2", kind=Kind.PRESS, action=english.data)
    said = " ".join(words(answered)) or " ".join(m.text for m in town.deliver())
    assert "English" in said or "language" in said
    assert "Baik" not in said


def test_a_reply_below_any_message_that_ours_became_is_understood(town: Town):
    """An album is one row here and several messages there."""
    group = town.office("DISHUB", "501")
    ticket = town.report()
    (card,) = [job for job in town.claim() if job.row.kind == "card"]
    town.settle(Sent(card, "13", also=("11", "12")))
    town.settle(Sent(card, "13", also=("11", "12")))  # told twice
    for quoted in ("11", "12", "13"):
        assert town.do(lambda unit, q=quoted: unit.outbox.quoted(group.id, q)) == (ticket.id, "card")  # type: ignore[misc]
    assert town.do(lambda unit: unit.outbox.quoted(group.id, "14")) == (0, "")
    elsewhere = town.chat("-1", group=True)
    assert town.do(lambda unit: unit.outbox.quoted(elsewhere.id, "12")) == (0, "")


def test_news_leave_the_location_keys_of_the_next_report(town: Town):
    """The office takes the first report while the place of a second one is asked: its button stays."""
    group = town.office("DISHUB", "501")
    town.report()
    terima = button(town.deliver(), "terima", group.peer)
    town.take(town.message("1001", "jalan berlubang besar sekali"))
    (asked,) = town.deliver()
    assert not asked.keeps_keyboard
    town.take(town.press(group.peer, terima.data, sender="501", group=True))
    said = town.deliver()
    assert [m.keeps_keyboard for m in said if m.peer == "1001"] == [True]
    town.take(town.message("1001", "batal"), town.message("1001", "ya"))
    town.deliver()
    town.take(town.press(group.peer, button(said, "mulai", group.peer).data, sender="501", group=True))
    assert [m.keeps_keyboard for m in town.deliver() if m.peer == "1001"] == [False]
