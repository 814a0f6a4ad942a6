"""What a durable step costs on PostgreSQL at the least: python -m benchmarks.floor [--seconds 5]

The tables are small copies of chats, inbox and outbox, without a dialogue, a web server or a bot: whatever Sahut does
comes on top. Shown for 60 steps a second: how long the caller waits, and what driver and server compute.
"""

from __future__ import annotations

import argparse
import asyncio
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from statistics import median
from typing import Any

import psycopg

from benchmarks import postgres
from benchmarks.proc import cpu_seconds

PACE = 60.0
CHATS = 2000
STATE, WORDS = "s" * 600, "w" * 300  # about as long as a dialogue's state and an answer

TABLES = """
CREATE TABLE chat (id bigint PRIMARY KEY, peer text UNIQUE, state text, version int);
CREATE TABLE inbox (id bigserial PRIMARY KEY, key text UNIQUE, chat bigint REFERENCES chat, at timestamptz);
CREATE TABLE outbox (id bigserial PRIMARY KEY, chat bigint REFERENCES chat, dedupe text UNIQUE, body text, state text);
CREATE INDEX ON outbox (chat, id) WHERE state IN ('queued', 'sending');
INSERT INTO chat SELECT n, n::text, repeat('s', 600), 1 FROM generate_series(1, %d) n;
"""
FIND = "SELECT id, version FROM chat WHERE peer = %(peer)s FOR UPDATE SKIP LOCKED"
ARRIVED = "INSERT INTO inbox (key, chat, at) VALUES (%(key)s, %(chat)s, now()) ON CONFLICT DO NOTHING"
ANSWER = "INSERT INTO outbox (chat, dedupe, body, state) VALUES (%(chat)s, %(key)s, %(body)s, 'sending') RETURNING id"
SAVE = "UPDATE chat SET state = %(state)s, version = version + 1 WHERE id = %(chat)s AND version = %(version)s"
LOOK = "SELECT id, version, EXISTS (SELECT 1 FROM inbox WHERE key = %(key)s) FROM chat WHERE peer = %(peer)s"
ALL = """
WITH saved AS (UPDATE chat SET state = %(state)s, version = version + 1 WHERE id = %(chat)s AND version = %(version)s
               RETURNING id),
     arrived AS (INSERT INTO inbox (key, chat, at) SELECT %(key)s, id, now() FROM saved)
INSERT INTO outbox (chat, dedupe, body, state) SELECT id, %(key)s, %(body)s, 'sending' FROM saved RETURNING id
"""
SENT = "UPDATE outbox SET state = 'sent' WHERE id = %(answer)s AND state = 'sending'"

Step = Callable[[Any, int], int]  # connection, number of the step -> id of the answer, 0 for none


def nothing(_: Any, number: int) -> int:
    return 0


def one_question(run: Any, number: int) -> int:
    run("SELECT 1").fetchone()
    return 0


def one_change(run: Any, number: int) -> int:
    run("UPDATE chat SET version = version + 1 WHERE id = %(chat)s", {"chat": number % CHATS + 1})
    return 0


def two_statements(run: Any, number: int) -> int:
    """The fewest that are possible: what is there, and everything that changes. Each is a transaction of its own."""
    key, peer = f"k{number}", str(number % CHATS + 1)
    chat, version, _ = run(LOOK, {"key": key, "peer": peer}).fetchone()
    given = {"state": STATE, "chat": chat, "version": version, "key": key, "body": WORDS}
    return int(run(ALL, given).fetchone()[0])


def one_by_one(run: Any, number: int) -> int:
    """Every fact by a statement of its own, in one transaction."""
    key = f"k{number}"
    run("BEGIN")
    chat, version = run(FIND, {"peer": str(number % CHATS + 1)}).fetchone()
    run(ARRIVED, {"key": key, "chat": chat})
    answer = run(ANSWER, {"chat": chat, "key": key, "body": WORDS}).fetchone()[0]
    run(SAVE, {"state": STATE, "chat": chat, "version": version})
    run("COMMIT")
    return int(answer)


STEPS: dict[str, Step] = {
    "to another thread and back": nothing,
    "one question": one_question,
    "one change, committed": one_change,
    "a step in two statements": two_statements,
    "a step, fact by fact": one_by_one,
}


@dataclass(slots=True)
class Seen:
    waits: list[float] = field(default_factory=list)
    driver: list[float] = field(default_factory=list)
    server: list[float] = field(default_factory=list)


class Worker:
    """One thread with one connection, as Sahut's groups have."""

    def __init__(self, address: str) -> None:
        self._jobs: queue.SimpleQueue[tuple[Future[int], Step, int] | None] = queue.SimpleQueue()
        self._connection = psycopg.connect(address, autocommit=True)
        self._connection.execute((TABLES % CHATS).encode())
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    async def do(self, step: Step, number: int) -> int:
        future: Future[int] = Future()
        self._jobs.put((future, step, number))
        return await asyncio.wrap_future(future)

    def _serve(self) -> None:
        while (job := self._jobs.get()) is not None:
            future, step, number = job
            try:
                future.set_result(step(self._connection.execute, number))
            except Exception as error:
                future.set_exception(error)

    def close(self) -> None:
        self._jobs.put(None)
        self._thread.join()
        self._connection.close()


def sent(run: Any, answer: int) -> int:
    run(SENT, {"answer": answer})
    return 0


async def measure(worker: Worker, step: Step, first: int, seconds: float, seen: Seen, server: int) -> int:
    """Steps at the fixed pace, each followed by the note that its answer has left; returns the next number."""
    number, flying = first, []

    async def one(this: int) -> None:
        began = time.perf_counter()
        answer = await worker.do(step, this)
        seen.waits.append(time.perf_counter() - began)
        if answer:
            await worker.do(sent, answer)

    own, theirs, began = time.process_time(), cpu_seconds([server]), time.perf_counter()
    while time.perf_counter() - began < seconds:
        flying.append(asyncio.create_task(one(number)))
        number += 1
        await asyncio.sleep(max(0.0, began + (number - first) / PACE - time.perf_counter()))
    await asyncio.gather(*flying)
    seen.driver.append((time.process_time() - own) / len(flying))
    seen.server.append((cpu_seconds([server]) - theirs) / len(flying))
    return number


async def compare(seconds: float, rounds: int) -> dict[str, Seen]:
    found = {name: Seen() for name in STEPS}
    with postgres.durable() as server:
        worker, number = Worker(server.server.address), 1
        for _ in range(rounds):
            for name, step in STEPS.items():
                number = await measure(worker, step, number, seconds, found[name], server.pid)
        worker.close()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description="What a durable step costs on PostgreSQL at the least.")
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    print("| at 60 a second | p50 ms | p99 ms | driver's CPU ms | server's CPU ms |\n|---|---|---|---|---|")
    for name, seen in asyncio.run(compare(asked.seconds, asked.rounds)).items():
        waits = sorted(seen.waits)
        print(
            f"| {name} | {median(waits) * 1000:.2f} | {waits[len(waits) * 99 // 100] * 1000:.2f}"
            f" | {median(seen.driver) * 1000:.2f} | {median(seen.server) * 1000:.2f} |"
        )


if __name__ == "__main__":
    main()
