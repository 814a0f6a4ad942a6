"""What left is written down by the next message's own transaction; it may never cost that message anything."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot import intake as intake_module
from bot.intake import HouseIntake
from bot.sender import Sender
from conversations.inbound import Inbound
from usecases.deliver import Job, Leaving, Sent
from usecases.ports import Outgoing, Receipt, Unavailable
from usecases.receive import Taken
from usecases.records import Birth, Claimed, Leave, Queued
from usecases.traits import USUAL

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
EVENT = Inbound("telegram", "m:1:1", "1", "1", NOW, text="halo")


class Database:
    """Runs units at once and remembers what each of them did."""

    kind = "sqlite"

    def __init__(self) -> None:
        self.units: list[list[str]] = []
        self.commit = asyncio.Event()
        self.commit.set()

    async def run(self, work: Any, arrivals: Sequence[Any] = (), after: Any = None) -> Any:
        done: list[str] = []
        self.units.append(done)
        value = work(done)
        return await asyncio.shield(asyncio.ensure_future(self._committed(value, after)))

    async def _committed(self, value: Any, after: Any) -> Any:
        await self.commit.wait()
        if after is not None:
            after(value)
        return value


class Carrier:
    def __init__(self, *left: Sent) -> None:
        self.left = list(left)
        self.done: list[Sent] = []
        self.launched: list[Job] = []

    def leave(self, channel: str, peer: str) -> Leave | None:
        return Leave("f9")

    def launch(self, job: Job) -> None:
        self.launched.append(job)

    def carry(self) -> list[Sent]:
        carried, self.left = self.left, []
        return carried

    def written(self, carried: Sequence[Sent]) -> None:
        self.done += carried

    def put_back(self, carried: Sequence[Sent]) -> None:
        self.left += carried


def left(number: int, **row: Any) -> Sent:
    given: dict[str, Any] = {
        "id": number, "fence": f"f{number}", "chat": 1, "channel": "telegram", "peer": "1", "group": False, "person": 1,
        "locale": "id", "reachable": "ok", "kind": "text", "cls": "must", "body": {}, "attempts": 1, "ambiguous": 0,
        "ticket": 0, "purpose": "reply", "card": 0, "guard": "", "created_at": NOW, "first_failed_at": None,
    }  # fmt: skip
    return Sent(Job(Claimed(**(given | row)), Outgoing(number, "telegram", "1", "halo")), str(number))


@pytest.fixture
def troubles(monkeypatch: pytest.MonkeyPatch) -> dict[str, Exception]:
    """Units write what they do into themselves; "settle" or "take" in here makes that part fail."""
    failing: dict[str, Exception] = {}

    def part(name: str) -> None:
        if name in failing:
            raise failing[name]

    def settle(unit: list[str], _house: Any, results: Sequence[Sent]) -> None:
        part("settle")
        unit.extend(f"settled {result.job.row.id}" for result in results)

    def take(unit: list[str], _house: Any, events: Sequence[Inbound], **_: Any) -> Taken:
        part("take")
        unit.append("taken")
        job = left(9).job
        birth = Birth(Queued(1, "reply:9", {}), Leave(job.row.fence), job.row.id)
        return Taken([Receipt(event.key, fresh=True) for event in events], [Leaving(job, birth)])

    monkeypatch.setattr(intake_module.deliver, "settle", settle)
    monkeypatch.setattr(intake_module.receive, "take", take)
    return failing


def door(database: Database, sender: Carrier) -> HouseIntake:
    return HouseIntake(
        cast(Any, database),
        cast(Any, SimpleNamespace(like=lambda channel: USUAL, locale=lambda language: language)),
        lambda events, queued: None,
        sender,
    )


async def test_what_left_goes_along_and_first(troubles: dict[str, Exception]):
    database, sender = Database(), Carrier(left(1), left(2))
    await door(database, sender).take([EVENT])
    assert database.units == [["settled 1", "settled 2", "taken"]]
    assert [result.job.row.id for result in sender.done] == [1, 2]
    assert [job.row.id for job in sender.launched] == [9]


async def test_nothing_that_left_can_stop_a_message(troubles: dict[str, Exception]):
    troubles["settle"] = LookupError("a bug of ours")
    database, sender = Database(), Carrier(left(1))
    receipts = await door(database, sender).take([EVENT])
    assert [receipt.fresh for receipt in receipts] == [True]
    assert database.units[-1] == ["taken"]
    assert len(sender.left) == 1
    assert sender.done == []


async def test_a_caller_that_goes_away_leaves_nothing_half_done(troubles: dict[str, Exception]):
    database, sender = Database(), Carrier(left(1))
    database.commit.clear()
    gone = asyncio.ensure_future(door(database, sender).take([EVENT]))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    gone.cancel()
    with pytest.raises(asyncio.CancelledError):
        await gone
    assert not sender.launched, "nothing leaves before the commit"
    database.commit.set()
    await asyncio.sleep(0.01)
    assert [job.row.id for job in sender.launched] == [9]
    assert [result.job.row.id for result in sender.done] == [1]


@pytest.mark.parametrize("trouble", [Unavailable("away"), asyncio.CancelledError()])
async def test_what_was_not_committed_is_written_another_time(troubles: dict[str, Any], trouble: BaseException):
    troubles["take"] = trouble
    database, sender = Database(), Carrier(left(1))
    with pytest.raises(type(trouble)):
        await door(database, sender).take([EVENT])
    assert len(database.units) == 1
    assert len(sender.left) == 1


async def test_only_plain_ends_are_carried(monkeypatch: pytest.MonkeyPatch):
    sender = Sender(cast(Any, Database()), cast(Any, None), {}, lambda: 0.0)
    failed = Sent(left(3).job, failed=cast(Any, object()))
    sender._results = [left(1), left(2, card=7), failed]
    carried = sender.carry()
    assert [result.job.row.id for result in carried] == [1]
    assert [result.job.row.id for result in sender._results] == [2, 3]
    assert sender.carry() == []
