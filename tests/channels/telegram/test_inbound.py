"""Every kind of update as fixtures, and that two libraries read the same out of them as we do."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import telegram
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import fields

from bot.channels.body import Unreadable
from bot.channels.telegram.inbound import BotSelf, parse, update_key
from conversations.inbound import Attachment, Inbound, Kind, MediaKind, Pin
from tests.channels.telegram.conftest import NOW

FOLDER = Path(__file__).parent / "fixtures"
FIXTURES = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.json"))}
ME = BotSelf(7000000001, "sahut_uji_bot")
BLANK = {f.name: f.default for f in fields(Inbound)}


def events(update: Any, me: BotSelf = ME) -> list[Inbound]:
    return parse(update, bot=me, now=NOW)


def expected(given_fields: dict[str, Any], update: dict[str, Any]) -> Inbound:
    given_fields = dict(given_fields)
    if given_fields["key"] == "u":
        given_fields["key"] = update_key(update)
    at = given_fields.pop("at")
    attachments = tuple(Attachment(MediaKind(k), *rest) for k, *rest in given_fields.pop("attachments", ()))
    pin = Pin(*given_fields.pop("pin")) if "pin" in given_fields else None
    kind = Kind(given_fields.pop("kind", "message"))
    when = NOW if at == "now" else datetime.fromisoformat(at)
    return Inbound("telegram", at=when, kind=kind, attachments=attachments, pin=pin, **given_fields)


@pytest.mark.parametrize("name", FIXTURES)
def test_every_kind_of_update(name: str):
    update = FIXTURES[name]["update"]
    assert events(update) == [expected(event, update) for event in FIXTURES[name]["events"]]


READABLE = {name: f["update"] for name, f in FIXTURES.items() if name != "text_hostile"}  # half a pair is no UTF-8


def ptb(update: dict[str, Any]) -> telegram.Update:
    read = telegram.Update.de_json(update, None)
    assert read is not None
    return read


@pytest.mark.parametrize("name", READABLE)
def test_python_telegram_bot_reads_the_same(name: str):
    theirs = ptb(READABLE[name])
    for ours in events(READABLE[name]):
        if ours.kind is Kind.MIGRATED or len(events(READABLE[name])) > 1:
            continue
        assert theirs.effective_chat is not None
        assert ours.peer.partition("/")[0] == str(theirs.effective_chat.id)
        message = theirs.effective_message
        if ours.kind in (Kind.MESSAGE, Kind.EDIT):
            assert isinstance(message, telegram.Message)
            agree_on_message(ours, message)
        if ours.kind is Kind.PRESS:
            assert theirs.callback_query is not None
            assert (ours.press_id, ours.action) == (theirs.callback_query.id, theirs.callback_query.data or "")


def agree_on_message(ours: Inbound, message: telegram.Message) -> None:
    assert ours.message_id == str(message.message_id)
    assert ours.at == (message.edit_date or message.date)
    words = message.text or message.caption or ""
    assert words.endswith(ours.text)
    assert ours.command or ours.text == words
    assert ours.album == (message.media_group_id or "")
    assert message.from_user is not None
    assert ours.sender == str(message.from_user.id)
    assert ours.language == (message.from_user.language_code or "")
    where = message.venue.location if message.venue else message.location
    assert (ours.pin is None) == (where is None)
    if ours.pin is not None and where is not None:
        assert (ours.pin.lat, ours.pin.lon) == (where.latitude, where.longitude)
    theirs = message.effective_attachment
    if ours.attachments and theirs is not None:
        refs = [size.file_id for size in theirs] if isinstance(theirs, list | tuple) else [theirs.file_id]  # type: ignore[union-attr]
        assert ours.attachments[0].ref in refs


@pytest.mark.parametrize("name", READABLE)
def test_aiogram_reads_the_same(name: str):
    from aiogram.types import Update  # takes five seconds, which not every worker has to spend

    theirs = Update.model_validate(READABLE[name])
    found = theirs.message or theirs.edited_message
    for ours in events(READABLE[name]):
        if found is not None and ours.kind in (Kind.MESSAGE, Kind.EDIT):
            assert ours.peer.partition("/")[0] == str(found.chat.id)
            assert found.from_user is not None
            assert (ours.sender, ours.message_id) == (str(found.from_user.id), str(found.message_id))
            assert (found.text or found.caption or "").endswith(ours.text)
            assert bool(ours.unreadable) == (not (found.text or ours.attachments or ours.pin))
        if theirs.callback_query is not None:
            assert ours.action == (theirs.callback_query.data or "")
        change = theirs.my_chat_member or theirs.chat_member
        if change is not None:
            assert ours.peer == str(change.chat.id)
            assert ours.of_bot is (theirs.my_chat_member is not None)


# ── keys ──
def test_the_same_event_has_the_same_key_however_it_came():
    """Redelivered, or delivered by webhook and polling: only the order of the JSON may differ."""
    for name, update in READABLE.items():
        turned = dict(reversed(update.items()))
        assert [e.key for e in events(update)] == [e.key for e in events(turned)], name


def test_different_events_have_different_keys():
    message = READABLE["text"]["message"]
    again = [{"update_id": 1, "message": message | {"message_id": number}} for number in (42, 43)]
    assert len({events(update)[0].key for update in again}) == 2
    edits = [{"update_id": 1, "edited_message": message | {"edit_date": at}} for at in (1795417201, 1795417202)]
    assert len({events(update)[0].key for update in edits}) == 2
    joined = READABLE["bot_added"]
    assert update_key(joined) != update_key(joined | {"update_id": 1})


def test_before_the_bot_knows_its_name_every_command_is_its_own():
    update = READABLE["command_other_bot"]
    assert events(update) == []
    assert events(update, BotSelf(ME.id))[0].command == "tiket"


# ── what cannot be read ──
@pytest.mark.parametrize(
    "update",
    [
        None,
        [],
        "text",
        {},
        {"update_id": "1", "message": {}},
        {"update_id": True, "message": {}},
        {"update_id": 2**63, "message": {}},
        {"update_id": 1},
        {"update_id": 1, "brand_new_thing": {}},
        {"update_id": 1, "message": None},
        {"update_id": 1, "message": []},
        {"update_id": 1, "message": {"message_id": 1}},
        {"update_id": 1, "callback_query": {"id": 5, "from": {"id": 1}, "message": {}}},
    ],
)
def test_what_cannot_be_read_says_so(update: object):
    with pytest.raises(Unreadable):
        events(update)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(st.sampled_from(sorted(READABLE)), st.data())
def test_no_broken_update_raises_anything_else(name: str, data: st.DataObject):
    """Any value anywhere in a real update replaced by anything, or taken away."""
    update = json.loads(json.dumps(READABLE[name]))
    place: Any = update
    while True:
        keys = sorted(place) if isinstance(place, dict) else list(range(len(place)))
        if not keys:
            return
        key = data.draw(st.sampled_from(keys))
        inner = place[key]
        if isinstance(inner, dict | list) and inner and data.draw(st.booleans()):
            place = inner
            continue
        if isinstance(place, dict) and data.draw(st.booleans()):
            del place[key]
        else:
            place[key] = data.draw(json_values)
        break
    try:
        found = events(update)
    except Unreadable:
        return
    for event in found:
        assert isinstance(event.text, str)
        assert event.key
        event.text.encode()


@pytest.mark.parametrize(("author", "other"), [(ME.id, False), (5001, True), (None, True)])
def test_who_wrote_the_quoted_message_is_told(author: int | None, other: bool):
    quoted = {"message_id": 7, "date": 1763800000, "chat": {"id": -100, "type": "supergroup"}, "text": "BKS"}
    if author is not None:
        quoted["from"] = {"id": author, "is_bot": author == ME.id, "first_name": "X"}
    message = {**quoted, "message_id": 8, "from": {"id": 5002, "is_bot": False, "first_name": "Y"}}
    update = {"update_id": 1, "message": message | {"reply_to_message": quoted}}
    assert events(update)[0].quoted_other is other
