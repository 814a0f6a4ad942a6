"""After the server was away, the ladder is climbed rung by rung: the office gets its time before its head hears."""

from __future__ import annotations

import pytest

from tests.usecases.test_reminders import take_up
from tests.usecases.town import Town
from usecases.ports import Outgoing
from usecases.records import Chat


def beaten(town: Town, **span: float) -> list[Outgoing]:
    town.clock.forward(**span)
    town.beat()
    return town.deliver()


def heard(said: list[Outgoing], chat: Chat) -> list[str]:
    return [m.text for m in said if m.peer == chat.peer and not m.edit_of]


def offices(town: Town) -> tuple[Chat, Chat, Chat]:
    head = town.office("DISHUB", "501", peer="-700", role="head")
    return town.office("DISHUB", "501"), head, town.centre("600")


def test_nobody_above_hears_before_the_office_had_its_hour(town: Town):
    group, head, centre = offices(town)
    town.report()
    town.deliver()
    said = beaten(town, days=7)
    assert ["sudah lewat" in text for text in heard(said, group)] == [True]
    assert "pimpinan OPD diberi tahu pada" in heard(said, group)[0]
    assert heard(said, head) == heard(said, centre) == []
    assert heard(beaten(town, minutes=59), head) == []
    said = beaten(town, minutes=2)
    assert len(heard(said, head)) == 1
    assert heard(said, centre) == []
    said = beaten(town, hours=1, minutes=1)
    (above,) = heard(said, centre)
    assert "Pimpinan OPD sudah diberi tahu" in above
    assert town.breaches() == {}


def test_who_takes_it_up_within_the_hour_is_reported_to_nobody(town: Town):
    _, head, centre = offices(town)
    ticket = town.report()
    town.deliver()
    beaten(town, hours=40)  # past the time to take it up, not past the promise
    take_up(town, ticket.id)
    said = [*beaten(town, hours=2), *beaten(town, hours=2)]
    assert heard(said, head) == heard(said, centre) == []


def test_without_anybody_above_the_office_hears_it_twice_an_hour_apart(town: Town):
    group = town.office("DISHUB", "501")
    town.report()
    town.deliver()
    assert len(heard(beaten(town, days=7), group)) == 1
    assert heard(beaten(town, minutes=30), group) == []
    assert len(heard(beaten(town, minutes=31), group)) == 1


@pytest.mark.parametrize("danger", [False, True])
def test_the_triage_desk_hears_before_the_operations_centre(town: Town, danger: bool):
    desk = town.office(town.house.city.triage, "700", peer="-800")
    centre = town.centre("600")
    town.report(category="LAINNYA", danger=danger)
    town.deliver()
    said = beaten(town, days=3)
    assert len([text for text in heard(said, desk) if "menunggu disalurkan" in text]) == 1
    assert not [text for text in heard(said, centre) if "belum disalurkan" in text]
    said = beaten(town, minutes=16 if danger else 61)
    assert len([text for text in heard(said, centre) if "belum disalurkan" in text]) == 1


def test_an_hour_that_ends_at_night_ends_in_the_morning(town: Town):
    group, head, _ = offices(town)
    town.report()
    town.deliver()
    assert heard(beaten(town, days=7, hours=11, minutes=40), group)  # 20.40
    assert heard(beaten(town, hours=2), head) == []
    assert len(heard(beaten(town, hours=8), head)) == 1


def test_danger_is_told_above_after_a_quarter_of_the_time(town: Town):
    _, head, centre = offices(town)
    town.report(danger=True)
    town.deliver()
    assert heard(beaten(town, days=7), head) == []
    said = beaten(town, minutes=16)
    assert (len(heard(said, head)), heard(said, centre)) == (1, [])
    assert len(heard(beaten(town, minutes=16), centre)) == 1


def test_weeks_away_the_weekly_news_leaves_the_head_to_the_ladder(town: Town):
    group, head, _ = offices(town)
    town.report()
    town.deliver()
    said = beaten(town, days=12)
    assert len(heard(said, group)) == 1
    assert heard(said, head) == []
    assert len(heard(beaten(town, hours=1, minutes=1), head)) == 1
