"""Similar reports come from the database: open or lately closed, of the kinds that are easily confused, close by."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from conversations.state import Place
from scheduler.beats import Beats
from storage import ticket_queries
from storage.prepared import Prepared
from storage.unit import Unit
from tests.usecases.town import Town
from tickets.similar import New
from tickets.ticket import Outcome, Status
from usecases.facts import DialogueFacts

LAT, LON = -6.298, 106.959
METRE = 1 / 111_195


def reported(town: Town, category: str, text: str, metres: float) -> int:
    place = Place(LAT + metres * METRE, LON, "pin", "32.75.09.1002", "", confirmed=True)
    return town.report("2001", category, place=place, text=text).id


def found(town: Town, category: str, words: str) -> list[int]:
    chat = town.chat("1001")
    new = New(category, LAT, LON, words)
    return [one.ticket.id for one in town.do(lambda unit: DialogueFacts(unit, town.house, chat).nearby(new))]


def test_kinds_that_are_confused_are_found_together_and_others_are_not(town: Town):
    drain = reported(town, "DRAINASE", "got mampet air meluap jadi banjir", 40)
    reported(town, "PJU", "lampu jalan mati", 10)
    reported(town, "DRAINASE", "got mampet air meluap jadi banjir", 600)
    assert found(town, "BANJIR", "banjir karena got mampet") == [drain]
    assert found(town, "SAMPAH", "sampah belum diangkut") == []


def test_a_wider_problem_is_looked_for_farther(town: Town):
    flood = reported(town, "BANJIR", "banjir selutut", 380)
    reported(town, "PJU", "lampu jalan mati", 380)
    assert found(town, "BANJIR", "banjir selutut") == [flood]
    assert found(town, "PJU", "lampu jalan mati") == []


def close(town: Town, ticket_id: int, outcome: Outcome) -> None:
    town.amend(ticket_id, status=Status.CLOSED, outcome=outcome, closed_at=town.clock.now())


def tidy(town: Town) -> int:
    """How many are not offered any more."""
    over = town.house.city.policy.similar_closed
    return town.do(lambda unit: unit.tickets.withdraw(unit.now - over, 100))


def test_a_closed_report_is_found_for_two_weeks(town: Town):
    lamp = reported(town, "PJU", "lampu jalan mati", 20)
    close(town, lamp, Outcome.CONFIRMED)
    town.clock.forward(days=13)
    assert tidy(town) == 0
    assert found(town, "PJU", "lampu jalan padam lagi") == [lamp]
    town.clock.forward(days=2)
    assert found(town, "PJU", "lampu jalan padam lagi") == []
    assert tidy(town) == 1
    assert tidy(town) == 0


def test_a_report_that_is_opened_again_is_found_again(town: Town):
    lamp = reported(town, "PJU", "lampu jalan mati", 20)
    close(town, lamp, Outcome.UNANSWERED)
    town.clock.forward(days=15)
    assert tidy(town) == 1
    town.amend(lamp, status=Status.REOPEN_REQUESTED, outcome=None, closed_at=None)
    assert found(town, "PJU", "lampu jalan mati") == [lamp]
    assert tidy(town) == 0


def test_a_report_that_ended_otherwise_is_offered_to_nobody(town: Town):
    lamp = reported(town, "PJU", "lampu jalan mati", 20)
    close(town, lamp, Outcome.NOT_CITY)
    assert found(town, "PJU", "lampu jalan mati") == []
    assert tidy(town) == 0  # it was taken off the list with its end


def test_the_lists_are_read_by_their_indexes(town: Town):
    """A condition written otherwise than in the index would read the whole table."""
    postgres = town.database.engine.dialect.name == "postgresql"
    lists = {"categories": ["PJU", "JALAN"], "cells": [1, 2, 3]}
    each = {"category_0": "PJU", "category_1": "JALAN", "cell_0": 1, "cell_1": 2, "cell_2": 3}
    near = {**(lists if postgres else each), **dict.fromkeys(("south", "north", "west", "east"), 0.0)}
    now = town.clock.now()

    def plan(unit: Unit, query: Prepared, **given: Any) -> str:
        if postgres:  # it would read three rows without any index
            unit.connection.exec_driver_sql("set local enable_seqscan = off")
        said = query.on(unit.kind)
        explain = "explain " if postgres else "explain query plan "
        values = said.values(given)
        values = values if isinstance(values, dict) else tuple(values)
        return str(unit.connection.exec_driver_sql(explain + said.text, values).fetchall())

    nearby = ticket_queries.NEARBY_LISTED if postgres else ticket_queries.nearby(2, 3)
    assert "ix_ticket_nearby" in town.do(lambda unit: plan(unit, nearby, closed_after=now, **near))
    passed = town.do(lambda unit: plan(unit, ticket_queries.PASSED, closed_before=now, most=9))
    assert "ix_ticket_offered_closed" in passed


async def test_the_hourly_beat_takes_off_the_list_what_ended_long_ago(town: Town):
    lamps = [reported(town, "PJU", "lampu jalan mati", 20) for _ in range(3)]
    for lamp in lamps[:2]:
        close(town, lamp, Outcome.CONFIRMED)
    town.clock.forward(days=15)

    async def run(work: Callable[[Unit], Any]) -> Any:
        return town.do(work)

    await Beats(run, town.house, lambda: None).tidy()
    assert [row.id for row in town.rows("select id from ticket where offered")] == lamps[2:]


def test_confidential_reports_never_appear(town: Town):
    hidden = reported(town, "PJU", "lampu jalan mati", 20)
    town.execute("update ticket set confidential = :yes where id = :id", yes=True, id=hidden)
    assert found(town, "PJU", "lampu jalan mati") == []
    assert town.house.city.policy.similar_closed == timedelta(days=14)
