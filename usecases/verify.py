"""The promises of docs/delivery.md as named checks: what must hold in every database, at any moment.

Storage brings the evidence, one question each; here stands what is asked, how grave an answer is and what
to do about it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from msgspec import Struct

from tickets.city import City
from tickets.number import find_number


class Found(Struct, frozen=True):
    """What speaks against a promise: how many, and a few of them by name."""

    count: int = 0
    examples: tuple[str, ...] = ()


NOTHING = Found()


class Evidence(Protocol):
    """Answers to the questions below; storage implements it."""

    def file_damaged(self) -> Found: ...
    def events_doubled(self) -> Found: ...
    def tickets_without_source(self) -> Found: ...
    def tickets_not_confirmed_once(self) -> Found: ...
    def numbers(self) -> Iterator[str]:
        """All ticket numbers, in alphabetical order."""

    def numbers_promised(self) -> dict[str, int]:
        """For each city and year ("BKS:2026") the next number to be given."""

    def stuck(self) -> Found: ...
    def reminders_after_the_end(self) -> Found: ...
    def must_rows_unaccounted(self) -> Found: ...
    def dead_without_letter(self) -> Found: ...
    def histories_broken(self) -> Found: ...
    def orphans(self) -> Found: ...
    def files_missing(self) -> Found: ...
    def files_left_over(self) -> Found: ...
    def waiting_long(self) -> Found: ...
    def held(self) -> Found: ...
    def dead_letters(self) -> Found: ...
    def quarantined(self) -> Found: ...
    def agencies_unreachable(self, triage: str) -> Found: ...


class Check(Struct, frozen=True):
    """One promise. says: the promise; grave: a breach means that something was lost or doubled."""

    name: str
    says: str
    advice: str
    ask: Callable[[Evidence, City], Found]
    grave: bool = True


class Result(Struct, frozen=True):
    check: Check
    found: Found

    @property
    def fine(self) -> bool:
        return self.found.count == 0


def verify(evidence: Evidence, city: City) -> Iterator[Result]:
    """Ask everything, in the order of CHECKS."""
    for check in CHECKS:
        yield Result(check, check.ask(evidence, city))


def numbers_wrong(evidence: Evidence, city: City) -> Found:
    """Missing, malformed, with a wrong check digit, doubled, or handed out without being counted."""
    promised = evidence.numbers_promised()
    wrong: list[str] = []
    count, before = 0, None
    for number in evidence.numbers():
        if number == before or find_number(number, city.prefix) != number or not _counted(number, promised):
            count += 1
            if len(wrong) < EXAMPLES:
                wrong.append(number or "(empty)")
        before = number
    return Found(count, tuple(wrong))


def _counted(number: str, promised: dict[str, int]) -> bool:
    """Is the next free number of its city and year above this one?"""
    prefix, short, running, _ = number.rsplit("-", 3)
    return int(running) < promised.get(f"{prefix}:20{short}", 0)


EXAMPLES = 5
_BACKUP = "Stop Sahut, copy the data folder, and compare with the last backup before anything else is written."
_RUNNING = "If Sahut is not running, start it; if it is, look into its log for the ids named here."
_REPORT = "Send the ids named here with the log of that time to the people who look after Sahut."

CHECKS: Sequence[Check] = (
    Check("file", "The database file is sound", _BACKUP, lambda e, _: e.file_damaged()),
    Check("events-once", "Every event was taken in once", _REPORT, lambda e, _: e.events_doubled()),
    Check(
        "ticket-source",
        "Every ticket comes from exactly one message of its reporter",
        _REPORT,
        lambda e, _: e.tickets_without_source(),
    ),
    Check(
        "ticket-confirmed",
        "Every ticket was confirmed to its reporter, once",
        _REPORT,
        lambda e, _: e.tickets_not_confirmed_once(),
    ),
    Check("ticket-numbers", "Every ticket has its own valid number", _REPORT, numbers_wrong),
    Check("not-stuck", "Nothing waits longer than it should", _RUNNING, lambda e, _: e.stuck()),
    Check(
        "quiet-after-end", "No reminder waits for a closed ticket", _REPORT, lambda e, _: e.reminders_after_the_end()
    ),
    Check(
        "must-accounted",
        "Every message that must arrive is sent, waits, or says why not",
        _REPORT,
        lambda e, _: e.must_rows_unaccounted(),
    ),
    Check(
        "dead-accounted", "Whatever was given up is in the dead letters", _REPORT, lambda e, _: e.dead_without_letter()
    ),
    Check(
        "history",
        "Every ticket's history is whole, unchanged and ends in its status",
        _BACKUP,
        lambda e, _: e.histories_broken(),
    ),
    Check("references", "Everything referred to is there", _BACKUP, lambda e, _: e.orphans()),
    Check(
        "media",
        "Every stored photo or recording has its file",
        "Bring DATA_DIR/media back from the backup.",
        lambda e, _: e.files_missing(),
    ),
    Check(
        "media-left-over",
        "No file lies around without a row",
        "They do no harm; a day after an interrupted upload they may be removed.",
        lambda e, _: e.files_left_over(),
        grave=False,
    ),
    Check(
        "waiting",
        "No due message waits longer than a quarter of an hour",
        "Is the platform reachable, and is Sahut running? `sahut doctor` tells.",
        lambda e, _: e.waiting_long(),
        grave=False,
    ),
    Check(
        "held",
        "Nobody waits for news because WhatsApp's window is shut",
        "Have the templates approved (`sahut templates --check`); /belumtahu lists finished reports among them.",
        lambda e, _: e.held(),
        grave=False,
    ),
    Check(
        "dead-letters",
        "No dead letter waits for a person",
        "Look at the reasons, answer the citizens by hand where needed.",
        lambda e, _: e.dead_letters(),
        grave=False,
    ),
    Check(
        "quarantine",
        "No event lies in quarantine, unread",
        "A message may be in it: `select id, received_at, reason from inbox_quarantine`, see the runbook.",
        lambda e, _: e.quarantined(),
        grave=False,
    ),
    Check(
        "groups",
        "Every office with open tickets has a group that can be reached",
        "Make a code with `sahut invite OPD` and write /hubungkan CODE in its group.",
        lambda e, city: e.agencies_unreachable(city.triage),
        grave=False,
    ),
)
