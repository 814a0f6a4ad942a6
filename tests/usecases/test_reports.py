"""What a platform tells later: kept once, applied upwards, and nothing that arrived is ever said again."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

import pytest

from tests.usecases import wa
from tests.usecases.town import Town
from usecases import reports
from usecases.deliver import Job, Sent
from usecases.ports import Failure, Reach, Report, SendFailed

SITI = "6281200001111"
LOST = SendFailed(Failure.AMBIGUOUS, "ReadTimeout", retry_after_s=60)


@pytest.fixture
def job(town: Town) -> Job:
    """The answer to a citizen's first word, claimed."""
    town.take(wa.message(town, SITI, "halo"))
    [job] = town.claim()
    return job


def told(town: Town, job: Job, reach: str, wamid: str = "wamid.1", **more: Any) -> None:
    given = {"outbox": job.row.id} | more
    report = Report("whatsapp", wamid, Reach(reach), town.clock.now(), **given)
    town.do(lambda unit: reports.take(unit, town.house, [report]))


def row(town: Town) -> tuple[str, str, str, int]:
    [found] = town.rows("select state, reach, platform_message_id, attempts from outbox_message")
    return found.state, found.reach, found.platform_message_id, found.attempts


def again(town: Town) -> list[Job]:
    """What the beat brings back, and what may leave then."""
    town.do(lambda unit: reports.again(unit, town.house))
    town.do(lambda unit: unit.outbox.recover(("whatsapp",)))
    return town.claim()


def test_every_order_with_repeats_ends_at_the_highest(town: Town, job: Job):
    town.settle(Sent(job, "wamid.1"))
    for number, order in enumerate(itertools.permutations(["sent", "delivered", "read"])):
        town.execute("update outbox_message set reach = ''")
        town.execute("delete from delivery_status")
        for word in (*order, *order):
            told(town, job, word)
        assert row(town)[:3] == ("sent", "read", "wamid.1"), number
        assert town.value("select count(*) from delivery_status") == 3


@pytest.mark.parametrize("words", [["sent"], ["delivered"], ["read", "sent"]])
def test_a_report_before_the_answer_settles_the_message(town: Town, job: Job, words: list[str]):
    """The answer to our call was lost: the report that names our id is the answer."""
    for word in words:
        told(town, job, word)
    town.settle(Sent(job, failed=LOST))
    assert row(town)[:3] == ("sent", words[0], "wamid.1")
    town.clock.forward(minutes=30)
    assert not again(town)
    assert not town.breaches().get("must-accounted")


def test_a_report_after_the_lost_answer_settles_it_too(town: Town, job: Job):
    town.settle(Sent(job, failed=LOST))
    assert row(town)[0] == "queued"
    town.clock.forward(seconds=59)
    assert not again(town), "a minute is waited"
    told(town, job, "delivered")
    town.clock.forward(minutes=30)
    assert not again(town)
    assert row(town)[:3] == ("sent", "delivered", "wamid.1")


def test_silence_repeats_it_and_three_copies_are_enough(town: Town, job: Job):
    for _ in range(2):
        town.settle(Sent(job, failed=LOST))
        town.clock.forward(seconds=61)
        [job] = again(town)
    town.settle(Sent(job, failed=LOST))
    town.clock.forward(minutes=9)
    assert not again(town)
    told(town, job, "read")
    town.clock.forward(minutes=9)
    assert not again(town)
    assert row(town)[0] == "sent"


def test_what_was_given_up_and_did_arrive_is_no_dead_letter(town: Town, job: Job):
    town.settle(Sent(job, failed=SendFailed(Failure.REFUSED, "code 1")))
    assert "dead-letters" in town.breaches()
    told(town, job, "delivered")
    assert row(town)[:2] == ("sent", "delivered")
    assert "dead-letters" not in town.breaches()


def test_a_sender_that_died_waits_for_word(town: Town, job: Job):
    town.do(lambda unit: unit.outbox.abandon())
    assert not again(town)
    told(town, job, "delivered")
    town.clock.forward(minutes=5)
    assert not again(town)
    assert row(town)[:2] == ("sent", "delivered")


def test_word_that_came_while_the_sender_died(town: Town, job: Job):
    told(town, job, "delivered")
    town.clock.forward(minutes=5)
    assert not again(town)
    assert row(town)[:2] == ("sent", "delivered")


def test_a_report_without_our_id_finds_its_message_by_the_platforms(town: Town, job: Job):
    told(town, job, "delivered", outbox=0)
    assert town.value("select count(*) from delivery_status where not applied") == 1
    town.settle(Sent(job, "wamid.1"))
    again(town)
    assert row(town)[:2] == ("sent", "delivered")
    assert town.value("select count(*) from delivery_status where not applied") == 0


def test_a_report_of_strangers_changes_nothing_and_is_forgotten(town: Town, job: Job):
    town.settle(Sent(job, "wamid.1"))
    told(town, job, "read", "wamid.x", outbox=0)
    told(town, job, "read", "wamid.y", outbox=4711)
    assert row(town)[1] == ""
    town.clock.forward(days=31)
    again(town)
    assert town.value("select count(*) from delivery_status") == 0


def test_a_number_of_before_a_backup_is_not_taken_for_ours(town: Town, job: Job):
    town.settle(Sent(job, "wamid.1"))
    old = Report("whatsapp", "wamid.old", Reach.READ, town.clock.now() - timedelta(hours=2), outbox=job.row.id)
    town.do(lambda unit: reports.take(unit, town.house, [old]))
    assert row(town)[1] == ""


def test_another_channels_message_with_the_same_number_is_left_alone(town: Town):
    town.take(town.message("1001", "halo"))
    [job] = town.claim()
    town.settle(Sent(job, "55"))
    told(town, job, "failed", "55", failure=Failure.GONE)
    assert row(town)[:2] == ("sent", "")


# -- what failed later ------------------------------------------------------------------------------------


def test_somebody_who_cannot_be_reached(town: Town, job: Job):
    town.settle(Sent(job, "wamid.1"))
    told(town, job, "failed", failure=Failure.GONE, detail="code 131026")
    assert row(town)[:2] == ("failed", "failed")
    assert town.value("select reachable from conversation") == "blocked"


def test_trouble_that_passes_is_tried_again_but_not_for_ever(town: Town, job: Job):
    for number in range(reports.MOST_TRIES):
        town.settle(Sent(job, f"wamid.{number}"))
        told(town, job, "failed", f"wamid.{number}", failure=Failure.NOT_SENT, detail="code 131000")
        town.clock.forward(minutes=6)
        jobs = again(town)
        if not jobs:
            break
        [job] = jobs
    assert row(town)[0] == "dead"
    assert row(town)[3] == reports.MOST_TRIES
    assert "dead-letters" in town.breaches()
    assert "must-accounted" not in town.breaches()


def test_a_late_failure_of_an_earlier_copy_means_nothing(town: Town, job: Job):
    town.settle(Sent(job, failed=LOST))
    town.clock.forward(seconds=61)
    [job] = again(town)
    town.settle(Sent(job, "wamid.2"))
    told(town, job, "failed", "wamid.1", failure=Failure.GONE)
    assert row(town)[0] == "sent"
    told(town, job, "delivered", "wamid.1")
    told(town, job, "failed", "wamid.2", failure=Failure.GONE)
    assert row(town)[:2] == ("sent", "delivered")


def test_a_failure_while_it_is_being_sent_waits_for_the_end(town: Town, job: Job):
    told(town, job, "failed", failure=Failure.REFUSED)
    assert row(town)[0] == "sending"
    town.settle(Sent(job, "wamid.1"))
    again(town)
    assert row(town)[:2] == ("dead", "failed")


def test_the_window_that_shut_without_our_knowing_holds_the_message(town: Town, job: Job):
    town.settle(Sent(job, "wamid.1"))
    told(town, job, "failed", failure=Failure.OUTSIDE_WINDOW)
    assert not again(town)
    assert row(town)[0] == "held"
