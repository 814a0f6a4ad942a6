"""Has the citizen heard it? What officers are shown about it, per report, and the list of those who have not."""

from __future__ import annotations

from datetime import timedelta

from texts.text import Moment, Text, say
from tickets.city import City
from tickets.notice import category_name, lines
from tickets.ticket import Ticket
from usecases.house import House
from usecases.records import News
from usecases.unit import Unit

UNDER_WAY = timedelta(days=1)  # a message that is not delivered by then stands in the list
SHOWN = 20


def heard(unit: Unit, house: House, ticket: Ticket) -> str:
    """How far the newest news came: "" (on its way to the platform) · waiting · gone · under_way · told · read."""
    return _how(unit.people.last_news(ticket.id, ticket.conversation), house)


def _how(news: News | None, house: House) -> str:
    if news is None or news.state in ("queued", "sending"):
        return ""
    if news.state == "held":
        return "waiting"
    if news.state in ("failed", "dead") or (news.state == "cancelled" and news.error == "unreachable"):
        return "gone"
    if news.reach == "read":
        return "read"
    return "under_way" if house.like(news.channel).reports and news.reach != "delivered" else "told"


def line(unit: Unit, house: House, ticket: Ticket) -> Text | None:
    """The same in words, for /tiket."""
    known = heard(unit, house, ticket)
    return say(f"card.heard_{known}") if known else None


def unheard(unit: Unit, house: House, agencies: set[str] | None = None) -> Text:
    """Finished reports whose citizens do not know it. agencies: only theirs, None for all."""
    known = [(ticket, _how(news, house)) for ticket, news in unit.people.unheard(unit.now - UNDER_WAY, agencies)]
    waiting = [(ticket, how) for ticket, how in known if how in ("waiting", "gone", "under_way")]
    if not waiting:
        return say("officer.unheard_none")
    left = len(waiting) - SHOWN
    return lines(
        say("officer.unheard", count=len(waiting)),
        *(_entry(ticket, how, house.city) for one, how in waiting[:SHOWN] if (ticket := unit.tickets.get(one))),
        say("officer.queue_more", count=left) if left > 0 else None,
    )


def _entry(ticket: Ticket, how: str, city: City) -> Text:
    since = ticket.closed_at or ticket.resolved_at or ticket.opened_at
    why = say(f"officer.unheard_{how}")
    return say(
        "officer.unheard_line",
        number=ticket.number,
        category=category_name(ticket, city, 40),
        why=why,
        since=Moment(since, "short"),
    )
