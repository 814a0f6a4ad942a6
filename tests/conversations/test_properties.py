"""What holds for every dialogue, whatever people send in whatever order."""

from __future__ import annotations

import itertools
from datetime import timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from conversations.effects import LOCATION, URL, JoinTicket, KeepMedia, LinkApps, MoveTicket, OpenTicket, Relay
from conversations.flow import ASKED, FLOW
from conversations.inbound import Attachment, Inbound, Kind, MediaKind, Pin
from conversations.state import Draft, Media, Place, State
from conversations.steps import STEPS
from tests.conversations.world import MORNING, Dialogue, FakeFacts, a_ticket, bekasi
from tickets.lifecycle import apply
from tickets.moves import Action, Actor, Details, Role
from tickets.ticket import Outcome, Status, Ticket

SLOW = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
ACTS = (OpenTicket, JoinTicket, MoveTicket, Relay, LinkApps)  # answered by the notices of the ticket, by the code
FREE_INPUT = {"describe", "speak", "refuse", "rate", "location"}  # steps that wait for words, files or a point

WORDS = st.one_of(
    st.sampled_from(
        [
            "lampu jalan mati depan SDN 3 Jatiasih", "ya", "tidak", "1", "2", "99", "lewati", "selesai", "rahasia",
            "batal", "bantuan", "status", "bahasa", "kembali", "mulai", "lapor", "terima kasih", "halo", "???", "🙏🙏",
            "/start", "/batal", "/", "/lapor sampah menumpuk", "kebakaran tolong", "Kelurahan Jatimekar", "Cikarang",
            "-6.298, 106.959", "https://maps.app.goo.gl/xyz", "3275010101900001", "belum", "sudah beres", "hapus",
            "kapan dikerjakan", "BKS-26-000001-7", "sampah menumpuk tidak diangkut seminggu",
            "lampu jalan mati dan sampah belum diangkut di jatirasa", "got mampet dan jalan rusak",
            "kucing saya hilang", "jalan rusak berlubang parah", "kebakaran rumah di sebelah, api besar!!",
            "x" * 9000, "*{words}* {x} %s <b>&amp;", "\u202e\x07abc def ghi",
        ]
    ),
    st.text(max_size=60),
)  # fmt: skip
FILES = st.lists(
    st.builds(
        Attachment,
        st.sampled_from(list(MediaKind)),
        st.one_of(st.sampled_from(["f1", "f2", ""]), st.integers(3, 99).map("f{}".format)),
        st.just("image/png"),
    ),
    max_size=3,
).map(tuple)
PINS = st.one_of(
    st.none(),
    st.builds(
        Pin,
        st.sampled_from([-6.298, -6.2334, 0.0, 90.0, -6.9]),
        st.sampled_from([106.959, 107.01, 0.0, 180.0]),
        st.sampled_from(["pin", "live"]),
    ),
)
ACTIONS = st.sampled_from(
    ["", "|", "1|yes", "0|", "999999999999|yes", "ticket:1:confirm", "ticket:1:reopen", "ticket:1:rate:5",
     "ticket:1:say", "ticket:1:withdraw", "ticket:9:confirm", "ticket::", "ticket:x:y", "ticket:1:nothing",
     "ticket:1:apart", "ticket:2:apart", "ticket:1:hide", "ticket:5:hide", "ticket:2:answer", "ticket:1:status",
     "ticket:²:say", "card:1:done", "\x00", "x" * 200, "location", "@location", "edit:describe", "1|edit:nothing"]
)  # fmt: skip


@st.composite
def events(draw: st.DrawFn) -> dict[str, Any]:
    """Any event a person or the clock can bring; PRESS by index means "press the n-th offered button"."""
    kind = draw(st.sampled_from([*[Kind.MESSAGE] * 6, Kind.EDIT, Kind.PRESS, Kind.PRESS, *list(Kind)]))
    return {
        "kind": kind,
        "text": draw(WORDS) if draw(st.booleans()) or kind is Kind.EDIT else "",
        "attachments": draw(FILES),
        "pin": draw(PINS),
        "album": draw(st.sampled_from(["", "", "A"])),
        "action": draw(ACTIONS) if kind is Kind.PRESS else "",
        "nth": draw(st.integers(0, 6)) if kind is Kind.PRESS and draw(st.booleans()) else None,
        "command": draw(st.sampled_from(["", "", "", "start", "batal", "status", "bogus"])),
        "unreadable": draw(st.sampled_from(["", "", "sticker", "contact", "poll", "dice"])),
        "reply_to": draw(st.sampled_from(["", "", "", *(f"notice-{n}" for n in range(1, 6)), "unknown"])),
        "hours": draw(st.sampled_from([0, 0, 0, 2, 30])),
    }


@cache
def tickets() -> tuple[dict[int, Ticket], dict[int, Ticket]]:
    """Of the citizen, and of others; made once, for they never change."""
    mine = {
        1: a_ticket(1, status=Status.RESOLVED),
        2: a_ticket(2, category="SAMPAH", agency="DLH", status=Status.WAITING_CITIZEN, last_note="Di mana?"),
        3: a_ticket(3, status=Status.CLOSED, outcome=Outcome.CONFIRMED, closed_at=MORNING - timedelta(days=1)),
        4: a_ticket(4, status=Status.CLOSED, outcome=Outcome.ABUSE, closed_at=MORNING - timedelta(days=1)),
        5: a_ticket(5, category="SAMPAH", agency="DLH", status=Status.WAITING_CITIZEN, last_note="Di mana?"),
    }
    return mine, {7: a_ticket(7, status=Status.IN_PROGRESS)}


def facts() -> FakeFacts:
    mine, others = tickets()
    messages = {f"notice-{number}": number for number in mine}
    return FakeFacts(dict(mine), dict(others), messages, followed=frozenset({5}))


def happen(dialogue: Dialogue, event: dict[str, Any]) -> None:
    nth, hours = event["nth"], event["hours"]
    inbound = {k: v for k, v in event.items() if k not in ("nth", "hours")}
    if nth is not None:
        choices = [c.action for say in dialogue.said for c in say.choices if not c.action.startswith((LOCATION, URL))]
        inbound["action"] = choices[nth % len(choices)] if choices else "1|yes"
    dialogue.now += timedelta(hours=hours)
    dialogue.send(**inbound)


def accepted(dialogue: Dialogue, move: MoveTicket) -> None:
    """Words go with a move only where it will be made: they are gone from the dialogue by then."""
    ticket = dialogue.facts.mine[move.ticket]
    actor = Actor(Role.CITIZEN, ticket.reporter if dialogue.facts.reported(ticket.id) else 0)
    apply(ticket, Action(move.action), actor, dialogue.now, bekasi(), Details(move.note, media=len(move.attachments)))


def sound(dialogue: Dialogue, event: dict[str, Any]) -> None:
    """What every answer must be like."""
    state = dialogue.state
    assert not state.step or state.step in STEPS
    assert State.loads(state.dumps()) == state
    assert state.held is None or state.draft is not None, "words that wait belong to something that is being written"
    assert state.draft is not None or not (state.other or state.later), "other problems have their turn at once"
    written = [state.draft] if state.held is None else []  # of what is held it is asked whose it is
    drafts = [*written, state.other, *state.later]
    lost = {media.ref for draft in drafts if draft for media in draft.media} - dialogue.kept
    assert not lost, "files are kept for a report as long as it is written or waits for its turn"
    said = dialogue.said
    for say in said:
        words = dialogue.render(say.text)
        assert words.strip()
        assert len(words) <= 4096
        for choice in say.choices:
            assert len(choice.action.encode()) <= 60, choice.action
            assert 0 < len(dialogue.render(choice.label)) <= 41
    questions = [say for say in said if any("|" in c.action for c in say.choices)]
    assert len(questions) <= 1, "one question at a time"
    assert all(c.action.startswith(f"{state.prompt}|") for q in questions for c in q.choices if "|" in c.action)
    for effect in dialogue.effects:
        if isinstance(effect, MoveTicket) and effect.action in ("answer", "reopen"):
            accepted(dialogue, effect)
    if event["kind"] is Kind.MESSAGE:
        # the rest of an album goes where its first picture went, and that one was thanked for
        goes_along = any(isinstance(e, KeepMedia) and e.ticket for e in dialogue.effects)
        refused = bool(event.get("album")) and event["album"] == state.refused  # ten letters at once are refused once
        assert said or goes_along or refused or any(isinstance(e, ACTS) for e in dialogue.effects), "never silence"
    if state.step and said and event["kind"] is not Kind.WAKE:
        assert said[-1].choices or state.step in FREE_INPUT, f"dead end at {state.step}"


NOTHING: dict[str, Any] = {"kind": Kind.MESSAGE, "text": "", "nth": None, "hours": 0}
YES = NOTHING | {"kind": Kind.PRESS, "nth": 0}
CAT = (Attachment(MediaKind.PHOTO, "cat"),)
ANSWERED = NOTHING | {"text": "kucing saya hilang", "attachments": CAT, "reply_to": "notice-2"}
APART = NOTHING | {"kind": Kind.PRESS, "action": "ticket:2:apart"}


@SLOW
@example([ANSWERED, APART])
@example([ANSWERED, NOTHING | {"text": "jalan rusak berlubang parah"}, APART])
@given(st.lists(events(), min_size=1, max_size=14))
def test_any_sequence_of_events_is_answered_soundly(sequence: list[dict[str, Any]]) -> None:
    dialogue = Dialogue(facts())
    for event in sequence:
        happen(dialogue, event)
        sound(dialogue, event)


def problems(state: State) -> list[Draft]:
    """Told beside the report in hand: the one asked about, and those that wait for their turn."""
    return [*([state.other] if state.other else []), *state.later]


@settings(SLOW, max_examples=80)
@example([NOTHING | {"text": "selesaikan ini dulu"}, NOTHING | {"text": "batal"}, YES])
@example([NOTHING | {"text": "bahasa"}, YES, YES])
@given(st.lists(events(), min_size=1, max_size=10))
def test_another_problem_is_never_thrown_away_unasked(sequence: list[dict[str, Any]]) -> None:
    """Whatever comes between, its words and files are with some report, until its own turn has come."""
    begun = Draft(text="lampu jalan mati", category="PJU", category_by="sure")
    told = Draft(text="banjir se paha", media=(Media("flood", "photo"),))
    start = State(step="another", draft=begun, other=told, later=(Draft(text="got mampet"),), prompt=3)
    dialogue = Dialogue(facts(), start, kept={"flood"})
    for event in sequence:
        before = problems(dialogue.state)
        happen(dialogue, {**event, "hours": 0})
        sound(dialogue, event)
        state = dialogue.state
        there = [*problems(state), *([state.draft] if state.draft else [])]
        words = "\n".join(draft.text for draft in there)
        kept = {media.ref for draft in there for media in draft.media}
        assert all(draft.text in words or len(words) > 10_000 for draft in before)
        assert all(media.ref in kept for draft in before for media in draft.media)


JATIASIH = "32.75.09.1002"
DRAFTS = [
    None,
    Draft(),
    Draft(text="lampu jalan mati", text_length=16, category="PJU", category_by="sure"),
    Draft(media=(Media("f1", "photo"),)),
    Draft(text="x", category="NO-LONGER-THERE", place=Place(kelurahan="99.99", confirmed=True)),
    Draft(
        text="lampu jalan mati", category="PJU", category_by="citizen", media=(Media("f1", "voice"),),
        place=Place(-6.298, 106.959, "pin", JATIASIH, "depan SDN 3", True), photos_done=True, nearby_done=True,
        named=False,
    ),
]  # fmt: skip


@pytest.mark.parametrize("step", ["", *STEPS, "gone"])
@pytest.mark.parametrize("draft", DRAFTS, ids=["none", "empty", "begun", "photo", "outdated", "full"])
def test_every_step_survives_every_kind_of_event(step: str, draft: Draft | None) -> None:
    """Also states that no sane dialogue reaches: an older program or another city may have stored them."""
    pieces: dict[str, list[Any]] = {
        "text": ["", "lampu jalan mati", "ya", "terima kasih"],
        "attachments": [(), (Attachment(MediaKind.PHOTO, "p"),), (Attachment(MediaKind.VOICE, "v"),)],
        "pin": [None, Pin(-6.298, 106.959), Pin(51.5, 0.0)],
    }
    for kind in Kind:
        for text, files, pin in itertools.product(*pieces.values()):
            held = "report of last week" if step == "which" else None
            start = State(step=step, draft=draft, prompt=3, ticket=1, held=held, offered=(("yes", "Ya"),))
            dialogue = Dialogue(facts(), start)
            dialogue.send(
                kind=kind, text=text, attachments=files, pin=pin, action="3|yes" if kind is Kind.PRESS else ""
            )


def one_report(order: tuple[str, ...], album: bool) -> OpenTicket:
    """Send words, photos and pin in this order, then answer whatever is asked until the report is sent."""
    dialogue = Dialogue()
    kept: set[str] = set()
    for piece in order:
        dialogue.now += timedelta(seconds=1)
        if piece == "words":
            dialogue.send(text="Lampu jalan mati depan SDN 3 Jatiasih")
        elif piece == "pin":
            dialogue.send(pin=Pin(-6.298, 106.959))
        else:
            dialogue.send(attachments=(Attachment(MediaKind.PHOTO, piece),), album="A" if album else "")
        kept |= {e.attachment.ref for e in dialogue.effects if isinstance(e, KeepMedia)}
    asked: list[str] = []
    for _ in range(10):
        asked.append(dialogue.state.step)
        yes = {"location": "ya", "photo": "lewati", "name": "rahasia", "summary": "kirim"}
        dialogue.send(text=yes[dialogue.state.step])
        opened = [e for e in dialogue.effects if isinstance(e, OpenTicket)]
        if opened:
            assert len(asked) == len(set(asked)), f"asked twice: {asked}"
            assert kept == {m.ref for m in opened[0].draft.media}
            return opened[0]
    raise AssertionError(f"never sent: {asked}")


@pytest.mark.parametrize("album", [False, True], ids=["singly", "album"])
@pytest.mark.parametrize("order", list(itertools.permutations(["words", "pin", "photo-1", "photo-2"])), ids="-".join)
def test_words_photos_and_pin_in_any_order_are_one_report(order: tuple[str, ...], album: bool) -> None:
    draft = one_report(order, album).draft
    assert draft.category == "PJU"
    assert draft.text == "Lampu jalan mati depan SDN 3 Jatiasih"
    assert draft.place is not None
    assert draft.place.lat == -6.298
    assert draft.place.confirmed
    assert len(draft.media) == 2


def test_the_same_turn_gives_the_same_answer() -> None:
    """Pure: thinking again after a failed commit must not differ."""
    one, other = Dialogue(), Dialogue()
    for text in ("lampu jalan mati", "Kelurahan Jatimekar", "ya", "lewati"):
        assert one.send(text=text) == other.send(text=text)
        assert one.state == other.state


def test_a_flood_of_junk_never_raises_and_stays_small() -> None:
    dialogue = Dialogue()
    dialogue.send(text="lampu jalan mati")
    for n in range(300):
        dialogue.send(text=f"junk words number {n} " * 20, attachments=(Attachment(MediaKind.PHOTO, f"f{n}"),))
    draft = dialogue.state.draft
    assert draft is not None
    assert len(draft.text) <= 12_000
    assert len(draft.media) <= 10


def test_every_needed_answer_has_a_step_in_the_flow() -> None:
    assert set(FLOW) <= set(STEPS)
    assert set(ASKED) == set(FLOW) - {"kind", "danger", "whose"}  # these conclude and tell; nobody goes back to them


def test_a_state_of_another_version_keeps_the_draft() -> None:
    stored = replace(State(step="photo", draft=DRAFTS[2], prompt=9), version=99).dumps()
    assert State.loads(stored) == State(draft=DRAFTS[2], prompt=9)
    dialogue = Dialogue(state=State.loads(stored))
    dialogue.feed(Inbound("t", "k", "1", "1", MORNING, text="https://maps.google.com/?q=-6.298,106.959"))
    assert dialogue.state.step == "location"


@pytest.mark.parametrize(
    ("stored", "kept"),
    [
        ('{"version":1,"prompt":"x","draft":{"text":"lampu mati"}}', State(draft=Draft(text="lampu mati"))),
        (
            '{"version":1,"prompt":4,"draft":{"text":"got","place":{"lat":"x"}}}',
            State(draft=Draft(text="got"), prompt=4),
        ),
        ('{"version":1,"prompt":4,"draft":{"text":null}}', State(prompt=4)),
        (
            '{"version":1,"draft":{"text":"got","started_at":"2026-11-23"}}',
            State(draft=Draft(text="got")),
        ),  # no field now
        ("null", State()),
        ("[]", State()),
    ],
)
def test_a_state_with_fields_that_mean_something_else_keeps_what_it_can(stored: str, kept: State) -> None:
    assert State.loads(stored) == kept


def test_city_is_read_once() -> None:
    assert bekasi() is bekasi()
