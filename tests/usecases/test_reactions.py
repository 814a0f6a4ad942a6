"""A sign below one of our messages: a nod is left alone, a supposed answer gets a helpful word."""

from __future__ import annotations

from typing import Any

from tests.usecases import wa
from tests.usecases.town import Town
from tickets.moves import Action, Actor, Details, Role
from usecases.change import change

SITI = "6281200001111"


def react(town: Town, to: str) -> list[str]:
    town.take(wa.message(town, SITI, unreadable="reaction", reply_to=to))
    return [message.text for message in town.deliver() if message.peer == SITI]


def newest(town: Town) -> str:
    return str(town.value("select max(id) from outbox_message where state = 'sent'"))


def moved(town: Town, ticket_id: int, action: Action, **details: Any) -> None:
    ticket = town.ticket(ticket_id)
    actor = Actor(Role.OFFICER, 1, "Petugas", ticket.agency)
    town.do(lambda unit: change(unit, town.house, ticket, action, actor, Details(**details)))


def test_a_nod_is_no_message(town: Town):
    town.office("DISHUB", "501")
    town.take(wa.message(town, SITI, "halo"))
    ticket = town.report(SITI, channel=wa.WHATSAPP)
    town.deliver()
    notice = town.value("select max(platform_message_id) from outbox_message where ticket_id = :t", t=ticket.id)
    before = town.value("select count(*) from outbox_message")
    assert react(town, str(notice)) == []
    assert react(town, "wamid.unknown") == []
    assert town.value("select count(*) from outbox_message") == before, "the office hears nothing either"


def test_a_sign_below_an_open_question_is_answered(town: Town):
    town.take(wa.message(town, SITI, "lampu jalan mati di depan SDN 3 Jatiasih"))
    town.deliver()
    [said] = react(town, f"out-{newest(town)}")
    assert "👍" in said


def test_a_sign_below_sudah_beres_is_no_verdict(town: Town):
    town.office("DISHUB", "501")
    town.take(wa.message(town, SITI, "halo"))
    ticket = town.report(SITI, channel=wa.WHATSAPP)
    for action in (Action.ACKNOWLEDGE, Action.START):
        moved(town, ticket.id, action)
    moved(town, ticket.id, Action.DONE, note="Sudah", media=1)
    town.deliver()
    asked = town.value(
        "select platform_message_id from outbox_message where ticket_id = :t and body_json like '%confirm%'",
        t=ticket.id,
    )
    [said] = react(town, str(asked))
    assert "tombol" in said
    assert str(town.ticket(ticket.id).status) == "resolved"
