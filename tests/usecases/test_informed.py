"""Has the citizen heard it? Per report, on the card and in /tiket; and the list of finished reports unheard of."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from conversations.inbound import Kind
from storage.tickets import Tickets
from tests.usecases import wa
from tests.usecases.test_window import ANI, OFFICER, act, finish, reported, to
from tests.usecases.town import Town
from tickets.ticket import Ticket
from usecases import informed, reports
from usecases.deliver import Sent
from usecases.ports import Failure, Reach, Report, SendFailed

GROUP = "-100DISHUB"


@pytest.fixture
def town(on_sqlite: str, towns: Callable[..., Town]) -> Town:
    return towns(on_sqlite)


@pytest.fixture
def ticket(town: Town) -> Ticket:
    return reported(town)


def heard(town: Town, ticket: Ticket) -> str:
    return town.do(lambda unit: informed.heard(unit, town.house, town_ticket(unit, ticket)))


def town_ticket(unit: Any, ticket: Ticket) -> Ticket:
    found = unit.tickets.get(ticket.id)
    assert found is not None
    return found


def tell(town: Town, reach: Reach, *, failure: Failure | None = None, back: float = 0) -> None:
    """The platform's word about the newest message to the citizen."""
    row = town.rows(
        "select o.id, o.platform_message_id from outbox_message o join conversation c on c.id = o.conversation_id"
        " where c.channel = 'whatsapp' and o.state = 'sent' order by o.id desc"
    )[0]
    at = town.clock.now() - timedelta(seconds=back)
    report = Report(wa.WHATSAPP, row.platform_message_id, reach, at, outbox=row.id, failure=failure)
    town.do(lambda unit: reports.take(unit, town.house, [report]))


def say(town: Town, command: str, text: str = "") -> str:
    town.take(town.message(GROUP, text, command=command, sender=OFFICER, group=True))
    return "\n".join(m.text for m in town.deliver() if m.peer == GROUP)


def test_it_is_known_as_the_platform_tells_it(town: Town, ticket: Ticket):
    act(town, ticket, "acknowledge")
    assert heard(town, ticket) == ""
    town.deliver()
    assert heard(town, ticket) == "under_way"
    tell(town, Reach.READ)
    assert heard(town, ticket) == "read"
    tell(town, Reach.DELIVERED, back=60)
    assert heard(town, ticket) == "read", "upwards only"
    assert "sudah dibaca warga" in say(town, "tiket", ticket.number)


def test_on_telegram_sent_is_told(town: Town):
    town.office("DISHUB", OFFICER)
    ticket = town.report()
    town.deliver()
    assert heard(town, ticket) == "told"
    assert "sudah sampai ke warga" in say(town, "tiket", ticket.number)


def test_the_card_loses_its_note_when_the_citizen_has_heard(town: Town, ticket: Ticket):
    town.clock.forward(hours=25)
    act(town, ticket, "acknowledge")
    cards = [m.text for m in town.deliver() if m.peer == GROUP]
    assert "belum menerima kabar ini" in cards[-1]
    town.take(wa.message(town, ANI, "halo"))
    cards = [m.text for m in town.deliver() if m.peer == GROUP]
    assert cards
    assert "belum menerima kabar ini" not in cards[-1]


def test_finished_reports_whose_citizens_do_not_know_stand_in_a_list(town: Town, ticket: Ticket):
    centre = town.office(town.house.city.triage, "601", peer="-600", role="ops")
    assert "Semua warga sudah menerima" in say(town, "belumtahu")
    town.clock.forward(hours=25)
    finish(town, ticket)
    town.deliver()
    assert ticket.number in (listed := say(town, "belumtahu"))
    assert "menunggu warga menulis lagi" in listed
    town.take(town.message(centre.peer, command="belumtahu", sender="601", group=True))
    assert any(ticket.number in m.text for m in town.deliver() if m.peer == centre.peer), "the centre sees all"
    town.take(wa.message(town, ANI, "halo"))
    town.deliver()
    tell(town, Reach.DELIVERED)
    assert ticket.number not in say(town, "belumtahu")


def test_a_message_that_never_arrives_stands_there_after_a_day(town: Town, ticket: Ticket):
    finish(town, ticket)
    town.deliver()
    tell(town, Reach.SENT)
    assert ticket.number not in say(town, "belumtahu")
    town.clock.forward(days=1, minutes=1)
    assert "belum sampai" in say(town, "belumtahu")


def test_a_number_that_cannot_be_reached_is_told_to_officers(town: Town, ticket: Ticket):
    act(town, ticket, "acknowledge")
    while jobs := town.claim():
        for job in jobs:
            lost = job.message.channel == wa.WHATSAPP
            town.settle(Sent(job, failed=SendFailed(Failure.GONE, "131026")) if lost else Sent(job, f"o-{job.row.id}"))
    assert heard(town, ticket) == "gone"
    assert "tidak sampai" in say(town, "tiket", ticket.number)


def test_a_failure_told_later_counts_the_same(town: Town, ticket: Ticket):
    wa.approve(town)
    act(town, ticket, "acknowledge")
    town.deliver()
    tell(town, Reach.FAILED, failure=Failure.OUTSIDE_WINDOW)
    (again,) = to(town.deliver())
    assert again.template is not None, "refused as outside the window: the template goes"


def test_another_office_does_not_see_whom(town: Town, ticket: Ticket):
    town.office("DLH", "701")
    town.clock.forward(hours=25)
    finish(town, ticket)
    town.deliver()
    town.take(town.message("-100DLH", command="belumtahu", sender="701", group=True))
    assert not any(ticket.number in m.text for m in town.deliver() if m.peer == "-100DLH")


def test_one_answer_is_one_message_where_messages_cost(town: Town):
    """What Telegram gets as a remark and a question comes together on WhatsApp."""
    town.take(
        wa.message(town, ANI, "lampu jalan mati di depan SDN 3 Jatiasih sejak kemarin, NIK saya 3275011234567890")
    )
    town.clock.forward(seconds=5)
    assert len(to(town.deliver())) == 1
    town.take(town.message("1001", "lampu jalan mati di depan SDN 3 Jatiasih sejak kemarin, NIK saya 3275011234567890"))
    town.clock.forward(seconds=5)
    assert len(to(town.deliver(), "telegram")) >= 1


def test_who_left_telegram_stands_in_the_list_too(town: Town):
    town.office("DISHUB", OFFICER)
    ticket = town.report("1001")
    town.deliver()
    town.take(town.message("1001", kind=Kind.MEMBER, membership="blocked"))
    finish(town, ticket)
    town.deliver()
    assert ticket.number in say(town, "belumtahu")


def test_news_of_months_ago_are_no_news(town: Town, ticket: Ticket):
    town.clock.forward(hours=25)
    finish(town, ticket)
    town.deliver()
    town.clock.forward(days=61)
    assert ticket.number not in say(town, "belumtahu")


def test_a_long_list_reads_the_reports_that_it_shows(town: Town, monkeypatch: pytest.MonkeyPatch):
    town.office("DISHUB", OFFICER)
    for citizen in range(informed.SHOWN + 3):
        town.report(f"20{citizen}")
    town.deliver()
    town.execute("update ticket set status = 'closed', resolved_at = opened_at, closed_at = opened_at")
    town.execute("update outbox_message set state = 'failed' where kind = 'text'")
    read: list[int] = []
    get = Tickets.get
    monkeypatch.setattr(Tickets, "get", lambda self, one: (read.append(one), get(self, one))[1])
    told = town.do(lambda unit: informed.unheard(unit, town.house, {"DISHUB"}))
    assert len(read) == informed.SHOWN
    words = town.house.render(told, "id")
    assert words.startswith("23 laporan")
    assert words.endswith("3 lagi")
    assert "Semua warga" in town.house.render(town.do(lambda u: informed.unheard(u, town.house, {"DLH"})), "id")
