"""Kill -9 at any moment: nothing acknowledged is lost, no ticket is double. The long run: tests.bench.crash_driver."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.crash_driver import Plan, run

pytestmark = [pytest.mark.crash, pytest.mark.slow]


@pytest.mark.timeout(300)
@pytest.mark.filterwarnings("ignore::ResourceWarning")
async def test_kills_lose_nothing_and_double_nothing(database_url: str, tmp_path: Path) -> None:
    rounds = 5 if database_url.startswith("sqlite") else 3
    verdict = await run(Plan(rounds, citizens=6, early=3), tmp_path, database_url)
    assert verdict.faults == [], verdict.line()
    assert verdict.tickets > 0
    assert verdict.acknowledged > verdict.rounds


@pytest.mark.timeout(300)
@pytest.mark.filterwarnings("ignore::ResourceWarning")
async def test_answering_before_the_commit_is_caught(tmp_path: Path) -> None:
    plan = Plan(rounds=30, citizens=16, mutant=True)
    verdict = await run(plan, tmp_path, f"sqlite:///{tmp_path / 'sahut.db'}")
    assert verdict.lost > 0, "the crash test would not notice a Sahut that answers before it has stored"
