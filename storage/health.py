"""What `sahut doctor` wants to know of a database; everything is read on a read-only connection."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from msgspec import Struct

from storage import schema, sole
from storage.tables import (
    agency_chat,
    conversation,
    dead_letter,
    inbox_event,
    inbox_quarantine,
    instance,
    officer,
    officer_chat,
    outbox_message,
    reminder,
    template_status,
    ticket,
)


class Engine(Struct, frozen=True):
    """The database program. problems: what makes it lose or damage data; warnings: what an operator should know."""

    name: str
    problems: tuple[tuple[str, str], ...] = ()  # (what, what to do)
    warnings: tuple[tuple[str, str], ...] = ()


class Work(Struct, frozen=True):
    """What waits, since when, and what was given up."""

    oldest_event: datetime | None
    oldest_message: datetime | None
    oldest_reminder: datetime | None
    newest_event: datetime | None
    dead_letters: int
    open_tickets: int
    clock_ahead_s: int
    mode: str
    quarantined: int = 0
    newest_quarantined: datetime | None = None


class Binding(Struct, frozen=True):
    agency: str
    role: str
    channel: str
    reachable: bool


class Telling(Struct, frozen=True):
    """held: messages that wait until their people write again. unheard: finished reports among them, or undelivered.
    templates: those that may not be sent, with their status."""

    held: int
    unheard: int
    templates: tuple[str, ...] = ()


def sqlite_advice() -> tuple[tuple[str, str], ...]:
    """Warnings about the SQLite that Python brought along."""
    if not sole.affected(sole.present()):
        return ()
    return (
        (
            f"SQLite {sqlite3.sqlite_version} can damage a file that two processes write at the same moment"
            " (WAL-reset fault, 3.7.0 to 3.51.2)",
            "Sahut lets one process write, which keeps clear of it. Never open the file for writing with another"
            " program while Sahut runs; a Python with SQLite 3.51.3 or newer, or PostgreSQL, ends the matter",
        ),
    )


def engine(connection: sa.Connection) -> Engine:
    if connection.dialect.name == "sqlite":
        return _sqlite(connection)
    return _postgres(connection)


def _sqlite(connection: sa.Connection) -> Engine:
    mode = str(connection.exec_driver_sql("PRAGMA journal_mode").scalar())
    warnings = sqlite_advice()
    if mode != "wal":
        warnings += ((f"the journal mode is {mode}, not wal", "Sahut sets it at its next start"),)
    return Engine(f"SQLite {sqlite3.sqlite_version}, one durable commit per group (synchronous=FULL)", (), warnings)


_SAFE = {"fsync": ("on",), "full_page_writes": ("on",), "synchronous_commit": ("on", "remote_write", "remote_apply")}


def _postgres(connection: sa.Connection) -> Engine:
    version = int(_show(connection, "server_version_num"))
    problems: list[tuple[str, str]] = []
    if version < 150000:
        problems.append((f"PostgreSQL {version // 10000} is too old", "Install PostgreSQL 15 or newer"))
    for setting, safe in _SAFE.items():
        value = _show(connection, setting)
        if value not in safe:
            problems.append(
                (
                    f"{setting} is {value}: after a power cut, messages that were acknowledged may be gone",
                    f"Set {setting} = on in postgresql.conf and reload",
                )
            )
    if connection.scalar(sa.text("select pg_is_in_recovery()")):
        problems.append(("this is a replica, which cannot be written", "Point DATABASE_URL at the primary"))
    return Engine(f"PostgreSQL {_show(connection, 'server_version').split()[0]}", tuple(problems))


def _show(connection: sa.Connection, setting: str) -> str:
    return str(connection.scalar(sa.text("select current_setting(:setting)"), {"setting": setting}))


def revision(connection: sa.Connection) -> tuple[str, str]:
    """(the schema's revision, the one this program expects)."""
    return schema.revision(connection), schema.newest()


def may_make_tables(connection: sa.Connection) -> bool:
    """Whether the user of DATABASE_URL may bring the schema up to date; elsewhere for SQLite."""
    if connection.dialect.name == "sqlite":
        return True
    asked = "select coalesce(has_schema_privilege(current_schema(), 'create'), false)"
    return bool(connection.scalar(sa.text(asked)))


def work(connection: sa.Connection) -> Work:
    def one(query: Any) -> Any:
        return connection.scalar(query)

    home = connection.execute(sa.select(instance.c.clock_offset_s, instance.c.mode)).first()
    events, messages = inbox_event.c, outbox_message.c
    return Work(
        oldest_event=one(sa.select(sa.func.min(events.next_at)).where(events.state == "new")),
        oldest_message=one(sa.select(sa.func.min(messages.next_at)).where(messages.state == "queued")),
        oldest_reminder=one(sa.select(sa.func.min(reminder.c.due_at)).where(reminder.c.state == "pending")),
        newest_event=one(sa.select(events.received_at).order_by(events.id.desc()).limit(1)),
        dead_letters=int(one(sa.select(sa.func.count()).where(dead_letter.c.resolved_at.is_(None))) or 0),
        open_tickets=int(one(sa.select(sa.func.count()).where(ticket.c.status != "closed")) or 0),
        clock_ahead_s=int(home.clock_offset_s) if home else 0,
        mode=str(home.mode) if home else "",
        quarantined=int(one(sa.select(sa.func.count()).select_from(inbox_quarantine)) or 0),
        newest_quarantined=one(sa.select(sa.func.max(inbox_quarantine.c.received_at))),
    )


def telling(connection: sa.Connection) -> Telling:
    """What citizens were not told yet, and which templates cannot be used."""
    messages, t = outbox_message.c, ticket.c
    news = messages.state == "held", messages.ticket_id.is_not(None)
    held = connection.scalar(sa.select(sa.func.count()).where(*news))
    waiting = sa.select(t.id).join(
        outbox_message, (messages.ticket_id == t.id) & (messages.conversation_id == t.conversation)
    )
    lost = waiting.where(t.status.in_(("resolved", "closed")), messages.state.in_(("held", "failed"))).distinct()
    unheard = connection.scalar(sa.select(sa.func.count()).select_from(lost.subquery()))
    bad = connection.execute(
        sa.select(template_status.c.name, template_status.c.language, template_status.c.status)
        .where(template_status.c.status != "APPROVED")
        .order_by(template_status.c.name)
    )
    return Telling(int(held or 0), int(unheard or 0), tuple(f"{b.name} ({b.language}): {b.status}" for b in bad))


def bindings(connection: sa.Connection) -> list[Binding]:
    rows = connection.execute(
        sa.select(agency_chat.c.agency, agency_chat.c.role, conversation.c.channel, conversation.c.reachable)
        .join(conversation, conversation.c.id == agency_chat.c.conversation_id)
        .order_by(agency_chat.c.agency, agency_chat.c.role)
    )
    seats = connection.execute(
        sa.select(officer.c.agency, conversation.c.channel, conversation.c.reachable)
        .join(officer_chat, officer_chat.c.officer_id == officer.c.id)
        .join(conversation, conversation.c.id == officer_chat.c.conversation_id)
        .where(officer.c.state == "active", officer_chat.c.on_duty)
    )
    found = [Binding(row.agency, row.role, row.channel, row.reachable == "ok") for row in rows]
    return found + [Binding(row.agency, "officer", row.channel, row.reachable == "ok") for row in seats]
