"""What is said where free words may not be sent: an approved form of words, or nothing until the person writes."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from texts.text import Moment, Param, from_json, literal
from tickets.notice import area_name, category_name
from tickets.templates import Form, Reply, candidates, fill, pieces
from tickets.ticket import Ticket
from usecases.buttons import seal
from usecases.house import House
from usecases.ports import AccountEvent, Template
from usecases.records import Claimed
from usecases.unit import Unit

log = logging.getLogger("sahut.templates")

STATUS_EVENT = "message_template_status_update"
OFFICERS = (  # beginnings of the texts that are said to offices, their heads and the operations centre
    "notice.group_", "notice.ops_", "nudge.acknowledge", "nudge.resolve", "nudge.unrouted", "nudge.external_chase",
    "group.from_",
)  # fmt: skip
BAD = frozenset({"REJECTED", "PAUSED", "DISABLED", "FLAGGED", "PENDING_DELETION", "REFUSED"})


def template_for(unit: Unit, house: House, row: Claimed) -> Template | None:
    """The first approved form that can say this row; None: it has to wait."""
    ticket = unit.tickets.get(row.ticket) if row.ticket else None
    if ticket is None:
        return None
    keys, params, news = _content(house, row, ticket)
    forms = tuple(candidates(house.city.templates, keys))
    approved = unit.templates.approved(row.channel) if forms else frozenset()
    for form in forms:
        for language in (row.locale, house.city.languages[0]):
            if language in form.wordings and (form.name, language) in approved:
                return _filled(house, row, form, language, params, news)
    return None


def _content(house: House, row: Claimed, ticket: Ticket) -> tuple[tuple[str, ...], Mapping[str, Param], Any]:
    """Keys and parameters of what the row says, and its whole text; of a card those of its ticket."""
    if row.kind == "card":
        city = house.city
        params: dict[str, Param] = {
            "number": ticket.number,
            "category": category_name(ticket, city),
            "area": area_name(ticket, city),
            "due": Moment(ticket.acknowledge_due),
        }
        return (f"card.{ticket.status}",), params, literal("")
    if row.kind != "text":
        return (), {}, literal("")
    text = from_json(row.body["text"])
    keys, found = pieces(text)
    return keys, {"number": ticket.number, **found}, text


def _filled(house: House, row: Claimed, form: Form, language: str, params: Mapping[str, Param], news: Any) -> Template:
    def render(value: Param) -> str:
        return house.texts.value(value, language, house.city.zone, house.city.zone_name)

    values = fill(form, params, render, render(news))
    return Template(form.name, language, values, tuple(_payload(house, row, reply) for reply in form.replies))


def _payload(house: House, row: Claimed, reply: Reply) -> str:
    """What a quick reply brings back: the notice's own button where it has it, else the form's first meaning."""
    kind = "card" if _for_officers(row) else "ticket"
    offered = {
        str(action).split(":", 2)[2]: str(action) for action, _ in row.body.get("choices", ()) if _sealed(action)
    }
    action = next((offered[one] for one in reply.actions if one in offered), "")
    return seal(house.key, row.chat, action or f"{kind}:{row.ticket}:{reply.actions[-1]}")


def _sealed(action: str) -> bool:
    return action.startswith(("ticket:", "card:")) and action.count(":") >= 2


def _for_officers(row: Claimed) -> bool:
    if row.kind == "card":
        return True
    keys, _ = pieces(from_json(row.body["text"]))
    return any(key.startswith(OFFICERS) for key in keys)


def told(unit: Unit, event: AccountEvent) -> bool:
    """A word of the platform about a template; False when the event is about something else."""
    if event.kind != STATUS_EVENT:
        return False
    value = event.value
    name, language = str(value.get("message_template_name", "")), str(value.get("message_template_language", ""))
    status, reason = str(value.get("event", "")).upper(), str(value.get("reason") or "")
    if not name or not status:
        return False
    unit.templates.note(event.channel, name, language, status, reason, event.at)
    shout = log.error if status in BAD else log.info
    shout("a template's status changed", extra={"template": name, "language": language, "status": status})
    return True


def distrust(unit: Unit, house: House, row: Claimed) -> bool:
    """The platform refused the form that says this row: it is not used until it is approved anew."""
    form = template_for(unit, house, row)
    if form is None:
        return False
    unit.templates.note(row.channel, form.name, form.language, "REFUSED", "refused when it was sent", unit.now)
    log.error("a template was refused", extra={"template": form.name, "language": form.language})
    return True
