"""Who asked to stay unnamed is not named by our messages to offices, whatever they wrote."""

from __future__ import annotations

from tests.usecases.town import Town
from tickets.moves import Action, Actor, Details, Role
from tickets.ticket import Ticket
from usecases.change import change
from usecases.ports import Outgoing
from usecases.records import Chat

WORDS = "Saya Zulkarnain rt 03, lampu mati depan rumah. Surel zulkarnain.harahap@example.co.id"


def named(town: Town, peer: str = "1001", name: str = "Zulkarnain Harahap") -> None:
    town.chat(peer)
    town.execute("update person set name = :name", name=name)


def seen(said: list[Outgoing], chat: Chat) -> str:
    return "\n".join(m.text for m in said if m.peer == chat.peer)


def secret(town: Town, **draft: object) -> tuple[Chat, Ticket, str]:
    group = town.office("DISHUB", "501")
    named(town)
    ticket = town.report(text=WORDS, **draft)
    return group, ticket, seen(town.deliver(), group)


def test_the_card_and_its_history_do_not_name_who_is_unnamed(town: Town):
    group, ticket, card = secret(town)
    town.take(town.message(group.peer, ticket.number, command="tiket", sender="501", group=True))
    for text in (card, seen(town.deliver(), group)):
        assert "[NAMA] rt 03" in text
        assert "dirahasiakan" in text
        assert "ulkarnain" not in text
        assert "[EMAIL]" in text


def test_who_agreed_to_be_named_is_named(town: Town):
    _, _, card = secret(town, named=True)
    assert "Saya Zulkarnain rt 03" in card
    assert "Pelapor: Zulkarnain Harahap" in card


def test_a_long_report_is_hidden_to_its_end(town: Town):
    group = town.office("DISHUB", "501")
    named(town)
    ticket = town.report(text="lampu mati " * 300 + "tertanda zulkarnain")
    town.deliver()
    town.take(town.message(group.peer, ticket.number, command="tiket", sender="501", group=True))
    text = seen(town.deliver(), group)
    assert "tertanda [NAMA]" in text
    assert "zulkarnain" not in text


def test_what_is_said_later_is_hidden_too(town: Town):
    group, ticket, _ = secret(town)
    reporter = Actor(Role.CITIZEN, ticket.reporter)
    town.execute("update ticket set status = 'resolved', resolved_at = opened_at")
    no = Details(note="Belum. Zulkarnain")
    now = town.ticket(ticket.id)
    town.do(lambda unit: change(unit, town.house, now, Action.REOPEN, reporter, no))
    said = seen(town.deliver(), group)
    assert said.count("Belum. [NAMA]") == 2, "in the news and on the card"
    town.take(town.message(group.peer, ticket.number, command="tiket", sender="501", group=True))
    said += seen(town.deliver(), group)
    assert "ulkarnain" not in said
    assert town.breaches() == {}
