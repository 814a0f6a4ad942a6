"""How things are named to the citizen: categories, places, tickets, long words; and how sentences are put together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from conversations.state import NOWHERE, Draft, Place
from conversations.step import Turn
from texts.text import Choice, Param, Text, literal, say
from tickets.ticket import COMPLAINT, Outline, Status, Ticket

LABEL = 40  # a button shows about so many characters on a phone
QUOTE = 280  # of somebody's own words, when they are read back


def paragraphs(texts: Sequence[Text]) -> Text:
    """Several sentences as one text, an empty line between them."""
    return _joined(texts, "common.paragraphs")


def lines(texts: Sequence[Text]) -> Text:
    """Several sentences as one text, one below the other."""
    return _joined(texts, "common.lines")


def _joined(texts: Sequence[Text], key: str) -> Text:
    first, *rest = texts
    for text in rest:
        first = say(key, first=first, second=text)
    return first


def short(words: str, limit: int = QUOTE) -> str:
    """At most `limit` characters in one paragraph, cut between words."""
    words = " ".join(words[: limit * 4].split())
    if len(words) <= limit:
        return words
    cut = words[: limit - 1]
    head, _, _ = cut.rpartition(" ")
    return (head if len(head) > limit // 2 else cut) + "…"


def english(turn: Turn) -> bool:
    return turn.locale.startswith("en")


def category_name(turn: Turn, code: str) -> str:
    category = turn.city.catalogue.category(code)
    return category.name_en if english(turn) and category.name_en else category.name


def category_choices(turn: Turn, codes: Iterable[str]) -> tuple[Choice, ...]:
    return tuple(choice(f"cat:{code}", literal(short(category_name(turn, code), LABEL))) for code in codes)


def agency_name(turn: Turn, code: str) -> str:
    return turn.city.catalogue.agency(code).name


def kelurahan(turn: Turn, code: str) -> Text:
    """ "Kel. Jatiasih, Kec. Jatiasih"; the bare code when the city no longer has it."""
    found = turn.city.places.by_code.get(code)
    if found is None:
        return literal(code)
    return say("place.kelurahan", kelurahan=found.name, kecamatan=found.kecamatan)


def place(turn: Turn, where: Place | None) -> Text:
    """The place of a draft in one line."""
    if where is None:
        return say("place.none")
    if where.source == NOWHERE:
        return say("place.nowhere")
    words = short(where.words, 120)
    if not where.kelurahan:
        return literal(words) if words else say("place.point")
    area = kelurahan(turn, where.kelurahan)
    return say("place.words_in", words=words, area=area) if words else area


def photos(draft: Draft) -> Text:
    """What is enclosed with a draft, in one line."""
    pictures = sum(1 for media in draft.media if media.kind in ("photo", "document"))
    others = len(draft.media) - pictures
    if pictures and others:
        return say("summary.files_mixed", count=pictures, others=others)
    if others:
        return say("summary.files_other", count=others)
    return say("summary.files_photos", count=pictures) if pictures else say("summary.files_none")


def status(ticket: Outline) -> Text:
    """The state of a ticket in the citizen's words, with its outcome when it is closed."""
    if ticket.status is Status.CLOSED and ticket.outcome:
        return say("status.closed_as", outcome=say(f"outcome.{ticket.outcome.value}"))
    return say(f"status.{ticket.status.value}")


def category_of(turn: Turn, ticket: Ticket) -> Text:
    """What a ticket is about: its category, or that it is a question or a proposal."""
    if ticket.kind != COMPLAINT:
        return say(f"kind.{ticket.kind}")
    return literal(category_name(turn, ticket.category) if ticket.category in turn.city.catalogue.categories else "")


def choice(action: str, label: Text | str, **params: Param) -> Choice:
    """A button; the label is a key or a text."""
    return Choice(action, say(label, **params) if isinstance(label, str) else label)
