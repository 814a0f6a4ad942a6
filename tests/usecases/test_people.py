"""Ids and numbers that change hands: the right person keeps the reports, nobody else ever sees them."""

import itertools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from conversations.inbound import Inbound
from tests.usecases import wa
from tests.usecases.town import Town
from tickets.ticket import Ticket
from usecases import receive
from usecases.ports import Unavailable
from usecases.records import Leave

NUMBER, OTHER_NUMBER = "6281200000001", "6281200000002"
ANI, BUDI, ANI_NEW = "ID.ani123", "ID.budi99", "ID.ani456"


@pytest.fixture
def town(on_sqlite: str, towns: Callable[..., Town]) -> Town:
    """Most proofs run on SQLite; those at the end of this file on PostgreSQL too."""
    return towns(on_sqlite)


def sees(town: Town, who: str, *aliases: str) -> str:
    """What somebody with these ids is told when they ask for their reports."""
    town.take(wa.message(town, who, "status", aliases=aliases))
    return "\n".join(m.text for m in town.deliver() if m.channel == wa.WHATSAPP)


def reported(town: Town, who: str, *aliases: str) -> Ticket:
    town.take(wa.message(town, who, "halo", aliases=aliases))
    ticket = town.report(who, channel=wa.WHATSAPP)
    town.deliver()
    return ticket


def people(town: Town) -> int:
    return int(town.value("select count(*) from conversation where channel = 'whatsapp' and peer not like '%#%'"))


def test_a_number_and_an_id_seen_together_are_one_person(town: Town):
    ticket = reported(town, NUMBER)
    assert ticket.number in sees(town, ANI, NUMBER)
    assert people(town) == 1
    assert ticket.number in sees(town, ANI), "the number may be missing from now on"
    assert ticket.number in sees(town, NUMBER), "or the id"
    assert people(town) == 1


def test_what_is_sent_knows_the_number_besides_the_id(town: Town):
    reported(town, ANI, NUMBER)
    town.take(wa.message(town, ANI, "status"))
    sent = town.deliver()
    assert {(m.peer, m.aliases) for m in sent} == {(ANI, (NUMBER,))}


def test_an_answer_that_leaves_at_once_knows_the_number_too(town: Town):
    event = wa.message(town, ANI, "halo", aliases=(NUMBER,))
    taken = town.do(lambda unit: receive.take(unit, town.house, [event], leaves=[Leave("fence-1")]))
    assert [(job.message.peer, job.message.aliases) for job in taken.jobs] == [(ANI, (NUMBER,))]


def test_two_chats_become_one_when_id_and_number_come_together(town: Town):
    by_number, by_id = reported(town, NUMBER), reported(town, ANI)
    assert by_id.number not in sees(town, NUMBER)
    said = sees(town, ANI, NUMBER)
    assert by_number.number in said
    assert by_id.number in said
    assert set(town.breaches()) <= {"groups"}, "no office has a group here"


def test_two_chats_that_become_one_follow_each_report_once_and_never_their_own(town: Town):
    by_number, by_id = reported(town, NUMBER), reported(town, ANI)
    neighbour = town.report("1005")
    number, ani = (town.chat(peer, channel=wa.WHATSAPP) for peer in (NUMBER, ANI))
    followed = ((by_number, ani), (by_id, number), (neighbour, ani), (neighbour, number))
    for ticket, chat in followed:
        town.do(lambda unit, id=ticket.id, chat=chat: unit.tickets.follow(id, chat.person, chat.id))
    sees(town, ANI, NUMBER)
    assert [town.ticket(made.id).followers for made in (by_number, by_id, neighbour)] == [0, 0, 1]
    assert town.rows("select ticket_id, conversation_id from ticket_follower") == [(neighbour.id, ani.id)]


def test_a_recycled_number_shows_nobody_else_s_reports(town: Town):
    ticket = reported(town, ANI, NUMBER)
    assert ticket.number not in sees(town, BUDI, NUMBER)
    assert ticket.number not in sees(town, NUMBER), "the number is Budi's now"
    assert ticket.number in sees(town, ANI), "her id still is hers"
    row = town.rows("select peer, phone from conversation where channel = 'whatsapp' order by id")
    assert [tuple(r) for r in row] == [(ANI, ""), (BUDI, NUMBER)]


def test_news_of_a_recycled_number_go_to_the_id_alone(town: Town):
    town.office("DISHUB", "501")
    reported(town, ANI, NUMBER)
    town.take(wa.message(town, BUDI, "halo", aliases=(NUMBER,)))
    town.deliver()
    town.take(wa.message(town, ANI, "status"))
    assert {(m.peer, m.aliases) for m in town.deliver()} == {(ANI, ())}


def test_a_number_silent_for_months_is_not_linked_to_a_new_id(town: Town):
    ticket = reported(town, NUMBER)
    town.clock.forward(days=61)
    assert ticket.number not in sees(town, BUDI, NUMBER)


def test_a_number_alone_begins_anew_after_months_and_the_code_brings_back(town: Town):
    ticket = reported(town, NUMBER)
    town.clock.forward(days=59)
    assert ticket.number in sees(town, NUMBER)
    town.clock.forward(days=61)
    said = sees(town, NUMBER)
    assert ticket.number not in said
    assert "lama kami tidak mendengar" in said
    town.take(wa.message(town, NUMBER, f"{ticket.number} {town.house.code(ticket.number)}"))
    town.deliver()
    assert ticket.number in sees(town, NUMBER)
    assert "ticket-source" not in town.breaches()


def test_an_id_is_known_after_any_silence(town: Town):
    ticket = reported(town, ANI, NUMBER)
    town.clock.forward(days=400)
    assert ticket.number in sees(town, ANI, NUMBER)


@pytest.mark.parametrize("new", [(ANI_NEW, OTHER_NUMBER), (OTHER_NUMBER,)])
@pytest.mark.parametrize("old", [(ANI, NUMBER), (NUMBER,)])
def test_a_changed_number_asks_for_the_code_first(town: Town, old: tuple[str, ...], new: tuple[str, ...]):
    ticket = reported(town, *old)
    town.take(wa.renumbered(town, old[-1], OTHER_NUMBER))
    town.take(wa.message(town, new[0], "halo", aliases=new[1:]))
    said = [m.text for m in town.deliver()]
    assert any("nomor lama" in words for words in said)
    assert ticket.number not in sees(town, *new)
    town.take(wa.message(town, new[0], f"{ticket.number} AAAAAAAA", aliases=new[1:]))
    assert any("tidak cocok" in m.text for m in town.deliver())
    assert ticket.number not in sees(town, *new)
    town.take(wa.message(town, new[0], f"{ticket.number} {town.house.code(ticket.number)}", aliases=new[1:]))
    assert any("kodenya cocok" in m.text for m in town.deliver())
    assert ticket.number in sees(town, *new)
    assert set(town.breaches()) <= {"groups"}, "no office has a group here"


def test_a_changed_number_without_reports_is_greeted_like_any_other(town: Town):
    town.take(wa.message(town, NUMBER, "halo"))
    town.take(wa.renumbered(town, NUMBER, OTHER_NUMBER))
    town.deliver()
    town.take(wa.message(town, OTHER_NUMBER, "halo"))
    said = [m.text for m in town.deliver()]
    assert said
    assert not any("nomor lama" in words for words in said)


def test_news_wait_while_a_changed_number_is_not_confirmed_and_then_arrive(town: Town):
    ticket = reported(town, ANI, NUMBER)
    town.take(wa.renumbered(town, ANI, ANI_NEW, NUMBER))
    _relay(town, ticket)
    assert town.deliver() == []
    assert town.value("select count(*) from outbox_message where state = 'held'") == 1
    code = town.house.code(ticket.number)
    town.take(wa.message(town, ANI_NEW, f"{ticket.number} {code}", aliases=(OTHER_NUMBER,)))
    said = town.deliver()
    assert {m.peer for m in said} == {ANI_NEW}
    assert any("Tiang nomor berapa" in m.text for m in said)
    assert set(town.breaches()) <= {"groups"}, "no office has a group here"


def _relay(town: Town, ticket: Ticket) -> None:
    from tickets.notices import relay_to_citizen
    from usecases.tell import tell

    told = relay_to_citizen(ticket, town.house.city, "Tiang nomor berapa?")
    town.do(lambda unit: tell(unit, town.house, ticket, told, key="relay:1"))


def test_the_old_number_s_next_owner_starts_with_nothing(town: Town):
    ticket = reported(town, NUMBER)
    town.take(wa.renumbered(town, NUMBER, OTHER_NUMBER))
    assert ticket.number not in sees(town, NUMBER)
    assert ticket.number not in sees(town, BUDI, NUMBER)


def test_the_code_of_a_report_helps_nobody_without_a_reason(town: Town):
    """Number and code alone open nothing: only somebody who may be the same person is asked for them."""
    ticket = reported(town, ANI, NUMBER)
    town.take(wa.message(town, BUDI, f"{ticket.number} {town.house.code(ticket.number)}", aliases=(OTHER_NUMBER,)))
    town.deliver()
    assert ticket.number not in sees(town, BUDI, OTHER_NUMBER)


def test_codes_cannot_be_tried_out(town: Town):
    ticket = reported(town, NUMBER)
    town.take(wa.renumbered(town, NUMBER, OTHER_NUMBER))
    for n in range(6):
        town.take(wa.message(town, OTHER_NUMBER, f"{ticket.number} AAAAAAA{n}"))
    town.deliver()
    right = f"{ticket.number} {town.house.code(ticket.number)}"
    town.take(wa.message(town, OTHER_NUMBER, right))
    assert any("satu jam lagi" in m.text for m in town.deliver())
    town.clock.forward(hours=1, minutes=1)
    town.take(wa.message(town, OTHER_NUMBER, right))
    assert any("kodenya cocok" in m.text for m in town.deliver())


def test_a_change_told_twice_is_one_change(town: Town):
    reported(town, NUMBER)
    event = wa.renumbered(town, NUMBER, OTHER_NUMBER)
    town.take(event)
    town.take(event)
    assert town.value("select count(*) from identity_break") == 1


def test_telegram_people_are_asked_nothing(town: Town):
    ticket = town.report("1001")
    town.deliver()
    town.take(town.message("1002", f"{ticket.number} {town.house.code(ticket.number)}"))
    town.deliver()
    assert town.value("select count(*) from conversation where phone <> '' or window_until is not null") == 0


@pytest.mark.parametrize(
    "proof",
    [
        test_two_chats_become_one_when_id_and_number_come_together,
        test_two_chats_that_become_one_follow_each_report_once_and_never_their_own,
        test_a_recycled_number_shows_nobody_else_s_reports,
        test_news_wait_while_a_changed_number_is_not_confirmed_and_then_arrive,
        test_codes_cannot_be_tried_out,
    ],
)
def test_on_postgresql_too(on_postgres: str, towns: Callable[..., Town], proof: Callable[[Town], None]):
    proof(towns(on_postgres))


def test_two_workers_hear_the_same_new_person_at_once(workers: tuple[Town, Town]):
    """First messages, with and without the number, in two processes: one chat, one person, nothing lost."""
    first, _ = workers
    for n in range(6):
        number, scoped = f"62812000{n:05d}", f"ID.orang{n}"
        events = [
            wa.message(first, scoped, "halo", aliases=(number,)),
            wa.message(first, number, "lampu mati"),
            wa.message(first, scoped, "di depan SDN 3", aliases=(number,)),
            wa.message(first, scoped, "halo?"),
        ]
        with ThreadPoolExecutor(4) as pool:
            futures = [
                pool.submit(_take_patiently, town, event)
                for town, event in zip(itertools.cycle(workers), events, strict=False)
            ]
            assert all(future.result(60) for future in futures)
    for _ in range(3):  # who lost a race for the number is thought about a moment later
        first.clock.forward(seconds=6)
        first.think_again()
    rows = first.rows("select peer, phone from conversation where channel = 'whatsapp' and reachable = 'ok'")
    by_id = {row.peer for row in rows if row.peer.startswith("ID.")}
    assert len(by_id) == 6
    numbers = [row.phone for row in rows if row.phone]
    assert len(numbers) == len(set(numbers))
    assert first.value("select count(*) from inbox_event where state = 'done'") == 24


def _take_patiently(town: Town, event: Inbound) -> bool:
    """As the platform does: what was refused comes again."""
    for _ in range(5):
        try:
            town.take(event)
            return True
        except Unavailable:
            continue
    return False


def test_the_code_that_proves_who_reported_is_told_to_nobody_else(town: Town):
    """ "Saya juga" brings the news of a report, not its proof: with it a follower could take the reporter's place."""
    ticket = town.report("1001")
    follower = town.chat("1002")
    town.do(lambda unit: unit.tickets.follow(ticket.id, follower.person, follower.id))
    town.deliver()
    for peer, told in (("1001", True), ("1002", False)):
        town.take(town.message(peer, "status"))
        (answer,) = town.deliver()
        assert ticket.number in answer.text
        assert (town.house.code(ticket.number) in answer.text) is told
