"""The clock: it beats, a beat that fails does not end it, and a beat that is stopped is no error."""

import asyncio
import logging

import pytest

from scheduler.clock import BeatClock


async def test_it_beats_on_after_a_beat_that_failed(caplog: pytest.LogCaptureFixture):
    clock, beats, three = BeatClock(), 0, asyncio.Event()

    async def beat() -> None:
        nonlocal beats
        beats += 1
        if beats == 3:
            three.set()
        raise RuntimeError("broken")

    clock.every(0.01, beat, "test")
    clock.start()
    await asyncio.wait_for(three.wait(), 10)
    clock.stop()
    assert any(record.levelno == logging.ERROR for record in caplog.records)


async def test_a_beat_under_way_is_stopped_without_an_error(caplog: pytest.LogCaptureFixture):
    clock, begun = BeatClock(), asyncio.Event()

    async def beat() -> None:
        begun.set()
        await asyncio.Event().wait()

    clock.every(0.01, beat, "test")
    clock.start()
    await asyncio.wait_for(begun.wait(), 10)
    clock.stop()
    for _ in range(5):
        await asyncio.sleep(0)
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


async def test_a_beat_that_hangs_is_not_begun_again_and_told_once(caplog: pytest.LogCaptureFixture):
    """As while a database hangs: two lines a second would only hide the rest of the log."""
    clock, begun, beats = BeatClock(), 0, 0
    goes_on, others = asyncio.Event(), asyncio.Event()

    async def hangs() -> None:
        nonlocal begun
        begun += 1
        await goes_on.wait()

    async def other() -> None:
        nonlocal beats
        beats += 1
        if beats == 5:
            others.set()

    clock.every(0.01, hangs, "hangs")
    clock.every(0.01, other, "other")
    clock.start()
    await asyncio.wait_for(others.wait(), 10)
    assert begun == 1
    told = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert [record.__dict__["beat"] for record in told] == ["hangs"]
    goes_on.set()
    clock.stop()
