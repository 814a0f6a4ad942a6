"""Everything one city brings: its offices, categories, places, words and rules."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from msgspec import Struct

from routing.bodies import NO_BODIES, Bodies
from routing.catalogue import Catalogue
from routing.likeness import NO_LIKENESS, Likeness
from routing.place import Places
from routing.understand import Understands
from tickets.calendar import OFFICE_WEEK, WorkingCalendar
from tickets.policy import Policy
from tickets.templates import Form


class City(Struct, frozen=True):
    slug: str  # folder name, "kota-bekasi"
    name: str  # "Kota Bekasi"
    prefix: str  # first part of ticket numbers, "BKS"
    zone: ZoneInfo
    zone_name: str  # as people say it, "WIB"
    languages: tuple[str, ...]  # the first one is the default
    catalogue: Catalogue
    places: Places
    understander: Understands
    policy: Policy
    triage: str  # agency code of the desk that takes what nobody owns
    numbers: tuple[tuple[str, str], ...] = ()  # what a number is for ("call_center") and the number
    bodies: Bodies = NO_BODIES  # matters that are somebody else's in any city
    likeness: Likeness = NO_LIKENESS  # how far two reports speak of the same problem
    calendar: WorkingCalendar = OFFICE_WEEK  # the city's file adds its holidays
    templates: tuple[Form, ...] = ()  # forms for channels that allow nothing else after a day of silence
