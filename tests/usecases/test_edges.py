"""Small edges where something would be lost, leaked or looked for too long."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

import pytest
import sqlalchemy as sa

from conversations.effects import JoinTicket, MoveTicket, Say
from conversations.inbound import Kind
from conversations.state import Draft, Place
from storage.unit import Unit
from tests.usecases.town import CHANNEL, Town
from texts.text import say
from usecases import citizen, inbound_json, locate, run_due
from usecases.deliver import Sent
from usecases.ports import Failure, SendFailed


def test_a_photo_of_the_web_chat_is_found_by_its_index(on_sqlite: str, towns):
    """Else every cleaned photo reads all lines of all web chats, in the only writing transaction."""
    town = towns(on_sqlite)
    asked: list[str] = []
    sa.event.listen(town.database.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    town.do(lambda unit: unit.mailbox.show_photo("m:1", {"sha256": "a"}))
    looked = next(statement for statement in asked if "web_line" in statement)

    def explain(unit: Unit) -> str:
        return str(unit.connection.exec_driver_sql(f"explain query plan {looked}", ("m:1",)).all())

    plan = town.do(explain)
    assert "ix_web_line_client" in plan, plan


def test_the_same_words_twice_in_one_turn_are_said_twice(town: Town, monkeypatch: pytest.MonkeyPatch):
    """What was queued between them counts them no differently, and an event that comes again adds nothing."""
    ticket, again = town.report("1002"), Say(say("common.nothing"))
    turn = [again, JoinTicket(ticket.id, Draft()), again, MoveTicket(ticket.id, "confirm"), again]
    monkeypatch.setattr(citizen, "advance", lambda turn_: (turn_.state, turn))
    event = town.message("1001", "saya juga")
    town.take(event)
    keys = "select dedupe_key from outbox_message where dedupe_key like 'reply:%' order by id"
    said = [row[0] for row in town.rows(keys)]
    assert len([key for key in said if "common.nothing" in key]) == 3
    town.take(event)
    assert [row[0] for row in town.rows(keys)] == said


def test_a_wake_that_meets_waiting_words_is_not_forgotten(town: Town):
    town.take(town.message("1001", "lampu jalan mati di depan SDN 3 Jatiasih"))
    chat = town.chat("1001")
    assert chat.wake_at is not None
    event = town.message("1001", "tambahan")
    town.do(
        lambda unit: unit.inbox.add(
            CHANNEL, event.key, Kind.MESSAGE, chat.id, unit.now, payload=inbound_json.dumps(event)
        )
    )
    town.execute("update inbox_event set next_at = :later where state = 'new'", **_later(town))
    town.clock.forward(hours=2)
    while town.do(lambda unit: run_due.wake_due(unit, town.house)):
        pass
    assert town.chat("1001").wake_at is not None, "asked again when the words were thought about"


def _later(town: Town) -> dict[str, str]:
    at = town.clock.at + timedelta(days=2)
    return {"later": at.strftime("%Y-%m-%d %H:%M:%S.%f") + ("" if town.database.kind == "sqlite" else "+00")}


def test_numbers_of_people_are_not_sent_to_a_geocoder(town: Town):
    place = Place(source="words", kelurahan="32.75.09.1002", words="rumah saya, telp 0812-3456-7890", confirmed=True)
    town.report(place=place)
    questions = town.do(lambda unit: locate.waiting(unit, town.house))
    assert "3456" not in questions[0].words


def test_a_lost_topic_s_office_goes_on_beside_the_one_of_the_general_topic(town: Town):
    """Two offices share a forum. The topic of one is deleted: both keep their tickets."""
    general = town.office("DLH", "601", peer="-500")
    town.office("DISHUB", "501", peer="-500/7")
    town.report()
    while jobs := town.claim():
        for job in jobs:
            lost = job.message.peer == "-500/7"
            moved = SendFailed(Failure.MOVED, "topic deleted", moved_to="-500")
            town.settle(Sent(job, failed=moved) if lost else Sent(job, f"out-{job.row.id}"))
    chats = {one.agency: town.do(lambda unit, c=one.chat: unit.chats.get(c).peer) for one in _bound(town)}
    assert chats == {"DLH": "-500", "DISHUB": "-500"}
    assert town.chat("-500", group=True).id == general.id
    assert town.value("select count(*) from dead_letter") == 0
    assert town.value("select state from outbox_message where kind = 'card'") == "sent"


def _bound(town: Town):
    return town.do(lambda unit: unit.agencies.all_chats())


def test_weeks_away_are_told_in_one_message(town: Town):
    """The program was off for a month: a citizen hears once where the report stands, not once for every week."""
    town.office("DISHUB", "501")
    town.report("1001")
    town.deliver()
    town.clock.forward(days=30)
    town.beat()
    said = [message.text for message in town.deliver() if message.peer == "1001"]
    assert len(said) == 1, said
    assert "belum selesai pada waktu yang kami janjikan" in said[0]  # the apology comes first, and counts for that day
    town.clock.forward(days=7)
    town.beat()
    again = [message.text for message in town.deliver() if message.peer == "1001"]
    assert len([words for words in again if "masih terbuka" in words]) == 1, again


def test_a_bot_that_comes_back_to_a_forum_serves_the_office_in_its_topic(town: Town):
    topic = town.office("DISHUB", "501", peer="-500/7")
    ticket = town.report()
    town.deliver()
    town.take(town.message("-500", kind=Kind.MEMBER, membership="kicked", of_bot=True, group=True, sender="9"))
    assert town.chat("-500/7", group=True).reachable == "blocked"
    town.take(town.message("-500", kind=Kind.MEMBER, membership="member", of_bot=True, group=True, sender="9"))
    said = town.deliver()
    assert town.chat("-500/7", group=True).reachable == "ok"
    assert [(message.peer, ticket.number in message.text) for message in said] == [(topic.peer, True)]


def test_two_photos_of_one_line_that_are_ready_at_the_same_moment_are_both_shown(workers: tuple[Town, Town]):
    one, two = workers
    one.do(lambda unit: unit.mailbox.write("v-1", {"text": "lubang"}, author="me", client_key="w:1:1"))
    begun = threading.Event()
    blocked = "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"

    def slow(unit: Unit) -> None:
        unit.mailbox.show_photo("w:1:1", {"sha256": "a"})
        begun.set()
        while not one.value(blocked):  # the other one came as far as it can
            time.sleep(0.01)

    first = one.database.submit(slow)
    assert begun.wait(10)
    second = two.database.submit(lambda unit: unit.mailbox.show_photo("w:1:1", {"sha256": "b"}))
    first.result(10)
    second.result(10)
    (line,) = one.do(lambda unit: unit.mailbox.since("v-1", 0, 10))
    assert [photo["sha256"] for photo in line.photos] == ["a", "b"]


def test_our_own_clock_is_nobody_heard(town: Town):
    """Who was last heard sixty days ago may have lost the number since; a reminder of ours must not hide that."""
    town.take(town.message("1001", "lampu jalan mati"))
    town.deliver()
    heard = town.value("select last_inbound_at from conversation where peer = '1001'")
    town.clock.forward(hours=2)
    town.beat()
    assert town.deliver(), "the unfinished report is offered again"
    assert town.value("select last_inbound_at from conversation where peer = '1001'") == heard
    town.take(town.message("1001", "ya"))
    town.deliver()
    assert town.value("select last_inbound_at from conversation where peer = '1001'") != heard


@pytest.mark.parametrize("state", ["queued", "uncertain", "held"])
def test_what_may_leave_yet_moves_with_its_group(town: Town, state: str):
    group = town.office("DISHUB", "501", peer="-5")
    new = town.office("DLH", "502", peer="-100999")
    town.report()
    town.execute("update outbox_message set state = :state where conversation_id = :chat", state=state, chat=group.id)
    town.do(lambda unit: unit.chats.move(CHANNEL, "-5", "-100999"))
    there = "select distinct conversation_id from outbox_message where state = :state and kind in ('text', 'card')"
    assert [
        row[0]
        for row in town.rows(there + " and conversation_id in (:old, :new)", state=state, old=group.id, new=new.id)
    ] == [new.id]
