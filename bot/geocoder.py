"""A Nominatim server turns street names into points, when the city has configured one (GEOCODER_URL)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from urllib.parse import urlsplit

from geopy.exc import GeocoderQueryError, GeopyError
from geopy.geocoders import Nominatim

from storage.database import AnyDatabase, run
from usecases import locate
from usecases.house import House
from usecases.ports import Geocoder, Unavailable

log = logging.getLogger("sahut.geocoder")

LOOK_S = 15.0
TIMEOUT_S = 5.0
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
    """Looks up what waits. A server that is down costs nothing but time: the tickets go on without a point."""

    def __init__(self, database: AnyDatabase, house: House, geocoder: Geocoder, woken: Callable[[], None]) -> None:
        self._database = database
        self._house = house
        self._geocoder = geocoder
        self._woken = woken

    async def look(self) -> int:
        """Ask for what waits; returns how many points were found."""
        points = 0
        try:
            for question in await run(self._database, lambda unit: locate.waiting(unit, self._house)):
                point = await self._geocoder.find(question.words)
                points += await run(
                    self._database,
                    lambda unit, q=question, p=point: locate.found(unit, self._house, q.ticket, p),  # type: ignore[misc]
                )
                await asyncio.sleep(BETWEEN_S)
        except OSError as error:
            log.warning("the geocoder cannot be asked; it is tried again", extra={"why": str(error)})
        except Unavailable:
            log.error("the database cannot be written; places wait")
        if points:
            self._woken()
        return points
