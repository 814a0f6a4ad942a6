"""Similar reports: the same problem in other words is offered, another one at the same corner is not."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from tests.halls import hall
from tickets.city import City
from tickets.policy import Policy
from tickets.similar import New, kinds, reach_m, similar
from tickets.ticket import Outcome, Status, Ticket

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
LAT, LON = -6.298, 106.959
METRE = 1 / 111_195


@pytest.fixture(scope="module")
def city() -> City:
    return hall()


def ticket(text: str, category: str, metres: float = 60, **more) -> Ticket:
    given = {
        "id": 1, "number": "BKS-26-000001-7", "status": Status.ASSIGNED, "category": category, "agency": "DBMSDA",
        "text": text, "opened_at": NOW - timedelta(days=2), "acknowledge_due": NOW, "resolve_due": NOW, "reporter": 1,
        "conversation": 1, "lat": LAT + metres * METRE, "lon": LON,
    }  # fmt: skip
    return Ticket(**(given | more))


def offered(city: City, new: str, category: str, *tickets: Ticket) -> list[int]:
    return [one.ticket.id for one in similar(New(category, LAT, LON, new), tickets, city, NOW)]


SAME = [
    ("lampu jalan mati depan sekolah", "PJU", "pju padam sudah tiga hari", "PJU", 200),
    ("jalan gelap, penerangannya padam", "PJU", "lampu jalan mati", "PJU", 200),
    ("sampah numpuk seminggu belum diangkut", "SAMPAH", "truk sampah tidak datang, sampah menumpuk", "SAMPAH", 230),
    ("banjir selutut gara-gara got mampet", "BANJIR", "got mampet, air meluap jadi banjir", "DRAINASE", 80),
    ("jalan bolong besar", "JLN-RUSAK", "aspal berlubang dalam", "JLN-RUSAK", 20),
    ("sampah numpuk di pinggir jalan", "SAMPAH", "ada yang buang sampah numpuk di pinggir jalan", "SAMPAH-LIAR", 30),
]
OTHER = [
    ("lampu jalan mati", "PJU", "sampah menumpuk tidak diangkut", "SAMPAH", 0),
    ("parkir liar di trotoar", "PARKIR", "pedagang kaki lima di trotoar", "PKL", 10),
    ("pohon mau tumbang", "POHON", "lampu jalan mati", "PJU", 5),
    ("got mampet bau", "DRAINASE", "banjir setinggi dada, warga mengungsi", "BANJIR", 20),
    ("got mampet", "DRAINASE", "got mampet", "BANJIR", 240),
    ("tiang miring mau roboh kena truk", "PJU", "kabel menjuntai terputus", "PJU", 240),
]


@pytest.mark.parametrize(("new", "category", "old", "old_category", "metres"), SAME)
def test_the_same_problem_is_offered_in_other_words_and_kinds(city, new, category, old, old_category, metres):
    if old_category in kinds(category, city.policy):
        assert offered(city, new, category, ticket(old, old_category, metres)) == [1]
    else:
        pytest.fail(f"{category} and {old_category} stand in no group")


@pytest.mark.parametrize(("new", "category", "old", "old_category", "metres"), OTHER)
def test_another_problem_at_the_same_corner_is_not(city, new, category, old, old_category, metres):
    looked_for = old_category in kinds(category, city.policy)
    found = offered(city, new, category, ticket(old, old_category, metres)) if looked_for else []
    assert found == []


def test_the_nearer_and_the_likelier_come_first(city):
    far = ticket("lampu jalan mati", "PJU", 240, id=1)
    near = ticket("lampu jalan mati", "PJU", 20, id=2)
    closed = ticket(
        "lampu jalan mati", "PJU", 20, id=3, status=Status.CLOSED, outcome=Outcome.CONFIRMED,
        closed_at=NOW - timedelta(days=1),
    )  # fmt: skip
    kin = ticket("lampu jalan mati ketutup pohon", "POHON", 20, id=4)
    assert offered(city, "lampu jalan mati", "PJU", far, closed, kin, near)[0] == 2
    assert set(offered(city, "lampu jalan mati", "PJU", far, closed, kin, near)) == {1, 2, 3, 4}


@pytest.mark.parametrize(
    ("days", "outcome", "expected"),
    [
        (13, Outcome.CONFIRMED, True),
        (13, Outcome.UNANSWERED, True),
        (15, Outcome.CONFIRMED, False),
        (3, Outcome.WITHDRAWN, False),
        (3, Outcome.NOT_CITY, False),
        (3, Outcome.DUPLICATE, False),
    ],
)
def test_a_closed_report_is_offered_only_lately_and_only_if_it_was_solved(city, days, outcome, expected):
    old = ticket("lampu jalan mati", "PJU", status=Status.CLOSED, outcome=outcome, closed_at=NOW - timedelta(days=days))
    assert bool(offered(city, "lampu jalan mati", "PJU", old)) is expected


def test_confidential_reports_and_those_without_a_point_are_never_offered(city):
    hidden = ticket("lampu jalan mati", "PJU", confidential=True)
    pointless = replace(ticket("lampu jalan mati", "PJU"), lat=None, lon=None)
    assert offered(city, "lampu jalan mati", "PJU", hidden, pointless) == []


def test_distance_is_the_categorys(city):
    assert reach_m("PJU", city.policy) == 250
    assert reach_m("BANJIR", city.policy) == 400
    assert offered(city, "banjir selutut", "BANJIR", ticket("banjir selutut", "BANJIR", 390)) == [1]
    assert offered(city, "lampu mati", "PJU", ticket("lampu mati", "PJU", 260)) == []


def test_a_city_without_rules_looks_for_the_same_kind_only():
    assert kinds("DRAINASE", Policy()) == ("DRAINASE",)
    assert reach_m("BANJIR", Policy()) == 250


def test_likeness_knows_no_order_and_is_between_nothing_and_all(city):
    score = city.likeness.score
    assert score("got mampet depan warung", "depan warung got mampet") == 1
    assert score("got mampet", "got yang mampet parah") == score("got yang mampet parah", "got mampet")
    assert score("got mampet", "") == score("", "") == score("😀", "??") == 0
    assert 0 < score("got mampet", "got bau") < 1
    assert score("pju padam", "lampu jalan mati", "PJU") > score("pju padam", "lampu jalan mati")
