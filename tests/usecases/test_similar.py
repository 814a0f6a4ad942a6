"""Similar reports come from the database: open or lately closed, of the kinds that are easily confused, close by."""

from datetime import timedelta

from conversations.state import Place
from tests.usecases.town import Town
from tickets.similar import New
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


def test_a_closed_report_is_found_for_two_weeks(town: Town):
    lamp = reported(town, "PJU", "lampu jalan mati", 20)
    closed = town.clock.now()
    town.execute(
        "update ticket set status = 'closed', outcome = 'confirmed', closed_at = :at where id = :id",
        at=closed.strftime("%Y-%m-%d %H:%M:%S.%f") if "sqlite" in town.database.engine.dialect.name else closed,
        id=lamp,
    )
    town.clock.forward(days=13)
    assert found(town, "PJU", "lampu jalan padam lagi") == [lamp]
    town.clock.forward(days=2)
    assert found(town, "PJU", "lampu jalan padam lagi") == []


def test_confidential_reports_never_appear(town: Town):
    hidden = reported(town, "PJU", "lampu jalan mati", 20)
    town.execute("update ticket set confidential = :yes where id = :id", yes=True, id=hidden)
    assert found(town, "PJU", "lampu jalan mati") == []
    assert town.house.city.policy.similar_closed == timedelta(days=14)
