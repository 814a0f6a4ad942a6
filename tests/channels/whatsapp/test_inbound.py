"""Every shape of a webhook, as far as it is known, and how little of it may be missing."""

from __future__ import annotations

import copy
import itertools
from typing import Any

import pytest

from bot.channels.body import Unreadable
from bot.channels.whatsapp.inbound import Parsed, ours, parse
from conversations.inbound import Inbound, Kind, MediaKind
from tests.bench.fake_whatsapp import NUMBER
from tests.channels.whatsapp.bodies import PHONE, SCOPED, SHAPES, body, contact, message, said, status
from tests.channels.whatsapp.conftest import NOW
from usecases.ports import Failure, Reach


def read(*values: dict[str, Any], **given: Any) -> Parsed:
    return parse(body(*values, **given), number=NUMBER, now=NOW)


def one(shape: str) -> Inbound:
    parsed = read(said(copy.deepcopy(SHAPES[shape])))
    assert len(parsed.messages) == 1, parsed
    return parsed.messages[0]


def test_words():
    event = one("text")
    assert (event.channel, event.key, event.peer, event.sender) == ("whatsapp", "m:wamid.1", PHONE, PHONE)
    assert (event.text, event.sender_name, event.kind) == ("Lampu jalan mati", "Siti Rahma", Kind.MESSAGE)
    assert not event.group


def test_a_picture_keeps_its_words_and_belongs_to_a_moment():
    event = one("image")
    assert (event.text, event.attachments[0].kind, event.attachments[0].ref) == ("Lubang", MediaKind.PHOTO, "111")
    assert event.album


@pytest.mark.parametrize(
    ("shape", "kind", "mime"),
    [
        ("image_bare", MediaKind.PHOTO, "image/jpeg"),
        ("video", MediaKind.VIDEO, "video/mp4"),
        ("document", MediaKind.PHOTO, "image/png"),
        ("voice", MediaKind.VOICE, "audio/ogg"),
        ("audio", MediaKind.AUDIO, "audio/mpeg"),
    ],
)
def test_files(shape: str, kind: MediaKind, mime: str):
    attachment = one(shape).attachments[0]
    assert (attachment.kind, attachment.mime) == (kind, mime)


def test_places():
    assert one("location").pin is not None
    venue = one("venue").pin
    assert venue is not None
    assert (venue.lat, venue.label) == (-6.29, "SDN 3, Jatiasih")


@pytest.mark.parametrize(
    ("shape", "action", "pressed_on"),
    [
        ("button_reply", "3|skip", "wamid.ours"),
        ("list_reply", "3|edit:name", ""),
        ("template_reply", "c.12.confirm.abc", "wamid.ours"),
    ],
)
def test_presses(shape: str, action: str, pressed_on: str):
    event = one(shape)
    assert (event.kind, event.action, event.pressed_on) == (Kind.PRESS, action, pressed_on)


def test_a_quick_reply_without_data_counts_as_typed():
    event = one("template_reply_bare")
    assert (event.kind, event.text) == (Kind.MESSAGE, "Sudah beres")


def test_quotes():
    assert one("quote").reply_to == "wamid.ours"
    assert one("forwarded").reply_to == ""


@pytest.mark.parametrize(
    ("shape", "kind"),
    [
        ("sticker", "sticker"),
        ("contacts", "contact"),
        ("order", "order"),
        ("unsupported", "unknown"),
        ("unheard_of", "unknown"),
        ("form_reply", "form"),
    ],
)
def test_what_we_cannot_read_is_said_to_be_so(shape: str, kind: str):
    assert one(shape).unreadable == kind


def test_a_reaction_is_no_message_but_tells_below_which_it_sits():
    event = one("reaction")
    assert (event.text, event.unreadable, event.reply_to) == ("", "reaction", "wamid.ours")


def test_the_first_opening_of_a_chat_is_a_start():
    assert one("welcome").command == "start"


def test_an_edit_speaks_of_the_first_message():
    event = one("edit")
    assert (event.kind, event.message_id, event.text) == (Kind.EDIT, "wamid.0", "Lampu jalan mati")


@pytest.mark.parametrize("shape", ["revoke", "reaction_gone", "identity_changed", "group"])
def test_what_calls_for_no_answer_gets_none(shape: str):
    parsed = read(said(SHAPES[shape]))
    assert (parsed.messages, parsed.odd, parsed.passed_over) == ([], [], 1)


@pytest.mark.parametrize(
    ("shape", "to"),
    [("new_number", "6281299990000"), ("new_number_old_form", "6281299990000"), ("new_scoped_id", "ID.9z")],
)
def test_a_new_number_is_told_without_contacts(shape: str, to: str):
    [event] = read({"messages": [SHAPES[shape]]}).messages
    assert (event.kind, event.peer, event.moved_to) == (Kind.RENUMBERED, PHONE, to)


# -- who wrote ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "contacts", "peer", "aliases"),
    [
        ({}, [contact()], PHONE, ()),
        ({}, [], PHONE, ()),
        ({"from_user_id": SCOPED}, [contact(PHONE, SCOPED)], SCOPED, (PHONE,)),
        ({"from": None, "from_user_id": SCOPED}, [contact(None, SCOPED)], SCOPED, ()),
        ({"from": None, "from_user_id": SCOPED}, [], SCOPED, ()),
        ({"from": SCOPED}, [contact(None, SCOPED)], SCOPED, ()),
        ({"from": None}, [contact(PHONE, SCOPED)], SCOPED, (PHONE,)),
        ({"from": None}, [contact()], PHONE, ()),
        ({}, [contact("6281299990000"), contact(PHONE, SCOPED)], SCOPED, (PHONE,)),
        ({}, [contact("6281299990000", "ID.other")], PHONE, ()),
        ({"from": f"+{PHONE}"}, [contact()], PHONE, ()),
        ({}, [{"profile": 7, "wa_id": PHONE}], PHONE, ()),
        ({}, ["nonsense", contact(PHONE, SCOPED)], SCOPED, (PHONE,)),
        ({}, [{"wa_id": 7, "user_id": None}], PHONE, ()),
    ],
)
def test_the_scoped_id_comes_first_and_the_number_may_be_missing(
    fields: dict[str, Any], contacts: list[Any], peer: str, aliases: tuple[str, ...]
):
    [event] = read(said(message(**fields), contacts=contacts)).messages
    assert (event.peer, event.sender, event.aliases) == (peer, peer, aliases)


@pytest.mark.parametrize("contacts", [[], [contact(), contact("6281299990000")], [{"profile": {"name": "x"}}]])
def test_a_message_of_nobody_is_kept_aside(contacts: list[Any]):
    parsed = read(said(message(**{"from": None}), contacts=contacts))
    assert not parsed.messages
    assert len(parsed.odd) == 1


# -- many in one ---------------------------------------------------------------------------------------


def test_every_entry_every_change_every_message_and_status():
    wanted = [f"wamid.{n}" for n in range(1, 9)]
    ids = iter(wanted)
    entries = []
    for _ in range(2):
        values = [
            said(message(id=next(ids)), message(id=next(ids))) | {"statuses": [status(), status("read")]}
            for _ in range(2)
        ]
        entries += body(*values)["entry"]
    parsed = parse({"entry": entries}, number=NUMBER, now=NOW)
    assert [event.message_id for event in parsed.messages] == wanted
    assert len(parsed.reports) == 8


def test_a_bad_part_costs_the_others_nothing():
    value = said(
        message(id="wamid.1"), {"id": 7}, message("location", id="wamid.2", location={}), message(id="wamid.3")
    )
    parsed = parse(
        {"entry": [7, {"changes": [None, *body(value)["entry"][0]["changes"]]}, {"changes": "x"}]},
        number=NUMBER,
        now=NOW,
    )
    assert [event.message_id for event in parsed.messages] == ["wamid.1", "wamid.3"]
    assert len(parsed.odd) == 5


def test_another_number_of_the_same_account_is_not_ours():
    parsed = read(said(message()), number="999")
    assert not parsed.messages
    assert "another phone number id" in parsed.odd[0][1]
    parsed = read({"statuses": [status()]}, number="999")
    assert (parsed.reports, parsed.odd, parsed.passed_over) == ([], [], 1)


@pytest.mark.parametrize("whole", [7, [], {}, {"entry": 7}, {"entry": None}])
def test_a_body_that_makes_no_sense(whole: object):
    with pytest.raises(Unreadable):
        parse(whole, number=NUMBER, now=NOW)


def test_a_wrong_time_costs_nobody_a_message():
    for wrong in ("soon", None, -5, 10**30, "99999999999", 1.5):
        [event] = read(said(message(timestamp=wrong))).messages
        assert event.at == NOW


def test_ids_fit_into_an_index():
    assert read(said(message(id="w" * 600))).odd
    assert read({"statuses": [status(id="w" * 600)]}).odd


def test_endless_words_are_cut():
    [event] = read(said(message(text={"body": "a" * 3_000_000}))).messages
    assert len(event.text) < 20_000


# -- statuses and the account -----------------------------------------------------------------------------


def test_a_status_brings_our_own_id_back():
    [report] = read({"statuses": [status("delivered")]}).reports
    assert (report.message_id, report.reach, report.outbox) == ("wamid.9", Reach.DELIVERED, 7)
    assert report.failure is None


@pytest.mark.parametrize(
    ("code", "failure"),
    [
        (131047, Failure.OUTSIDE_WINDOW),
        (131026, Failure.GONE),
        (132001, Failure.TEMPLATE),
        (131049, Failure.UNWANTED),
        (131050, Failure.UNWANTED),
        (130472, Failure.UNWANTED),
        (131000, Failure.NOT_SENT),
        (190, Failure.BROKEN),
        (131051, Failure.REFUSED),
        (None, Failure.REFUSED),
    ],
)
def test_a_failure_that_is_told_later_means_the_same(code: int | None, failure: Failure):
    [report] = read({"statuses": [status("failed", errors=[{"code": code}])]}).reports
    assert (report.reach, report.failure) == (Reach.FAILED, failure)


def test_other_words_of_a_status():
    assert read({"statuses": [status("played")]}).reports[0].reach is Reach.READ
    assert read({"statuses": [status("deleted"), status("warning")]}).passed_over == 2


@pytest.mark.parametrize("data", ["s7.1", "7", "s07", "s", "s7.", "x7", "s" + "9" * 30, "s7 ", ""])
def test_only_our_own_data_counts(data: str):
    assert ours(data) == 0


def test_what_the_account_is_told():
    value = {"event": "REJECTED", "message_template_name": "tiket_diterima", "message_template_language": "id"}
    parsed = read(value, field="message_template_status_update")
    [event] = parsed.events
    assert (event.kind, event.value["event"]) == ("message_template_status_update", "REJECTED")
    again = read(value, field="message_template_status_update")
    assert again.events[0].key == event.key


def test_errors_of_the_account_come_alone():
    [event] = read({"errors": [{"code": 131048, "title": "Spam"}]}).events
    assert (event.kind, event.value) == ("errors", {"event": "error 131048"})


def test_no_field_is_needed_but_id_and_sender():
    """Whatever else is taken away or turned into something odd, each message is taken in or kept aside."""
    odd = [None, 7, "", "x", [], {}, True]
    for shape in SHAPES.values():
        whole = said(copy.deepcopy(shape))
        for name, value in itertools.product(shape, odd):
            parts = [{**shape, name: value}]
            parsed = parse(body(whole | {"messages": parts}), number=NUMBER, now=NOW)
            assert len(parsed.messages) + len(parsed.odd) + parsed.passed_over >= 1, (name, value)
