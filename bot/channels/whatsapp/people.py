"""Who wrote: the business-scoped id first, the phone number second; either may be missing."""

from __future__ import annotations

import re

from msgspec import Struct

from bot.channels.body import Unreadable, clean
from bot.channels.whatsapp.values import Json, items

_SCOPED = re.compile(r"[A-Z]{2}(?:\.[A-Z]+)?\.[A-Za-z0-9]{1,128}")
_PHONE = re.compile(r"\+?([1-9][0-9]{5,17})")


class Person(Struct, frozen=True):
    """id: what the chat is keyed by; others: by what else the same person is known here."""

    id: str
    others: tuple[str, ...] = ()
    name: str = ""


def is_scoped(value: str) -> bool:
    return _SCOPED.fullmatch(value) is not None


def phone(value: str) -> str:
    """The digits of a phone number, "" when it is none."""
    found = _PHONE.fullmatch(value)
    return found[1] if found else ""


def author(message: Json, contacts: list[Json]) -> Person:
    """Who a message is from. The fields are taken for what they hold, not for what they are called: a scoped id was
    seen where a phone number belongs. raises: Unreadable."""
    said = [_word(message, "from_user_id"), _word(message, "from")]
    contact = _contact(said, contacts) or {}
    said += [_word(contact, "user_id"), _word(contact, "wa_id")]
    scoped = [one for one in said if is_scoped(one)]
    phones = [number for one in said if (number := phone(one))]
    known = list(dict.fromkeys(scoped[:1] + phones[:1]))
    if not known:
        raise Unreadable("a message of nobody")
    profile = contact.get("profile")
    profile = profile if isinstance(profile, dict) else {}
    name = _word(profile, "name") or _word(profile, "username")
    return Person(known[0], tuple(known[1:]), name)


def _word(source: Json, name: str) -> str:
    """A side remark that is no text must not cost anybody the message itself."""
    value = source.get(name)
    return clean(value) if isinstance(value, str) else ""


def contacts_of(value: Json) -> list[Json]:
    """The people a change speaks of; what cannot be read among them is left out."""
    try:
        return [one for one in items(value, "contacts") if isinstance(one, dict)]
    except Unreadable:
        return []


def _contact(said: list[str], contacts: list[Json]) -> Json | None:
    """The contact that belongs to a message; with nothing to compare, the only one there is."""
    known = {one for one in said if one}
    for contact in contacts:
        theirs = {contact.get("user_id"), contact.get("wa_id")} - {None, ""}
        if known & {one for one in theirs if isinstance(one, str)}:
            return contact
    return contacts[0] if len(contacts) == 1 and not known else None
