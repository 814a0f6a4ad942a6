"""The newest line of a history, or of its talk: one row is read, however many people said "saya juga"."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa

from storage import ticket_queries as q
from storage.prepared import Prepared
from storage.unit import Unit
from tests.usecases.town import Town
from usecases.facts import DialogueFacts

CROWD = 400


def lines(town: Town, ticket: int, *actions: str) -> None:
    def write(unit: Unit) -> None:
        for action in actions:
            unit.tickets.append(ticket, {"action": action, "note": f"ini {action}"})

    town.do(write)


def plan(unit: Unit, statement: Prepared, **given: Any) -> tuple[str, float]:
    """How a statement is carried out, in the database's own words, and the most rows that a part of it read."""
    compiled = statement.on(unit.kind)
    how = "explain query plan " if unit.kind == "sqlite" else "explain (analyze, format json) "
    values = compiled.values(given)
    values = values if isinstance(values, dict) else tuple(values)
    found = unit.connection.exec_driver_sql(how + compiled.text, values).fetchall()
    if unit.kind == "sqlite":
        return " / ".join(row[3] for row in found), 1
    top = found[0][0]
    tree = (top if isinstance(top, list) else json.loads(top))[0]["Plan"]
    return json.dumps(tree), rows(tree)


def rows(part: dict[str, Any]) -> float:
    mine = float(part["Actual Rows"]) + part.get("Rows Removed by Filter", 0)
    return max(mine, *(rows(inner) for inner in part.get("Plans", ())), 0.0)


def test_the_newest_line_and_the_newest_of_the_talk(town: Town):
    town.office("DISHUB", "501")
    ticket = town.report("1").id
    assert town.do(lambda unit: unit.tickets.last_line(ticket, talk=True)) is None
    lines(town, ticket, "tell", "join", "say", "join", "join")
    whole = town.do(lambda unit: unit.tickets.history(ticket))
    assert town.do(lambda unit: unit.tickets.last_line(ticket)) == whole[-1]
    assert town.do(lambda unit: unit.tickets.last_line(ticket, talk=True)) == whole[-3]
    assert whole[-3].note == "ini say"
    assert town.do(lambda unit: unit.tickets.last_line(ticket + 1)) is None


def test_a_crowd_costs_its_ticket_one_row(town: Town):
    town.office("DISHUB", "501")
    ticket, other = town.report("1").id, town.report("2").id
    lines(town, other, "tell", *["join"] * CROWD)
    lines(town, ticket, "answer", *["join"] * CROWD)
    town.do(lambda unit: unit.connection.execute(sa.text("analyze")))
    whole = {"sqlite": "sqlite_autoindex_ticket_event_1", "postgresql": "uq_ticket_event_ticket_id_seq"}
    for statement, index in ((q.NEWEST_LINE, whole[town.database.kind]), (q.NEWEST_WORDS, "ix_ticket_event_talk")):
        how, most = town.do(lambda unit, s=statement: plan(unit, s, ticket=ticket))  # type: ignore[misc]
        assert index in how
        assert "B-TREE" not in how, "nothing is sorted"
        assert most <= 1


def test_whom_the_office_wrote_to_is_known_until_somebody_answers(town: Town):
    town.office("DISHUB", "501")
    first, second = town.report("1").id, town.report("1").id
    chat = town.chat("1")

    def spoken_to() -> int:
        return town.do(lambda unit: DialogueFacts(unit, town.house, chat).spoken_to())

    assert spoken_to() == 0
    lines(town, first, "tell", "join")
    assert spoken_to() == first
    town.clock.forward(minutes=5)
    lines(town, second, "tell")
    assert spoken_to() == second
    lines(town, second, "answer", "join")
    assert spoken_to() == first
    town.clock.forward(days=2, minutes=1)
    assert spoken_to() == 0
