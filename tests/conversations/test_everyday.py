"""Everyday words at the wrong moment: nothing is thrown away, shown or lost because of them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from conversations import verdicts
from conversations.effects import KeepMedia, MoveTicket, OpenTicket, Rate, Relay, Retract
from conversations.inbound import Attachment, Kind, MediaKind, Pin
from tests.conversations.world import MORNING, Dialogue, FakeFacts, a_ticket, keys
from tickets.ticket import Outcome, Status

HERE = Pin(-6.298, 106.959)
JATIRASA = "32.75.09.1004"
HOLE = "jalan rusak berlubang di jatiasih"


def said(dialogue: Dialogue) -> list[str]:
    return [key for say in dialogue.said for key in keys(say.text)]


def at_photo() -> Dialogue:
    dialogue = Dialogue(facts=FakeFacts(named=True))
    dialogue.send(text=HOLE)
    dialogue.send(pin=HERE)
    dialogue.send(text="ya")
    assert dialogue.state.step == "photo"
    return dialogue


def at_name() -> Dialogue:
    dialogue = at_photo()
    dialogue.press("skip")
    assert dialogue.state.step == "name"
    return dialogue


def at_summary() -> Dialogue:
    dialogue = at_name()
    dialogue.press("secret")
    assert dialogue.state.step == "summary"
    return dialogue


def sent(dialogue: Dialogue) -> bool:
    return any(isinstance(effect, OpenTicket) for effect in dialogue.effects)


# ── nothing is thrown away ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "words",
    [
        "eh salah, kelurahannya jatirasa",
        "maaf salah ketik, gang mawar 5",
        "fotonya salah",
        "udah itu aja fotonya",
        "gajadi pake foto deh",
        "udah kirim aja",
        "udah cukup segitu aja",
        "takut ah, jangan disebut nama saya",
        "eh rahasiain aja nama gue",
        "gak ada yang salah kok",
    ],
)
@pytest.mark.parametrize("at", [at_photo, at_summary])
def test_putting_right_is_not_giving_up(at, words: str) -> None:
    dialogue = at()
    dialogue.send(text=words)
    assert "cancel.sure" not in said(dialogue)
    assert dialogue.state.draft is not None or sent(dialogue)


@pytest.mark.parametrize("words", ["gak jadi deh", "batalin aja min", "ga jadi lapor, maaf ya", "cabut aja laporannya"])
def test_giving_up_is_still_heard(words: str) -> None:
    dialogue = at_summary()
    dialogue.send(text=words)
    assert "cancel.sure" in said(dialogue)


@pytest.mark.parametrize("words", ["kirim", "ok kirim", "kirim aja pak", "lanjut", "send", "jangan, lanjut", "tidak"])
def test_who_wants_it_sent_throws_nothing_away(words: str) -> None:
    dialogue = at_summary()
    dialogue.send(text="batal")
    dialogue.send(text=words)
    assert "draft.discarded" not in said(dialogue)
    assert dialogue.state.draft is not None


@pytest.mark.parametrize("words", ["ok", "sip", "oke pak"])
def test_ok_is_too_little_to_throw_a_report_away(words: str) -> None:
    dialogue = at_summary()
    dialogue.send(text="batal")
    dialogue.send(text=words)
    assert dialogue.state.draft is not None
    assert not sent(dialogue)


@pytest.mark.parametrize("words", ["ya", "iya buang aja", "batalkan"])
def test_a_plain_yes_throws_it_away(words: str) -> None:
    dialogue = at_summary()
    dialogue.send(text="batal")
    dialogue.send(text=words)
    assert "draft.discarded" in said(dialogue)


# ── a name is shown to nobody by accident ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("words", ["ok", "kirim", "kirim aja", "sip", "ok kirim", "lanjut", "sudah benar", "udah"])
def test_no_name_is_shown_without_consent(words: str) -> None:
    dialogue = at_name()
    dialogue.send(text=words)
    assert dialogue.state.draft is not None
    assert dialogue.state.draft.named is not True


@pytest.mark.parametrize("words", ["ya", "boleh", "silakan", "boleh sebut", "gapapa", "iya boleh pak"])
def test_consent_is_heard(words: str) -> None:
    dialogue = at_name()
    dialogue.send(text=words)
    assert dialogue.state.draft is not None
    assert dialogue.state.draft.named is True


@pytest.mark.parametrize("words", ["eh rahasiain aja nama gue", "jangan sebut nama saya deh", "tolong dirahasiakan ya"])
def test_secrecy_can_be_asked_for_at_any_question(words: str) -> None:
    dialogue = at_name()
    dialogue.press("named")
    dialogue.send(text=words)
    assert dialogue.state.draft is not None
    assert dialogue.state.draft.named is False
    assert "name.secret_by_wish" in said(dialogue)
    assert dialogue.state.step == "summary"


# ── an office waits for words ──────────────────────────────────────────────────────────────────────────────


def awaiting(*, question: str = "Tiang nomor berapa?", others: int = 0) -> Dialogue:
    asked = a_ticket(1, status=Status.WAITING_CITIZEN, last_note=question)
    more = {number: a_ticket(number, status=Status.IN_PROGRESS) for number in range(2, 2 + others)}
    return Dialogue(facts=FakeFacts(mine={1: asked} | more))


def moved(dialogue: Dialogue) -> list[tuple[str, str]]:
    return [(effect.action, effect.note) for effect in dialogue.effects if isinstance(effect, MoveTicket)]


ANSWERS = ["23", "no 23", "rt 05", "12a", "ga tau pak", "yang deket warung bu tini", "udah ga ada", "iya"]


@pytest.mark.parametrize("words", ANSWERS)
def test_what_the_office_of_the_only_open_report_asked_is_answered(words: str) -> None:
    dialogue = awaiting()
    dialogue.send(text=words)
    assert moved(dialogue) == [("answer", words)]


@pytest.mark.parametrize("words", ANSWERS)
def test_with_other_open_reports_it_is_asked_whose_the_answer_is(words: str) -> None:
    dialogue = awaiting(others=1)
    dialogue.send(text=words)
    assert moved(dialogue) == []
    assert dialogue.state.held == words
    assert dialogue.state.offered[0][0] == "t:1"


@pytest.mark.parametrize(
    "words",
    [
        "jalan berlubang di galaxy",  # another problem
        "lampu jalan di gang sebelah juga mati",  # perhaps another one of the kind
        "ada rumah kebakaran di sini",
        "mau lapor lagi pak",
        "kapan diperbaiki",
        "maksudnya gimana?",
        "kirim",
        "makasih pak",
        "batal",
        "bantuan",
    ],
)
def test_what_may_be_something_else_is_no_answer(words: str) -> None:
    dialogue = awaiting()
    dialogue.send(text=words)
    assert moved(dialogue) == []


@pytest.mark.parametrize("words", ["bentar ya pak lagi di jalan", "bentar pak lagi difoto"])
def test_who_asks_for_a_moment_is_waited_for(words: str) -> None:
    dialogue = awaiting()
    dialogue.send(text=words)
    assert moved(dialogue) == []
    assert said(dialogue) == ["common.no_hurry"]


@pytest.mark.parametrize(("question", "answered"), [("Boleh minta fotonya?", True), ("Tiang nomor berapa?", False)])
def test_a_picture_answers_who_asked_for_one(question: str, answered: bool) -> None:
    dialogue = awaiting(question=question)
    dialogue.send(attachments=(Attachment(MediaKind.PHOTO, "f1", "image/jpeg", 10),))
    assert bool(moved(dialogue)) is answered


def test_words_that_nobody_claims_are_asked_about_again_and_let_go_with_a_word() -> None:
    dialogue = awaiting(others=1)
    dialogue.send(text="yang deket warung")
    dialogue.pass_time(hours=2)
    assert said(dialogue)[:2] == ["common.paragraphs", "which.unsent"]
    assert "which.ask" in said(dialogue)
    assert dialogue.state.held == "yang deket warung"
    dialogue.pass_time(days=2)
    assert "which.expired" in said(dialogue)
    assert dialogue.state.held is None


CAT = "kucing saya hilang"


def retracted(dialogue: Dialogue) -> list[int]:
    return [effect.ticket for effect in dialogue.effects if isinstance(effect, Retract)]


def test_what_was_no_answer_becomes_a_report_of_its_own_with_one_tap() -> None:
    dialogue = awaiting()
    dialogue.send(text=CAT, attachments=(Attachment(MediaKind.PHOTO, "p1"),))
    assert moved(dialogue) == [("answer", CAT)]
    dialogue.send(kind=Kind.PRESS, action="ticket:1:apart")
    assert retracted(dialogue) == [1]
    assert moved(dialogue) == []
    draft = dialogue.state.draft
    assert draft is not None
    assert (draft.text, [media.ref for media in draft.media]) == (CAT, ["p1"])
    assert dialogue.said[-1].choices, "it is asked what is missing"


def test_what_went_on_with_the_talk_can_be_taken_back_too() -> None:
    dialogue = Dialogue(facts=FakeFacts(mine={1: a_ticket(1, status=Status.IN_PROGRESS)}, messages={"o1": 1}))
    dialogue.send(text="tiangnya yang dekat warung", reply_to="o1")
    assert not dialogue.said[-1].choices, "who chose the report themselves is not asked"
    dialogue.send(text=CAT)
    assert said(dialogue) == ["speak.sent"]
    dialogue.press("ticket:1:apart")
    assert retracted(dialogue) == [1]
    assert dialogue.state.draft is not None
    assert dialogue.state.draft.text == CAT


def test_a_point_that_was_no_answer_counts_for_the_new_report() -> None:
    dialogue = awaiting()
    dialogue.send(text=CAT, pin=HERE)
    dialogue.send(kind=Kind.PRESS, action="ticket:1:apart")
    draft = dialogue.state.draft
    assert draft is not None
    assert draft.place is not None
    assert (draft.text, draft.place.lat) == (CAT, HERE.lat)


def test_what_was_no_answer_waits_for_the_report_in_hand() -> None:
    dialogue = awaiting()
    dialogue.send(text=CAT)
    dialogue.facts.mine[1] = a_ticket(1, status=Status.IN_PROGRESS)
    dialogue.pass_time(minutes=20)
    dialogue.send(text=HOLE)
    step = dialogue.state.step
    assert step == "location"
    dialogue.send(kind=Kind.PRESS, action="ticket:1:apart")
    assert retracted(dialogue) == [1]
    assert dialogue.state.draft is not None
    assert dialogue.state.draft.text == HOLE
    assert [draft.text for draft in dialogue.state.later] == [CAT]
    assert dialogue.state.step == step


def test_its_pictures_and_what_it_is_wait_with_it() -> None:
    dialogue = awaiting()
    dialogue.send(text="sampah menumpuk", attachments=(Attachment(MediaKind.PHOTO, "p1"),), pin=HERE)
    assert [action for action, _ in moved(dialogue)] == []  # a kind that is known is asked about
    dialogue = awaiting()
    dialogue.send(text=CAT, attachments=(Attachment(MediaKind.PHOTO, "p1"),), pin=HERE)
    dialogue.facts.mine[1] = a_ticket(1, status=Status.IN_PROGRESS)
    dialogue.pass_time(minutes=20)
    dialogue.send(text=HOLE)
    dialogue.send(kind=Kind.PRESS, action="ticket:1:apart")
    assert [effect.attachment.ref for effect in dialogue.effects if isinstance(effect, KeepMedia)] == ["p1"]
    (later,) = dialogue.state.later
    assert later.text == CAT
    assert later.text_length == len(CAT), "its kind is looked for when it has its turn"
    assert later.place is not None
    assert later.place.lat == HERE.lat


def test_what_was_sent_on_purpose_is_not_taken_back() -> None:
    dialogue = Dialogue(facts=FakeFacts(mine={1: a_ticket(1, status=Status.IN_PROGRESS)}, messages={"o1": 1}))
    dialogue.send(text="tiangnya yang dekat warung", reply_to="o1")
    dialogue.send(text=CAT)
    button = dialogue.said[-1].choices[0].action
    dialogue.send(text="tiang ketiga dari warung bu Siti", reply_to="o1")
    dialogue.send(kind=Kind.PRESS, action=button)
    assert retracted(dialogue) == []
    assert said(dialogue) == ["along.tell"]


def test_all_that_followed_unasked_is_taken_back_together() -> None:
    dialogue = awaiting()
    dialogue.send(text=CAT)
    dialogue.facts.mine[1] = a_ticket(1, status=Status.IN_PROGRESS)
    dialogue.send(text="warnanya belang tiga")
    dialogue.send(kind=Kind.PRESS, action="ticket:1:apart")
    assert dialogue.state.draft is not None
    assert dialogue.state.draft.text == f"{CAT}\nwarnanya belang tiga"


def test_an_answer_that_was_asked_for_by_its_button_offers_no_way_back() -> None:
    dialogue = awaiting()
    dialogue.send(kind=Kind.PRESS, action="ticket:1:answer")
    dialogue.send(text=CAT)
    (answer,) = [effect for effect in dialogue.effects if isinstance(effect, MoveTicket)]
    assert not answer.guessed


def test_taken_back_long_ago_leads_to_a_new_report() -> None:
    dialogue = awaiting()
    dialogue.send(text=CAT)
    dialogue.send(kind=Kind.PRESS, action="ticket:1:apart")
    dialogue.send(text="batal")
    dialogue.send(text="ya")
    dialogue.send(kind=Kind.PRESS, action="ticket:1:apart")
    assert retracted(dialogue) == []
    assert said(dialogue) == ["along.tell"]


def test_a_number_out_of_nowhere_is_still_asked_about() -> None:
    dialogue = Dialogue()
    dialogue.send(text="23")
    assert "describe.wordless" in said(dialogue)


# ── "sudah beres?" and stars ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("words", ["udah", "udh", "sdh", "udah pak", "sudah kok"])
def test_yes_it_is_solved(words: str) -> None:
    assert verdicts.verdict(words) == "confirm"


@pytest.mark.parametrize("words", ["ga", "enggak", "gak pak", "belum juga"])
def test_no_it_is_not(words: str) -> None:
    assert verdicts.verdict(words) == "refuse"


@pytest.mark.parametrize("words", ["bohong ga ada petugas yang dateng", "ngibul, belum ada yang ke sini"])
def test_a_false_claim_is_objected_to(words: str) -> None:
    dialogue = Dialogue(facts=FakeFacts(mine={1: a_ticket(1, status=Status.RESOLVED)}))
    dialogue.send(text=words)
    assert any(isinstance(effect, MoveTicket) for effect in dialogue.effects) or dialogue.state.step == "refuse"


def resolved() -> Dialogue:
    """The office wrote below its finished report, and "Jawab" was pressed."""
    dialogue = Dialogue(facts=FakeFacts(mine={1: a_ticket(1, status=Status.RESOLVED)}))
    dialogue.send(kind=Kind.PRESS, action="ticket:1:say")
    assert dialogue.state.step == "speak"
    return dialogue


@pytest.mark.parametrize("words", ["belum, masih mati", "belum nyala pak", "bohong, belum ada yang ke sini"])
def test_no_is_no_whatever_was_pressed_before(words: str) -> None:
    dialogue = resolved()
    dialogue.send(text=words)
    assert moved(dialogue) == [("reopen", words)]


@pytest.mark.parametrize("words", ["belum pak", "belum beres pak"])
def test_a_bare_no_is_asked_what_is_missing(words: str) -> None:
    dialogue = resolved()
    dialogue.send(text=words)
    assert moved(dialogue) == []
    assert dialogue.state.step == "refuse"


@pytest.mark.parametrize(
    "words",
    [
        "tidak apa-apa pak, terima kasih banyak sudah dibantu",
        "tidak ada masalah lagi pak",
        "tidak usah datang lagi pak, sudah nyala",
        "masih bagus pak, makasih ya",
        "Masih ada petugas di lokasi, kapan selesainya?",
    ],
)
def test_contentment_reopens_nothing(words: str) -> None:
    dialogue = resolved()
    dialogue.send(text=words)
    assert moved(dialogue) == []
    assert any(isinstance(effect, Relay) for effect in dialogue.effects)


def test_a_follower_who_is_content_is_passed_on() -> None:
    dialogue = Dialogue(facts=FakeFacts(mine={1: a_ticket(1, status=Status.RESOLVED)}, followed=frozenset({1})))
    dialogue.send(kind=Kind.PRESS, action="ticket:1:say")
    dialogue.send(text="sudah nyala")
    assert any(isinstance(effect, Relay) for effect in dialogue.effects)


def test_pictures_that_followed_unasked_are_all_taken_back() -> None:
    dialogue = awaiting(question="Boleh kirim fotonya?")
    dialogue.send(attachments=(Attachment(MediaKind.PHOTO, "a"),))
    dialogue.facts.mine[1] = a_ticket(1, status=Status.IN_PROGRESS)
    dialogue.pass_time(minutes=2)
    dialogue.send(attachments=(Attachment(MediaKind.PHOTO, "b"),))
    dialogue.send(kind=Kind.PRESS, action="ticket:1:apart")
    assert dialogue.state.draft is not None
    assert [media.ref for media in dialogue.state.draft.media] == ["a", "b"]


def test_yes_is_yes_whatever_was_pressed_before() -> None:
    dialogue = resolved()
    dialogue.send(text="sudah pak")
    assert [action for action, _ in moved(dialogue)] == ["confirm"]


def test_who_writes_about_a_finished_report_is_asked_whether_it_is() -> None:
    dialogue = resolved()
    dialogue.send(text="kapan lampu di gang sebelah dikerjakan")
    assert any(isinstance(effect, Relay) for effect in dialogue.effects)
    assert said(dialogue) == ["speak.sent_done"]
    assert [choice.action.rpartition(":")[2] for choice in dialogue.said[-1].choices] == ["confirm", "refuse"]


def asked_beside(status: Status, **other: object) -> Dialogue:
    """An office waits for an answer, and another report is at its end."""
    asked = a_ticket(2, status=Status.WAITING_CITIZEN, category="JLN-RUSAK", last_note="Lubangnya ada berapa?")
    return Dialogue(facts=FakeFacts(mine={1: a_ticket(1, status=status, **other), 2: asked}))


@pytest.mark.parametrize("words", ["iya", "sudah", "tidak", "belum", "belum ada pak", "5", "tiga"])
@pytest.mark.parametrize("status", [Status.RESOLVED, Status.CLOSED])
def test_what_an_office_may_have_asked_for_moves_no_other_report(status: Status, words: str) -> None:
    dialogue = asked_beside(status, outcome=Outcome.CONFIRMED if status is Status.CLOSED else None, closed_at=MORNING)
    dialogue.send(text=words)
    assert not [effect for effect in dialogue.effects if isinstance(effect, MoveTicket | Rate) and effect.ticket == 1]
    assert dialogue.state.held == words or moved(dialogue) == [("answer", words)], "of two open ones it is asked"


def test_no_stars_for_a_report_that_was_taken_back() -> None:
    gone = a_ticket(1, status=Status.CLOSED, outcome=Outcome.WITHDRAWN, closed_at=MORNING)
    dialogue = Dialogue(facts=FakeFacts(mine={1: gone}))
    dialogue.send(text="5")
    assert not any(isinstance(effect, Rate) for effect in dialogue.effects)


@pytest.mark.parametrize("words", ["masih gelap, lihat ini", ""])
def test_a_picture_with_a_remark_reaches_the_office(words: str) -> None:
    closed = a_ticket(1, status=Status.CLOSED, outcome=Outcome.CONFIRMED, closed_at=MORNING)
    dialogue = Dialogue(facts=FakeFacts(mine={1: closed}))
    dialogue.send(kind=Kind.PRESS, action="ticket:1:rate:2")
    dialogue.send(text=words, attachments=(Attachment(MediaKind.PHOTO, "p1"),))
    (passed,) = [effect for effect in dialogue.effects if isinstance(effect, Relay)]
    assert [file.ref for file in passed.attachments] == ["p1"]
    assert dialogue.said[-1].choices, "a picture at a closed report may mean that it is not done"
    assert dialogue.state.step == ""


def test_an_edit_after_the_first_of_two_was_sent_leaves_the_second_alone() -> None:
    dialogue = Dialogue()
    dialogue.send(text="lampu jalan mati dan sampah belum diangkut di jatirasa", message_id="one", pin=HERE)
    for action in ("yes:here:32.75.09.1002", "skip", "secret", "yes"):
        dialogue.press(action)
    assert sent(dialogue)
    assert dialogue.state.draft is not None
    before = dialogue.state.draft
    text = "lampu jalan mati dan sampah belum diangkut di jatirasa gang mawar"
    dialogue.send(kind=Kind.EDIT, text=text, message_id="one")
    assert dialogue.state.draft.text == before.text


@pytest.mark.parametrize("put_off", [False, True])
def test_an_edit_of_another_problem_changes_that_one(put_off: bool) -> None:
    dialogue = Dialogue()
    dialogue.send(text="lampu jalan mati di jatiasih", message_id="a")
    dialogue.send(text="jalan rusak berlubang parah sekali", message_id="b")
    assert dialogue.state.step == "another"
    if put_off:
        dialogue.press("later")
    step = dialogue.state.step
    text = "jalan rusak berlubang parah sekali di depan SDN 3"
    dialogue.send(kind=Kind.EDIT, text=text, message_id="b")
    assert "edit.changed" in said(dialogue)
    (other,) = dialogue.state.later if put_off else (dialogue.state.other,)
    assert other is not None
    assert other.text == text
    assert dialogue.state.step == step
    assert dialogue.state.draft is not None
    assert dialogue.state.draft.text == "lampu jalan mati di jatiasih"


def test_an_edit_that_changes_only_what_is_masked_changes_nothing() -> None:
    dialogue = Dialogue()
    dialogue.send(text="lampu jalan mati di jatiasih hub 081234567890", message_id="a")
    dialogue.send(kind=Kind.EDIT, text="lampu jalan mati di jatiasih hub 081234567890", message_id="a")
    assert "edit.changed" not in said(dialogue)


@pytest.mark.parametrize(
    ("words", "stars"),
    [("lima", 5), ("bintang 4", 4), ("4 bintang pak", 4), ("kasih bintang tiga aja", 3), ("5", 5), ("one star", 1)],
)
def test_stars_in_words(words: str, stars: int) -> None:
    closed = a_ticket(1, status=Status.CLOSED, outcome=Outcome.CONFIRMED, closed_at=MORNING)
    dialogue = Dialogue(facts=FakeFacts(mine={1: closed}))
    dialogue.send(text=words)
    assert [effect.stars for effect in dialogue.effects if isinstance(effect, Rate)] == [stars]


@pytest.mark.parametrize("words", ["lima hari", "bintang", "2 dari 5", "23", "dua rumah", "kasih tahu saya"])
def test_what_is_no_rating(words: str) -> None:
    assert verdicts.stars(words) == 0


def test_who_says_it_was_closed_too_soon_is_asked_about_that_report() -> None:
    closed = a_ticket(1, status=Status.CLOSED, outcome=Outcome.UNANSWERED, closed_at=MORNING - timedelta(hours=3))
    dialogue = Dialogue(facts=FakeFacts(mine={1: closed}))
    dialogue.send(text="loh kok udah ditutup padahal belum dibenerin")
    assert dialogue.state.step == "which"


# ── taking back what was sent ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("words", ["batal", "laporan saya yang tadi batalin aja ya", "tolong batalkan laporan saya"])
def test_taking_back_the_one_report_is_asked_about_at_once(words: str) -> None:
    dialogue = Dialogue(facts=FakeFacts(mine={1: a_ticket(1)}))
    dialogue.send(text=words)
    assert dialogue.state.step == "withdraw"
    dialogue.send(text="iya")
    assert MoveTicket(1, "withdraw") in dialogue.effects


# ── where, not what ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("words", ["kalimalang", "kaliabang", "di komsen", "galaxy", "harapan indah", "narogong"])
def test_a_place_at_the_question_for_the_kind_is_a_place(words: str) -> None:
    dialogue = Dialogue()
    dialogue.send(text="air mati")
    assert dialogue.state.step == "category"
    dialogue.send(text=words)
    draft = dialogue.state.draft
    assert draft is not None
    assert draft.category == ""
    assert draft.place is not None
    assert "location.noted" in said(dialogue)


@pytest.mark.parametrize("words", ["sampah galaxy", "lampu jalan", "banjir"])
def test_a_kind_is_still_a_kind(words: str) -> None:
    dialogue = Dialogue()
    dialogue.send(text="tolong pak di sini parah")
    dialogue.send(text=words)
    assert dialogue.state.draft is not None
    assert dialogue.state.draft.place is None or not dialogue.state.draft.place.confirmed
    assert "location.noted" not in said(dialogue)


@pytest.mark.parametrize("words", ["kapan dikerjakan?", "saya budi"])
def test_what_names_no_place_is_no_landmark(words: str) -> None:
    dialogue = Dialogue()
    dialogue.send(text="jalan berlubang di jalan kartini")
    assert dialogue.state.step == "location"
    before = dialogue.state.draft and dialogue.state.draft.place
    dialogue.send(text=words)
    assert (dialogue.state.draft and dialogue.state.draft.place) == before
    assert dialogue.state.step == "location"


# ── English ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "words",
    [
        "There is a big hole on Jalan Ahmad Yani near the mall, a motorcyclist fell yesterday",
        "The garbage on Jl. Pulo Permata has not been collected for two weeks",
    ],
)
def test_a_street_name_does_not_hide_english(words: str) -> None:
    dialogue = Dialogue()
    dialogue.send(text=words)
    assert dialogue.locale == "en"


def test_a_photo_said_to_be_wrong_loses_nothing() -> None:
    dialogue = at_photo()
    dialogue.send(attachments=(Attachment(MediaKind.PHOTO, "f1"),))
    dialogue.send(text="fotonya salah")
    assert "cancel.sure" not in said(dialogue)
    assert dialogue.state.draft is not None


def test_what_is_late_is_said_to_be_late() -> None:
    mine = a_ticket(1, acknowledge_due=MORNING - timedelta(hours=30), resolve_due=MORNING - timedelta(hours=6))
    dialogue = Dialogue(facts=FakeFacts(mine={1: mine}))
    dialogue.send(text="status")
    assert {"follow.promise_past", "follow.promise_answer_past"} <= set(said(dialogue))
    dialogue = Dialogue(facts=FakeFacts(mine={1: a_ticket(1)}))
    dialogue.send(text="status")
    assert {"follow.promise", "follow.promise_answer"} <= set(said(dialogue))


# ── a danger that was heard ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("words", "first"),
    [("rumah sebelah keluar asap banyak", "KEBAKARAN"), ("bocah tenggelam di kolam bekas galian", "MEDIS")],
)
def test_what_is_reported_in_a_danger_is_offered_first(words: str, first: str) -> None:
    dialogue = Dialogue()
    dialogue.send(text=words)
    assert dialogue.state.step == "category"
    assert dialogue.state.draft is not None
    assert dialogue.state.draft.guesses[0] == first


# ── putting right in words ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("words", "step"),
    [
        ("lokasinya salah", "location"),
        ("ya tapi lokasinya kurang tepat", "location"),
        ("eh alamatnya keliru pak", "location"),
        ("jenisnya salah", "category"),
        ("mau ganti foto", "photo"),
        ("fotonya salah", "photo"),
    ],
)
def test_a_part_that_is_wrong_is_asked_for_again(words: str, step: str) -> None:
    dialogue = at_summary()
    dialogue.send(text=words)
    assert dialogue.state.step == step
    assert dialogue.state.draft is not None


@pytest.mark.parametrize(
    "words", ["bukan di jatiasih pak tapi di jatirasa", "eh salah, kelurahannya jatirasa", "maksudnya di jatirasa"]
)
def test_another_place_in_words_is_shown_back(words: str) -> None:
    dialogue = at_summary()
    dialogue.send(text=words)
    draft = dialogue.state.draft
    assert draft is not None
    assert draft.place is not None
    assert draft.place.kelurahan == JATIRASA
    assert "salah" not in draft.place.words
    assert "location.noted" in said(dialogue)


def test_what_is_told_with_the_wish_for_secrecy_is_kept() -> None:
    dialogue = at_summary()
    dialogue.send(text="pekerjanya suka minta uang rokok, anonim ya")
    assert dialogue.state.draft is not None
    assert "uang rokok" in dialogue.state.draft.text
    assert dialogue.state.draft.named is False


@pytest.mark.parametrize("words", ["ruang tunggunya juga kotor banget", "kursi tunggu di sana patah semua"])
def test_a_waiting_room_is_no_wish_to_wait(words: str) -> None:
    dialogue = at_photo()
    dialogue.send(text=words)
    assert "common.no_hurry" not in said(dialogue)


def test_a_second_place_takes_nothing_back() -> None:
    dialogue = at_summary()
    before = dialogue.state.draft and dialogue.state.draft.place
    dialogue.send(text="bukan cuma di jatiasih tapi di jatirasa juga")
    assert (dialogue.state.draft and dialogue.state.draft.place) == before


@pytest.mark.parametrize("words", ["bentar ya lagi difoto", "tunggu sebentar pak"])
def test_who_is_busy_is_not_given_the_manual(words: str) -> None:
    dialogue = at_photo()
    dialogue.send(text=words)
    assert "help.text" not in said(dialogue)
    assert "common.no_hurry" in said(dialogue)
    assert dialogue.state.step == "photo"
    assert dialogue.state.draft is not None
    assert dialogue.state.draft.text == HOLE


@pytest.mark.parametrize("words", ["ya", "kirim", "lanjut"])
def test_the_question_about_another_problem_is_no_dead_end(words: str) -> None:
    dialogue = at_summary()
    dialogue.send(text="oh iya sampah di pekayon juga ga diangkut seminggu")
    assert dialogue.state.step == "another"
    dialogue.send(text=words)
    assert "another.remember" in said(dialogue)
    assert dialogue.state.step == "summary"


# ── what is sent already is put right ──────────────────────────────────────────────────────────────────────


def after_sending() -> Dialogue:
    return Dialogue(facts=FakeFacts(mine={1: a_ticket(1)}))


@pytest.mark.parametrize("words", ["eh salah alamat", "maaf lokasinya salah", "fotonya keliru", "ganti alamat dong"])
def test_a_wrong_part_of_a_sent_report_is_asked_for(words: str):
    dialogue = after_sending()
    dialogue.send(text=words)
    assert said(dialogue) == ["speak.ask_right"]
    dialogue.send(text="depan smp 5 jatirasa")
    assert [effect.words for effect in dialogue.effects if isinstance(effect, Relay)] == ["depan smp 5 jatirasa"]


@pytest.mark.parametrize("words", ["maaf salah, yang bener di jatirasa depan smp 5", "maksudnya rt 5 bukan rt 3"])
def test_what_is_right_is_offered_to_the_report(words: str):
    dialogue = after_sending()
    dialogue.send(text=words)
    assert said(dialogue)[0] == "which.ask"
    assert dialogue.state.offered[0][0] == "t:1"


@pytest.mark.parametrize("words", ["salah kirim pak, batalin aja", "gak jadi laporannya"])
def test_a_report_that_was_a_mistake_is_asked_about_as_before(words: str):
    dialogue = after_sending()
    dialogue.send(text=words)
    assert "withdraw.ask" in said(dialogue)


# ── where it is was told already ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ("lampu jalan mati gang mawar 3 rt 02 rw 05 jatiasih", "location.ask_beside"),
        ("lampu jalan mati depan sdn 3 jatiasih", "location.ask_beside"),
        ("jalan rusak berlubang di jatiasih", "location.ask_hint"),
        ("lampu jalan mati di jl wibawa mukti jatiasih", "location.ask_which"),
        ("lampu jalan mati gang mawar 3 rt 02", "location.ask_area"),
        ("lampu jalan mati", "location.ask"),
    ],
)
def test_an_address_that_was_told_is_not_asked_for_again(words: str, asked: str):
    dialogue = Dialogue()
    dialogue.send(text=words)
    assert asked in said(dialogue)


# ── who speaks is no problem ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("words", ["nama saya siti", "saya siti warga rw 05"])
def test_a_name_is_no_report(words: str):
    dialogue = Dialogue()
    dialogue.send(text=words)
    assert said(dialogue) == ["describe.more"]
    dialogue.send(text=HOLE)
    dialogue.send(text=words)
    assert dialogue.state.other is None
    assert "name.noted" in said(dialogue)
    assert dialogue.state.step == "location"


@pytest.mark.parametrize(
    "words",
    [
        "nama saya dicoret dari pkh",
        "nama saya tidak terdaftar bansos",
        "nama saya hilang dari dtks",
        "saya warga rw 05 mau protes soal pasar malam yang berisik",
        "saya warga jatirasa lampu jalan mati",
    ],
)
def test_what_happened_to_a_name_is_a_report(words: str):
    dialogue = Dialogue()
    dialogue.send(text=words)
    assert dialogue.state.draft is not None
    assert dialogue.state.draft.text == words


@pytest.mark.parametrize("words", ["ini", "ini pak", "ini lokasinya", "liat nih", "di sini"])
def test_a_caption_that_only_points_is_no_answer(words: str):
    dialogue = Dialogue()
    dialogue.send(text=HOLE)
    dialogue.send(text=words, attachments=(Attachment(MediaKind.PHOTO, "f1", "image/jpeg", 10),))
    assert dialogue.state.draft is not None
    assert dialogue.state.draft.text == HOLE
    assert said(dialogue)[-1] == "location.ask_hint"


# ── two problems in one message ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("words", "first", "second"),
    [
        (
            "lampu jalan mati sama ada sampah numpuk di jl wibawa mukti jatiasih",
            ("PJU", "lampu jalan mati di jl wibawa mukti jatiasih"),
            "ada sampah numpuk di jl wibawa mukti jatiasih",
        ),
        (
            "jalan berlubang di kranji, terus lampunya juga mati",
            ("JLN-RUSAK", "jalan berlubang di kranji"),
            "lampunya juga mati di kranji",
        ),
        ("got mampet dan jalan rusak", ("DRAINASE", "got mampet"), "jalan rusak"),
        (
            "saya warga rt 02 mau lapor jalan rusak sama lampu mati di jl kemang pratama",
            ("JLN-RUSAK", "saya warga rt 02 mau lapor jalan rusak di jl kemang pratama"),
            "lampu mati di jl kemang pratama",
        ),
    ],
)
def test_the_second_of_two_problems_has_its_turn_after_the_first(words: str, first: tuple[str, str], second: str):
    dialogue = Dialogue()
    dialogue.send(text=words)
    assert "another.beside" in said(dialogue)
    assert dialogue.state.draft is not None
    assert (dialogue.state.draft.category, dialogue.state.draft.text) == first
    assert [draft.text for draft in dialogue.state.later] == [second]


@pytest.mark.parametrize(
    "words",
    [
        "jalan rusak dan berlubang",
        "sampah numpuk dan bau busuk",
        "banjir karena got mampet",
        "got mampet bikin jalan banjir",
        "lampu jalan mati, rawan kecelakaan",
        "pohon tumbang nimpa rumah, kabel putus bahaya",
        "lampu jalan mati, mohon diperbaiki karena sudah rusak dari kemarin",
    ],
)
def test_one_problem_told_at_length_stays_one(words: str):
    dialogue = Dialogue()
    dialogue.send(text=words)
    assert dialogue.state.later == ()
    assert dialogue.state.draft is not None
    assert dialogue.state.draft.text == words


@pytest.mark.parametrize(
    ("words", "minutes", "asked"),
    [
        ("sudah 3 hari gelap banget takut begal", 10, True),
        ("lampu jalan mati di gang melati rt 03", 10, False),
        ("lampu jalan mati di jatirasa", 10, False),
        ("sampah belum diangkut seminggu", 10, False),
        ("sudah 3 hari gelap banget takut begal", 180, False),
    ],
)
def test_more_of_what_was_just_sent_is_no_report_of_its_own(words: str, minutes: int, asked: bool):
    sent_lately = a_ticket(1, opened_at=MORNING - timedelta(minutes=minutes))
    dialogue = Dialogue(facts=FakeFacts(mine={1: sent_lately}))
    dialogue.send(text=words)
    assert ("which.ask" in said(dialogue)) is asked


# ── what a reader of all this found ────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "words",
    [
        "rahasiakan nama saya, lurah minta uang",
        "jangan sebut nama saya pak rt korupsi bansos",
        "rahasiakan nama saya ada judi di warung",
        "jangan sebut nama saya, guru mukul anak",
    ],
)
def test_a_report_that_asks_for_secrecy_beside_a_sent_one_is_not_swallowed(words: str):
    dialogue = Dialogue(facts=FakeFacts(mine={1: a_ticket(1, named=True)}))
    dialogue.send(text=words)
    kept = dialogue.state.draft.text if dialogue.state.draft else ""
    assert words in (kept, dialogue.state.held)


def test_a_follower_who_asks_for_secrecy_hears_that_it_is_kept():
    dialogue = Dialogue(facts=FakeFacts(mine={1: a_ticket(1)}, followed=frozenset({1})))
    dialogue.send(text="rahasiakan nama saya")
    assert said(dialogue) == ["name.secret_already"]


def test_a_name_that_an_office_asked_for_is_the_answer():
    dialogue = awaiting(question="Siapa nama Bapak/Ibu yang bisa kami temui?")
    dialogue.send(text="Nama saya Budi Santoso")
    assert moved(dialogue) == [("answer", "Nama saya Budi Santoso")]
    dialogue = awaiting(question="Siapa nama Bapak/Ibu yang bisa kami temui?", others=1)
    dialogue.send(text="Nama saya Budi Santoso")
    assert "which.ask" in said(dialogue)


LIVES = ["saya warga jatirasa rt 05", "saya budi warga rt 3 jatirasa pak", "saya warga perumahan kemang pratama"]


@pytest.mark.parametrize("words", LIVES)
def test_who_says_where_they_live_at_the_place_has_told_it(words: str):
    dialogue = Dialogue()
    dialogue.send(text="jalan rusak berlubang")
    dialogue.send(text=words)
    assert dialogue.state.draft is not None
    assert dialogue.state.draft.place is not None
    assert "name.noted" not in said(dialogue)


@pytest.mark.parametrize("words", ["saya warga kesal sampah", "saya warga keberatan tower"])
def test_a_resident_who_complains_is_heard(words: str):
    dialogue = Dialogue()
    dialogue.send(text=words)
    assert dialogue.state.draft is not None
    assert dialogue.state.draft.text == words


@pytest.mark.parametrize(
    "words", ["tunggu jam 4 sore", "tunggu di depan masjid al ikhlas", "bentar lagi depan masjid ada tiang"]
)
def test_an_answer_that_begins_with_a_wait_is_an_answer(words: str):
    dialogue = awaiting(question="Bisa ditemui jam berapa?")
    dialogue.send(text=words)
    assert "common.no_hurry" not in said(dialogue)
    assert moved(dialogue) == [("answer", words)] or dialogue.state.held == words


def test_a_picture_is_no_answer_to_thanks_for_one():
    dialogue = awaiting(question="Fotonya sudah kami terima, tiang nomor berapa?")
    dialogue.send(attachments=(Attachment(MediaKind.PHOTO, "f1", "image/jpeg", 10),))
    assert moved(dialogue) == []


def test_a_message_as_long_as_a_channel_takes_is_not_taken_apart():
    dialogue = Dialogue()
    dialogue.send(text=("lampu jalan mati sampah numpuk " + "." * 400 + " dan x y" * 1500)[:12_000])
    assert dialogue.state.later == ()


@pytest.mark.parametrize(
    "words", ["pipa pdam bocor, jalan jadi rusak di jatirasa", "ada kecelakaan motor, jalan berlubang di jl narogong"]
)
def test_what_one_problem_did_is_no_second_one(words: str):
    dialogue = Dialogue()
    dialogue.send(text=words)
    assert dialogue.state.later == ()


TWO = "lampu jalan mati dan sampah belum diangkut di jatirasa"


@pytest.mark.parametrize("words", ["", "itu satu masalah aja pak", "cuma satu laporan aja", "digabung aja"])
def test_two_that_are_one_are_put_together_with_one_tap(words: str):
    dialogue = Dialogue()
    dialogue.send(text=TWO)
    assert len(dialogue.state.later) == 1
    if words:
        dialogue.send(text=words)
    else:
        dialogue.press("together")
    assert dialogue.state.later == ()
    assert dialogue.state.draft is not None
    assert "sampah belum diangkut" in dialogue.state.draft.text
    assert "describe.added" in said(dialogue)


def test_an_edited_message_tells_its_second_problem_once():
    dialogue = Dialogue()
    dialogue.send(text=TWO, message_id="one")
    dialogue.send(kind=Kind.EDIT, text=f"{TWO} gang mawar", message_id="one")
    assert [draft.text for draft in dialogue.state.later] == ["sampah belum diangkut di jatirasa gang mawar"]
    assert dialogue.state.draft is not None
    assert "sampah" not in dialogue.state.draft.text
    dialogue.send(kind=Kind.EDIT, text="lampu jalan mati di jatirasa", message_id="one")
    assert dialogue.state.later == ()


def test_an_edit_after_they_were_put_together_replaces_both():
    dialogue = Dialogue()
    dialogue.send(text=TWO, message_id="one")
    dialogue.press("together")
    dialogue.send(text="dekat pos ronda yang dicat hijau")
    dialogue.send(kind=Kind.EDIT, text="lampu jalan mati di jatirasa", message_id="one")
    assert dialogue.state.draft is not None
    assert dialogue.state.draft.text.startswith("lampu jalan mati di jatirasa")
    assert "sampah" not in dialogue.state.draft.text


@pytest.mark.parametrize("at_once", [True, False])
def test_a_point_counts_for_both_of_two_problems(at_once: bool):
    dialogue = Dialogue()
    dialogue.send(text="lampu jalan mati dan sampah belum diangkut", pin=HERE if at_once else None)
    if not at_once:
        dialogue.send(pin=HERE)
    for action in ("yes:here:32.75.09.1002", "skip", "secret", "yes"):
        dialogue.press(action)
    assert sent(dialogue)
    assert dialogue.state.draft is not None
    assert dialogue.state.draft.place is not None
    assert dialogue.state.draft.place.lat == HERE.lat
    assert dialogue.state.draft.place.confirmed is False
    assert "location.confirm" in said(dialogue)


def test_an_office_that_is_named_is_place_enough_for_a_service():
    dialogue = Dialogue()
    dialogue.send(text="saya tidak dapat bansos padahal terdaftar")
    dialogue.send(text="kantor dinas sosial")
    assert dialogue.state.draft is not None
    assert dialogue.state.draft.place is not None
    assert (dialogue.state.draft.place.words, dialogue.state.draft.place.confirmed) == ("kantor dinas sosial", True)
