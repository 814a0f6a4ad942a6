"""A change becomes notices: who is told, in which words, with which buttons."""

from __future__ import annotations

from msgspec.structs import replace

from texts.text import Moment, literal, say
from tickets.city import City
from tickets.moves import Changed
from tickets.notice import (
    NOTE,
    REFRESH,
    RELAY,
    Notice,
    Told,
    agency_name,
    alarmed,
    category_name,
    citizen_choice,
    cut,
    lines,
    said_by_citizen,
    shown,
)
from tickets.ticket import COMPLAINT, Status, Ticket
from tickets.told import TELL

__all__ = ["Notice", "followed", "notices", "opened", "rated", "relay_to_citizen", "relay_to_group"]


def opened(ticket: Ticket, city: City, code: str) -> Told:
    """A new ticket: the reporter learns number, code, office and promise; the office gets the card."""
    text = say(
        _opening(ticket),
        number=ticket.number,
        code=code,
        category=category_name(ticket, city),
        agency=agency_name(city, ticket.agency),
        acknowledge=Moment(ticket.acknowledge_due),
        resolve=Moment(ticket.resolve_due),
    )
    if ticket.danger:
        text = lines(text, say("notice.opened_danger"))
    return (
        Notice("reporter", text),
        Notice("group", new_card=True, photos="report", urgent=ticket.danger),
    )


def _opening(ticket: Ticket) -> str:
    """A question is answered, not handled."""
    if ticket.kind != COMPLAINT:
        return "notice.opened_asked" if ticket.status is Status.NEW else "notice.opened_asked_office"
    return "notice.opened_triage" if ticket.status is Status.NEW else "notice.opened"


def followed(ticket: Ticket, city: City, words: str = "", *, new: bool = True) -> Told:
    """Somebody else has the same problem: the office sees the new count, and what they add."""
    if not words.strip():
        return (REFRESH,) if new else ()
    if not new:
        return relay_to_group(ticket, words)
    text = say("notice.group_joined", number=ticket.number, words=shown(words, NOTE), count=ticket.followers + 1)
    return (Notice("group", text, cls="info", refresh_card=True, expects=RELAY),)


def relay_to_group(ticket: Ticket, words: str, media: int = 0) -> Told:
    """A citizen's words for the office, without name or number; a reply to it goes back to the citizen."""
    text = say("notice.group_relay", number=ticket.number, words=said_by_citizen(words))
    return (Notice("group", text, photos="report" if media else None, expects=RELAY),)


def relay_to_citizen(ticket: Ticket, city: City, words: str) -> Told:
    """An officer's words for the reporter, or for the follower they answer, in the name of the office.

    Below a closed report nobody is asked to answer: that would be refused.
    """
    closed = ticket.status is Status.CLOSED
    key = "notice.relay_closed" if closed else "notice.relay"
    text = say(key, number=ticket.number, agency=agency_name(city, ticket.agency), words=literal(cut(words, NOTE)))
    return (Notice("reporter", text, () if closed else (citizen_choice(ticket, "say"),)),)


def rated(ticket: Ticket, stars: int, remark: str = "") -> Told:
    """The office hears how the citizen liked it, and what they have to say about it."""
    if remark:
        text = say("notice.group_remark", number=ticket.number, words=shown(remark, NOTE))
        return (Notice("group", text, cls="info", expects=RELAY),)
    return (Notice("group", say("notice.group_rated", number=ticket.number, count=stars), cls="info"),)


def retracted(ticket: Ticket) -> Told:
    """What the citizen sent last was about something else. The ticket stays as it is, a question that this answered
    included: the office may ask again, with a reply to this."""
    return (Notice("group", say("notice.group_retract", number=ticket.number), expects=RELAY),)


def name_hidden(ticket: Ticket) -> Told:
    """Whoever has read the reporter's name is asked not to pass it on."""
    return (Notice("group", say("notice.group_hide_name", number=ticket.number), cls="info"),)


def notices(changed: Changed, city: City) -> Told:
    """Who is told what about a move."""
    unplaced = replace(changed.after, place_words="")  # in the citizen's own words a name may stand
    return alarmed(TELL[changed.action](changed, city), unplaced, city)
