"""Officers one to one: cards with buttons in a chat of their own, the first one wins, outside the window a template."""

from collections.abc import Callable
from typing import Any

import pytest

from conversations.inbound import Attachment, MediaKind
from tests.usecases import wa
from tests.usecases.town import Town, button
from tickets.ticket import Status, Ticket
from usecases import binding, collect
from usecases.buttons import seal
from usecases.ports import Outgoing
from usecases.records import Stored

SARI, TONO, RINA = "ID.sari", "ID.tono", "ID.rina"
CODES = {SARI: "ABCDE23456", TONO: "FGHJK23456"}


@pytest.fixture
def town(on_sqlite: str, towns: Callable[..., Town]) -> Town:
    """Most proofs run on SQLite; those at the end of this file on PostgreSQL too."""
    return towns(on_sqlite)


def enlist(town: Town, who: str, agency: str = "DISHUB", role: str = "officer") -> list[Outgoing]:
    town.do(lambda unit: binding.invite(unit, agency, role, CODES[who]))
    town.take(wa.message(town, who, f"HUBUNGKAN {CODES[who]}", sender_name=f"Petugas {who[3:]}"))
    return town.deliver()


def to(sent: list[Outgoing], who: str) -> list[Outgoing]:
    return [message for message in sent if message.peer == who]


def take_up(town: Town, who: str, sent: list[Outgoing], label: str = "terima") -> list[Outgoing]:
    town.take(wa.press(town, who, button(sent, label, who).data))
    return town.deliver()


# -- admission ------------------------------------------------------------------------------------------


def test_a_typed_code_makes_an_officer_of_a_private_chat(town: Town):
    (welcome,) = enlist(town, SARI, role="group")
    assert "Dinas Perhubungan" in welcome.text
    assert [tuple(row) for row in town.rows("select name, role, state from officer")] == [
        ("Petugas sari", "supervisor", "active")
    ]
    assert town.value("select count(*) from agency_chat") == 0, "a private chat is nobody's group"
    assert town.value("select on_duty from officer_chat")


def test_a_code_works_once(town: Town):
    enlist(town, SARI)
    town.take(wa.message(town, TONO, f"hubungkan {CODES[SARI]}"))
    assert town.value("select count(*) from officer") == 1


def test_codes_cannot_be_tried_out(town: Town):
    for n in range(6):
        town.take(wa.message(town, TONO, f"HUBUNGKAN ABCDE2345{n + 2}"))
    town.do(lambda unit: binding.invite(unit, "DISHUB", "officer", CODES[TONO]))
    town.take(wa.message(town, TONO, f"HUBUNGKAN {CODES[TONO]}"))
    assert town.value("select count(*) from officer") == 0
    assert "satu jam lagi" in town.deliver()[-1].text


@pytest.mark.parametrize(
    "words", ["hubungkan saya dengan dinas", "dinas mulai", "daftar petugas kebersihan", "Petugas"]
)
def test_a_citizen_s_words_are_no_commands(town: Town, words: str):
    town.take(wa.message(town, RINA, words))
    said = town.deliver()
    assert said
    assert not [m for m in said if "Kode" in m.text or "dinas Anda" in m.text]


def test_a_colleague_is_approved_by_a_registered_officer(town: Town):
    enlist(town, SARI)
    town.take(wa.message(town, RINA, "daftar petugas dishub", sender_name="Rina"))
    asked = town.deliver()
    assert town.value("select state from officer where name = 'Rina'") == "pending"
    assert [m for m in to(asked, RINA) if "sudah kami teruskan" in m.text]
    ticket = town.report()
    assert not [m for m in to(town.deliver(), RINA) if ticket.number in m.text], "not before the approval"
    told = take_up(town, SARI, asked, "setujui")
    assert [m for m in to(told, RINA) if "Selamat bergabung" in m.text]
    assert to(_card(town), RINA)


def test_nobody_enlists_where_nobody_can_approve(town: Town):
    town.take(wa.message(town, RINA, "DAFTAR PETUGAS DISHUB", sender_name="Rina"))
    assert "belum memiliki petugas" in town.deliver()[-1].text
    assert town.value("select count(*) from officer") == 0


# -- cards ----------------------------------------------------------------------------------------------


def _card(town: Town) -> list[Outgoing]:
    town.report("2002")
    return town.deliver()


def test_every_officer_on_duty_gets_the_card_and_the_first_one_wins(town: Town):
    enlist(town, SARI)
    enlist(town, TONO)
    ticket = town.report()
    sent = town.deliver()
    assert [m.edit_of for m in to(sent, SARI)] == [""]
    assert to(sent, TONO)
    after = take_up(town, SARI, sent)
    assert town.ticket(ticket.id).officer_name == "Petugas sari"
    assert [m for m in to(after, TONO) if "sudah diterima oleh Petugas sari" in m.text]
    assert [b.label for m in to(after, SARI) for row in m.rows for b in row][:1] == ["Mulai"]
    late = take_up(town, TONO, sent)
    assert [m for m in to(late, TONO) if "Petugas sari" in m.text]
    assert town.value("select count(*) from ticket_event where action = 'acknowledge'") == 1


def test_who_is_off_duty_gets_no_cards(town: Town):
    enlist(town, SARI)
    enlist(town, TONO)
    town.take(wa.message(town, TONO, "Dinas selesai"))
    assert "selesai" in town.deliver()[-1].text
    assert not to(_card(town), TONO)
    town.take(wa.message(town, TONO, "DINAS MULAI"))
    (answer,) = town.deliver()
    assert "belum diterima: 1" in answer.text
    town.take(wa.press(town, TONO, button([answer], "Selesai dinas").data))
    town.deliver()
    assert not to(_card(town), TONO)


def test_with_nobody_on_duty_the_triage_desk_is_told(town: Town):
    enlist(town, SARI)
    town.office(town.house.city.triage, "601", peer="-600")
    town.take(wa.message(town, SARI, "dinas selesai"))
    town.deliver()
    assert to(_card(town), "-600")


def test_group_and_private_chats_work_side_by_side(town: Town):
    group = town.office("DISHUB", "501")
    enlist(town, SARI)
    ticket = town.report()
    sent = town.deliver()
    assert to(sent, group.peer)
    assert to(sent, SARI)
    data = button(sent, "terima", group.peer).data
    town.take(town.press(group.peer, data, sender="501", group=True))
    told = town.deliver()
    assert town.ticket(ticket.id).status is Status.ACKNOWLEDGED
    assert [m for m in to(told, SARI) if "Petugas 501" in m.text]
    assert len(to(told, SARI)) == 1, "one line, not another card"


def test_a_whole_ticket_by_whatsapp_alone(town: Town):
    """Question and answer without quoting, done with a plain sentence, confirmed by the citizen."""
    enlist(town, SARI)
    ticket = town.report("ID.ani", channel=wa.WHATSAPP)
    town.take(wa.message(town, "ID.ani", "halo"))
    sent = town.deliver()
    sent = take_up(town, SARI, sent)
    sent = take_up(town, SARI, sent, "tanya warga")
    town.take(wa.message(town, SARI, "Di tiang nomor berapa?"))
    heard = to(town.deliver(), "ID.ani")
    assert [m for m in heard if "tiang nomor berapa" in m.text]
    town.take(wa.press(town, "ID.ani", button(heard, "Jawab petugas").data))
    town.deliver()
    town.take(wa.message(town, "ID.ani", "Nomor 12"))
    sent = town.deliver()
    assert [m for m in to(sent, SARI) if "Nomor 12" in m.text]
    assert town.ticket(ticket.id).status is not Status.WAITING_CITIZEN
    if town.ticket(ticket.id).status is Status.ACKNOWLEDGED:
        sent = take_up(town, SARI, sent, "mulai")
    sent = take_up(town, SARI, sent, "selesai")
    town.take(wa.message(town, SARI, "Lampu sudah kami ganti dengan yang baru"))
    asked = to(town.deliver(), "ID.ani")
    assert town.ticket(ticket.id).status is Status.RESOLVED
    town.take(wa.press(town, "ID.ani", button(asked, "Sudah beres").data))
    assert town.ticket(ticket.id).status is Status.CLOSED
    town.deliver()
    town.take(wa.message(town, SARI, "sampah menumpuk di depan rumah saya"))
    assert to(town.deliver(), SARI), "what an officer says next may be a report of their own"
    assert town.value("select count(*) from ticket_event where action = 'tell'") == 0


def test_photos_cross_to_whoever_works_on_it(town: Town):
    """Cleaned after the card went out: they follow to the officers on duty, later to its holder alone."""
    enlist(town, SARI)
    enlist(town, TONO)
    ticket = town.report()
    sent = town.deliver()
    _photo(town, ticket, 1)
    followed = [m for m in town.deliver() if m.photos]
    assert {m.peer for m in followed} == {SARI, TONO}
    take_up(town, SARI, sent)
    _photo(town, ticket, 2)
    assert {m.peer for m in town.deliver() if m.photos} == {SARI}


def _photo(town: Town, ticket: Ticket, number: int) -> None:
    chat = town.chat("1001")
    taken = Attachment(MediaKind.PHOTO, f"ref{number}")
    town.do(lambda unit: unit.media.add(chat, f"m:{number}", 0, taken, purpose="report", ticket=ticket.id))
    made = town.value("select max(id) from media")
    file = Stored(f"{number:064x}", "image/jpeg", 10)
    town.do(lambda unit: collect.stored(unit, town.house, made, file))


def test_a_supervisor_ends_an_officer_s_rights(town: Town):
    enlist(town, SARI, role="group")
    enlist(town, TONO)
    ticket = town.report()
    data = button(town.deliver(), "terima", TONO).data
    town.take(wa.message(town, TONO, "/petugas", command="petugas"))
    listed = town.deliver()
    town.take(wa.press(town, TONO, button(listed, "Cabut: Petugas sari").data))
    assert "Hanya koordinator" in town.deliver()[-1].text, "an officer cannot"
    town.take(wa.message(town, SARI, "/petugas", command="petugas"))
    town.take(wa.press(town, SARI, button(town.deliver(), "Cabut: Petugas tono").data))
    assert "bukan lagi petugas" in town.deliver()[-1].text
    town.take(wa.press(town, TONO, data))
    assert town.ticket(ticket.id).status is Status.ASSIGNED
    town.deliver()
    assert not to(_card(town), TONO)


def test_an_officer_whose_number_changed_keeps_no_tickets_from_others(town: Town):
    enlist(town, SARI)
    town.office(town.house.city.triage, "601", peer="-600")
    town.take(wa.renumbered(town, SARI, "6281200009999"))
    assert to(_card(town), "-600")
    town.take(wa.message(town, "6281200009999", "dinas mulai"))
    town.deliver()
    assert not to(_card(town), "6281200009999"), "the new number needs a new code"


def test_nobody_asks_all_offices(town: Town):
    agencies = [code for code in town.house.city.catalogue.agencies if code != "DISHUB"][:6]
    for code in agencies:
        town.office(code, f"9{agencies.index(code)}", peer=f"-7{agencies.index(code)}")
        town.take(wa.message(town, RINA, f"daftar petugas {code}", sender_name="Rina"))
    assert town.value("select count(*) from officer where state = 'pending'") == 5
    assert "satu jam lagi" in to(town.deliver(), RINA)[-1].text


def test_an_officer_s_own_chat_on_telegram_works_too(town: Town):
    town.do(lambda unit: binding.invite(unit, "DISHUB", "officer", "ABCDE23456"))
    town.take(town.message("501", "ABCDE23456", command="hubungkan", sender_name="Joko"))
    town.deliver()
    ticket = town.report("1001")
    sent = town.deliver()
    town.take(town.press("501", button(sent, "terima", "501").data, sender_name="Joko"))
    again = to(town.deliver(), "501")
    assert town.ticket(ticket.id).officer_name == "Joko"
    assert [m.edit_of for m in again if m.rows] == [to(sent, "501")[-1].edit_of or f"out-{to(sent, '501')[-1].id}"]
    town.take(town.message("501", "selesai", command="dinas"))
    assert "selesai" in town.deliver()[-1].text


# -- the window -----------------------------------------------------------------------------------------


def test_outside_the_window_the_card_comes_as_a_template(town: Town):
    wa.approve(town)
    enlist(town, SARI)
    town.clock.forward(hours=25)
    ticket = town.report()
    (card,) = to(town.deliver(), SARI)
    assert card.template is not None
    assert card.template.name == "sahut_tiket_petugas"
    assert card.template.values[0] == ticket.number
    town.take(wa.press(town, SARI, card.template.buttons[1]))
    (shown,) = [m for m in to(town.deliver(), SARI) if m.rows]
    assert shown.template is None
    assert "Lampu jalan mati" in shown.text
    town.take(wa.press(town, SARI, card.template.buttons[0]))
    assert town.ticket(ticket.id).status is Status.ACKNOWLEDGED


def test_a_card_without_a_template_waits_and_comes_in_its_newest_state(town: Town):
    enlist(town, SARI)
    enlist(town, TONO)
    town.clock.forward(hours=25)
    ticket = town.report()
    assert not [m for m in town.deliver() if m.channel == wa.WHATSAPP]
    town.take(wa.message(town, TONO, "/antrean", command="antrean"))
    said = town.deliver()
    take_up(town, TONO, said)
    assert town.ticket(ticket.id).status is Status.ACKNOWLEDGED
    town.take(wa.message(town, SARI, "halo"))
    said = to(town.deliver(), SARI)
    assert not [b for m in said for row in m.rows for b in row if b.label == "Terima"], "it is Tono's by now"


# -- who may --------------------------------------------------------------------------------------------


def test_a_card_s_button_works_for_its_own_chat_only(town: Town):
    enlist(town, SARI)
    ticket = town.report()
    data = button(town.deliver(), "terima", SARI).data
    town.take(wa.press(town, RINA, data))
    assert town.ticket(ticket.id).status is Status.ASSIGNED
    forged = seal(town.house.key, _chat(town, RINA), f"card:{ticket.id}:acknowledge")
    town.take(wa.press(town, RINA, forged))
    assert town.ticket(ticket.id).status is Status.ASSIGNED


def test_a_revoked_officer_s_chat_is_a_citizen_s(town: Town):
    enlist(town, SARI)
    ticket = town.report()
    data = button(town.deliver(), "terima", SARI).data
    town.execute("update officer set state = 'revoked'")
    town.take(wa.press(town, SARI, data))
    assert town.ticket(ticket.id).status is Status.ASSIGNED
    town.deliver()
    assert not to(_card(town), SARI)


def test_another_office_s_ticket_stays_closed(town: Town):
    enlist(town, SARI, "DLH")
    ticket: Ticket = town.report()
    assert not to(town.deliver(), SARI)
    forged: Any = seal(town.house.key, _chat(town, SARI), f"card:{ticket.id}:acknowledge")
    town.take(wa.press(town, SARI, forged))
    assert town.ticket(ticket.id).status is Status.ASSIGNED


def _chat(town: Town, who: str) -> int:
    return town.chat(who, channel=wa.WHATSAPP).id


@pytest.mark.parametrize(
    "proof",
    [
        test_every_officer_on_duty_gets_the_card_and_the_first_one_wins,
        test_a_colleague_is_approved_by_a_registered_officer,
        test_a_whole_ticket_by_whatsapp_alone,
    ],
)
def test_on_postgresql_too(on_postgres: str, towns: Callable[..., Town], proof: Callable[[Town], None]):
    proof(towns(on_postgres))
