"""Turns a webhook's body into events: every entry, change, message and status by itself; does nothing else."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from bot.channels.body import Unreadable, clean
from bot.channels.whatsapp import content, errors, people
from bot.channels.whatsapp.values import Json, items, maybe, moment, obj, words
from conversations.inbound import Inbound, Kind
from usecases.ports import AccountEvent, Failure, Reach, Report

CHANNEL = "whatsapp"
LONGEST_ID = 512  # a longer one fits into no index
LONGEST_TEXT = 16_384  # four times what anybody can write
MOVED = ("user_changed_number", "customer_changed_number", "user_changed_user_id")

_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:\s+|$)")
_OURS = re.compile(r"s([1-9][0-9]{0,17})(\.[0-9]{1,3})?")  # our callback data: see outbound.callback


class Parsed(Struct):
    """What one body holds. odd: parts nobody could read, each with the reason; passed_over: parts nobody
    waits for an answer to."""

    messages: list[Inbound] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)
    events: list[AccountEvent] = field(default_factory=list)
    odd: list[tuple[object, str]] = field(default_factory=list)
    passed_over: int = 0


def parse(body: object, *, number: str, now: datetime) -> Parsed:
    """Everything in one body. number: our phone number id. raises: Unreadable when the whole makes no sense."""
    if not isinstance(body, dict) or not isinstance(body.get("entry"), list):
        raise Unreadable("no list of entries")
    parsed = Parsed()
    for entry, change in _changes(body["entry"], parsed):
        try:
            _change(entry, change, number, now, parsed)
        except Unreadable as why:
            parsed.odd.append((change, str(why)))
    return parsed


def _changes(entries: list[Any], parsed: Parsed) -> Iterator[tuple[Json, Json]]:
    for entry in entries:
        if not isinstance(entry, dict) or not isinstance(entry.get("changes"), list):
            parsed.odd.append((entry, "an entry without changes"))
            continue
        for change in entry["changes"]:
            if isinstance(change, dict):
                yield entry, change
            else:
                parsed.odd.append((change, "a change is not an object"))


def _change(entry: Json, change: Json, number: str, now: datetime, parsed: Parsed) -> None:
    value, what = obj(change, "value"), words(change, "field")
    if what and what != "messages":
        parsed.events.append(AccountEvent(CHANNEL, _key(change), what, moment(entry, "time", now), value))
        return
    ours = maybe(value, "metadata").get("phone_number_id")
    if ours is not None and ours != number:
        if value.get("messages"):
            raise Unreadable("meant for another phone number id")
        parsed.passed_over += 1  # what became of another number's messages
        return
    if "messages" not in value and "statuses" not in value:
        _without_messages(change, value, now, parsed)
    _parts(value, now, parsed)


def _parts(value: Json, now: datetime, parsed: Parsed) -> None:
    """Each message and each status by itself."""
    contacts = people.contacts_of(value)
    for name, reader in (("messages", _take_message), ("statuses", _take_status)):
        parts = value.get(name)
        if parts is None:
            continue
        if not isinstance(parts, list):
            parsed.odd.append((parts, f"{name} is not a list"))
            continue
        for part in parts:
            try:
                if not isinstance(part, dict):
                    raise Unreadable("not an object")
                reader(part, contacts, now, parsed)
            except Unreadable as why:
                parsed.odd.append((_with_contacts(name, part, value), str(why)))


def _without_messages(change: Json, value: Json, now: datetime, parsed: Parsed) -> None:
    """Errors of the account come alone."""
    if isinstance(value.get("errors"), list):
        said = {"event": f"error {_code(value)[0]}"}
        parsed.events.append(AccountEvent(CHANNEL, _key(change), "errors", now, said))
        return
    raise Unreadable("a change without messages and statuses")


def _with_contacts(name: str, part: object, value: Json) -> Json:
    """A part that is kept aside, with what a human needs to understand it."""
    return {name: [part], "contacts": value.get("contacts")}


def _key(change: Json) -> str:
    body = json.dumps(change, sort_keys=True, separators=(",", ":"))
    return f"a:{hashlib.sha256(body.encode()).hexdigest()[:32]}"


# -- messages -----------------------------------------------------------------------------------------


def _take_message(message: Json, contacts: list[Json], now: datetime, parsed: Parsed) -> None:
    found = words(message, "id")
    if not 0 < len(found) <= LONGEST_ID:
        raise Unreadable("a message without a usable id")
    if message.get("group_id"):  # we were not asked: nobody expects a bot in a circle of people
        parsed.passed_over += 1
        return
    kind = words(message, "type")
    if kind == "system":
        event = _system(message, found, contacts, now)
    elif kind == "edit":
        event = _edit(message, found, contacts, now)
    else:
        event = _said(message, found, contacts, now)
    if event is None:
        parsed.passed_over += 1
    else:
        parsed.messages.append(event)


def _said(message: Json, found: str, contacts: list[Json], now: datetime) -> Inbound | None:
    said = content.read(message)
    if said.quiet:
        return None
    command, text = "", said.text
    if text.startswith("/") and (typed := _COMMAND.match(text)):
        command, text = typed[1].lower(), text[typed.end() :].strip()
    quoted = said.reply_to or _quoted(message)
    pressed = bool(said.action)
    return _envelope(
        message,
        found,
        contacts,
        now,
        kind=Kind.PRESS if pressed else Kind.MESSAGE,
        text=text[:LONGEST_TEXT],
        command=command,
        action=said.action,
        pressed_on=quoted if pressed else "",
        reply_to="" if pressed else quoted,
        attachments=said.attachments,
        album=said.album,
        pin=said.pin,
        unreadable=said.unreadable,
    )


def _quoted(message: Json) -> str:
    """The id of the quoted message; a context without it (a forwarded message) quotes nothing."""
    context = message.get("context")
    found = context.get("id") if isinstance(context, dict) else None
    return clean(found)[:LONGEST_ID] if isinstance(found, str) else ""


def _edit(message: Json, found: str, contacts: list[Json], now: datetime) -> Inbound | None:
    original, after = content.edited(message)
    if not original or not after:
        return None
    said = content.read(after)
    if said.quiet or said.action or not said.text:
        return None
    event = _envelope(message, found, contacts, now, kind=Kind.EDIT, text=said.text[:LONGEST_TEXT])
    return replace(event, message_id=original)


def _system(message: Json, found: str, contacts: list[Json], now: datetime) -> Inbound | None:
    """The number or the id of a person changed; everything else the system tells is passed over."""
    system = obj(message, "system")
    if words(system, "type") not in MOVED:
        return None
    told = [words(system, name) for name in ("user_id", "wa_id", "new_wa_id")]
    new = [one if people.is_scoped(one) else people.phone(one) for one in told]
    if not any(new) or not (words(message, "from") or words(message, "from_user_id")):
        raise Unreadable("a change of number without both numbers")
    event = _envelope(message, found, contacts, now, kind=Kind.RENUMBERED)
    return replace(event, moved_to=next(one for one in new if one))


def _envelope(message: Json, found: str, contacts: list[Json], now: datetime, **rest: Any) -> Inbound:
    """Who, where and when, around the content."""
    person = people.author(message, contacts)
    return Inbound(
        CHANNEL,
        f"m:{found}",
        person.id,
        person.id,
        moment(message, "timestamp", now),
        sender_name=person.name,
        message_id=found,
        aliases=person.others,
        **rest,
    )


# -- statuses -----------------------------------------------------------------------------------------


def _take_status(status: Json, contacts: list[Json], now: datetime, parsed: Parsed) -> None:
    found, told = words(status, "id"), words(status, "status")
    if not 0 < len(found) <= LONGEST_ID or not told:
        raise Unreadable("a status without id or without what it says")
    if told == "played":  # a voice note was listened to
        told = "read"
    try:
        reach = Reach(told)
    except ValueError:  # such as "deleted", "warning": says nothing about how far it came
        parsed.passed_over += 1
        return
    code, failure = _code(status)
    parsed.reports.append(
        Report(
            CHANNEL,
            found,
            reach,
            moment(status, "timestamp", now),
            outbox=ours(status.get("biz_opaque_callback_data")),
            failure=failure if reach is Reach.FAILED else None,
            detail=f"code {code}" if code else "",
        )
    )


def ours(callback: object) -> int:
    """The outbox id in what we sent along, 0 for anything else and for the lesser parts of a message."""
    found = _OURS.fullmatch(callback) if isinstance(callback, str) else None
    return int(found[1]) if found and not found[2] else 0


def _code(source: Json) -> tuple[int, Failure]:
    """The first error's code and what it means."""
    told = items(source, "errors")
    code = told[0].get("code") if told and isinstance(told[0], dict) else 0
    code = code if type(code) is int else 0
    return code, errors.meaning(code) if code else Failure.REFUSED
