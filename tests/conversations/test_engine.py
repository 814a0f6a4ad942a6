"""Single rules of the dialogue that no story tells by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from conversations import answers, told, verdicts
from conversations.effects import KeepMedia, MoveTicket, OpenTicket, Rate, Say, Toast, Wake
from conversations.inbound import NOT_KEPT, Attachment, Kind, MediaKind, Pin, kind_of_file
from conversations.state import Draft, Place, State
from tests.conversations.world import MORNING, Dialogue, FakeFacts, a_ticket, bekasi, keys
from texts.words import OFFICIAL
from tickets.ticket import Outcome, Status, Ticket

SCHOOL = Pin(-6.298, 106.959)


def begun(**more: object) -> Dialogue:
    dialogue = Dialogue(**more)  # type: ignore[arg-type]
    dialogue.send(text="lampu jalan mati")
    return dialogue


def said(dialogue: Dialogue) -> list[str]:
    return [key for say in dialogue.said for key in keys(say.text)]


# ── buttons ────────────────────────────────────────────────────────────────────────────────────────────────


def test_buttons_carry_the_number_of_their_question() -> None:
    dialogue = begun()
    (question,) = dialogue.said
    assert [c.action for c in question.choices] == ["@location", "1|edit:category"]
    dialogue.send(pin=SCHOOL)
    assert all(c.action.startswith("2|") for c in dialogue.said[-1].choices)


def test_an_old_button_changes_nothing_and_asks_the_present_question() -> None:
    dialogue = begun()
    dialogue.send(pin=SCHOOL)
    before = dialogue.state.draft
    dialogue.send(kind=Kind.PRESS, action="1|edit:category")
    assert dialogue.state.draft == before
    assert "location.confirm" in said(dialogue)
    assert any(isinstance(e, Toast) and e.text.key == "engine.old_button" for e in dialogue.effects)


def test_a_question_asked_again_after_an_old_button_leaves_both_copies_good() -> None:
    dialogue = begun()
    dialogue.send(pin=SCHOOL)
    first = [c.action for c in dialogue.said[-1].choices]
    dialogue.send(kind=Kind.PRESS, action="1|edit:category")
    assert [c.action for c in dialogue.said[-1].choices] == first
    dialogue.send(kind=Kind.PRESS, action=first[0])
    assert "location.confirm" not in said(dialogue)


def test_an_offered_number_with_a_foreign_action_changes_nothing() -> None:
    dialogue = begun()
    dialogue.send(kind=Kind.PRESS, action="1|yes")
    assert not any(isinstance(e, OpenTicket) for e in dialogue.effects)
    assert said(dialogue) == ["location.ask"]


def test_a_second_tap_on_stars_is_silent_but_other_stars_count() -> None:
    dialogue = Dialogue(FakeFacts({4: a_ticket(4, status=Status.CLOSED)}))
    dialogue.send(kind=Kind.PRESS, action="ticket:4:rate:5")
    assert dialogue.send(kind=Kind.PRESS, action="ticket:4:rate:5") == ()
    assert dialogue.send(kind=Kind.PRESS, action="ticket:4:rate:2") != ()


def test_a_ticket_button_leaves_the_draft_alone_and_comes_back_to_it() -> None:
    dialogue = begun(facts=FakeFacts({1: a_ticket(1, status=Status.IN_PROGRESS)}))
    draft = dialogue.state.draft
    dialogue.send(kind=Kind.PRESS, action="ticket:1:say")
    assert said(dialogue) == ["speak.ask"]
    dialogue.send(text="tolong dicek tiangnya")
    assert dialogue.state.draft == draft
    assert said(dialogue)[-1] == "location.ask"


def test_a_ticket_of_somebody_else_is_not_found() -> None:
    dialogue = Dialogue(FakeFacts({1: a_ticket(1)}))
    dialogue.send(kind=Kind.PRESS, action="ticket:2:confirm")
    assert "follow.unknown" in said(dialogue)
    assert not any(isinstance(e, MoveTicket) for e in dialogue.effects)


# ── messages ───────────────────────────────────────────────────────────────────────────────────────────────


def test_notices_of_one_turn_and_the_question_are_one_message() -> None:
    dialogue = begun()
    assert len(dialogue.said) == 1
    assert said(dialogue) == ["common.paragraphs", "category.stated", "location.ask"]


def test_emergency_advice_comes_before_everything_else() -> None:
    dialogue = Dialogue()
    effects = dialogue.send(text="kebakaran rumah di depan pasar, api besar")
    assert isinstance(effects[0], Say)
    assert effects[0].urgent
    assert effects[0].choices[0].action == "@url:tel:112"


def test_an_album_waits_and_its_single_sentences_do_not() -> None:
    dialogue = Dialogue()
    photo = Attachment(MediaKind.PHOTO, "a1")
    dialogue.send(text="lampu jalan mati", attachments=(photo,), album="A")
    stated, question = dialogue.said
    assert (stated.text.key, stated.after_s) == ("category.stated", 0)
    assert question.after_s == 2
    assert dialogue.state.waiting
    dialogue.send(pin=SCHOOL)
    assert dialogue.said[-1].after_s == 0
    assert not dialogue.state.waiting


def test_a_waiting_question_is_not_lost_by_a_silent_event() -> None:
    dialogue = Dialogue()
    dialogue.send(attachments=(Attachment(MediaKind.PHOTO, "a1"),), album="A")
    dialogue.send(kind=Kind.EDIT, pin=Pin(-6.2, 106.9, "live"))
    assert "describe.ask_beside" in said(dialogue)


def test_the_same_file_twice_is_kept_once() -> None:
    dialogue = begun()
    photo = (Attachment(MediaKind.PHOTO, "a1"),)
    dialogue.send(attachments=photo)
    dialogue.send(attachments=photo)
    assert not any(isinstance(e, KeepMedia) for e in dialogue.effects)
    assert dialogue.state.draft is not None
    assert len(dialogue.state.draft.media) == 1


@pytest.mark.parametrize(
    ("mime", "kind"),
    [
        ("image/heic", MediaKind.PHOTO),
        ("image/gif", None),
        ("video/mp4", MediaKind.VIDEO),
        ("audio/ogg", MediaKind.AUDIO),
        ("application/octet-stream", MediaKind.DOCUMENT),
        ("", MediaKind.DOCUMENT),
        ("application/pdf", None),
        ("text/plain", None),
    ],
)
def test_what_is_sent_as_a_file_is_what_its_type_says(mime: str, kind: MediaKind | None) -> None:
    assert kind_of_file(mime) == kind


def test_letters_of_one_album_are_refused_once() -> None:
    dialogue = Dialogue()
    dialogue.send(text="lampu jalan mati depan sdn 3 jatiasih")
    for album, refused in (("a", True), ("a", False), ("b", True), ("", True), ("", True)):
        dialogue.send(unreadable="document", album=album)
        assert ("unreadable.document" in said(dialogue)) is refused, (album, refused)
    dialogue.send(unreadable="document", album="c", text="suratnya terlampir ya pak di sini")
    assert "unreadable.document" in said(dialogue)
    dialogue.send(unreadable="document", album="c")
    assert said(dialogue) == []


@pytest.mark.parametrize("unreadable", NOT_KEPT)
@pytest.mark.parametrize("words", ["", "jalan berlubang besar"])
def test_a_file_that_is_not_kept_is_told_at_once(unreadable: str, words: str) -> None:
    """No promise is made for it, and the words beside it count."""
    dialogue = Dialogue()
    dialogue.send(text=words, unreadable=unreadable)
    assert f"unreadable.{unreadable}" in said(dialogue)
    assert "media.document_kept" not in said(dialogue)
    assert (dialogue.state.draft is not None) is bool(words)


def test_a_long_text_is_kept_whole_and_cut_only_for_display() -> None:
    words = "lampu jalan padam gelap di depan sekolah " * 240
    dialogue = Dialogue()
    dialogue.send(text=words)
    dialogue.send(pin=SCHOOL)
    for answer in ("ya", "lewati", "rahasia"):
        dialogue.send(text=answer)
    assert said(dialogue)[0] == "summary.ask"
    assert len(dialogue.words()) < 1_000
    dialogue.send(text="kirim")
    (opened,) = (e for e in dialogue.effects if isinstance(e, OpenTicket))
    assert opened.draft.text == words.strip()


@pytest.mark.parametrize("command", OFFICIAL)
def test_an_officers_command_in_a_private_chat_is_explained(command: str) -> None:
    dialogue = begun()
    dialogue.send(command=command)
    assert said(dialogue)[1:] == ["command.official", "location.ask"]


def test_a_command_with_words_is_the_report_itself() -> None:
    dialogue = Dialogue()
    dialogue.send(text="/lapor@SahutBot jalan berlubang besar")
    assert dialogue.state.draft is not None
    assert dialogue.state.draft.text == "jalan berlubang besar"


def test_a_pin_with_a_label_keeps_the_label_as_words() -> None:
    dialogue = begun()
    dialogue.send(pin=replace(SCHOOL, label="SDN Jatiasih 3"))
    assert dialogue.state.draft is not None
    assert dialogue.state.draft.place is not None
    assert dialogue.state.draft.place.words == "SDN Jatiasih 3"


def test_a_place_moved_asks_for_neighbours_again() -> None:
    facts = FakeFacts(others={7: a_ticket(7)})
    dialogue = begun(facts=facts)
    dialogue.send(pin=Pin(-6.2334, 107.0136))
    dialogue.send(text="ya")
    assert dialogue.state.draft is not None
    assert dialogue.state.draft.nearby_done
    dialogue.send(pin=SCHOOL)
    dialogue.send(text="ya")
    dialogue.send(text="lewati")
    assert "nearby.ask" in said(dialogue)


def test_neighbours_are_looked_for_only_when_kind_and_place_are_known() -> None:
    facts = FakeFacts()
    dialogue = begun(facts=facts)
    assert facts.asked == 0
    dialogue.send(pin=SCHOOL)
    dialogue.send(text="ya")
    assert facts.asked == 1
    dialogue.send(text="lewati")
    dialogue.send(text="rahasia")
    assert facts.asked == 1


# ── time ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_sign_of_life_moves_the_offer() -> None:
    dialogue = begun()
    dialogue.now += timedelta(minutes=50)
    dialogue.send(text="bantuan")
    assert dialogue.wake_at == dialogue.now + bekasi().policy.draft_offer


def test_a_wake_that_comes_too_early_or_too_late_says_nothing() -> None:
    dialogue = begun()
    (wake,) = dialogue.send(kind=Kind.WAKE)
    assert wake == Wake(MORNING + bekasi().policy.draft_offer)
    idle = Dialogue()
    assert idle.send(kind=Kind.WAKE) == (Wake(None),)
    assert not idle.said


def test_an_empty_draft_wakes_nobody() -> None:
    dialogue = Dialogue()
    dialogue.send(command="lapor")
    assert dialogue.state.step == "describe"
    assert not any(isinstance(e, Wake) and e.at for e in dialogue.effects)


def test_sending_and_discarding_end_the_alarm() -> None:
    dialogue = begun()
    dialogue.send(text="batal")
    dialogue.send(text="ya")
    assert Wake(None) in dialogue.effects


# ── words ──────────────────────────────────────────────────────────────────────────────────────────────────

OFFERED = (
    ("yes:here:1", "✅ Jatiasih"),
    ("here:2", "Jatirasa"),
    ("@location", "📍 Kirim lokasi"),
    ("no", "Bukan di sini"),
)


@pytest.mark.parametrize(
    ("typed", "action"),
    [
        ("Jatiasih", "yes:here:1"), ("jatirasa.", "here:2"), ("jatirsa", "here:2"), ("YA!!", "yes:here:1"),
        ("iyaaaa", "yes:here:1"), ("2", "here:2"), ("3", "no"), ("9", ""), ("bukan", "no"), ("gak", "no"),
        ("bukan di sni", "no"), ("kirim lokasi", "@location"), ("di depan sekolah", ""), ("", ""), ("👍", ""),
        ("x" * 500, ""),
    ],
)  # fmt: skip
def test_typed_answers_count_as_presses(typed: str, action: str) -> None:
    assert answers.chosen(typed, OFFERED) == action


@pytest.mark.parametrize(
    "words", ["Terima kasih", "makasih banyak pak 🙏", "ok siap", "Thanks!", "alhamdulillah, terima kasih ya"]
)
def test_thanks_are_recognised(words: str) -> None:
    assert answers.thanks(words)
    assert not answers.greeting(words)


@pytest.mark.parametrize(
    "words",
    ["terima kasih tapi lampunya masih mati", "ya pak lampunya mati", "bagus jalannya rusak lagi", "banyak sampah", ""],
)
def test_more_than_thanks_is_not_thanks(words: str) -> None:
    assert not answers.thanks(words)


@pytest.mark.parametrize("words", ["halo", "Selamat pagi pak", "assalamualaikum wr wb", "p", "permisi min", "Haloooo"])
def test_greetings_are_recognised(words: str) -> None:
    assert answers.greeting(words)


@pytest.mark.parametrize("words", ["halo lampu mati", "pagi ini jalan rusak", "bahaya", "malam gelap sekali"])
def test_more_than_a_greeting_is_not_a_greeting(words: str) -> None:
    assert not answers.greeting(words)
    assert not answers.command(words)


def test_media_beyond_the_limit_is_told() -> None:
    dialogue = begun()
    many = tuple(Attachment(MediaKind.PHOTO, f"f{n}") for n in range(told.MOST_MEDIA + 2))
    dialogue.send(attachments=many)
    assert "photo.enough" in said(dialogue)
    assert sum(isinstance(e, KeepMedia) for e in dialogue.effects) == told.MOST_MEDIA


def test_a_draft_from_an_older_city_is_asked_again_where_it_no_longer_fits() -> None:
    old = Draft(text="x y z", category="GONE", place=Place(kelurahan="99", confirmed=True), named=False)
    dialogue = Dialogue(state=State(step="summary", draft=old, prompt=4, offered=(("yes", "Kirim"),)))
    dialogue.send(kind=Kind.PRESS, action="4|yes")
    assert not any(isinstance(e, OpenTicket) for e in dialogue.effects)
    assert dialogue.state.step == "category"


def test_a_quoted_number_binds_when_the_message_is_unknown() -> None:
    dialogue = Dialogue(FakeFacts({1: a_ticket(1, status=Status.IN_PROGRESS), 2: a_ticket(2)}))
    quoted = "Laporan BKS-26-000001-7 sedang dikerjakan"
    dialogue.send(text="tiangnya di sebelah kiri", reply_to="unknown", quoted_text=quoted)
    assert said(dialogue) == ["speak.sent"]


@pytest.mark.parametrize(
    ("words", "stars"), [("5", 5), ("⭐⭐", 2), ("★ ★ ★", 3), ("6", 0), ("⭐" * 7, 0), ("55", 0), ("", 0)]
)
def test_stars_can_be_typed(words: str, stars: int) -> None:
    assert verdicts.stars(words) == stars


def test_a_point_outside_does_not_replace_a_place_that_was_confirmed() -> None:
    dialogue = begun()
    dialogue.send(pin=SCHOOL)
    dialogue.send(text="ya")
    assert dialogue.state.step == "photo"
    dialogue.send(pin=Pin(-6.9, 107.6))
    assert said(dialogue) == ["location.is_outside"]
    dialogue.press("keep")
    assert said(dialogue) == ["photo.ask"]
    assert dialogue.state.draft is not None
    assert dialogue.state.draft.place is not None
    assert dialogue.state.draft.place.lat == SCHOOL.lat


@pytest.mark.parametrize(("words", "note"), [("masih gelap", "masih gelap"), ("", "(lihat lampiran)")])
def test_what_is_missing_travels_as_the_note(words: str, note: str) -> None:
    dialogue = Dialogue(FakeFacts({4: a_ticket(4, status=Status.RESOLVED)}))
    dialogue.send(kind=Kind.PRESS, action="ticket:4:reopen")
    photo = Attachment(MediaKind.PHOTO, "f1")
    dialogue.send(text=words, attachments=(photo,))
    assert dialogue.effects == (MoveTicket(4, "reopen", note, (photo,)),)


@pytest.mark.parametrize(
    ("status", "labels"),
    [
        (Status.RESOLVED, ["follow.do_confirm", "follow.do_refuse"]),
        (Status.CLOSED, ["follow.do_reopen"]),
        (Status.WAITING_CITIZEN, ["follow.do_answer", "follow.do_withdraw"]),
        (Status.REOPEN_REQUESTED, ["follow.do_say"]),
        (Status.SCHEDULED, ["follow.do_say", "follow.do_withdraw"]),
    ],
)
def test_a_report_offers_what_its_state_allows(status: Status, labels: list[str]) -> None:
    ticket = a_ticket(4, status=status, scheduled_for=MORNING)
    dialogue = Dialogue(FakeFacts({4: ticket}))
    dialogue.send(text="status")
    assert [c.label.key for c in dialogue.said[0].choices] == labels
    assert dialogue.said[0].ticket == 4


def test_what_the_centre_has_ruled_is_not_offered_to_be_opened_again() -> None:
    ruled = a_ticket(4, status=Status.CLOSED, outcome=Outcome.DECLINED, reopenings=3)
    dialogue = Dialogue(FakeFacts({4: ruled}))
    dialogue.send(text="status")
    assert [c.label.key for c in dialogue.said[0].choices] == ["menu.report"]
    dialogue.send(kind=Kind.PRESS, action="ticket:4:say")
    assert "follow.do_reopen" not in [c.label.key for said in dialogue.said for c in said.choices]


def test_a_corrected_kind_asks_again_with_the_old_one_kept() -> None:
    dialogue = begun()
    dialogue.press("edit:category")
    dialogue.send(text="lampu di jalan simpang")
    assert dialogue.state.step in ("category", "location")
    assert dialogue.state.draft is not None
    assert dialogue.state.draft.category


def test_cancelling_with_nothing_open_shows_the_menu() -> None:
    dialogue = Dialogue()
    dialogue.send(command="cancel")
    assert said(dialogue) == ["common.paragraphs", "cancel.nothing", "menu.ask"]
    assert [c.action for c in dialogue.said[0].choices] == ["1|new", "1|tickets", "1|language", "1|help"]


def at_the_summary(text: str) -> Dialogue:
    dialogue = Dialogue()
    dialogue.send(text=text, attachments=(Attachment(MediaKind.PHOTO, "f1"),))
    dialogue.send(pin=SCHOOL)
    dialogue.send(text="ya")
    if dialogue.state.step == "name":
        dialogue.send(text="rahasia")
    assert dialogue.state.step == "summary"
    return dialogue


def corrected(dialogue: Dialogue, group: str, code: str) -> Dialogue:
    for action in ("edit:category", "other", f"group:{group}", f"cat:{code}"):
        dialogue.press(action)
    return dialogue


def test_a_name_once_decided_is_not_asked_again_for_another_kind() -> None:
    assert corrected(at_the_summary("lampu jalan mati"), "jalan", "JLN-RUSAK").state.step == "summary"


def test_a_kind_that_is_no_longer_delicate_asks_for_the_name() -> None:
    delicate = at_the_summary("pungli oleh oknum pegawai, minta uang, korupsi ASN")
    assert delicate.state.draft is not None
    assert delicate.state.draft.named is False
    assert corrected(delicate, "jalan", "JLN-RUSAK").state.step == "name"


def test_another_kind_has_other_neighbours() -> None:
    dialogue = at_the_summary("lampu jalan mati")
    dialogue.facts.others[7] = a_ticket(7, category="JLN-RUSAK")
    assert corrected(dialogue, "jalan", "JLN-RUSAK").state.step == "nearby"


@pytest.mark.parametrize(("danger", "offered"), [(False, False), (True, True)])
def test_a_neighbour_that_could_not_be_opened_again_is_not_offered(danger: bool, offered: bool) -> None:
    """It was ruled already: whoever joined it lost the own report, and nothing was opened."""
    closed = {"status": Status.CLOSED, "outcome": Outcome.CONFIRMED, "closed_at": MORNING - timedelta(days=1)}
    often = bekasi().policy.max_reopenings + 1
    ruled = a_ticket(7, category="JLN-RUSAK", reopenings=often, danger=danger, **closed)
    dialogue = at_the_summary("lampu jalan mati")
    dialogue.facts.others[7] = ruled
    step = corrected(dialogue, "jalan", "JLN-RUSAK").state.step
    assert step == ("nearby" if offered else "summary")


def test_a_neighbour_that_vanished_cannot_be_joined() -> None:
    dialogue = at_the_summary("lampu jalan mati")
    dialogue.facts.others[7] = a_ticket(7, category="JLN-RUSAK")
    corrected(dialogue, "jalan", "JLN-RUSAK")
    join = next(c.action for c in dialogue.said[-1].choices if "join" in c.action)
    dialogue.facts.others.clear()
    dialogue.send(kind=Kind.PRESS, action=join)
    assert said(dialogue)[:3] == ["common.paragraphs", "nearby.gone", "summary.ask"]


@pytest.mark.parametrize(
    ("status", "outcome", "asked"),
    [
        (Status.RESOLVED, None, "refuse.ask"),
        (Status.CLOSED, Outcome.CONFIRMED, "refuse.ask"),
        (Status.CLOSED, Outcome.PRIVATE_MATTER, "refuse.ask_contest"),
        (Status.CLOSED, Outcome.DECLINED, "refuse.ask_contest"),
    ],
)
def test_an_objection_is_asked_for_its_reason_not_for_what_is_missing(
    status: Status, outcome: Outcome | None, asked: str
) -> None:
    dialogue = Dialogue()
    dialogue.facts.mine[3] = a_ticket(3, status=status, outcome=outcome)
    dialogue.send(kind=Kind.PRESS, action="ticket:3:reopen")
    assert dialogue.said[-1].text.key == asked


def _asked() -> Dialogue:
    return Dialogue(FakeFacts({4: a_ticket(4, status=Status.WAITING_CITIZEN, last_note="Tiang mana?")}))


def with_another(ticket: Ticket) -> dict[int, Ticket]:
    """A ticket and another one that is open: whose words are is asked."""
    return {ticket.id: ticket, 9: a_ticket(9, status=Status.IN_PROGRESS, category="SAMPAH")}


def _photo(ref: str) -> tuple[Attachment, ...]:
    return (Attachment(MediaKind.PHOTO, ref),)


@pytest.mark.parametrize("album", ["a1", ""])
@pytest.mark.parametrize("action", ["answer", "refuse"])
def test_the_rest_of_an_album_follows_its_first_picture(album: str, action: str) -> None:
    """Each picture is a message of its own; the first one was the answer, the others begin no new report."""
    dialogue = _asked() if action == "answer" else Dialogue(FakeFacts({4: a_ticket(4, status=Status.RESOLVED)}))
    dialogue.send(kind=Kind.PRESS, action=f"ticket:4:{action}")
    dialogue.send(attachments=_photo("f1"), album=album)
    assert any(isinstance(effect, MoveTicket) for effect in dialogue.effects)
    for ref in ("f2", "f3"):
        dialogue.send(attachments=_photo(ref), album=album)
        assert dialogue.effects == (KeepMedia(*_photo(ref), 4),)
    assert dialogue.state.draft is None
    dialogue.now += timedelta(minutes=6)
    dialogue.send(attachments=_photo("f4"), album="a2")
    assert dialogue.state.draft is not None, "another album, later, is something else"


def test_a_picture_later_on_is_no_rest_of_an_album() -> None:
    dialogue = _asked()
    dialogue.send(kind=Kind.PRESS, action="ticket:4:answer")
    dialogue.send(attachments=_photo("f1"))
    dialogue.now += timedelta(minutes=2)
    dialogue.send(attachments=_photo("f2"))
    assert said(dialogue) != []


def test_a_place_without_words_may_be_the_answer_to_an_office() -> None:
    dialogue = _asked()
    dialogue.send(pin=SCHOOL)
    assert said(dialogue) == ["which.ask_files"]
    dialogue.press("t:4")
    (move,) = (effect for effect in dialogue.effects if isinstance(effect, MoveTicket))
    assert "maps" in move.note
    assert f"{SCHOOL.lat:.6f}" in move.note
    again = _asked()
    again.send(pin=SCHOOL)
    again.press("report")
    assert again.state.draft is not None
    assert again.state.draft.place is not None, "for a new report it is the place"


@pytest.mark.parametrize(("press", "kept"), [("report", ["f1", "f2", "f3"]), ("t:4", [])])
def test_pictures_of_whom_it_is_not_known_yet_are_kept_once(press: str, kept: list[str]) -> None:
    dialogue, files = _asked(), []
    for ref in ("f1", "f2", "f3"):
        dialogue.send(attachments=_photo(ref), album="a1")
        files += [effect.attachment.ref for effect in dialogue.effects if isinstance(effect, KeepMedia)]
    dialogue.press(press)
    files += [effect.attachment.ref for effect in dialogue.effects if isinstance(effect, KeepMedia)]
    assert files == kept
    if press != "report":
        (move,) = (effect for effect in dialogue.effects if isinstance(effect, MoveTicket))
        assert [file.ref for file in move.attachments] == ["f1", "f2", "f3"]


@pytest.mark.parametrize(("remark", "offered"), [("belum beres", True), ("masih gelap kok", True), ("bagus", False)])
def test_a_remark_that_says_it_is_not_solved_shows_the_way_back(remark: str, offered: bool) -> None:
    dialogue = Dialogue(FakeFacts({4: a_ticket(4, status=Status.CLOSED, outcome=Outcome.CONFIRMED)}))
    dialogue.send(kind=Kind.PRESS, action="ticket:4:rate:1")
    dialogue.send(text=remark)
    assert any(isinstance(effect, Rate) and effect.remark == remark for effect in dialogue.effects)
    assert [c.action for c in dialogue.said[-1].choices] == (["ticket:4:reopen"] if offered else [])


@pytest.mark.parametrize("remark", [{"text": "belum beres"}, {"attachments": _photo("f1")}])
def test_after_the_last_ruling_the_way_on_is_a_new_report(remark: dict[str, object]) -> None:
    """A further "belum beres" is refused, so that nobody is told to press it."""
    closed = a_ticket(4, status=Status.CLOSED, outcome=Outcome.CONFIRMED, reopenings=bekasi().policy.max_reopenings + 1)
    dialogue = Dialogue(FakeFacts({4: closed}))
    dialogue.send(kind=Kind.PRESS, action="ticket:4:rate:1")
    dialogue.send(**remark)
    assert [c.action for c in dialogue.said[-1].choices] == ["new"]
    assert "Belum beres" not in dialogue.render(dialogue.said[-1].text)


@pytest.mark.parametrize(
    ("status", "button", "move"),
    [(Status.WAITING_CITIZEN, "answer", "answer"), (Status.RESOLVED, "refuse", "reopen")],
)
def test_a_button_below_a_notice_tells_whose_the_waiting_words_are(status: Status, button: str, move: str) -> None:
    """ "Tekan Jawab petugas, lalu tulis": who wrote first and pressed then is not asked to write it again."""
    dialogue = Dialogue(FakeFacts(with_another(a_ticket(4, status=status)), spoken=4))
    dialogue.send(text="tiangnya yang nomor empat belas")
    assert said(dialogue) == ["which.ask"]
    dialogue.send(attachments=_photo("f1"))
    dialogue.send(kind=Kind.PRESS, action=f"ticket:4:{button}")
    (moved,) = (effect for effect in dialogue.effects if isinstance(effect, MoveTicket))
    assert (moved.action, [file.ref for file in moved.attachments]) == (move, ["f1"])
    assert "empat belas" in moved.note
    assert dialogue.state.draft is None


def test_a_quoted_message_tells_whose_the_waiting_words_are() -> None:
    dialogue = Dialogue(FakeFacts(with_another(a_ticket(4, status=Status.WAITING_CITIZEN)), messages={"q": 4}))
    dialogue.send(text="tiangnya yang nomor empat belas")
    dialogue.send(text="warna biru", reply_to="q", attachments=_photo("f1"))
    (moved,) = (effect for effect in dialogue.effects if isinstance(effect, MoveTicket))
    assert "empat belas" in moved.note
    assert "warna biru" in moved.note
    assert moved.attachments == _photo("f1")
    assert dialogue.state.draft is None


def test_words_that_wait_are_asked_about_a_closed_report_that_is_quoted() -> None:
    dialogue = Dialogue(FakeFacts({4: a_ticket(4, status=Status.CLOSED)}, messages={"q": 4}, spoken=4))
    dialogue.send(text="lampunya mati lagi pak")
    assert said(dialogue) == ["which.ask"]
    dialogue.send(text="yang depan sekolah", reply_to="q")
    assert said(dialogue) == ["which.ask"]
    dialogue.press("t:4")
    (moved,) = (effect for effect in dialogue.effects if isinstance(effect, MoveTicket))
    assert (moved.action, moved.note) == ("reopen", "lampunya mati lagi pak\nyang depan sekolah")


@pytest.mark.parametrize("aside", ["status", "bahasa", "kembali", "bantuan", "makasih"])
def test_words_that_wait_are_not_forgotten_over_something_else(aside: str) -> None:
    dialogue = Dialogue(FakeFacts({4: a_ticket(4, status=Status.WAITING_CITIZEN)}, messages={"q": 4}))
    dialogue.send(text="tiangnya yang nomor empat belas?")
    dialogue.send(text=aside, reply_to="q" if aside == "makasih" else "")
    if aside == "bahasa":
        dialogue.send(text="Bahasa Indonesia")
    assert "describe.ask" not in said(dialogue)
    assert said(dialogue)[-1] == "which.ask"
    dialogue.press("t:4")
    (moved,) = (effect for effect in dialogue.effects if isinstance(effect, MoveTicket))
    assert moved.note == "tiangnya yang nomor empat belas?"


@pytest.mark.parametrize("end", ["batal", "/start", "menu"])
def test_words_that_wait_are_not_sent_after_they_were_thrown_away(end: str) -> None:
    facts = FakeFacts(with_another(a_ticket(4, status=Status.WAITING_CITIZEN)))
    dialogue = Dialogue(facts)
    dialogue.send(text="tiangnya yang nomor empat belas")
    if end == "/start":
        dialogue.send(command="start")
    else:
        dialogue.send(text=end)
    if end == "batal":
        assert said(dialogue) == ["cancel.sure"], "nothing told is thrown away without being asked"
        dialogue.press("yes:discard")
    assert dialogue.state.held is None or dialogue.state.draft is not None
    if dialogue.state.held is None:
        facts.mine[4] = a_ticket(4, status=Status.RESOLVED)
        dialogue.send(kind=Kind.PRESS, action="ticket:4:refuse")
        assert not [effect for effect in dialogue.effects if isinstance(effect, MoveTicket)]
        assert said(dialogue) == ["refuse.ask"]


def test_words_that_were_left_without_a_draft_are_dropped() -> None:
    """As one version stored them after a "batal"."""
    dialogue = Dialogue(state=State(held="tiangnya nomor empat belas"))
    dialogue.send(text="jalan berlubang besar sekali di galaxy")
    assert dialogue.state.held is None
    assert dialogue.state.draft is not None
    assert dialogue.state.draft.text == "jalan berlubang besar sekali di galaxy"


def test_words_that_waited_over_an_update_still_wait() -> None:
    """The version before kept them in the memo."""
    dialogue = Dialogue(FakeFacts({4: a_ticket(4, status=Status.WAITING_CITIZEN)}))
    dialogue.state = State(step="which", draft=Draft(), memo="tiangnya nomor empat belas", prompt=1)
    dialogue.send(kind=Kind.PRESS, action="ticket:4:answer")
    (moved,) = (effect for effect in dialogue.effects if isinstance(effect, MoveTicket))
    assert moved.note == "tiangnya nomor empat belas"


@pytest.mark.parametrize(("word", "answer"), [("kirim", "common.choose"), ("rahasia aja", "name.secret_by_wish")])
def test_a_word_that_names_no_kind_leaves_the_guesses_alone(word: str, answer: str) -> None:
    """ "kirim" is a little about water bills, too: the fallen tree stays on offer."""
    dialogue = Dialogue()
    dialogue.send(text="pohon tumbang nutup jalan di jl swatantra")
    assert dialogue.state.step == "category"
    offered = [label for _, label in dialogue.state.offered]
    dialogue.send(text=word)
    assert [label for _, label in dialogue.state.offered] == offered
    assert answer in said(dialogue)


def test_a_word_beside_the_description_makes_better_guesses() -> None:
    dialogue = Dialogue()
    dialogue.send(text="parah banget di depan rumah pak")
    assert dialogue.state.step == "category"
    dialogue.send(text="got mampet")
    assert dialogue.state.draft is not None
    assert dialogue.state.draft.category == "DRAINASE"


@pytest.mark.parametrize(
    "words",
    [
        "tambahan info, mobilnya putih dan parkirnya sampai malam",
        "mau nambahin, posisinya dekat masjid",
        "Ralat, bukan rt 3 tapi rt 4",
    ],
)
def test_more_about_something_told_before_is_asked_about(words: str) -> None:
    """With reports sent, an addition is theirs in all likelihood; without any it is what it says."""
    dialogue = Dialogue(FakeFacts({n: a_ticket(n, status=Status.IN_PROGRESS) for n in (3, 4)}))
    dialogue.send(text=words)
    assert said(dialogue) == ["which.ask"]
    alone = Dialogue()
    alone.send(text=words)
    assert "which.ask" not in said(alone)


def test_who_follows_a_report_neither_withdraws_it_nor_reads_its_code() -> None:
    """The code proves who reported; a neighbour who said "saya juga" did not."""
    facts = FakeFacts({3: a_ticket(3, status=Status.IN_PROGRESS)})
    for followed, shown in ((frozenset[int](), True), (frozenset({3}), False)):
        facts.followed = followed
        dialogue = Dialogue(facts)
        dialogue.send(text="status")
        assert ("ticket:3:withdraw" in [c.action for c in dialogue.said[0].choices]) is shown
        assert ("follow.code" in said(dialogue)) is shown
    dialogue.send(kind=Kind.PRESS, action="ticket:3:withdraw")
    assert "withdraw.ask" not in said(dialogue)


def test_a_report_others_follow_is_not_said_to_end_when_it_is_withdrawn() -> None:
    dialogue = Dialogue(FakeFacts({3: replace(a_ticket(3, status=Status.IN_PROGRESS), followers=2)}))
    dialogue.send(kind=Kind.PRESS, action="ticket:3:withdraw")
    assert said(dialogue) == ["refusal.followers"]


@pytest.mark.parametrize(
    ("status", "shown"),
    [
        (Status.NEW, False),
        (Status.ASSIGNED, False),  # "Di luar tugas kami": why another office handed it on
        (Status.ACKNOWLEDGED, False),
        (Status.IN_PROGRESS, False),  # a question that was answered
        (Status.WAITING_CITIZEN, True),
        (Status.SCHEDULED, True),
        (Status.RESOLVED, True),
        (Status.CLOSED, True),
    ],
)
def test_the_last_news_of_a_report_are_news(status: Status, shown: bool) -> None:
    dialogue = Dialogue(FakeFacts({3: a_ticket(3, status=status, last_note="Di luar tugas kami")}))
    dialogue.send(text="status")
    assert ("follow.note" in said(dialogue)) is shown


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ("eh bukan, maksudnya lampu merah mati di perempatan bulak kapal", "another.ask"),
        ("salah pak, sampah tidak diangkut seminggu depan masjid", "another.ask"),
        ("bukan di jatiasih tapi depan masjid jatirasa", "location.confirm_words"),
        ("depan masjid, samping tumpukan sampah yang tidak diangkut", "location.ask_pin"),
    ],
)
def test_who_takes_the_problem_back_is_not_understood_as_a_place(words: str, asked: str) -> None:
    dialogue = begun()
    assert dialogue.state.step == "location"
    dialogue.send(text=words)
    assert asked in said(dialogue)


@pytest.mark.parametrize(
    "words",
    [
        "gak bisa", "ga bisa kirim pin pak", "tidak bisa share lokasi", "nggak", "tidak tahu", "lewati", "skip",
        "lanjut aja", "nanti aja", "saya sudah pulang", "udah itu aja", "cant send a pin",
    ],
)  # fmt: skip
def test_who_cannot_send_a_point_is_led_on(words: str) -> None:
    """Not asked for it again, with "gak bisa" written into the address of the report."""
    dialogue = begun()
    dialogue.send(text="di depan RS mitra timur")
    assert said(dialogue) == ["location.ask_pin"]
    dialogue.send(text=words)
    assert said(dialogue) == ["location.ask_kecamatan"]
    assert dialogue.state.draft is not None
    assert dialogue.state.draft.place is not None
    assert dialogue.state.draft.place.words == "di depan RS mitra timur"
    hinted = Dialogue()
    hinted.send(text="lampu jalan mati di jatiasih")
    assert "location.ask_hint" in said(hinted)
    hinted.send(text=words)
    led = "location.elsewhere" if words == "nggak" else "photo.ask"  # a plain no is "Bukan di sini"
    assert led in said(hinted), "the kelurahan that was named will do"


@pytest.mark.parametrize("words", ["tidak di sini", "gak disini pak", "itu tidak di sini", "bukan di situ", "not here"])
def test_not_here_is_not_taken_for_here(words: str) -> None:
    dialogue = Dialogue()
    dialogue.send(text="lampu jalan mati di jatiasih")
    assert "location.ask_hint" in said(dialogue)
    dialogue.send(text=words)
    assert "location.elsewhere" in said(dialogue)
    assert dialogue.state.draft is not None
    assert dialogue.state.draft.place is None or not dialogue.state.draft.place.confirmed


@pytest.mark.parametrize("words", ["belum", "itu"])
def test_half_an_answer_confirms_no_place(words: str) -> None:
    dialogue = Dialogue()
    dialogue.send(text="lampu jalan mati di jatiasih")
    dialogue.send(text=words)
    assert "photo.ask" not in said(dialogue)


@pytest.mark.parametrize(
    "words", ["iya", "bisa", "bentar ya", "kirim pak", "sudah", "di sini", "disini pak", "lokasi saya sekarang",
              "caranya gimana?", "gimana cara kirim lokasi?"],
)  # fmt: skip
def test_words_that_name_no_place_are_answered_with_how_to_send_one(words: str) -> None:
    dialogue = begun()
    dialogue.send(text=words)
    assert said(dialogue) == ["common.paragraphs", "location.how", "location.ask"]
    assert dialogue.state.draft is not None
    assert dialogue.state.draft.place is None


@pytest.mark.parametrize("words", ["depan sdn 3", "gang melati", "jl nangka no 5", "rumah pak rt", "sebelah indomaret"])
def test_short_addresses_are_addresses(words: str) -> None:
    dialogue = begun()
    dialogue.send(text=words)
    assert dialogue.state.draft is not None
    assert dialogue.state.draft.place is not None
    assert dialogue.state.draft.place.words == words


@pytest.mark.parametrize(
    ("words", "others", "moved"),
    [
        ("belum pak masih mati", {}, True),
        ("blm, yang ujung masih gelap", {}, True),
        ("not yet, it is still dark", {}, True),
        ("belum pak masih mati", {5: Status.IN_PROGRESS}, False),  # of which one?
        ("belum ada yang angkut sampah di gang kami", {}, False),  # another problem
        ("belum beres juga pak", {}, True),
        ("belum sempat lihat pak, nanti saya kabari", {}, False),  # nobody looked yet
        ("belum saya cek pak besok ya", {}, False),
        ("belum tahu kapan bisa cek", {}, False),
        ("not yet checked, will look tomorrow", {}, False),
    ],
)
def test_not_yet_is_an_answer_to_the_one_question_that_waits(
    words: str, others: dict[int, Status], moved: bool
) -> None:
    mine = {4: a_ticket(4, status=Status.RESOLVED)} | {n: a_ticket(n, status=status) for n, status in others.items()}
    dialogue = Dialogue(FakeFacts(mine))
    dialogue.send(text=words)
    moves = [effect for effect in dialogue.effects if isinstance(effect, MoveTicket)]
    assert [(move.ticket, move.action, move.note) for move in moves] == ([(4, "reopen", words)] if moved else [])


@pytest.mark.parametrize("words", ["terima kasih pak", "halo min"])
def test_thanks_are_no_part_of_the_words_that_wait(words: str) -> None:
    dialogue = Dialogue(FakeFacts(with_another(a_ticket(4, status=Status.WAITING_CITIZEN))))
    dialogue.send(text="tiangnya yang nomor empat belas")
    dialogue.send(text=words)
    assert said(dialogue)[-1] == "which.ask"
    dialogue.press("t:4")
    (move,) = (effect for effect in dialogue.effects if isinstance(effect, MoveTicket))
    assert move.note == "tiangnya yang nomor empat belas"


@pytest.mark.parametrize("words", ["sampah menumpuk", "lampu jalan mati depan sdn 3 jatiasih"])
def test_the_same_words_again_add_nothing(words: str) -> None:
    """Sent twice by an impatient thumb: neither a place nor a longer report."""
    dialogue = Dialogue()
    dialogue.send(text=words)
    before, question = dialogue.state.draft, said(dialogue)[-1]
    dialogue.send(text=words.upper())
    assert dialogue.state.draft == before
    assert said(dialogue)[-1] == question


def test_another_question_at_the_place_gets_the_general_help() -> None:
    dialogue = begun()
    dialogue.send(text="siapa yang baca laporan saya?")
    assert "help.text" in said(dialogue)


# ── another problem beside the report in hand ──────────────────────────────────────────────────────────────


def beside(**more: object) -> Dialogue:
    """A lamp whose place is known, and rubbish told at the question for pictures."""
    dialogue = begun(**more)
    dialogue.send(pin=SCHOOL)
    dialogue.send(text="ya")
    dialogue.send(text="sampah menumpuk tidak pernah diangkut di sini")
    assert said(dialogue) == ["another.ask"]
    return dialogue


@pytest.mark.parametrize(
    ("first", "words", "asked"),
    [
        ("sampah numpuk ga diangkut2 seminggu", "oh iya lampu jalan di jatiasih juga mati pak", "another.ask"),
        ("lampu jalan mati", "oh iya sampah numpuk juga di pekayon udah seminggu ga diangkut", "another.ask"),
        ("ktp saya belum jadi dari bulan lalu", "ada pungli di kelurahan jatiasih, diminta 200rb", "another.ask"),
        ("lampu jalan mati", "banjir se paha di jatiasih ada lansia kejebak!!!", "another.ask"),
        ("lampu jalan mati", "sebelah rumah saya kebakaran besar di jatiasih!!", "another.ask"),
        ("lampu jalan mati", "depan lampu merah jatiasih", "location.confirm_words"),
        ("lampu jalan mati", "depan gang yang jalannya rusak parah di jatiasih", "location.confirm_words"),
        ("lampu jalan mati", "samping TPS liar jatimekar", "location.confirm_words"),
        ("lampu jalan mati", "di jembatan yang roboh jatiasih", "location.confirm_words"),
        ("jalan berlubang besar", "jalan rusak dekat sungai jatiasih", "location.confirm_words"),
        ("lampu jalan mati", "yang mati di gang mawar kelurahan jatiasih", "location.confirm_words"),
    ],
)
def test_where_a_place_is_asked_for_another_problem_is_told_from_a_place(first: str, words: str, asked: str) -> None:
    dialogue = Dialogue()
    dialogue.send(text=first)
    assert dialogue.state.step == "location"
    dialogue.send(text=words)
    assert asked in said(dialogue)


def test_a_point_for_another_problem_leaves_the_place_of_the_first() -> None:
    dialogue = beside()
    place = dialogue.state.draft and dialogue.state.draft.place
    dialogue.send(pin=Pin(-6.2334, 107.0136), attachments=(Attachment(MediaKind.PHOTO, "rubbish"),))
    assert dialogue.state.draft is not None
    assert (dialogue.state.draft.place, dialogue.state.draft.media) == (place, ())
    dialogue.press("switch")
    assert dialogue.state.draft.category == "SAMPAH"
    assert dialogue.state.draft.place is not None
    assert dialogue.state.draft.place.lat == -6.2334
    assert [media.ref for media in dialogue.state.draft.media] == ["rubbish"]


def test_what_is_added_brings_its_files_and_shows_its_place_back() -> None:
    dialogue = beside()
    dialogue.send(pin=Pin(-6.2334, 107.0136), attachments=(Attachment(MediaKind.PHOTO, "rubbish"),))
    dialogue.press("add")
    draft = dialogue.state.draft
    assert draft is not None
    assert "sampah menumpuk" in draft.text
    assert [media.ref for media in draft.media] == ["rubbish"]
    assert "location.confirm" in said(dialogue)


def test_pictures_beyond_what_one_report_takes_are_spoken_of_when_two_become_one() -> None:
    dialogue = begun()
    dialogue.send(attachments=tuple(Attachment(MediaKind.PHOTO, f"lamp{n}") for n in range(6)))
    dialogue.send(text="sampah menumpuk tidak pernah diangkut di sini")
    dialogue.send(attachments=tuple(Attachment(MediaKind.PHOTO, f"rubbish{n}") for n in range(6)))
    dialogue.press("add")
    assert dialogue.state.draft is not None
    assert len(dialogue.state.draft.media) == told.MOST_MEDIA
    assert "photo.enough" in said(dialogue)


def test_a_picture_with_another_problem_below_it_is_that_problems() -> None:
    dialogue = begun()
    dialogue.send(pin=SCHOOL)
    dialogue.send(text="ya")
    dialogue.send(text="sampah menumpuk tidak pernah diangkut", attachments=(Attachment(MediaKind.PHOTO, "rubbish"),))
    assert "another.ask" in said(dialogue)
    assert [e.attachment.ref for e in dialogue.effects if isinstance(e, KeepMedia)] == ["rubbish"]
    assert dialogue.state.draft is not None
    assert dialogue.state.other is not None
    assert dialogue.state.draft.media == ()
    assert [media.ref for media in dialogue.state.other.media] == ["rubbish"]


def test_more_words_while_another_problem_is_asked_about_go_where_they_belong() -> None:
    dialogue = beside()
    dialogue.send(text="baunya sampai ke rumah-rumah warga")
    dialogue.send(text="lampu jalannya mati dari hari senin")
    assert dialogue.state.draft is not None
    assert dialogue.state.other is not None
    assert "hari senin" in dialogue.state.draft.text
    assert dialogue.state.other.text.endswith("di sini\nbaunya sampai ke rumah-rumah warga")


@pytest.mark.parametrize("end", ["discard", "fresh", "expired"])
def test_another_problem_outlives_the_report_it_was_told_beside(end: str) -> None:
    dialogue = beside()
    dialogue.press("later")
    if end == "discard":
        dialogue.send(text="batal")
        dialogue.press("yes:discard")
        assert "another.now" in said(dialogue)
    elif end == "fresh":
        dialogue.pass_time(hours=2)
        assert "draft.later" in said(dialogue)
        dialogue.press("fresh")
        assert said(dialogue) == ["describe.ask"]
        dialogue.send(text="batal")
        assert "another.now" in said(dialogue)
    else:
        dialogue.pass_time(hours=60)
        assert "draft.expired" in said(dialogue)
        assert (dialogue.state.draft, dialogue.state.later, dialogue.wake_at) == (None, (), None)
        return
    assert dialogue.state.draft is not None
    assert dialogue.state.draft.category == "SAMPAH"


def test_a_danger_told_to_an_office_marks_no_report_that_is_being_written() -> None:
    dialogue = begun(facts=FakeFacts({1: a_ticket(1, status=Status.IN_PROGRESS)}))
    dialogue.send(kind=Kind.PRESS, action="ticket:1:say")
    dialogue.send(text="tiangnya roboh dan ada kebakaran di rumah sebelah, tolong")
    assert "danger.now" in said(dialogue)
    assert dialogue.state.draft is not None
    assert dialogue.state.draft.danger == ""


def test_another_problem_of_the_version_before_is_still_asked_about() -> None:
    draft = Draft(text="lampu jalan mati", category="PJU", category_by="sure")
    dialogue = Dialogue(state=State(step="another", memo="sampah menumpuk", draft=draft, prompt=3))
    dialogue.send(text="bahasa")
    dialogue.press("lang:id")
    assert "another.ask" in said(dialogue)
    dialogue.press("switch")
    assert dialogue.state.draft is not None
    assert dialogue.state.draft.text == "sampah menumpuk"


def test_problems_that_wait_are_few_and_none_is_lost() -> None:
    dialogue = beside()
    told_of = ["jalan rusak berlubang parah", "got mampet air meluap", "parkir liar di trotoar", "air pdam mati"] * 2
    for words in told_of:
        dialogue.send(text=words)
    waiting = [problem.text for problem in dialogue.state.later]
    assert len(waiting) <= 5
    assert all(words in "\n".join(waiting) for words in told_of[:-1])


@pytest.mark.parametrize("caption", ["ini fotonya pak", "Ini foto lokasinya ya", "bukti terlampir", "here is a photo"])
def test_a_caption_that_only_points_at_its_picture_says_nothing(caption: str) -> None:
    """Neither the place, where that is asked, nor the description."""
    dialogue = Dialogue()
    dialogue.send(text="lampu jalan mati")
    assert dialogue.state.step == "location"
    dialogue.send(text=caption, attachments=_photo("f1"))
    draft = dialogue.state.draft
    assert draft is not None
    assert (draft.text, draft.place, len(draft.media)) == ("lampu jalan mati", None, 1)


def test_a_caption_that_says_where_is_still_the_place() -> None:
    dialogue = Dialogue()
    dialogue.send(text="lampu jalan mati")
    dialogue.send(text="ini foto depan SDN 3 Jatiasih", attachments=_photo("f1"))
    assert dialogue.state.draft is not None
    assert dialogue.state.draft.place is not None


def test_words_that_cannot_open_a_report_again_wait_for_another_way() -> None:
    """Written in one go with the "no", they are not lost with the refusal."""
    ruled = a_ticket(4, status=Status.RESOLVED, reopenings=9)
    dialogue = Dialogue(FakeFacts({4: ruled}, messages={"notice-4": 4}))
    dialogue.send(text="belum beres pak, ujung gang masih gelap", reply_to="notice-4")
    assert not any(isinstance(effect, MoveTicket) for effect in dialogue.effects)
    assert "refusal.reopen_ruled" in said(dialogue)
    assert dialogue.state.held == "belum beres pak, ujung gang masih gelap"
    dialogue.press("report")
    assert dialogue.state.draft is not None
    assert dialogue.state.draft.text == "belum beres pak, ujung gang masih gelap"


def test_nobody_is_asked_what_is_missing_where_nothing_can_be_opened_again() -> None:
    dialogue = Dialogue(FakeFacts({4: a_ticket(4, status=Status.RESOLVED, reopenings=9)}))
    dialogue.send(kind=Kind.PRESS, action="ticket:4:reopen")
    assert "refusal.reopen_ruled" in said(dialogue)
    assert dialogue.state.step == ""
