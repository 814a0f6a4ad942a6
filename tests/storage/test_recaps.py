"""The recap's figures are counted by the database, and are those that the tickets themselves tell."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from statistics import median

import sqlalchemy as sa
from msgspec.structs import replace

from storage.unit import Unit
from tests.tickets.builders import CITY, a_ticket, at, words
from tests.usecases.town import Town
from tickets import sla
from tickets.figures import Period, Recap, recap, recap_starts
from tickets.guards import WITHOUT_WORK
from tickets.ticket import BEFORE_DONE, OPEN, Outcome, Status, Ticket

S = Status
NOON = at("2026-11-30", "12:00")


def keep(town: Town, tickets: Sequence[Ticket]) -> None:
    chat = town.chat("1")

    def write(unit: Unit) -> None:
        for ticket in tickets:
            event = unit.inbox.add(chat.channel, f"m:{ticket.id}", "message", chat.id, unit.now)
            assert event is not None
            own = replace(ticket, number=f"N{ticket.id}", reporter=chat.person, conversation=chat.id)
            unit.tickets.insert(own, source_event=event, cell=None, place_source="")

    town.do(write)


def counted(town: Town, agencies: Sequence[str], now: datetime) -> Recap:
    town.clock.at = now
    return town.do(lambda unit: unit.tickets.recap(agencies, recap_starts(CITY, now), CITY.policy.citizen_answer))


def by_hand(tickets: Sequence[Ticket], now: datetime) -> Recap:
    """The same, ticket by ticket."""
    running = BEFORE_DONE - {S.WAITING_CITIZEN}
    return Recap(
        open=sum(ticket.status in OPEN for ticket in tickets),
        late=sum(sla.breaks(ticket, now) for ticket in tickets),
        overdue=sum(ticket.status in running and ticket.resolve_due < now for ticket in tickets),
        periods=tuple(period(tickets, since, now) for since in recap_starts(CITY, now)),
    )


def period(tickets: Sequence[Ticket], since: datetime, now: datetime) -> Period:
    received = [t for t in tickets if t.opened_at >= since]
    answerable = [t for t in received if t.acknowledged_at or t.acknowledge_due <= now]
    resolved = [t for t in tickets if t.resolved_at and t.resolved_at >= since]
    return Period(
        received=len(received),
        answerable=len(answerable),
        taken=sum(t.acknowledged_at is not None and t.acknowledged_at <= t.acknowledge_due for t in answerable),
        resolved=len(resolved),
        in_time=sum(t.resolved_at is not None and t.resolved_at <= t.resolve_due for t in resolved),
        reopened=sum(t.reopenings > 0 for t in received),
        without=sum(t.outcome in WITHOUT_WORK and t.closed_at is not None and t.closed_at >= since for t in tickets),
        median_s=median(sla.used(t, now, CITY.policy).total_seconds() for t in resolved) if resolved else None,
    )


def anything(dice: random.Random, number: int) -> Ticket:
    """A ticket of any times at all, also such as the life cycle would never bring together."""

    def moment(share: float = 1.0) -> datetime | None:
        if dice.random() > share:
            return None
        if dice.random() < 0.2:  # the moments at which a period begins, or now
            return dice.choice([*recap_starts(CITY, NOON), NOON])
        micros = dice.choice([0, 1, 999_999, 999_600, dice.randrange(1_000_000)])
        return NOON - timedelta(seconds=dice.randrange(-2 * 86_400, 50 * 86_400), microseconds=micros)

    def sure() -> datetime:
        return moment() or NOON

    return replace(
        a_ticket(dice.choice(list(S)), id=number, opened=sure()),
        agency=dice.choice(["DISHUB", "DLH", "DSDABMBK"]),
        outcome=dice.choice([None, *Outcome]),
        acknowledge_due=sure(),
        resolve_due=sure(),
        acknowledged_at=moment(0.7),
        cycle_started_at=moment(0.5),
        resolved_at=moment(0.6),
        closed_at=moment(0.4),
        waiting_since=moment(0.3),
        waited_s=dice.choice([0, 0, 1, 3_600, 40 * 86_400]),
        reopenings=dice.choice([0, 0, 1, 3]),
    )


def test_the_database_counts_what_the_tickets_tell(town: Town):
    dice = random.Random(20261130)
    tickets = [anything(dice, number) for number in range(1, 301)]
    keep(town, tickets)
    for agencies in (["DISHUB"], ["DLH", "DSDABMBK"], ["DISHUB", "DLH", "DSDABMBK"], ["NOBODY"]):
        mine = [ticket for ticket in tickets if ticket.agency in agencies]
        for now in (NOON, NOON + timedelta(hours=11, microseconds=1), NOON + timedelta(days=6)):
            assert counted(town, agencies, now) == by_hand(mine, now)


def test_an_even_and_an_odd_number_have_their_middle(town: Town):
    opened = at("2026-11-28", "09:00")
    done = [opened + timedelta(hours=n, microseconds=n) for n in (5, 1, 9, 2)]
    tickets = [a_ticket(S.CLOSED, id=n, opened=opened, resolved_at=end) for n, end in enumerate(done, 1)]
    keep(town, tickets[:3])
    assert counted(town, ["DISHUB"], NOON).periods[1].median_s == 5 * 3600 + 5e-6
    keep(town, tickets[3:])
    assert counted(town, ["DISHUB"], NOON) == by_hand(tickets, NOON)


def test_it_counts_by_local_days_with_honest_denominators(town: Town):
    keep(
        town,
        [
            a_ticket(id=1, opened=at("2026-11-30", "00:30")),  # today, though still yesterday in UTC
            a_ticket(S.RESOLVED, id=2, opened=at("2026-11-26", "09:00")),  # taken after 1 h, done after 5 h
            a_ticket(S.CLOSED, id=3, opened=at("2026-11-26"), resolved_at=at("2026-11-29")),  # a day late
            a_ticket(S.IN_PROGRESS, id=4, opened=at("2026-11-25")),  # overdue since Friday
            a_ticket(S.IN_PROGRESS, id=5, opened=at("2026-11-10"), acknowledged_at=at("2026-11-12")),
            a_ticket(S.CLOSED, id=6, opened=at("2026-11-27"), resolved_at=None, outcome=Outcome.NOT_CITY),
            a_ticket(S.WAITING_CITIZEN, id=7, opened=at("2026-11-20")),  # waits: not overdue
        ],
    )
    text = words(recap(counted(town, ["DISHUB"], NOON), NOON)).replace("\ue000", "").replace("\ue001", "")
    assert "Terbuka sekarang: 5, terlambat: 2" in text
    blocks = {block.partition(":")[0]: block for block in text.split("\n\n")}
    today, week, month = (blocks[name] for name in ("Hari ini", "7 hari terakhir", "30 hari terakhir"))
    assert "Hari ini: 1 masuk, 0 selesai\nDiterima tepat waktu: belum ada\nSelesai tepat waktu: 0% (0 dari 2)" in today
    assert "5 masuk, 2 selesai\n" in week
    assert "Diterima tepat waktu: 100% (4 dari 4)" in week
    assert "Selesai tepat waktu: 25% (1 dari 4)" in week
    assert "selesai dalam: 38 jam" in week or "selesai dalam: 2 hari" in week  # between 5 and 72 hours: 38.5
    assert "ditutup tanpa kerja 1" in week
    assert "7 masuk" in month
    assert "Diterima tepat waktu: 83% (5 dari 6)" in month


def test_a_big_office_is_read_once(town: Town):
    """However many periods: one row comes back for each."""
    statements: list[str] = []
    engine = town.database.engine
    sa.event.listen(engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    counted(town, ["DISHUB"], NOON)
    assert len(re.findall(r"\bFROM ticket\s", " ".join(statements))) == 1
