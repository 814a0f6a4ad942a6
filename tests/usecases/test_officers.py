"""F20, F21, F24, F25: who may act on a ticket, who is first, and what reaches whom through a card."""

import itertools
import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from conversations.inbound import Kind
from tests.usecases.town import Town, button, buttons
from tickets.ticket import Status
from usecases import receive
from usecases.buttons import seal
from usecases.ports import Outgoing
from usecases.records import Chat

OFFICER, COLLEAGUE, STRANGER, FOREIGN = "501", "502", "777", "601"


def posted(town: Town, peer: str) -> list[Outgoing]:
    return [message for message in town.deliver() if message.peer == peer]


# -- two at once --------------------------------------------------------------------------------------


def test_of_officers_who_press_at_once_one_wins_and_the_others_are_told_who(workers: tuple[Town, Town]):
    first, _ = workers
    group = first.office("DISHUB", *(str(500 + n) for n in range(4)))
    for n in range(6):
        first.report(str(n))
    cards = [m for m in posted(first, group.peer) if m.rows]
    assert len(cards) == 6
    presses = []
    for card in cards:
        data = button([card], "terima").data
        presses += [
            first.press(group.peer, data, sender=str(500 + n), group=True, sender_name=f"P{n}") for n in range(4)
        ]
    with ThreadPoolExecutor(8) as pool:
        futures = [
            pool.submit(town.do, lambda unit, town=town, press=press: receive.take(unit, town.house, [press]))  # type: ignore[misc]
            for press, town in zip(presses, itertools.cycle(workers), strict=False)
        ]
        toasts = [future.result(60).receipts[0].toast for future in futures]
    while first.think_again():
        pass
    assert first.value("select count(*) from ticket where status = 'acknowledged'") == 6
    assert first.value("select count(*) from ticket_event where action = 'acknowledge'") == 6
    taken = [toast for toast in toasts if re.search(r"Petugas 50\d", toast)]
    won = [toast for toast in toasts if toast.startswith("Diterima")]
    unheard = [toast for toast in toasts if not toast]  # kept for the retry path: the chat was being thought about
    assert len(won) <= 6
    assert len(taken) + len(won) + len(unheard) == 24
    assert "history" not in first.breaches()


def test_the_second_officer_is_told_who_was_first_and_when(town: Town):
    group = town.office("DISHUB", OFFICER, COLLEAGUE)
    town.report()
    data = button(posted(town, group.peer), "terima").data
    assert town.take(town.press(group.peer, data, sender=OFFICER, group=True))[0].toast.startswith("Diterima")
    told = town.take(town.press(group.peer, data, sender=COLLEAGUE, group=True))[0].toast
    assert "Petugas 501" in told
    assert "09.00" in told


# -- who may ------------------------------------------------------------------------------------------


WHO = (OFFICER, FOREIGN, STRANGER, "revoked", "pending", "ops")


def test_only_the_right_officer_in_the_right_chat_moves_a_ticket(town: Town):
    """F21, F24: the seal fits in every chat here, so that only the rules of admission decide."""
    chats = {
        "own group": town.office("DISHUB", OFFICER, "revoked", "pending"),
        "head's chat": town.office("DISHUB", role="head", peer="-100HEAD"),
        "other office": town.office("DLH", FOREIGN),
        "centre": town.office(town.house.city.triage, role="ops", peer="-100OPS"),
        "nowhere": town.chat("-100NOWHERE", group=True),
        "private": town.chat("9"),
    }

    def ranks(unit: Any) -> None:
        for name in ("revoked", "pending"):
            person = unit.chats.person("telegram", name, name, "id")
            unit.agencies.set_officer(person, "DISHUB", name, role="officer", state=name)
        person = unit.chats.person("telegram", "ops", "Pusat", "id")
        unit.agencies.set_officer(person, town.house.city.triage, "Pusat", role="ops", state="active")

    town.do(ranks)
    moved = {(who, where) for who in WHO for where, chat in chats.items() if _moves(town, who, chat)}
    assert moved == {(OFFICER, "own group"), (OFFICER, "head's chat"), (OFFICER, "centre")}
    assert town.value("select count(*) from officer where state = 'active'") == 3, "pressing admits nobody"


def _moves(town: Town, who: str, chat: Chat) -> bool:
    """Does this person take up a fresh ticket by pressing in this chat? A refusal says why."""
    ticket = town.report(f"c{who}{chat.id}")
    data = seal(town.house.key, chat.id, f"card:{ticket.id}:acknowledge")
    toast = town.take(town.press(chat.peer, data, sender=who, group=chat.group))[0].toast
    status = town.ticket(ticket.id).status
    assert toast or status is Status.ACKNOWLEDGED
    assert status in (Status.ASSIGNED, Status.ACKNOWLEDGED)
    return status is Status.ACKNOWLEDGED


def test_leaving_the_group_ends_the_right_to_act(town: Town):
    group = town.office("DISHUB", OFFICER)
    town.report()
    data = button(posted(town, group.peer), "terima").data
    town.take(town.message(group.peer, kind=Kind.MEMBER, membership="left", sender=OFFICER, group=True))
    assert town.take(town.press(group.peer, data, sender=OFFICER, group=True))[0].toast
    assert town.value("select status from ticket") == "assigned"


def test_an_anonymous_admin_is_nobody(town: Town):
    """F25: the seat of an anonymous admin may not be admitted, press, answer or connect."""
    group = town.office("DISHUB", OFFICER)
    town.report()
    data = button(posted(town, group.peer), "terima").data
    anonymous: dict[str, Any] = {"sender": "1087968824", "anonymous": True, "group": True}
    assert "anonim" in town.take(town.press(group.peer, data, **anonymous))[0].toast
    town.take(town.message(group.peer, command="hubungkan", text="ABCDE", **anonymous))
    assert any("anonim" in m.text for m in posted(town, group.peer))
    assert town.value("select status from ticket") == "assigned"
    assert town.value("select count(*) from officer") == 1


def test_asking_to_join_and_being_admitted_by_one_who_is_in(town: Town):
    group = town.office("DISHUB", OFFICER)
    town.report()
    data = button(posted(town, group.peer), "terima").data
    town.take(town.press(group.peer, data, sender=STRANGER, group=True, sender_name="Joko"))
    asked = posted(town, group.peer)
    admit = button(asked, "terima").data if any("terima" in b.label.casefold() for b in buttons(asked)) else ""
    admit = admit or buttons(asked)[0].data
    town.take(town.press(group.peer, admit, sender=STRANGER, group=True, sender_name="Joko"))
    assert town.value("select state from officer where name = 'Joko'") == "pending", "nobody admits himself"
    town.take(town.press(group.peer, admit, sender=OFFICER, group=True))
    assert town.value("select state from officer where name = 'Joko'") == "active"
    town.take(town.press(group.peer, data, sender=STRANGER, group=True, sender_name="Joko"))
    assert town.value("select officer_name from ticket") == "Joko"


def test_a_code_binds_one_chat_once_and_only_while_it_lives(town: Town):
    from usecases import binding

    town.do(lambda unit: binding.invite(unit, "DISHUB", "group", "ABCDE FGHJK"))

    def connect(peer: str, code: str) -> None:
        town.take(town.message(peer, command="hubungkan", text=code, sender="1", sender_name="Ani", group=True))

    connect("-1001", "wrong code")
    assert town.value("select count(*) from agency_chat") == 0
    connect("-1001", "abcde-fghjk extra")
    connect("-1002", "ABCDEFGHJK")
    assert [tuple(r) for r in town.rows("select agency, role from agency_chat")] == [("DISHUB", "group")]
    bound = town.value("select c.peer from agency_chat a join conversation c on c.id = a.conversation_id")
    assert bound == "-1001"
    town.do(lambda unit: binding.invite(unit, "DLH", "group", "ZZZZZ ZZZZZ"))
    town.clock.forward(days=8)
    connect("-1003", "ZZZZZZZZZZ")
    assert town.value("select count(*) from agency_chat") == 1


def test_a_groups_code_in_a_private_chat_is_told_as_what_it_is(town: Town):
    """Nobody else is in that chat: no group is spoken of, and no colleague is asked to press."""
    from usecases import binding

    town.do(lambda unit: binding.invite(unit, "DISHUB", "group", "ABCDE FGHJK"))
    town.take(town.message("77", command="hubungkan", text="ABCDEFGHJK", sender="77", sender_name="Ani"))
    (answer,) = town.deliver()
    assert "percakapan pribadi" in answer.text
    assert not answer.rows


# -- between citizen and office ------------------------------------------------------------------------


def test_words_go_both_ways_and_nobody_learns_who_the_other_is(town: Town):
    """A rahasia report: neither name nor platform id nor phone number of the citizen reaches the group."""
    group = town.office("DISHUB", OFFICER)
    town.report("81234567890", text="Lampu mati, hubungi saya di 0812-3456-7890, NIK 3275011234567890")
    card = posted(town, group.peer)
    secret = re.compile(r"81234567890|0812|3456-7890|3275011234567890|Warga 8123")
    assert not [m.text for m in card if secret.search(m.text)]
    message_id = town.value("select platform_message_id from outbox_message where kind = 'card'")
    reply = town.message(group.peer, "Di tiang nomor berapa, Pak?", sender=OFFICER, group=True, reply_to=message_id)
    town.take(reply)
    heard = posted(town, "81234567890")
    assert any("tiang nomor berapa" in m.text for m in heard)
    assert not [m.text for m in heard if "Petugas 501" in m.text or OFFICER in m.text]
    quoted = town.value(
        "select o.platform_message_id from outbox_message o join conversation c on c.id = o.conversation_id"
        " where c.peer = '81234567890' order by o.id desc"
    )
    answer = town.message("81234567890", "Nomor 12, telepon saya 081234567890", reply_to=quoted)
    town.take(answer)
    said = posted(town, group.peer)
    assert any("Nomor 12" in m.text for m in said), [m.text for m in said]
    assert not [m.text for m in said if secret.search(m.text)]


def test_what_people_say_to_each_other_in_a_group_is_none_of_our_business(town: Town):
    group = town.office("DISHUB", OFFICER)
    town.report()
    town.deliver()
    town.take(town.message(group.peer, "besok rapat jam 8", sender=OFFICER, group=True))
    town.take(town.message(group.peer, "siap", sender=STRANGER, group=True, reply_to="999999"))
    assert town.deliver() == []


def test_a_stranger_s_reply_to_a_card_reaches_no_citizen(town: Town):
    group = town.office("DISHUB", OFFICER)
    town.report()
    town.deliver()
    card = town.value("select platform_message_id from outbox_message where kind = 'card'")
    town.take(town.message(group.peer, "bayar dulu", sender=STRANGER, group=True, reply_to=card))
    assert not posted(town, "1001")
