"""The one card that shows a ticket in an office's group: short enough for any channel, words masked."""

from __future__ import annotations

from datetime import datetime

from routing.masking import mask
from routing.place import map_link
from texts.text import Choice, Moment, Text, literal, say
from tickets import sla
from tickets.actions import buttons
from tickets.city import City
from tickets.guards import status_text
from tickets.notice import agency_name, category_name, cut, lines, shown
from tickets.ticket import COMPLAINT, Status, Ticket

WORDS = 900
PART = 3500  # signs of a report in one message; a platform takes 4096 with our words around them
SHARED, STAND_IN, OPS = "shared", "stand_in", "ops"
PLACE = 200
NOTE = 300
NAME = 60


def card(
    ticket: Ticket,
    city: City,
    now: datetime,
    *,
    reporter_name: str = "",
    photos: int = 0,
    viewer: str = "",
    heard: str = "",
) -> tuple[Text, tuple[Choice, ...]]:
    """What a group sees of a ticket now, and its buttons.

    reporter_name: pass it only when it is known; it is shown only when the reporter agreed (ticket.named)
    viewer:        who looks: "" its office in a chat of its own, SHARED where the chat is others' too, STAND_IN where
                   it has none, OPS the operations centre (other buttons); else a former holder, told where it went
    heard:         has the reporter heard the newest news? "waiting" and "gone" are shown
    """
    if viewer not in ("", SHARED, STAND_IN, OPS, ticket.agency):
        moved = say("card.moved", agency=agency_name(city, ticket.agency))
        return lines(_title(ticket, city), moved), ()
    text = lines(
        say("card.danger") if ticket.danger and ticket.status is not Status.CLOSED else None,
        _title(ticket, city),
        _office(ticket, city, viewer),
        _state(ticket, now),
        _reopened(ticket),
        literal(""),
        _words(ticket),
        literal(""),
        *_where(ticket, city),
        _reporter(ticket, reporter_name),
        say("card.followers", count=ticket.followers) if ticket.followers else None,
        say("card.photos", count=photos) if photos else None,
        *_clocks(ticket),
        _holder(ticket),
        say(f"card.heard_{heard}") if heard in ("waiting", "gone") else None,
        _suggested(ticket, city),
    )
    return text, buttons(ticket, city, now, above=viewer == OPS)


def _words(ticket: Ticket) -> Text:
    """What was written, as far as a card goes; `full_words` has the rest."""
    if not ticket.text.strip():
        return say("card.no_words")
    key = "card.words_more" if full_words(ticket) else "card.words"
    return say(key, words=shown(ticket.text, WORDS), number=ticket.number)


def full_words(ticket: Ticket) -> tuple[Text, ...]:
    """Everything that was written, in as many messages as it takes; nothing where the card shows it all."""
    left = mask(ticket.text).strip()
    if cut(left, WORDS) == left:
        return ()
    parts: list[str] = []
    while left:
        part = cut(left, PART)
        if part != left:  # not within a word, if there is a gap to be found
            part = part.removesuffix("…")
            part = part[: max(part.rfind(" "), part.rfind("\n")) + 1 or len(part)]
        parts.append(part.strip())
        left = left[len(part) :].strip()
    return tuple(
        say("card.full", number=ticket.number, part=n, count=len(parts), words=literal(part))
        for n, part in enumerate(parts, 1)
    )


def _title(ticket: Ticket, city: City) -> Text:
    return say("card.title", number=ticket.number, category=category_name(ticket, city))


def _office(ticket: Ticket, city: City, viewer: str) -> Text | None:
    """Whose it is, where that is not plain from the chat."""
    if viewer not in (SHARED, STAND_IN, OPS):
        return None
    office = say("card.office", agency=agency_name(city, ticket.agency))
    return lines(office, say("card.stand_in")) if viewer == STAND_IN else office


def _state(ticket: Ticket, now: datetime) -> Text:
    if sla.run_out(ticket, now):
        return say("card.state_late", status=status_text(ticket))  # how late grows, and a card stands still
    return say("card.state", status=status_text(ticket))


def _reopened(ticket: Ticket) -> Text | None:
    """Why the citizen came back, while it matters."""
    if ticket.status is Status.REOPEN_REQUESTED or (ticket.cycle > 1 and ticket.status is not Status.CLOSED):
        words = shown(ticket.citizen_note, NOTE) if ticket.citizen_note else say("notice.only_photos")
        return say("card.reopened", count=ticket.reopenings, words=words)
    return None


def _where(ticket: Ticket, city: City) -> list[Text]:
    found: list[Text] = []
    area = city.places.by_code.get(ticket.kelurahan)
    if area is not None:
        found.append(say("card.area", kelurahan=area.name, kecamatan=area.kecamatan))
    if ticket.place_words.strip():
        found.append(say("card.place", words=shown(ticket.place_words, PLACE)))
    if ticket.lat is not None and ticket.lon is not None:
        found.append(say("card.map", link=map_link(ticket.lat, ticket.lon)))
    if not found and ticket.kind == COMPLAINT:
        return [say("card.no_place")]
    return found  # a question has no place


def _reporter(ticket: Ticket, name: str) -> Text:
    if ticket.named and name.strip():
        return say("card.reporter", name=shown(name, NAME))
    return say("card.secret")


def _clocks(ticket: Ticket) -> list[Text]:
    found: list[Text] = []
    running = sla.running(ticket)
    if "acknowledge" in running and ticket.status is not Status.NEW:
        found.append(say("card.acknowledge_due", due=Moment(ticket.acknowledge_due, "short")))
    if "resolve" in running:
        found.append(say("card.resolve_due", due=Moment(ticket.resolve_due, "short")))
    if ticket.status is Status.SCHEDULED and ticket.scheduled_for:
        found.append(say("card.scheduled", day=Moment(ticket.scheduled_for, "day")))
    if ticket.status is Status.WAITING_EXTERNAL:
        found.append(say("card.external", external=shown(ticket.external, NAME)))
        if ticket.scheduled_for:
            found.append(say("card.external_until", day=Moment(ticket.scheduled_for, "day")))
    if ticket.status is Status.WAITING_CITIZEN:
        found.append(say("card.question", words=shown(ticket.last_note, NOTE)))
    if ticket.status is Status.RESOLVED and ticket.last_note:
        found.append(say("card.result", words=shown(ticket.last_note, NOTE)))
    return found


def _holder(ticket: Ticket) -> Text | None:
    if not ticket.officer or ticket.acknowledged_at is None:
        return None
    return say("card.holder", name=shown(ticket.officer_name, NAME), time=Moment(ticket.acknowledged_at, "short"))


def _suggested(ticket: Ticket, city: City) -> Text | None:
    if ticket.status is not Status.NEW or not ticket.bounces:
        return None
    agency = agency_name(city, ticket.suggested_agency) if ticket.suggested_agency else say("card.nobody")
    if not ticket.last_note.strip():  # it was closed and opened again since
        return say("card.suggested_only", agency=agency) if ticket.suggested_agency else None
    return say("card.suggested", agency=agency, reason=shown(ticket.last_note, NOTE))
