"""Texts that pile up for one person on WhatsApp leave as one; on Telegram, and where it would lose something, not."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import json

from tests.usecases import wa
from tests.usecases.town import Town
from texts.text import Choice, literal, say
from usecases.bodies import body
from usecases.deliver import Sent
from usecases.records import Queued

SITI = "6281200001111"


@pytest.fixture
def chat(town: Town) -> int:
    """A citizen on WhatsApp who wrote a moment ago and was answered."""
    town.take(wa.message(town, SITI, "halo"))
    town.deliver()
    return int(town.value("select id from conversation"))


def waits(town: Town, chat: int, *texts: str, **more: Any) -> None:
    """Messages that nothing holds up, queued one after the other."""
    for text in texts:
        choices = (Choice("1|yes", literal("Ya")),) if text.endswith("?") else ()
        given = {"purpose": "notice", **more}
        row = Queued(chat, f"test:{next(town._count)}", body(literal(text), choices), **given)
        town.do(lambda unit, row=row: unit.outbox.add([row]))  # type: ignore[misc]


def leaves(town: Town) -> list[str]:
    return [message.text for message in town.deliver()]


def test_what_piled_up_is_said_in_one_message(town: Town, chat: int):
    waits(town, chat, "satu", "dua", "tiga?")
    [message] = town.deliver()
    assert message.text == "satu\n\ndua\n\ntiga?"
    assert [b.label for row in message.rows for b in row] == ["Ya"]
    states = [
        row[0] for row in town.rows("select state from outbox_message where dedupe_key like 'test:%' order by id")
    ]
    assert states == ["superseded", "superseded", "sent"]
    assert not town.breaches().get("must-accounted")


def test_what_has_buttons_of_its_own_stays_alone(town: Town, chat: int):
    waits(town, chat, "satu?", "dua", "tiga?", "empat")
    assert leaves(town) == ["satu?", "dua\n\ntiga?", "empat"]


def test_different_reports_importance_and_conditions_stay_apart(town: Town, chat: int):
    waits(town, chat, "satu", ticket=0)
    waits(town, chat, "dua", cls="info")
    waits(town, chat, "tiga", cls="nudge", guard="assigned")
    assert len(leaves(town)) == 2


def test_what_is_not_due_yet_is_not_drawn_forward(town: Town, chat: int):
    waits(town, chat, "satu")
    waits(town, chat, "besok", at=town.clock.now().replace(hour=20))
    assert leaves(town) == ["satu"]


def test_long_words_are_not_piled_up(town: Town, chat: int):
    waits(town, chat, "a" * 600, "b" * 600)
    assert [len(text) for text in leaves(town)] == [600, 600]


def test_a_lost_answer_repeats_the_whole(town: Town, chat: int):
    from usecases.ports import Failure, SendFailed

    waits(town, chat, "satu", "dua")
    [job] = town.claim()
    town.settle(Sent(job, failed=SendFailed(Failure.NOT_SENT, "ConnectError")))
    town.clock.forward(seconds=5)
    assert leaves(town) == ["satu\n\ndua"]


def test_telegram_keeps_them_apart(town: Town):
    town.take(town.message("1001", "halo"))
    town.deliver()
    waits(town, int(town.value("select id from conversation")), "satu", "dua")
    assert leaves(town) == ["satu", "dua"]


def test_words_of_the_catalogue_merge_too(town: Town, chat: int):
    rows = [Queued(chat, f"test:{n}", body(say("common.sorry")), purpose="reply") for n in range(2)]
    town.do(lambda unit: unit.outbox.add(rows))
    assert len(leaves(town)) == 1


@pytest.mark.parametrize(
    "broken",
    [{"text": {"odd": 1}}, {"text": ["no.such", {}]}, [], {**body(literal("a")), "choices": [["1|a", 7]]}, "{"],
)
def test_one_that_cannot_be_rendered_holds_up_nobody(town: Town, chat: int, broken: Any):
    """As after going back to an older version: it ends by itself, those around it leave, and so do other chats'."""
    waits(town, chat, "satu", "rusak", "dua")
    spoilt = int(town.value("select max(id) - 1 from outbox_message"))
    spoilt_by = broken if isinstance(broken, str) else json.encode(broken).decode()
    town.execute("update outbox_message set body_json = :b where id = :id", b=spoilt_by, id=spoilt)
    waits(town, town.chat("1001").id, "lain")
    assert sorted(leaves(town)) == ["dua", "lain", "satu"]
    assert town.value("select state from outbox_message where id = :id", id=spoilt) == "dead"
    assert "must-accounted" not in town.breaches()
