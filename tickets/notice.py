"""A notice: who is to be told what, with which buttons; carried out by the use cases."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from routing.masking import mask
from routing.personal_numbers import NIK_MASK, PHONE_MASK
from texts.text import Choice, Text, literal, say
from tickets.city import City
from tickets.guards import ruled
from tickets.ticket import COMPLAINT, Ticket

# everyone: the reporter and the followers · writer: the one of them whose words these are · others: everyone else
# old_group: the group of the office that held the ticket before the move · old_office: every chat where its card stands
# head: who leads the ticket's office · ops: the operations centre, without one the office · centre: ... nobody
Audience = Literal[
    "reporter", "followers", "everyone", "writer", "others", "group", "old_group", "old_office", "head", "ops", "centre"
]


Photos = Literal["proof", "report"] | None
NOTE = 1500  # signs of an officer's or a citizen's words inside a notice
PLACE = 80  # signs of a place's words in a line
OFFICERS = ("group", "head", "ops")
RELAY = "relay"  # a citizen's words for the office: a reply to them is for whoever wrote them


class Notice(Struct, frozen=True):
    """Tell an audience a text. text None: nothing is said, only the card is shown anew.

    choices:      "ticket:<id>:<what>" below a citizen's notice, "card:<id>:<what>" in a group
    cls:          must (never dropped) · nudge (worth saying while it is true) · info (dropped first)
    refresh_card: the ticket's card in that group shows the new state
    new_card:     ... at the bottom of the chat, where it is seen; an older one there loses its buttons
    photos:       send along the photos of the proof, or those that came with the report
    expects:      what a reply to this message means (ask, done, reason, schedule, relay ...)
    """

    audience: Audience
    text: Text | None = None
    choices: tuple[Choice, ...] = ()
    columns: int = 1
    cls: Literal["must", "nudge", "info"] = "must"
    refresh_card: bool = False
    new_card: bool = False
    photos: Photos = None
    expects: str = ""
    urgent: bool = False  # danger: sent before everything else, also at night


Told = tuple[Notice, ...]
REFRESH = Notice("group", cls="info", refresh_card=True)


def agency_name(city: City, code: str) -> Text:
    """The full name of an office, as citizens read it."""
    return literal(city.catalogue.agency(code).name)


def category_name(ticket: Ticket, city: City, most: int = 80) -> Text:
    """The category in the reader's language, at most so many signs; a question or a proposal is called just that."""
    if ticket.kind != COMPLAINT:
        return say(f"card.kind_{ticket.kind}")
    category = city.catalogue.category(ticket.category)
    return say("card.category", id=cut(category.name, most), en=cut(category.name_en or category.name, most))


def area_name(ticket: Ticket, city: City) -> Text:
    """The kelurahan in a word or two."""
    area = city.places.by_code.get(ticket.kelurahan)
    if area is not None:
        return literal(area.name)
    return say("card.area_unknown" if ticket.kind == COMPLAINT else "card.area_none")


def alarmed(told: Told, ticket: Ticket, city: City) -> Told:
    """Officers' reminders of a danger open with what it is and where: a locked telephone shows the first line only."""
    if not ticket.danger:
        return told
    where, place = {"category": category_name(ticket, city), "area": area_name(ticket, city)}, ticket.place_words
    top = say("nudge.danger_at", **where, words=shown(place, PLACE)) if place.strip() else say("nudge.danger", **where)
    return tuple(
        replace(notice, text=lines(top, notice.text))
        if notice.text is not None and notice.cls == "nudge" and notice.audience in OFFICERS
        else notice
        for notice in told
    )


def lines(*parts: Text | None) -> Text:
    """The texts one below the other; None is left out."""
    kept = [part for part in parts if part is not None]
    if not kept:
        return literal("")
    while len(kept) > 1:  # in pairs, so that a long list does not nest deeply
        pairs = [say("card.join", above=a, below=b) for a, b in zip(kept[::2], kept[1::2], strict=False)]
        kept = pairs + ([kept[-1]] if len(kept) % 2 else [])
    return kept[0]


def cut(words: str, most: int) -> str:
    """At most `most` signs as Telegram counts them (UTF-16 units), ended by "…" when something is left out."""
    words = words.strip()
    if len(words) * 2 <= most or len(words.encode("utf-16-le")) // 2 <= most:
        return words
    kept, size = [], 0
    for sign in words:
        size += 2 if ord(sign) > 0xFFFF else 1
        if size > most - 1:
            break
        kept.append(sign)
    return "".join(kept).rstrip() + "…"


def shown(words: str, most: int) -> Text:
    """A person's words for other people: identity and phone numbers masked, then cut."""
    return literal(cut(mask(words), most))


def said_by_citizen(words: str) -> Text:
    """A citizen's words for the office; where a number was hidden, what to do who needs it."""
    if not words.strip():
        return say("notice.only_photos")
    masked = mask(words)
    hidden = NIK_MASK in masked or PHONE_MASK in masked
    return lines(literal(cut(masked, NOTE)), say("notice.group_hidden") if hidden else None)


def citizen_choice(ticket: Ticket, what: str, label: str = "") -> Choice:
    return Choice(f"ticket:{ticket.id}:{what}", say(f"action.{label or what}"))


def new_report() -> Choice:
    """The way on where a report cannot be opened again."""
    return Choice("new", say("menu.report"))


def not_done(ticket: Ticket, city: City, press: str = "reopen") -> Choice:
    """ "Belum beres"; where that would be refused, the way on instead. press: "refuse" means the same in a dialogue."""
    return new_report() if ruled(ticket, city) else citizen_choice(ticket, press, "reopen")


def card_choice(ticket: Ticket, what: str, label: str = "") -> Choice:
    return Choice(f"card:{ticket.id}:{what}", say(f"action.{label or what}"))
