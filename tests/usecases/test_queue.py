"""/antrean page by page; /tiket with a number as people type it."""

from __future__ import annotations

import re

import pytest

from tests.usecases.town import Town, button, buttons
from tickets.number import check_digit
from usecases.ports import Outgoing
from usecases.records import Chat

NUMBER = re.compile(r"BKS-26-\d{6}-\d")
NEXT = "berikutnya"
BOLD = dict.fromkeys((0xE000, 0xE001))


def asked(town: Town, chat: Chat, command: str = "antrean", words: str = "") -> Outgoing:
    town.take(town.message(chat.peer, words, command=command, sender="501", group=True))
    return next(m for m in town.deliver() if m.peer == chat.peer and not m.edit_of)


def turned(town: Town, chat: Chat, below: Outgoing) -> Outgoing:
    data = button([below], NEXT).data
    town.take(town.press(chat.peer, data, sender="501", group=True, pressed_on=f"out-{below.id}"))
    return town.deliver()[-1]


def office(town: Town, reports: int) -> Chat:
    group = town.office("DISHUB", "501")
    for n in range(reports):
        town.report(str(2000 + n))
    town.deliver()
    return group


def test_the_queue_is_read_to_its_end(town: Town):
    group = office(town, 37)
    pages = [asked(town, group)]
    while any(NEXT in one.label for one in buttons(pages[-1:])):
        pages.append(turned(town, group, pages[-1]))
    numbers = [NUMBER.findall(page.text) for page in pages]
    assert [len(one) for one in numbers] == [15, 15, 7]
    assert len({one for page in numbers for one in page}) == 37
    assert "16–30" in pages[1].text
    assert "dan 7 lagi" in pages[1].text


def test_a_short_queue_has_no_button(town: Town):
    assert not buttons([asked(town, office(town, 15))])


def test_an_old_button_shows_what_there_is_now(town: Town):
    group = office(town, 16)
    first = asked(town, group)
    town.execute("update ticket set status = 'closed'")
    assert "Tidak ada laporan terbuka" in turned(town, group, first).text
    town.execute("update ticket set status = 'assigned' where number < 'BKS-26-000004'")
    assert len(NUMBER.findall(turned(town, group, first).text)) == 3, "the page is gone, the queue is not"


def test_the_button_of_another_chat_and_of_a_chat_that_was_cut_off_shows_nothing(town: Town):
    group = office(town, 16)
    data = button([asked(town, group)], NEXT).data
    other = town.office("DLH", "601")
    receipt = town.take(town.press(other.peer, data, sender="601", group=True))[0]
    assert "tidak berlaku" in receipt.toast
    assert not NUMBER.findall("".join(m.text for m in town.deliver()))
    town.execute("delete from agency_chat")
    town.take(town.press(group.peer, data, sender="501", group=True))
    (said,) = town.deliver()
    assert "belum terhubung" in said.text


# -- /tiket --------------------------------------------------------------------------------------------

SECOND = f"BKS-26-000002-{check_digit('26000002')}"


@pytest.mark.parametrize(
    "typed",
    [
        SECOND, SECOND.lower(), SECOND.removeprefix("BKS-"), SECOND.replace("-", ""),
        "bks" + SECOND[4:].replace("-", " "), SECOND[4:].replace("-", ""), "BKS-26-000002", "26-2", "26/000002",
        "26000002", "000002", "2", "#2", "no 2", "bks 2", f"2-{SECOND[-1]}", "2.",
    ],
)  # fmt: skip
def test_a_ticket_is_found_as_it_is_typed(town: Town, typed: str):
    group = office(town, 3)
    assert f"Riwayat {SECOND}" in asked(town, group, "tiket", typed).text.translate(BOLD)


@pytest.mark.parametrize(
    "typed", ["BKS-26-000002-0", "26-000002-0", "2-0", "99", "27-2", "0", "abc", "2 tolong dicek", "1" * 40]
)
def test_what_is_no_number_of_a_ticket_here_is_answered_with_an_example(town: Town, typed: str):
    group = office(town, 3)
    said = asked(town, group, "tiket", typed).text
    assert "tidak ditemukan" in said
    assert "BKS-26-000123" in said
    assert "/antrean" in said


def test_a_short_number_finds_nothing_of_another_office(town: Town):
    office(town, 3)
    other = town.office("DLH", "501")
    assert "tidak ditemukan" in asked(town, other, "tiket", "2").text


def test_a_chat_that_only_heard_of_a_report_is_told_nothing_of_it(town: Town):
    office(town, 1)
    other = town.office("DLH", "501")
    town.do(lambda unit: unit.tickets.card(1, other.id))
    assert "tidak ditemukan" in asked(town, other, "tiket", "1").text


def test_two_years_with_the_same_number_are_offered_both(town: Town):
    group = office(town, 2)
    last = f"BKS-25-000002-{check_digit('25000002')}"
    town.execute("update ticket set number = :last where id = 1", last=last)
    said = asked(town, group, "tiket", "2")
    assert [one.label for one in buttons([said])] == [SECOND, last]
    town.take(town.press(group.peer, button([said], last).data, sender="501", group=True))
    assert any(last in m.text for m in town.deliver())
    assert SECOND in asked(town, group, "tiket", "26-2").text


def test_what_is_typed_counts_more_than_what_is_quoted(town: Town):
    group = office(town, 3)
    first = f"BKS-26-000001-{check_digit('26000001')}"
    for words, wanted in (("2", SECOND), ("", first), ("ini", first)):
        about = {"sender": "501", "group": True, "command": "tiket", "quoted_text": first}
        town.take(town.message(group.peer, words, **about))
        assert wanted in town.deliver()[0].text
