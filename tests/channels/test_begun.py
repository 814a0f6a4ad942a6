"""What a door began ends whatever becomes of its caller, and its failure is told to somebody."""

import asyncio

import pytest

from bot.channels.begun import Begun
from usecases.ports import Unavailable


async def later(gate: asyncio.Event, done: list[str], error: Exception | None = None) -> str:
    await gate.wait()
    done.append("done")
    if error is not None:
        raise error
    return "result"


async def test_a_caller_that_is_cancelled_tears_nothing_in_two_and_closing_waits_for_it():
    begun, gate, done = Begun(), asyncio.Event(), []
    caller = asyncio.ensure_future(begun.finish(later(gate, done)))
    await asyncio.sleep(0)
    caller.cancel()
    await asyncio.gather(caller, return_exceptions=True)
    assert (len(begun), done) == (1, [])
    gate.set()
    await begun.close()
    assert (len(begun), done) == (0, ["done"])


async def test_a_failure_is_told_to_the_caller_or_else_to_the_log(caplog: pytest.LogCaptureFixture):
    begun, gate, done = Begun(), asyncio.Event(), []
    gate.set()
    assert await begun.finish(later(gate, done)) == "result"
    with pytest.raises(Unavailable):
        await begun.finish(later(gate, done, Unavailable("full")))
    assert caplog.records == [], "who waits has heard it"
    gate.clear()
    left = asyncio.ensure_future(begun.finish(later(gate, done, Unavailable("full"))))
    begun.start(later(gate, done, ZeroDivisionError()))
    await asyncio.sleep(0)
    left.cancel()
    await asyncio.gather(left, return_exceptions=True)
    gate.set()
    await begun.close()
    await asyncio.sleep(0)
    told = {type(record.exc_info[1]) for record in caplog.records if record.exc_info}
    assert told == {Unavailable, ZeroDivisionError}
