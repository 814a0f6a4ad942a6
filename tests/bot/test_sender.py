"""The sender against channels that fail in every way: order, pauses, lost results, a database that restarts."""

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from bot.intake import HouseIntake
from bot.sender import BATCH, Sender
from storage.database import run
from storage.postgres_group import PostgresGroup
from storage.sqlite_writer import SqliteDatabase
from tests import pg
from tests.usecases.fixtures import *  # noqa: F403 (fixtures)
from tests.usecases.town import CHANNEL, Town
from texts.text import literal
from usecases import deliver, receive
from usecases.bodies import body
from usecases.ports import Failure, Outgoing, Pace, SendFailed, Unavailable
from usecases.records import Queued


class Platform:
    """Takes messages and remembers them; `answer` may raise instead."""

    name = CHANNEL
    pace = Pace()

    def __init__(self, answer: Callable[[Outgoing], Any] = lambda _: None) -> None:
        self.got: list[tuple[str, str]] = []
        self.answer = answer

    async def send(self, message: Outgoing) -> tuple[str, ...]:
        await asyncio.sleep(0)
        self.answer(message)
        self.got.append((message.peer, message.text))
        return (f"m{len(self.got)}",)

    async def toast(self, press_id: str, words: str, *, alert: bool = False) -> None: ...

    async def fetch(self, ref: str) -> bytes:
        raise NotImplementedError


class Running:
    """A sender at work for the length of a block."""

    def __init__(self, town: Town, *channels: Any, ticks: Callable[[], float] = time.monotonic) -> None:
        self.town = town
        self.sender = Sender(town.database, town.house, {c.name: c for c in channels}, ticks)

    async def __aenter__(self) -> "Running":
        self.task = asyncio.create_task(self.sender.run())
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.sender.stop(5)
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)

    async def until(self, query: str, wanted: Any, seconds: float = 20) -> None:
        end = time.monotonic() + seconds
        while (found := self.town.value(query)) != wanted:
            assert not self.task.done(), "the sender ended"
            assert time.monotonic() < end, f"{query}: {found}, not {wanted}"
            self.sender.wake()
            await asyncio.sleep(0.02)


def queue(town: Town, peer: str, *words: str, channel: str = CHANNEL) -> None:
    def work(unit: Any) -> None:
        chat = unit.chats.open(channel, peer, group=False, sender=peer, name="", locale="id")
        unit.outbox.add([Queued(chat=chat.id, dedupe=f"{peer}:{w}", body=body(literal(w))) for w in words])

    town.do(work)


SENT = "select count(*) from outbox_message where state = 'sent'"


async def test_each_chat_in_order_all_chats_at_once(town: Town):
    platform = Platform()
    for n in range(20):
        queue(town, str(n), "a", "b", "c")
    async with Running(town, platform) as running:
        await running.until(SENT, 60)
    for n in range(20):
        assert [text for peer, text in platform.got if peer == str(n)] == ["a", "b", "c"]


async def test_sends_that_have_ended_take_nobodys_place(town: Town, monkeypatch: pytest.MonkeyPatch):
    """While a slow disk writes down how many ended, others may leave: it is sends under way that are counted."""
    platform, held = Platform(), threading.Event()
    owner, flush = (SqliteDatabase, "_commit") if town.database.kind == "sqlite" else (PostgresGroup, "run")
    committing = getattr(owner, flush)
    for n in range(BATCH):
        queue(town, str(n), "a")

    def slow(owned: Any, group: Any) -> Any:
        if platform.got:  # the claim is through; what comes now writes down how it ended
            held.wait(20)
        return committing(owned, group)

    async with Running(town, platform) as running:
        with monkeypatch.context() as patched:
            patched.setattr(owner, flush, slow)
            running.sender.wake()
            while len(platform.got) < BATCH:
                await asyncio.sleep(0.01)
            await asyncio.sleep(0.05)
            leave = running.sender.leave(CHANNEL, "another")
            held.set()
            await running.until(SENT, BATCH)
    assert leave is not None


class Ticks:
    """The sender's own clock; it stands still until it is moved."""

    at = 1000.0

    def __call__(self) -> float:
        return self.at


TELEGRAMS = Pace(account_per_s=28, chat_per_s=1, chat_burst=3, group_per_min=18)
AT_ONCE = 7  # a quarter of the rate


async def test_the_accounts_pace_is_kept_beside_a_channel_without_one(town: Town):
    """The web chat is always there. What it sends must neither lend Telegram room nor wait for it."""
    ticks, platform, web = Ticks(), Platform(), Platform()
    platform.pace, web.name = TELEGRAMS, "web"
    for n in range(60):
        queue(town, str(n), "news")
    for n in range(20):
        queue(town, f"v-{n}", "news", channel="web")
    async with Running(town, platform, web, ticks=ticks) as running:
        for passed in range(9):  # eighths of a second
            await running.until(SENT, 20 + AT_ONCE + int(28 / 8 * passed))
            await asyncio.sleep(0.02)
            assert town.value("select count(*) from outbox_message where state = 'sending'") == 0
            ticks.at += 1 / 8
    assert len(platform.got) == AT_ONCE + 28
    assert len(web.got) == 20


async def test_answers_that_leave_with_their_commit_keep_the_accounts_pace_too(town: Town):
    """Many are permitted before the first of them leaves: those beyond the room wait for their turn."""
    platform, ticks = Platform(), Ticks()
    platform.pace = TELEGRAMS
    async with Running(town, platform, ticks=ticks) as running:
        leaves = [running.sender.leave(CHANNEL, str(n)) for n in range(10)]
        events = [town.message(str(n), "halo") for n in range(10)]
        taken = town.do(lambda unit: receive.take(unit, town.house, events, leaves=leaves))
        for job in taken.jobs:
            running.sender.launch(job)
        await sleeping()
        assert (len(taken.jobs), len(platform.got)) == (10, AT_ONCE)
        await running.until(SENT, 10)


async def test_our_own_pace_puts_a_message_back_and_is_no_pause_of_the_platform(
    town: Town, caplog: pytest.LogCaptureFixture
):
    """The topics of a forum are chats of their own and share one limit: five at once, then one in ten seconds."""
    platform, ticks = Platform(), Ticks()
    platform.pace = Pace(group_per_min=6)
    for n in range(7):
        chat = town.chat(f"-100/{n}", group=True)
        town.do(lambda u, n=n, chat=chat: u.outbox.add([Queued(chat.id, f"t{n}", body(literal("x")))]))  # type: ignore[misc]
    async with Running(town, platform, ticks=ticks) as running:
        for sent in (5, 6, 7):
            await running.until(SENT, sent)
            await running.until("select count(*) from outbox_message where state = 'sending'", 0)
            waiting = town.rows("select attempts from outbox_message where state = 'queued'")
            assert [row.attempts for row in waiting] == [0] * (7 - sent)
            town.clock.forward(seconds=10.1)
            ticks.at += 10.1
    assert town.rows("select scope from rate_gate") == []
    assert "asks for a pause" not in caplog.text


async def test_a_send_that_hangs_is_called_off_and_stops_nobody(town: Town, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("bot.sender.DEADLINE_S", 0.3)
    platform = Platform()
    answered = platform.send

    async def send(message: Any) -> Any:
        if message.peer == "1":
            await asyncio.Event().wait()  # no answer, and no deadline of the channel's own
        return await answered(message)

    monkeypatch.setattr(platform, "send", send)
    queue(town, "1", "to nobody")
    queue(town, "2", "to somebody")
    async with Running(town, platform) as running:
        await running.until(SENT, 1)
        await running.until("select count(*) from outbox_message where ambiguous > 0", 1)
    assert platform.got == [("2", "to somebody")]


async def test_messages_of_a_channel_that_is_not_configured_wait_and_stop_nobody(town: Town):
    """An installation that lost its Telegram token must start all the same."""
    queue(town, "1", "to telegram")
    queue(town, "v-1", "to the web", channel="web")
    web = Platform()
    web.name = "web"
    async with Running(town, web) as running:
        await running.until(SENT, 1)
        await running.until("select count(*) from outbox_message where state = 'queued'", 1)
    kept = town.rows("select attempts, error from outbox_message where state = 'queued'")[0]
    assert kept.attempts == 0
    assert web.got == [("v-1", "to the web")]


async def test_an_unexpected_error_of_a_channel_is_buried_and_the_rest_goes_on(town: Town):
    def stumble(message: Outgoing) -> None:
        if message.text == "odd":
            raise ZeroDivisionError

    queue(town, "1", "odd", "fine")
    platform = Platform(stumble)
    async with Running(town, platform) as running:
        await running.until(SENT, 1)
    assert platform.got == [("1", "fine")]
    assert town.value("select count(*) from dead_letter") == 1


async def test_a_broken_token_pauses_the_channel_and_costs_no_try(town: Town):
    calls = 0

    def refuse(_: Outgoing) -> None:
        nonlocal calls
        calls += 1
        raise SendFailed(Failure.BROKEN, "401")

    for n in range(10):
        queue(town, str(n), "a")
    async with Running(town, Platform(refuse)) as running:
        await running.until("select count(*) from outbox_message where state = 'queued' and error <> ''", 10)
        running.sender.wake()
        town.clock.forward(seconds=70)  # the rows are due again, the channel still rests
        await asyncio.sleep(0.2)
        assert calls == 10
    assert town.value("select sum(attempts) from outbox_message") == 0


async def test_a_result_that_cannot_be_written_at_once_is_written_later_and_nothing_is_sent_twice(
    town: Town, monkeypatch: pytest.MonkeyPatch
):
    import bot.sender

    monkeypatch.setattr(bot.sender, "SETTLE_AGAIN_S", 0.05)
    real, failures = deliver.settle, iter(range(3))

    def unwell(*given: Any) -> None:
        if next(failures, None) is not None:
            raise Unavailable("restarting")
        real(*given)

    monkeypatch.setattr(deliver, "settle", unwell)
    platform = Platform()
    queue(town, "1", "a", "b")
    async with Running(town, platform) as running:
        await running.until(SENT, 2)
    assert platform.got == [("1", "a"), ("1", "b")]


@pytest.mark.slow
async def test_a_database_that_loses_all_connections_loses_nothing_else(
    on_postgres: str, postgres: pg.Server, towns: Callable[..., Town]
):
    """F16, small: every backend is ended again and again while reports come in and answers go out."""
    town = towns(on_postgres)
    platform = Platform()
    acknowledged: list[str] = []

    async def citizen(peer: str) -> None:
        for n in range(6):
            event = town.message(peer, f"lampu mati {n}")
            while True:  # what is not acknowledged comes again
                try:
                    await run(town.database, lambda unit, event=event: receive.take(unit, town.house, [event]))  # type: ignore[misc]
                    acknowledged.append(event.key)
                    break
                except Unavailable:
                    await asyncio.sleep(0.05)

    async def trouble() -> None:
        name = on_postgres.rsplit("/", 1)[1]
        with psycopg.connect(postgres.address, autocommit=True) as admin:
            while True:
                await asyncio.sleep(0.15)
                admin.execute(
                    "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", (name,), prepare=False
                )

    async with Running(town, platform) as running:
        chaos = asyncio.create_task(trouble())
        await asyncio.gather(*(citizen(str(9000 + n)) for n in range(8)))
        await asyncio.sleep(0.3)
        chaos.cancel()
        await asyncio.gather(chaos, return_exceptions=True)
        town.think_again()
        town.clock.forward(seconds=90)  # leases of results that were lost for good
        await run(town.database, lambda unit: unit.outbox.recover(("whatsapp",)))
        await running.until("select count(*) from outbox_message where state in ('queued', 'sending')", 0, 30)
    stored = [row[0] for row in town.rows("select natural_key from inbox_event")]
    assert len(acknowledged) == 48
    assert Counter(stored) == Counter(set(stored)), "an event was stored twice"
    assert set(acknowledged) <= set(stored)
    assert max(Counter(platform.got).values()) <= 3
    assert town.value("select count(*) from outbox_message where state = 'sent'") == town.value(
        "select count(*) from outbox_message"
    )
    assert town.breaches() == {}


# -- an answer behind the one under way -----------------------------------------------------------------


class Slow(Platform):
    """Answers a message only when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []
        self.go = asyncio.Semaphore(0)
        self.fails: list[SendFailed] = []

    async def send(self, message: Outgoing) -> tuple[str, ...]:
        self.asked.append(message.text)
        await self.go.acquire()
        if self.fails:
            raise self.fails.pop()
        return await super().send(message)


def answer(running: Running, number: int) -> bool:
    """A citizen writes and is answered in one transaction; whether the answer may leave without being claimed."""
    town, sender = running.town, running.sender
    event = town.message("1", "halo" if number == 1 else "bantuan")
    leave = sender.leave(CHANNEL, "1")
    taken = town.do(lambda unit: receive.take(unit, town.house, [event], leaves=[leave]))
    for job in taken.jobs:
        sender.launch(job)
    return bool(taken.jobs)


async def sleeping() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_one_answer_waits_here_for_the_end_of_the_one_before_it(town: Town):
    platform = Slow()
    async with Running(town, platform) as running:
        assert [answer(running, number) for number in (1, 2, 3)] == [True, True, False]
        await sleeping()
        assert len(platform.asked) == 1
        assert town.rows("select state from outbox_message order by id") == [("sending",), ("sending",), ("queued",)]
        platform.go.release()
        await sleeping()
        assert len(platform.asked) == 2
        platform.go.release()
        platform.go.release()
        await running.until(SENT, 3)
    assert len({text for _, text in platform.got}) == 2
    assert [text for _, text in platform.got] == platform.asked
    assert town.breaches() == {}


async def test_an_answer_behind_one_that_fails_goes_back_and_keeps_its_place(town: Town):
    platform = Slow()
    platform.fails = [SendFailed(Failure.NOT_SENT, "no network")]
    async with Running(town, platform) as running:
        assert [answer(running, number) for number in (1, 2)] == [True, True]
        platform.go.release()
        await running.until("select count(*) from outbox_message where state = 'queued'", 2)
        assert len(platform.asked) == 1
        town.clock.forward(seconds=2)
        platform.go.release()
        platform.go.release()
        await running.until(SENT, 2)
    first, again, second = platform.asked
    assert first == again != second
    assert [row.attempts for row in town.rows("select attempts from outbox_message order by id")] == [2, 1]


async def one_behind_the_other(town: Town) -> tuple[Slow, Running]:
    """A sender at work that the caller ends: one message is under way, and an answer waits behind it."""
    platform = Slow()
    running = await Running(town, platform).__aenter__()
    assert [answer(running, number) for number in (1, 2)] == [True, True]
    await sleeping()
    return platform, running


async def test_who_stops_leaves_what_waits_behind_to_the_next_start(town: Town):
    platform, running = await one_behind_the_other(town)
    stopping = asyncio.create_task(running.sender.stop(5))
    await asyncio.sleep(0)
    platform.go.release()
    await stopping
    await running.__aexit__()
    assert len(platform.asked) == 1
    assert town.rows("select state from outbox_message order by id") == [("sent",), ("queued",)]


async def test_what_is_claimed_while_it_stops_was_never_tried(town: Town, monkeypatch: pytest.MonkeyPatch):
    queue(town, "7", "a")
    claimed, go = asyncio.Event(), asyncio.Event()

    async def slow(database: Any, work: Any) -> Any:
        found = await run(database, work)
        if isinstance(found, list) and found:
            claimed.set()
            await go.wait()
        return found

    monkeypatch.setattr("bot.sender.run", slow)
    platform = Platform()
    running = await Running(town, platform).__aenter__()
    await asyncio.wait_for(claimed.wait(), 10)
    stopping = asyncio.create_task(running.sender.stop(5))
    await asyncio.sleep(0)
    go.set()
    await stopping
    await running.__aexit__()
    assert platform.got == []
    assert town.rows("select state, ambiguous from outbox_message") == [("queued", 0)]


async def test_what_waits_behind_a_send_that_is_cut_off_is_free_soon(town: Town):
    platform, running = await one_behind_the_other(town)
    await running.sender.stop(0.01)
    soon = town.clock.at + timedelta(seconds=5)
    assert town.value("select count(*) from outbox_message where lease_until = :soon", soon=soon) == 2, "by our clock"
    running.task.cancel()
    platform.go.release()
    await asyncio.gather(running.task, return_exceptions=True)


FAILURES = {
    "no network": SendFailed(Failure.NOT_SENT, "no network"),
    "pause": SendFailed(Failure.NOT_SENT, "429", retry_after_s=3.0),
    "no answer": SendFailed(Failure.AMBIGUOUS, "deadline"),
}


@pytest.mark.parametrize("failure", FAILURES)
async def test_an_answer_decided_while_the_one_before_it_fails_does_not_overtake_it(
    town: Town, failure: str, monkeypatch: pytest.MonkeyPatch
):
    """The transaction still saw the first one under way; when it is committed the first one has failed."""
    platform = Slow()
    platform.fails = [FAILURES[failure]]
    owner, flush = (SqliteDatabase, "_commit") if town.database.kind == "sqlite" else (PostgresGroup, "run")
    committing = getattr(owner, flush)

    def slow(owned: Any, group: Any) -> Any:
        done = committing(owned, group)
        time.sleep(0.1)  # a disk that takes its time, in a thread of its own
        return done

    async with Running(town, platform) as running:
        intake = HouseIntake(town.database, town.house, lambda _, queued: running.sender.wake(queued), running.sender)
        await intake.take([town.message("1", "halo")])
        await sleeping()
        with monkeypatch.context() as patched:
            patched.setattr(owner, flush, slow)
            second = asyncio.ensure_future(intake.take([town.message("1", "bantuan")]))
            await asyncio.sleep(0.03)
            platform.go.release()
            await second
        await running.until("select count(*) from outbox_message where state = 'queued'", 2)
        assert len(platform.asked) == 1
        town.clock.forward(seconds=10)
        for _ in range(3):
            platform.go.release()
        await running.until(SENT, 2)
    assert [text for _, text in platform.got] == [platform.asked[0], platform.asked[2]]
    assert platform.asked[0] == platform.asked[1]


async def test_not_even_when_that_failure_is_written_down_already(town: Town):
    platform = Slow()
    platform.fails = [SendFailed(Failure.NOT_SENT, "no network")]
    async with Running(town, platform) as running:
        assert answer(running, 1)
        await sleeping()
        leave = running.sender.leave(CHANNEL, "1")
        event = town.message("1", "bantuan")
        taken = town.do(lambda unit: receive.take(unit, town.house, [event], leaves=[leave]))
        platform.go.release()
        await running.until("select count(*) from outbox_message where state = 'queued'", 1)
        for job in taken.jobs:
            running.sender.launch(job)
        await running.until("select count(*) from outbox_message where state = 'queued'", 2)
    assert len(taken.jobs) == len(platform.asked) == 1
