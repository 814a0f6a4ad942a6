"""WhatsApp as the use cases see it: ids and numbers, a window of a day, templates that were approved or not."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from conversations.inbound import Inbound, Kind
from tests.usecases.town import Town
from usecases import templates
from usecases.ports import AccountEvent

WHATSAPP = "whatsapp"


def message(town: Town, who: str, text: str = "", **more: Any) -> Inbound:
    """A message of this id; aliases=("62812...",) is the number that came along."""
    return replace(town.message(who, text, **more), channel=WHATSAPP)


def press(town: Town, who: str, data: str, **more: Any) -> Inbound:
    return replace(town.press(who, data, **more), channel=WHATSAPP)


def renumbered(town: Town, old: str, new: str, *aliases: str) -> Inbound:
    return message(town, old, kind=Kind.RENUMBERED, moved_to=new, aliases=aliases)


def approve(town: Town, *codes: str, status: str = "APPROVED", language: str = "id") -> None:
    """The platform tells about templates of the city; all of them when none is named."""
    for form in town.house.city.templates:
        if not codes or form.code in codes:
            value = {"event": status, "message_template_name": form.name, "message_template_language": language}
            event = AccountEvent(WHATSAPP, f"a:{form.name}:{status}", templates.STATUS_EVENT, town.clock.now(), value)
            town.do(lambda unit, event=event: templates.told(unit, event))  # type: ignore[misc]
