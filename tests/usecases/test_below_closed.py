"""What officers write below a report that is closed or was withdrawn."""

from __future__ import annotations

import pytest

from tests.usecases.test_spoken import PHOTO, carded, labels, pressed, replied
from tests.usecases.town import Town
from tickets.ticket import Status

WITHDRAWN = "update ticket set status = 'closed', outcome = 'withdrawn'"
CONFIRMED = "update ticket set status = 'closed', outcome = 'confirmed'"


def test_below_a_closed_report_the_citizen_is_not_asked_to_answer(town: Town):
    group, card, ticket = carded(town)
    town.execute(CONFIRMED)
    said = replied(town, group, card, "masih nyala kan pak?")
    (heard,) = [m for m in said if m.peer == "1001"]
    assert "yang sudah ditutup" in heard.text
    assert "Jawab" not in heard.text
    assert not heard.rows
    (told,) = [m for m in said if m.peer == group.peer]
    assert "sudah tidak terbuka. Status: Ditutup" in told.text
    assert town.ticket(ticket).status is Status.CLOSED


@pytest.mark.parametrize("words", ["yah padahal sudah dikerjakan", "selesai", "siap"])
def test_below_a_withdrawn_report_words_wait(town: Town, words: str):
    group, card, _ = carded(town)
    town.execute(WITHDRAWN)
    (asked,) = replied(town, group, card, words)
    assert "ditarik oleh pelapornya" in asked.text
    assert labels([asked]) == ["Kirim ke warga"]
    sent = pressed(town, group, asked, "kirim ke warga")
    assert [m.rows for m in sent if m.peer == "1001" and words in m.text] == [()]


def test_the_answer_to_a_question_that_was_open_when_it_was_withdrawn_waits_too(town: Town):
    group, card, _ = carded(town)
    (question,) = [m for m in replied(town, group, card, "selesai") if m.ask_reply]
    town.execute(WITHDRAWN)
    said = [m for _ in range(2) for m in replied(town, group, question, "", attachments=PHOTO, album="b")]
    assert said == []
    (asked,) = replied(town, group, question, "lampu sudah diganti", attachments=PHOTO)
    assert "ditarik" in asked.text
