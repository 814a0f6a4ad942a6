"""F19, F88, F89: one chat is thought about in order, by one worker at a time; a poisonous event is buried."""

import random
from collections.abc import Callable
from concurrent.futures import wait
from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa

from storage.unit import Unit
from tests.usecases.town import MORNING, Town
from texts.text import literal, say
from tickets.rule import Fired, Rule
from tickets.ticket import Ticket
from usecases import citizen, receive
from usecases.bodies import body
from usecases.citizen import Thought
from usecases.records import Queued

POISON = "racun"


@pytest.fixture
def echo(monkeypatch: pytest.MonkeyPatch) -> None:
    """Instead of the dialogue: remember every text in the chat's state, and answer with how many there are."""
    import json

    def think(unit: Any, house: Any, chat: Any, inbound: Any, event: int, fence: str = "") -> Thought:
        if inbound.text == POISON:
            raise KeyError("the engine stumbles over this word")
        seen = [*json.loads(chat.state).get("seen", []), inbound.text]
        said = Queued(chat=chat.id, dedupe=f"echo:{event}", body=body(literal(f"{len(seen)}:{inbound.text}")))
        unit.outbox.add([said])
        unit.chats.save(chat, json.dumps({"seen": seen}), None)
        return Thought(None)

    monkeypatch.setattr(citizen, "think", think)


def state(town: Town, peer: str) -> list[str]:
    import json

    found = town.value("select state_json from conversation where peer = :peer", peer=peer)
    return list(json.loads(found).get("seen", []))


def test_two_workers_end_like_one(workers: tuple[Town, Town], echo: None):
    """Every chat's final state and answers equal those of thinking one event after the other, in the order of ids."""
    first, second = workers
    dice = random.Random(7)
    chats = [str(6000 + n) for n in range(8)]
    futures = []
    for n in range(96):
        town = dice.choice(workers)
        event = town.message(dice.choice(chats), f"t{n}")
        futures.append(
            town.database.submit(lambda unit, town=town, event=event: receive.take(unit, town.house, [event]))
        )  # type: ignore[misc]
    wait(futures, 60)
    assert all(future.result().receipts[0].fresh for future in futures)
    while first.think_again() + second.think_again():
        pass
    assert first.value("select count(*) from inbox_event where state <> 'done'") == 0
    for peer in chats:
        kept = state(first, peer)
        answers = first.rows(
            "select o.body_json as b from outbox_message o join conversation c on c.id = o.conversation_id"
            " where c.peer = :peer order by o.id",
            peer=peer,
        )
        assert len(kept) == len(set(kept)) == len(answers), "an event was thought about twice or never"
        for place, (text, answer) in enumerate(zip(kept, answers, strict=True), 1):
            assert f"{place}:{text}" in answer.b, "answers and states follow one order"


def test_younger_events_wait_for_an_older_one_and_other_chats_do_not(town: Town, echo: None):
    town.take(town.message("1", POISON), town.message("1", "after"), town.message("2", "elsewhere"))
    assert state(town, "2") == ["elsewhere"]
    assert town.value("select state_json from conversation where peer = '1'") == "{}"
    assert town.think_again() == 0, "its next try is not due yet"


def test_a_poisonous_event_is_tried_three_times_then_buried_and_the_chat_goes_on(town: Town, echo: None):
    town.take(town.message("1", "before"), town.message("1", POISON), town.message("1", "after"))
    began = town.clock.at
    tries = 1
    while town.value("select count(*) from inbox_event where state = 'new'"):
        town.clock.forward(milliseconds=500)
        before = town.value("select max(attempts) from inbox_event")
        town.think_again()
        tries += town.value("select max(attempts) from inbox_event") - before
    assert (town.clock.at - began).total_seconds() < 15
    assert state(town, "1") == ["before", "after"]
    dead = town.rows("select source_table, reason from dead_letter")
    assert [tuple(row) for row in dead] == [("inbox_event", "KeyError")]
    poison = town.rows("select state, payload_json from inbox_event where state = 'dead'")[0]
    assert POISON in poison.payload_json, "a person must be able to read what was buried"
    said = [message.text for message in town.deliver()]
    event = town.value("select id from inbox_event where state = 'dead'")
    told = town.house.render(say("engine.dead", trace=f"E{event}"), "id")
    assert said == ["1:before", told, "2:after"]
    assert town.breaches().keys() == {"dead-letters"}


def test_an_event_kept_by_another_version_is_buried_too(town: Town, echo: None):
    town.take(town.message("1", POISON))
    town.execute("update inbox_event set payload_json = '{\"at\": \"no time\"}' where state = 'new'")
    town.take(town.message("1", "after"))
    for _ in range(20):
        town.clock.forward(seconds=2)
        town.think_again()
    assert state(town, "1") == ["after"]
    assert town.value("select count(*) from dead_letter") == 1


def _twice_the_same_row(unit: Unit) -> None:
    unit.connection.execute(sa.text("insert into number_seq (scope, next_no) values ('x', 1), ('x', 2)"))


def _a_time_without_its_zone(unit: Unit) -> None:
    """SQLAlchemy wraps it into an error of its own, which is not the database's."""
    unit.reminders.postpone(1, datetime(2026, 12, 1, 8, 0))  # noqa: DTZ001 (the mistake this is about)


@pytest.mark.parametrize("mistake", [_twice_the_same_row, _a_time_without_its_zone])
def test_data_that_cannot_be_kept_is_our_error_and_stops_nobody(
    town: Town, monkeypatch: pytest.MonkeyPatch, mistake: Callable[[Unit], None]
):
    """With polling, an event that is answered with "later" for ever would hold up the whole city."""

    def think(unit: Unit, *_: Any, **__: Any) -> Thought:
        mistake(unit)
        return Thought(None)

    with monkeypatch.context() as patch:
        patch.setattr(citizen, "think", think)
        assert town.take(town.message("1", "halo"), town.message("2", "halo"))[0].fresh
    assert town.value("select count(*) from inbox_event where state = 'new'") == 2


def test_a_rule_that_fails_is_buried_and_holds_up_no_other(town: Town, monkeypatch: pytest.MonkeyPatch):
    for peer in ("1", "2"):
        town.report(peer)
    town.clock.forward(days=4)
    broken = town.rows("select id, ticket_id, kind from reminder order by due_at, id")[0]
    due = "select count(*) from reminder where state = 'pending' and due_at <= :now"
    fire = Rule.fire

    def stumbles(rule: Rule, ticket: Ticket, *given: Any) -> Fired:
        if (rule.kind, ticket.id) == (broken.kind, broken.ticket_id):
            return Fired(again_at=datetime(2026, 12, 1, 8, 0))  # noqa: DTZ001 (without its zone it cannot be kept)
        return fire(rule, ticket, *given)

    monkeypatch.setattr(Rule, "fire", stumbles)
    assert town.value(due, now=town.clock.at) > 2
    town.beat()
    assert ("reminder", broken.id) in town.rows("select source_table, source_id from dead_letter")
    assert town.value(due, now=town.clock.at) == 0


def test_a_wake_that_fails_keeps_no_other_dialogue_asleep(town: Town, monkeypatch: pytest.MonkeyPatch):
    from usecases import run_due

    for peer in ("1", "2", "3"):
        chat = town.chat(peer)
        town.do(lambda unit, chat=chat: unit.chats.set_wake(chat.id, town.clock.at))  # type: ignore[misc]
    woken: list[str] = []

    def think(unit: Any, house: Any, chat: Any, inbound: Any, event: int) -> Thought:
        if chat.peer == "2":
            raise KeyError("stumbles")
        woken.append(chat.peer)
        return Thought(None)

    monkeypatch.setattr(run_due, "think", think)
    town.beat()
    town.beat()
    assert set(woken) == {"1", "3"}, "once where everything went well; what failed was undone with its company"
    assert town.rows("select 1 from conversation where wake_at is not null") == []
    assert town.value("select count(*) from dead_letter") == 1
    assert "dead-accounted" not in town.breaches()


def test_an_unfinished_report_is_offered_again_after_an_hour_once_and_ends_after_a_day(town: Town):
    town.take(town.message("1", "lampu jalan mati di depan SDN 3 Jatiasih"))
    town.deliver()
    town.clock.forward(minutes=59)
    town.beat()
    assert town.deliver() == []
    town.clock.forward(minutes=2)
    town.beat()
    town.beat()
    assert len(town.deliver()) == 1
    town.clock.forward(hours=25)
    town.beat()
    assert len(town.deliver()) == 1
    town.clock.forward(days=3)
    town.beat()
    assert town.deliver() == []
    assert town.clock.at > MORNING


def test_two_workers_wake_a_dialogue_once(workers: tuple[Town, Town]):
    first, second = workers
    for n in range(6):
        first.take(first.message(str(n), "lampu jalan mati di depan SDN 3 Jatiasih"))
    first.deliver()
    first.clock.forward(hours=2)
    both(workers, lambda town: town.beat())
    assert len(first.deliver()) + len(second.deliver()) == 6


def both(workers: tuple[Town, Town], work: Callable[[Town], Any]) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(2) as pool:
        for future in [pool.submit(work, town) for town in workers]:
            future.result(60)
