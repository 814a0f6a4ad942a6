"""Units of the event loop on PostgreSQL: one transaction for several, and what happens when one of them fails."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from msgspec.structs import replace

from storage.inbox import Arrival
from storage.postgres_pool import PostgresDatabase
from storage.prepared import NotThere, Prepared
from storage.tables import number_seq
from storage.unit import Unit
from usecases.ports import Unavailable
from usecases.records import Birth, Chat, Leave, Queued, Settled

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)


@pytest.fixture
def database(on_postgres: str) -> Iterator[PostgresDatabase]:
    opened = PostgresDatabase(on_postgres, lambda: NOW)
    yield opened
    opened.close()


def count_up(unit: Unit) -> int:
    before = unit.system.cursor("counter")
    unit.system.set_cursor("counter", before + 1)
    return before + 1


def counted(database: PostgresDatabase) -> int:
    return database.submit(lambda unit: unit.system.cursor("counter")).result(10)


def failing(unit: Unit) -> int:
    count_up(unit)
    raise ValueError("a bug of ours")


def refused(unit: Unit) -> int:
    count_up(unit)
    unit.connection.execute(sa.text("select 1/0"))
    return 0


def transaction(unit: Unit) -> int:
    return int(unit.connection.scalar(sa.text("select txid_current()")) or 0)


async def test_units_share_transactions_and_lose_nothing(database: PostgresDatabase) -> None:
    answers = await asyncio.gather(*(database.run(count_up) for _ in range(100)))
    assert answers == list(range(1, 101))
    assert counted(database) == 100
    transactions = await asyncio.gather(*(database.run(transaction) for _ in range(60)))
    assert len(set(transactions)) < 30


async def test_a_unit_that_fails_takes_nobody_with_it(database: PostgresDatabase) -> None:
    works: list[Callable[[Unit], int]] = [count_up, failing, count_up, refused, count_up]
    answers = await asyncio.gather(*(database.run(work) for work in works), return_exceptions=True)
    assert [type(answer) for answer in answers] == [int, ValueError, int, sa.exc.DataError, int]
    assert counted(database) == 3


async def test_a_key_that_another_worker_had_first_is_a_lost_race(database: PostgresDatabase) -> None:
    """The next try finds the other's row. Only what is refused every time is an error of ours."""
    taken = sa.text("insert into number_seq (scope, next_no) values ('x', 1)")
    tries = 0

    def late(unit: Unit) -> int:
        nonlocal tries
        tries += 1
        if tries < 3:  # in the group, and once alone
            unit.connection.execute(taken)
        return tries

    database.submit(lambda unit: unit.connection.execute(taken) and None).result(10)
    assert await database.run(late) == 3
    with pytest.raises(sa.exc.IntegrityError):
        await database.run(lambda unit: unit.connection.execute(taken) and None)


async def test_what_is_undone_inside_a_unit_is_undone_alone(database: PostgresDatabase) -> None:
    def careful(unit: Unit) -> int:
        count_up(unit)
        try:
            with unit.savepoint():
                count_up(unit)
                raise ValueError("a bug of ours")
        except ValueError:
            return unit.system.cursor("counter")

    answers = await asyncio.gather(*(database.run(work) for work in (count_up, careful, count_up)))
    assert answers == [1, 2, 3]
    assert counted(database) == 3


async def test_connections_that_are_cut_cost_nobody_anything(database: PostgresDatabase) -> None:
    assert [await database.run(count_up), counted(database)] == [1, 1]
    with psycopg.connect(database.engine.url.set(drivername="postgresql").render_as_string(False)) as other:
        cut = other.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid()"
        ).fetchall()
    assert len(cut) == 1
    answers = await asyncio.gather(*(database.run(count_up) for _ in range(5)))
    assert answers == [2, 3, 4, 5, 6]
    assert counted(database) == 6


async def test_a_connection_that_is_cut_under_a_group_costs_nobody_anything(database: PostgresDatabase) -> None:
    cuts = iter([True])

    def cut_off(unit: Unit) -> int:
        if next(cuts, False):
            unit.run.send(Prepared(sa.select(sa.func.pg_terminate_backend(sa.func.pg_backend_pid()))))
        return count_up(unit)

    answers = await asyncio.gather(*(database.run(work) for work in (count_up, cut_off, count_up)))
    assert answers == [1, 2, 3]
    assert [await database.run(count_up), counted(database)] == [4, 4]


async def test_after_a_failure_units_share_transactions_again(
    database: PostgresDatabase, caplog: pytest.LogCaptureFixture
) -> None:
    """The driver's own way to roll back made the server forget all statements it knew by name, and no group was run
    again until the connection broke."""
    caplog.set_level("INFO", "sahut.storage")
    for _ in range(8):  # so often that the driver keeps statements of its own
        await database.run(count_up)
    with pytest.raises(ValueError, match="a bug of ours"):
        await database.run(failing)
    assert caplog.text.count("unit by unit") == 1
    assert [await database.run(count_up) for _ in range(3)] == [9, 10, 11]
    assert caplog.text.count("unit by unit") == 1


async def test_statements_that_the_server_forgot_are_told_to_it_anew(
    database: PostgresDatabase, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "sahut.storage")

    def forgetting(unit: Unit) -> int:
        unit.connection.execute(sa.text("deallocate all"))
        return count_up(unit)

    assert [await database.run(work) for work in (count_up, forgetting, count_up, count_up)] == [1, 2, 3, 4]
    assert caplog.text.count("unit by unit") <= 1


async def test_what_is_sent_after_the_server_forgot_everything_is_not_done_outside_a_transaction(
    database: PostgresDatabase, caplog: pytest.LogCaptureFixture
) -> None:
    """The beginning failed, and what stood behind the next mark was done and stayed: then each unit did it again."""

    connection: list[psycopg.Connection[Any]] = []

    def counting(unit: Unit) -> int:
        connection.append(unit.run.raw)
        unit.media.attach(1, ["a"], 1)  # one of the statements that are not waited for
        return count_up(unit)

    def writing(unit: Unit) -> int:
        for name in ("first", "second"):  # of texts the server never heard, so it does not miss them
            made = sa.insert(number_seq).values(scope=sa.literal_column(f"'{name}'"), next_no=sa.literal_column("1"))
            unit.run.send(Prepared(made))
        unit.media.attach(1, ["a"], 1)
        return count_up(unit)

    await database.run(saying("nol"), [THERE])
    assert await database.run(counting) == 1
    connection[0].execute("deallocate all")  # as a pooler in between may do
    assert await database.run(writing) == 2
    rows = await database.run(lambda unit: unit.connection.execute(sa.text("select scope from number_seq")).all())
    assert sorted(row.scope for row in rows) == ["first", "second"]
    caplog.set_level("INFO", "sahut.storage")
    caplog.clear()  # the group above did fall apart, and a test before this one may have set the level
    assert await database.run(saying("satu"), [THERE]) == "nol satu"
    assert await database.run(count_up) == 3
    assert "unit by unit" not in caplog.text


async def test_a_worker_that_stops_in_the_middle_holds_nobody_up_for_ever(
    database: PostgresDatabase, on_postgres: str
) -> None:
    """The server must know that it waits for us, whatever was sent last: then it ends such a transaction."""
    await database.run(saying("nol"), [THERE])
    url = sa.make_url(on_postgres).set(drivername="postgresql").render_as_string(False)
    waits = "select state from pg_stat_activity where datname = current_database() and xact_start is not null"
    seen: list[str] = []

    def stopping(unit: Unit) -> str:
        said = saying("satu")(unit)
        for step in (lambda: None, lambda: unit.media.attach(1, ["a", "b"], 1), lambda: unit.tickets.get(1)):
            step()
            with psycopg.connect(url, autocommit=True) as other:
                until = time.monotonic() + 5
                while time.monotonic() < until:
                    states = [row[0] for row in other.execute(waits + " and pid <> pg_backend_pid()")]
                    if states == ["idle in transaction"]:
                        break
            seen.extend(states)
        return said

    assert await database.run(stopping, [THERE]) == "nol satu"
    assert seen == ["idle in transaction"] * 3


async def test_an_error_that_a_unit_keeps_to_itself_is_no_success(database: PostgresDatabase) -> None:
    def careless(unit: Unit) -> int:
        found = count_up(unit)
        with contextlib.suppress(sa.exc.SQLAlchemyError, psycopg.Error):
            unit.run.send(Prepared(sa.select(sa.literal_column("1/0").label("wrong"))))
            unit.connection.execute(sa.text("select 1"))
        return found

    for _ in range(2):
        answers = await asyncio.gather(
            database.run(count_up), database.run(careless), database.run(count_up), return_exceptions=True
        )
        told = [answer for answer in answers if isinstance(answer, int)]
        assert max(told) == counted(database)  # nobody was told what did not happen


async def test_somebody_elses_lock_is_not_waited_for_by_all(database: PostgresDatabase) -> None:
    """A group gives up soon; its units then wait for themselves."""
    await database.run(count_up)
    with psycopg.connect(database.engine.url.set(drivername="postgresql").render_as_string(False)) as other:
        other.execute("select * from poll_cursor for update")
        waits = asyncio.ensure_future(database.run(count_up))
        await asyncio.sleep(0.4)
        assert not waits.done()
        other.rollback()
        assert await waits == 2
        assert await database.run(count_up) == 3


async def test_nothing_is_taken_in_after_the_end(database: PostgresDatabase) -> None:
    database.close()
    with pytest.raises(Unavailable):
        await database.run(count_up)
    assert isinstance(database.submit(count_up).exception(1), Unavailable)


HERE = ("telegram", "77")
THERE = Arrival(*HERE)


def saying(word: str) -> Callable[[Unit], str]:
    """Read a dialogue, add a word, save it: what every step does."""

    def work(unit: Unit) -> str:
        chat = unit.chats.open(*HERE, group=False, sender="77", name="Siti", locale="id")
        assert chat.mine
        said = (chat.state + " " + word).strip("{} ")
        unit.chats.save(chat, said, None)
        return said

    return work


async def test_units_about_one_chat_see_what_the_one_before_them_saved(
    database: PostgresDatabase, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", "sahut.storage")
    await database.run(saying("nol"), [THERE])
    said = await asyncio.gather(*(database.run(saying(word), [THERE]) for word in ("satu", "dua", "tiga")))
    assert said == ["nol satu", "nol satu dua", "nol satu dua tiga"]
    stored = await database.run(lambda unit: unit.chats.find(*HERE))
    assert stored is not None
    assert (stored.state, stored.version) == ("nol satu dua tiga", 5)
    assert "unit by unit" not in caplog.text  # which would give the same, at several times the cost


async def test_what_was_read_ahead_is_not_older_than_what_another_unit_changed(database: PostgresDatabase) -> None:
    await database.run(saying("nol"), [THERE])
    chat = await database.run(lambda unit: unit.chats.open(*HERE, group=False, sender="77", name="", locale="").id)

    def block(unit: Unit) -> None:
        unit.chats.set_reachable(chat, "blocked")

    def reachable(unit: Unit) -> str:
        return unit.chats.open(*HERE, group=False, sender="77", name="Siti", locale="id").reachable

    _, seen = await asyncio.gather(database.run(block, [THERE]), database.run(reachable, [THERE]))
    assert seen == "blocked"


async def test_what_was_read_ahead_stays_read_when_another_unit_only_looks(database: PostgresDatabase) -> None:
    await database.run(saying("nol"), [THERE])

    def look(unit: Unit) -> str:
        unit.connection.scalar(sa.text("select count(*) from conversation"))
        return unit.chats.get(1).state

    def known(unit: Unit) -> tuple[bool, str]:
        return HERE in unit.run.ahead, saying("satu")(unit)

    looked, (ahead, said) = await asyncio.gather(database.run(look, [THERE]), database.run(known, [THERE]))
    assert (looked, ahead, said) == ("nol", True, "nol satu")


async def test_what_was_read_ahead_is_not_older_than_what_a_unit_saved_without_it(
    database: PostgresDatabase, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", "sahut.storage")
    await database.run(saying("nol"), [THERE])

    def by_its_id(unit: Unit) -> None:  # as when a file of the chat is lost
        chat = unit.chats.get(1)
        unit.chats.save(chat, chat.state + " satu", None)

    _, said = await asyncio.gather(database.run(by_its_id), database.run(saying("dua"), [THERE]))
    assert said == "nol satu dua"
    assert "unit by unit" not in caplog.text


def taking(key: str, peer: str) -> Callable[[Unit], bool]:
    """Takes an event in, as the intake does; whether it was new."""

    def work(unit: Unit) -> bool:
        chat = unit.chats.open("telegram", peer, group=False, sender=peer, name="", locale="")
        return unit.inbox.add("telegram", key, "message", chat.id, unit.now) is not None

    return work


def arriving(peer: str, name: str = "Siti", locale: str = "id") -> Arrival:
    at = datetime(2026, 11, 23, 1, tzinfo=UTC)
    return Arrival("telegram", peer, f"hello:{peer}", "message", at, peer, name, locale)


def meeting(arrival: Arrival) -> Callable[[Unit], tuple[Chat, bool]]:
    """Opens the chat of somebody as the intake does; with it, whether the event was new."""

    def work(unit: Unit) -> tuple[Chat, bool]:
        chat = unit.chats.open(
            arrival.channel, arrival.peer, group=False, sender=arrival.sender, name=arrival.name, locale=arrival.locale
        )
        return chat, unit.inbox.add("telegram", arrival.key, arrival.kind, chat.id, unit.now) is not None

    return work


def people(unit: Unit) -> int:
    return int(unit.connection.scalar(sa.text("select count(*) from person")) or 0)


async def test_newcomers_of_a_group_are_made_together_as_each_alone_would_be(
    database: PostgresDatabase, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", "sahut.storage")
    both = [arriving("801", "Siti " + "x" * 200), arriving("802", "Joe", "en")]
    together = await asyncio.gather(*(database.run(meeting(one), [one]) for one in both))
    assert [fresh for _, fresh in together] == [True, True]
    assert all(chat.mine and chat.person for chat, _ in together)
    assert "unit by unit" not in caplog.text
    for arrival, (chat, _) in zip(both, together, strict=True):
        assert await database.run(lambda unit, one=arrival: unit.chats.find("telegram", one.peer)) == chat  # type: ignore[misc]
        twin = replace(arrival, peer="9" + arrival.peer, sender="9" + arrival.peer)
        alone, _ = await database.run(meeting(twin))
        same = {"id": chat.id, "peer": chat.peer, "person": chat.person}
        assert replace(alone, **same) == chat
    assert await database.run(people) == 4


async def test_a_newcomer_who_writes_twice_at_once_is_one_person(database: PostgresDatabase) -> None:
    one = arriving("801")
    first, again = await asyncio.gather(*(database.run(meeting(one), [one]) for _ in range(2)))
    assert (first[1], again[1]) == (True, False)
    assert first[0].person == again[0].person
    assert await database.run(people) == 1


async def test_a_chat_that_was_there_lately_and_is_gone_is_made_again(database: PostgresDatabase) -> None:
    one = arriving("801")
    before, _ = await database.run(meeting(one), [one])
    await database.run(lambda unit: unit.connection.execute(sa.text("update conversation set peer = 'moved'")))
    again = replace(one, key="hello again")
    after, fresh = await database.run(meeting(again), [again])
    assert fresh
    assert after.id != before.id
    assert after.person == before.person


async def test_a_known_person_in_a_new_chat_stays_who_they_are(database: PostgresDatabase) -> None:
    known = await database.run(lambda unit: unit.chats.person("telegram", "801", "Siti", "id"))
    one, other = arriving("801"), arriving("802")
    (chat, _), _ = await asyncio.gather(*(database.run(meeting(each), [each]) for each in (one, other)))
    assert chat.person == known
    assert await database.run(people) == 2


async def test_a_newcomer_whom_another_worker_makes_at_the_same_moment_is_one_person(
    database: PostgresDatabase, on_postgres: str
) -> None:
    other = PostgresDatabase(on_postgres, lambda: NOW)
    try:
        brought = [arriving(str(810 + n)) for n in range(12)]
        met = await asyncio.gather(
            *(worker.run(meeting(one), [one]) for one in brought for worker in (database, other))
        )
    finally:
        other.close()
    assert await database.run(people) == len(brought)
    for place in range(0, len(met), 2):
        (mine, new), (theirs, newer) = met[place], met[place + 1]
        assert mine.id == theirs.id
        assert mine.person == theirs.person
        assert [new, newer].count(True) == 1


async def test_events_registered_ahead_are_taken_once_whoever_brings_them(
    database: PostgresDatabase, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", "sahut.storage")
    peers = [str(900 + n) for n in range(6)]
    await asyncio.gather(*(database.run(taking(f"first:{peer}", peer)) for peer in peers))
    brought = [(f"m:{peer}", peer) for peer in peers] + [("m:900", "900"), ("first:901", "901"), ("new", "999")]
    at = datetime(2026, 11, 23, 1, tzinfo=UTC)
    answers = await asyncio.gather(
        *(database.run(taking(key, peer), [Arrival("telegram", peer, key, "message", at)]) for key, peer in brought)
    )
    assert answers == [True] * 6 + [False, False, True]
    assert "unit by unit" not in caplog.text  # which would give the same answers, at several times the cost
    events = "select natural_key, kind, platform_at, state from inbox_event where natural_key like 'm:%'"
    rows = await database.run(lambda unit: unit.connection.execute(sa.text(events)).all())
    assert sorted(row.natural_key for row in rows) == [f"m:{peer}" for peer in peers]
    assert {row.state for row in rows} == {"done"}


async def test_an_event_registered_ahead_waits_when_it_must(database: PostgresDatabase) -> None:
    def busy(unit: Unit) -> int | None:
        return unit.inbox.add("telegram", "m:2", "message", 1, unit.now, payload="{}")

    await asyncio.gather(*(database.run(taking(f"first:{peer}", peer)) for peer in ("901", "902")))
    at = datetime(2026, 11, 23, 1, tzinfo=UTC)
    hints = [[Arrival("telegram", peer, f"m:{n}", "message", at)] for n, peer in ((1, "901"), (2, "902"))]
    await asyncio.gather(database.run(taking("m:1", "901"), hints[0]), database.run(busy, hints[1]))
    waits = "select state, payload_json from inbox_event where natural_key = 'm:2'"
    row = await database.run(lambda unit: unit.connection.execute(sa.text(waits)).one())
    assert (row.state, row.payload_json) == ("new", "{}")


async def test_a_dialogue_changed_by_somebody_else_is_not_overwritten(database: PostgresDatabase) -> None:
    await database.run(saying("nol"), [THERE])
    old = await database.run(lambda unit: unit.chats.find(*HERE))
    assert old is not None
    await database.run(saying("satu"), [THERE])
    with pytest.raises(LookupError):
        await database.run(lambda unit: unit.chats.save(old, "falsch", None))
    assert await database.run(saying("dua")) == "nol satu dua"


async def test_of_dialogues_saved_together_only_one_changed_meanwhile_is_refused(
    database: PostgresDatabase,
) -> None:
    def at_home(peer: str, word: str) -> Callable[[Unit], None]:
        def work(unit: Unit) -> None:
            chat = unit.chats.open("telegram", peer, group=False, sender=peer, name="", locale="")
            unit.chats.save(chat, word, None)

        return work

    await database.run(saying("nol"), [THERE])
    old = await database.run(lambda unit: unit.chats.find(*HERE))
    assert old is not None
    await database.run(saying("satu"), [THERE])
    works = [at_home("901", "a"), lambda unit: unit.chats.save(old, "falsch", None), at_home("902", "b")]
    answers = await asyncio.gather(*(database.run(work) for work in works), return_exceptions=True)
    assert [type(answer) for answer in answers] == [type(None), NotThere, type(None)]
    states = await database.run(
        lambda unit: [(unit.chats.find("telegram", peer) or old).state for peer in ("901", "77", "902")]
    )
    assert states == ["a", "nol satu", "b"]


async def together(database: PostgresDatabase, *works: Callable[[Unit], Any]) -> list[Any]:
    """Run them as one group: they wait behind a unit that ends when all are there."""
    gate = threading.Event()
    units = [asyncio.ensure_future(database.run(work)) for work in (lambda _: gate.wait(10), *works)]
    await asyncio.sleep(0)
    gate.set()
    return (await asyncio.gather(*units, return_exceptions=True))[1:]


def telling(peer: str, *keys: str, fence: str = "", behind: str = "") -> Callable[[Unit], list[Birth]]:
    """Says something in a chat; with a fence the first message may leave at once."""

    def work(unit: Unit) -> list[Birth]:
        chat = unit.chats.open("telegram", peer, group=False, sender=peer, name="", locale="")
        if fence:
            unit.outbox.offer(chat.id, Leave(fence, behind))
        unit.outbox.add([Queued(chat.id, key, {"t": [key, {}]}, purpose="prompt") for key in keys])
        return unit.outbox.born

    return work


def waiting(unit: Unit) -> list[tuple[str, str]]:
    rows = unit.connection.execute(sa.text("select dedupe_key, state from outbox_message order by id"))
    return [(row.dedupe_key, row.state) for row in rows]


async def test_what_several_units_say_is_written_together_in_their_order(
    database: PostgresDatabase, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", "sahut.storage")
    await database.run(count_up)
    *born, seen = await together(
        database,
        telling("901", "a", fence="f1"),
        telling("902", "b1", "b2"),
        telling("901", "c", fence="f2"),  # "a" stands before it
        telling("903", "d", "e", fence="f3"),
        telling("904", "a", fence="f4"),  # said before, by another chat
        waiting,
    )
    assert seen == [
        ("a", "sending"),
        ("b1", "queued"),
        ("b2", "queued"),
        ("c", "queued"),
        ("d", "sending"),
        ("e", "queued"),
    ]
    told = [[(birth.row.dedupe, birth.id > 0, birth.waits) for birth in births] for births in born]
    assert told == [[("a", True, False)], [], [("c", True, True)], [("d", True, False)], [("a", False, False)]]
    first = await database.run(lambda unit: unit.outbox.get(born[0][0].id))
    assert first is not None
    assert (first.fence, first.attempts, first.body) == ("", 1, {"t": ["a", {}]})
    assert "unit by unit" not in caplog.text


async def test_what_left_stands_in_nobodys_way_any_more(database: PostgresDatabase) -> None:
    (sent,) = await database.run(telling("901", "a", fence="f1"))
    (other,) = await database.run(telling("902", "b", fence="f2"))

    def gone(unit: Unit) -> list[Birth]:
        unit.outbox.settle([Settled(sent.id, "f1", "sent", "m1")])
        return telling("901", "c", fence="f3")(unit)

    born, refused = await together(
        database, gone, lambda unit: unit.outbox.settle([Settled(other.id, "stale", "sent", "m2")])
    )
    assert refused is None
    assert [(birth.id > 0, birth.waits) for birth in born] == [(True, False)]
    assert await database.run(waiting) == [("a", "sent"), ("b", "sending"), ("c", "sending")]


async def test_several_answers_are_made_ready_behind_those_under_way(database: PostgresDatabase) -> None:
    for peer in ("901", "902", "903"):
        await database.run(telling(peer, peer, fence=f"first {peer}"))
    await database.run(telling("902", "stands before"))
    born = await together(
        database,
        telling("901", "a", fence="f1", behind="first 901"),
        telling("902", "b", fence="f2", behind="first 902"),
        telling("903", "c", fence="f3", behind="first 901"),
    )
    assert [births[0].waits for births in born] == [False, True, True]


async def test_nothing_is_left_over_of_a_group_that_failed(
    database: PostgresDatabase, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", "sahut.storage")
    await database.run(telling("903", "first"))

    def says_and_fails(unit: Unit) -> None:
        telling("903", "never", fence="f2")(unit)
        raise ValueError("a bug of ours")

    works = telling("901", "a", fence="f1"), saying("nol"), says_and_fails, telling("902", "b")
    born, _, error, _ = await together(database, *works)
    assert isinstance(error, ValueError)
    assert [(birth.id > 0, birth.waits) for birth in born] == [(True, False)]
    await together(database, telling("904", "c"), saying("satu"))
    said = await database.run(waiting)
    assert said == [("first", "queued"), ("a", "sending"), ("b", "queued"), ("c", "queued")]
    assert caplog.text.count("unit by unit") == 1  # not the second time


async def test_a_new_chat_is_what_it_is_when_it_is_read_again(database: PostgresDatabase) -> None:
    def opened(unit: Unit, *, group: bool, name: str, locale: str) -> Chat:
        return unit.chats.open("telegram", f"9{group:d}", group=group, sender="9", name=name, locale=locale)

    for group in (False, True):
        new = await database.run(
            lambda unit, group=group: opened(unit, group=group, name="Siti " * 50, locale="en"),  # type: ignore[misc]
            [Arrival("telegram", f"9{group:d}")],
        )
        again = await database.run(lambda unit, group=group: opened(unit, group=group, name="", locale=""))  # type: ignore[misc]
        assert new == again
    elsewhere = await database.run(
        lambda unit: unit.chats.open("telegram", "other", group=False, sender="9", name="", locale="")
    )
    assert (elsewhere.name, elsewhere.locale) == (("Siti " * 50)[:120], "en"), "a person who is known keeps their name"


async def test_what_left_is_known_to_whoever_asks_in_the_same_group(database: PostgresDatabase) -> None:
    (sent,) = await database.run(telling("901", "a", fence="f1"))
    _, known = await together(
        database,
        lambda unit: unit.outbox.settle([Settled(sent.id, "f1", "sent", "m1")]),
        lambda unit: unit.outbox.quoted(unit.chats.find("telegram", "901").id, "m1")[1],
    )
    assert known == "prompt"


async def test_a_time_without_a_zone_reaches_no_row(database: PostgresDatabase) -> None:
    def work(unit: Unit) -> None:
        chat = unit.chats.open(*HERE, group=False, sender="77", name="", locale="")
        unit.chats.save(chat, "{}", datetime(2026, 11, 23, 2))  # noqa: DTZ001

    with pytest.raises(ValueError, match="zone"):
        await database.run(work)


_SCOPE = Prepared(sa.select(number_seq.c.next_no).where(number_seq.c.scope == sa.bindparam("scope")))
_OPENED = Prepared(lambda insert: insert(number_seq).values(scope=sa.bindparam("scope"), next_no=sa.bindparam("no")))


async def test_numbers_of_a_group_are_drawn_together_and_leave_no_gap(database: PostgresDatabase) -> None:
    def number(unit: Unit) -> int:
        return unit.tickets.next_number("BKS:2026")

    for several in (1, 2, 3, 4, 7):
        await asyncio.gather(*(database.run(number) for _ in range(several)))
    with pytest.raises(ValueError, match="a bug of ours"):
        await asyncio.gather(database.run(number), database.run(failing), database.run(number))
    await asyncio.sleep(0)
    count = await database.run(lambda unit: unit.connection.scalar(sa.select(number_seq.c.next_no)))
    assert count == 1 + 17 + 2, "what a group did not use and what was undone is given again"
    assert await database.run(number) == 20


async def test_several_questions_are_answered_each_in_its_place(database: PostgresDatabase) -> None:
    def asks(unit: Unit) -> list[int | None]:
        unit.run.send(_OPENED, scope="a", no=1)
        unit.run.send(_OPENED, scope="c", no=3)
        rows = unit.run.row_of_each(_SCOPE, [{"scope": scope} for scope in "cba"])
        return [row and row.next_no for row in rows]

    assert await database.run(asks) == [3, None, 1]
    assert await database.run(lambda unit: unit.run.row_of_each(_SCOPE, [])) == []
