"""A Nominatim server turns street names into points, when the city has configured one (GEOCODER_URL)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from urllib.parse import urlsplit

from geopy.exc import GeocoderQueryError, GeopyError
from geopy.geocoders import Nominatim

from storage.database import AnyDatabase, run
from usecases import locate
from usecases.house import House
from usecases.locate import Failed, Question
from usecases.ports import Geocoder, Unavailable
from usecases.trouble import why
from usecases.unit import Unit

log = logging.getLogger("sahut.geocoder")

LOOK_S = 15.0
TIMEOUT_S = 5.0
AWAY = 3  # failures at the beginning of a round, with no answer among them, are the server's and not the addresses'
BETWEEN_S = 1.0  # public servers ask for at most one question a second


class NominatimGeocoder:
    """Implements usecases.ports.Geocoder on geopy; its blocking call runs in a thread."""

    def __init__(self, url: str, user_agent: str = "sahut") -> None:
        parts = urlsplit(url)
        self._server = Nominatim(
            domain=(parts.netloc + parts.path).rstrip("/"),
            scheme=parts.scheme,
            user_agent=user_agent,
            timeout=TIMEOUT_S,
        )

    async def find(self, words: str) -> tuple[float, float] | None:
        """The best point for an address. raises: OSError when the server cannot be asked."""
        try:
            place = await asyncio.to_thread(self._server.geocode, words, country_codes="id")
        except GeocoderQueryError:  # it does not like these words, and never will: the others wait behind them
            log.info("the geocoder cannot read an address")
            return None
        except GeopyError as error:
            raise OSError(type(error).__name__) from error
        return (place.latitude, place.longitude) if place else None


class Locator:
    """Looks up what waits. A server that is down costs nothing but time: the tickets go on without a point.

    A ticket for which it does not answer rests, longer each time, and the others come first; how often is remembered
    by the running program only.
    """

    def __init__(self, database: AnyDatabase, house: House, geocoder: Geocoder, woken: Callable[[], None]) -> None:
        self._database = database
        self._house = house
        self._geocoder = geocoder
        self._woken = woken
        self._failed: dict[int, Failed] = {}
        self._asking = asyncio.Lock()

    async def look(self) -> int:
        """Ask for what waits; returns how many points were found."""
        if self._asking.locked():  # a server that hardly answers makes a round longer than a beat
            return 0
        points = 0
        async with self._asking:
            try:
                async for found in self._answers():
                    points += found
            except Unavailable as away:
                log.error("the database cannot be written; places wait", extra={"why": why(away)})
        if points:
            self._woken()
        return points

    async def _answers(self) -> AsyncIterator[bool]:
        """One round of questions: for each answer, whether it brought a point."""
        now, questions = await run(self._database, self._questions)
        over = now - locate.LONGEST  # of tickets that are closed meanwhile nothing needs to be remembered
        self._failed = {ticket: failed for ticket, failed in self._failed.items() if failed.again > over}
        answered = lost = 0
        for question in questions:
            try:
                point = await self._geocoder.find(question.words)
            except OSError as error:
                lost += 1
                await self._note_failure(question, now, error)
                if lost == AWAY and not answered:
                    log.warning("the geocoder seems to be away; it is tried again")
                    return
            else:
                answered += 1
                self._failed.pop(question.ticket, None)
                yield await self._keep(question, point)
            await asyncio.sleep(BETWEEN_S)

    def _questions(self, unit: Unit) -> tuple[datetime, list[Question]]:
        resting = [ticket for ticket, failed in self._failed.items() if failed.again > unit.now]
        return unit.now, locate.waiting(unit, self._house, resting)

    async def _note_failure(self, question: Question, now: datetime, error: OSError) -> None:
        failed = locate.failed(self._failed.pop(question.ticket, None), now)
        log.warning("the geocoder did not answer for a ticket", extra={"ticket": question.ticket, "why": str(error)})
        if failed is None:
            await self._keep(question, None)
        else:
            self._failed[question.ticket] = failed

    async def _keep(self, question: Question, point: tuple[float, float] | None) -> bool:
        return await run(self._database, lambda unit: locate.found(unit, self._house, question.ticket, point))
