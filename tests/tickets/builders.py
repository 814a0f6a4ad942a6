"""A small city and a ticket with defaults that read well; times are local Jakarta hours."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from routing.catalogue import Agency, Category, Owner, build
from routing.match import Match
from routing.place import Box, Kelurahan, Places
from routing.understand import Understanding
from texts.catalogue import shipped
from texts.text import Text
from tickets import sla
from tickets.city import City
from tickets.moves import Actor, Details, Role
from tickets.policy import Policy
from tickets.ticket import Outcome, Status, Ticket

ZONE = ZoneInfo("Asia/Jakarta")
LONG_AGO = date(2020, 1, 1)


def at(day: str, hour: str = "09:00") -> datetime:
    """Local time in the city: at("2026-11-23", "14:00") is a Monday."""
    return datetime.fromisoformat(f"{day}T{hour}:00").replace(tzinfo=ZONE)


MONDAY = at("2026-11-23", "09:00")


class Guesses:
    """Stands in for the understander: the light, then the rubbish."""

    def understand(self, text: str) -> Understanding:
        return Understanding("ask", (Match("LAMPU", 80.0), Match("SAMPAH", 40.0)), None)


def _category(code: str, hours: int, owner: str, **more: Any) -> Category:
    given = {"name": code.capitalize(), "name_en": f"{code.capitalize()} (en)", "group": "umum", "phrases": (code,)}
    return Category(code=code, hours=hours, owners=(Owner(owner, LONG_AGO),), **{**given, **more})


def a_city(**policy: Any) -> City:
    agencies = [
        Agency("DISHUB", "Dinas Perhubungan", "Dishub", "opd", "Kepala Dinas Perhubungan"),
        Agency("DLH", "Dinas Lingkungan Hidup", "DLH", "opd", "Kepala Dinas Lingkungan Hidup"),
        Agency("DINSOS", "Dinas Sosial", "Dinsos", "opd"),
        Agency("DISKOMINFO", "Dinas Komunikasi dan Informatika", "Diskominfo", "opd"),
        Agency("PLN", "PT PLN (Persero)", "PLN", "external"),
    ]
    categories = [
        _category("LAMPU", 48, "DISHUB", proof="photo"),
        _category("SAMPAH", 24, "DLH"),
        _category("LAYANAN", 72, "DINSOS", proof="reason"),
        _category("KABEL", 24, "DISHUB", round_the_clock=True),
    ]
    return City(
        slug="contoh",
        name="Kota Contoh",
        prefix="CTH",
        zone=ZONE,
        zone_name="WIB",
        languages=("id", "en"),
        catalogue=build(agencies, categories, [("umum", "Umum", "General")], triage="DISKOMINFO", fallback="LAYANAN"),
        places=Places(
            [Kelurahan("3275.01", "Jatiasih", "Jatiasih", "17423", -6.29, 106.96)], Box(-6.5, -6.1, 106.8, 107.1)
        ),
        understander=Guesses(),
        policy=Policy(**policy),
        triage="DISKOMINFO",
    )


CITY = a_city()


def a_ticket(status: Status = Status.ASSIGNED, *, opened: datetime = MONDAY, **more: Any) -> Ticket:
    """A light that is out, reported on Monday at nine, in the given state with what that state brings."""
    category = more.get("category", "LAMPU")
    due = sla.promise(CITY.catalogue.category(category).hours, opened, CITY.policy)
    given: dict[str, Any] = {
        "id": 7,
        "number": "CTH-26-000123-3",
        "status": status,
        "category": category,
        "agency": "DISKOMINFO" if status is Status.NEW else "DISHUB",
        "text": "Lampu jalan mati depan SDN 3",
        "opened_at": opened,
        "acknowledge_due": due.acknowledge,
        "resolve_due": due.resolve,
        "reporter": 11,
        "conversation": 21,
        "kelurahan": "3275.01",
        "lat": -6.29,
        "lon": 106.96,
        "since": opened,
        "assigned_at": opened,
        "cycle_started_at": opened,
    }
    return Ticket(**{**given, **_brought(status, opened), **more})


def _brought(status: Status, opened: datetime) -> dict[str, Any]:
    hour = timedelta(hours=1)
    if status in (Status.NEW, Status.ASSIGNED):
        return {}
    held = {"officer": 5, "officer_name": "Bu Rina", "acknowledged_at": opened + hour, "since": opened + hour}
    working = {**held, "started_at": opened + 2 * hour, "since": opened + 2 * hour}
    resolved = {**working, "resolved_at": opened + 5 * hour, "since": opened + 5 * hour}
    return {
        Status.ACKNOWLEDGED: held,
        Status.IN_PROGRESS: working,
        Status.SCHEDULED: {**working, "scheduled_for": at("2026-11-26", "08:00")},
        Status.WAITING_CITIZEN: {**working, "waiting_since": opened + 2 * hour, "questions": 1, "last_note": "Tiang?"},
        Status.WAITING_EXTERNAL: {**working, "external": "PLN"},
        Status.RESOLVED: resolved,
        Status.REOPEN_REQUESTED: {**resolved, "reopenings": 1, "since": opened + 6 * hour, "citizen_note": "gelap"},
        Status.CLOSED: {
            **resolved, "outcome": Outcome.CONFIRMED, "closed_at": opened + 6 * hour, "since": opened + 6 * hour,
        },
    }[status]  # fmt: skip


RINA = Actor(Role.OFFICER, 5, "Bu Rina", "DISHUB")
BUDI = Actor(Role.OFFICER, 6, "Pak Budi", "DISHUB")
BOSS = Actor(Role.SUPERVISOR, 8, "Pak Kabid", "DISHUB")
DESK = Actor(Role.OFFICER, 9, "Meja", "DISKOMINFO")
OPS = Actor(Role.OPS, 10, "Pusat operasi")
REPORTER = Actor(Role.CITIZEN, 11)
FOLLOWER = Actor(Role.CITIZEN, 12)

ENOUGH = Details(
    note="Sudah kami kerjakan kemarin",
    agency="DLH",
    day=date(2026, 11, 27),
    media=1,
    outcome=Outcome.INVALID,
    master=99,
    master_number="CTH-26-000099-1",
)


def words(text: Text, locale: str = "id") -> str:
    """A text as a person reads it."""
    return shipped().render(text, locale, ZONE, "WIB")
