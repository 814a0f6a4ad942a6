"""What officers send to citizens: albums, long words, words that were changed."""

from __future__ import annotations

import pytest

from conversations.inbound import Attachment, Kind, MediaKind
from tests.usecases.town import Town, button
from tickets.ticket import Status
from usecases.ports import Outgoing
from usecases.records import Chat


def album(
    town: Town, group: Chat, quoted: Outgoing, caption: str, count: int = 3, sender: str = "501"
) -> list[Outgoing]:
    """Each picture is a message and an event of its own; the caption sits on the first."""
    for n in range(count):
        photo = (Attachment(MediaKind.PHOTO, f"file-{n}", "image/jpeg", 10),)
        about = {"reply_to": f"out-{quoted.id}", "sender": sender, "group": True, "album": f"a{sender}"}
        town.take(town.message(group.peer, caption if n == 0 else "", attachments=photo, **about))
    return town.deliver()


@pytest.mark.parametrize("caption", ["Begini keadaannya", ""])
def test_an_album_for_the_citizen_is_one_message(town: Town, caption: str):
    group = town.office("DISHUB", "501")
    town.report()
    card = next(m for m in town.deliver() if m.peer == group.peer)
    said = album(town, group, card, caption)
    assert [m.peer for m in said].count("1001") == 1
    assert [m.peer for m in said].count(group.peer) == 1
    assert town.value("select count(*) from media where purpose = 'proof'") == 3, "but all pictures come along"


def test_albums_of_two_officers_of_one_name_are_two(town: Town):
    group = town.office("DISHUB", "501", "502")
    town.execute("update officer set name = 'Budi'")
    town.report()
    card = next(m for m in town.deliver() if m.peer == group.peer)
    for sender in ("501", "502"):
        said = album(town, group, card, "", sender=sender)
        assert [m.peer for m in said].count("1001") == 1


def test_a_question_with_an_album_is_asked_once_and_refused_never(town: Town):
    group = town.office("DISHUB", "501")
    ticket = town.report()
    for label in ("terima", "tanya"):
        town.take(town.press(group.peer, button(town.deliver(), label, group.peer).data, sender="501", group=True))
    question = next(m for m in reversed(town.deliver()) if m.ask_reply)
    said = album(town, group, question, "Yang ini lampunya?")
    assert town.ticket(ticket.id).status is Status.WAITING_CITIZEN
    assert not [m.text for m in said if "tidak berlaku" in m.text]
    assert town.value("select count(*) from media where purpose = 'proof'") == 3


@pytest.mark.parametrize("pressed", [(), ("terima",), ("terima", "mulai")])
def test_an_album_with_selesai_below_the_card_finishes_it(town: Town, pressed: tuple[str, ...]):
    group = town.office("DISHUB", "501")
    ticket = town.report()
    said = town.deliver()
    card = next(m for m in said if m.peer == group.peer)
    for label in pressed:
        town.take(town.press(group.peer, button(said, label, group.peer).data, sender="501", group=True))
        said = town.deliver()
    said = album(town, group, card, "Selesai")
    assert town.ticket(ticket.id).status is Status.RESOLVED
    assert town.value("select count(*) from media where purpose = 'proof'") == 3
    done = [m.text for m in said if m.peer == "1001" and "sudah selesai ditangani" in m.text]
    assert len(done) == 1
    assert not [m.text for m in said if "teruskan" in m.text or "tidak berlaku" in m.text]
    assert town.breaches() == {}


def written(town: Town, group: Chat, card: Outgoing, words: str, *, photo: bool = False) -> list[Outgoing]:
    """An officer's reply to a card, and what is said then."""
    files = (Attachment(MediaKind.PHOTO, "file-9", "image/jpeg", 10),) if photo else ()
    about = {"reply_to": f"out-{card.id}", "sender": "501", "group": True}
    town.take(town.message(group.peer, words, attachments=files, **about))
    return town.deliver()


def kind_with_proof(town: Town, proof: str) -> str:
    return next(code for code, one in town.house.city.catalogue.categories.items() if one.proof == proof)


@pytest.mark.parametrize("proof", ["reason", "photo_or_reason"])
def test_selesai_is_no_account_of_the_work(town: Town, proof: str):
    """Fifteen letters would be long enough for one; the kind that wants an account asks for it."""
    category = kind_with_proof(town, proof)
    agency = town.house.city.catalogue.owner(category, town.clock.now().date()).code
    group = town.office(agency, "501")
    ticket = town.report(category=category)
    card = next(m for m in town.deliver() if m.peer == group.peer)
    said = written(town, group, card, "sudah selesai pak")
    assert town.ticket(ticket.id).status is Status.IN_PROGRESS
    asked = next(m for m in said if m.peer == group.peer and m.ask_reply)
    said = written(town, group, asked, "Lampu dan kabelnya diganti baru")
    assert town.ticket(ticket.id).status is Status.RESOLVED
    assert not [m for m in said if "sudah selesai pak" in m.text]


@pytest.mark.parametrize("photo", [False, True])
def test_selesai_takes_a_question_back_only_when_the_work_is_shown(town: Town, photo: bool):
    group = town.office("DISHUB", "501")
    ticket = town.report()
    said = town.deliver()
    card = next(m for m in said if m.peer == group.peer)
    for label in ("terima", "tanya"):
        town.take(town.press(group.peer, button(said, label, group.peer).data, sender="501", group=True))
        said = town.deliver()
    question = next(m for m in reversed(said) if m.ask_reply)
    written(town, group, question, "Tiang nomor berapa?")
    assert town.ticket(ticket.id).status is Status.WAITING_CITIZEN
    said = written(town, group, card, "sudah selesai", photo=photo)
    assert town.ticket(ticket.id).status is (Status.RESOLVED if photo else Status.WAITING_CITIZEN)
    assert [m for m in said if m.peer == group.peer]
    assert bool([m for m in said if m.peer == "1001"]) is photo


def test_selesai_below_what_waits_for_a_decision_names_the_decision(town: Town):
    group = town.office("DISHUB", "501")
    ticket = town.report()
    card = next(m for m in town.deliver() if m.peer == group.peer)
    town.execute("update ticket set status = 'reopen_requested'")
    said = written(town, group, card, "sudah selesai", photo=True)
    assert [m.peer for m in said] == [group.peer]
    assert "putuskan dulu" in said[0].text
    assert not said[0].ask_reply
    assert town.ticket(ticket.id).status is Status.REOPEN_REQUESTED


def test_another_picture_of_what_is_done_is_for_the_citizen(town: Town):
    group = town.office("DISHUB", "501")
    ticket = town.report()
    card = next(m for m in town.deliver() if m.peer == group.peer)
    written(town, group, card, "sudah selesai", photo=True)
    assert town.ticket(ticket.id).status is Status.RESOLVED
    town.clock.forward(hours=1)
    said = written(town, group, card, "sudah beres", photo=True)
    assert {m.peer for m in said} == {"1001", group.peer}


def test_who_is_no_officer_finishes_nothing_with_a_word(town: Town):
    group = town.office("DISHUB", "501")
    ticket = town.report()
    card = next(m for m in town.deliver() if m.peer == group.peer)
    town.take(town.message(group.peer, "selesai", reply_to=f"out-{card.id}", sender="777", group=True))
    assert town.ticket(ticket.id).status is Status.ASSIGNED
    assert not [m for m in town.deliver() if m.peer == "1001"]


def test_the_centre_finishes_nothing_with_a_word(town: Town):
    """It decides about tickets, the work is the office's: it is told why, and the citizen is not told it were done."""
    town.office("DISHUB", "501")
    centre = town.centre("601")
    ticket = town.report()
    town.deliver()
    town.take(town.message(centre.peer, f"{ticket.number}", command="tiket", sender="601", group=True))
    card = next(m for m in reversed(town.deliver()) if m.peer == centre.peer and ticket.number in m.text)
    town.take(town.message(centre.peer, "selesai", reply_to=f"out-{card.id}", sender="601", group=True))
    said = town.deliver()
    assert [m.peer for m in said] == [centre.peer]
    assert "petugas" in said[0].text.casefold()
    assert town.ticket(ticket.id).status is Status.ASSIGNED


def test_whoever_writes_more_than_fits_hears_it(town: Town):
    group = town.office("DISHUB", "501")
    town.report()
    card = next(m for m in town.deliver() if m.peer == group.peer)
    for words, told in (("pendek saja", False), ("panjang sekali " * 270, True)):
        town.take(town.message(group.peer, words, reply_to=f"out-{card.id}", sender="501", group=True))
        answer = next(m.text for m in town.deliver() if m.peer == group.peer)
        assert ("bagian akhirnya belum ikut" in answer) is told


def test_changed_words_are_not_believed_to_be_read(town: Town):
    """The citizen has read the first words; whoever edits them hears that, once, and colleagues are left in peace."""
    group = town.office("DISHUB", "501")
    town.report()
    card = next(m for m in town.deliver() if m.peer == group.peer)
    about = {"reply_to": f"out-{card.id}", "group": True}
    first = town.message(group.peer, "Kami datang besok", sender="501", **about)
    town.take(first)
    town.deliver()
    for words in ("Kami datang lusa", "Kami datang lusa pagi"):
        edit = {"kind": Kind.EDIT, "message_id": first.message_id}
        town.take(town.message(group.peer, words, sender="501", **edit, **about))
    said = town.deliver()
    assert [m.peer for m in said] == [group.peer]
    assert "tidak ikut terkirim" in said[0].text
    town.take(town.message(group.peer, "obrolan", sender="777", kind=Kind.EDIT, **about))
    town.take(town.message(group.peer, "obrolan", sender="501", kind=Kind.EDIT, group=True))
    assert town.deliver() == []


def test_a_reply_below_our_own_answer_reaches_the_citizen(town: Town):
    """ "Sudah kami teruskan ..." is answered with more words: those are for the citizen too, no press gone stale."""
    group = town.office("DISHUB", "501")
    ticket = town.report()
    card = next(m for m in town.deliver() if m.peer == group.peer)
    quoted = f"out-{card.id}"
    for words in ("Kami datang besok", "jam sembilan ya"):
        town.take(town.message(group.peer, words, reply_to=quoted, sender="501", group=True))
        said = town.deliver()
        assert [m.text for m in said if m.peer == "1001" and words in m.text]
        (answer,) = [m for m in said if m.peer == group.peer]
        assert "teruskan" in answer.text
        quoted = f"out-{answer.id}"
    assert town.value("select count(*) from ticket_event where action = 'tell'") == 2
    assert town.ticket(ticket.id).status is Status.ASSIGNED


@pytest.mark.parametrize(("words", "sent"), [("Ini suratnya", 1), ("", 0)])
def test_a_letter_for_the_citizen_is_told_not_to_go_along(town: Town, words: str, sent: int):
    group = town.office("DISHUB", "501")
    town.report()
    card = next(m for m in town.deliver() if m.peer == group.peer)
    about = {"reply_to": f"out-{card.id}", "sender": "501", "group": True}
    town.take(town.message(group.peer, words, unreadable="document", **about))
    said = town.deliver()
    assert [m.peer for m in said].count("1001") == sent
    (answer,) = [m.text for m in said if m.peer == group.peer]
    assert "tidak ikut terkirim" in answer
