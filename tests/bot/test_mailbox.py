"""Pages that listen to web chats: woken at once, looked after together, and forgotten when they are gone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import pytest

from bot.mailbox import DatabaseMailbox
from tests.usecases.fixtures import leased, towns, workers  # noqa: F401
from tests.usecases.town import Town
from usecases.ports import Listener, Unavailable


class Revisions:
    """Stands in for a database: the newest revision of each chat; `asked` tells each look."""

    kind = "sqlite"

    def __init__(self) -> None:
        self.revs: dict[str, int] = {}
        self.asked: list[list[str]] = []
        self.trouble: Exception | None = None
        self.mailbox = self

    async def run(self, work: Callable[[Any], Any]) -> Any:
        if self.trouble:
            raise self.trouble
        return work(self)

    def newest(self, peers: list[str]) -> dict[str, int]:
        self.asked.append(sorted(peers))
        return {peer: self.revs[peer] for peer in peers if peer in self.revs}


@pytest.fixture
def database() -> Revisions:
    return Revisions()


@pytest.fixture
def box(database: Any) -> DatabaseMailbox:
    return DatabaseMailbox(database)


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """The next look is due at once."""
    monkeypatch.setattr("bot.mailbox.LOOK_AGAIN_S", {"sqlite": 0, "postgresql": 0})


async def news(listener: Listener, rev: int = 0) -> bool:
    return await asyncio.wait_for(listener.wait(rev, 30), 5)


async def test_everybody_who_listens_to_a_chat_is_woken(box: DatabaseMailbox):
    with box.listen("v-1") as one, box.listen("v-1") as same, box.listen("v-2") as other:
        waiting = [asyncio.ensure_future(page.wait(0, 30)) for page in (one, same)]
        await asyncio.sleep(0)
        box.wake("v-1")
        assert await asyncio.wait_for(asyncio.gather(*waiting), 5) == [True, True]
        assert not await other.wait(0, 0), "not every chat"


async def test_what_is_written_while_a_page_reads_is_not_missed(box: DatabaseMailbox):
    with box.listen("v-1") as page:
        box.wake("v-1")
        assert await news(page)
        assert not await page.wait(0, 0), "once"


async def test_one_look_is_for_all_pages_and_wakes_those_with_news(
    box: DatabaseMailbox, database: Revisions, soon: None
):
    names = [f"v-{number}" for number in range(50)]
    with ExitStack() as open_pages:
        pages = {name: open_pages.enter_context(box.listen(name)) for name in names}
        database.revs = {"v-3": 7, "v-4": 7}
        read = {"v-3": 6, "v-4": 7}
        waiting = {name: asyncio.ensure_future(page.wait(read.get(name, 0), 30)) for name, page in pages.items()}
        assert await asyncio.wait_for(waiting["v-3"], 5)
        assert [name for name in names if waiting[name].done()] == ["v-3"]
        assert database.asked[0] == sorted(names)
        for task in waiting.values():
            task.cancel()


@pytest.mark.parametrize("trouble", [Unavailable("away"), ValueError("ours")], ids=lambda trouble: str(trouble))
async def test_after_any_trouble_it_is_looked_at_again(
    box: DatabaseMailbox, database: Revisions, trouble: Exception, soon: None
):
    database.trouble, database.revs = trouble, {"v-1": 1}
    with box.listen("v-1") as page:
        waiting = asyncio.ensure_future(page.wait(0, 30))
        for _ in range(5):
            await asyncio.sleep(0)
        assert not waiting.done()
        database.trouble = None
        assert await asyncio.wait_for(waiting, 5)


async def test_a_page_that_went_away_leaves_nothing_behind(box: DatabaseMailbox):
    """Each visitor has a chat of their own: whoever only looks must not stay in memory for ever."""
    before = asyncio.all_tasks()
    with box.listen("v-1"), box.listen("v-2"):
        assert len(asyncio.all_tasks() - before) == 1
    assert box._pages == {}
    with box.listen("v-3") as again:  # before the one that looked for the others has ended
        box.wake("v-3")
        assert await news(again)
        assert len(asyncio.all_tasks() - before) == 1
    await asyncio.sleep(0)
    assert asyncio.all_tasks() == before


async def test_what_another_worker_wrote_is_seen(workers: tuple[Town, Town], soon: None):  # noqa: F811
    here, there = workers
    box = DatabaseMailbox(here.database)
    with box.listen("v-1") as page:
        waiting = asyncio.ensure_future(page.wait(0, 30))
        await asyncio.to_thread(there.do, lambda unit: unit.mailbox.write("v-1", {"text": "halo"}, author="sahut"))
        assert await asyncio.wait_for(waiting, 10)
        assert [mail.text for mail in await box.since("v-1", 0)] == ["halo"]
