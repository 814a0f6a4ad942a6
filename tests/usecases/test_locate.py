"""Places given only in words: looked up afterwards at a real HTTP server, kept only when they can be right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.geocoder import Locator, NominatimGeocoder
from conversations.state import Place
from tests.usecases.town import Town
from usecases import locate

ANSWERS = {
    "jalan kemang": [{"lat": "-6.2985", "lon": "106.9585", "display_name": "Jalan Kemang"}],
    "monas": [{"lat": "-6.1754", "lon": "106.8272", "display_name": "Monas"}],
}

STATUS = {"rusak": 503, "aneh": 400}


@pytest.fixture
async def nominatim() -> Callable[[], str]:
    asked: list[str] = []

    async def search(request: web.Request) -> web.Response:
        asked.append(request.query["q"])
        words = request.query["q"].split(",")[0].casefold()
        if words in STATUS:
            return web.Response(status=STATUS[words])
        return web.json_response(ANSWERS.get(words, []))

    app = web.Application()
    app.router.add_get("/search", search)
    server = TestServer(app)
    await server.start_server()
    yield server, asked
    await server.close()


def locator(town: Town, server: TestServer, monkeypatch: pytest.MonkeyPatch) -> Locator:
    monkeypatch.setattr("bot.geocoder.BETWEEN_S", 0)
    url = str(server.make_url("")).rstrip("/")
    return Locator(town.database, town.house, NominatimGeocoder(url), lambda: None)


def in_words(town: Town, words: str, kelurahan: str = "32.75.09.1002") -> int:
    place = Place(source="words", kelurahan=kelurahan, words=words, confirmed=True)
    return town.report(place=place).id


async def test_words_get_their_point_and_the_card_shows_the_map(town, nominatim, monkeypatch):
    server, asked = nominatim
    town.office("DISHUB", "7")
    ticket = in_words(town, "Jalan Kemang")
    assert "maps" not in town.deliver()[0].text
    assert await locator(town, server, monkeypatch).look() == 1
    assert asked == ["Jalan Kemang, Jatiasih, Jatiasih, Kota Bekasi"]
    found = town.ticket(ticket)
    assert (found.lat, found.lon) == (-6.2985, 106.9585)
    cards = [message for message in town.deliver() if message.edit_of]
    assert len(cards) == 1
    assert "maps" in cards[0].text


def test_the_map_is_shown_where_the_card_is(town: Town):
    """A row without a message, as versions before left them where a report was only spoken of, is no card."""
    town.office("DISHUB", "7")
    head = town.office("DISHUB", "8", peer="-700", role="head")
    ticket = in_words(town, "Jalan Kemang")
    town.do(lambda unit: unit.tickets.card(ticket, head.id))
    town.deliver()
    assert town.do(lambda unit: locate.found(unit, town.house, ticket, (-6.2985, 106.9585)))
    assert [message.peer for message in town.deliver()] == ["-100DISHUB"]


@pytest.mark.parametrize("named", [False, True], ids=["unnamed", "named"])
def test_the_server_is_not_told_the_reporter_s_name(town: Town, named: bool):
    """Whoever agreed to be named was asked about the office."""
    town.chat("1001")
    town.execute("update person set name = 'Zulkarnain Harahap'")
    words = "depan rumah Zulkarnain Harahap gang mawar, telp 081234567890"
    town.report(place=Place(source="words", kelurahan="32.75.09.1002", words=words, confirmed=True), named=named)
    (question,) = town.do(lambda unit: locate.waiting(unit, town.house))
    assert question.words.startswith("depan rumah [NAMA] gang mawar")
    assert "081234567890" not in question.words


@pytest.mark.parametrize("words", ["Monas", "tidak ada di peta"])
async def test_a_point_that_cannot_be_right_is_not_kept_nor_asked_again(town, nominatim, monkeypatch, words):
    server, asked = nominatim
    ticket = in_words(town, words)
    look = locator(town, server, monkeypatch).look
    assert await look() == 0
    assert await look() == 0
    assert len(asked) == 1
    assert town.ticket(ticket).lat is None


async def test_words_the_server_refuses_do_not_keep_the_others_waiting(town, nominatim, monkeypatch):
    server, asked = nominatim
    in_words(town, "aneh")
    found = in_words(town, "Jalan Kemang")
    assert await locator(town, server, monkeypatch).look() == 1
    assert town.ticket(found).lat == -6.2985
    assert len(asked) == 2


async def test_a_server_in_trouble_is_asked_again_later_and_the_ticket_lives_on(town, nominatim, monkeypatch):
    server, asked = nominatim
    ticket = in_words(town, "rusak")
    look = locator(town, server, monkeypatch).look
    assert await look() == 0
    assert await look() == 0
    assert len(asked) == 1
    town.clock.forward(minutes=1)
    assert await look() == 0
    assert len(asked) == 2
    assert town.ticket(ticket).status == "assigned"


class Deaf:
    """A geocoder that never answers for some words; `asked` counts the questions by their first words."""

    def __init__(self, *words: str) -> None:
        self.words = set(words)
        self.asked: Counter[str] = Counter()

    async def find(self, words: str) -> tuple[float, float] | None:
        first = words.split(",")[0]
        self.asked[first] += 1
        if first in self.words:
            raise OSError("GeocoderTimedOut")
        return (-6.2985, 106.9585)


@pytest.fixture
def look(town: Town, monkeypatch: pytest.MonkeyPatch) -> Callable[[Deaf], Locator]:
    monkeypatch.setattr("bot.geocoder.BETWEEN_S", 0)
    return lambda geocoder: Locator(town.database, town.house, geocoder, lambda: None)


async def test_one_address_that_is_never_answered_keeps_no_other_waiting(town, look):
    for number in range(7):
        in_words(town, f"jalan {number}")
    deaf = Deaf("jalan 0")
    locator = look(deaf)
    assert [await locator.look() for _ in range(3)] == [4, 2, 0]
    assert deaf.asked == Counter(f"jalan {number}" for number in range(7))


async def test_it_is_asked_less_and_less_and_then_no_more(town, look):
    ticket = in_words(town, "jalan buntu")
    deaf = Deaf("jalan buntu")
    locator = look(deaf)
    asked = []
    for _ in range(4 * 24):  # four days
        await locator.look()
        town.clock.forward(hours=1)
        asked.append(deaf.asked.total())
    assert 8 <= asked[24] < asked[48] < asked[-1] == 16
    assert asked[-20] == 16, "given up"
    assert await look(deaf).look() == 0
    assert deaf.asked.total() == 16, "also after a restart"
    assert town.ticket(ticket).lat is None


async def test_a_server_that_is_away_is_not_asked_for_everybody(town, look):
    streets = [f"jalan {number}" for number in range(12)]
    for street in streets:
        in_words(town, street)
    deaf = Deaf(*streets)
    locator = look(deaf)
    await locator.look()
    assert deaf.asked.total() == 3
    deaf.words.clear()  # it is back: the others at once, those that rested after their minute
    assert [await locator.look() for _ in range(3)] == [5, 4, 0]
    town.clock.forward(minutes=1)
    assert await locator.look() == 3
