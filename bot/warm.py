"""The understanding in use: the city's own words, warmed by what was learned, taken up anew when that changes."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

from msgspec.structs import replace

from learning.shelf import COLD, Shelf, UnusableModel
from routing.learned import Learned
from routing.model import Model
from routing.understand import Understander, Understanding, Understands
from tickets.city import City

log = logging.getLogger("sahut.learned")

LOOK_S = 30.0


class Warm:
    """Answers with the version in use; a version that cannot be used is told once, and the cold answers go on."""

    def __init__(self, city: City, shelf: Shelf) -> None:
        if not isinstance(city.understander, Understander):
            raise TypeError("only the understanding that a city's folder makes can be warmed")
        self._city = city
        self._cold = city.understander
        self._shelf = shelf
        self._now: Understands = self._cold
        self._last: tuple[Understands, str, Understanding] | None = None
        self._seen = COLD
        self.trouble = ""
        self.look()

    def understand(self, text: str) -> Understanding:
        """One turn of a dialogue asks about the same words more than once."""
        now, last = self._now, self._last
        if last is not None and last[0] is now and last[1] == text:
            return last[2]
        found = now.understand(text)
        self._last = now, text, found
        return found

    @property
    def version(self) -> int:
        """The version that answers; 0 when nothing learned does."""
        return self._seen if isinstance(self._now, Learned) else COLD

    def look(self) -> None:
        """Take up another version if another one was put in use."""
        self._last = None  # nobody's words stay for long
        version = self._shelf.active()
        if version == self._seen:
            return
        self._seen, self.trouble = version, ""
        try:
            self._now = self._cold if version == COLD else with_model(self._city, self._shelf.get(version))
            log.info("learned version in use", extra={"version": version})
        except UnusableModel as trouble:
            self._now, self.trouble = self._cold, str(trouble)
            log.error("what was learned cannot be used; the city's own words go on", extra={"reason": self.trouble})

    async def watch(self) -> None:
        """The beat of the running program."""
        await asyncio.to_thread(self.look)


def standing(city: City, data: Path) -> tuple[str, str, str]:
    """Which version is in use and what is wrong with it, as `doctor` says it: mark, text, advice."""
    shelf = Shelf(data, city.slug)
    version = shelf.active()
    if version == COLD:
        return "info", "nothing learned is in use: the city's own words answer alone; docs/learning.md", ""
    try:
        with_model(city, shelf.get(version))
    except UnusableModel as trouble:
        return "warn", f"learned version {version} is not used: {trouble}", "`sahut learn --list` shows the others"
    return "ok", f"learned version {version} is in use", ""


def with_model(city: City, model: Model) -> Learned:
    """The city's understanding with this model. raises: UnusableModel when it speaks of categories the city lacks"""
    strange = sorted(set(model.categories) - set(city.catalogue.categories))
    if strange:
        raise UnusableModel(f"it speaks of categories {city.name} does not have: {', '.join(strange)}. Learn again.")
    cold = city.understander
    assert isinstance(cold, Understander)
    return Learned(cold, cold.stems_of, model, tuple(city.catalogue.categories), city.catalogue.fallback)


def warmed(city: City, data: Path) -> City:
    """The same city, answering with what was learned from its reports (kept below `data`)."""
    return replace(city, understander=Warm(city, Shelf(data, city.slug)))
