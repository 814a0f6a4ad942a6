"""F01, F02, F07: the same event may come as often as it likes, and from everywhere at once; it is one event."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import wait

from storage.unit import Unit
from tests.usecases.town import CHANNEL, Town, button, last_step
from usecases import receive


def test_ten_parallel_deliveries_are_one_event_one_ticket_and_one_confirmation(town: Town):
    press = last_step(town, "1001")
    futures = [town.database.submit(lambda unit: receive.take(unit, town.house, [press])) for _ in range(10)]
    wait(futures, 30)
    fresh = [future.result().receipts[0].fresh for future in futures]
    town.think_again()
    assert sum(fresh) == 1
    assert town.value("select count(*) from inbox_event where natural_key = :key", key=press.key) == 1
    assert town.value("select count(*) from ticket") == 1
    said = [message for message in town.deliver() if message.peer == "1001"]
    assert sum("BKS-26-000001" in message.text for message in said) == 1
    assert town.breaches().keys() <= {"groups"}


def test_two_workers_taking_the_same_events_make_one_ticket_each(workers: tuple[Town, Town]):
    first, second = workers
    presses = [last_step(first, str(2000 + n)) for n in range(5)]
    futures = [
        town.database.submit(lambda unit, town=town, press=press: receive.take(unit, town.house, [press]))  # type: ignore[misc]
        for press in presses
        for town in (first, second) * 4
    ]
    wait(futures, 30)
    assert sum(receipt.fresh for future in futures for receipt in future.result().receipts) == 5
    while first.think_again() + second.think_again():
        pass
    assert first.value("select count(*) from ticket") == 5
    assert first.value("select count(distinct source_event_id) from ticket") == 5
    assert first.breaches().keys() <= {"groups"}


def test_a_repeat_changes_nothing_even_days_later(town: Town):
    press = last_step(town, "1001")
    assert town.take(press)[0].fresh
    before = town.rows("select * from outbox_message order by id"), town.rows("select * from ticket")
    town.clock.forward(days=3)
    assert not town.take(press)[0].fresh
    assert (town.rows("select * from outbox_message order by id"), town.rows("select * from ticket")) == before


def test_first_messages_of_one_new_person_at_the_same_moment_are_all_kept(workers: tuple[Town, Town]):
    first, second = workers
    events = [first.message("3001", f"pesan {n}") for n in range(8)]
    futures = [
        town.database.submit(lambda unit, town=town, event=event: receive.take(unit, town.house, [event]))  # type: ignore[misc]
        for event, town in zip(events, (first, second) * 4, strict=True)
    ]
    wait(futures, 30)
    assert all(future.result().receipts[0].fresh for future in futures)
    assert first.value("select count(*) from conversation where peer = '3001'") == 1
    assert first.value("select count(*) from person") == 1, "a person made twice is a stranger to the own tickets"
    while first.think_again() + second.think_again():
        pass
    assert first.value("select count(*) from inbox_event where state = 'done'") == 8


def test_parallel_deliveries_of_a_first_message_ever(towns: Callable[..., Town], url: str):
    town = towns(url)
    event = town.message("4001", "halo")
    futures = [town.database.submit(lambda unit: receive.take(unit, town.house, [event])) for _ in range(10)]
    wait(futures, 30)
    assert sum(future.result().receipts[0].fresh for future in futures) == 1
    assert button(town.deliver(), "", "4001")


def test_deliveries_of_one_event_never_wait_for_each_other_in_a_circle(workers: tuple[Town, Town]):
    """One worker holds the chat and comes to the event's key, the other holds the key and refers to the chat."""
    first, second = workers
    event = first.message("5001", "halo")
    first.take(first.message("5001", "pertama"))
    holds_chat, goes_on = threading.Event(), threading.Event()

    def slow(unit: Unit) -> bool:
        assert unit.chats.open(CHANNEL, "5001", group=False, sender="5001", name="", locale="id").mine
        holds_chat.set()
        goes_on.wait(10)
        return receive.take(unit, first.house, [event]).receipts[0].fresh

    slowly = first.database.submit(slow)
    assert holds_chat.wait(10)
    began = time.monotonic()
    assert second.take(event)[0].fresh
    goes_on.set()
    assert not slowly.result(10)
    assert time.monotonic() - began < 0.9, "PostgreSQL had to break a deadlock"
