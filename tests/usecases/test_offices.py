"""Who may act where: two at once, heads in private chats, the operations centre, and what a card shows to whom."""

from __future__ import annotations

import pytest

from conversations.inbound import Attachment, Kind, MediaKind
from conversations.state import Draft, Media
from storage.unit import Unit
from tests.usecases.town import Town, button
from texts.words import OFFICIAL
from tickets.ticket import Status
from usecases import binding, collect, receive
from usecases.buttons import seal
from usecases.deliver import Sent
from usecases.open_ticket import join_ticket
from usecases.ports import Failure, Outgoing, Receipt, SendFailed
from usecases.records import Chat, Stored
from usecases.sight import actable_agencies


def bind(town: Town, agency: str, role: str, *, peer: str, sender: str, group: bool) -> None:
    """By a code, as people do it."""
    code = f"{agency}{role}{peer}2345"
    town.do(lambda unit: binding.invite(unit, agency, role, code))
    town.take(town.message(peer, code, command="hubungkan", sender=sender, group=group))


def test_who_presses_second_is_told_although_the_first_was_still_being_thought_about(workers: tuple[Town, Town]):
    """The loser's press waits for the chat; its toast is gone by then, so the words come as a message."""
    town, other = workers
    group = town.office("DISHUB", "501", "502")
    town.report()
    take = button(town.deliver(), "terima", group.peer)

    def first_one(unit: Unit) -> list[Receipt]:
        taken = receive.take(unit, town.house, [town.press(group.peer, take.data, sender="501", group=True)])
        other.take(other.press(group.peer, take.data, sender="502", group=True))  # meanwhile
        return taken.receipts

    town.do(first_one)
    assert town.think_again() == 1
    said = [message.text for message in town.deliver() if message.peer == group.peer]
    assert any("Petugas 501" in words and "terima" in words.casefold() for words in said if "🔔" not in words), said
    assert any(words.startswith("Sudah") or "sudah" in words for words in said), said


def test_a_head_works_in_a_private_chat(town: Town):
    """A question asked there is answered there: the reply is no report of the head's own."""
    town.office("DISHUB", "501")
    bind(town, "DISHUB", "head", peer="900", sender="900", group=False)
    ticket = town.report()
    town.deliver()
    town.take(town.message("900", ticket.number, command="tiket"))
    said = town.deliver()
    card = [message for message in said if message.peer == "900"]
    town.take(town.press("900", button(card, "terima", "900").data))
    said = town.deliver()
    town.take(town.press("900", button(said, "tanya", "900").data))
    question = next(m for m in reversed(town.deliver()) if m.peer == "900")
    assert question.ask_reply
    town.take(town.message("900", "Tiang nomor berapa yang mati?", reply_to=f"out-{question.id}"))
    assert town.ticket(ticket.id).status is Status.WAITING_CITIZEN
    assert any("Tiang nomor berapa" in m.text for m in town.deliver() if m.peer == "1001")


def test_head_and_operations_centre_see_the_whole_card(town: Town):
    town.office("DISHUB", "501")
    ticket = town.report()
    for role, agency, peer in (("head", "DISHUB", "-900"), ("ops", town.house.city.triage, "-901")):
        bind(town, agency, role, peer=peer, sender=peer, group=True)
        town.deliver()
        town.take(town.message(peer, ticket.number, command="tiket", sender=peer, group=True))
        texts = [message.text for message in town.deliver() if message.peer == peer]
        assert any("Lampu jalan mati" in words for words in texts), (role, texts)
        assert not any("Kini ditangani" in words for words in texts), (role, texts)


def card_in(town: Town, peer: str, number: str) -> Outgoing:
    """The card that /tiket posts there."""
    town.deliver()
    town.take(town.message(peer, number, command="tiket", sender=peer, group=True))
    return next(m for m in reversed(town.deliver()) if m.peer == peer and "Status:" in m.text)


def test_a_card_names_its_office_where_the_chat_is_not_that_office_s_alone(town: Town):
    office = town.house.city.catalogue.agency("DISHUB").name
    desk = town.office(town.house.city.triage, "601", peer="-600")
    ticket = town.report()
    assert office in card_in(town, desk.peer, ticket.number).text, "the desk stands in for an office without a group"
    group = town.office("DISHUB", "501", peer="-500")
    assert office not in card_in(town, group.peer, ticket.number).text
    bind(town, "DISHUB", "head", peer="-700", sender="-700", group=True)
    assert office not in card_in(town, "-700", ticket.number).text
    town.office("DBMSDA", "501", peer="-500")
    assert office in card_in(town, group.peer, ticket.number).text, "now it serves two"


def test_the_operations_centre_gets_the_buttons_it_may_press(town: Town):
    town.office("DISHUB", "501")
    other = town.office("DBMSDA", "601")
    ticket = town.report()
    bind(town, town.house.city.triage, "ops", peer="-901", sender="77", group=True)
    shown = card_in(town, "-901", ticket.number)
    assert town.house.city.catalogue.agency("DISHUB").name in shown.text
    labels = [b.label for row in shown.rows for b in row]
    assert not [label for label in labels if "Terima" in label or "Bukan wewenang" in label]
    town.take(town.press("-901", button([shown], "teruskan").data, sender="77", group=True))
    offices = town.deliver()
    assert not [b for m in offices for row in m.rows for b in row if b.label == "Dishub"], "it has it already"
    receipts = town.take(
        town.press("-901", _stale(town, 1, town.chat("-901", group=True).id, "route:DBMSDA"), sender="77", group=True)
    )
    assert "Diteruskan" in receipts[0].toast
    assert town.ticket(ticket.id).agency == "DBMSDA"
    assert any(m.peer == other.peer for m in town.deliver())


def test_the_whole_of_a_long_report_is_read_with_tiket(town: Town):
    group = town.office("DISHUB", "501")
    words = [f"kata{n}" for n in range(1200)]
    ticket = town.report(text=" ".join(words) + " hubungi 081234567890")
    card = next(m for m in town.deliver() if m.peer == group.peer)
    assert f"/tiket {ticket.number}" in card.text
    town.take(town.message(group.peer, ticket.number, command="tiket", sender="501", group=True))
    parts = [m.text for m in town.deliver() if "selengkapnya (" in m.text]
    assert [
        word for part in parts for word in part.replace("“", " ").replace("”", " ").split() if "kata" in word
    ] == words
    assert all(len(part) < 4000 for part in parts)
    assert "081234567890" not in "".join(parts)
    short = town.report("1002", text="Lampu mati di gang")
    said = card_in(town, group.peer, short.number)
    assert "/tiket" not in said.text


@pytest.mark.parametrize("command", ["antrean", "antrian", "antri"])
def test_the_queue_has_the_names_people_give_it(town: Town, command: str):
    group = town.office("DISHUB", "501")
    ticket = town.report()
    town.deliver()
    town.take(town.message(group.peer, command=command, sender="501", group=True))
    assert [ticket.number in message.text for message in town.deliver()] == [True]


@pytest.mark.parametrize("command", OFFICIAL)
def test_a_citizen_who_types_an_officers_command_is_answered_by_the_dialogue(town: Town, command: str):
    """Only what leads to an office's chat is the office's; and no command is met with silence."""
    town.take(town.message("1001", "lampu jalan mati"))
    question = town.deliver()[-1].text.splitlines()[-1]
    town.take(town.message("1001", command=command))
    said = [m.text for m in town.deliver()]
    if command in ("hubungkan", "dinas"):
        assert len(said) == 1
        assert "kode" in said[0].casefold()
    else:
        assert "untuk grup petugas" in said[0]
        assert said[-1].endswith(question)


def test_the_operations_centre_asks_for_all_offices(town: Town):
    town.office("DISHUB", "501")
    ticket = town.report()
    bind(town, town.house.city.triage, "ops", peer="-901", sender="77", group=True)
    town.deliver()
    for command, wanted in (("antrean", ticket.number), ("rekap", "1 masuk"), ("petugas", "Petugas 501")):
        town.take(town.message("-901", command=command, sender="77", group=True))
        assert wanted in town.deliver()[-1].text, command


def test_the_desk_s_supervisor_becomes_the_operations_centre_with_its_code(town: Town):
    triage = town.house.city.triage
    bind(town, triage, "group", peer="-800", sender="700", group=True)
    bind(town, triage, "ops", peer="-801", sender="700", group=True)
    person = town.do(lambda unit: unit.chats.person("telegram", "700", "", "id"))
    officer = town.do(lambda unit: unit.agencies.officer(person, triage))
    assert officer is not None
    assert officer.role == "ops"


def test_a_chat_that_is_replaced_hears_of_it(town: Town):
    """A second group with a code of its own takes the tickets: the first must not wait for cards."""
    old = town.office("DISHUB", "501")
    town.report()
    card = town.deliver()
    bind(town, "DISHUB", "group", peer="-777", sender="900", group=True)
    said = town.deliver()
    assert any("masuk ke percakapan lain" in message.text for message in said if message.peer == old.peer)
    pressed = town.take(town.press(old.peer, button(card, "terima", old.peer).data, sender="501", group=True))
    assert "belum terhubung" in pressed[0].toast, "not that its officers are no officers"
    bind(town, "DISHUB", "group", peer="-777", sender="900", group=True)  # the same chat once more
    assert not [message for message in town.deliver() if "percakapan lain" in message.text]


def test_only_the_first_officer_is_called_the_first(town: Town):
    bind(town, "DISHUB", "group", peer="-776", sender="900", group=True)
    assert any("petugas pertama" in message.text for message in town.deliver())
    bind(town, "DISHUB", "group", peer="-777", sender="901", group=True)
    (said,) = [message.text for message in town.deliver() if message.peer == "-777"]
    assert "petugas pertama" not in said
    assert "petugas yang sudah terdaftar tetap terdaftar" in said


def _leaves(town: Town, peer: str, who: str) -> None:
    town.take(town.message(peer, kind=Kind.MEMBER, membership="left", sender=who, group=True))


def test_an_office_without_its_last_officer_is_told_the_way_out(town: Town):
    group = town.office("DISHUB", "501", "502")
    bind(town, town.house.city.triage, "ops", peer="-901", sender="77", group=True)
    town.deliver()
    _leaves(town, group.peer, "501")
    _leaves(town, group.peer, "999")  # no officer
    assert town.deliver() == [], "502 is still there"
    _leaves(town, group.peer, "502")
    said = {message.peer: message.text for message in town.deliver()}
    assert set(said) == {group.peer, "-901"}
    assert "pusat operasi kami minta menyetujuinya" in said[group.peer]
    assert "sahut invite dishub" in said["-901"]
    _leaves(town, group.peer, "999")
    assert town.deliver() == []
    bind(town, "DISHUB", "group", peer=group.peer, sender="503", group=True)
    assert any("petugas pertama" in message.text for message in town.deliver())


def test_who_dismisses_the_last_officer_is_told_the_way_out(town: Town):
    group = town.office("DISHUB", "501")
    bind(town, town.house.city.triage, "ops", peer="-901", sender="77", group=True)
    town.deliver()
    town.take(town.message("-901", command="petugas", sender="77", group=True))
    town.take(town.press("-901", button(town.deliver(), "Cabut: Petugas 501", "-901").data, sender="77", group=True))
    said = {message.peer for message in town.deliver() if "belum memiliki petugas" in message.text}
    assert said == {group.peer, "-901"}


def test_a_reply_below_an_old_card_is_answered(town: Town):
    """The ticket went to another office: who answers an earlier question must not believe that it was heard."""
    group, other = town.office("DISHUB", "501"), town.office("DBMSDA", "601")
    ticket = town.report()
    card = next(m for m in town.deliver() if m.peer == group.peer)
    for what in ("acknowledge", "ask", "not_ours:DBMSDA:1"):
        town.take(town.press(group.peer, _stale(town, ticket.id, group.id, what), sender="501", group=True))
    question = next(m for m in town.deliver() if m.ask_reply)
    assert town.ticket(ticket.id).agency == "DBMSDA"
    for quoted in (card, question):
        town.take(town.message(group.peer, "Sisi mana?", reply_to=f"out-{quoted.id}", sender="501", group=True))
        said = town.deliver()
        assert [message.peer for message in said] == [group.peer]
        assert "kini ditangani Dinas Bina Marga" in said[0].text
    town.take(town.message(group.peer, "Sisi mana?", reply_to="12345", sender="501", group=True))  # among themselves
    assert town.deliver() == []
    assert other.id != group.id


@pytest.mark.parametrize(
    ("what", "why"),
    [("ask", "sudah tidak berlaku"), ("done", "sudah tidak berlaku"), ("close", "bukan untuk peran Anda")],
)
def test_nobody_is_asked_for_words_that_lead_nowhere(town: Town, what: str, why: str):
    """The button is an old one, or not for this officer: that is said at once, not after they have written."""
    group = town.office("DISHUB", "501")
    ticket = town.report()
    town.deliver()
    pressed = town.take(town.press(group.peer, _stale(town, ticket.id, group.id, what), sender="501", group=True))
    assert why in pressed[0].toast
    assert town.deliver() == []


def done(town: Town, group: Chat, *labels: str, words: str = "Sudah diganti lampunya") -> list[Outgoing]:
    """An officer takes a report up, works and finishes it; what is said then."""
    for label in labels or ("terima", "mulai", "selesai"):
        town.take(town.press(group.peer, button(town.deliver(), label, group.peer).data, sender="501", group=True))
    question = next(m for m in reversed(town.deliver()) if m.ask_reply)
    town.take(town.message(group.peer, words, reply_to=f"out-{question.id}", sender="501", group=True))
    return town.deliver()


def test_the_office_reads_what_the_citizen_remarks(town: Town):
    group = town.office("DISHUB", "501")
    ticket = town.report()
    asked = done(town, group)
    town.take(town.press("1001", button(asked, "sudah beres", "1001").data))
    town.take(town.press("1001", button(town.deliver(), "2 ★", "1001").data))
    town.deliver()
    town.take(town.message("1001", "Lama sekali, hubungi saya di 081234567890"))
    said = [message.text for message in town.deliver() if message.peer == group.peer]
    assert any("Lama sekali" in words for words in said)
    town.take(town.message(group.peer, ticket.number, command="tiket", sender="501", group=True))
    past = next(message.text for message in town.deliver() if "Riwayat" in message.text)
    assert "2 ★" in past
    assert "Lama sekali" in past
    assert "081234567890" not in past + "".join(said)


def test_the_office_reads_the_stars_that_count(town: Town):
    """Somebody changed their mind from four to two and back: the office read only the four, then only up to the two."""
    group = town.office("DISHUB", "501")
    town.report()
    asked = done(town, group)
    town.take(town.press("1001", button(asked, "sudah beres", "1001").data))
    stars = town.deliver()
    for label in ("4 ★", "4 ★", "2 ★", "4 ★"):
        town.take(town.press("1001", button(stars, label, "1001").data))
    said = [m.text for m in town.deliver() if m.peer == group.peer]
    assert [n for words in said for n in "42" if f"memberi {n} bintang" in words] == ["4", "2", "4"]


def test_nobody_is_told_to_wait_for_colleagues_who_are_not_there(town: Town):
    group = town.office("DISHUB")
    town.report()
    data = button(town.deliver(), "terima", group.peer).data
    (receipt,) = town.take(town.press(group.peer, data, sender="777", group=True))
    assert "diteruskan" not in receipt.toast
    assert "minta kode" in receipt.toast


def test_a_photo_of_a_refused_done_stays_inside(town: Town):
    """Somebody else moved the ticket on: the photo proves nothing to the citizen."""
    group = town.office("DISHUB", "501")
    ticket = town.report()
    for label in ("terima", "mulai", "selesai"):
        town.take(town.press(group.peer, button(town.deliver(), label, group.peer).data, sender="501", group=True))
    question = next(m for m in reversed(town.deliver()) if m.peer == group.peer)
    town.take(town.press(group.peer, _stale(town, ticket.id, group.id, "ask"), sender="501", group=True))
    ask = next(m for m in reversed(town.deliver()) if m.peer == group.peer)
    town.take(town.message(group.peer, "Sebelah mana?", reply_to=f"out-{ask.id}", sender="501", group=True))
    assert town.ticket(ticket.id).status is Status.WAITING_CITIZEN
    photo = (Attachment(MediaKind.PHOTO, "file-1", "image/jpeg", 10),)
    town.take(town.message(group.peer, "", reply_to=f"out-{question.id}", sender="501", group=True, attachments=photo))
    assert town.ticket(ticket.id).status is Status.WAITING_CITIZEN
    assert town.value("select count(*) from media") == 0


@pytest.mark.parametrize(
    ("kind", "mime", "proves"),
    [
        (MediaKind.VOICE, "audio/ogg", False),
        (MediaKind.DOCUMENT, "application/octet-stream", False),
        (MediaKind.PHOTO, "image/heic", True),
        (MediaKind.VIDEO, "video/mp4", True),
    ],
)
def test_what_shows_nothing_is_no_photo_of_the_work(town: Town, kind: MediaKind, mime: str, proves: bool):
    group = town.office("DBMSDA", "501")
    ticket = town.report(category="JLN-RUSAK")
    for label in ("terima", "mulai", "selesai"):
        town.take(town.press(group.peer, button(town.deliver(), label, group.peer).data, sender="501", group=True))
    question = next(m for m in reversed(town.deliver()) if m.peer == group.peer)
    file = (Attachment(kind, "file-1", mime, 10),)
    town.take(town.message(group.peer, "", reply_to=f"out-{question.id}", sender="501", group=True, attachments=file))
    assert (town.ticket(ticket.id).status is Status.RESOLVED) is proves
    said = [message.text for message in town.deliver() if message.peer == group.peer]
    assert any("foto sesudah pengerjaan" in words for words in said) is not proves


@pytest.mark.parametrize("later", ["", "Ini fotonya"])
def test_the_explanation_stays_when_the_photo_comes_after_it(town: Town, later: str):
    """The words came first and were refused for want of a photo: the citizen reads them all the same."""
    group = town.office("DBMSDA", "501")
    ticket = town.report(category="JLN-RUSAK")
    said = done(town, group, words="Sudah ditambal aspal hotmix 3x2 meter")
    question = next(m for m in reversed(said) if m.peer == group.peer)
    assert "fotonya" in question.text
    about = {"reply_to": f"out-{question.id}", "sender": "501", "group": True}
    photo = (Attachment(MediaKind.PHOTO, "file-1", "image/jpeg", 10),)
    town.take(town.message(group.peer, later, attachments=photo, **about))
    assert town.ticket(ticket.id).status is Status.RESOLVED
    (told,) = [m.text for m in town.deliver() if m.peer == "1001" and m.text]
    assert "Hasilnya: Sudah ditambal aspal hotmix 3x2 meter" in told
    assert later in told


def living(said: list[Outgoing], peer: str) -> list[str]:
    """The messages of a chat that carry buttons of a ticket, as they stand after all edits."""
    shown: dict[str, bool] = {}
    for message in said:
        if message.peer == peer:
            shown[message.edit_of or f"out-{message.id}"] = bool(message.rows)
    return [name for name, pressable in shown.items() if pressable]


def test_a_ticket_that_comes_back_is_seen_at_the_bottom(town: Town):
    """Handed on and handed back: the card is posted anew, and only this one can be pressed."""
    group, other = town.office("DISHUB", "501"), town.office("DBMSDA", "601")
    ticket = town.report()
    said = town.deliver()
    for chat, who, to in ((group, "501", "DBMSDA"), (other, "601", "DISHUB")):
        town.take(town.press(chat.peer, _stale(town, ticket.id, chat.id, f"not_ours:{to}:1"), sender=who, group=True))
        said += town.deliver()
    here = [message for message in said if message.peer == group.peer and not message.photos]
    assert "diteruskan dari" in here[-1].text or "diteruskan dari" in here[-2].text
    assert living(said, group.peer) == [f"out-{max(m.id for m in here if m.rows)}"]
    assert living(said, other.peer) == []
    assert any("ada di bawah" in m.text for m in here if m.edit_of)
    card = town.value("select platform_message_id from card where conversation_id = :chat", chat=group.id)
    assert living(said, group.peer) == [card]
    town.take(town.press(group.peer, button(said, "terima", group.peer).data, sender="501", group=True))
    assert [m.edit_of for m in town.deliver() if m.peer == group.peer] == [card], "then it is edited again"


def test_a_card_called_for_takes_the_buttons_from_the_older_one(town: Town):
    group = town.office("DISHUB", "501")
    ticket = town.report()
    said = town.deliver()
    town.take(town.message(group.peer, ticket.number, command="tiket", sender="501", group=True))
    said += town.deliver()
    assert len(living(said, group.peer)) == 1


def test_a_reply_below_a_former_card_counts_as_one_below_the_newest(town: Town):
    group = town.office("DISHUB", "501")
    ticket = town.report()
    town.deliver()
    town.take(town.message(group.peer, ticket.number, command="tiket", sender="501", group=True))
    former = next(m for m in town.deliver() if "terbaru ada di bawah" in m.text)
    words = "Petugas kami ke lokasi besok pagi"
    town.take(town.message(group.peer, words, reply_to=former.edit_of, sender="501", group=True))
    assert [m.peer for m in town.deliver() if words in m.text] == ["1001"]


def test_a_former_card_that_cannot_be_edited_is_let_go(town: Town):
    group = town.office("DISHUB", "501")
    ticket = town.report()
    town.deliver()
    town.take(town.message(group.peer, ticket.number, command="tiket", sender="501", group=True))
    gone = SendFailed(Failure.CANNOT_EDIT, "message to edit not found")
    while jobs := town.claim():
        town.settle(*(Sent(j, failed=gone) if j.message.edit_of else Sent(j, f"out-{j.row.id}") for j in jobs))
    assert town.value("select state from outbox_message where dedupe_key like 'retired:%'") == "cancelled"
    assert town.value("select platform_message_id from card where conversation_id = :chat", chat=group.id) != ""
    assert "must-end" not in town.breaches()


def test_a_desk_that_stands_in_for_both_offices_keeps_its_card(town: Town):
    """It routed the ticket itself: the card before its eyes changes, none is posted below."""
    desk = town.office(town.house.city.triage, "501")
    ticket = town.report()
    town.take(town.press(desk.peer, _stale(town, ticket.id, desk.id, "not_ours:-:1"), sender="501", group=True))
    town.deliver()
    assert town.ticket(ticket.id).status is Status.NEW
    town.take(town.press(desk.peer, _stale(town, ticket.id, desk.id, "route:DISHUB"), sender="501", group=True))
    assert town.ticket(ticket.id).agency == "DISHUB"
    assert [bool(m.edit_of) for m in town.deliver() if m.peer == desk.peer and m.rows] == [True]


def _stale(town: Town, ticket: int, chat: int, what: str) -> str:
    return seal(town.house.key, chat, f"card:{ticket}:{what}")


def test_a_new_follower_shows_on_the_card(town: Town):
    group = town.office("DISHUB", "501")
    ticket = town.report()
    town.deliver()
    chat = town.chat("1002")
    town.do(lambda unit: join_ticket(unit, town.house, chat, unit.tickets.get(ticket.id), Draft(category="PJU")))
    cards = [message for message in town.deliver() if message.peer == group.peer]
    assert [card.edit_of != "" for card in cards] == [True], "the card is edited"


def test_photos_of_somebody_who_joins_reach_the_office(town: Town):
    """They were cleaned while the draft was written, before anybody knew the ticket."""
    group = town.office("DISHUB", "501")
    ticket = town.report()
    chat = town.chat("1002")
    photo = Attachment(MediaKind.PHOTO, "ref-7", "image/jpeg", 10)
    town.do(lambda unit: unit.media.add(chat, "m:1002:1", 0, photo, purpose="report", ticket=0))
    row = town.do(lambda unit: collect.claim(unit, 1))[0]
    town.do(lambda unit: collect.stored(unit, town.house, row.id, Stored("ab" * 32, "image/jpeg", 10)))
    town.deliver()
    draft = Draft(category="PJU", media=(Media("ref-7", "photo"),))
    town.do(lambda unit: join_ticket(unit, town.house, chat, unit.tickets.get(ticket.id), draft))
    sent = [message for message in town.deliver() if message.photos]
    assert [message.peer for message in sent] == [group.peer]


def test_the_desk_that_stands_in_asks_once_for_all_offices(town: Town, monkeypatch: pytest.MonkeyPatch):
    """Not once per office and card: there are dozens of offices."""
    desk = town.office(town.house.city.triage, "501")
    town.office("DISHUB", "502")
    asked: list[str] = []

    def count(unit: Unit) -> set[str]:
        monkeypatch.setattr(unit.agencies, "chat_of", lambda agency, role: asked.append(agency))
        return actable_agencies(unit, town.house, desk.id)

    agencies = town.do(count)
    monkeypatch.undo()
    assert agencies == town.house.city.catalogue.agencies.keys() - {"DISHUB"}
    assert asked == []


@pytest.mark.parametrize("other", [True, False])
def test_what_officers_say_to_each_other_about_a_ticket_is_not_for_the_citizen(town: Town, other: bool):
    """An administrator bot hears every word. A reply to one of our own messages that we do not know is asked about."""
    group = town.office("DISHUB", "501")
    ticket = town.report()
    town.deliver()
    about = {"quoted_text": f"{ticket.number} ini gimana?", "quoted_other": other, "reply_to": "77"}
    town.take(town.message(group.peer, "Orangnya cerewet sekali", sender="501", group=True, **about))
    said = town.deliver()
    assert "1001" not in [message.peer for message in said]
    assert ["Belum diteruskan" in message.text for message in said] == ([] if other else [True])
