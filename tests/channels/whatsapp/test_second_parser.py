"""Another library reads the same webhooks, one message at a time: both understand the same."""

from __future__ import annotations

import copy
import warnings
from typing import TYPE_CHECKING, Any

import pytest

from bot.channels.whatsapp.inbound import parse
from conversations.inbound import Inbound
from tests.bench.fake_whatsapp import NUMBER
from tests.channels.whatsapp.bodies import PHONE, SCOPED, SHAPES, body, contact, said
from tests.channels.whatsapp.conftest import NOW

if TYPE_CHECKING:  # half a second, which not every worker has to spend
    from pywa import WhatsApp


@pytest.fixture(scope="module")
def other() -> WhatsApp:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pywa import WhatsApp

        return WhatsApp(phone_id=NUMBER, token="t" * 20)


def full(shape: str) -> dict[str, Any]:
    """The shape with everything that may be there: the other library insists on fields that are missing in practice."""
    message = copy.deepcopy(SHAPES[shape]) | {"from_user_id": SCOPED}
    for name in ("image", "video", "document", "audio"):
        if name in message:
            message[name] = {"mime_type": "image/jpeg", "sha256": "aGFzaA==", "url": "https://x.id"} | message[name]
            message[name]["sha256"] = message[name]["sha256"] or "aGFzaA=="
    if "id" in message.get("context", {}) or message["type"] == "interactive":
        message["context"] = {"from": "62811", "id": "wamid.ours"} | message.get("context", {})
    return message


def both(shape: str, kind: str, other: WhatsApp) -> tuple[Inbound, Any]:
    """What each of the two makes of a body; `kind`: the other one's class. Both ids are there: without one of them the
    other library loses it."""
    whole = body(said(full(shape), contacts=[contact(PHONE, SCOPED)]))
    [ours] = parse(whole, number=NUMBER, now=NOW).messages
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pywa import types

        theirs = getattr(types, kind).from_update(client=other, update=whole)
    assert ours.message_id == theirs.id
    assert ours.at == min(theirs.timestamp, NOW)
    assert ours.sender_name == theirs.from_user.name
    assert {ours.peer, *ours.aliases} == {theirs.from_user.bsuid, theirs.from_user.wa_id}
    return ours, theirs


@pytest.mark.parametrize("shape", ["text", "quote"])
def test_words(shape: str, other: WhatsApp):
    ours, theirs = both(shape, "Message", other)
    assert ours.text == theirs.text
    assert ours.reply_to == (theirs.reply_to_message.id if theirs.reply_to_message else "")


@pytest.mark.parametrize("shape", ["image", "image_bare", "video", "document", "voice", "audio"])
def test_files(shape: str, other: WhatsApp):
    ours, theirs = both(shape, "Message", other)
    media = theirs.image or theirs.video or theirs.document or theirs.audio
    assert ours.attachments[0].ref.split("#")[0] == media.id
    assert ours.text == (theirs.caption or "")
    if theirs.audio:
        assert (ours.attachments[0].kind == "voice") == bool(theirs.audio.voice)


@pytest.mark.parametrize("shape", ["location", "venue"])
def test_places(shape: str, other: WhatsApp):
    ours, theirs = both(shape, "Message", other)
    assert ours.pin is not None
    assert (ours.pin.lat, ours.pin.lon) == (theirs.location.latitude, theirs.location.longitude)
    assert ours.pin.label == ", ".join(part for part in (theirs.location.name, theirs.location.address) if part)


def test_reactions(other: WhatsApp):
    ours, theirs = both("reaction", "Message", other)
    assert ours.reply_to == theirs.reaction.message_id


@pytest.mark.parametrize(
    ("shape", "kind"),
    [("button_reply", "CallbackButton"), ("template_reply", "CallbackButton"), ("list_reply", "CallbackSelection")],
)
def test_presses(shape: str, kind: str, other: WhatsApp):
    ours, theirs = both(shape, kind, other)
    assert ours.action == theirs.data
    assert ours.pressed_on == (theirs.reply_to_message.id if theirs.reply_to_message else "")
