"""The judge of the crash tests: it must see a copy, and not take a question that was asked anew for one."""

from __future__ import annotations

from tests.bench.crash_checks import copies_of
from tests.bench.fake_telegram import Call

QUESTION = "Di mana lokasinya?"


def sent(message: int, words: str = QUESTION, method: str = "sendMessage") -> Call:
    return Call(method, {"chat_id": 7, "text": words}, (), (message,), 0.0)


def known(**origins: str) -> dict[tuple[str, str], str]:
    """m1="9": message 1 answers event 9."""
    return {("7", name.removeprefix("m")): origin for name, origin in origins.items()}


def test_a_row_sent_twice_is_a_copy() -> None:
    assert copies_of([sent(1), sent(2)], known(m2="9")).total() == 1


def test_a_question_asked_anew_is_none() -> None:
    assert copies_of([sent(1), sent(2)], known(m1="8", m2="9")).total() == 0


def test_a_copy_of_one_asked_anew_is_still_seen() -> None:
    assert copies_of([sent(1), sent(2), sent(3)], known(m2="8", m3="9")).total() == 1


def test_an_event_answered_twice_is_a_copy() -> None:
    assert copies_of([sent(1), sent(2)], known(m1="9", m2="9")).total() == 1


def test_a_row_nobody_confirmed_counts_as_meant_once() -> None:
    assert copies_of([sent(1), sent(2), sent(3)], known()).total() == 2


def test_what_shows_nothing_is_no_message() -> None:
    assert not copies_of([sent(1, method="sendChatAction"), sent(2, method="editMessageText")], known())
